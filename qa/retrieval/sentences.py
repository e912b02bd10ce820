"""Which sentences of the best passages answer: a linear model over readable features.

A question names its subject and asks something of it. The subject stands in the passage's first
sentence or its headings and pulls a whole-question score there, away from the sentence that
answers. So most features look at what the question says besides: its words that the passage has
not already set as its subject, and how near its windows are to the question without those.

The weights, data/sentences.json, come from `tests/benchmarks/training/train_sentences.py`, which says what they
were fitted on; they are the logits of a softmax over the sentences of one question.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.store.snapshot import Snapshot
from indexer.structure.passages import split_quotable
from indexer.text.lexicon import holds_place, names_in
from indexer.text.quantities import holds_number, holds_time, holds_unit, years_in
from indexer.text.segment import Segmenter
from indexer.types import Passage, Span, Window
from qa.matching import (
    Rarity,
    folded_context,
    folded_parts,
    held_share,
    holds_cause,
    pairs_of,
)
from qa.question import QueryTerm, Question
from qa.settings import DEFAULTS, Pinpoint

from .hybrid import Retrieved
from .linear import logits_of, softmax
from .windows import Appraisal

# Texts of questions to unit vectors, shape (n, dim).
Encode = Callable[[Sequence[str]], NDArray[np.float32]]

_WHERE = re.compile(
    r"哪里|哪儿|何处|何地|在哪|什么地方|哪一?个?(?:国家|城市|地区|省|州|县|市|国|地方)|位于"
)
# What is left at the ends of a question whose subject was taken out.
_LOOSE = " ,的在是和与及由"
_MOST_LISTED = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, or a clause of one that is too long to be quoted, with its features
    in the order of NAMES. span: in the clean text."""

    appraisal: Appraisal
    span: Span
    features: tuple[float, ...]


# new: the share of the question's words (weighed by rarity) that the sentence holds and the
# passage's subject does not. near: the same of the better neighbour. inpass: of all words, weighed
# by how few sentences of the passage hold them. pairs, new_pairs: of the question's character
# pairs, so weighed; without those of the subject. held, subject: of all words; of the subject's.
# window, window_gap: cosine of the sentence's window, and how much it stays behind the passage's
# best. rest_gap: the same for the question without the subject. fused, later: the passage's fused
# score behind the best one's, and 1 for all passages but the first. number .. list: 1 where the
# sentence holds the kind of thing that is asked for. year: 1 where it, or the last sentence before
# it that names a year, names all years of the question. first, place: its place in the passage.
NAMES = (
    "held",
    "new",
    "subject",
    "near",
    "inpass",
    "pairs",
    "new_pairs",
    "window_gap",
    "fused",
    "later",
    "number",
    "unit",
    "time",
    "name",
    "where",
    "cause",
    "list",
    "year",
    "first",
    "place",
    "window",
    "rest_gap",
)


def pinpoint(
    question: Question,
    ranked: Sequence[Appraisal],
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    encode: Encode | None,
    how: Pinpoint = DEFAULTS.pinpoint,
) -> list[Appraisal]:
    """Ranks the first passages anew by how likely they answer, each with the span that does.

    Args:
        ranked: passages as `appraise` ranks them; those behind the first few stay behind.
        encode: encodes questions, once a passage, for `rest_gap`; without it the whole question
            stands in for what is left of it.
    """
    found = read_sentences(question, ranked, retrieved, snapshot, rarity, encode, how)
    if not found:
        return list(ranked)
    chances = softmax(logits_of("sentences", NAMES, [one.features for one in found]))
    shares: dict[int, float] = {}
    mine: dict[int, list[int]] = {}
    for at, (one, chance) in enumerate(zip(found, chances.tolist(), strict=True)):
        passage = one.appraisal.passage.id
        shares[passage] = shares.get(passage, 0.0) + chance
        mine.setdefault(passage, []).append(at)
    looked = []
    for passage, places in mine.items():
        spans = [found[at].span for at in places]
        run = best_run(spans, [float(chances[at]) for at in places], how.mass, how.longest)
        appraisal = found[places[0]].appraisal
        looked.append(replace(appraisal, span=run, chance=shares[passage]))
    looked.sort(key=lambda a: (-a.chance, a.passage.id))
    return [*looked, *(a for a in ranked if a.passage.id not in mine)]


def best_run(spans: Sequence[Span], chances: Sequence[float], mass: float, longest: int) -> Span:
    """The shortest run of sentences that holds `mass` of the chance, or the most that fits.

    Args:
        mass: 0..1, the share of the passage's chance that is enough.
        longest: in characters; one sentence may be longer.

    >>> best_run([Span(0, 50), Span(50, 100), Span(100, 150)], [0.1, 0.6, 0.3], 0.85, 120)
    Span(start=50, end=150)
    """
    enough = mass * sum(chances)
    best: tuple[float, int, int, int] | None = None
    for first in range(len(spans)):
        told = 0.0
        for last in range(first, len(spans)):
            size = spans[last].end - spans[first].start
            if last > first and size > longest:
                break
            told += chances[last]
            key = (min(told, enough), -size, -first, last)
            best = max(best, key) if best else key
    assert best is not None, "a passage has a sentence"
    return Span(spans[-best[2]].start, spans[best[3]].end)


def read_sentences(
    question: Question,
    ranked: Sequence[Appraisal],
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    encode: Encode | None,
    how: Pinpoint = DEFAULTS.pinpoint,
) -> list[Sentence]:
    """The sentences of the first passages, each with its features."""
    chosen: list[tuple[Appraisal, list[Span]]] = []
    for one in ranked[: how.most_passages]:
        if len(chosen) >= how.passages and sum(len(s) for _, s in chosen) >= how.sentences:
            break
        chosen.append((one, split_quotable(one.passage.text, how.longest)))
    weights = {term: rarity(term) for term in question.terms}
    segmenter = snapshot.segmenter
    texts = [_Text(question, weights, a.passage, spans, segmenter) for a, spans in chosen]
    rests: dict[str, NDArray[np.float32]] = {}
    if encode is not None:
        asked = list(dict.fromkeys(text.rest for text in texts))
        rests = dict(zip(asked, encode(asked), strict=True))
    best = max((a.candidate.score for a, _ in chosen), default=0.0)
    found = []
    for place, ((appraisal, spans), text) in enumerate(zip(chosen, texts, strict=True)):
        mine = appraisal.windows
        rows = snapshot.vectors.rows([w.id for w in mine])
        near = rows @ retrieved.vector
        rest = near
        if rests:
            rest = rows @ rests[text.rest]
        fused = (appraisal.candidate.score - best) * 3
        for at, span in enumerate(spans):
            whole = Span(appraisal.passage.start + span.start, appraisal.passage.start + span.end)
            own = _window_of(mine, whole)
            features = (
                *text.shares(at),
                float(near[own] - near.max()) * 20,
                fused,
                float(place > 0),
                *text.kinds(at),
                float(at == 0),
                math.log1p(at),
                (float(near[own]) - 0.85) * 10,
                float(rest[own] - rest.max()) * 20,
            )
            found.append(Sentence(appraisal, whole, features))
    return found


def _window_of(windows: Sequence[Window], span: Span) -> int:
    """The place of the window that holds most of a sentence."""
    shared = [min(w.end, span.end) - max(w.start, span.start) for w in windows]
    return max(range(len(windows)), key=lambda i: (shared[i], -windows[i].start))


class _Text:
    """A passage's sentences, folded, seen with a question."""

    def __init__(
        self,
        question: Question,
        weights: Mapping[QueryTerm, float],
        passage: Passage,
        spans: Sequence[Span],
        segmenter: Segmenter,
    ) -> None:
        self.question, self.segmenter = question, segmenter
        self.said = folded_parts(passage.text, spans)
        subject = f"{folded_context(passage)}\n{self.said[0]}"
        terms = list(weights)
        rare = np.array([weights[term] for term in terms])
        known = np.array([float(term.word in subject) for term in terms])
        held = np.array([[held_share(term, said) for term in terms] for said in self.said])
        held = held.reshape(len(self.said), len(terms))
        total = float(rare.sum()) or 1.0
        self.held = held @ rare / total
        self.new = held @ (rare * (1 - known)) / total
        self.subject = held @ (rare * known) / total
        few = rare * np.maximum(0, np.log((len(spans) + 1) / ((held >= 1).sum(0) + 0.5)))
        self.inpass = held @ few / (float(few.sum()) or 1.0)
        self.pairs, self.new_pairs = _pair_shares(question.text, self.said, subject)
        rest = question.text
        for term in (term for term in terms if term.word in subject):
            rest = rest.replace(term.word, "")
        self.rest = rest.strip(_LOOSE) or question.text

    def shares(self, at: int) -> tuple[float, ...]:
        """The features of NAMES up to `new_pairs`."""
        beside = [self.new[i] for i in (at - 1, at + 1) if 0 <= i < len(self.said)]
        told = (
            self.held[at],
            self.new[at],
            self.subject[at],
            max(beside, default=0.0),
            self.inpass[at],
            self.pairs[at],
            self.new_pairs[at],
        )
        return tuple(map(float, told))

    def kinds(self, at: int) -> tuple[float, ...]:
        """The features of NAMES from `number` to `year`."""
        question, said, segmenter = self.question, self.said[at], self.segmenter
        before = range(at, -1, -1) if question.years else ()
        named = next((years for i in before if (years := years_in(self.said[i]))), ())
        listed = min(_MOST_LISTED, said.count("、")) / _MOST_LISTED
        return (
            float(question.quantity and holds_number(said)),
            float(bool(question.unit) and holds_unit(question.unit, said)),
            float(question.date and holds_time(said)),
            float(question.who and bool(names_in(said, segmenter) - question.name_like)),
            float(bool(_WHERE.search(question.text)) and holds_place(said, segmenter)),
            float(question.reason and holds_cause(said)),
            listed if question.kind == "list" else 0.0,
            float(bool(question.years) and all(year in named for year in question.years)),
        )


def _pair_shares(
    asked: str, said: Sequence[str], subject: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much of the question's pairs, weighed by rarity in the passage, each sentence holds.

    Returns:
        Two arrays of shape (len(said),): of all pairs, and of those that the subject lacks.
    """
    pairs = list(dict.fromkeys(pairs_of(asked)))
    held = np.array([[float(pair in text) for pair in pairs] for text in said])
    held = held.reshape(len(said), len(pairs))
    often = held.sum(0)
    rare = np.where(often > 0, np.log((len(said) + 1) / (often + 0.5)), 0.0)
    new = rare * np.array([float(pair not in subject) for pair in pairs])
    return held @ rare / (float(rare.sum()) or 1.0), held @ new / (float(new.sum()) or 1.0)
