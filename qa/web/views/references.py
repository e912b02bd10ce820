"""An answer with its references as text to paste: plain, Markdown, or references after GB/T 7714."""

from __future__ import annotations

import re
from pathlib import PurePath

from qa.types import Answer, Citation

STYLES = ("plain", "markdown", "gbt7714")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


def format_answer(answer: Answer, style: str) -> str:
    """The question, each quotation with its number, and the references in one of `STYLES`.

    GB/T 7714-2015 names a report as `题名[R]`, with the page where there is one; the author is left
    out where it is not known, as the standard allows.
    """
    markdown = style == "markdown"
    asked = f"**{_escaped(answer.question)}**" if markdown else answer.question
    if answer.abstained:
        return f"{asked}\n\n{answer.answer}\n"
    reference = _gbt7714 if style == "gbt7714" else _markdown if markdown else _plain
    quotes = [
        f"> {_escaped(c.quote)} [{n}]" if markdown else f"{c.quote} [{n}]"
        for n, c in enumerate(answer.citations, 1)
    ]
    references = [f"[{n}] {reference(c)}" for n, c in enumerate(answer.citations, 1)]
    between = "\n>\n" if markdown else "\n"
    note = f"\n\n{answer.note}" if answer.note else ""
    ends = "  \n" if markdown else "\n"
    return f"{asked}\n\n{between.join(quotes)}{note}\n\n{ends.join(references)}\n"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _plain(citation: Citation) -> str:
    place = " > ".join((citation.title, *citation.headings))
    page = f"，第 {citation.page} 页" if citation.page else ""
    return f"{place}{page}（{citation.document}，{citation.start}–{citation.end}）"


def _markdown(citation: Citation) -> str:
    place = " › ".join((citation.title, *citation.headings))
    page = f"，第 {citation.page} 页" if citation.page else ""
    return f"{_escaped(place)}{page}（{_escaped(citation.document)}）"


def _gbt7714(citation: Citation) -> str:
    """After GB/T 7714-2015, 4.1: title, kind of document, and the page quoted.

    >>> _gbt7714(Citation("a/b.pdf", "某报告", (), "", 0, 1, 0, 1, 3, 1.0))
    '某报告[R]. b.pdf: 3.'
    """
    page = f": {citation.page}" if citation.page else ""
    return f"{citation.title}[R]. {PurePath(citation.document).name}{page}."
