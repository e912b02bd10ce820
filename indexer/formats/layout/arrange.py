"""Pieces of text on a page to lines in the order in which a person reads them.

Only boxes are looked at, never the order in which a file names its pieces, which is the order in
which a program happened to draw them. A paragraph becomes one line here, where its geometry is
known: whether a line was broken because it was full shows on the page and in no text. What goes on
over a page break is left to cleaning, since headers and footers stand between until it runs.
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

from .boxes import Block, Line, Piece
from .runs import CJK, LARGE, LARGER, common_size, join_text, runs
from .tables import aligned_rows, by_line

__all__ = ["Block", "Line", "Piece", "arrange"]


# Lengths below are in em, the size of the type, unless they say otherwise.
# A column of prose is at least so wide and has so many lines; a column of figures is narrower.
_COLUMN, _COLUMN_LINES = 6.0, 3
_GUTTER = 0.9
# Lines of prose fill their column to this share; cells of a table do not.
_FILL = 0.6
# Headers and footers stand in this share of the page's height at its edges ...
_EDGE = 0.12
# ... and this far from the text.
_EDGE_GAP = 0.9
# From a line's baseline to the next of its paragraph: double spacing and a little.
_PITCH = 2.4
_INDENT = 0.8
# A line that ends so far from its column's edge is full: an ideograph and a stop did not fit.
_FULL = 2.1
# A shorter line is a label.
_PROSE = 6.0
# Sizes this near (share) are one size.
_SAME = 0.06
_ITEM = re.compile(
    rf"{HEADING_START}|[-*•●▪◆■○►\uf0b7·]\s*\S|[①-⑳]|\(?\d{{1,2}}\)|第[一二三四五六七八九十百\d]+[条款]"
    r"|(?:图|表|附表|附图)\s*\d|\[\d{1,3}\]|(?:注|备注|说明|数据来源|资料来源|来源):"
)
_TERMINAL = "。！？!?：:；;…"


def arrange(
    pieces: Sequence[Piece], tables: Sequence[Block] = (), height: float = 0.0
) -> tuple[Line, ...]:
    """The lines of a page, in reading order.

    Args:
        pieces: in any order, less those in `tables`.
        tables: blocks that are read already.
        height: of the page; 0 where it is not known, and nothing is taken for its edges then.
    """
    blocks = [*runs(pieces), *tables]
    if not blocks:
        return ()
    body = common_size(blocks)
    lines: list[Line] = []
    marks = _overprinted(blocks, body)
    blocks = [b for b in blocks if b not in marks]
    for column, is_edge in _columns_of_page(blocks, height):
        for line in _read_column(column, body):
            if is_edge:
                lines.append(replace(line, goes_on=False))
            elif lines and _goes_over(lines[-1], line):
                lines[-1] = _joined(lines[-1], line)
            else:
                lines.append(line)
    return (*lines, *(Line(b.text) for b in marks))


def _overprinted(blocks: list[Block], body: float) -> list[Block]:
    """Watermarks: large text that lies across other lines. They are told after the page's text."""
    return [
        mark
        for mark in blocks
        if mark.size >= LARGE * body
        and sum(_covers(mark, b) for b in blocks if b.size < mark.size) >= 2
    ]


def _covers(mark: Block, block: Block) -> int:
    """How many lines of a block, up to two, a mark lies across."""
    across = min(mark.right, block.right) - max(mark.left, block.left)
    down = min(mark.bottom, block.bottom) - max(mark.top, block.top)
    return (across > block.size and down > 0.5 * block.size) * (2 if block.lines else 1)


# --- columns ---


def _columns_of_page(blocks: list[Block], height: float) -> Iterator[tuple[list[Block], bool]]:
    """The text by columns, and the headers and footers around it; with each whether it is one."""
    ordered = sorted(blocks, key=lambda b: b.bottom)
    top = _edge(ordered, height, upper=True)
    foot = _edge(ordered[top:], height, upper=False)
    yield from ((row, True) for row in by_line(ordered[:top]))
    yield from ((column, False) for column in _columns(ordered[top : len(ordered) - foot]))
    yield from ((row, True) for row in by_line(ordered[len(ordered) - foot :]))


def _edge(ordered: list[Block], height: float, *, upper: bool) -> int:
    """How many blocks at the upper or lower edge stand apart from the rest."""
    found = 0
    for at in range(1, min(len(ordered), 12) if height else 1):
        above, below = (ordered[:at], ordered[at:]) if upper else (ordered[:-at], ordered[-at:])
        edge = above if upper else below
        if any(b.lines for b in edge):
            break
        reach = max(b.bottom for b in edge) if upper else min(b.top for b in edge)
        inside = reach <= _EDGE * height if upper else reach >= (1 - _EDGE) * height
        if not inside:
            break
        gap = min(b.top for b in below) - max(b.bottom for b in above)
        if gap >= _EDGE_GAP * max(b.size for b in edge):
            found = at
    return found


def _columns(blocks: list[Block]) -> Iterator[list[Block]]:
    """Blocks by columns: the left one to its end, then the right one.

    What reaches over the gutter, as a title or a wide table, parts the columns above it from those
    below.
    """
    gutter = _gutter(blocks)
    if gutter is None:
        if blocks:
            yield blocks
        return
    left: list[Block] = []
    right: list[Block] = []
    across: list[Block] = []
    for block in sorted(blocks, key=lambda b: b.top):
        crosses = block.left < gutter - 0.1 and block.right > gutter + 0.1
        if crosses or (across and not (left or right) and _ends(across, block, blocks)):
            if left or right:
                yield from _sides(across, left, right)
                across, left, right = [], [], []
            across.append(block)
        else:
            (left if block.right <= gutter + 0.1 else right).append(block)
    yield from _sides(across, left, right)


def _ends(across: list[Block], block: Block, blocks: list[Block]) -> bool:
    """Whether a block is the last, short line of a paragraph that reaches over the gutter."""
    above, size = across[-1], block.size
    near = 0 < block.bottom - above.bottom < _PITCH * size and _same_size(above.size, size)
    # Its paragraph's first line may be indented.
    begins = -4.5 < (block.left - above.left) / (size or 1) < _INDENT
    beside = any(
        b is not block and b.top < block.bottom - 0.2 * size and block.top < b.bottom - 0.2 * size
        for b in blocks
    )
    return near and begins and not beside


def _sides(across: list[Block], left: list[Block], right: list[Block]) -> Iterator[list[Block]]:
    if across:
        yield across
    # One line alone on either side is a line with a gap, as of a name and a date.
    if (
        len(left) == 1
        and len(right) == 1
        and abs(left[0].bottom - right[0].bottom) < 0.3 * left[0].size
    ):
        yield [*left, *right]
        return
    yield from _columns(left)
    yield from _columns(right)


def _gutter(blocks: list[Block]) -> float | None:
    """Where the widest gutter with prose on both sides lies that the fewest blocks cross."""
    text = [b for b in blocks if not b.lines]
    if len(text) < 2 * _COLUMN_LINES:
        return None
    size = median(b.size for b in text)
    starts = Counter(round(b.left / (size or 1)) for b in text)
    best: tuple[int, float, float] | None = None
    for key, count in starts.items():
        if count < 2:
            continue
        edge = min(b.left for b in text if round(b.left / (size or 1)) == key)
        left = [b for b in text if b.right <= edge - _GUTTER * size]
        right = [b for b in text if b.left >= edge - 0.1]
        if not (_is_prose(left, size) and _is_prose(right, size)):
            continue
        beside = sum(any(a.top < b.bottom and b.top < a.bottom for b in right) for a in left)
        if beside < _COLUMN_LINES:
            continue
        width = edge - max(b.right for b in left)
        crossing = len(text) - len(left) - len(right)
        if crossing > len(text) / 2:
            continue
        if best is None or (crossing, -width) < best[:2]:
            best = (crossing, -width, edge - width / 2)
    return best[2] if best else None


def _is_prose(blocks: list[Block], size: float) -> bool:
    """Whether blocks are lines of running text: several, wide, and filling their column."""
    if len(blocks) < _COLUMN_LINES:
        return False
    left, right = min(b.left for b in blocks), max(b.right for b in blocks)
    width = right - left
    if width < _COLUMN * size:
        return False
    full = sum(b.width >= _FILL * width for b in blocks)
    return full * 2 >= len(blocks)


# --- paragraphs ---


@dataclass(frozen=True, slots=True)
class _Row:
    """A line as it stands on the page. prose: it is long, without a gap or points inside."""

    line: Line
    block: Block
    prose: bool


def _read_column(blocks: list[Block], body: float) -> list[Line]:
    """The lines of a column; those of a paragraph are one."""
    text = [b for b in blocks if not b.lines]
    left = min((b.left for b in text), default=0.0)
    right = max((b.right for b in text), default=0.0)
    lines: list[Line] = []
    before: _Row | None = None
    lone = len({b.bottom for b in text}) < 2  # its own edge says nothing
    start = left  # where the first line of the paragraph begins
    for item in aligned_rows(by_line(blocks)):
        if isinstance(item, tuple):
            lines += item
            before = None
            continue
        row = _row(item, left, right + (item[0].width if lone else 0))
        if before and _continues(before, row, (start, left, right), body):
            lines[-1] = _joined(lines[-1], row.line)
        else:
            start = row.block.left
            indent = "　　" if _is_indented(row.block, left, right) else ""
            lines.append(replace(row.line, text=indent + row.line.text))
        before = row
    return lines


def _row(blocks: list[Block], left: float, right: float) -> _Row:
    blocks = sorted(blocks, key=lambda b: b.left)
    longest = max(blocks, key=lambda b: len(b.text))
    whole = Block(
        " ".join(b.text for b in blocks),
        blocks[0].left,
        min(b.top for b in blocks),
        max(b.right for b in blocks),
        longest.bottom,
        longest.size,
        longest.bold,
    )
    prose = len(blocks) == 1 and whole.width >= _PROSE * whole.size
    prose = prose and before_leader(fold_chars(whole.text)) is None
    full = whole.right >= right - _FULL * whole.size
    return _Row(Line(whole.text, whole.size, whole.bold, goes_on=prose and full), whole, prose)


def _is_indented(block: Block, left: float, right: float) -> bool:
    """Whether a line begins as a paragraph does, and is not set in the middle."""
    indent = (block.left - left) / (block.size or 1)
    return _INDENT < indent < 4.5 and right - block.right < 0.7 * (right - left)


def _continues(before: _Row, row: _Row, edges: tuple[float, float, float], body: float) -> bool:
    """Whether a line goes on with the paragraph of the line above it.

    Args:
        edges: where the paragraph begins, and the column's left and right edge.
    """
    above, below = before.block, row.block
    size = above.size or 1
    if not _same_size(above.size, below.size):
        return False
    if below.bottom - above.bottom > _PITCH * size or _starts_item(below.text):
        return False
    if above.bold != below.bold and (above.width < 0.8 * (edges[2] - edges[1]) or below.bold):
        return False
    if above.size >= LARGER * body and _is_centred(above, below, edges):
        return True
    start, _, right = edges
    # A hanging item's lines begin to the right of its number.
    hanging = _starts_item(above.text) and below.left - start < 5 * size
    if below.left > above.left + _INDENT * size and not hanging:
        return False
    if re.search(r"[a-z]-$", above.text) and below.text[:1].islower():
        return True
    return before.prose and right - above.right < max(_FULL * size, _first_unit(below))


def _is_centred(above: Block, below: Block, edges: tuple[float, float, float]) -> bool:
    middle = abs((above.left + above.right) - (below.left + below.right)) / 2
    return middle < above.size and above.left > edges[1] - 1 and above.text[-1] not in _TERMINAL


def _first_unit(block: Block) -> float:
    """The width of what a line cannot be broken in: its first word, or an ideograph."""
    if not block.text or CJK.match(block.text[0]):
        return 0.0
    word = re.split(r"[\s\u2e80-\u9fff]", block.text, maxsplit=1)[0]
    return block.width * len(word) / len(block.text) + 0.6 * block.size


def _starts_item(text: str) -> bool:
    """Whether a line begins an item or a heading, and not with 3.5 亿元 of the line before."""
    folded = fold_chars(text.strip())
    match = _ITEM.match(folded)
    return bool(match) and not (
        folded[0].isdigit() and QUANTITY.match(re.sub(r"^[\d.]+\s*", "", folded))
    )


def _same_size(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME * max(one, other)


def _goes_over(before: Line, after: Line) -> bool:
    """Whether a paragraph goes on from the foot of one column to the head of the next."""
    return (
        before.goes_on
        and before.text[-1] not in _TERMINAL
        and not (after.row or after.text.startswith("　"))
        and bool(after.size)
        and _same_size(before.size, after.size)
        and before.bold == after.bold
        and not _starts_item(after.text)
    )


def _joined(before: Line, after: Line) -> Line:
    text = before.text
    if re.search(r"[a-z]-$", text) and after.text[:1].islower():
        # A word parted at its syllable. The soft hyphen is what was printed; cleaning takes it out.
        text = text[:-1] + "\u00ad" + after.text
    else:
        text = join_text(text, after.text, 0.3)
    return replace(before, text=text, goes_on=after.goes_on)
