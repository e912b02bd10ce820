"""Pieces of text that follow one another on a line to runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .boxes import Block, Line, Piece

# In em, the size of the type.
# Two pieces of a line nearer than this are one run of text; gutters of columns are 1.5 em or more,
# the spaces of justified Latin text stay below.
_RUN_GAP = 0.8
# What is larger than the text by this is set as a heading.
LARGER = 1.12
# Type this many times as large as the text is no part of a line of it, and may be a watermark.
LARGE = 2.0
# Characters that stand in a Chinese line without spaces around them.
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—·]")


def common_size(blocks: Iterable[Block | Piece | Line]) -> float:
    """The size of most characters, to half a unit."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        if block.size:
            sizes[round(block.size * 2) / 2] += len(block.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def runs(pieces: Sequence[Piece]) -> list[Block]:
    """Pieces that follow one another on a line, joined."""
    found: list[Block] = []
    body = common_size(pieces)
    large = [p for p in pieces if p.size >= LARGE * body]
    small = [p for p in pieces if p.size < LARGE * body]
    # A watermark's baseline says nothing of the lines that it lies across.
    for row in (*_rows(small), *_rows(large)):
        current: list[Piece] = []
        right = 0.0
        for piece in sorted(row, key=lambda p: p.left):
            if current and piece.left - right > _RUN_GAP * max(piece.size, current[-1].size):
                found.append(_run(current))
                current, right = [], 0.0
            current.append(piece)
            right = max(right, piece.right)
        if current:
            found.append(_run(current))
    return [block for block in found if block.text]


def _rows(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces on one baseline; a raised figure belongs to the line that it is raised from."""
    row: list[Piece] = []
    base = size = 0.0
    for piece in sorted(pieces, key=lambda p: p.bottom):
        larger, smaller = max(size, piece.size), min(size, piece.size)
        reach = 0.3 * larger if smaller > 0.8 * larger else min(0.5 * larger, 0.9 * smaller)
        if row and piece.bottom - base > reach:
            yield row
            row, size = [], 0.0
        row.append(piece)
        if piece.size > size:
            base, size = piece.bottom, piece.size
    if row:
        yield row


def _run(pieces: list[Piece]) -> Block:
    text, right = "", pieces[0].left
    for piece in pieces:
        gap = piece.left - right
        text = join_text(text, piece.text, gap / max(piece.size, 0.1))
        right = max(right, piece.right)
    longest = max(pieces, key=lambda p: len(p.text))
    bold = sum(len(p.text) for p in pieces if p.bold) * 2 > sum(len(p.text) for p in pieces)
    return Block(
        text.strip(" "),
        pieces[0].left,
        min(p.top for p in pieces),
        right,
        longest.bottom,
        longest.size,
        bold,
    )


def join_text(before: str, after: str, gap: float) -> str:
    """Two runs of text with a space between them where a person sees one.

    Args:
        gap: between them, in em.
    """
    if not before or not after or before[-1] == " " or after[0] == " ":
        return before + after
    han = bool(CJK.match(before[-1])) + bool(CJK.match(after[0]))
    # Ideographs are set apart to fill a line; a space between letters is 0.2 em or more, and one
    # between a letter and an ideograph is mostly the program's own doing.
    least = (0.15, 0.4, 0.6)[han]
    return f"{before} {after}" if gap > least else before + after
