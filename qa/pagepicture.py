"""A page of a report's own file as a picture, to compare a quotation with."""

from __future__ import annotations

import base64
import io
from html import escape
from pathlib import Path
from typing import Any

from indexer.catalogue import Catalogue
from indexer.errors import YinjuError
from indexer.record import file_hash

from .labels import LABELS
from .reading import document_at
from .types import Document

# Formats whose pages can be shown.
PICTURED = ("pdf", "image")
# The longer side of what is shown, in pixels: text is sharp in the panel at twice its width.
_SIDE = 1600


def picture_html(catalogue: Catalogue, path: object, page: object, language: str) -> str:
    """The panel of sources: a page of the file that was indexed as `path`.

    Raises:
        YinjuError: there is no such report or page, its file is gone or another, or cannot be shown.
    """
    label = LABELS[language]
    document = document_at(catalogue, path)
    pages = catalogue.pages(document.id)
    if document.format not in PICTURED or type(page) is not int or not 1 <= page <= len(pages):
        raise YinjuError(f"{document.path}: has no page {page!r} that could be shown")
    picture = _png(catalogue, document, page)
    data = base64.b64encode(picture).decode()
    number = label["page"].format(n=page)
    return (
        f'<header class="place"><h2>{escape(document.title)}</h2><p class="meta">{number}</p>'
        f'<button type="button" class="close-trail">{label["close_page"]}</button></header>'
        f'<div class="text picture" tabindex="0" role="region" aria-label="{number}">'
        f'<img src="data:image/png;base64,{data}" alt="{number}"></div>'
    )


def _png(catalogue: Catalogue, document: Document, page: int) -> bytes:
    file = Path(document.resolved)
    try:
        if file_hash(file) != catalogue.hashes()[document.resolved][1]:
            raise YinjuError(f"{document.path}: the file has changed since; index it again")
        picture = _pdf_page(file, page) if document.format == "pdf" else _picture(file, page)
    except OSError as error:
        raise YinjuError(f"{document.path}: cannot be shown: {error.strerror or error}") from error
    picture.thumbnail((_SIDE, _SIDE))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    return out.getvalue()


def _pdf_page(file: Path, page: int) -> Any:
    import pypdfium2 as pdfium

    try:
        with pdfium.PdfDocument(file) as document:
            one = document[page - 1]
            return one.render(scale=_SIDE / max(one.get_size())).to_pil()
    except pdfium.PdfiumError as error:
        raise YinjuError(f"{file}: page {page} cannot be shown: {error}") from error


def _picture(file: Path, page: int) -> Any:
    from PIL import Image, ImageOps

    with Image.open(file) as picture:
        picture.seek(page - 1)
        return ImageOps.exif_transpose(picture.convert("RGB"))
