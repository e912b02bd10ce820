"""Dotted numbers: decide which lines that begin with 1, 1.1 or 1.1.1 are numbered.

The number alone does not decide: `1.2 背景` heads a section and `1.2万家企业` begins a sentence. The
words behind the number count, and the numbers of the lines before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from operator import itemgetter

from indexer.text.numerals import ONE_TO_TEN, parse_numeral
from indexer.text.patterns import is_table_row
from indexer.text.quantities import QUANTITY

# The components of a number: (1, 2) for 1.2.
Path = tuple[int, ...]

NUMERALS = f"{ONE_TO_TEN}百零"
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
# Characters of a heading at most. The longest of the seed report has 13; the chapter titles of the
# public reports that were looked at stay below 40.
MAX_HEADING = 40
# No heading has one of these.
_SENTENCE_MARK = re.compile(r"[。;!?…]|[,:]$")
# A plain number such as 1 proves less than 1.1: with one of these its line is running text.
_PROSE_MARK = re.compile(r"[,、:]")
# The largest step from one number to the next: an author may skip a number.
_MAX_STEP = 2
# A number with more components (1.2.3.4) is an address or a version, unless it follows the number
# before it (1.2.3).
_MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may be numbered, and what in the line itself speaks for that."""

    line: int
    """Index of the line."""
    path: Path
    is_title: bool
    """The words are short and no sentence."""
    is_apart: bool
    """White space or a stop stands between number and words."""
    is_plain: bool = True
    """No point or stop stands behind the number."""


def is_title(title: str) -> bool:
    """Whether folded words are short enough for a heading and no sentence."""
    return len(title) <= MAX_HEADING and not _SENTENCE_MARK.search(title)


def numbered_lines(lines: Sequence[str], skip: Container[int]) -> dict[int, Path]:
    """Return the lines that are numbered 1, 1.1, 1.1.1 ..., by index; `1.` only if it heads 1.1.

    Args:
        lines: folded, without space around them.
        skip: indices of lines that are no part of the outline.

    >>> numbered_lines(["1 总论", "1.1 背景", "1.2万家企业加入", "1.2 目的"], ())
    {0: (1,), 1: (1, 1), 3: (1, 2)}
    """
    dotted: list[_Candidate] = []
    bare: list[_Candidate] = []
    # Headings of other styles, with the number that sections below them begin with.
    breaks: dict[int, Path | None] = {}
    for index, line in enumerate(lines):
        if index in skip or not line:
            continue
        if match := _BREAK.match(line):
            breaks[index] = _chapter(match)
        elif candidate := _read_dotted(index, line):
            dotted.append(candidate)
        elif candidate := _read_bare(index, line):
            bare.append(candidate)
    if sum(map(bool, lines)) == 1:  # a single item, without the lines that stood around it
        return {
            c.line: c.path for c in (*dotted, *bare) if c.is_plain and (c.is_apart or c in dotted)
        }
    chapters = _find_chapters(bare, dotted, breaks, lines)
    return chapters | _find_sections(dotted, chapters, breaks)


def _read_dotted(index: int, line: str) -> _Candidate | None:
    """Read a line that begins with a dotted number and words that are no unit of it."""
    match = DOTTED.fullmatch(line)
    if not match or QUANTITY.match(match["title"]):
        return None
    if match["title"][0].isdigit() and is_table_row(line):
        return None
    path = tuple(map(int, match["number"].split(".")))
    return _Candidate(index, path, is_title(match["title"]), bool(match["gap"]))


def _read_bare(index: int, line: str) -> _Candidate | None:
    """Read a line that begins with a number without components, as `1 总论` or `1. 总论`."""
    match = BARE.fullmatch(line)
    if not match or QUANTITY.match(match["title"]):
        return None
    plain = not match["mark"].strip()
    title = is_title(match["title"]) and ":" not in match["title"]
    if plain and (not title or _PROSE_MARK.search(match["title"]) or is_table_row(line)):
        return None
    return _Candidate(index, (int(match["number"]),), title, bool(match["mark"]), plain)


def _chapter(match: re.Match[str]) -> Path | None:
    """The number of 第三章 or 三、 as sections below it begin with; None for a Markdown heading."""
    word = match["chapter"] or match["han"] or ""
    number = parse_numeral(word)
    # No section below 一百 was seen: its number has two digits at most.
    if number is None or not (word.isdigit() or 0 < number < 100):
        return None
    return (number,)


def _find_chapters(
    bare: list[_Candidate],
    dotted: list[_Candidate],
    breaks: dict[int, Path | None],
    lines: Sequence[str],
) -> dict[int, Path]:
    """Return the lines `1 总论` and `1. 总论` that are chapters: with 1.1 below, or in their series.

    Without any such chapter, lines `1 总论` are chapters if they count from 1 with text between.
    """
    heads = _find_heads(bare, dotted, breaks)
    if heads:
        return _add_chapters_between(bare, heads)
    spaced = [c for c in bare if c.is_plain and c.is_apart]
    series = _count_from_one(spaced)
    rows = {c.line for c in spaced}
    if len(series) > 1 and all(_has_body(c.line, lines, rows) for c in series):
        return {c.line: c.path for c in series}
    return {}


def _find_heads(
    bare: list[_Candidate], dotted: list[_Candidate], breaks: dict[int, Path | None]
) -> set[int]:
    """Return the chapters with sections: the last line with number n before the first n.1.

    No heading of another style may stand between the two.
    """
    heads: set[int] = set()
    latest: dict[int, int] = {}  # number -> the last line with it
    chapter: int | None = None
    titled = [c for c in bare if c.is_title]
    for index, candidate in sorted(
        [*((c.line, c) for c in (*titled, *dotted)), *((index, None) for index in breaks)],
        key=itemgetter(0),
    ):
        if candidate is None:
            latest, chapter = {}, None
            continue
        first, *below = candidate.path
        if not below:
            latest[first] = index
        elif first != chapter and first in latest and all(number == 1 for number in below):
            heads.add(latest[first])
            latest, chapter = {}, first
    return heads


def _add_chapters_between(bare: list[_Candidate], heads: set[int]) -> dict[int, Path]:
    """Return the chapters `heads` and those without sections that go on from the one before."""
    chosen: dict[int, Path] = {}
    first = min(heads)
    # Before the first head: count down from its number.
    wanted = next(c.path[0] for c in bare if c.line == first) - 1
    for candidate in reversed([c for c in bare if c.line < first and c.is_title and c.is_apart]):
        if candidate.path[0] == wanted > 0:
            chosen[candidate.line] = candidate.path
            wanted -= 1
    latest = {c.path[0]: c.line for c in bare if c.line in heads}
    last = 0  # the number of the last chapter
    item: _Candidate | None = None  # the last item of a list inside that chapter
    for candidate in bare:
        number = candidate.path[0]
        if candidate.line < first:
            continue
        if candidate.line not in heads:
            if not candidate.is_apart:
                continue
            # A title does not continue a list of sentences.
            continues_list = (
                item is not None
                and number == item.path[0] + 1
                and (item.is_title or not candidate.is_title)
            )
            has_later_head = latest.get(number, -1) > candidate.line
            if continues_list or has_later_head or not candidate.is_title or number != last + 1:
                item = candidate
                continue
        chosen[candidate.line], last, item = candidate.path, number, None
    return chosen


def _count_from_one(candidates: list[_Candidate]) -> list[_Candidate]:
    """Return those candidates that count up from 1."""
    series: list[_Candidate] = []
    for candidate in candidates:
        if candidate.path[0] == len(series) + 1:
            series.append(candidate)
    return series


def _has_body(index: int, lines: Sequence[str], rows: Container[int]) -> bool:
    """Whether other text follows a line, so that it is no row of a list or table."""
    following = next((i for i in range(index + 1, len(lines)) if lines[i]), None)
    return following is not None and following not in rows


def _find_sections(
    dotted: list[_Candidate], chapters: dict[int, Path], breaks: dict[int, Path | None]
) -> dict[int, Path]:
    """Return the dotted lines that fit the numbers before and after them."""
    chosen: dict[int, Path] = {}
    headings = sorted((chapters | breaks).items())
    passed = 0  # headings before the candidate
    last: Path | None = None  # the number before the candidate
    above: Path | None = None  # the number of the heading before it, if no section stands between
    for position, candidate in enumerate(dotted):
        while passed < len(headings) and headings[passed][0] < candidate.line:
            # A list 一、 inside 1.1 does not end the series that 1.2 continues.
            line, above = headings[passed]
            last = above if line in chapters else last
            passed += 1
        following = dotted[position + 1] if position + 1 < len(dotted) else None
        if following and passed < len(headings) and headings[passed][0] < following.line:
            following = None
        after = following.path if following else None
        if _fits(candidate, last, after) or (above and _fits(candidate, above, after)):
            chosen[candidate.line] = last = candidate.path
            above = None
    return chosen


def _fits(candidate: _Candidate, before: Path | None, after: Path | None) -> bool:
    """Whether a number has its place between the number before it and the number after it.

    If these two follow each other without it, it is a figure of the text. A clear title may also
    skip further numbers or begin at 1 again.
    """
    path = candidate.path
    if before is not None and _follows(before, path):
        return True
    if len(path) > _MAX_DEPTH:
        return False
    if after is not None and _follows(path, after):
        return True
    if before is not None and after is not None and _follows(before, after):
        return False
    if not (candidate.is_title and candidate.is_apart):
        return False
    if before is None or path[0] - before[0] > _MAX_STEP:
        return path[0] == path[-1] == 1
    return path[-1] == 1 or (before < path and (after is None or path <= after))


def _follows(before: Path, path: Path) -> bool:
    """Whether a number is the same, the next or one further: from 1.2 to 1.2, 1.2.1, 1.3, 1.4, 2.1."""
    shared = 0
    while shared < min(len(before), len(path)) and before[shared] == path[shared]:
        shared += 1
    if shared == len(path):
        return before == path
    rest = path[shared + 1 :]
    step = path[shared] - (before[shared] if shared < len(before) else 0)
    return 1 <= step <= _MAX_STEP and all(number == 1 for number in rest)
