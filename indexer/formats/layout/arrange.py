"""Arrange the text fragments of a page into lines in reading order: columns, tables, paragraphs.

Only the boxes count. The order of a file is that in which a program happened to draw the fragments.
The lines of a paragraph are joined here, because only the page shows whether a line was broken for
being full. A paragraph that continues on the next page is left to cleaning, which first removes the
headers and footers between.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from indexer.text.fold import fold_chars
from indexer.text.patterns import HEADING_START, before_leader
from indexer.text.quantities import QUANTITY

from .boxes import Fragment, Region, TextLine
from .runs import CJK, LARGE, LARGER, common_size, join_runs, join_text
from .tables import group_by_line, split_aligned_tables

# Lengths are in em (the font size) unless the comment says otherwise.
# The least width and number of lines of a column of prose; a column of figures is narrower.
_MIN_COLUMN_WIDTH, _MIN_COLUMN_LINES = 6.0, 3
_MIN_GUTTER = 0.9
# Lines of prose fill at least this share of their column's width; cells of a table do not.
_MIN_FILL = 0.6
# Headers and footers stand in this share of the page's height, at the top and at the bottom ...
_EDGE_SHARE = 0.12
# ... and at least this far from the text.
_MIN_EDGE_GAP = 0.9
# The largest distance between baselines within a paragraph: slightly above double spacing.
_MAX_LINE_PITCH = 2.4
_MIN_INDENT = 0.8
# A line that ends this near to its column's right edge is full: an ideograph with a full stop does
# not fit any more.
_MAX_RAGGED_END = 2.1
# A shorter line is a label, not prose.
_MIN_PROSE_WIDTH = 6.0
# Font sizes that differ by at most this share count as equal.
_SIZE_TOLERANCE = 0.06
_ITEM = re.compile(
    rf"{HEADING_START}|[-*•●▪◆■○►\uf0b7·]\s*\S|[①-⑳]|\(?\d{{1,2}}\)|第[一二三四五六七八九十百\d]+[条款]"
    r"|(?:图|表|附表|附图)\s*\d|\[\d{1,3}\]|(?:注|备注|说明|数据来源|资料来源|来源):"
)
_TERMINAL = "。！？!?：:；;…"


def arrange(
    fragments: Sequence[Fragment], tables: Sequence[Region] = (), height: float = 0.0
) -> tuple[TextLine, ...]:
    """Return the lines of a page in reading order.

    Args:
        fragments: the text outside of `tables`, in any order.
        tables: the tables of the page, already read.
        height: the height of the page; 0 if unknown, and then no header or footer is looked for.
    """
    regions = [*join_runs(fragments), *tables]
    if not regions:
        return ()
    body = common_size(regions)
    lines: list[TextLine] = []
    watermarks = _find_watermarks(regions, body)
    regions = [r for r in regions if r not in watermarks]
    for column, is_edge in _split_page(regions, height):
        for line in _read_column(column, body):
            if is_edge:
                lines.append(replace(line, may_continue=False))
            elif lines and _continues_in_next_column(lines[-1], line):
                lines[-1] = _join_lines(lines[-1], line)
            else:
                lines.append(line)
    return (*lines, *(TextLine(r.text) for r in watermarks))


def _find_watermarks(regions: list[Region], body: float) -> list[Region]:
    """Return the watermarks: large text across other lines. It is put after the page's text."""
    return [
        watermark
        for watermark in regions
        if watermark.size >= LARGE * body
        and sum(_count_covered_lines(watermark, r) for r in regions if r.size < watermark.size) >= 2
    ]


def _count_covered_lines(watermark: Region, region: Region) -> int:
    """Return how many lines of a region a watermark lies across: 0, 1, or 2 for a table."""
    width = min(watermark.right, region.right) - max(watermark.left, region.left)
    height = min(watermark.bottom, region.bottom) - max(watermark.top, region.top)
    return (width > region.size and height > 0.5 * region.size) * (2 if region.lines else 1)


# --- columns ---


def _split_page(regions: list[Region], height: float) -> Iterator[tuple[list[Region], bool]]:
    """Yield headers, columns and footers in reading order, each with whether it is no column."""
    ordered = sorted(regions, key=lambda r: r.bottom)
    top = _count_edge_regions(ordered, height, upper=True)
    foot = _count_edge_regions(ordered[top:], height, upper=False)
    yield from ((row, True) for row in group_by_line(ordered[:top]))
    yield from ((column, False) for column in _split_columns(ordered[top : len(ordered) - foot]))
    yield from ((row, True) for row in group_by_line(ordered[len(ordered) - foot :]))


def _count_edge_regions(ordered: list[Region], height: float, *, upper: bool) -> int:
    """Return how many regions at the upper or lower edge of the page stand apart from the rest."""
    found = 0
    for at in range(1, min(len(ordered), 12) if height else 1):
        above, below = (ordered[:at], ordered[at:]) if upper else (ordered[:-at], ordered[-at:])
        edge_regions = above if upper else below
        if any(r.lines for r in edge_regions):
            break
        reach = max(r.bottom for r in edge_regions) if upper else min(r.top for r in edge_regions)
        inside = reach <= _EDGE_SHARE * height if upper else reach >= (1 - _EDGE_SHARE) * height
        if not inside:
            break
        gap = min(r.top for r in below) - max(r.bottom for r in above)
        if gap >= _MIN_EDGE_GAP * max(r.size for r in edge_regions):
            found = at
    return found


def _split_columns(regions: list[Region]) -> Iterator[list[Region]]:
    """Yield the regions of each column: the left column to its end, then the right one.

    A region across the gutter, as a title or a wide table, separates the columns above it from
    those below it.
    """
    gutter = _find_gutter(regions)
    if gutter is None:
        if regions:
            yield regions
        return
    left: list[Region] = []
    right: list[Region] = []
    across: list[Region] = []
    for region in sorted(regions, key=lambda r: r.top):
        crosses = region.left < gutter - 0.1 and region.right > gutter + 0.1
        if crosses or (across and not (left or right) and _is_last_line(across, region, regions)):
            if left or right:
                yield from _split_sides(across, left, right)
                across, left, right = [], [], []
            across.append(region)
        else:
            (left if region.right <= gutter + 0.1 else right).append(region)
    yield from _split_sides(across, left, right)


def _is_last_line(across: list[Region], region: Region, regions: list[Region]) -> bool:
    """Return whether a region is the short last line of a paragraph that crosses the gutter."""
    above, size = across[-1], region.size
    near = 0 < region.bottom - above.bottom < _MAX_LINE_PITCH * size and _same_size(
        above.size, size
    )
    # The first line of the paragraph may be indented.
    begins = -4.5 < (region.left - above.left) / (size or 1) < _MIN_INDENT
    beside = any(
        r is not region
        and r.top < region.bottom - 0.2 * size
        and region.top < r.bottom - 0.2 * size
        for r in regions
    )
    return near and begins and not beside


def _split_sides(
    across: list[Region], left: list[Region], right: list[Region]
) -> Iterator[list[Region]]:
    if across:
        yield across
    # A single line on each side is one line with a gap, as a name and a date.
    if (
        len(left) == 1
        and len(right) == 1
        and abs(left[0].bottom - right[0].bottom) < 0.3 * left[0].size
    ):
        yield [*left, *right]
        return
    yield from _split_columns(left)
    yield from _split_columns(right)


def _find_gutter(regions: list[Region]) -> float | None:
    """Return the middle of the gutter between two columns of prose; None if there is none.

    Of several gutters, choose the one that the fewest regions cross, then the widest.
    """
    text = [r for r in regions if not r.lines]
    if len(text) < 2 * _MIN_COLUMN_LINES:
        return None
    size = median(r.size for r in text)
    starts = Counter(round(r.left / (size or 1)) for r in text)
    best: tuple[int, float, float] | None = None
    for key, count in starts.items():
        if count < 2:
            continue
        edge = min(r.left for r in text if round(r.left / (size or 1)) == key)
        left = [r for r in text if r.right <= edge - _MIN_GUTTER * size]
        right = [r for r in text if r.left >= edge - 0.1]
        if not (_is_prose(left, size) and _is_prose(right, size)):
            continue
        beside = sum(any(a.top < r.bottom and r.top < a.bottom for r in right) for a in left)
        if beside < _MIN_COLUMN_LINES:
            continue
        width = edge - max(r.right for r in left)
        crossing = len(text) - len(left) - len(right)
        if crossing > len(text) / 2:
            continue
        if best is None or (crossing, -width) < best[:2]:
            best = (crossing, -width, edge - width / 2)
    return best[2] if best else None


def _is_prose(regions: list[Region], size: float) -> bool:
    """Return whether regions are running text: enough lines, wide, and filling their column."""
    if len(regions) < _MIN_COLUMN_LINES:
        return False
    left, right = min(r.left for r in regions), max(r.right for r in regions)
    width = right - left
    if width < _MIN_COLUMN_WIDTH * size:
        return False
    full = sum(r.width >= _MIN_FILL * width for r in regions)
    return full * 2 >= len(regions)


# --- paragraphs ---


@dataclass(frozen=True, slots=True)
class _PageLine:
    """One line as it stands on the page."""

    line: TextLine
    region: Region
    prose: bool
    """It is long and has no gap and no dot leader inside."""


def _read_column(regions: list[Region], body: float) -> list[TextLine]:
    """Return the lines of a column, the lines of each paragraph joined into one."""
    text = [r for r in regions if not r.lines]
    left = min((r.left for r in text), default=0.0)
    right = max((r.right for r in text), default=0.0)
    lines: list[TextLine] = []
    before: _PageLine | None = None
    single = len({r.bottom for r in text}) < 2  # one line alone does not show the column's edge
    start = left  # the left edge of the paragraph's first line
    for item in split_aligned_tables(group_by_line(regions)):
        if isinstance(item, tuple):
            lines += item
            before = None
            continue
        row = _to_page_line(item, left, right + (item[0].width if single else 0))
        if before and _continues(before, row, (start, left, right), body):
            lines[-1] = _join_lines(lines[-1], row.line)
        else:
            start = row.region.left
            indent = "　　" if _is_indented(row.region, left, right) else ""
            lines.append(replace(row.line, text=indent + row.line.text))
        before = row
    return lines


def _to_page_line(regions: list[Region], left: float, right: float) -> _PageLine:
    regions = sorted(regions, key=lambda r: r.left)
    longest = max(regions, key=lambda r: len(r.text))
    whole = Region(
        " ".join(r.text for r in regions),
        regions[0].left,
        min(r.top for r in regions),
        max(r.right for r in regions),
        longest.bottom,
        longest.size,
        longest.bold,
    )
    prose = len(regions) == 1 and whole.width >= _MIN_PROSE_WIDTH * whole.size
    prose = prose and before_leader(fold_chars(whole.text)) is None
    full = whole.right >= right - _MAX_RAGGED_END * whole.size
    return _PageLine(
        TextLine(whole.text, whole.size, whole.bold, may_continue=prose and full), whole, prose
    )


def _is_indented(region: Region, left: float, right: float) -> bool:
    """Return whether a line is indented like a paragraph's first line, and not centred."""
    indent = (region.left - left) / (region.size or 1)
    return _MIN_INDENT < indent < 4.5 and right - region.right < 0.7 * (right - left)


def _continues(
    before: _PageLine, row: _PageLine, edges: tuple[float, float, float], body: float
) -> bool:
    """Return whether a line belongs to the paragraph of the line above it.

    Args:
        before: the line above.
        row: the line.
        edges: the left edge of the paragraph's first line, the column's left and right edge.
        body: the font size of the body text.
    """
    above, below = before.region, row.region
    size = above.size or 1
    if not _same_size(above.size, below.size):
        return False
    if below.bottom - above.bottom > _MAX_LINE_PITCH * size or _starts_item(below.text):
        return False
    if above.bold != below.bold and (above.width < 0.8 * (edges[2] - edges[1]) or below.bold):
        return False
    if above.size >= LARGER * body and _is_centred(above, below, edges):
        return True
    start, _, right = edges
    # The further lines of an item with a hanging indent begin to the right of its number.
    hanging = _starts_item(above.text) and below.left - start < 5 * size
    if below.left > above.left + _MIN_INDENT * size and not hanging:
        return False
    if re.search(r"[a-z]-$", above.text) and below.text[:1].islower():
        return True
    return before.prose and right - above.right < max(
        _MAX_RAGGED_END * size, _unbreakable_width(below)
    )


def _is_centred(above: Region, below: Region, edges: tuple[float, float, float]) -> bool:
    middle = abs((above.left + above.right) - (below.left + below.right)) / 2
    return middle < above.size and above.left > edges[1] - 1 and above.text[-1] not in _TERMINAL


def _unbreakable_width(region: Region) -> float:
    """Return the width of the first word; 0 for an ideograph. A line cannot be broken inside it."""
    if not region.text or CJK.match(region.text[0]):
        return 0.0
    word = re.split(r"[\s\u2e80-\u9fff]", region.text, maxsplit=1)[0]
    return region.width * len(word) / len(region.text) + 0.6 * region.size


def _starts_item(text: str) -> bool:
    """Return whether a line begins an item or a heading. A quantity as in "3.5 亿元" does not."""
    folded = fold_chars(text.strip())
    match = _ITEM.match(folded)
    return bool(match) and not (
        folded[0].isdigit() and QUANTITY.match(re.sub(r"^[\d.]+\s*", "", folded))
    )


def _same_size(first: float, second: float) -> bool:
    return abs(first - second) <= _SIZE_TOLERANCE * max(first, second)


def _continues_in_next_column(before: TextLine, after: TextLine) -> bool:
    """Return whether a paragraph continues from the end of one column at the head of the next."""
    return (
        before.may_continue
        and before.text[-1] not in _TERMINAL
        and not (after.is_row or after.text.startswith("　"))
        and bool(after.size)
        and _same_size(before.size, after.size)
        and before.bold == after.bold
        and not _starts_item(after.text)
    )


def _join_lines(before: TextLine, after: TextLine) -> TextLine:
    text = before.text
    if re.search(r"[a-z]-$", text) and after.text[:1].islower():
        # A hyphenated word. A soft hyphen stands for the printed one; cleaning removes it.
        text = text[:-1] + "\u00ad" + after.text
    else:
        text = join_text(text, after.text, 0.3)
    return replace(before, text=text, may_continue=after.may_continue)
