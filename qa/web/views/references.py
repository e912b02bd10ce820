"""An answer with its references as text to copy: plain, Markdown, or references after GB/T 7714."""

from __future__ import annotations

import re
from pathlib import PurePath

from qa.types import Answer, Citation

STYLES = ("plain", "markdown", "gbt7714")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


def format_answer(answer: Answer, style: str) -> str:
    """Return the question, the quotations with their numbers, and the references.

    GB/T 7714-2015 names a report as `题名[R]`, with the page if there is one. The author is left out
    because it is not known, as the standard allows.

    Args:
        style: one of `STYLES`.
    """
    markdown = style == "markdown"
    question = f"**{_escape_markdown(answer.question)}**" if markdown else answer.question
    if answer.abstained:
        return f"{question}\n\n{answer.answer}\n"
    reference = _gbt7714 if style == "gbt7714" else _markdown if markdown else _plain
    quotes = [
        f"> {_escape_markdown(c.quote)} [{n}]" if markdown else f"{c.quote} [{n}]"
        for n, c in enumerate(answer.citations, 1)
    ]
    references = [f"[{n}] {reference(c)}" for n, c in enumerate(answer.citations, 1)]
    quote_break = "\n>\n" if markdown else "\n"
    note = f"\n\n{answer.note}" if answer.note else ""
    line_break = "  \n" if markdown else "\n"
    return f"{question}\n\n{quote_break.join(quotes)}{note}\n\n{line_break.join(references)}\n"


def _escape_markdown(text: str) -> str:
    """Put a backslash before the characters that Markdown would interpret."""
    return _MARKDOWN.sub(r"\\\1", text)


def _plain(citation: Citation) -> str:
    place = " > ".join((citation.title, *citation.headings))
    page = f"，第 {citation.page} 页" if citation.page else ""
    return f"{place}{page}（{citation.document}，{citation.start}–{citation.end}）"


def _markdown(citation: Citation) -> str:
    place = " › ".join((citation.title, *citation.headings))
    page = f"，第 {citation.page} 页" if citation.page else ""
    return f"{_escape_markdown(place)}{page}（{_escape_markdown(citation.document)}）"


def _gbt7714(citation: Citation) -> str:
    """Return title, kind of document and page, after GB/T 7714-2015, 4.1.

    >>> _gbt7714(Citation("a/b.pdf", "某报告", (), "", 0, 1, 0, 1, 3, 1.0))
    '某报告[R]. b.pdf: 3.'
    """
    page = f": {citation.page}" if citation.page else ""
    return f"{citation.title}[R]. {PurePath(citation.document).name}{page}."
