"""Which list of a report answers a question that asks for several things, if one does."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.catalogue import Catalogue
from indexer.fold import fold
from indexer.segment import content_words

from .appraise import Appraisal, Rarity, is_intro, label_of
from .confidence import share_held
from .question import Question
from .retrieve import Retrieved
from .types import ItemList

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
# What a list's cosine gains where it has just as many items as the question says, or else loses.
_COUNT_FITS, _COUNT_DIFFERS = 0.03, -0.05


def matching_list(
    question: Question,
    retrieved: Retrieved,
    ranked: Sequence[Appraisal],
    catalogue: Catalogue,
    rarity: Rarity,
) -> tuple[ItemList, float] | None:
    """The list that answers, with its cosine; None where a passage answers better.

    A list must hold about as much of the question as the best passage, and its window be about
    as near: least so where the question asks for a list and the best passage introduces this one,
    most where nothing but its own window speaks for it.
    """
    best = ranked[0]
    wants = question.kind == "list"
    if not wants and not is_intro(best.passage):
        return None
    nearest = max(a.candidate.dense for a in ranked)
    weights = {word: rarity(word) for word in question.words}
    fitting: list[tuple[float, ItemList, bool]] = []
    for one in retrieved.lists[:_LISTS]:
        items = catalogue.list_of(one.window.id)
        if items is None or _asks_for_one(question, items, catalogue):
            continue
        told, whole = _told(items, catalogue)
        held = share_held(weights, whole)
        named = wants and _names_section(question, items)
        if named or held >= best.held - _HELD_SLACK:
            gain = _TOLD * share_held(weights, told) + _SECTION * named
            fitting.append((one.dense + _count_bonus(question, items) + gain, items, named))
    for dense, items, named in sorted(fitting, key=lambda found: (-found[0], found[1].id)):
        introduces = (
            items.document == best.passage.document
            and items.intro is not None
            and items.intro.start == best.passage.start
        )
        if (
            named
            or (wants and introduces and is_intro(best.passage))
            or (introduces and dense >= nearest - _INTRO_SLACK * wants)
            or (wants and dense >= nearest and _stands_near(items, ranked))
            or (wants and dense >= nearest - _LIST_SLACK and _share(items, ranked) >= 2)
        ):
            return items, dense
    return None


def _told(items: ItemList, catalogue: Catalogue) -> tuple[str, str]:
    """What a list says of itself, folded: its introduction and labels; and its heading as well."""
    text = catalogue.trail(items.document).text
    spans = ([items.intro] if items.intro else []) + list(items.labels)
    own = "\n".join(text[s.start : s.end] for s in spans)
    heading = "\n".join(items.headings[-1:])
    return fold(own if items.intro else f"{heading}\n{own}"), fold(f"{heading}\n{own}")


def _names_section(question: Question, items: ItemList) -> bool:
    """Whether the question gives the title of the section that a list stands in."""
    title = fold(label_of(items.headings[-1])) if items.headings else ""
    return len(title) > 1 and title in question.text


def _asks_for_one(question: Question, items: ItemList, catalogue: Catalogue) -> bool:
    """Whether the question names just one of the items: it is about that one, not the list."""
    text = catalogue.trail(items.document).text
    labels = [fold(text[span.start : span.end]) for span in items.labels]
    return sum(label in question.text or _named(label, question.text) for label in labels) == 1


def _named(label: str, text: str) -> bool:
    """Whether nearly all words of a label stand in a folded text; of one word, that word."""
    words = content_words(label)
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
