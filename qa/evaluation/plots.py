"""Small plots as inline SVG: lines and paired bars, drawn without a library or a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

# Of the drawing, and what is left free on its sides for ticks and labels, in SVG units.
_WIDTH, _HEIGHT = 460, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 14, 14, 44
# How many ticks an axis has at least.
_TICKS = 4

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axes:
    """What both axes show, from 0: their labels and where they end.

    told: what a screen reader says of the drawing, with gaps for x, y and the names of its series.
    """

    x: str
    y: str
    x_end: float
    y_end: float
    told: str = "{y} over {x}: {names}"

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies in the drawing."""
        across = (_WIDTH - _LEFT - _RIGHT) * min(x / self.x_end, 1.0)
        up = (_HEIGHT - _TOP - _BOTTOM) * min(y / self.y_end, 1.0)
        return _LEFT + across, _HEIGHT - _BOTTOM - up


def line_plot(axes: Axes, series: dict[str, Points], mark: tuple[str, float, float]) -> str:
    """Lines through points, and one marked point with its label; no label, no mark."""
    lines = [
        f'<polyline class="line s{number}" points="{_joined(axes, points)}"/>'
        for number, points in enumerate(series.values())
    ]
    label, x, y = mark
    if label:
        left, top = axes.place(x, y)
        before = left > _WIDTH * 0.6
        lines.append(
            f'<circle class="mark" cx="{left:.1f}" cy="{top:.1f}" r="4"/>'
            f'<text class="told" x="{left + (-9 if before else 9):.1f}" y="{top - 8:.1f}" '
            f'text-anchor="{"end" if before else "start"}">{escape(label)}</text>'
        )
    return _drawing(axes, list(series), lines)


def bar_plot(axes: Axes, series: dict[str, Sequence[float]], at: tuple[str, float]) -> str:
    """Bars side by side over equal steps of the x axis, and a labelled upright line."""
    bars = []
    for number, heights in enumerate(series.values()):
        step = axes.x_end / len(heights)
        width = step * 0.84 / len(series)
        for place, height in enumerate(heights):
            left, top = axes.place(place * step + step * 0.08 + number * width, height)
            right, bottom = axes.place(place * step + step * 0.08 + (number + 1) * width, 0)
            bars.append(
                f'<rect class="s{number}" x="{left:.1f}" y="{top:.1f}" '
                f'width="{right - left:.1f}" height="{bottom - top:.1f}"/>'
            )
    label, x = at
    if label:
        left, top = axes.place(x, axes.y_end)
        _, bottom = axes.place(x, 0)
        bars.append(
            f'<line class="limit" x1="{left:.1f}" x2="{left:.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>'
            f'<text class="told" x="{left - 5:.1f}" y="{top + 12:.1f}" text-anchor="end">'
            f"{escape(label)}</text>"
        )
    return _drawing(axes, list(series), bars)


def _joined(axes: Axes, points: Points) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in (axes.place(*point) for point in points))


def _drawing(axes: Axes, names: Sequence[str], body: Sequence[str]) -> str:
    key = "".join(f'<span class="k{i}">{escape(name)}</span>' for i, name in enumerate(names))
    told = escape(axes.told.format(x=axes.x, y=axes.y, names=", ".join(names)))
    return (
        f'<div class="key">{key}</div>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{told}">'
        f"{_grid(axes)}{''.join(body)}</svg>"
    )


def _grid(axes: Axes) -> str:
    parts = []
    for y in ticks(axes.y_end):
        left, top = axes.place(0, y)
        right, _ = axes.place(axes.x_end, y)
        parts.append(
            f'<line class="grid" x1="{left}" x2="{right}" y1="{top:.1f}" y2="{top:.1f}"/>'
            f'<text x="{left - 7}" y="{top + 4:.1f}" text-anchor="end">{y:g}</text>'
        )
    for x in ticks(axes.x_end):
        left, bottom = axes.place(x, 0)
        parts.append(f'<text x="{left:.1f}" y="{bottom + 17}" text-anchor="middle">{x:g}</text>')
    middle = (_HEIGHT - _BOTTOM + _TOP) / 2
    return "".join(parts) + (
        f'<text x="{(_WIDTH + _LEFT - _RIGHT) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">'
        f"{escape(axes.x)}</text>"
        f'<text transform="translate(13 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(axes.y)}</text>"
    )


def ticks(end: float) -> list[float]:
    """Round numbers from 0 to `end`, at least four steps of 1, 2 or 5 times a power of ten.

    >>> ticks(1.0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    power: float = 10.0 ** floor(log10(end / _TICKS))
    step = next(power * m for m in (5, 2, 1) if power * m * _TICKS <= end * (1 + 1e-9))
    return [round(i * step, 10) for i in range(floor(end / step + 1e-9) + 1)]


def rounded_up(value: float) -> float:
    """The end of an axis that holds `value`: the next tick; 1 where there is nothing to show."""
    if value <= 0:
        return 1.0
    told = ticks(value)
    step = told[1]
    holds: Callable[[float], bool] = lambda end: end >= value * (1 - 1e-9)
    return next(end for end in (told[-1], told[-1] + step) if holds(end))
