"""Ranked passages looked at closely: what each holds of the question, and its worth as an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.store.catalogue import Catalogue
from indexer.structure.outline import build_outline
from indexer.structure.passages import split_sentences
from indexer.text.fold import fold
from indexer.text.quantities import years_in
from indexer.types import Passage, Span, Window
from qa.matching import Rarity, folded_context, folded_parts, held_share, holds, weight_held
from qa.question import QueryTerm, Question
from qa.settings import DEFAULTS, Appraise

from .hybrid import Candidate, Retrieved


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A candidate looked at closely: its best window and its worth as an answer.

    windows: of its text, all of them.
    held: the share of the question's words, weighed by rarity, that window and headings hold.
    chance: 0..1, how likely it answers among the passages looked at: by their sentences after
    `qa.retrieval.sentences`, by all that is known of them after `qa.retrieval.passages`; 0 before that.
    """

    candidate: Candidate
    passage: Passage
    windows: tuple[Window, ...]
    span: Span
    worth: float
    held: float
    chance: float = 0.0


def appraise(
    question: Question,
    retrieved: Retrieved,
    catalogue: Catalogue,
    rarity: Rarity,
    gains: Appraise = DEFAULTS.appraise,
) -> list[Appraisal]:
    """Ranks candidates anew by their best window: fused score and what it holds of the question."""
    weights = {term: rarity(term) for term in question.terms}
    candidates = retrieved.candidates[: gains.depth]
    passages = catalogue.passages([c.passage for c in candidates])
    windows: dict[int, list[Window]] = {c.passage: [] for c in candidates}
    for window in catalogue.windows_of(list(windows)):
        if window.kind == "text":
            windows[window.passage].append(window)
    looked = [
        _look(question, c, passages[c.passage], windows[c.passage], weights, retrieved.trust, gains)
        for c in candidates
    ]
    return sorted(looked, key=lambda a: (-a.worth, a.passage.id))


def _look(
    question: Question,
    candidate: Candidate,
    passage: Passage,
    windows: Sequence[Window],
    weights: Mapping[QueryTerm, float],
    trust: float,
    gains: Appraise,
) -> Appraisal:
    """A passage with its best window."""
    around = folded_context(passage)
    labelled = passage.kind == "item" and fold(label_of(passage.text)) in question.text
    spans = [Span(w.start - passage.start, w.end - passage.start) for w in windows]
    total = sum(weights.values())
    # Most words stand in no window of most passages.
    whole = f"{around}\n{fold(passage.text)}"
    weights = {term: weight for term, weight in weights.items() if held_share(term, whole)}
    best: tuple[float, float, Window] | None = None
    for window, own in zip(windows, folded_parts(passage.text, spans), strict=True):
        said = f"{around}\n{own}"
        held = weight_held(weights, said) / total if total else 0.0
        lacks = int(not all(holds(term, said) for term in question.names + question.numbers))
        if question.years:
            years = years_in(own) or years_in(said)
            lacks += any(year not in years for year in question.years)
        worth = worth_of(candidate, held, lacks, trust, gains)
        worth += gains.nearest * (window.id == candidate.window) + gains.labelled * labelled
        if best is None or worth > best[0]:
            best = worth, held, window
    assert best is not None, "a passage has a window"
    worth, held, window = best
    span = Span(window.start, window.end)
    return Appraisal(candidate, passage, tuple(windows), span, worth, held)


def worth_of(
    candidate: Candidate,
    held: float,
    lacks: int,
    trust: float,
    gains: Appraise = DEFAULTS.appraise,
) -> float:
    """Its fused score, with what it holds of the question; lacks: of years and names, 0 to 2."""
    return candidate.score + gains.held * (trust * held - gains.missing * lacks)


def label_of(item: str) -> str:
    """What an item of a list is called: its words up to the colon, without the number."""
    nodes = build_outline(item)
    return nodes[0].title if nodes else item


def introduces_list(passage: Passage) -> bool:
    """Whether a passage ends by introducing a list."""
    return passage.text.rstrip()[-1:] in (":", "：")


def is_only_intro(passage: Passage) -> bool:
    """Whether a passage does nothing but introduce a list: it says nothing without it."""
    return introduces_list(passage) and len(split_sentences(passage.text)) == 1
