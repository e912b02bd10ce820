"""Question to ranked passages: BM25 and the best window's cosine, fused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.fold import fold
from indexer.segment import question_terms
from indexer.snapshot import Snapshot

from .types import Passage, Window

# How many candidates each side names. The right paragraph of CMRC and DRCD is among the first 100
# of either side in all but 0.1 % of questions.
CANDIDATES = 100
# The lexical share of the fused score; 0.5 is best or within noise on CMRC and DRCD (design.md).
ALPHA = 0.5
# Where the best passage reaches less than this share of the most that BM25 could give, question and
# report share few words, and words count for less. Below it are 23 of 24 paraphrase questions of
# the gold sets, and about one in ten of all others.
SUPPORT = 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with raw and fused scores. window: the one with the best cosine."""

    passage: Passage
    score: float
    lexical: float
    dense: float
    window: Window


@dataclass(frozen=True, slots=True)
class ListCandidate:
    """A list's window and its cosine to the question."""

    window: Window
    dense: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Candidates, best first, and the lists whose own window came near.

    trust: 0..1, how far the question's words can be relied on to find its answer.
    """

    candidates: tuple[Candidate, ...]
    lists: tuple[ListCandidate, ...]
    trust: float


def retrieve(
    snapshot: Snapshot,
    question: str,
    vector: NDArray[np.float32],
    documents: frozenset[int] | None = None,
    candidates: int = CANDIDATES,
) -> Retrieved:
    """Ranks the passages of a snapshot for a question.

    The candidates are the union of what either side names, and each side scores all of them.

    Args:
        vector: the question's unit vector, shape (dim,).
        documents: only these, by id; None is all.
        candidates: how many each side names.
    """
    bag = question_terms(question)
    lexical = snapshot.lexical.search(bag, candidates)
    near = snapshot.vectors.search(vector, candidates)
    named = snapshot.catalogue.windows(list(near))
    ids = sorted({*lexical, *(window.passage for window in named.values())})
    passages = snapshot.catalogue.passages(ids)
    if documents is not None:
        passages = {i: p for i, p in passages.items() if p.document in documents}
    ids = list(passages)
    lexical |= snapshot.lexical.score(bag, [i for i in ids if i not in lexical])
    windows = snapshot.catalogue.windows_of(ids)
    cosines = snapshot.vectors.rows([w.id for w in windows]) @ vector if windows else np.empty(0)
    best: dict[int, tuple[float, Window]] = {}
    lists = []
    for window, cosine in zip(windows, cosines.tolist(), strict=True):
        if window.kind == "list":
            lists.append(ListCandidate(window, cosine))
        elif window.passage not in best or cosine > best[window.passage][0]:
            best[window.passage] = (cosine, window)
    dense = {i: best[i][0] for i in ids}
    trust = trust_in_words(max(lexical.values(), default=0.0), snapshot.lexical.bound(bag))
    fused = fuse({i: lexical.get(i, 0.0) for i in ids}, dense, ALPHA * trust)
    ranked = sorted(ids, key=lambda i: (-fused[i], i))
    return Retrieved(
        tuple(
            Candidate(passages[i], fused[i], lexical.get(i, 0.0), dense[i], best[i][1])
            for i in ranked
        ),
        tuple(sorted(lists, key=lambda one: (-one.dense, one.window.id))),
        trust,
    )


def trust_in_words(best: float, bound: float) -> float:
    """0 where no passage shares a word with the question, 1 where the best reaches SUPPORT.

    Args:
        best: the best BM25 score. bound: what no score can exceed.
    """
    return min(1.0, best / bound / SUPPORT) if bound > 0 else 0.0


def fuse(
    lexical: Mapping[int, float], dense: Mapping[int, float], alpha: float = ALPHA
) -> dict[int, float]:
    """Convex combination of two scores, each min-max normalised over the candidates.

    Args:
        alpha: the share of the lexical score.

    Bruch, Gai, Ingber (2023), An Analysis of Fusion Functions for Hybrid Retrieval.
    """
    a, b = min_max(list(lexical.values())), min_max(list(dense.values()))
    return {i: alpha * x + (1 - alpha) * y for i, x, y in zip(lexical, a, b, strict=True)}


def min_max(values: Sequence[float]) -> list[float]:
    """Scales values to 0..1; equal values all become 1, a score that tells nothing apart."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [(v - low) / (high - low) if high > low else 1.0 for v in values]


def question_text(question: str) -> str:
    """What the encoder reads of a question."""
    return fold(question)
