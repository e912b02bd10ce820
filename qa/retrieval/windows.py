"""Second stage of ranking: the best window of each candidate, and the question words in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.store.catalogue import Catalogue
from indexer.structure.outline import build_outline
from indexer.structure.passages import split_sentences
from indexer.text.fold import fold
from indexer.text.quantities import years_in
from indexer.types import Passage, Span, Window
from qa.matching import (
    Rarity,
    contains_term,
    fold_context,
    fold_spans,
    match_term,
    sum_matched_weight,
)
from qa.question import QueryTerm, Question
from qa.settings import DEFAULTS, Appraise

from .hybrid import Candidate, Retrieved


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A candidate with its best window and its scores."""

    candidate: Candidate
    """The candidate, with its scores of the first stage."""
    passage: Passage
    """The passage."""
    windows: tuple[Window, ...]
    """All text windows of the passage."""
    span: Span
    """What answers, in the clean text: the best window, or after `qa.retrieval.sentences` the
    sentences that do."""
    window_score: float
    """The score of the best window: see `score_window`."""
    coverage: float
    """The share of the question's words, weighted by rarity, in that window and its headings."""
    probability: float = 0.0
    """The probability, 0..1, that this one of the ranked passages answers: by their sentences after
    `qa.retrieval.sentences`, by all features after `qa.retrieval.passages`, by these and the reader
    after `qa.retrieval.reading`; 0 before that."""
    unread: float | None = None
    """The probability by features alone; None if no reader has changed it."""
    read: float | None = None
    """The log-odds, by the reader, that it answers; None if it was not read."""


def rank_by_windows(
    question: Question,
    retrieved: Retrieved,
    catalogue: Catalogue,
    rarity: Rarity,
    gains: Appraise = DEFAULTS.appraise,
) -> list[RankedPassage]:
    """Rank the first `gains.depth` candidates by the score of their best window."""
    weights = {term: rarity(term) for term in question.terms}
    candidates = retrieved.candidates[: gains.depth]
    passages = catalogue.passages([c.passage for c in candidates])
    windows: dict[int, list[Window]] = {c.passage: [] for c in candidates}
    for window in catalogue.windows_of(list(windows)):
        if window.kind == "text":
            windows[window.passage].append(window)
    ranked = [
        _with_best_window(
            question, c, passages[c.passage], windows[c.passage], weights, retrieved.trust, gains
        )
        for c in candidates
    ]
    return sorted(ranked, key=lambda r: (-r.window_score, r.passage.id))


def _with_best_window(
    question: Question,
    candidate: Candidate,
    passage: Passage,
    windows: Sequence[Window],
    weights: Mapping[QueryTerm, float],
    trust: float,
    gains: Appraise,
) -> RankedPassage:
    """Score the windows of a candidate and return it with the best one."""
    context = fold_context(passage)
    labelled = passage.kind == "item" and fold(read_item_title(passage.text)) in question.text
    spans = [Span(w.start - passage.start, w.end - passage.start) for w in windows]
    total = sum(weights.values())
    # Drop the words that no window contains, which are most of them in most passages.
    whole = f"{context}\n{fold(passage.text)}"
    weights = {term: weight for term, weight in weights.items() if match_term(term, whole)}
    best: tuple[float, float, Window] | None = None
    for window, own in zip(windows, fold_spans(passage.text, spans), strict=True):
        text = f"{context}\n{own}"
        coverage = sum_matched_weight(weights, text) / total if total else 0.0
        lacking = int(not all(contains_term(t, text) for t in question.names + question.numbers))
        if question.years:
            years = years_in(own) or years_in(text)
            lacking += any(year not in years for year in question.years)
        score = score_window(candidate, coverage, lacking, trust, gains)
        score += gains.nearest * (window.id == candidate.window) + gains.labelled * labelled
        if best is None or score > best[0]:
            best = score, coverage, window
    assert best is not None, "a passage has a window"
    score, coverage, window = best
    span = Span(window.start, window.end)
    return RankedPassage(candidate, passage, tuple(windows), span, score, coverage)


def score_window(
    candidate: Candidate,
    coverage: float,
    lacking: int,
    trust: float,
    gains: Appraise = DEFAULTS.appraise,
) -> float:
    """Return the fused score plus what the question words in the window are worth.

    Args:
        coverage: the share of the question's words, weighted by rarity, that the window contains.
        lacking: 0 to 2: one if it lacks a year of the question, one if it lacks a name or number.
        trust: see `Retrieved`.
    """
    return candidate.score + gains.held * (trust * coverage - gains.missing * lacking)


def read_item_title(item: str) -> str:
    """Return what an item of a list is called: its words up to the colon, without the number."""
    nodes = build_outline(item)
    return nodes[0].title if nodes else item


def introduces_list(passage: Passage) -> bool:
    """Return whether a passage ends by introducing a list."""
    return passage.text.rstrip()[-1:] in (":", "：")


def is_only_intro(passage: Passage) -> bool:
    """Return whether a passage only introduces a list, and so says nothing without it."""
    return introduces_list(passage) and len(split_sentences(passage.text)) == 1
