"""Pieces of text on a page to lines in the order in which a person reads them."""

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
