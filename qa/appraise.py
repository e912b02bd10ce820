"""Ranked passages looked at closely: what each holds of the question, and its worth as an answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from indexer.catalogue import Catalogue
from indexer.fold import fold
from indexer.outline import build_outline
from indexer.passages import sentences
from indexer.snapshot import Snapshot

from .confidence import share_held
from .question import Question, years_in
from .retrieve import Candidate, Retrieved
from .settings import DEFAULTS, Appraise
from .types import Passage, Span, Window

# A word's weight, 0 for one that all passages hold to 1 for one that none holds.
Rarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A candidate looked at closely: its best window and its worth as an answer.

    held: the share of the question's words, weighed by rarity, that window and headings hold.
    chance: 0..1, how likely it answers among the passages looked at by sentence (`qa.pinpoint`);
    0 before that. strength: the logit of its best sentence, which says how well it answers by
    itself.
    """

    candidate: Candidate
    span: Span
    worth: float
    held: float
    chance: float = 0.0
    strength: float = 0.0

    @property
    def passage(self) -> Passage:
        """The candidate's passage."""
        return self.candidate.passage


def rarity_in(snapshot: Snapshot) -> Rarity:
    """A word's inverse document frequency over the passages, scaled to 0..1."""
    total = snapshot.lexical.size
    most = math.log(1 + total / 0.5)

    def rarity(word: str) -> float:
        return math.log(1 + total / (snapshot.lexical.frequency(word) + 0.5)) / most

    return rarity


def appraise(
    question: Question,
    retrieved: Retrieved,
    catalogue: Catalogue,
    rarity: Rarity,
    gains: Appraise = DEFAULTS.appraise,
) -> list[Appraisal]:
    """Ranks candidates anew by their best window: fused score and what it holds of the question."""
    weights = {word: rarity(word) for word in question.words}
    candidates = retrieved.candidates[: gains.depth]
    windows: dict[int, list[Window]] = {}
    for window in catalogue.windows_of([c.passage.id for c in candidates]):
        if window.kind == "text":
            windows.setdefault(window.passage, []).append(window)

    def look(candidate: Candidate, window: Window) -> Appraisal:
        passage = candidate.passage
        own = passage.text[window.start - passage.start : window.end - passage.start]
        said = fold("\n".join((*passage.headings, passage.header, own)))
        held = share_held(weights, said)
        years = years_in(fold(own)) or years_in(said)
        lacks = int(any(word not in said for word in question.names + question.numbers))
        lacks += any(year not in years for year in question.years)
        worth = candidate.score + gains.held * (retrieved.trust * held - gains.missing * lacks)
        worth += gains.nearest * (window.id == candidate.window.id)
        worth += gains.labelled * (
            passage.kind == "item" and fold(label_of(passage.text)) in question.text
        )
        return Appraisal(candidate, Span(window.start, window.end), worth, held)

    looked = [
        max((look(c, w) for w in windows[c.passage.id]), key=lambda a: a.worth) for c in candidates
    ]
    return sorted(looked, key=lambda a: (-a.worth, a.passage.id))


def label_of(item: str) -> str:
    """What an item of a list is called: its words up to the colon, without the number."""
    nodes = build_outline(item)
    return nodes[0].title if nodes else item


def introduces_list(passage: Passage) -> bool:
    """Whether a passage ends by introducing a list."""
    return passage.text.rstrip()[-1:] in (":", "：")


def is_only_intro(passage: Passage) -> bool:
    """Whether a passage does nothing but introduce a list: it says nothing without it."""
    return introduces_list(passage) and len(sentences(passage.text)) == 1
