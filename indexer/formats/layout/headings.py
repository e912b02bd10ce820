"""Find the headings of a PDF by font size and weight, and the report's title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from indexer.text.fold import fold_chars
from indexer.text.patterns import before_leader

from .boxes import TextLine
from .runs import LARGER, common_size

# A heading is short, does not end like a sentence, and has letters. Lengths in characters.
_MAX_HEADING, _MAX_BOLD_HEADING = 60, 40
_NO_HEADING_ENDS = "。；;，,、：:"
_LETTER = re.compile(r"[A-Za-z\u3400-\u9fff]")
_CAPTION = re.compile(
    r"(?:附?[图表]|figure|table|fig\.)\s*[\dA-Z一二三四五六七八九十]|注:|[-*•●]", re.I
)
_MAX_LEVEL = 6
# Where a larger share of the text is bold, bold marks no headings.
_MAX_BOLD_SHARE = 0.3
# A line at the edge of this many pages is a running header.
_MIN_RECURRING_PAGES = 3
_CONTENTS_HEADING = re.compile(r"目\s*[录次]|(?:table of )?contents", re.IGNORECASE)
_CONTENTS_ENTRY = re.compile(r"\S\s+\d{1,4}$")
# A document of fewer pages has no cover.
_MIN_PAGES_WITH_COVER = 3

# Titles in the metadata that a program made up, or that are a file's name.
_PLACEHOLDER_TITLE = re.compile(
    r"microsoft\b.* - .*|.*\.(?:docx?|wps|pdf|pptx?|xlsx?|indd|qxd|cdr|ai|txt|html?|tmp|tex)"
    r"|(?:un-?titled|document|doc|title|slide|presentation|无标题|未命名|新建|文档|标题|演示文稿|幻灯片)"
    r"[\s\d\-_]*(?:文档|microsoft word.*)?|powerpoint (?:演示文稿|presentation)|[\W\d_]*",
    re.IGNORECASE,
)
_MAX_TITLE = 100
# The least ratio of the title's font size to that of the body text.
_TITLE_RATIO = 1.25


def find_heading_levels(pages: Sequence[Sequence[TextLine]]) -> list[list[int]]:
    """Return the heading level of each line of each page: from 1, or 0 if it is no heading.

    Lines larger than the body text are headings, and the largest size has level 1. Bold lines of
    the body text's size have the lowest level.
    """
    lines = [line for page in pages for line in page]
    body = common_size(lines)
    bold = sum(len(line.text) for line in lines if line.bold and line.size <= body * LARGER)
    bold_is_heading = bold < _MAX_BOLD_SHARE * sum(len(line.text) for line in lines)
    recurring = _find_recurring_lines(pages)
    heading_sizes: list[list[float]] = []
    for page in pages:
        contents_end = _find_contents_end(page)
        heading_sizes.append(
            [
                0.0
                if at < contents_end or (line.text, line.size) in recurring
                else _find_heading_size(line, body, bold_is_heading)
                for at, line in enumerate(page)
            ]
        )
    levels = _assign_levels(heading_sizes)
    return [[levels.get(size, 0) for size in page] for page in heading_sizes]


def _find_heading_size(line: TextLine, body: float, bold_is_heading: bool) -> float:
    """Return the size that ranks a heading, to half a unit; 0.1 if it is bold, 0 if no heading."""
    text = fold_chars(line.text.strip())
    if (
        line.is_row
        or len(text) < 2
        or text[-1] in fold_chars(_NO_HEADING_ENDS)
        or not _LETTER.search(text)
    ):
        return 0.0
    if _CAPTION.match(text) or before_leader(text) is not None or _CONTENTS_HEADING.fullmatch(text):
        return 0.0
    if line.size >= LARGER * body:
        return round(line.size * 2) / 2 if len(text) <= _MAX_HEADING else 0.0
    is_bold = line.bold and bold_is_heading and line.size >= 0.95 * body and not line.may_continue
    return 0.1 if is_bold and len(text) <= _MAX_BOLD_HEADING else 0.0


def _assign_levels(heading_sizes: list[list[float]]) -> dict[float, int]:
    """Return the level of each size. Sizes that only the cover has use up no level.

    Args:
        heading_sizes: of each line of each page, 0 for a line that is no heading.
    """
    within = {size for page in heading_sizes[1:] for size in page if size}
    first_page = {size for size in heading_sizes[0] if size} if heading_sizes else set()
    cover = first_page - within if len(heading_sizes) >= _MIN_PAGES_WITH_COVER else set()
    levels: dict[float, int] = {}
    level, above = 0, 0.0
    for size in sorted(within | (first_page - cover), reverse=True):
        # Sizes that differ by at most half a point have one level: programs round them.
        level += not levels or above - size > 0.5
        levels[size] = min(level, _MAX_LEVEL)
        above = size
    largest = max(cover, default=0.0)
    if largest > max(within, default=0.0):
        levels[largest] = 1
    return levels


def _find_recurring_lines(pages: Sequence[Sequence[TextLine]]) -> set[tuple[str, float]]:
    """Return the lines at the edges of several pages: (text, size)."""
    edges: Counter[tuple[str, float]] = Counter()
    for page in pages:
        edges.update({(line.text, line.size) for line in (*page[:2], *page[-2:])})
    return {key for key, count in edges.items() if count >= _MIN_RECURRING_PAGES}


def _find_contents_end(page: Sequence[TextLine]) -> int:
    """Return the index behind the last line of a table of contents on a page; 0 if it has none."""
    folded = [fold_chars(line.text.strip()) for line in page]
    entries = [
        at
        for at, text in enumerate(folded)
        if before_leader(text) is not None or _CONTENTS_ENTRY.search(text)
    ]
    opened = any(_CONTENTS_HEADING.fullmatch(text) for text in folded)
    if entries and (opened or len(entries) * 2 > len(folded)):
        return entries[-1] + 1
    return 0


def find_title(metadata_title: str, first_page: Sequence[TextLine], body: float) -> str | None:
    """Find the report's title: that of the metadata if it is sensible, else the largest line.

    Args:
        metadata_title: the title in the file's metadata; may be empty.
        first_page: the lines of page one.
        body: the font size of the body text.
    """
    largest = _find_largest_line(first_page, body)
    metadata_title = " ".join(metadata_title.split())
    if not _is_sensible(metadata_title):
        return largest
    # A title that is left from a template does not appear on the cover.
    on_page = _normalize("".join(line.text for line in first_page))
    return metadata_title if largest is None or _normalize(metadata_title) in on_page else largest


def _is_sensible(title: str) -> bool:
    if not 2 <= len(title) <= _MAX_TITLE or _PLACEHOLDER_TITLE.fullmatch(title):
        return False
    if any(ord(c) < 32 or c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in title):
        return False
    # GBK bytes that a program stored as Latin-1 letters are no title.
    latin1 = sum("\x80" <= c <= "\xff" for c in title)
    return latin1 * 3 < len(title)


def _find_largest_line(first_page: Sequence[TextLine], body: float) -> str | None:
    """Return the largest line of a page, joined with the line below if that is as large."""
    sizes = [line.size for line in first_page if _LETTER.search(line.text) and len(line.text) > 1]
    largest = max(sizes, default=0.0)
    if not largest or largest < _TITLE_RATIO * body:
        return None
    at = next(
        at for at, line in enumerate(first_page) if line.size == largest and len(line.text) > 1
    )
    title = first_page[at].text.strip()
    if at + 1 < len(first_page) and abs(first_page[at + 1].size - largest) < 0.3:
        below = first_page[at + 1].text.strip()
        title += " " * (title[-1].isascii() and below[:1].isascii()) + below
    return title if len(title) <= _MAX_TITLE else None


def _normalize(text: str) -> str:
    return "".join(fold_chars(text).split()).lower()
