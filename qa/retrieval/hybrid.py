"""Question to ranked passages: BM25 and the best window's cosine, fused."""

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

# How many passages are scored by their words at once.
_SCORED = 1000


class Candidate(NamedTuple):
    """A passage with raw and fused scores. window: the one with the best cosine. All by id.

    A tuple, since a question makes hundreds of them, in half the time.
    """

    passage: int
    document: int
    score: float
    lexical: float
    dense: float
    window: int


class ListCandidate(NamedTuple):
    """A list's window, by id, and its cosine to the question."""

    window: int
    dense: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Candidates, best first, and the lists whose own window came near.

    trust: 0..1, how far the question's words can be relied on to find its answer. bound: what no
    passage's BM25 can exceed. vector: the question's, shape (dim,).
    """

    candidates: tuple[Candidate, ...]
    lists: tuple[ListCandidate, ...]
    trust: float
    bound: float
    vector: NDArray[np.float32]


def retrieve(
    snapshot: Snapshot,
    question: Question,
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
    membership = snapshot.membership
    bag = question.search_terms
    hidden = _hidden(membership, documents, exclude)
    # A synonym counts as much as a word of two characters, which is a word and a pair.
    looked_up = bag + 2 * question.search_synonyms
    lexical = _lexical_scores(snapshot, looked_up, hidden)
    nearest = snapshot.vectors.search(vector, fusion.candidates, membership.windows_of(hidden))
    first = list(lexical)[: fusion.candidates]
    ids = np.union1d(np.array(first, dtype=np.int64), membership.passage_of[list(nearest)])
    if len(lexical) >= _SCORED:  # others, that hold fewer of the words, may be among them
        lexical |= snapshot.lexical.score(looked_up, [i for i in ids.tolist() if i not in lexical])
    words = np.array([lexical.get(i, 0.0) for i in ids.tolist()])
    windows = membership.windows_of(ids)
    cosines = snapshot.vectors.cosines(windows, vector)
    is_list = membership.is_list[windows]
    texts, near = windows[~is_list], cosines[~is_list]
    best = best_windows(membership.passage_of[texts], near)
    dense = near[best]
    best_words, bound = float(words.max(initial=0.0)), snapshot.lexical.upper_bound(bag)
    trust = trust_in_words(best_words, bound, fusion.support)
    fused = fuse(words, dense, fusion.alpha * trust)
    order = np.lexsort((ids, -fused))
    columns = (ids, membership.document_of[ids], fused, words, dense, texts[best])
    candidates = map(Candidate, *(column[order].tolist() for column in columns))
    lists = map(ListCandidate, windows[is_list].tolist(), cosines[is_list].tolist())
    return Retrieved(
        tuple(candidates),
        tuple(sorted(lists, key=lambda one: (-one.dense, one.window))),
        trust,
        bound,
        vector,
    )


def _hidden(
    membership: Membership, documents: frozenset[int] | None, exclude: frozenset[int]
) -> Ids:
    """The passages that are to be left out."""
    if documents is None and not exclude:
        return np.empty(0, dtype=np.int64)
    hidden = np.isin(membership.document_of, list(exclude))
    if documents is not None:
        hidden |= ~np.isin(membership.document_of, list(documents))
    return np.flatnonzero(hidden)


def _lexical_scores(snapshot: Snapshot, bag: Sequence[str], hidden: Ids) -> dict[int, float]:
    """BM25 scores of the best passages that are not hidden, best first: so many that those which
    only their vectors name are mostly among them. Scoring these by id takes longer."""
    found = snapshot.lexical.search(bag, _SCORED + len(hidden))
    for passage in hidden.tolist():
        found.pop(passage, None)
    return found


def best_windows(passages: Ids, cosines: NDArray[np.float32]) -> Ids:
    """Where the best window of each passage is, the first of equal ones, shape (passages,).

    Args:
        passages: of each window, ascending, shape (windows,). cosines: of each, shape (windows,).
    """
    order = np.lexsort((np.arange(len(passages)), -cosines, passages))
    _, first = np.unique(passages[order], return_index=True)
    best: Ids = order[first]
    return best


def trust_in_words(best: float, bound: float, support: float = DEFAULTS.fusion.support) -> float:
    """0 where no passage shares a word with the question, 1 where the best reaches `support`.

    Args:
        best: the best BM25 score. bound: what no score can exceed. support: see `Fusion`.
    """
    return min(1.0, best / bound / support) if bound > 0 else 0.0


def fuse(
    lexical: NDArray[np.float64],
    dense: NDArray[np.float32],
    alpha: float = DEFAULTS.fusion.alpha,
) -> NDArray[np.float64]:
    """Convex combination of two scores, each min-max normalised over the candidates, shape (n,).

    Args:
        lexical, dense: shape (n,). alpha: the share of the lexical score.

    Bruch, Gai, Ingber (2023), An Analysis of Fusion Functions for Hybrid Retrieval.
    """
    return alpha * min_max(lexical) + (1 - alpha) * min_max(dense.astype(np.float64))


def min_max(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scales values to 0..1; equal values all become 1, a score that tells nothing apart."""
    low, high = values.min(initial=np.inf), values.max(initial=-np.inf)
    scaled: NDArray[np.float64] = (
        (values - low) / (high - low) if high > low else np.ones_like(values)
    )
    return scaled
