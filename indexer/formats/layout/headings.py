"""Which lines of a PDF are headings, by their type, and what the report is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from indexer.text.fold import fold_chars
from indexer.text.patterns import before_leader

from .boxes import Line
from .runs import LARGER, common_size

# A heading is short, ends as no sentence does, and has words.
_LONGEST, _LONGEST_BOLD = 60, 40
_ENDS = "。；;，,、：:"
_WORDS = re.compile(r"[A-Za-z\u3400-\u9fff]")
_CAPTION = re.compile(
    r"(?:附?[图表]|figure|table|fig\.)\s*[\dA-Z一二三四五六七八九十]|注:|[-*•●]", re.I
)
_DEEPEST = 6
# Where so much (share) is bold, bold says nothing.
_MOST_BOLD = 0.3
# A line at a page's edge on so many pages is its header.
_RECURS = 3
_CONTENTS = re.compile(r"目\s*[录次]|(?:table of )?contents", re.IGNORECASE)
_ENTRY = re.compile(r"\S\s+\d{1,4}$")
# A document of fewer pages has no cover.
_COVER_FROM = 3

# Titles that a program makes up, or that are a file's name.
_NO_TITLE = re.compile(
    r"microsoft\b.* - .*|.*\.(?:docx?|wps|pdf|pptx?|xlsx?|indd|qxd|cdr|ai|txt|html?|tmp|tex)"
    r"|(?:un-?titled|document|doc|title|slide|presentation|无标题|未命名|新建|文档|标题|演示文稿|幻灯片)"
    r"[\s\d\-_]*(?:文档|microsoft word.*)?|powerpoint (?:演示文稿|presentation)|[\W\d_]*",
    re.IGNORECASE,
)
_LONGEST_TITLE = 100
# The title on a page is larger than its text by this at least.
_TITLE = 1.25


def marked_levels(pages: Sequence[Sequence[Line]]) -> list[list[int]]:
    """For each line of each page the level of its heading, from 1, or 0.

    What is larger than the text is a heading, the largest type the highest; bold lines of the
    text's own size are the lowest.
    """
    lines = [line for page in pages for line in page]
    body = common_size(lines)
    bold = sum(len(line.text) for line in lines if line.bold and line.size <= body * LARGER)
    tells_bold = bold < _MOST_BOLD * sum(len(line.text) for line in lines)
    headers = _recurring(pages)
    found: list[list[float]] = []
    for page in pages:
        after = _contents_end(page)
        found.append(
            [
                0.0
                if at < after or (line.text, line.size) in headers
                else _heading_size(line, body, tells_bold)
                for at, line in enumerate(page)
            ]
        )
    levels = _levels(found)
    return [[levels.get(size, 0) for size in page] for page in found]


def _heading_size(line: Line, body: float, tells_bold: bool) -> float:
    """The size by which a line is a heading, to half a unit; 0.1 of a bold one; 0 of others."""
    text = fold_chars(line.text.strip())
    if line.row or len(text) < 2 or text[-1] in fold_chars(_ENDS) or not _WORDS.search(text):
        return 0.0
    if _CAPTION.match(text) or before_leader(text) is not None or _CONTENTS.fullmatch(text):
        return 0.0
    if line.size >= LARGER * body:
        return round(line.size * 2) / 2 if len(text) <= _LONGEST else 0.0
    is_bold = line.bold and tells_bold and line.size >= 0.95 * body and not line.goes_on
    return 0.1 if is_bold and len(text) <= _LONGEST_BOLD else 0.0


def _levels(found: list[list[float]]) -> dict[float, int]:
    """The level of each size. Sizes of the cover alone take no level from those below."""
    within = {size for page in found[1:] for size in page if size}
    first = {size for size in found[0] if size} if found else set()
    cover = first - within if len(found) >= _COVER_FROM else set()
    sizes = sorted(within | (first - cover), reverse=True)
    levels: dict[float, int] = {}
    level, above = 0, 0.0
    for size in sizes:
        # Sizes half a point apart are one: programs round them.
        level += not levels or above - size > 0.5
        levels[size] = min(level, _DEEPEST)
        above = size
    largest = max(cover, default=0.0)
    if largest > max(within, default=0.0):
        levels[largest] = 1
    return levels


def _recurring(pages: Sequence[Sequence[Line]]) -> set[tuple[str, float]]:
    """Lines at the edges of several pages, as text and size."""
    edges: Counter[tuple[str, float]] = Counter()
    for page in pages:
        edges.update({(line.text, line.size) for line in (*page[:2], *page[-2:])})
    return {key for key, count in edges.items() if count >= _RECURS}


def _contents_end(page: Sequence[Line]) -> int:
    """How many lines of a page belong to a table of contents."""
    folded = [fold_chars(line.text.strip()) for line in page]
    entries = [
        at
        for at, text in enumerate(folded)
        if before_leader(text) is not None or _ENTRY.search(text)
    ]
    opened = any(_CONTENTS.fullmatch(text) for text in folded)
    if entries and (opened or len(entries) * 2 > len(folded)):
        return entries[-1] + 1
    return 0


def find_title(named: str, first: Sequence[Line], body: float) -> str | None:
    """What a report is called: as the file says, if it says so sensibly, or the largest line.

    Args:
        named: the title in the file's metadata.
        first: the lines of page one.
        body: the size of the report's text.
    """
    shown = _largest(first, body)
    named = " ".join(named.split())
    if not _is_sensible(named):
        return shown
    # A title left from the template that a report was made with stands nowhere on its cover.
    told = _squeezed("".join(line.text for line in first))
    return named if shown is None or _squeezed(named) in told else shown


def _is_sensible(title: str) -> bool:
    if not 2 <= len(title) <= _LONGEST_TITLE or _NO_TITLE.fullmatch(title):
        return False
    if any(ord(c) < 32 or c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in title):
        return False
    # GBK bytes that were read as Latin letters.
    foreign = sum("\x80" <= c <= "\xff" for c in title)
    return foreign * 3 < len(title)


def _largest(first: Sequence[Line], body: float) -> str | None:
    """The largest line of a page, and the one below it if that is as large."""
    sizes = [line.size for line in first if _WORDS.search(line.text) and len(line.text) > 1]
    largest = max(sizes, default=0.0)
    if not largest or largest < _TITLE * body:
        return None
    at = next(at for at, line in enumerate(first) if line.size == largest and len(line.text) > 1)
    title = first[at].text.strip()
    if at + 1 < len(first) and abs(first[at + 1].size - largest) < 0.3:
        below = first[at + 1].text.strip()
        title += " " * (title[-1].isascii() and below[:1].isascii()) + below
    return title if len(title) <= _LONGEST_TITLE else None


def _squeezed(text: str) -> str:
    return "".join(fold_chars(text).split()).lower()
