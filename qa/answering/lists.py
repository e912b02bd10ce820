"""Which list of a report answers a question that asks for several things, if one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.store.catalogue import Catalogue
from indexer.structure.passages import split_sentences
from indexer.text.fold import fold
from indexer.text.segment import Segmenter
from indexer.types import ItemList
from qa.matching import Rarity, share_held
from qa.question import QueryTerm, Question
from qa.retrieval.hybrid import Retrieved
from qa.retrieval.windows import Appraisal, introduces_list, is_only_intro, label_of

# How many lists are looked at closely.
_LISTS = 12
# A list answers where its own window is at most this much farther from the question than the
# nearest passage (cosines), if the best passages belong to it. On the seed report's list questions
# the gap goes up to 0.022 where the best passage introduces the list, else to 0.012; on factual
# ones that say 哪些 it is 0.026 and more.
_INTRO_SLACK, _LIST_SLACK = 0.025, 0.015
# How much less of the question's words a list may hold than the best passage, what its cosine gains
# for holding all of them and for standing in a section that the question names, and the share of
# an item's words that name it.
_HELD_SLACK, _TOLD, _SECTION, _NAMED = 0.05, 0.03, 0.1, 0.75
# What the sections of a chapter lose against the items of a section, and the share of a question
# that an introduction must hold to be answered with its list, though it does not ask for one.
_HEADINGS, _INTRODUCED = 0.015, 0.8
# How much more of a question than what introduces a list another sentence of that paragraph holds
# where the question is about that sentence.
_BESIDE = 0.2
# What a title says of how its subject is treated: 行业发展趋势分析.
_TREATMENT = frozenset(
    "分析 概述 概况 情况 现状 研究 介绍 简介 总结 综述 探讨 思考 解读 主要".split()
)
# How much of a question the headings over a list must hold where it names its section so.
_ABOVE = 0.8
# A list that is nearer than every passage by this much needs nothing else to speak for it.
_CLEAR_LEAD = 0.02
# What a list's cosine gains where it has just as many items as the question says, or else loses.
_COUNT_FITS, _COUNT_DIFFERS = 0.03, -0.05


@dataclass(frozen=True, slots=True)
class _Fit:
    """A list that holds enough of the question.

    cosine: of its window; dense: that with what it gains and loses. introduced: the share of the
    question that stands in its introduction. named: the question gives its section's title.
    """

    items: ItemList
    dense: float
    cosine: float
    introduced: float
    named: bool


def matching_list(
    question: Question,
    retrieved: Retrieved,
    ranked: Sequence[Appraisal],
    catalogue: Catalogue,
    rarity: Rarity,
    segmenter: Segmenter,
) -> tuple[ItemList, float] | None:
    """The list that answers, with its cosine; None where a passage answers better.

    A list must hold about as much of the question as the best passage, and its window be about
    as near: least so where the question asks for a list and the best passage introduces this one,
    most where nothing but its own window speaks for it.
    """
    best = ranked[0]
    wants = question.kind == "list"
    exact = question.quantity or question.date or question.who or question.reason
    if not wants and (exact or not is_only_intro(best.passage)):
        return None
    nearest = max(a.candidate.dense for a in ranked)
    weights = {term: rarity(term) for term in question.terms}
    fitting: list[_Fit] = []
    for place, one in enumerate(retrieved.lists if wants else retrieved.lists[:_LISTS]):
        items = catalogue.list_of_window(one.window)
        if items is None or _asks_for_one(question, items, catalogue, segmenter):
            continue
        # One that is farther off can only be meant by its name.
        named = wants and _names_section(question, items, weights, catalogue, segmenter)
        if place >= _LISTS and not named:
            continue
        picked = _picked(question, items, catalogue) if wants else None
        if picked is not None:
            return picked, nearest
        told, whole = _told(question, items, catalogue)
        introduced = share_held(weights, told)
        if wants and _asks_beside(weights, items, whole, catalogue):
            continue
        if named or share_held(weights, whole) >= best.held - _HELD_SLACK:
            gain = _TOLD * introduced + _SECTION * named - _HEADINGS * (items.kind == "headings")
            dense = one.dense + gain + _count_bonus(question, items)
            fitting.append(_Fit(items, dense, one.dense, introduced, named))
    fitting.sort(key=lambda fit: (-fit.dense, fit.items.id))
    answers = (fit for fit in fitting if _answers(fit, ranked, nearest, wants))
    found = next(answers, None)
    return (found.items, found.dense) if found else None


def _answers(fit: _Fit, ranked: Sequence[Appraisal], nearest: float, wants: bool) -> bool:
    """Whether a fitting list is near enough to answer. wants: the question asks for a list."""
    best, items = ranked[0], fit.items
    introduces = (
        items.document == best.passage.document
        and items.intro is not None
        and items.intro.start == best.passage.start
    )
    if not wants:
        return introduces and (fit.dense >= nearest or fit.introduced >= _INTRODUCED)
    return (
        fit.named
        or (introduces and (introduces_list(best.passage) or fit.dense >= nearest - _INTRO_SLACK))
        or (fit.dense >= nearest and _stands_near(items, ranked))
        or fit.cosine >= nearest + _CLEAR_LEAD
        or (fit.dense >= nearest - _LIST_SLACK and _share(items, ranked) >= 2)
    )


def _told(question: Question, items: ItemList, catalogue: Catalogue) -> tuple[str, str]:
    """What a list says of itself, folded: what introduces it, and that with its heading.

    A word of its labels counts where two of them have it: one alone is about its own item.
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
    """Whether the question gives the title of the section that a list stands in, or all words of
    it that say what it is about, and asks of little else."""
    title = fold(label_of(items.headings[-1])) if items.headings else ""
    if len(title) > 1 and title in question.text:
        return True
    words = [word for word in segmenter.content_words(title) if word not in _TREATMENT]
    if len(words) < 2 or not all(word in question.text for word in words):
        return False
    above = fold("\n".join((catalogue.document(items.document).title, *items.headings)))
    return share_held(weights, above) >= _ABOVE


def _asks_for_one(
    question: Question, items: ItemList, catalogue: Catalogue, segmenter: Segmenter
) -> bool:
    """Whether the question names just one of the items: it is about that one, not the list."""
    text = catalogue.trail(items.document).text
    labels = [fold(text[span.start : span.end]) for span in items.labels]
    asked = question.text
    return sum(label in asked or _named(label, asked, segmenter) for label in labels) == 1


def _asks_beside(
    weights: Mapping[QueryTerm, float], items: ItemList, told: str, catalogue: Catalogue
) -> bool:
    """Whether a sentence before the one that introduces a list holds clearly more of the question
    than all that is said of the list."""
    if items.intro is None:
        return False
    text = catalogue.trail(items.document).text[items.intro.start : items.intro.end]
    *others, last = [fold(text[s.start : s.end]) for s in split_sentences(text)]
    said = told.replace(fold(text), last)
    most = max((share_held(weights, other) for other in others), default=0.0)
    return most > share_held(weights, said) + _BESIDE


def _picked(question: Question, items: ItemList, catalogue: Catalogue) -> ItemList | None:
    """Those items that a question names, if they are two or more and not all."""
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


def _named(label: str, text: str, segmenter: Segmenter) -> bool:
    """Whether nearly all words of a label stand in a folded text; of one word, that word."""
    words = segmenter.content_words(label)
    return len(words) > 1 and sum(word in text for word in words) >= _NAMED * len(words)


def _count_bonus(question: Question, items: ItemList) -> float:
    if not question.count or items.kind == "headings":
        return 0.0
    return _COUNT_FITS if len(items.items) == question.count else _COUNT_DIFFERS


def _stands_near(items: ItemList, ranked: Sequence[Appraisal]) -> bool:
    """Whether one of the first three passages stands under the list's heading, or further down."""
    depth = len(items.headings)
    return any(
        a.passage.document == items.document and a.passage.headings[:depth] == items.headings
        for a in ranked[:3]
    )


def _share(items: ItemList, ranked: Sequence[Appraisal]) -> int:
    """How many of the first four passages are items of a list, if the first is; else 0."""
    starts = {span.start for span in items.items}
    mine = [a.passage.document == items.document and a.passage.start in starts for a in ranked[:4]]
    return sum(mine) if mine[0] else 0
