"""First stage of ranking: passages by BM25 and by the cosine of their best window, fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.store.membership import Ids, Membership
from indexer.store.snapshot import Snapshot
from qa.question import Question
from qa.settings import DEFAULTS, Fusion

# How many passages the lexical search returns with their scores.
_LEXICAL_DEPTH = 1000
_NO_IDS: Ids = np.empty(0, dtype=np.int64)


class Candidate(NamedTuple):
    """A passage with its scores.

    A tuple, since a question makes hundreds of them and a tuple takes half the time.
    """

    passage: int
    """The id of the passage."""
    document: int
    """The id of its document."""
    score: float
    """The fused score, 0..1."""
    lexical: float
    """The BM25 score."""
    dense: float
    """The cosine of its best window."""
    window: int
    """The id of that window."""


class ListCandidate(NamedTuple):
    """A list whose window is near the question."""

    window: int
    """The id of the window."""
    dense: float
    """The cosine of the window."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages and lists that may answer a question."""

    candidates: tuple[Candidate, ...]
    """Passages, best first."""
    lists: tuple[ListCandidate, ...]
    """Lists whose own window is near the question, nearest first."""
    trust: float
    """How far the words of the question can be relied on to find its answer, 0..1."""
    bound: float
    """The BM25 score that no passage can exceed."""
    vector: NDArray[np.float32]
    """The vector of the question, shape (dim,)."""


def retrieve(
    snapshot: Snapshot,
    question: Question,
    vector: NDArray[np.float32],
    documents: frozenset[int] | None = None,
    *,
    exclude: frozenset[int] = frozenset(),
    hidden: Ids = _NO_IDS,
    fusion: Fusion = DEFAULTS.fusion,
) -> Retrieved:
    """Rank the passages of a snapshot for a question.

    The candidates are the best passages of the lexical and of the dense search; both score all of
    them.

    Args:
        vector: the question's unit vector, shape (dim,).
        documents: the ids of the documents to search; None is all.
        exclude: the ids of documents to leave out. Ranking, scaling and trust are as if they were
            not in the index; only the rarity of a word (idf) still counts their passages.
        hidden: the ids of further passages to leave out.
    """
    membership = snapshot.membership
    bag = question.search_terms
    hidden = np.union1d(hidden, _find_hidden(membership, documents, exclude))
    # A synonym counts as much as a word of two characters, which is a word and a pair.
    looked_up = bag + 2 * question.search_synonyms
    lexical = _search_lexical(snapshot, looked_up, hidden)
    nearest = snapshot.vectors.search(vector, fusion.candidates, membership.windows_of(hidden))
    first = list(lexical)[: fusion.candidates]
    ids = np.union1d(np.array(first, dtype=np.int64), membership.passage_of[list(nearest)])
    # A full result may lack passages that the dense search found: score those by id.
    if len(lexical) >= _LEXICAL_DEPTH:
        lexical |= snapshot.lexical.score(looked_up, [i for i in ids.tolist() if i not in lexical])
    lexical_scores = np.array([lexical.get(i, 0.0) for i in ids.tolist()])
    windows = membership.windows_of(ids)
    cosines = snapshot.vectors.cosines(windows, vector)
    is_list = membership.is_list[windows]
    texts, text_cosines = windows[~is_list], cosines[~is_list]
    best = find_best_windows(membership.passage_of[texts], text_cosines)
    dense = text_cosines[best]
    best_lexical, bound = float(lexical_scores.max(initial=0.0)), snapshot.lexical.upper_bound(bag)
    trust = measure_trust(best_lexical, bound, fusion.support)
    fused = fuse(lexical_scores, dense, fusion.alpha * trust)
    order = np.lexsort((ids, -fused))
    columns = (ids, membership.document_of[ids], fused, lexical_scores, dense, texts[best])
    candidates = map(Candidate, *(column[order].tolist() for column in columns))
    lists = map(ListCandidate, windows[is_list].tolist(), cosines[is_list].tolist())
    return Retrieved(
        tuple(candidates),
        tuple(sorted(lists, key=lambda found: (-found.dense, found.window))),
        trust,
        bound,
        vector,
    )


def _find_hidden(
    membership: Membership, documents: frozenset[int] | None, exclude: frozenset[int]
) -> Ids:
    """Return the ids of the passages to leave out."""
    if documents is None and not exclude:
        return np.empty(0, dtype=np.int64)
    hidden = np.isin(membership.document_of, list(exclude))
    if documents is not None:
        hidden |= ~np.isin(membership.document_of, list(documents))
    return np.flatnonzero(hidden)


def _search_lexical(snapshot: Snapshot, bag: Sequence[str], hidden: Ids) -> dict[int, float]:
    """Return the BM25 scores of the best passages that are not hidden, best first.

    Search deep, so that the result mostly includes what only the dense search finds: scoring those
    passages by id takes longer.
    """
    found = snapshot.lexical.search(bag, _LEXICAL_DEPTH + len(hidden))
    for passage in hidden.tolist():
        found.pop(passage, None)
    return found


def find_best_windows(passages: Ids, cosines: NDArray[np.float32]) -> Ids:
    """Return the index of the best window of each passage, the first of equal ones.

    Args:
        passages: the passage of each window, ascending, shape (windows,).
        cosines: the cosine of each window, shape (windows,).

    Returns:
        Indices into both arrays, shape (passages,).
    """
    order = np.lexsort((np.arange(len(passages)), -cosines, passages))
    _, first = np.unique(passages[order], return_index=True)
    best: Ids = order[first]
    return best


def measure_trust(best: float, bound: float, support: float = DEFAULTS.fusion.support) -> float:
    """Return how far the question's words can be relied on: 0 if no passage has one of them, 1 if
    the best passage reaches the share `support` of the bound.

    Args:
        best: the best BM25 score.
        bound: the BM25 score that no passage can exceed.
        support: see `Fusion`.
    """
    return min(1.0, best / bound / support) if bound > 0 else 0.0


def fuse(
    lexical: NDArray[np.float64],
    dense: NDArray[np.float32],
    alpha: float = DEFAULTS.fusion.alpha,
) -> NDArray[np.float64]:
    """Return the convex combination of two scores, each min-max normalised over the candidates.

    Bruch, Gai, Ingber (2023), An Analysis of Fusion Functions for Hybrid Retrieval.

    Args:
        lexical: the BM25 scores, shape (n,).
        dense: the cosines, shape (n,).
        alpha: the share of the lexical score, 0..1.

    Returns:
        The fused scores, 0..1, shape (n,).
    """
    return alpha * min_max(lexical) + (1 - alpha) * min_max(dense.astype(np.float64))


def min_max(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale values to 0..1, shape (n,). Equal values all become 1: they distinguish nothing."""
    low, high = values.min(initial=np.inf), values.max(initial=-np.inf)
    scaled: NDArray[np.float64] = (
        (values - low) / (high - low) if high > low else np.ones_like(values)
    )
    return scaled
