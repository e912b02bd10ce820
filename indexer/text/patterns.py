"""Patterns of lines that several stages share: starts of headings, leaders, rows, cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from .numerals import ONE_TO_TEN

LINE_END = re.compile(r"\r\n|\r|\n")
# An ideograph of the common blocks: the unified ones and extension A.
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


def line_numbers(text: str, places: Sequence[int]) -> list[int]:
    """The line, from 1, of each offset; lines end as editors count them: \\n, \\r\\n or \\r."""
    if not places:
        return []
    starts = [match.end() for match in LINE_END.finditer(text)]
    return [bisect_right(starts, place) + 1 for place in places]


_NUMERALS = f"{ONE_TO_TEN}百"


# How a first heading begins: what a title may be glued to, and where a hard-wrapped line ends.
HEADING_START = (
    rf"(?:[{_NUMERALS}]{{1,3}}、|\([{_NUMERALS}]{{1,3}}\)|第[{_NUMERALS}\d]{{1,3}}[章节篇部]"
    r"|\d{1,2}(?:\.\d{1,2})*[.、](?!\d)|\d{1,2}(?:\.\d{1,2})+\s)"
)
STARTS_HEADING = re.compile(HEADING_START)


# `1.1 背景 ........ 3`: the page, and what leads to it without its spaces.
_PAGE_AT_END = re.compile(r"\(?(?:\d{1,4}|[ivxlIVXL]{1,6})\)?$")


_LEADER = re.compile(r"(?:\.{3}|[…⋯]|[·•]{3}|-{3}|_{3}|[—─]{4})$")


_LEADS = " \t.…⋯·•-_—─"


def before_leader(line: str) -> str | None:
    """The words of an entry in a table of contents whose page number has points before it.

    >>> before_leader("1.1 背景 ........ 3"), before_leader("总量为 3")
    ('1.1 背景', None)
    """
    page = _PAGE_AT_END.search(line[-8:])
    if not page:
        return None
    words = line[: len(line) - len(page.group())]
    tail = words[-16:].replace(" ", "").replace("\t", "")
    return words.rstrip(_LEADS) if _LEADER.search(tail) else None


_CELLS = re.compile(r"[^\s|]+(?:[ \t]+[^\s|]+){2,}")


# Punctuation of sentences; the comma of 11,400 is none.
_PROSE = re.compile(r"[。;:!?、]|(?<!\d),|,(?!\d)")


def is_row(line: str) -> bool:
    """Whether a folded line is a row of a table: marked by bars, or three cells and no sentence."""
    line = line.strip()
    if line.startswith("|"):
        return True
    if before_leader(line) is not None:
        return False
    tells = any("\u3400" <= c <= "\u9fff" or c.isdigit() for c in line)
    return tells and bool(_CELLS.fullmatch(line)) and not _PROSE.search(line)


def cells(row: str) -> list[str]:
    """The cells of a row, parted by bars or by white space.

    >>> cells("| 2019 | 51 |"), cells("甲公司 4,100")
    (['2019', '51'], ['甲公司', '4,100'])
    """
    parts = row.strip().strip("|").split("|") if "|" in row else row.split()
    return [part.strip() for part in parts]
