"""Dotted numbers: which lines that begin with 1, 1.1 or 1.1.1 are numbered, and which only count.

A number at the start of a line says little: `1.2 背景` heads a section and `1.2万家企业` does not. So
a line is believed for what it is followed by and for the numbers before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from operator import itemgetter

from indexer.text.patterns import QUANTITY, is_row

Path = tuple[int, ...]

NUMERALS = "一二三四五六七八九十百零"
_ONES = NUMERALS[:9]
# No component is 0, so that versions (2.0) and addresses (10.0.0.1) are none; words follow.
DOTTED = re.compile(
    r"(?P<number>[1-9]\d?(?:\.[1-9]\d?){1,5})(?:[.、]?(?P<gap>\s+)(?=\S)|[.、]?(?![\d.、\s]))"
    r"(?P<title>[0-9A-Za-z\u3400-\u9fff《<“\"「『【(].*)"
)
# The chapter above 1.1: `1 总论`, `1. 总论` or `1总论`.
BARE = re.compile(
    r"(?P<number>[1-9]\d?)(?P<mark>[.、]\s*|\s+|)(?P<title>[A-Za-z\u3400-\u9fff《“\"「『【].*)"
)
_BREAK = re.compile(
    rf"(?:第(?P<chapter>[{NUMERALS}\d]+)[章篇部]|(?P<han>[{NUMERALS}]+)、|#{{1,6}}\s)"
)
# A heading is short and is no sentence; the seed report's longest has 13 characters, and chapter
# titles of public reports that we looked at stay below 40.
MAX_HEADING = 40
_SENTENCE = re.compile(r"[。;!?…]|[,:]$")
# `1 总论` has less to show for itself than 1.1 has: a comma makes it running text.
_RUNNING = re.compile(r"[,、:]")
# An author who skips numbers skips one or two.
_SKIPS = 2
# 1.2.3.4 is an address or a version unless 1.2.3 stands above it.
_DEEP = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may be numbered: its index, its number, and how much the line says for it.

    title: its words are no sentence. apart: white space or a stop stands between number and words.
    plain: the number has no point or stop behind it.
    """

    line: int
    path: Path
    title: bool
    apart: bool
    plain: bool = True


def is_title(title: str) -> bool:
    """Whether folded words are short enough for a heading and no sentence."""
    return len(title) <= MAX_HEADING and not _SENTENCE.search(title)


def numbered_lines(lines: Sequence[str], skip: Container[int]) -> dict[int, Path]:
    """The lines that are numbered 1, 1.1, 1.1.1 ..., by index; `1.` only where it heads 1.1.

    Args:
        lines: folded, without space around them.
        skip: indices of lines that are no part of the outline.

    >>> numbered_lines(["1 总论", "1.1 背景", "1.2万家企业加入", "1.2 目的"], ())
    {0: (1,), 1: (1, 1), 3: (1, 2)}
    """
    dotted: list[_Candidate] = []
    bare: list[_Candidate] = []
    breaks: dict[int, Path | None] = {}
    for index, line in enumerate(lines):
        if index in skip or not line:
            continue
        if match := _BREAK.match(line):
            breaks[index] = _chapter(match)
        elif candidate := _dotted(index, line):
            dotted.append(candidate)
        elif candidate := _bare(index, line):
            bare.append(candidate)
    if sum(map(bool, lines)) == 1:  # an item on its own, whose like stood before and after it
        return {c.line: c.path for c in (*dotted, *bare) if c.plain and (c.apart or c in dotted)}
    chapters = _chapters(bare, dotted, breaks, lines)
    return chapters | _sections(dotted, chapters, breaks)


def _dotted(index: int, line: str) -> _Candidate | None:
    match = DOTTED.fullmatch(line)
    if not match or QUANTITY.match(match["title"]):
        return None
    if match["title"][0].isdigit() and is_row(line):
        return None
    path = tuple(map(int, match["number"].split(".")))
    return _Candidate(index, path, is_title(match["title"]), bool(match["gap"]))


def _bare(index: int, line: str) -> _Candidate | None:
    match = BARE.fullmatch(line)
    if not match or QUANTITY.match(match["title"]):
        return None
    plain = not match["mark"].strip()
    title = is_title(match["title"]) and ":" not in match["title"]
    if plain and (not title or _RUNNING.search(match["title"]) or is_row(line)):
        return None
    return _Candidate(index, (int(match["number"]),), title, bool(match["mark"]), plain)


def _chapter(match: re.Match[str]) -> Path | None:
    """The number of 第三章 or 三、 as sections below it begin with; None for a Markdown heading."""
    word = match["chapter"] or match["han"] or ""
    if word.isdigit():
        return (int(word),)
    digits = re.fullmatch(rf"(?P<tens>[{_ONES}]?)(?P<ten>十?)(?P<ones>[{_ONES}]?)", word)
    if not word or not digits or (digits["tens"] and digits["ones"] and not digits["ten"]):
        return None
    ones = _ONES.find(digits["ones"]) + 1 if digits["ones"] else 0
    if not digits["ten"]:
        return (_ONES.index(word) + 1,)
    return ((_ONES.index(digits["tens"]) + 1 if digits["tens"] else 1) * 10 + ones,)


def _chapters(
    bare: list[_Candidate],
    dotted: list[_Candidate],
    breaks: dict[int, Path | None],
    lines: Sequence[str],
) -> dict[int, Path]:
    """Lines `1 总论` and `1. 总论` that are chapters: 1.1 follows them, or they go on from one.

    Where nothing is dotted `1 总论` still is one if they count from 1 with text between them.
    """
    heads = _heads(bare, dotted, breaks)
    if heads:
        return _between(bare, heads)
    spaced = [c for c in bare if c.plain and c.apart]
    run = _run(spaced)
    rows = {c.line for c in spaced}
    if len(run) > 1 and all(_has_body(c.line, lines, rows) for c in run):
        return {c.line: c.path for c in run}
    return {}


def _heads(
    bare: list[_Candidate], dotted: list[_Candidate], breaks: dict[int, Path | None]
) -> set[int]:
    """The last line with number n before the first n.x, where no chapter of other style begins."""
    heads: set[int] = set()
    held: dict[int, int] = {}
    before: int | None = None
    titled = [c for c in bare if c.title]
    for index, candidate in sorted(
        [*((c.line, c) for c in (*titled, *dotted)), *((index, None) for index in breaks)],
        key=itemgetter(0),
    ):
        if candidate is None:
            held, before = {}, None
            continue
        first, *below = candidate.path
        if not below:
            held[first] = index
        elif first != before and first in held and all(number == 1 for number in below):
            heads.add(held[first])
            held, before = {}, first
    return heads


def _between(bare: list[_Candidate], heads: set[int]) -> dict[int, Path]:
    """The heads, and chapters without sections, which go on where the one before them stopped."""
    chosen: dict[int, Path] = {}
    first = min(heads)
    wanted = next(c.path[0] for c in bare if c.line == first) - 1
    for candidate in reversed([c for c in bare if c.line < first and c.title and c.apart]):
        if candidate.path[0] == wanted > 0:
            chosen[candidate.line] = candidate.path
            wanted -= 1
    latest = {c.path[0]: c.line for c in bare if c.line in heads}
    last = 0
    inner: _Candidate | None = None  # the last item of a list inside the chapter
    for candidate in bare:
        number = candidate.path[0]
        if candidate.line < first:
            continue
        if candidate.line not in heads:
            if not candidate.apart:
                continue
            # A title does not go on a list of sentences.
            goes_on = (
                inner is not None
                and number == inner.path[0] + 1
                and (inner.title or not candidate.title)
            )
            later = latest.get(number, -1) > candidate.line
            if goes_on or later or not candidate.title or number != last + 1:
                inner = candidate
                continue
        chosen[candidate.line], last, inner = candidate.path, number, None
    return chosen


def _run(candidates: list[_Candidate]) -> list[_Candidate]:
    """Those that count from 1."""
    run: list[_Candidate] = []
    for candidate in candidates:
        if candidate.path[0] == len(run) + 1:
            run.append(candidate)
    return run


def _has_body(index: int, lines: Sequence[str], rows: Container[int]) -> bool:
    """Whether other text follows a line, so that it is no row of a list or table."""
    following = next((i for i in range(index + 1, len(lines)) if lines[i]), None)
    return following is not None and following not in rows


def _sections(
    dotted: list[_Candidate], chapters: dict[int, Path], breaks: dict[int, Path | None]
) -> dict[int, Path]:
    """The dotted lines that fit the numbers before and after them."""
    chosen: dict[int, Path] = {}
    marks = sorted((chapters | breaks).items())
    at = 0
    last: Path | None = None
    above: Path | None = None
    for position, candidate in enumerate(dotted):
        while at < len(marks) and marks[at][0] < candidate.line:
            # A list 一、 inside 1.1 does not end what 1.2 goes on from.
            line, above = marks[at]
            last = above if line in chapters else last
            at += 1
        following = dotted[position + 1] if position + 1 < len(dotted) else None
        if following and at < len(marks) and marks[at][0] < following.line:
            following = None
        after = following.path if following else None
        if _fits(candidate, last, after) or (above and _fits(candidate, above, after)):
            chosen[candidate.line] = last = candidate.path
            above = None
    return chosen


def _fits(candidate: _Candidate, before: Path | None, after: Path | None) -> bool:
    """Whether a number has its place between the one before it and the one after it.

    Where those two go on without it, it is a figure. A clear title may also skip further numbers
    or begin at 1 anew.
    """
    path = candidate.path
    if before is not None and _follows(before, path):
        return True
    if len(path) > _DEEP:
        return False
    if after is not None and _follows(path, after):
        return True
    if before is not None and after is not None and _follows(before, after):
        return False
    if not (candidate.title and candidate.apart):
        return False
    if before is None or path[0] - before[0] > _SKIPS:
        return path[0] == path[-1] == 1
    return path[-1] == 1 or (before < path and (after is None or path <= after))


def _follows(before: Path, path: Path) -> bool:
    """Whether a number is the next one, a repeated one, or a few further: 1.2 to 1.2.1, 1.3, 2.1."""
    shared = 0
    while shared < min(len(before), len(path)) and before[shared] == path[shared]:
        shared += 1
    if shared == len(path):
        return before == path
    rest = path[shared + 1 :]
    step = path[shared] - (before[shared] if shared < len(before) else 0)
    return 1 <= step <= _SKIPS and all(n == 1 for n in rest)
