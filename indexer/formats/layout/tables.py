"""Tables on a page to rows: those with ruled lines, and those whose cells stand in columns.

Two columns of prose that are taken for a table are worse than a table that is missed, so that what
has no lines must have three columns of short cells in three rows or more.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.formats.table import Merge, cell_text, grid_lines, row_line
from indexer.text.fold import fold_chars
from indexer.text.patterns import HEADING_START, before_leader

from .boxes import Block, Line, Piece, Stroke
from .runs import LARGE, common_size, join_text, runs

# Ruled lines meet where they come this near, in points or pixels.
_NEAR = 3.0
_SHORTEST = 6.0
# A page with more lines, or more that may meet, is a drawing.
_MOST_STROKES, _MOST_PAIRS = 4_000, 400_000
# A cell of more characters holds text that is set in boxes.
_LONGEST_CELL = 400
# Cells of a table without lines between its columns are short and no sentences.
_SHORT_CELL = 24
_SENTENCE = re.compile(r"[。；;！？]|[，,、].{6,}[，,、]")
# A row is at most so far from the one above it, in em.
_ROW_PITCH = 3.5
_LEAST_ROWS, _LEAST_COLUMNS = 3, 3


@dataclass
class _Part:
    """Lines that meet one another: positions across, positions down."""

    across: list[Stroke] = field(default_factory=list)
    down: list[Stroke] = field(default_factory=list)


def ruled_tables(
    pieces: Sequence[Piece], strokes: Sequence[Stroke]
) -> tuple[list[Block], list[Piece]]:
    """Tables between ruled lines, and the pieces that stand in none."""
    if not 3 <= len(strokes) <= _MOST_STROKES:
        return [], list(pieces)
    across = _merged([s for s in strokes if s.top == s.bottom], flat=True)
    down = _merged([s for s in strokes if s.left == s.right], flat=False)
    if len(across) * len(down) > _MOST_PAIRS:
        return [], list(pieces)
    # A watermark lies across cells and stands in none.
    body = common_size(pieces)
    left = [p for p in pieces if p.size < LARGE * body]
    marks = [p for p in pieces if p.size >= LARGE * body]
    tables: list[Block] = []
    for part in _parts(across, down):
        table = _closed_table(part, left) if part.down else None
        if table is not None:
            tables.append(table[0])
            left = table[1]
    for top, bottom in _open_frames(across):
        inside = [p for p in left if _between(p, top, bottom)]
        block = _open_table(inside, top, bottom)
        if block is not None:
            tables.append(block)
            left = [p for p in left if not _between(p, top, bottom)]
    return tables, [*left, *marks]


def _merged(strokes: list[Stroke], *, flat: bool) -> list[Stroke]:
    """Strokes in one line that touch are one: many programs draw each cell's edge by itself."""

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
            if ends and start - ends[-1][1] <= _NEAR:
                ends[-1][1] = max(ends[-1][1], end)
            else:
                ends.append([start, end])
        at = key(line[0])[0]
        for start, end in ends:
            if end - start >= _SHORTEST:
                found.append(Stroke(start, at, end, at) if flat else Stroke(at, start, at, end))
    return found


def _parts(across: list[Stroke], down: list[Stroke]) -> Iterator[_Part]:
    """Strokes by which of them meet."""
    parts: list[_Part] = []
    for stroke in across:
        parts.append(_Part([stroke], []))
    for stroke in down:
        met = [p for p in parts if any(_meet(a, stroke) for a in p.across)]
        if not met:
            continue
        first = met[0]
        first.down.append(stroke)
        for other in met[1:]:
            first.across += other.across
            first.down += other.down
            parts.remove(other)
    yield from parts


def _meet(across: Stroke, down: Stroke) -> bool:
    return (
        across.left - _NEAR <= down.left <= across.right + _NEAR
        and down.top - _NEAR <= across.top <= down.bottom + _NEAR
    )


def _places(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _closed_table(part: _Part, pieces: list[Piece]) -> tuple[Block, list[Piece]] | None:
    """The table of lines across and down, and the pieces outside it; None if there is none."""
    # A side without a line is where the lines across end.
    xs = _places(
        [s.left for s in part.down]
        + [min(s.left for s in part.across), max(s.right for s in part.across)]
    )
    ys = _places(
        [s.top for s in part.across]
        + [min(s.top for s in part.down), max(s.bottom for s in part.down)]
    )
    if len(xs) < 3 or len(ys) < 3:
        return None
    cells: dict[tuple[int, int], list[Piece]] = {}
    outside: list[Piece] = []
    merges, owner = _cells(part, xs, ys)
    for piece in pieces:
        x, y = (piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2
        row, column = bisect_right(ys, y) - 1, bisect_right(xs, x) - 1
        if 0 <= row < len(ys) - 1 and 0 <= column < len(xs) - 1:
            cells.setdefault(owner.get((row, column), (row, column)), []).append(piece)
        else:
            outside.append(piece)
    texts = {place: _cell(inside) for place, inside in cells.items()}
    rows, columns = {r for r, _ in texts}, {c for _, c in texts}
    if len(rows) < 2 or len(columns) < 2 or max(map(len, texts.values())) > _LONGEST_CELL:
        return None
    lines = _grid(texts, merges, len(xs) - 1)
    box = (xs[0], ys[0], xs[-1], ys[-1])
    return Block("", *box, 0.0, False, lines), outside


def _cells(
    part: _Part, xs: list[float], ys: list[float]
) -> tuple[list[Merge], dict[tuple[int, int], tuple[int, int]]]:
    """Cells with no line between them: as merges, and each place's first cell."""

    def wall(column: int, row: int) -> bool:
        y = (ys[row] + ys[row + 1]) / 2
        x = xs[column]
        return any(abs(s.left - x) <= _NEAR and s.top <= y <= s.bottom for s in part.down)

    def floor(row: int, column: int) -> bool:
        x = (xs[column] + xs[column + 1]) / 2
        y = ys[row]
        return any(abs(s.top - y) <= _NEAR and s.left <= x <= s.right for s in part.across)

    merges: list[Merge] = []
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in owner:
                continue
            right = column
            while (
                right + 2 < len(xs) and (row, right + 1) not in owner and not wall(right + 1, row)
            ):
                right += 1
            bottom = row
            while bottom + 2 < len(ys) and not any(
                floor(bottom + 1, c) for c in range(column, right + 1)
            ):
                bottom += 1
            for r in range(row, bottom + 1):
                for c in range(column, right + 1):
                    owner.setdefault((r, c), (row, column))
            if right > column or bottom > row:
                merges.append(Merge(row, column, bottom, right))
    return merges, owner


def _grid(texts: dict[tuple[int, int], str], merges: list[Merge], columns: int) -> tuple[Line, ...]:
    """Rows as lines; rows without text are left out, which would part the table in two."""
    kept = sorted({row for row, _ in texts})
    place = {row: at for at, row in enumerate(kept)}
    rows = [[texts.get((row, column), "") for column in range(columns)] for row in kept]
    moved = []
    for merge in merges:
        inside = [place[row] for row in range(merge.top, merge.bottom + 1) if row in place]
        if inside:
            moved.append(Merge(inside[0], merge.left, inside[-1], merge.right))
    lines = grid_lines(rows, "", moved)
    return tuple(
        Line(line.removeprefix("## "), row=line.startswith("|")) for line in lines if line.strip()
    )


def _cell(pieces: list[Piece]) -> str:
    """A cell's lines as one."""
    text = ""
    for run in sorted(runs(pieces), key=lambda b: (round(b.bottom), b.left)):
        text = join_text(text, run.text, 0.3)
    return cell_text(text)


# --- tables without lines down ---


def _open_frames(across: list[Stroke]) -> Iterator[tuple[Stroke, Stroke]]:
    """First and last of three lines across of one width or more: the frame of a booktabs table."""
    widths: dict[tuple[int, int], list[Stroke]] = {}
    for stroke in across:
        key = (round(stroke.left / 6), round(stroke.right / 6))
        widths.setdefault(key, []).append(stroke)
    for group in widths.values():
        group.sort(key=lambda s: s.top)
        # Three by three: the line above, the one below the header, and the last.
        for at in range(0, len(group) - 2, 3) if len(group) % 3 == 0 else (0,):
            last = at + 2 if len(group) % 3 == 0 else len(group) - 1
            if last - at >= 2:
                yield group[at], group[last]


def _between(piece: Piece, top: Stroke, bottom: Stroke) -> bool:
    return (
        top.left - _NEAR <= piece.left
        and piece.right <= top.right + _NEAR
        and top.top <= (piece.top + piece.bottom) / 2 <= bottom.top
    )


def _open_table(pieces: list[Piece], top: Stroke, bottom: Stroke) -> Block | None:
    rows = by_line(runs(pieces))
    filled = [row for row in rows if len(row) >= 2]
    if len(filled) < _LEAST_ROWS or len(filled) * 10 < len(rows) * 7:
        return None
    table = _aligned(rows, 2)
    if table is None:
        return None
    return Block("", top.left, top.top, top.right, bottom.top, 0.0, False, table)


def by_line(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks by the line that they stand on, from top to bottom, each from left to right."""
    rows: list[list[Block]] = []
    for block in sorted(blocks, key=lambda b: b.bottom):
        size = max(block.size, 1.0)
        if not rows or block.lines or block.bottom - rows[-1][0].bottom > 0.35 * size:
            rows.append([])
        rows[-1].append(block)
    return [sorted(row, key=lambda b: b.left) for row in rows]


def aligned_rows(rows: list[list[Block]]) -> Iterator[list[Block] | tuple[Line, ...]]:
    """The rows of a column as they are; those that are evidently a table as its lines."""
    at = 0
    while at < len(rows):
        if any(b.lines for b in rows[at]):
            for block in rows[at]:
                yield block.lines or [block]
            at += 1
            continue
        end = _table_end(rows, at)
        table = _aligned(rows[at:end], _LEAST_COLUMNS) if end - at >= _LEAST_ROWS else None
        if table is None:
            yield rows[at]
            at += 1
        else:
            yield table
            at = end


def _table_end(rows: list[list[Block]], start: int) -> int:
    """The end of the rows from `start` that have cells beside one another and stand close."""
    at = start
    while at < len(rows) and not any(b.lines for b in rows[at]):
        row = rows[at]
        if at > start:
            pitch = row[0].bottom - rows[at - 1][0].bottom
            if pitch > _ROW_PITCH * max(row[0].size, 1.0):
                break
        if len(row) < _LEAST_COLUMNS:
            # The second line of a cell, or a row with cells missing: only amid rows.
            following = rows[at + 1] if at + 1 < len(rows) else []
            if at == start or len(following) < _LEAST_COLUMNS:
                break
        at += 1
    return at


def _aligned(rows: list[list[Block]], least: int) -> tuple[Line, ...] | None:
    """The lines of a table whose cells stand in columns; None if they do not."""
    count = _common_count(rows)
    like = [row for row in rows if len(row) == count]
    if count < least or len(like) < 2 or len(like) * 2 < len(rows):
        return None
    columns = [
        (min(row[at].left for row in like), max(row[at].right for row in like))
        for at in range(count)
    ]
    if any(a[1] >= b[0] for a, b in pairwise(columns)):
        return None
    texts = [b.text for row in rows for b in row]
    if sum(len(t) > _SHORT_CELL or bool(_SENTENCE.search(t)) for t in texts) * 6 > len(texts):
        return None
    if _is_contents(rows):
        return None
    made: list[list[str]] = []
    for row in rows:
        cells = [""] * count
        for block in row:
            at = max(range(count), key=lambda c: _overlap(block, columns[c]))
            cells[at] = join_text(cells[at], block.text, 0.3)
        if len(row) == 1 and made:  # the second line of a cell
            at = next(c for c in range(count) if cells[c])
            made[-1][at] = join_text(made[-1][at], cells[at], 0.3)
        else:
            made.append(cells)
    return tuple(Line(row_line(map(cell_text, cells)), row=True) for cells in made)


def _common_count(rows: list[list[Block]]) -> int:
    counts = [len(row) for row in rows]
    return max(set(counts), key=lambda n: (counts.count(n), n))


def _overlap(block: Block, column: tuple[float, float]) -> float:
    """How far a block reaches into a column; below 0, how far it is from it."""
    return min(block.right, column[1]) - max(block.left, column[0])


def _is_contents(rows: list[list[Block]]) -> bool:
    """Whether rows are entries of a table of contents: numbered titles with ascending pages."""
    folded = [fold_chars(" ".join(b.text for b in row)) for row in rows]
    if any(before_leader(line) is not None for line in folded):
        return True
    pages = [int(row[-1].text) for row in rows if re.fullmatch(r"\d{1,4}", row[-1].text)]
    numbered = sum(bool(re.match(rf"{HEADING_START}|第", line)) for line in folded)
    return len(pages) == len(rows) and pages == sorted(pages) and numbered * 2 >= len(rows)
