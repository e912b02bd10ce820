"""Pieces of HTML that several parts of the web page share; all text is escaped here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from indexer.types import Span
from qa.server.turn import Target


def where(title: str, headings: Sequence[str]) -> str:
    """Title and headings of a passage."""
    path = f'<span class="path">{spans(headings)}</span>' if headings else ""
    return f"<strong>{escape(title)}</strong>{path}"


def spans(texts: Sequence[str]) -> str:
    """Texts as spans, one after the other."""
    return "".join(f"<span>{escape(text)}</span>" for text in texts)


def target(path: str, start: int, end: int, opened: Target | None) -> str:
    """The attributes by which a click says what it opens, and what is open is lit."""
    current = ' aria-current="true"' if (path, start, end) == opened else ""
    return f'data-document="{escape(path)}" data-start="{start}" data-end="{end}"{current}'


def excerpt(text: str, row: bool) -> str:
    """What a card shows of a passage: of a row its cells, without the bars between them."""
    cells = [cell.strip() for cell in text.split("|")] if row else [text]
    return escape(" · ".join(filter(None, cells)))


def row_html(row: str, kind: str, tag: str = "span", *, split: bool = False) -> str:
    """A row's cells; the bars between them stay in the text, where they are not seen.

    split: white space parts the cells; it stays as well, at their ends.
    """
    parts = re.findall(r"\s*\S+\s*", row) if split else re.split(r"(\|)", row)
    cells = "".join(
        '<span class="bar">|</span>' if cell == "|" else f'<span class="cell">{escape(cell)}</span>'
        for at, cell in enumerate(parts)
        # Between two bars a cell may be empty; beside the outermost ones there is none.
        if cell.strip() or 0 < at < len(parts) - 1
    )
    return f'<{tag} class="{kind}">{cells}</{tag}>'


# Formats whose pages can be shown.
PICTURED = ("pdf", "image")


def page_target(path: str, page: int, quote: Span | None) -> str:
    """The attributes by which a click says which page it opens, and what is lit there."""
    span = f' data-start="{quote.start}" data-end="{quote.end}"' if quote else ""
    return f'data-page="{page}" data-file="{escape(path)}"{span}'
