"""A cross-encoder that reads question and passage together: off unless one is named.

It takes the time of a model's run a passage and loads torch; the built-in ranking takes neither.
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
from .windows import Appraisal

# A question and passages to one logit each, shape (passages,): higher is a better answer.
Rerank = Callable[[str, Sequence[str]], NDArray[np.float64]]


def open_reranker(name: str) -> Rerank:
    """Loads a cross-encoder of sentence-transformers: a folder, or a name on the hub.

    Raises:
        YinjuError: it does not load, or gives more than one number for a pair.
    """
    from sentence_transformers import CrossEncoder
    from torch import nn

    model = load_from_hub(CrossEncoder, name, message("mend.no_reranker"))

    def rerank(question: str, passages: Sequence[str]) -> NDArray[np.float64]:
        pairs = [(question, passage) for passage in passages]
        told = model.predict(pairs, activation_fn=nn.Identity(), show_progress_bar=False)
        return np.asarray(told, dtype=np.float64).reshape(len(passages))

    try:
        rerank("问", ["答"])
    # Whatever a foreign model may raise: it is none that ranks.
    except Exception as error:
        reason = first_line(error)
        raise YinjuError("model.does_not_rank", name=name, reason=reason) from error
    return rerank


def reranked(question: str, looked: Sequence[Appraisal], rerank: Rerank) -> list[Appraisal]:
    """Ranks appraised passages by what the cross-encoder says of them, each with its chance."""
    if not looked:
        return []
    texts = ["\n".join((*a.passage.headings, a.passage.header, a.passage.text)) for a in looked]
    chances = softmax(rerank(question, [text.strip() for text in texts]))
    ranked = [replace(a, chance=c) for a, c in zip(looked, chances.tolist(), strict=True)]
    return sorted(ranked, key=lambda a: (-a.chance, a.passage.id))
