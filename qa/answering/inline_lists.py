"""Lists inside a paragraph: 一是…；二是…, 第一，…。第二，…, 首先…。其次…, 四类：…；…；…。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexer.structure.outline import build_outline
from indexer.text.fold import fold_chars
from indexer.text.numerals import ONE_TO_TEN, circled_number, parse_numeral
from indexer.text.quantities import stated_count
from indexer.types import Span

# The marks that begin an item, by kind; `n` is its number. Words must start a clause.
_CLAUSE = r"(?:(?<=[:;。,!?])|(?<=^))\s*"
_MARKS = (
    re.compile(r"\((?P<n>\d|[一二三四五六七八九])\)"),
    re.compile(r"(?P<n>[①-⑳])"),
    *(
        re.compile(_CLAUSE + mark)
        for mark in (
            rf"(?P<n>[{ONE_TO_TEN}])是",
            rf"其(?P<n>[{ONE_TO_TEN}])(?=[,:、是])",
            rf"第(?P<n>[{ONE_TO_TEN}])(?=[,:、是]|[个种类代项条点步](?!\d))",
            r"(?P<n>[1-9])[)、](?!\d)",
            r"(?P<n>首先|其次|再次|最后)(?=,|[^,。;]{4})",
            r"(?P<n>一方面|另一方面)",
        )
    ),
)
_IN_WORDS = {"首先": 1, "其次": 2, "再次": 3, "一方面": 1, "另一方面": 2}
_STOP = re.compile(r"[。!?]")
_LABEL = re.compile(
    rf"^(?:[{ONE_TO_TEN}]是|其[{ONE_TO_TEN}][,:、是]?|第[{ONE_TO_TEN}][,:、是]|\([\d{ONE_TO_TEN}]\)|[①-⑳]|[1-9][)、]|首先|其次|再次|最后|另?一方面)?[,:]?\s*"
    r"(?P<label>[^,:;。!?]{1,24})"
)
# A、B和C behind a word that introduces them.
_ENUMERATED = re.compile(
    r"(?:包括|包含|分为|分成|归为|组成|即|如下|依次是|集中在|主要有|完成|有|为|是|:)(?P<all>[^,:;。!?、]{1,16}(?:、[^,:;。!?、]{1,16})+?(?:(?:[,、]?(?:以及|和|与|及))[^,:;。!?、]{1,16}?)?)"
    rf"(?=[,;。!?]|[两{ONE_TO_TEN}\d]+[个项种类点条部]|等|$)"
)
_LAST_TWO = re.compile("[,，、]?(?:以及|和|与|與|及)")
_JOINT = re.compile("^(?:以及|和|与|與|及)")
_COUNT_END = re.compile(rf"(?:[两{ONE_TO_TEN}]|\d+)[个個项項种種类類点點条條部].*$")


@dataclass(frozen=True, slots=True)
class InlineList:
    """A list inside a text; all offsets are in the text."""

    intro: Span
    """What stands before the first item in its sentence, or else the sentence before."""
    items: tuple[Span, ...]
    """The items, two or more."""


def find_inline_lists(text: str) -> list[InlineList]:
    """Return the lists of two or more items in a paragraph, in no particular order."""
    folded = fold_chars(text)
    marked = [found for marks in _MARKS for found in _find_marked(folded, marks)]
    divided = _find_divided(folded)
    return marked + [d for d in divided if not any(_overlap(d, m) for m in marked)]


def _overlap(first: InlineList, second: InlineList) -> bool:
    return (
        first.items[0].start < second.items[-1].end and second.items[0].start < first.items[-1].end
    )


def _find_marked(folded: str, marks: re.Pattern[str]) -> Iterator[InlineList]:
    """Yield the runs of items that are numbered from 1 on."""
    runs: list[list[re.Match[str]]] = []
    for match in marks.finditer(folded):
        number = _read_number(match["n"], len(runs[-1]) + 1 if runs else 1)
        if number == 1:
            runs.append([match])
        elif runs and number == len(runs[-1]) + 1:
            runs[-1].append(match)
    limits = [*(run[0].start() for run in runs[1:]), len(folded)]
    for run, limit in zip(runs, limits, strict=False):
        if len(run) > 1:
            yield _to_list(folded, run, limit)


def _to_list(folded: str, run: list[re.Match[str]], limit: int) -> InlineList:
    """Return the list whose items the matches of a run begin.

    Args:
        limit: where the next run begins, or the text ends.
    """
    starts = [m.end() - len(m.group().lstrip()) for m in run]
    inner = [folded[a:b].rstrip() for a, b in pairwise(starts)]
    # The last item is one sentence if all others are; else it goes on to the limit.
    has_long = any(_STOP.search(item[:-1]) for item in inner)
    stop = _STOP.search(folded, starts[-1], limit)
    last = limit if has_long or stop is None else stop.end()
    ends = [*(a + len(item) for a, item in zip(starts, inner, strict=False)), last]
    return InlineList(_find_intro(folded, starts[0]), tuple(map(Span, starts, ends)))


def _find_intro(folded: str, start: int) -> Span:
    """Return the words before an item in its sentence, or the sentence before if there are none."""
    before = folded[:start].rstrip()
    end = len(before) - 1 if before and before[-1] in "。!?" else len(before)
    first = max(folded.rfind(stop, 0, end) for stop in "。!?") + 1
    return Span(first, len(before))


def _read_number(mark: str, following: int) -> int:
    """Return the number of an item.

    Args:
        mark: the number as it is written, or a word such as 首先.
        following: the number behind that of the item before: 最后 stands for it.
    """
    if mark in _IN_WORDS:
        return _IN_WORDS[mark]
    if mark == "最后":
        return following
    number = parse_numeral(mark)
    return circled_number(mark) if number is None else number


def _find_divided(folded: str) -> Iterator[InlineList]:
    """Yield sentences such as 分为四类：…；…；…；…。 that have as many clauses as they say."""
    for match in re.finditer(r"[^。!?]+[。!?]?", folded):
        head, colon, rest = match.group().partition(":")
        parts = rest.split(";")
        if not colon or len(parts) < 2 or stated_count(head) != len(parts):
            continue
        at = match.start() + len(head) + 1
        items = []
        for part in parts:
            indent = len(part) - len(part.lstrip())
            # Include the ； of every item but the last, which has none.
            size = len(part.rstrip()) + (part is not parts[-1])
            items.append(Span(at + indent, at + size))
            at += len(part) + 1
        yield InlineList(Span(match.start(), match.start() + len(head) + 1), tuple(items))


def read_item_label(text: str) -> str:
    """Return what an item is called: its words up to the first stop, without number or 一是.

    >>> read_item_label("二是进入门槛低，一辆二手车就能接单；"), read_item_label("3. 储能套利：在站内")
    ('进入门槛低', '储能套利')
    """
    nodes = build_outline(text)
    if nodes:
        return nodes[0].title
    match = _LABEL.match(fold_chars(text))
    return text[match.start("label") : match.end("label")].strip() if match else text


def split_enumeration(text: str) -> list[str]:
    """Return the parts of A、B和C, or of 三类：A，B，以及C, in a text that has one such run.

    >>> split_enumeration("冷库分为产地库、中转库和前置库三种。")
    ['产地库', '中转库', '前置库']
    """
    folded = fold_chars(text)
    runs = list(_ENUMERATED.finditer(folded))
    if len(runs) == 1:
        whole = text[runs[0].start("all") : runs[0].end("all")]
        *parts, last = whole.split("、")
        parts += [part for part in _LAST_TWO.split(last, maxsplit=1) if part]
        parts[-1] = _COUNT_END.sub("", parts[-1])
        return [part.strip(" ,，") for part in parts]
    for match in re.finditer(r"(?P<head>[^。!?:]+):(?P<rest>[^。!?;:]+)", folded):
        rest = text[match.start("rest") : match.end("rest")]
        parts = [_JOINT.sub("", part.strip()) for part in re.split("[,，]", rest)]
        if len(parts) > 1 and stated_count(match["head"]) == len(parts):
            return parts
    return []
