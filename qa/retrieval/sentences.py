"""Third stage of ranking: which sentences answer, by a linear model over features of each.

A question names its subject and asks something of it. The subject stands in the passage's first
sentence or its headings and pulls a score of the whole question there, away from the sentence that
answers. So most features look at the rest of the question: its words that the passage has not
already set as its subject, and how near its windows are to the question without those words.

`tests/benchmarks/training/train_sentences.py` fits the weights, data/sentences.json, and says on
what. They are the logits of a softmax over the sentences of one question.
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
    find_character_pairs,
    fold_context,
    fold_spans,
    has_reason_word,
    match_term,
)
from qa.question import QueryTerm, Question
from qa.settings import DEFAULTS, Pinpoint

from .hybrid import Retrieved
from .linear import compute_logits, softmax
from .windows import RankedPassage

# Encodes the texts of questions to unit vectors, shape (n, dim).
Encode = Callable[[Sequence[str]], NDArray[np.float32]]

_ASKS_PLACE = re.compile(
    r"哪里|哪儿|何处|何地|在哪|什么地方|哪一?个?(?:国家|城市|地区|省|州|县|市|国|地方)|位于"
)
# Characters to strip from the ends of a question whose subject was taken out.
_PARTICLES = " ,的在是和与及由"
# A sentence with this many enumeration commas has the full value of the feature `list`.
_MOST_LISTED = 3

# The names of the features, as they stand in data/sentences.json. Words are weighted by rarity. The
# subject of a passage is what its headings, its header row and its first sentence say.
NAMES = (
    "held",  # the share of the question's words that the sentence contains
    "new",  # the same, only of words that are not in the subject
    "subject",  # the same, only of words that are in the subject
    "near",  # `new` of the sentence before or after, whichever is more
    "inpass",  # `held`, words weighted too by how few sentences of the passage contain them
    "pairs",  # the share of the question's character pairs, weighted in that way
    "new_pairs",  # the same, only of pairs that are not in the subject
    "window_gap",  # cosine of the sentence's window, less the highest of the passage
    "fused",  # fused score of the passage, less that of the best one
    "later",  # 1 for every passage but the first
    "number",  # 1 if the question asks for a number and the sentence has one; so the next five
    "unit",
    "time",
    "name",
    "where",
    "cause",
    "list",  # enumeration commas in the sentence, 0..1, if the question asks for a list
    "year",  # 1 if it, or the last sentence before with a year, has all years of the question
    "first",  # 1 for the first sentence of the passage
    "place",  # log(1 + sentences before it)
    "window",  # cosine of the sentence's window
    "rest_gap",  # `window_gap` for the question without the subject
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, or a clause of one that is too long to be quoted."""

    ranked: RankedPassage
    """The passage."""
    span: Span
    """The sentence, in the clean text."""
    features: tuple[float, ...]
    """Its features, in the order of NAMES."""


def rank_by_sentences(
    question: Question,
    ranked: Sequence[RankedPassage],
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    encode: Encode | None,
    settings: Pinpoint = DEFAULTS.pinpoint,
) -> list[RankedPassage]:
    """Rank the first passages by the probability that they answer, each with the span that does.

    Args:
        ranked: passages as `rank_by_windows` ranks them; those behind the first few stay behind.
        encode: encodes questions, for the feature `rest_gap`; without it the whole question stands
            in for the question without the subject.
    """
    sentences = read_sentences(question, ranked, retrieved, snapshot, rarity, encode, settings)
    if not sentences:
        return list(ranked)
    logits = compute_logits("sentences", NAMES, [sentence.features for sentence in sentences])
    shares = softmax(logits)
    probabilities: dict[int, float] = {}
    of_passage: dict[int, list[int]] = {}
    for at, (sentence, share) in enumerate(zip(sentences, shares.tolist(), strict=True)):
        passage = sentence.ranked.passage.id
        probabilities[passage] = probabilities.get(passage, 0.0) + share
        of_passage.setdefault(passage, []).append(at)
    scored = []
    for passage, places in of_passage.items():
        spans = [sentences[at].span for at in places]
        own_shares = [float(shares[at]) for at in places]
        run = find_best_run(spans, own_shares, settings.mass, settings.longest)
        first = sentences[places[0]].ranked
        scored.append(replace(first, span=run, probability=probabilities[passage]))
    scored.sort(key=lambda r: (-r.probability, r.passage.id))
    return [*scored, *(r for r in ranked if r.passage.id not in of_passage)]


def find_best_run(
    spans: Sequence[Span], probabilities: Sequence[float], mass: float, longest: int
) -> Span:
    """Return the shortest run of sentences with enough probability, or the best one that fits.

    Args:
        spans: the sentences of a passage.
        probabilities: of each sentence to be the one that answers.
        mass: the share of the passage's probability that is enough, 0..1.
        longest: the longest run in characters; a single sentence may be longer.

    >>> find_best_run([Span(0, 50), Span(50, 100), Span(100, 150)], [0.1, 0.6, 0.3], 0.85, 120)
    Span(start=50, end=150)
    """
    enough = mass * sum(probabilities)
    best: tuple[float, int, int, int] | None = None
    for first in range(len(spans)):
        total = 0.0
        for last in range(first, len(spans)):
            size = spans[last].end - spans[first].start
            if last > first and size > longest:
                break
            total += probabilities[last]
            key = (min(total, enough), -size, -first, last)
            best = max(best, key) if best else key
    assert best is not None, "a passage has a sentence"
    return Span(spans[-best[2]].start, spans[best[3]].end)


def read_sentences(
    question: Question,
    ranked: Sequence[RankedPassage],
    retrieved: Retrieved,
    snapshot: Snapshot,
    rarity: Rarity,
    encode: Encode | None,
    settings: Pinpoint = DEFAULTS.pinpoint,
) -> list[Sentence]:
    """Return the sentences of the first passages with their features."""
    chosen = _choose_passages(ranked, settings)
    weights = {term: rarity(term) for term in question.terms}
    segmenter = snapshot.segmenter
    texts = [_PassageText(question, weights, r.passage, spans, segmenter) for r, spans in chosen]
    rest_vectors: dict[str, NDArray[np.float32]] = {}
    if encode is not None:
        rests = list(dict.fromkeys(text.rest for text in texts))
        rest_vectors = dict(zip(rests, encode(rests), strict=True))
    best = max((r.candidate.score for r, _ in chosen), default=0.0)
    sentences = []
    for place, ((passage, spans), text) in enumerate(zip(chosen, texts, strict=True)):
        start = passage.passage.start
        vectors = snapshot.vectors.rows([w.id for w in passage.windows])
        cosines = vectors @ retrieved.vector
        rest_cosines = vectors @ rest_vectors[text.rest] if rest_vectors else cosines
        fused = (passage.candidate.score - best) * 3
        for at, span in enumerate(spans):
            whole = Span(start + span.start, start + span.end)
            window = _find_window(passage.windows, whole)
            features = (
                *text.measure_shares(at),
                float(cosines[window] - cosines.max()) * 20,
                fused,
                float(place > 0),
                *text.find_kinds(at),
                float(at == 0),
                math.log1p(at),
                (float(cosines[window]) - 0.85) * 10,
                float(rest_cosines[window] - rest_cosines.max()) * 20,
            )
            sentences.append(Sentence(passage, whole, features))
    return sentences


def _choose_passages(
    ranked: Sequence[RankedPassage], settings: Pinpoint
) -> list[tuple[RankedPassage, list[Span]]]:
    """Return the first passages, each split into sentences, until these are enough."""
    chosen: list[tuple[RankedPassage, list[Span]]] = []
    for passage in ranked[: settings.most_passages]:
        sentences = sum(len(spans) for _, spans in chosen)
        if len(chosen) >= settings.passages and sentences >= settings.sentences:
            break
        chosen.append((passage, split_quotable(passage.passage.text, settings.longest)))
    return chosen


def _find_window(windows: Sequence[Window], span: Span) -> int:
    """Return the index of the window that contains most of a sentence."""
    shared = [min(w.end, span.end) - max(w.start, span.start) for w in windows]
    return max(range(len(windows)), key=lambda i: (shared[i], -windows[i].start))


class _PassageText:
    """The folded sentences of a passage, compared with a question."""

    def __init__(
        self,
        question: Question,
        weights: Mapping[QueryTerm, float],
        passage: Passage,
        spans: Sequence[Span],
        segmenter: Segmenter,
    ) -> None:
        self.question, self.segmenter = question, segmenter
        self.sentences = fold_spans(passage.text, spans)
        subject = f"{fold_context(passage)}\n{self.sentences[0]}"
        terms = list(weights)
        rarities = np.array([weights[term] for term in terms])
        in_subject = np.array([float(term.word in subject) for term in terms])
        # Shape (sentences, terms).
        matches = np.array([[match_term(term, text) for term in terms] for text in self.sentences])
        matches = matches.reshape(len(self.sentences), len(terms))
        total = float(rarities.sum()) or 1.0
        self.held = matches @ rarities / total
        self.new = matches @ (rarities * (1 - in_subject)) / total
        self.subject = matches @ (rarities * in_subject) / total
        containing = (matches >= 1).sum(0)
        weighted = rarities * np.maximum(0, np.log((len(spans) + 1) / (containing + 0.5)))
        self.inpass = matches @ weighted / (float(weighted.sum()) or 1.0)
        self.pairs, self.new_pairs = _measure_pairs(question.text, self.sentences, subject)
        rest = question.text
        for term in (term for term in terms if term.word in subject):
            rest = rest.replace(term.word, "")
        self.rest = rest.strip(_PARTICLES) or question.text
        """The question without the words of the subject, folded."""

    def measure_shares(self, at: int) -> tuple[float, ...]:
        """Return the features of NAMES up to `new_pairs` of a sentence."""
        beside = [self.new[i] for i in (at - 1, at + 1) if 0 <= i < len(self.sentences)]
        shares = (
            self.held[at],
            self.new[at],
            self.subject[at],
            max(beside, default=0.0),
            self.inpass[at],
            self.pairs[at],
            self.new_pairs[at],
        )
        return tuple(map(float, shares))

    def find_kinds(self, at: int) -> tuple[float, ...]:
        """Return the features of NAMES from `number` to `year` of a sentence."""
        question, text, segmenter = self.question, self.sentences[at], self.segmenter
        before = range(at, -1, -1) if question.years else ()
        named = next((years for i in before if (years := years_in(self.sentences[i]))), ())
        listed = min(_MOST_LISTED, text.count("、")) / _MOST_LISTED
        return (
            float(question.asks_number and holds_number(text)),
            float(bool(question.unit) and holds_unit(question.unit, text)),
            float(question.asks_time and holds_time(text)),
            float(question.asks_name and bool(names_in(text, segmenter) - question.name_like)),
            float(bool(_ASKS_PLACE.search(question.text)) and holds_place(text, segmenter)),
            float(question.asks_reason and has_reason_word(text)),
            listed if question.kind == "list" else 0.0,
            float(bool(question.years) and all(year in named for year in question.years)),
        )


def _measure_pairs(
    asked: str, sentences: Sequence[str], subject: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the share of the question's character pairs that each sentence contains.

    Pairs are weighted by how few sentences of the passage contain them.

    Returns:
        Two arrays of shape (len(sentences),): of all pairs, and of those not in the subject.
    """
    pairs = list(dict.fromkeys(find_character_pairs(asked)))
    matches = np.array([[float(pair in text) for pair in pairs] for text in sentences])
    matches = matches.reshape(len(sentences), len(pairs))
    containing = matches.sum(0)
    weights = np.where(containing > 0, np.log((len(sentences) + 1) / (containing + 0.5)), 0.0)
    new = weights * np.array([float(pair not in subject) for pair in pairs])
    every = matches @ weights / (float(weights.sum()) or 1.0)
    return every, matches @ new / (float(new.sum()) or 1.0)
