"""Patterns of lines that several stages share: starts of headings, dotted leaders, rows of tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from .numerals import ONE_TO_TEN

LINE_END = re.compile(r"\r\n|\r|\n")
# An ideograph of the common blocks: the unified ones and extension A.
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


def line_numbers(text: str, places: Sequence[int]) -> list[int]:
    """Return the line of each offset, from 1. Lines end with \\n, \\r\\n or \\r, as in editors."""
    if not places:
        return []
    starts = [match.end() for match in LINE_END.finditer(text)]
    return [bisect_right(starts, place) + 1 for place in places]


_NUMERALS = f"{ONE_TO_TEN}百"


# The start of a numbered heading. A title may run straight into it, and a hard-wrapped line ends
# before it.
HEADING_START = (
    rf"(?:[{_NUMERALS}]{{1,3}}、|\([{_NUMERALS}]{{1,3}}\)|第[{_NUMERALS}\d]{{1,3}}[章节篇部]"
    r"|\d{1,2}(?:\.\d{1,2})*[.、](?!\d)|\d{1,2}(?:\.\d{1,2})+\s)"
)
STARTS_HEADING = re.compile(HEADING_START)


# The parts of an entry in a table of contents such as `1.1 背景 ........ 3`: its page number, the end of
# its leader without spaces, and the characters of a leader.
_PAGE_AT_END = re.compile(r"\(?(?:\d{1,4}|[ivxlIVXL]{1,6})\)?$")
_LEADER = re.compile(r"(?:\.{3}|[…⋯]|[·•]{3}|-{3}|_{3}|[—─]{4})$")
_LEADER_CHARACTERS = " \t.…⋯·•-_—─"


def before_leader(line: str) -> str | None:
    """Return the words of an entry in a table of contents that come before its leader and page number.

    Returns:
        None where the line is no such entry.

    >>> before_leader("1.1 背景 ........ 3"), before_leader("总量为 3")
    ('1.1 背景', None)
    """
    page = _PAGE_AT_END.search(line[-8:])
    if not page:
        return None
    words = line[: len(line) - len(page.group())]
    tail = words[-16:].replace(" ", "").replace("\t", "")
    return words.rstrip(_LEADER_CHARACTERS) if _LEADER.search(tail) else None


# Three cells or more, parted by white space.
_CELLS = re.compile(r"[^\s|]+(?:[ \t]+[^\s|]+){2,}")
# Punctuation of sentences, without the comma of 11,400.
_PROSE = re.compile(r"[。;:!?、]|(?<!\d),|,(?!\d)")


def is_table_row(line: str) -> bool:
    """Return whether a folded line is a row of a table: it has bars, or three cells and no sentence.

    Tabs part cells whatever these hold.
    """
    line = line.strip()
    if line.startswith("|"):
        return True
    if before_leader(line) is not None:
        return False
    if line.count("\t") >= 2 and "。" not in line:
        return True
    has_content = any("\u3400" <= c <= "\u9fff" or c.isdigit() for c in line)
    # Words of a Latin phrase are one cell: 总体评价 global assessment.
    cells = re.sub(r"(?<=[A-Za-z]) (?=[A-Za-z])", "-", line)
    return has_content and bool(_CELLS.fullmatch(cells)) and not _PROSE.search(line)


def split_cells(row: str) -> list[str]:
    """Return the cells of a row, which bars or white space part.

    >>> split_cells("| 2019 | 51 |"), split_cells("甲公司 4,100")
    (['2019', '51'], ['甲公司', '4,100'])
    """
    if "|" in row:
        parts = row.strip().strip("|").split("|")
    else:
        parts = row.strip().split("\t") if row.strip().count("\t") >= 2 else row.split()
    return [part.strip() for part in parts]
