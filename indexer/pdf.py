"""A PDF to lines, with the page of each."""

from __future__ import annotations

from pathlib import Path

from .errors import YinjuError
from .limits import Limits
from .loaded import Loaded, Page


def load_pdf(path: Path, data: bytes, limits: Limits) -> Loaded:
    """Reads a PDF with a text layer, page by page."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise YinjuError(
            f"{path}: is not a readable PDF, or is locked by a password: {error}"
        ) from error
    pieces: list[str] = []
    pages: list[Page] = []
    at = 0
    with document:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage().get_text_bounded().replace("\r\n", "\n").rstrip("\n") + "\n"
            pieces.append(text)
            pages.append(Page(number + 1, at, at + len(text)))
            at += len(text)
        title = document.get_metadata_dict().get("Title") or None
    return Loaded("".join(pieces), "pdf", None, title, tuple(pages))
