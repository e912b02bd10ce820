"""Find the tables of a page, with ruled lines or with aligned cells, and read them row by row.

Two columns of prose that are read as a table are worse than a table that is missed. A table without
ruled lines must therefore have at least three columns of short cells in three rows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.formats.table import Merge, format_cell, format_row, format_tables
from indexer.text.fold import fold_chars
from indexer.text.patterns import HEADING_START, before_leader

from .boxes import Fragment, Region, Stroke, TextLine
from .runs import LARGE, common_size, join_runs, join_text

# Ruled lines nearer than this, in points or pixels, touch.
_TOLERANCE = 3.0
_MIN_STROKE = 6.0  # shorter strokes are ignored
# A page with more strokes, or more pairs of strokes to compare, is a drawing.
_MAX_STROKES, _MAX_PAIRS = 4_000, 400_000
# A box with more characters holds a text in a frame and is no table cell.
_MAX_BOXED_CELL = 400
# Without lines between the columns, cells are no longer than this and are no sentences.
_MAX_OPEN_CELL = 24
_SENTENCE = re.compile(r"[。；;！？]|[，,、].{6,}[，,、]")
# The largest distance from one row's baseline to the next, in em.
_MAX_ROW_PITCH = 3.5
_MIN_ROWS, _MIN_COLUMNS = 3, 3


@dataclass
class _Network:
    """Strokes that are connected with one another, directly or through others."""

    horizontal: list[Stroke] = field(default_factory=list)
    vertical: list[Stroke] = field(default_factory=list)


def find_ruled_tables(
    fragments: Sequence[Fragment], strokes: Sequence[Stroke]
) -> tuple[list[Region], list[Fragment]]:
    """Return the tables between ruled lines, and the fragments outside of all tables."""
    if not 3 <= len(strokes) <= _MAX_STROKES:
        return [], list(fragments)
    horizontal = _merge_touching([s for s in strokes if s.top == s.bottom], flat=True)
    vertical = _merge_touching([s for s in strokes if s.left == s.right], flat=False)
    if len(horizontal) * len(vertical) > _MAX_PAIRS:
        return [], list(fragments)
    # A watermark lies across cells and belongs to none of them.
    body = common_size(fragments)
    remaining = [f for f in fragments if f.size < LARGE * body]
    watermarks = [f for f in fragments if f.size >= LARGE * body]
    tables: list[Region] = []
    for network in _find_networks(horizontal, vertical):
        table = _read_closed_table(network, remaining) if network.vertical else None
        if table is not None:
            tables.append(table[0])
            remaining = table[1]
    for top, bottom in _find_open_frames(horizontal):
        inside = [f for f in remaining if _is_between(f, top, bottom)]
        region = _read_open_table(inside, top, bottom)
        if region is not None:
            tables.append(region)
            remaining = [f for f in remaining if not _is_between(f, top, bottom)]
    return tables, [*remaining, *watermarks]


def _merge_touching(strokes: list[Stroke], *, flat: bool) -> list[Stroke]:
    """Merge touching strokes of one line: many programs draw the edge of each cell separately."""

    def key(s: Stroke) -> tuple[float, float]:
        return (s.top, s.left) if flat else (s.left, s.top)

    lines: list[list[Stroke]] = []
    for stroke in sorted(strokes, key=key):
        if not lines or key(stroke)[0] - key(lines[-1][0])[0] > 1.5:
            lines.append([])
        lines[-1].append(stroke)
    found: list[Stroke] = []
    for line in lines:
        ends: list[list[float]] = []
        spans = sorted((s.left, s.right) if flat else (s.top, s.bottom) for s in line)
        for start, end in spans:
            if ends and start - ends[-1][1] <= _TOLERANCE:
                ends[-1][1] = max(ends[-1][1], end)
            else:
                ends.append([start, end])
        at = key(line[0])[0]
        for start, end in ends:
            if end - start >= _MIN_STROKE:
                found.append(Stroke(start, at, end, at) if flat else Stroke(at, start, at, end))
    return found


def _find_networks(horizontal: list[Stroke], vertical: list[Stroke]) -> Iterator[_Network]:
    """Yield the connected groups of strokes."""
    networks: list[_Network] = []
    for stroke in horizontal:
        networks.append(_Network([stroke], []))
    for stroke in vertical:
        crossed = [n for n in networks if any(_cross(s, stroke) for s in n.horizontal)]
        if not crossed:
            continue
        first = crossed[0]
        first.vertical.append(stroke)
        for other in crossed[1:]:
            first.horizontal += other.horizontal
            first.vertical += other.vertical
            networks.remove(other)
    yield from networks


def _cross(horizontal: Stroke, vertical: Stroke) -> bool:
    return (
        horizontal.left - _TOLERANCE <= vertical.left <= horizontal.right + _TOLERANCE
        and vertical.top - _TOLERANCE <= horizontal.top <= vertical.bottom + _TOLERANCE
    )


def _merge_near(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _TOLERANCE:
            found.append(value)
    return found


def _read_closed_table(
    network: _Network, fragments: list[Fragment]
) -> tuple[Region, list[Fragment]] | None:
    """Read a table that has vertical lines.

    Returns:
        The table and the fragments outside of it; None if the strokes form no table.
    """
    # An outer side without a line lies where the lines of the other direction end.
    xs = _merge_near(
        [s.left for s in network.vertical]
        + [min(s.left for s in network.horizontal), max(s.right for s in network.horizontal)]
    )
    ys = _merge_near(
        [s.top for s in network.horizontal]
        + [min(s.top for s in network.vertical), max(s.bottom for s in network.vertical)]
    )
    if len(xs) < 3 or len(ys) < 3:
        return None
    cells: dict[tuple[int, int], list[Fragment]] = {}
    outside: list[Fragment] = []
    merges, owner = _find_merged_cells(network, xs, ys)
    for fragment in fragments:
        x, y = (fragment.left + fragment.right) / 2, (fragment.top + fragment.bottom) / 2
        row, column = bisect_right(ys, y) - 1, bisect_right(xs, x) - 1
        if 0 <= row < len(ys) - 1 and 0 <= column < len(xs) - 1:
            cells.setdefault(owner.get((row, column), (row, column)), []).append(fragment)
        else:
            outside.append(fragment)
    texts = {place: _join_cell(inside) for place, inside in cells.items()}
    rows, columns = {r for r, _ in texts}, {c for _, c in texts}
    if len(rows) < 2 or len(columns) < 2 or max(map(len, texts.values())) > _MAX_BOXED_CELL:
        return None
    lines = _format_rows(texts, merges, len(xs) - 1)
    box = (xs[0], ys[0], xs[-1], ys[-1])
    return Region("", *box, 0.0, False, lines), outside


def _find_merged_cells(
    network: _Network, xs: list[float], ys: list[float]
) -> tuple[list[Merge], dict[tuple[int, int], tuple[int, int]]]:
    """Find merged cells: neighbours without a line between them.

    Args:
        network: the strokes of the table.
        xs: the positions of its vertical lines, from left to right.
        ys: the positions of its horizontal lines, from top to bottom.

    Returns:
        The merges, and the first cell of the merge for each place (row, column).
    """

    def has_left_line(column: int, row: int) -> bool:
        y = (ys[row] + ys[row + 1]) / 2
        x = xs[column]
        return any(
            abs(s.left - x) <= _TOLERANCE and s.top <= y <= s.bottom for s in network.vertical
        )

    def has_top_line(row: int, column: int) -> bool:
        x = (xs[column] + xs[column + 1]) / 2
        y = ys[row]
        return any(
            abs(s.top - y) <= _TOLERANCE and s.left <= x <= s.right for s in network.horizontal
        )

    merges: list[Merge] = []
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in owner:
                continue
            right = column
            while (
                right + 2 < len(xs)
                and (row, right + 1) not in owner
                and not has_left_line(right + 1, row)
            ):
                right += 1
            bottom = row
            while bottom + 2 < len(ys) and not any(
                has_top_line(bottom + 1, c) for c in range(column, right + 1)
            ):
                bottom += 1
            for r in range(row, bottom + 1):
                for c in range(column, right + 1):
                    owner.setdefault((r, c), (row, column))
            if right > column or bottom > row:
                merges.append(Merge(row, column, bottom, right))
    return merges, owner


def _format_rows(
    texts: dict[tuple[int, int], str], merges: list[Merge], columns: int
) -> tuple[TextLine, ...]:
    """Format the rows as lines, without empty rows: they would split the table in two."""
    kept = sorted({row for row, _ in texts})
    place = {row: at for at, row in enumerate(kept)}
    rows = [[texts.get((row, column), "") for column in range(columns)] for row in kept]
    moved = []
    for merge in merges:
        inside = [place[row] for row in range(merge.top, merge.bottom + 1) if row in place]
        if inside:
            moved.append(Merge(inside[0], merge.left, inside[-1], merge.right))
    lines = format_tables(rows, "", moved)
    return tuple(
        TextLine(line.removeprefix("## "), is_row=line.startswith("|"))
        for line in lines
        if line.strip()
    )


def _join_cell(fragments: list[Fragment]) -> str:
    """Join the lines of a cell into one."""
    text = ""
    for run in sorted(join_runs(fragments), key=lambda r: (round(r.bottom), r.left)):
        text = join_text(text, run.text, 0.3)
    return format_cell(text)


# --- tables without vertical lines ---


def _find_open_frames(horizontal: list[Stroke]) -> Iterator[tuple[Stroke, Stroke]]:
    """Yield the first and last of three or more equally wide lines: a booktabs table's frame."""
    widths: dict[tuple[int, int], list[Stroke]] = {}
    for stroke in horizontal:
        key = (round(stroke.left / 6), round(stroke.right / 6))
        widths.setdefault(key, []).append(stroke)
    for group in widths.values():
        group.sort(key=lambda s: s.top)
        # Each table has three lines: above the header, below it, and at the end.
        for at in range(0, len(group) - 2, 3) if len(group) % 3 == 0 else (0,):
            last = at + 2 if len(group) % 3 == 0 else len(group) - 1
            if last - at >= 2:
                yield group[at], group[last]


def _is_between(fragment: Fragment, top: Stroke, bottom: Stroke) -> bool:
    return (
        top.left - _TOLERANCE <= fragment.left
        and fragment.right <= top.right + _TOLERANCE
        and top.top <= (fragment.top + fragment.bottom) / 2 <= bottom.top
    )


def _read_open_table(fragments: list[Fragment], top: Stroke, bottom: Stroke) -> Region | None:
    rows = group_by_line(join_runs(fragments))
    filled = [row for row in rows if len(row) >= 2]
    if len(filled) < _MIN_ROWS or len(filled) * 10 < len(rows) * 7:
        return None
    table = _align_rows(rows, 2)
    if table is None:
        return None
    return Region("", top.left, top.top, top.right, bottom.top, 0.0, False, table)


def group_by_line(regions: Sequence[Region]) -> list[list[Region]]:
    """Group regions by the line that they stand on: top to bottom, each from left to right."""
    rows: list[list[Region]] = []
    for region in sorted(regions, key=lambda r: r.bottom):
        size = max(region.size, 1.0)
        if not rows or region.lines or region.bottom - rows[-1][0].bottom > 0.35 * size:
            rows.append([])
        rows[-1].append(region)
    return [sorted(row, key=lambda r: r.left) for row in rows]


def split_aligned_tables(rows: list[list[Region]]) -> Iterator[list[Region] | tuple[TextLine, ...]]:
    """Yield each row of a column as it is, and rows that clearly form a table as its lines."""
    at = 0
    while at < len(rows):
        if any(r.lines for r in rows[at]):
            for region in rows[at]:
                yield region.lines or [region]
            at += 1
            continue
        end = _find_table_end(rows, at)
        table = _align_rows(rows[at:end], _MIN_COLUMNS) if end - at >= _MIN_ROWS else None
        if table is None:
            yield rows[at]
            at += 1
        else:
            yield table
            at = end


def _find_table_end(rows: list[list[Region]], start: int) -> int:
    """Return the end of the rows from `start` that have cells side by side and stand close."""
    at = start
    while at < len(rows) and not any(r.lines for r in rows[at]):
        row = rows[at]
        if at > start:
            pitch = row[0].bottom - rows[at - 1][0].bottom
            if pitch > _MAX_ROW_PITCH * max(row[0].size, 1.0):
                break
        if len(row) < _MIN_COLUMNS:
            # The second line of a cell, or a row with missing cells: only between full rows.
            following = rows[at + 1] if at + 1 < len(rows) else []
            if at == start or len(following) < _MIN_COLUMNS:
                break
        at += 1
    return at


def _align_rows(rows: list[list[Region]], min_columns: int) -> tuple[TextLine, ...] | None:
    """Return the lines of a table whose cells stand in columns; None if they do not.

    Args:
        rows: the regions of each row, from left to right.
        min_columns: the fewest columns that make a table.
    """
    count = _find_common_count(rows)
    full_rows = [row for row in rows if len(row) == count]
    if count < min_columns or len(full_rows) < 2 or len(full_rows) * 2 < len(rows):
        return None
    columns = [
        (min(row[at].left for row in full_rows), max(row[at].right for row in full_rows))
        for at in range(count)
    ]
    if any(a[1] >= b[0] for a, b in pairwise(columns)):
        return None
    texts = [r.text for row in rows for r in row]
    if sum(len(t) > _MAX_OPEN_CELL or bool(_SENTENCE.search(t)) for t in texts) * 6 > len(texts):
        return None
    if _is_contents(rows):
        return None
    table_rows: list[list[str]] = []
    for row in rows:
        cells = [""] * count
        for region in row:
            at = max(range(count), key=lambda c: _overlap(region, columns[c]))
            cells[at] = join_text(cells[at], region.text, 0.3)
        if len(row) == 1 and table_rows:  # the second line of a cell
            at = next(c for c in range(count) if cells[c])
            table_rows[-1][at] = join_text(table_rows[-1][at], cells[at], 0.3)
        else:
            table_rows.append(cells)
    return tuple(TextLine(format_row(map(format_cell, cells)), is_row=True) for cells in table_rows)


def _find_common_count(rows: list[list[Region]]) -> int:
    counts = [len(row) for row in rows]
    return max(set(counts), key=lambda n: (counts.count(n), n))


def _overlap(region: Region, column: tuple[float, float]) -> float:
    """Return how far a region reaches into a column; negative: its distance from the column."""
    return min(region.right, column[1]) - max(region.left, column[0])


def _is_contents(rows: list[list[Region]]) -> bool:
    """Return whether rows are entries of a table of contents: numbered titles, ascending pages."""
    folded = [fold_chars(" ".join(r.text for r in row)) for row in rows]
    if any(before_leader(line) is not None for line in folded):
        return True
    pages = [int(row[-1].text) for row in rows if re.fullmatch(r"\d{1,4}", row[-1].text)]
    numbered = sum(bool(re.match(rf"{HEADING_START}|第", line)) for line in folded)
    return len(pages) == len(rows) and pages == sorted(pages) and numbered * 2 >= len(rows)
