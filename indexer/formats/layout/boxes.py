"""What stands where on a page: boxes from its top left corner, in points or pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on a page and its box, from the top left corner; size: of its type, in the
    same unit as the box."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruled line of a page, straight across (top == bottom) or down (left == right)."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, heading or table row. size: 0 of a row and of a watermark.

    goes_on: its last line on the page is full, so that what follows may be the same paragraph.
    """

    text: str
    size: float = 0.0
    bold: bool = False
    row: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in one place: a run of text on one line, or a whole table with its lines."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    lines: tuple[Line, ...] = ()

    @property
    def width(self) -> float:
        return self.right - self.left
