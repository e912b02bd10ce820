"""A cross-encoder that reads question and passage together: off unless the user names one.

It costs one run of a model for each passage, and loads torch; the built-in ranking needs neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indexer.embedding.hub import first_line, load_from_hub
from indexer.errors import YinjuError
from indexer.messages import message

from .linear import softmax
from .windows import RankedPassage

# A question and passages to one logit each, shape (passages,): higher is a better answer.
Rerank = Callable[[str, Sequence[str]], NDArray[np.float64]]


def open_reranker(name: str) -> Rerank:
    """Load a cross-encoder of sentence-transformers: a folder, or a name on the hub.

    Raises:
        YinjuError: the model does not load, or does not give one number for a pair.
    """
    from sentence_transformers import CrossEncoder
    from torch import nn

    model = load_from_hub(CrossEncoder, name, message("mend.no_reranker"))

    def rerank(question: str, passages: Sequence[str]) -> NDArray[np.float64]:
        pairs = [(question, passage) for passage in passages]
        logits = model.predict(pairs, activation_fn=nn.Identity(), show_progress_bar=False)
        return np.asarray(logits, dtype=np.float64).reshape(len(passages))

    try:
        rerank("问", ["答"])
    # Catch everything: a model that is no cross-encoder may raise anything.
    except Exception as error:
        reason = first_line(error)
        raise YinjuError("model.does_not_rank", name=name, reason=reason) from error
    return rerank


def rank_by_cross_encoder(
    question: str, passages: Sequence[RankedPassage], rerank: Rerank
) -> list[RankedPassage]:
    """Rank passages by the probability that the cross-encoder gives each."""
    if not passages:
        return []
    texts = ["\n".join((*p.passage.headings, p.passage.header, p.passage.text)) for p in passages]
    shares = softmax(rerank(question, [text.strip() for text in texts]))
    ranked = [replace(p, probability=s) for p, s in zip(passages, shares.tolist(), strict=True)]
    return sorted(ranked, key=lambda p: (-p.probability, p.passage.id))
