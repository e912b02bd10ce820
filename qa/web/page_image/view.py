"""The panel that shows a page of a report's file, with the quotation highlighted on it."""

from __future__ import annotations

import base64
from pathlib import Path

from indexer.document import Page
from indexer.errors import YinjuError, reason_of
from indexer.parsed_report import file_hash
from indexer.store.catalogue import Catalogue
from indexer.types import Document, Span
from qa.context import find_document
from qa.web.views.render import render
from qa.web.views.source import FORMATS_WITH_PAGES

from .draw import PageImage, PageRequest, draw_page
from .highlight import find_quoted_spans


def page_image_html(
    catalogue: Catalogue,
    path: object,
    page: object,
    language: str,
    start: object = None,
    end: object = None,
) -> str:
    """Render a page of the file that was indexed as `path`.

    A browser may have sent anything as `path`, `page`, `start` and `end`.

    Args:
        page: its number, from 1.
        start: where a quotation begins in the clean text, to be highlighted; None for none.
        end: where it ends; None for none.

    Raises:
        YinjuError: there is no such report, page or quotation, its file is gone or another, or
            cannot be shown.
    """
    document = find_document(catalogue, path)
    pages = catalogue.pages(document.id)
    if (
        document.format not in FORMATS_WITH_PAGES
        or type(page) is not int
        or not 1 <= page <= len(pages)
    ):
        raise YinjuError("question.no_page", path=document.path, page=page)
    quote = _checked_quote(document, start, end)
    text, spans = _page_text(catalogue, document, pages[page - 1], quote)
    _check_same_file(catalogue, document)
    image = draw_page(PageRequest(document.resolved, document.format, page, text, spans))
    return _html(document, page, len(pages), quote, image, language)


def _checked_quote(document: Document, start: object, end: object) -> Span | None:
    """Return the span of a quotation; None for none.

    Raises:
        YinjuError: the report has no such span.
    """
    if start is None and end is None:
        return None
    if type(start) is int and type(end) is int and 0 <= start < end <= document.characters:
        return Span(start, end)
    size = document.characters
    raise YinjuError("question.no_passage", path=document.path, start=start, end=end, size=size)


def _page_text(
    catalogue: Catalogue, document: Document, page: Page, quote: Span | None
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the raw text of a page, and the spans of it that a quotation comes from."""
    trail = catalogue.trail(document.id)
    spans = find_quoted_spans(trail, quote.start, quote.end) if quote else ()
    inside = [(max(a, page.start) - page.start, min(b, page.end) - page.start) for a, b in spans]
    text = trail.raw[page.start : page.end]
    return text, tuple((a, b) for a, b in inside if a < b and text[a:b].strip())


def _check_same_file(catalogue: Catalogue, document: Document) -> None:
    """Raise YinjuError if the file is not the one that was indexed."""
    try:
        same = file_hash(Path(document.resolved)) == catalogue.file_hashes()[document.resolved][1]
    except OSError as error:
        raise YinjuError(
            "question.not_shown", path=document.path, reason=reason_of(error)
        ) from error
    if not same:
        raise YinjuError("question.file_changed", path=document.path)


def _html(
    document: Document, page: int, pages: int, quote: Span | None, image: PageImage, language: str
) -> str:
    return render(
        "page_image.html",
        language,
        document=document,
        page=page,
        pages=pages,
        quote=quote,
        image=image,
        png=base64.b64encode(image.png).decode(),
        steps={"previous_page": page - 1, "next_page": page + 1},
    )
