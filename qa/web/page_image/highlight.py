"""Find where a quotation stands on a page of a PDF: a box for each of its lines.

Nothing is guessed: boxes come from the very glyphs that the quotation was read from. If any glyph of
a quotation cannot be found, the quotation has no box at all.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from indexer.cleaning.trail import Trail
from indexer.formats.pdf.drawings import Box
from indexer.formats.pdf.glyphs import Glyph
from indexer.formats.pdf.origins import BAR, find_origins, without_space

# How far an ideograph reaches above and below the baseline, in em; not the line height of its font.
_ABOVE, _BELOW = 0.88, 0.12
# Characters further apart than this, in em, get separate boxes.
_MAX_GAP = 1.0
# PDFium rounds a point of a page to whole pixels: assume a page of so many pixels to be exact enough.
_DEVICE_SIZE = 100_000


@dataclass(frozen=True, slots=True)
class HighlightBox:
    """A box on a page as it is shown, in percent of the page's width and height from its top left."""

    left: float
    top: float
    width: float
    height: float


def find_quoted_spans(trail: Trail, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the spans of the raw text that `start:end` of the clean text was read from.

    Text between them that cleaning removed, such as a page number, is left out.
    """
    at, last = trail.raw_span(start, end)
    spans = []
    first = bisect_left(trail.edits, at, key=lambda edit: edit.raw_end)
    for edit in trail.edits[first:]:
        if edit.raw_start >= last:
            break
        if edit.inserted.strip():
            continue  # the text was corrected: the page shows it as it was before
        spans.append((at, max(at, edit.raw_start)))
        at = max(at, edit.raw_end)
    spans.append((at, last))
    return tuple((a, min(b, last)) for a, b in spans if a < min(b, last))


def find_boxes(
    page: Any, text: str, spans: Sequence[tuple[int, int]]
) -> tuple[HighlightBox, ...] | None:
    """Find boxes over `spans` of a page's raw text; None if any character in them has no glyph.

    Args:
        page: a page of pypdfium2.
        text: the raw text of the page.
        spans: (start, end) within `text`.
    """
    origins = find_origins(page)
    if origins is None or origins.text != without_space(text):
        return None
    # The number of characters without white space before each offset of the text.
    counts = [0, *accumulate(not char.isspace() for char in text)]
    found: list[tuple[int, Glyph]] = []
    for at in (at for start, end in spans for at in range(counts[start], counts[end])):
        glyph = origins.glyphs[at]
        if glyph is not None:
            found.append((at, glyph))
        elif origins.text[at] != BAR:
            return None
    return tuple(_to_shown_page(page, box) for box in _line_boxes(found))


def _line_boxes(glyphs: Sequence[tuple[int, Glyph]]) -> Iterator[Box]:
    """Yield a box for each run of adjacent characters.

    Args:
        glyphs: (index among the characters of the page, glyph).
    """
    run: list[Glyph] = []
    last = 0
    for at, glyph in glyphs:
        if run and (at != last + 1 or not _is_adjacent(run[-1], glyph)):
            yield _bounding_box([_em_box(member) for member in run])
            run = []
        run.append(glyph)
        last = at
    if run:
        yield _bounding_box([_em_box(member) for member in run])


def _is_adjacent(before: Glyph, after: Glyph) -> bool:
    """Say whether a character follows another on its line."""
    if before.style.turn != after.style.turn:
        return False
    size = max(before.style.size, after.style.size)
    gap = _extent(after)[0] - _extent(before)[1]
    return (
        abs(after.baseline - before.baseline) < 0.5 * size and -0.5 * size < gap < _MAX_GAP * size
    )


def _extent(glyph: Glyph) -> tuple[float, float]:
    """Return where a character begins and ends in the direction of its line."""
    left, bottom, right, top = glyph.box
    return ((left, right), (bottom, top), (-right, -left), (-top, -bottom))[glyph.style.turn or 0]


def _em_box(glyph: Glyph) -> Box:
    """Return the box of a character in the space of the page: left, bottom, right, top."""
    left, bottom, right, top = glyph.box
    above, below, base = _ABOVE * glyph.style.size, _BELOW * glyph.style.size, glyph.baseline
    return (
        (left, base - below, right, base + above),
        (base - above, bottom, base + below, top),
        (left, base - above, right, base + below),
        (base - below, bottom, base + above, top),
    )[glyph.style.turn or 0]


def _bounding_box(boxes: Sequence[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _to_shown_page(page: Any, box: Box) -> HighlightBox:
    """Convert a box from the space of the page to the shown page, which may be turned and cropped."""
    corners = [_to_percent(page, box[0], box[1]), _to_percent(page, box[2], box[3])]
    xs, ys = zip(*corners, strict=True)
    left, top = max(0.0, min(xs)), max(0.0, min(ys))
    right, bottom = min(100.0, max(xs)), min(100.0, max(ys))
    return HighlightBox(left, top, max(0.0, right - left), max(0.0, bottom - top))


def _to_percent(page: Any, x: float, y: float) -> tuple[float, float]:
    """Convert a point from the space of the page to percent of the shown page."""
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    at = (ctypes.byref(across), ctypes.byref(down))
    raw.FPDF_PageToDevice(page.raw, 0, 0, _DEVICE_SIZE, _DEVICE_SIZE, 0, x, y, *at)
    return 100 * across.value / _DEVICE_SIZE, 100 * down.value / _DEVICE_SIZE
