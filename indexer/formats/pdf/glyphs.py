"""The characters of a PDF page, as PDFium gives them, joined into text fragments."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from indexer.formats.layout.boxes import Fragment, Stroke

from .drawings import Box, read_strokes, turn_stroke

# Text whose direction differs by more degrees from a quarter turn is a watermark or a label in a
# chart.
_MAX_SKEW = 3.0
# A fragment ends at a gap of this many em. This separates the words of Latin text and the cells of
# narrow tables; the layout joins what belongs together.
_MAX_GAP = 0.3
_BOLD = re.compile(r"bold|black|heavy|simhei|黑体|粗", re.IGNORECASE)
_BOLD_WEIGHT = 600
_FILL_AND_STROKE = 2
_SPACES = " \u3000"
# What PDFium gives for a hyphen at the end of a line.
_HYPHENS = (0x02, 0xFFFE)
# Where a larger share of the characters stands below the one before, the page is set vertically.
_MIN_VERTICAL_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class PageView:
    """A page turned so that its text stands upright.

    A page has a second view if some of its text is turned differently, as a table set sideways.
    """

    fragments: tuple[Fragment, ...]
    strokes: tuple[Stroke, ...]
    height: float
    """In points."""


@dataclass(frozen=True, slots=True)
class GlyphStyle:
    """What the characters of one text object have in common."""

    size: float
    """The font size, in points."""
    bold: bool
    turn: int | None
    """In quarter turns; None for text that is turned otherwise."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character of a page with its place."""

    char: str
    box: Box
    baseline: float
    """A y in the page's own space; an x for text that runs upwards or downwards."""
    style: GlyphStyle


def count_chars(text_page: Any) -> int:
    """Return how many characters PDFium finds on a page, with the spaces that it adds."""
    from pypdfium2 import raw

    return max(0, int(raw.FPDFText_CountChars(text_page)))


def read_views(page: Any, text_page: Any, bounds: Box) -> list[PageView]:
    """Return the views of a page, that with the most characters first; none if it has no text.

    Args:
        page: PDFium's handle of the page.
        text_page: PDFium's handle of its text.
        bounds: the visible part of the page.
    """
    by_turn = group_by_turn(text_page, bounds)
    return build_views(by_turn, tuple(read_strokes(page)) if by_turn else (), bounds)


def group_by_turn(text_page: Any, bounds: Box) -> list[tuple[int, list[Glyph]]]:
    """Group the characters within `bounds` by their quarter turns; the largest group first."""
    by_turn: dict[int, list[Glyph]] = {}
    for glyph in _read_glyphs(text_page):
        left, bottom, right, top = glyph.box
        outside = right < bounds[0] or left > bounds[2] or top < bounds[1] or bottom > bounds[3]
        if glyph.style.turn is not None and not outside:
            by_turn.setdefault(glyph.style.turn, []).append(glyph)
    upright = by_turn.get(0)
    if upright and _is_vertical(upright):
        by_turn.setdefault(3, []).extend(_turn_vertical(glyph) for glyph in by_turn.pop(0))
    return sorted(by_turn.items(), key=lambda item: -len(item[1]))


def build_views(
    by_turn: Sequence[tuple[int, list[Glyph]]], strokes: Sequence[Stroke], bounds: Box
) -> list[PageView]:
    """Build a view of each group; the first view has the strokes.

    Args:
        by_turn: the result of `group_by_turn`.
        strokes: the ruled lines in the page's own space.
        bounds: the visible part of the page.
    """
    views: list[PageView] = []
    for turn, glyphs in by_turn:
        drawn = () if views else tuple(turn_stroke(s, turn, bounds) for s in strokes)
        height = bounds[3] - bounds[1] if turn % 2 == 0 else bounds[2] - bounds[0]
        views.append(PageView(tuple(_join_glyphs(glyphs, turn, bounds)), drawn, height))
    return views


def _read_glyphs(text_page: Any) -> Iterator[Glyph]:
    from pypdfium2 import raw

    count = count_chars(text_page)
    rect, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    at_rect, at_matrix, at_x, at_y = map(ctypes.byref, (rect, matrix, x, y))
    # Look the functions up once: a call takes 0.4 microseconds, and each character takes four.
    unicode, loose, origin, owner, generated = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetLooseCharBox,
        raw.FPDFText_GetCharOrigin,
        raw.FPDFText_GetTextObject,
        raw.FPDFText_IsGenerated,
    )
    styles: dict[tuple[int, ...], GlyphStyle] = {}
    last: int | None = -1
    style = GlyphStyle(0, False, None)
    for index in range(count):
        code = unicode(text_page, index)
        if code in (10, 13) or (code <= 32 and generated(text_page, index) == 1):
            continue
        here = ctypes.cast(owner(text_page, index), ctypes.c_void_p).value
        if here != last or here is None:
            last = here
            style = _read_style(raw, text_page, index, here, matrix, at_matrix)
            style = styles.setdefault((hash(style),), style)
        loose(text_page, index, at_rect)
        origin(text_page, index, at_x, at_y)
        baseline = y.value if style.turn is None or style.turn % 2 == 0 else x.value
        box = (rect.left, rect.bottom, rect.right, rect.top)
        yield Glyph(_to_char(code), box, baseline, style)


def _to_char(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    if code == 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return "\ufffd"
    if code == 0xA0 or code < 32:
        return " "
    return chr(code)


def _read_style(
    raw: Any, text_page: Any, index: int, owner: int | None, matrix: Any, at_matrix: Any
) -> GlyphStyle:
    size = raw.FPDFText_GetFontSize(text_page, index) or 1.0
    turn: int | None = 0
    if raw.FPDFText_GetMatrix(text_page, index, at_matrix):
        size *= math.hypot(matrix.c, matrix.d)
        degrees = math.degrees(math.atan2(matrix.b, matrix.a))
        quarters = round(degrees / 90)
        turn = quarters % 4 if abs(degrees - 90 * quarters) <= _MAX_SKEW else None
    bold = raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT
    if owner and not bold:
        shape = ctypes.cast(owner, raw.FPDF_PAGEOBJECT)
        # A program without a bold font draws the outline of each letter too.
        bold = raw.FPDFTextObj_GetTextRenderMode(shape) == _FILL_AND_STROKE
        name = ctypes.create_string_buffer(128)
        font = raw.FPDFTextObj_GetFont(shape)
        if font and not bold and raw.FPDFFont_GetBaseFontName(font, name, 128):
            bold = bool(_BOLD.search(name.value.decode("utf-8", "replace")))
    return GlyphStyle(round(abs(size), 2), bold, turn)


def _is_vertical(glyphs: list[Glyph]) -> bool:
    """Return whether most characters stand below the one before, as in books set vertically."""
    steps_down = 0
    for before, after in pairwise(glyphs):
        size = after.style.size or 1
        beside = abs(after.box[0] - before.box[0])
        below = before.box[1] - after.box[1]
        steps_down += beside < 0.3 * size and 0.5 * size < below < 1.6 * size
    return len(glyphs) > 20 and steps_down > _MIN_VERTICAL_SHARE * len(glyphs)


def _turn_vertical(glyph: Glyph) -> Glyph:
    """Return a character of vertical text as if its column were a line that is turned."""
    left, _, right, _ = glyph.box
    style = GlyphStyle(glyph.style.size, glyph.style.bold, 3)
    return Glyph(glyph.char, glyph.box, (left + right) / 2 - 0.38 * glyph.style.size, style)


def _join_glyphs(glyphs: list[Glyph], turn: int, bounds: Box) -> Iterator[Fragment]:
    """Yield fragments: runs of characters without a gap, in the order of the file."""
    text: list[str] = []
    left = right = baseline = 0.0
    style = glyphs[0].style
    for glyph in glyphs:
        if not text and glyph.char in _SPACES:
            continue  # without leading spaces, the left edge of the box shows the indent
        x0, x1, glyph_baseline = _place_in_view(glyph, turn, bounds)
        size = style.size or 1
        follows = (
            text
            and glyph.style is style
            and abs(glyph_baseline - baseline) < 0.1 * size
            and -0.3 * size < x0 - right < _MAX_GAP * size
        )
        if not follows:
            if text and (fragment := _to_fragment(text, left, right, baseline, style)):
                yield fragment
            text, left, baseline, style = [], x0, glyph_baseline, glyph.style
            right = x0
            if glyph.char in _SPACES:
                continue
        text.append(glyph.char)
        if glyph.char != " ":
            right = max(right, x1)
        elif x1 - x0 > _MAX_GAP * size:
            right = max(right, x1 - _MAX_GAP * size)
    if text and (fragment := _to_fragment(text, left, right, baseline, style)):
        yield fragment


def _to_fragment(
    text: list[str], left: float, right: float, baseline: float, style: GlyphStyle
) -> Fragment | None:
    joined = "".join(text)
    if not joined.strip():
        return None
    size = style.size
    # Use the box of an ideograph: what fonts add above and below differs.
    return Fragment(
        joined, left, baseline - 0.88 * size, right, baseline + 0.12 * size, size, style.bold
    )


def _place_in_view(glyph: Glyph, turn: int, bounds: Box) -> tuple[float, float, float]:
    """Return a character's (left, right, baseline) in a view."""
    left, bottom, right, top = glyph.box
    if turn == 0:
        return left - bounds[0], right - bounds[0], bounds[3] - glyph.baseline
    if turn == 1:
        return bottom - bounds[1], top - bounds[1], glyph.baseline - bounds[0]
    if turn == 2:
        return bounds[2] - right, bounds[2] - left, glyph.baseline - bounds[1]
    return bounds[3] - top, bounds[3] - bottom, bounds[2] - glyph.baseline
