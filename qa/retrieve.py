"""Question to ranked passages: BM25 and the best window's cosine, fused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.fold import fold
from indexer.segment import question_terms
from indexer.snapshot import Snapshot

from .settings import DEFAULTS, Fusion
from .types import Passage, Window


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
    cosines: of all windows of the candidates, by window id.
    """

    candidates: tuple[Candidate, ...]
    lists: tuple[ListCandidate, ...]
    trust: float
    cosines: Mapping[int, float]


def retrieve(
    snapshot: Snapshot,
    question: str,
    vector: NDArray[np.float32],
    documents: frozenset[int] | None = None,
    *,
    exclude: frozenset[int] = frozenset(),
    fusion: Fusion = DEFAULTS.fusion,
) -> Retrieved:
    """Ranks the passages of a snapshot for a question.

    The candidates are the union of what either side names, and each side scores all of them.

    Args:
        vector: the question's unit vector, shape (dim,).
        documents: only these, by id; None is all.
        exclude: not these, by id: all is ranked, scaled and trusted as if they were not in the
            index. Only a word's rarity (idf) still counts their passages.
    """
    bag = question_terms(question)
    lexical, near = _nearest(snapshot, bag, vector, fusion.candidates, exclude)
    named = snapshot.catalogue.windows(near)
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
    best_lexical = max(lexical.values(), default=0.0)
    trust = trust_in_words(best_lexical, snapshot.lexical.bound(bag), fusion.support)
    fused = fuse({i: lexical.get(i, 0.0) for i in ids}, dense, fusion.alpha * trust)
    ranked = sorted(ids, key=lambda i: (-fused[i], i))
    return Retrieved(
        tuple(
            Candidate(passages[i], fused[i], lexical.get(i, 0.0), dense[i], best[i][1])
            for i in ranked
        ),
        tuple(sorted(lists, key=lambda one: (-one.dense, one.window.id))),
        trust,
        dict(zip((w.id for w in windows), cosines.tolist(), strict=True)),
    )


def _nearest(
    snapshot: Snapshot,
    bag: Sequence[str],
    vector: NDArray[np.float32],
    count: int,
    exclude: frozenset[int],
) -> tuple[dict[int, float], list[int]]:
    """(passage -> BM25 score, windows): the best `count` of either side outside `exclude`."""
    if not exclude:
        return snapshot.lexical.search(bag, count), list(snapshot.vectors.search(vector, count))
    passages = set(snapshot.catalogue.passages_of(exclude))
    windows = {window.id for window in snapshot.catalogue.windows_of(list(passages))}
    # So many more are asked for as may have to be dropped.
    lexical = snapshot.lexical.search(bag, count + len(passages))
    near = snapshot.vectors.search(vector, count + len(windows))
    kept = [(i, score) for i, score in lexical.items() if i not in passages]
    return dict(kept[:count]), [i for i in near if i not in windows][:count]


def trust_in_words(best: float, bound: float, support: float = DEFAULTS.fusion.support) -> float:
    """0 where no passage shares a word with the question, 1 where the best reaches `support`.

    Args:
        best: the best BM25 score. bound: what no score can exceed. support: see `Fusion`.
    """
    return min(1.0, best / bound / support) if bound > 0 else 0.0


def fuse(
    lexical: Mapping[int, float],
    dense: Mapping[int, float],
    alpha: float = DEFAULTS.fusion.alpha,
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
