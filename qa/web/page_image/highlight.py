"""Where a quotation stands on a page of a PDF: a box for each of its lines.

Nothing here is a guess. Each box comes from the characters that the quotation was read from, and
one whose characters cannot all be told has no box at all.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from indexer.cleaning.trail import Trail
from indexer.formats.pdf.glyphs import Box, Glyph
from indexer.formats.pdf.origins import BAR, find_origins, without_space

# An ideograph's reach above and below the baseline, in em, whatever room its font takes.
_ABOVE, _BELOW = 0.88, 0.12
# Characters further apart than this, in em, are lit each for itself.
_APART = 1.0
# PDFium gives a point of a page in whole pixels: of a page of so many pixels, it is exact enough.
_FINE = 100_000


@dataclass(frozen=True, slots=True)
class HighlightBox:
    """A box on a page as it is shown, in percent of its width and height from the top left."""

    left: float
    top: float
    width: float
    height: float


def find_quoted_spans(trail: Trail, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The spans of the raw text that `start:end` of the clean text was read from.

    What cleaning removed between them, as a page's number, is left out.
    """
    at, last = trail.raw_span(start, end)
    spans = []
    first = bisect_left(trail.edits, at, key=lambda edit: edit.raw_end)
    for edit in trail.edits[first:]:
        if edit.raw_start >= last:
            break
        if edit.inserted.strip():
            continue  # it was mended, and stands there otherwise
        spans.append((at, max(at, edit.raw_start)))
        at = max(at, edit.raw_end)
    spans.append((at, last))
    return tuple((a, min(b, last)) for a, b in spans if a < min(b, last))


def find_boxes(
    page: Any, text: str, spans: Sequence[tuple[int, int]]
) -> tuple[HighlightBox, ...] | None:
    """Boxes over `spans` of a page's raw text; None if any character in them cannot be told.

    Args:
        page: pypdfium2's.
        text: what was read from it.
    """
    origins = find_origins(page)
    if origins is None or origins.text != without_space(text):
        return None
    # How many characters there are before each place.
    counts = [0, *accumulate(not char.isspace() for char in text)]
    places = [at for start, end in spans for at in range(counts[start], counts[end])]
    found: list[tuple[int, Glyph]] = []
    for at in places:
        glyph = origins.glyphs[at]
        if glyph is not None:
            found.append((at, glyph))
        elif origins.text[at] != BAR:
            return None
    return tuple(_shown(page, box) for box in _lines(found))


def _lines(glyphs: Sequence[tuple[int, Glyph]]) -> Iterator[Box]:
    """A box for each run of characters beside one another, which come with their places."""
    run: list[Glyph] = []
    last = 0
    for at, glyph in glyphs:
        if run and (at != last + 1 or not _beside(run[-1], glyph)):
            yield _around([_box(one) for one in run])
            run = []
        run.append(glyph)
        last = at
    if run:
        yield _around([_box(one) for one in run])


def _beside(before: Glyph, after: Glyph) -> bool:
    """Whether a character follows another on its line."""
    if before.style.turn != after.style.turn:
        return False
    size = max(before.style.size, after.style.size)
    gap = _along(after)[0] - _along(before)[1]
    return abs(after.base - before.base) < 0.5 * size and -0.5 * size < gap < _APART * size


def _along(glyph: Glyph) -> tuple[float, float]:
    """Where a character begins and ends in the direction of its line."""
    left, bottom, right, top = glyph.box
    return ((left, right), (bottom, top), (-right, -left), (-top, -bottom))[glyph.style.turn or 0]


def _box(glyph: Glyph) -> Box:
    """A character's box in the page's own space: left, bottom, right, top."""
    left, bottom, right, top = glyph.box
    above, below, base = _ABOVE * glyph.style.size, _BELOW * glyph.style.size, glyph.base
    return (
        (left, base - below, right, base + above),
        (base - above, bottom, base + below, top),
        (left, base - above, right, base + below),
        (base - below, bottom, base + above, top),
    )[glyph.style.turn or 0]


def _around(boxes: Sequence[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _shown(page: Any, box: Box) -> HighlightBox:
    """A box of the page's own space as it is shown: turned and cut as the page is."""
    corners = [_device(page, box[0], box[1]), _device(page, box[2], box[3])]
    xs, ys = zip(*corners, strict=True)
    left, top = max(0.0, min(xs)), max(0.0, min(ys))
    right, bottom = min(100.0, max(xs)), min(100.0, max(ys))
    return HighlightBox(left, top, max(0.0, right - left), max(0.0, bottom - top))


def _device(page: Any, x: float, y: float) -> tuple[float, float]:
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    at = (ctypes.byref(across), ctypes.byref(down))
    raw.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, x, y, *at)
    return 100 * across.value / _FINE, 100 * down.value / _FINE
