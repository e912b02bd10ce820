"""What PDFium knows of a page: its characters as pieces, its ruled lines and its pictures."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from indexer.formats.layout.boxes import Piece, Stroke

# Text that is turned by more than this from straight is a watermark or a label in a chart.
_STRAIGHT = 3.0
# A piece ends at a gap of this many em. Words of Latin text come apart, cells of narrow tables too;
# the layout puts together what belongs together.
_GAP = 0.3
# Of a page's drawings so many are looked at; a map has more, and no tables.
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 2_000
_DEEPEST_FORM = 4
# A drawing no thicker than this, in points, is a line.
_THIN = 2.0
_BOLD = re.compile(r"bold|black|heavy|simhei|黑体|粗", re.IGNORECASE)
_BOLD_WEIGHT = 600
_FILL_AND_STROKE = 2
_SPACES = " \u3000"
# What PDFium gives for a hyphen at a line's end.
_HYPHENS = (0x02, 0xFFFE)
# Where characters follow one another downwards so often (share), the page is set vertically.
_VERTICAL = 0.6

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class View:
    """A page as it is read: turned so that its text stands upright. height: in points.

    A page has a second view if some of its text is turned otherwise, as a table set sideways.
    """

    pieces: tuple[Piece, ...]
    strokes: tuple[Stroke, ...]
    height: float


@dataclass(frozen=True, slots=True)
class _Style:
    """What the characters of one text object have in common. turn: in quarters, or None."""

    size: float
    bold: bool
    turn: int | None


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, its box in the page's own space (left, bottom, right, top) and its baseline.

    base: of a line that runs upwards or downwards, an x; else a y.
    """

    char: str
    box: Box
    base: float
    style: _Style


def count_chars(text_page: Any) -> int:
    """How many characters PDFium found on a page, its own spaces included."""
    from pypdfium2 import raw

    return max(0, int(raw.FPDFText_CountChars(text_page)))


def read_views(page: Any, text_page: Any, bounds: Box) -> list[View]:
    """The views of a page, the one with the most characters first; none where it has no text.

    Args:
        page, text_page: PDFium's handles.
        bounds: the visible part of the page, in its own space: left, bottom, right, top.
    """
    turned = turned_glyphs(text_page, bounds)
    return views_of(turned, tuple(read_strokes(page)) if turned else (), bounds)


def turned_glyphs(text_page: Any, bounds: Box) -> list[tuple[int, list[Glyph]]]:
    """The characters within `bounds` by how they are turned, in quarters; the most come first."""
    turned: dict[int, list[Glyph]] = {}
    for glyph in _glyphs(text_page):
        left, bottom, right, top = glyph.box
        outside = right < bounds[0] or left > bounds[2] or top < bounds[1] or bottom > bounds[3]
        if glyph.style.turn is not None and not outside:
            turned.setdefault(glyph.style.turn, []).append(glyph)
    upright = turned.get(0)
    if upright and _is_vertical(upright):
        turned.setdefault(3, []).extend(_set_upright(glyph) for glyph in turned.pop(0))
    return sorted(turned.items(), key=lambda item: -len(item[1]))


def views_of(
    turned: Sequence[tuple[int, list[Glyph]]], strokes: Sequence[Stroke], bounds: Box
) -> list[View]:
    """The views of `turned_glyphs`; the first has the strokes, which are in the page's space."""
    views: list[View] = []
    for turn, glyphs in turned:
        drawn = () if views else tuple(_turned_stroke(s, turn, bounds) for s in strokes)
        height = bounds[3] - bounds[1] if turn % 2 == 0 else bounds[2] - bounds[0]
        views.append(View(tuple(_pieces(glyphs, turn, bounds)), drawn, height))
    return views


def _glyphs(text_page: Any) -> Iterator[Glyph]:
    from pypdfium2 import raw

    count = count_chars(text_page)
    rect, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    at_rect, at_matrix, at_x, at_y = map(ctypes.byref, (rect, matrix, x, y))
    # Looked up once: a call costs 0.4 microseconds, and there are four a character.
    unicode, loose, origin, owner, generated = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetLooseCharBox,
        raw.FPDFText_GetCharOrigin,
        raw.FPDFText_GetTextObject,
        raw.FPDFText_IsGenerated,
    )
    styles: dict[tuple[int, ...], _Style] = {}
    last: int | None = -1
    style = _Style(0, False, None)
    for index in range(count):
        code = unicode(text_page, index)
        if code in (10, 13) or (code <= 32 and generated(text_page, index) == 1):
            continue
        here = ctypes.cast(owner(text_page, index), ctypes.c_void_p).value
        if here != last or here is None:
            last = here
            style = _style(raw, text_page, index, here, matrix, at_matrix)
            style = styles.setdefault((hash(style),), style)
        loose(text_page, index, at_rect)
        origin(text_page, index, at_x, at_y)
        base = y.value if style.turn is None or style.turn % 2 == 0 else x.value
        box = (rect.left, rect.bottom, rect.right, rect.top)
        yield Glyph(_char(code), box, base, style)


def _char(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    if code == 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return "\ufffd"
    if code == 0xA0 or code < 32:
        return " "
    return chr(code)


def _style(
    raw: Any, text_page: Any, index: int, owner: int | None, matrix: Any, at_matrix: Any
) -> _Style:
    size = raw.FPDFText_GetFontSize(text_page, index) or 1.0
    turn: int | None = 0
    if raw.FPDFText_GetMatrix(text_page, index, at_matrix):
        size *= math.hypot(matrix.c, matrix.d)
        degrees = math.degrees(math.atan2(matrix.b, matrix.a))
        quarters = round(degrees / 90)
        turn = quarters % 4 if abs(degrees - 90 * quarters) <= _STRAIGHT else None
    bold = raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT
    if owner and not bold:
        shape = ctypes.cast(owner, raw.FPDF_PAGEOBJECT)
        # Programs without a bold font draw the outline of each letter as well.
        bold = raw.FPDFTextObj_GetTextRenderMode(shape) == _FILL_AND_STROKE
        name = ctypes.create_string_buffer(128)
        font = raw.FPDFTextObj_GetFont(shape)
        if font and not bold and raw.FPDFFont_GetBaseFontName(font, name, 128):
            bold = bool(_BOLD.search(name.value.decode("utf-8", "replace")))
    return _Style(round(abs(size), 2), bold, turn)


def _is_vertical(glyphs: list[Glyph]) -> bool:
    """Whether most characters stand below the one before, as in books set from right to left."""
    down = 0
    for before, after in pairwise(glyphs):
        size = after.style.size or 1
        beside = abs(after.box[0] - before.box[0])
        below = before.box[1] - after.box[1]
        down += beside < 0.3 * size and 0.5 * size < below < 1.6 * size
    return len(glyphs) > 20 and down > _VERTICAL * len(glyphs)


def _set_upright(glyph: Glyph) -> Glyph:
    """A character of a vertical line, as if the line were turned: columns become lines."""
    left, _, right, _ = glyph.box
    style = _Style(glyph.style.size, glyph.style.bold, 3)
    return Glyph(glyph.char, glyph.box, (left + right) / 2 - 0.38 * glyph.style.size, style)


def _pieces(glyphs: list[Glyph], turn: int, bounds: Box) -> Iterator[Piece]:
    """Runs of characters that follow one another without a gap, in the order of the file."""
    text: list[str] = []
    left = right = base = 0.0
    style = glyphs[0].style
    for glyph in glyphs:
        if not text and glyph.char in _SPACES:
            continue  # an indent is where a line begins, however a program made it
        x0, x1, line = _placed(glyph, turn, bounds)
        size = style.size or 1
        follows = (
            text
            and glyph.style is style
            and abs(line - base) < 0.1 * size
            and -0.3 * size < x0 - right < _GAP * size
        )
        if not follows:
            if text and (piece := _piece(text, left, right, base, style)):
                yield piece
            text, left, base, style = [], x0, line, glyph.style
            right = x0
            if glyph.char in _SPACES:
                continue
        text.append(glyph.char)
        if glyph.char != " ":
            right = max(right, x1)
        elif x1 - x0 > _GAP * size:
            right = max(right, x1 - _GAP * size)
    if text and (piece := _piece(text, left, right, base, style)):
        yield piece


def _piece(text: list[str], left: float, right: float, base: float, style: _Style) -> Piece | None:
    joined = "".join(text)
    if not joined.strip():
        return None
    size = style.size
    # An ideograph's box, whatever room its font takes above and below.
    return Piece(joined, left, base - 0.88 * size, right, base + 0.12 * size, size, style.bold)


def _placed(glyph: Glyph, turn: int, bounds: Box) -> tuple[float, float, float]:
    """Left, right and baseline of a character in a view."""
    left, bottom, right, top = glyph.box
    if turn == 0:
        return left - bounds[0], right - bounds[0], bounds[3] - glyph.base
    if turn == 1:
        return bottom - bounds[1], top - bounds[1], glyph.base - bounds[0]
    if turn == 2:
        return bounds[2] - right, bounds[2] - left, glyph.base - bounds[1]
    return bounds[3] - top, bounds[3] - bottom, bounds[2] - glyph.base


# --- drawings ---


def _objects(page: Any, deepest: int = _DEEPEST_FORM) -> Iterator[tuple[Any, Any, int]]:
    """The objects of a page and of forms in it, with the matrix of their form and their type."""
    from pypdfium2 import raw

    left = _MOST_OBJECTS
    stack: list[tuple[Any, Any, int]] = []
    for index in range(min(left, raw.FPDFPage_CountObjects(page))):
        stack.append((raw.FPDFPage_GetObject(page, index), (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0))
    while stack and left > 0:
        shape, outer, depth = stack.pop()
        left -= 1
        if not shape:
            continue
        kind = raw.FPDFPageObj_GetType(shape)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < deepest:
            inner = _multiply(_matrix(raw, shape), outer)
            for index in range(min(left, raw.FPDFFormObj_CountObjects(shape))):
                stack.append((raw.FPDFFormObj_GetObject(shape, index), inner, depth + 1))
        else:
            yield shape, outer, kind


def _matrix(raw: Any, shape: Any) -> tuple[float, ...]:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(shape, ctypes.byref(m)):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _multiply(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def read_strokes(page: Any) -> Iterator[Stroke]:
    """The straight lines on a page, in its own space (top is the larger number)."""
    from pypdfium2 import raw

    fill, stroked = ctypes.c_int(), ctypes.c_int()
    for shape, outer, kind in _objects(page):
        if kind != raw.FPDF_PAGEOBJ_PATH:
            continue
        points = list(_path(raw, shape, _multiply(_matrix(raw, shape), outer)))
        if not points:
            continue
        xs, ys = [p[1] for p in points], [p[2] for p in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        if box[2] - box[0] <= _THIN or box[3] - box[1] <= _THIN:
            yield _straight(*box)
            continue
        raw.FPDFPath_GetDrawMode(shape, ctypes.byref(fill), ctypes.byref(stroked))
        if stroked.value:
            yield from _edges(points)


def _path(
    raw: Any, shape: Any, matrix: tuple[float, ...]
) -> Iterator[tuple[bool, float, float, bool]]:
    """The points of a path: whether drawn to, x, y, whether the path is closed there."""
    count = raw.FPDFPath_CountSegments(shape)
    if not 0 < count <= _MOST_SEGMENTS:
        return
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(shape, index)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        drawn = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO
        closed = bool(raw.FPDFPathSegment_GetClose(segment))
        yield drawn, a * x.value + c * y.value + e, b * x.value + d * y.value + f, closed


def _edges(points: list[tuple[bool, float, float, bool]]) -> Iterator[Stroke]:
    start = at = points[0][1:3]
    for drawn, x, y, closed in points:
        if drawn and (abs(x - at[0]) <= _THIN or abs(y - at[1]) <= _THIN):
            yield _straight(min(at[0], x), min(at[1], y), max(at[0], x), max(at[1], y))
        if not drawn:
            start = (x, y)
        at = (x, y)
        if closed and (abs(x - start[0]) <= _THIN or abs(y - start[1]) <= _THIN):
            left, right = sorted((x, start[0]))
            bottom, top = sorted((y, start[1]))
            yield _straight(left, bottom, right, top)


def _straight(left: float, bottom: float, right: float, top: float) -> Stroke:
    if right - left >= top - bottom:
        middle = (bottom + top) / 2
        return Stroke(left, middle, right, middle)
    middle = (left + right) / 2
    return Stroke(middle, top, middle, bottom)


def _turned_stroke(stroke: Stroke, turn: int, bounds: Box) -> Stroke:
    left, top, right, bottom = stroke.left, stroke.top, stroke.right, stroke.bottom
    if turn == 0:
        return Stroke(left - bounds[0], bounds[3] - top, right - bounds[0], bounds[3] - bottom)
    if turn == 1:
        return Stroke(bottom - bounds[1], left - bounds[0], top - bounds[1], right - bounds[0])
    if turn == 2:
        return Stroke(bounds[2] - right, bottom - bounds[1], bounds[2] - left, top - bounds[1])
    return Stroke(bounds[3] - top, bounds[2] - right, bounds[3] - bottom, bounds[2] - left)


def picture_share(page: Any, bounds: Box) -> float:
    """The share of a page that its largest picture covers, from 0 to 1."""
    from pypdfium2 import raw

    area = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])
    largest = 0.0
    sides = [ctypes.c_float() for _ in range(4)]
    for shape, outer, kind in _objects(page):
        if kind != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        if raw.FPDFPageObj_GetBounds(shape, *map(ctypes.byref, sides)):
            left, bottom, right, top = (side.value for side in sides)
            scale = abs(outer[0] * outer[3] - outer[1] * outer[2])
            largest = max(largest, (right - left) * (top - bottom) * scale)
    return min(1.0, largest / area) if area > 0 else 0.0
