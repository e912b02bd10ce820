"""The boxes of a page: text fragments, ruled lines and regions.

Coordinates are in points or pixels from the top left corner.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of text with its box, as a file or OCR gives it. It may be a part of a line only."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    """The font size, in the unit of the box."""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruled line of a page: horizontal (top == bottom) or vertical (left == right)."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of the report's text: a paragraph, a heading or a table row."""

    text: str
    size: float = 0.0
    """The font size; 0 for a table row and for a watermark."""
    bold: bool = False
    is_row: bool = False
    may_continue: bool = False
    """Its last line on the page is full, so that the next line may belong to the same paragraph."""


@dataclass(frozen=True, slots=True)
class Region:
    """A box of the page that is arranged as one: a run of text on one line, or a whole table."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    lines: tuple[TextLine, ...] = ()
    """The rows of a table; empty for text."""

    @property
    def width(self) -> float:
        return self.right - self.left
