"""The drawings of a PDF page: its ruled lines and its pictures, as PDFium gives them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from indexer.formats.layout.boxes import Stroke

# At most this many objects of a page are looked at; a map has more, and no tables.
_MAX_OBJECTS = 20_000
_MAX_SEGMENTS = 2_000  # of first path
_MAX_FORM_DEPTH = 4
# A drawing at most this thick, in points, is a line.
_MAX_LINE_WIDTH = 2.0

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in the page's own space, in points."""


def _iterate_objects(page: Any, max_depth: int = _MAX_FORM_DEPTH) -> Iterator[tuple[Any, Any, int]]:
    """Yield the objects of a page and of the forms in it: (object, matrix of its form, type)."""
    from pypdfium2 import raw

    remaining = _MAX_OBJECTS
    stack: list[tuple[Any, Any, int]] = []
    for index in range(min(remaining, raw.FPDFPage_CountObjects(page))):
        stack.append((raw.FPDFPage_GetObject(page, index), (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0))
    while stack and remaining > 0:
        shape, form_matrix, depth = stack.pop()
        remaining -= 1
        if not shape:
            continue
        kind = raw.FPDFPageObj_GetType(shape)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < max_depth:
            inner = _multiply(_read_matrix(raw, shape), form_matrix)
            for index in range(min(remaining, raw.FPDFFormObj_CountObjects(shape))):
                stack.append((raw.FPDFFormObj_GetObject(shape, index), inner, depth + 1))
        else:
            yield shape, form_matrix, kind


def _read_matrix(raw: Any, shape: Any) -> tuple[float, ...]:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(shape, ctypes.byref(m)):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _multiply(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def read_strokes(page: Any) -> Iterator[Stroke]:
    """Yield the straight lines of a page in its own space, where top is the larger number."""
    from pypdfium2 import raw

    fill, stroked = ctypes.c_int(), ctypes.c_int()
    for shape, form_matrix, kind in _iterate_objects(page):
        if kind != raw.FPDF_PAGEOBJ_PATH:
            continue
        points = list(_read_path(raw, shape, _multiply(_read_matrix(raw, shape), form_matrix)))
        if not points:
            continue
        xs, ys = [p[1] for p in points], [p[2] for p in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        if box[2] - box[0] <= _MAX_LINE_WIDTH or box[3] - box[1] <= _MAX_LINE_WIDTH:
            yield _to_stroke(*box)
            continue
        raw.FPDFPath_GetDrawMode(shape, ctypes.byref(fill), ctypes.byref(stroked))
        if stroked.value:
            yield from _find_straight_edges(points)


def _read_path(
    raw: Any, shape: Any, matrix: tuple[float, ...]
) -> Iterator[tuple[bool, float, float, bool]]:
    """Yield the points of a path: (whether a line leads to it, x, y, whether the path closes)."""
    count = raw.FPDFPath_CountSegments(shape)
    if not 0 < count <= _MAX_SEGMENTS:
        return
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(shape, index)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        drawn = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO
        closed = bool(raw.FPDFPathSegment_GetClose(segment))
        yield drawn, a * x.value + c * y.value + e, b * x.value + d * y.value + f, closed


def _find_straight_edges(points: list[tuple[bool, float, float, bool]]) -> Iterator[Stroke]:
    start = at = points[0][1:3]
    for drawn, x, y, closed in points:
        if drawn and (abs(x - at[0]) <= _MAX_LINE_WIDTH or abs(y - at[1]) <= _MAX_LINE_WIDTH):
            yield _to_stroke(min(at[0], x), min(at[1], y), max(at[0], x), max(at[1], y))
        if not drawn:
            start = (x, y)
        at = (x, y)
        if closed and (
            abs(x - start[0]) <= _MAX_LINE_WIDTH or abs(y - start[1]) <= _MAX_LINE_WIDTH
        ):
            left, right = sorted((x, start[0]))
            bottom, top = sorted((y, start[1]))
            yield _to_stroke(left, bottom, right, top)


def _to_stroke(left: float, bottom: float, right: float, top: float) -> Stroke:
    if right - left >= top - bottom:
        middle = (bottom + top) / 2
        return Stroke(left, middle, right, middle)
    middle = (left + right) / 2
    return Stroke(middle, top, middle, bottom)


def turn_stroke(stroke: Stroke, turn: int, bounds: Box) -> Stroke:
    """Return a stroke of the page's own space as it lies in a view.

    Args:
        stroke: the stroke in the page's own space.
        turn: by how many quarters the text of the view is turned.
        bounds: the visible part of the page.
    """
    left, top, right, bottom = stroke.left, stroke.top, stroke.right, stroke.bottom
    if turn == 0:
        return Stroke(left - bounds[0], bounds[3] - top, right - bounds[0], bounds[3] - bottom)
    if turn == 1:
        return Stroke(bottom - bounds[1], left - bounds[0], top - bounds[1], right - bounds[0])
    if turn == 2:
        return Stroke(bounds[2] - right, bottom - bounds[1], bounds[2] - left, top - bounds[1])
    return Stroke(bounds[3] - top, bounds[2] - right, bounds[3] - bottom, bounds[2] - left)


def picture_share(page: Any, bounds: Box) -> float:
    """Return the share of a page that its largest picture covers, from 0 to 1."""
    from pypdfium2 import raw

    area = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])
    largest = 0.0
    sides = [ctypes.c_float() for _ in range(4)]
    for shape, form_matrix, kind in _iterate_objects(page):
        if kind != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        if raw.FPDFPageObj_GetBounds(shape, *map(ctypes.byref, sides)):
            left, bottom, right, top = (side.value for side in sides)
            scale = abs(form_matrix[0] * form_matrix[3] - form_matrix[1] * form_matrix[2])
            largest = max(largest, (right - left) * (top - bottom) * scale)
    return min(1.0, largest / area) if area > 0 else 0.0
