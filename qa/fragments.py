"""Pieces of HTML that several parts of the web page share; all text is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def where(title: str, headings: Sequence[str]) -> str:
    """Title and headings of a passage."""
    path = f'<span class="path">{spans(headings)}</span>' if headings else ""
    return f"<strong>{escape(title)}</strong>{path}"


def spans(texts: Sequence[str]) -> str:
    """Texts as spans, one after the other."""
    return "".join(f"<span>{escape(text)}</span>" for text in texts)
