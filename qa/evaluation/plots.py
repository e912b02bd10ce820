"""Draw small plots as inline SVG, lines and grouped bars, without a library or a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

# Size of the drawing, and its margins for ticks and labels, in SVG units.
_WIDTH, _HEIGHT = 460, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 14, 14, 44
# An axis has at least this many steps between ticks.
_FEWEST_STEPS = 4

# (x, y) of each point.
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axes:
    """Both axes of a plot; they begin at 0."""

    x: str
    """The label of the x axis."""
    y: str
    """The label of the y axis."""
    x_end: float
    """The value at which the x axis ends."""
    y_end: float
    """The value at which the y axis ends."""
    description: str = "{y} over {x}: {names}"
    """The text for screen readers; filled in are both labels and the names of the series."""

    def to_drawing(self, x: float, y: float) -> tuple[float, float]:
        """Return (left, top) of a point in the drawing, in SVG units."""
        across = (_WIDTH - _LEFT - _RIGHT) * min(x / self.x_end, 1.0)
        up = (_HEIGHT - _TOP - _BOTTOM) * min(y / self.y_end, 1.0)
        return _LEFT + across, _HEIGHT - _BOTTOM - up


def draw_lines(axes: Axes, series: dict[str, Points], mark: tuple[str, float, float]) -> str:
    """Return a plot of a line through the points of each series, as HTML.

    Args:
        series: name -> points.
        mark: label, x and y of a point to mark; with an empty label there is none.
    """
    lines = [
        f'<polyline class="line s{number}" points="{_format_points(axes, points)}"/>'
        for number, points in enumerate(series.values())
    ]
    label, x, y = mark
    if label:
        left, top = axes.to_drawing(x, y)
        label_before = left > _WIDTH * 0.6
        lines.append(
            f'<circle class="mark" cx="{left:.1f}" cy="{top:.1f}" r="4"/>'
            f'<text class="told" x="{left + (-9 if label_before else 9):.1f}" y="{top - 8:.1f}" '
            f'text-anchor="{"end" if label_before else "start"}">{escape(label)}</text>'
        )
    return _assemble(axes, list(series), lines)


def draw_bars(axes: Axes, series: dict[str, Sequence[float]], limit: tuple[str, float]) -> str:
    """Return a plot of bars side by side over equal steps of the x axis, as HTML.

    Args:
        series: name -> height of the bar of each step.
        limit: label and x of a vertical line; with an empty label there is none.
    """
    bars = []
    for number, heights in enumerate(series.values()):
        step = axes.x_end / len(heights)
        width = step * 0.84 / len(series)
        for slot, height in enumerate(heights):
            left, top = axes.to_drawing(slot * step + step * 0.08 + number * width, height)
            right, bottom = axes.to_drawing(slot * step + step * 0.08 + (number + 1) * width, 0)
            bars.append(
                f'<rect class="s{number}" x="{left:.1f}" y="{top:.1f}" '
                f'width="{right - left:.1f}" height="{bottom - top:.1f}"/>'
            )
    label, x = limit
    if label:
        left, top = axes.to_drawing(x, axes.y_end)
        _, bottom = axes.to_drawing(x, 0)
        bars.append(
            f'<line class="limit" x1="{left:.1f}" x2="{left:.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>'
            f'<text class="told" x="{left - 5:.1f}" y="{top + 12:.1f}" text-anchor="end">'
            f"{escape(label)}</text>"
        )
    return _assemble(axes, list(series), bars)


def _format_points(axes: Axes, points: Points) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in (axes.to_drawing(*point) for point in points))


def _assemble(axes: Axes, names: Sequence[str], shapes: Sequence[str]) -> str:
    """Return the key with the names of the series, and the drawing with axes and shapes, as HTML."""
    key = "".join(f'<span class="k{i}">{escape(name)}</span>' for i, name in enumerate(names))
    label = escape(axes.description.format(x=axes.x, y=axes.y, names=", ".join(names)))
    return (
        f'<div class="key">{key}</div>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">'
        f"{_draw_axes(axes)}{''.join(shapes)}</svg>"
    )


def _draw_axes(axes: Axes) -> str:
    """Return ticks, grid lines and labels of both axes, as SVG."""
    parts = []
    for y in ticks_of(axes.y_end):
        left, top = axes.to_drawing(0, y)
        right, _ = axes.to_drawing(axes.x_end, y)
        parts.append(
            f'<line class="grid" x1="{left}" x2="{right}" y1="{top:.1f}" y2="{top:.1f}"/>'
            f'<text x="{left - 7}" y="{top + 4:.1f}" text-anchor="end">{y:g}</text>'
        )
    for x in ticks_of(axes.x_end):
        left, bottom = axes.to_drawing(x, 0)
        parts.append(f'<text x="{left:.1f}" y="{bottom + 17}" text-anchor="middle">{x:g}</text>')
    middle = (_HEIGHT - _BOTTOM + _TOP) / 2
    return "".join(parts) + (
        f'<text x="{(_WIDTH + _LEFT - _RIGHT) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">'
        f"{escape(axes.x)}</text>"
        f'<text transform="translate(13 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(axes.y)}</text>"
    )


def ticks_of(end: float) -> list[float]:
    """Return round numbers from 0 to `end`, in at least four steps.

    A step is 1, 2 or 5 times a power of ten.

    >>> ticks_of(1.0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    power: float = 10.0 ** floor(log10(end / _FEWEST_STEPS))
    step = next(power * m for m in (5, 2, 1) if power * m * _FEWEST_STEPS <= end * (1 + 1e-9))
    return [round(i * step, 10) for i in range(floor(end / step + 1e-9) + 1)]


def round_up_to_tick(value: float) -> float:
    """Return the end of an axis that shows `value`: the next tick; 1 if `value` is not positive."""
    if value <= 0:
        return 1.0
    ticks = ticks_of(value)
    last, step = ticks[-1], ticks[1]
    return last if last >= value * (1 - 1e-9) else last + step
