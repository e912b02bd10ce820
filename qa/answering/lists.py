"""Which list of a report answers a question that asks for several things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.store.catalogue import Catalogue
from indexer.structure.passages import split_sentences
from indexer.text.fold import fold
from indexer.text.segment import Segmenter
from indexer.types import ItemList
from qa.matching import Rarity, measure_coverage
from qa.question import QueryTerm, Question
from qa.retrieval.hybrid import Retrieved
from qa.retrieval.windows import RankedPassage, introduces_list, is_only_intro, read_item_title

# How many of the nearest lists are compared.
_NEAREST = 12
# A list answers if its own window is at most this much farther from the question than the nearest
# passage (cosines) and the best passages belong to it. On the seed report's list questions the gap
# goes up to 0.022 where the best passage introduces the list, else to 0.012; on factual questions
# that say 哪些 it is 0.026 and more.
_INTRO_SLACK, _LIST_SLACK = 0.025, 0.015
# How much less of the question's words than the best passage a list may cover.
_COVERAGE_SLACK = 0.05
# What the cosine of a list gains: for an introduction that covers the whole question (less: its
# share), and for standing in a section that the question names.
_INTRO_GAIN, _SECTION_GAIN = 0.03, 0.1
# What the sections of a chapter lose against the items of a section.
_HEADINGS_LOSS = 0.015
# What a list gains with just as many items as the question says, and loses with another number.
_COUNT_GAIN, _COUNT_LOSS = 0.03, -0.05
# The share of the question that an introduction must cover to be answered with its list, though the
# question does not ask for one.
_INTRO_COVERAGE = 0.8
# A question is about another sentence of the introduction's paragraph if that covers this much more
# of it than the list.
_OTHER_SENTENCE = 0.2
# The share of the question that the headings above a list must cover if the question names its
# section by the words of the title.
_SECTION_COVERAGE = 0.8
# The share of a label's words that must stand in a question that names the item.
_LABEL_SHARE = 0.75
# A list that is nearer than every passage by this much answers without other evidence.
_CLEAR_MARGIN = 0.02
# Words of a title that only say how its subject is treated: 行业发展趋势分析.
_TREATMENT = frozenset(
    "分析 概述 概况 情况 现状 研究 介绍 简介 总结 综述 探讨 思考 解读 主要".split()
)


@dataclass(frozen=True, slots=True)
class _Match:
    """A list that covers enough of the question."""

    items: ItemList
    score: float
    """The cosine with all gains and losses."""
    cosine: float
    """The cosine of its window."""
    intro_coverage: float
    """The share of the question that its introduction covers."""
    is_named: bool
    """Whether the question gives the title of its section."""


def find_list(
    question: Question,
    retrieved: Retrieved,
    ranked: Sequence[RankedPassage],
    catalogue: Catalogue,
    rarity: Rarity,
    segmenter: Segmenter,
) -> tuple[ItemList, float] | None:
    """Return the list that answers, with its score; None if a passage answers better.

    A list must cover about as much of the question as the best passage, and its window be about as
    near. The conditions are loosest where the question asks for a list and the best passage
    introduces this one, and strictest where only its own window suggests it.
    """
    best = ranked[0]
    asks_list = question.kind == "list"
    asks_fact = (
        question.asks_number or question.asks_time or question.asks_name or question.asks_reason
    )
    if not asks_list and (asks_fact or not is_only_intro(best.passage)):
        return None
    nearest = max(r.candidate.dense for r in ranked)
    weights = {term: rarity(term) for term in question.terms}
    matches: list[_Match] = []
    for place, candidate in enumerate(retrieved.lists if asks_list else retrieved.lists[:_NEAREST]):
        items = catalogue.list_of_window(candidate.window)
        if items is None or _asks_for_one(question, items, catalogue, segmenter):
            continue
        # A list that is farther away can only be meant by its name.
        is_named = asks_list and _names_section(question, items, weights, catalogue, segmenter)
        if place >= _NEAREST and not is_named:
            continue
        picked = _pick_named_items(question, items, catalogue) if asks_list else None
        if picked is not None:
            return picked, nearest
        intro, text = _describe(question, items, catalogue)
        if asks_list and _asks_other_sentence(weights, items, text, catalogue):
            continue
        if is_named or measure_coverage(weights, text) >= best.coverage - _COVERAGE_SLACK:
            intro_coverage = measure_coverage(weights, intro)
            gain = (
                _INTRO_GAIN * intro_coverage
                + _SECTION_GAIN * is_named
                - _HEADINGS_LOSS * (items.kind == "headings")
            )
            score = candidate.dense + gain + _compare_count(question, items)
            matches.append(_Match(items, score, candidate.dense, intro_coverage, is_named))
    matches.sort(key=lambda match: (-match.score, match.items.id))
    answers = (match for match in matches if _answers(match, ranked, nearest, asks_list))
    found = next(answers, None)
    return (found.items, found.score) if found else None


def _answers(
    match: _Match, ranked: Sequence[RankedPassage], nearest: float, asks_list: bool
) -> bool:
    """Return whether a list is near enough to answer.

    Args:
        nearest: the highest cosine of a passage.
        asks_list: whether the question asks for a list.
    """
    best, items = ranked[0], match.items
    is_introduced = (
        items.document == best.passage.document
        and items.intro is not None
        and items.intro.start == best.passage.start
    )
    if not asks_list:
        return is_introduced and (match.score >= nearest or match.intro_coverage >= _INTRO_COVERAGE)
    return (
        match.is_named
        or (
            is_introduced
            and (introduces_list(best.passage) or match.score >= nearest - _INTRO_SLACK)
        )
        or (match.score >= nearest and _stands_near(items, ranked))
        or match.cosine >= nearest + _CLEAR_MARGIN
        or (match.score >= nearest - _LIST_SLACK and _count_items(items, ranked) >= 2)
    )


def _describe(question: Question, items: ItemList, catalogue: Catalogue) -> tuple[str, str]:
    """Return what a list says of itself, folded: its introduction, and that with its heading.

    A word of its labels counts if two labels have it: a single one is about its own item.
    """
    text = catalogue.trail(items.document).text
    labels = [fold(text[s.start : s.end]) for s in items.labels]
    words = (term.word for term in question.terms)
    shared = [word for word in words if sum(word in label for label in labels) > 1]
    heading = fold("\n".join(items.headings[-1:]))
    intro = fold(text[items.intro.start : items.intro.end]) if items.intro else heading
    own = "\n".join((intro, *shared))
    return own, f"{heading}\n{own}"


def _names_section(
    question: Question,
    items: ItemList,
    weights: Mapping[QueryTerm, float],
    catalogue: Catalogue,
    segmenter: Segmenter,
) -> bool:
    """Return whether the question names the section of a list.

    It does if it gives the title, or if it gives all words of the title that say what the section
    is about and asks for little else.
    """
    title = fold(read_item_title(items.headings[-1])) if items.headings else ""
    if len(title) > 1 and title in question.text:
        return True
    words = [word for word in segmenter.content_words(title) if word not in _TREATMENT]
    if len(words) < 2 or not all(word in question.text for word in words):
        return False
    above = fold("\n".join((catalogue.document(items.document).title, *items.headings)))
    return measure_coverage(weights, above) >= _SECTION_COVERAGE


def _asks_for_one(
    question: Question, items: ItemList, catalogue: Catalogue, segmenter: Segmenter
) -> bool:
    """Return whether the question names just one item: it is about that one, not the list."""
    text = catalogue.trail(items.document).text
    labels = [fold(text[span.start : span.end]) for span in items.labels]
    asked = question.text
    return sum(label in asked or _names_label(label, asked, segmenter) for label in labels) == 1


def _asks_other_sentence(
    weights: Mapping[QueryTerm, float], items: ItemList, description: str, catalogue: Catalogue
) -> bool:
    """Return whether the question is about another sentence of the introduction's paragraph.

    It is if a sentence before the last one covers clearly more of the question than all that is
    said of the list.

    Args:
        description: the introduction with its heading, from `_describe`.
    """
    if items.intro is None:
        return False
    text = catalogue.trail(items.document).text[items.intro.start : items.intro.end]
    *others, last = [fold(text[s.start : s.end]) for s in split_sentences(text)]
    own = description.replace(fold(text), last)
    most = max((measure_coverage(weights, other) for other in others), default=0.0)
    return most > measure_coverage(weights, own) + _OTHER_SENTENCE


def _pick_named_items(question: Question, items: ItemList, catalogue: Catalogue) -> ItemList | None:
    """Return the items that a question names, if they are two or more and not all."""
    text = catalogue.trail(items.document).text
    labels = [fold(text[span.start : span.end]) for span in items.labels]
    chosen = [i for i, label in enumerate(labels) if len(label) > 1 and label in question.text]
    if items.kind != "items" or not 1 < len(chosen) < len(labels):
        return None
    return replace(
        items,
        id=-1,
        intro=None,
        items=tuple(items.items[i] for i in chosen),
        labels=tuple(items.labels[i] for i in chosen),
        truncated=items.truncated and chosen[-1] == len(labels) - 1,
    )


def _names_label(label: str, text: str, segmenter: Segmenter) -> bool:
    """Return whether a folded text has nearly all words of a label of two or more words."""
    words = segmenter.content_words(label)
    return len(words) > 1 and sum(word in text for word in words) >= _LABEL_SHARE * len(words)


def _compare_count(question: Question, items: ItemList) -> float:
    """Return what a list gains or loses for its length, if the question says a number."""
    if not question.item_count or items.kind == "headings":
        return 0.0
    return _COUNT_GAIN if len(items.items) == question.item_count else _COUNT_LOSS


def _stands_near(items: ItemList, ranked: Sequence[RankedPassage]) -> bool:
    """Return whether one of the first three passages stands below the list's heading."""
    depth = len(items.headings)
    return any(
        r.passage.document == items.document and r.passage.headings[:depth] == items.headings
        for r in ranked[:3]
    )


def _count_items(items: ItemList, ranked: Sequence[RankedPassage]) -> int:
    """Return how many of the first four passages are items of a list, 0 if the first is not."""
    starts = {span.start for span in items.items}
    own = [r.passage.document == items.document and r.passage.start in starts for r in ranked[:4]]
    return sum(own) if own[0] else 0
