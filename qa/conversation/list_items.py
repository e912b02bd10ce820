"""References to items of a list that answered an earlier question: 第二个, 最后一项, 前两个, 这两个."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from indexer.text.fold import fold
from indexer.text.lexicon import is_verb
from indexer.text.numerals import ONE_TO_TEN, parse_numeral
from indexer.text.segment import Segmenter

from .topic import is_asking, is_aspect, replace_topic

_MENTIONED = (
    r"(?:(?:那么|那)?(?:你|报告)?(?:上面|刚才|刚刚|前面|之前)?"
    r"(?:所?[说讲]的?|提到的?|列出?的|回答的)|其中的?|上述的?|以上的?)?"
)
_UNIT = "[个项点条种类]"
# 第二个, 最后一项; not 第三方, 第二章, 第三季度.
_ORDINAL = re.compile(
    rf"(?:{_MENTIONED})(?:(?P<back>倒数)?第(?P<n>[{ONE_TO_TEN}\d]{{1,2}})|(?P<last>最后[一那]))(?:{_UNIT}|(?=呢|具体|是什么|怎))"
)
_SLICE = re.compile(
    rf"^(?:那么|那)?{_MENTIONED}(?P<side>前面?|头|后面?|最后|末尾?)(?P<n>[两二三四五六七八九\d]){_UNIT}(?P<rest>.*)$"
)
_BOTH = re.compile(
    rf"^(?:那么|那)?这(?P<n>[两二三四五六七八九]){_UNIT}(?P<rest>(?:之间|相比|的|有|中|哪|谁|分别).*)$"
)
# Words that may follow an ordinal, besides the noun of its list: 第二个怎么解决, 第一个呢.
_FUNCTION_WORD = re.compile(
    r"$|[,，的呢是有在和与会能要指对讲说]|具体|怎|如何|为什么|为何|展开|详细|分别|包括|什么|哪|多少|又|中|可以|应该|到底|主要"
)
# A longer question is no reference to an item, in characters.
_LONGEST = 24


def resolve_list_items(
    core: str,
    before: Sequence[str],
    items_of: Callable[[str], Sequence[str]],
    segmenter: Segmenter,
) -> str | None:
    """Return the question with the labels of items instead of the references to them.

    Args:
        core: the question, folded, without closing marks.
        before: the questions before it, each rewritten so that it stands alone.
        items_of: returns the labels of the list that answers a question, in order; empty if none.

    Returns:
        None if the question refers to no item; the question unchanged if the list has no such item.
    """
    if len(core) > _LONGEST:
        return None
    match = _SLICE.match(core) or _BOTH.match(core)
    if match:
        return _replace_slice(core, match, before, items_of, segmenter)
    return _replace_ordinal(core, _ORDINAL.search(core), before, items_of, segmenter)


def _find_last_list(
    before: Sequence[str], items_of: Callable[[str], Sequence[str]]
) -> tuple[str, Sequence[str]]:
    """Return the last question that a list answers, folded, and the labels of the items."""
    return next(((fold(b), found) for b in reversed(before) if (found := items_of(b))), ("", ()))


def _replace_ordinal(
    core: str,
    ordinal: re.Match[str] | None,
    before: Sequence[str],
    items_of: Callable[[str], Sequence[str]],
    segmenter: Segmenter,
) -> str | None:
    if ordinal is None:
        return None
    asked, items = _find_last_list(before, items_of)
    rest = _strip_noun(core[ordinal.end() :], asked, segmenter)
    head = core[: ordinal.start()].removeprefix("那么").removeprefix("那")
    # 世界上第一个… refers to what its own words name.
    if rest is None or segmenter.content_words(head):
        return None
    item = _pick_item(ordinal, items)
    if item is None:
        return core
    # 第一个怎么做? 那第四个呢: the last question was about an item too.
    if rest == "呢" and not head and len(before) > 1 and asked != fold(before[-1]):
        return replace_topic(fold(before[-1]), item, segmenter).rstrip("?")
    joint = re.match(r"[和与跟及、]", rest)
    again = _ORDINAL.match(rest, 1) if joint else None
    if again:  # 第二个和第三个分别是什么
        after = _replace_ordinal(rest[1:], _ORDINAL.match(rest[1:]), before, items_of, segmenter)
        return f"{head}{item}{rest[0]}{after}" if after else core
    return f"{head}{item}{rest}"


def _replace_slice(
    core: str,
    match: re.Match[str],
    before: Sequence[str],
    items_of: Callable[[str], Sequence[str]],
    segmenter: Segmenter,
) -> str | None:
    asked, items = _find_last_list(before, items_of)
    rest = _strip_noun(match["rest"], asked, segmenter)
    number = parse_numeral(match["n"]) or 0
    if rest is None:
        return None
    side = match.groupdict().get("side")
    if side is None:
        return f"{'和'.join(items)}{rest}" if len(items) == number else None
    if number > len(items):
        return core
    chosen = items[:number] if side[0] in "前头" else items[-number:]
    return "、".join(chosen) + ("分别是什么" if rest in ("", "呢") else rest)


def _strip_noun(rest: str, asked: str, segmenter: Segmenter) -> str | None:
    """Return what follows an ordinal, without the noun by which the question asked for the list.

    Return None if another noun follows: 第二个高峰 is no item of a list of 难题.
    """
    if _FUNCTION_WORD.match(rest):
        return rest
    (word, *_) = segmenter.parts(rest)
    if word in asked or is_aspect(word):
        return rest[len(word) :]
    return rest if is_verb(word, segmenter) or is_asking(word, segmenter) else None


def _pick_item(ordinal: re.Match[str], items: Sequence[str]) -> str | None:
    if not items:
        return None
    if ordinal["last"]:
        return items[-1]
    number = parse_numeral(ordinal["n"]) or 0
    in_order = items[::-1] if ordinal["back"] else items
    return in_order[number - 1] if 1 <= number <= len(items) else None
