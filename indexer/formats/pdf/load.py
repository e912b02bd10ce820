"""Load a PDF: its lines page by page, with the headings that font sizes show.

The raw text contains all that the pages show, also headers, footers and page numbers. Cleaning
removes these, so that its trail records them. Scanned pages are read by OCR.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from indexer.config import Limits, beyond_limit
from indexer.document import LoadedFile, LoadedFileBuilder
from indexer.errors import YinjuError
from indexer.formats.layout.arrange import arrange
from indexer.formats.layout.boxes import Fragment, TextLine
from indexer.formats.layout.headings import find_heading_levels, find_title
from indexer.formats.layout.runs import common_size
from indexer.formats.layout.tables import find_ruled_tables
from indexer.formats.signatures import find_format
from indexer.messages import Message, message

from .drawings import Box, picture_share
from .glyphs import PageView, count_chars, read_views
from .probe import find_failing_pages

# A page without text is a scan if a picture covers the first share of it. A page with a stamp or a
# page number only (fewer characters than the third number) is one if a picture covers the second.
_SCAN_SHARE, _FULL_PAGE_SHARE, _MAX_STAMP_CHARS = 0.3, 0.8, 15
# A page full of text in three points has 60,000 characters. A page with more than this limit hides
# characters; they would cost 7 microseconds and 300 bytes each.
_MAX_CHARS = 500_000
# The resolution (dots an inch) at which scans are read, and the most pixels of a page's longer
# side: a poster at 200 dpi would take a gigabyte.
_DPI, _MAX_PIXELS = 200, 4_000
_POINTS_AN_INCH = 72
# The header of a PDF may have other bytes before it; the specification allows this many.
_MAX_HEADER_OFFSET = 1024
_A4: Box = (0.0, 0.0, 595.0, 842.0)

# What a file is that is no PDF, and what mends it, by the format that it begins like.
_NO_PDF = {
    "ole": (
        message("found.old_office_as", suffix=".doc"),
        message("mend.save_as", suffix="PDF"),
    ),
    "rtf": (message("found.rtf"), message("mend.save_as", suffix="PDF")),
    "png": (
        message("found.picture_of_format", format="PNG"),
        message("mend.rename_to", suffix=".png"),
    ),
    "jpeg": (
        message("found.picture_of_format", format="JPEG"),
        message("mend.rename_to", suffix=".jpg"),
    ),
    "postscript": (message("found.postscript"), message("mend.convert_to_pdf")),
}
_PACKAGES = ((b"word/", ".docx"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx"))

Reader = Callable[[Any], list[Fragment]]


@dataclass
class _ReadPages:
    """The lines of each page, and the numbers (from 1) of pages with problems."""

    pages: list[tuple[TextLine, ...]] = field(default_factory=list)
    chars: int = 0
    """How many characters PDFium found on all pages."""
    broken: list[int] = field(default_factory=list)
    """Pages that are damaged."""
    crowded: list[int] = field(default_factory=list)
    """Pages with too many characters, which were not read."""
    scanned: list[int] = field(default_factory=list)
    """Pages that were read by OCR."""
    unread: list[int] = field(default_factory=list)
    """Scanned pages that were not read because OCR is not installed."""


def load_pdf(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a PDF page by page; pages without a text layer are read by OCR.

    Raises:
        YinjuError: it is no PDF, is locked, damaged or larger than the limits; or all of it is
            scans and OCR is not installed.
    """
    document = _open(path, data)
    try:
        count = len(document)
        if count == 0:
            raise _unreadable(path, message("found.pdf_without_pages"), message("mend.export"))
        if count > limits.pages:
            raise beyond_limit(path, "pages", message("size.pages", count=count), limits.pages)
        failing = find_failing_pages(data)
        if failing is None:
            raise _unreadable(path, message("found.endless_pdf"), message("mend.print"))
        read = _read_pages(path, document, frozenset(failing), limits)
        metadata_title = document.get_metadata_dict().get("Title") or ""
    finally:
        document.close()
    if len(read.broken) + len(read.crowded) == count:
        found = message("found.unreadable_pdf")
        if read.crowded:
            found = _about_pages("found.crowded_pdf", read.crowded)
        raise _unreadable(path, found, message("mend.export"))
    lines = [line for page in read.pages for line in page]
    builder = LoadedFileBuilder()
    # OCR measures font sizes to about a tenth, which is too coarse to find headings. Scanned pages
    # have only the headings that their numbers show.
    scanned = frozenset(read.scanned)
    pages_with_text = [() if at in scanned else page for at, page in enumerate(read.pages, 1)]
    for page, marked in zip(read.pages, find_heading_levels(pages_with_text), strict=True):
        builder.start_page()
        levels = marked or [0] * len(page)
        for line, level in zip(page, levels, strict=True):
            builder.add_line(line.text.strip() if level else line.text, level)
    title = find_title(metadata_title, read.pages[0], common_size(lines))
    return replace(builder.build("pdf", None, title), problems=tuple(_find_problems(read, data)))


def _open(path: Path, data: bytes) -> Any:
    """Open the document.

    Raises:
        YinjuError: PDFium cannot open it.
    """
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    if not data.strip(b"\0 \r\n\t"):
        raise _unreadable(path, message("found.empty_file"), message("mend.copy_or_export"))
    if b"%PDF" not in data[:_MAX_HEADER_OFFSET]:
        raise _unreadable(path, *_describe_file(data))
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            found, mend = message("found.locked_pdf"), message("mend.unlock_pdf")
        elif not _is_whole(data):
            found, mend = message("found.cut_off_pdf"), message("mend.copy_or_download")
        else:
            found, mend = message("found.damaged_pdf"), message("mend.view_and_print")
        raise _unreadable(path, found, mend) from error


def _is_whole(data: bytes) -> bool:
    """Return whether a file has an end mark; a few files have other bytes behind it."""
    return b"%%EOF" in data[-4096:] or b"startxref" in data[-4096:]


def _describe_file(data: bytes) -> tuple[Message, Message]:
    """Return what a file that is no PDF is, and how the user can mend it."""
    start = data[:_MAX_HEADER_OFFSET].lstrip(b"\xef\xbb\xbf \r\n\t")
    other = _NO_PDF.get(find_format(start) or "")
    if other is not None:
        return other
    if start.startswith(b"PK"):
        for folder, suffix in _PACKAGES:
            if folder in data:
                found = message("found.file_of_kind", suffix=suffix)
                return found, message("mend.rename_to", suffix=suffix)
        return message("found.zip"), message("mend.unpack")
    if re.match(rb"<(?:!doctype|html|head|body|\?xml)", start, re.IGNORECASE):
        return message("found.markup"), message("mend.rename_or_download", suffix=".html")
    if b"\0" not in start and not start.startswith(b"\x80"):
        return message("found.no_pdf_header"), message("mend.rename_text", suffix=".txt")
    return message("found.something_else"), message("mend.export_from_program")


def _unreadable(path: Path, found: Message, mend: Message) -> YinjuError:
    return YinjuError("file.not_pdf", path=path, found=found, mend=mend)


def _read_pages(path: Path, document: Any, failing: frozenset[int], limits: Limits) -> _ReadPages:
    """Read the lines of all pages except the `failing` ones.

    Raises:
        YinjuError: more characters than the limit; or nothing but scans, and no OCR.
    """
    import pypdfium2 as pdfium

    read = _ReadPages()
    ocr = _LazyReader(path)
    for number in range(1, len(document) + 1):
        try:
            page = None if number in failing else document[number - 1]
        except pdfium.PdfiumError:
            page = None
        if page is None:
            read.broken.append(number)
            read.pages.append(())
            continue
        try:
            read.pages.append(_read_page(path, page, number, read, ocr, limits))
        except pdfium.PdfiumError:
            read.broken.append(number)
            read.pages.append(())
        finally:
            page.close()
    if read.unread and not any(read.pages) and ocr.missing:
        raise ocr.missing
    return read


def _read_page(
    path: Path, page: Any, number: int, read: _ReadPages, ocr: _LazyReader, limits: Limits
) -> tuple[TextLine, ...]:
    bounds = page_bounds(page)
    text_page = page.get_textpage()
    try:
        # Count the characters before they are read, so that a page of millions costs nothing.
        count = count_chars(text_page.raw)
        if count > _MAX_CHARS:
            read.crowded.append(number)
            return ()
        read.chars += count
        if read.chars > limits.chars:
            found = message("size.characters_to_page", count=read.chars, page=number)
            raise beyond_limit(path, "chars", found, limits.chars)
        views = read_views(page.raw, text_page.raw, bounds)
    finally:
        text_page.close()
    lines = read_lines(views)
    found_chars = sum(len(line.text) for line in lines)
    if found_chars >= _MAX_STAMP_CHARS:
        return tuple(lines)
    if picture_share(page.raw, bounds) < (_FULL_PAGE_SHARE if lines else _SCAN_SHARE):
        return tuple(lines)
    reader = ocr.reader()
    if reader is None:
        # A cover with a picture and a title is no scan.
        if not lines:
            read.unread.append(number)
        return tuple(lines)
    image = _render(page, bounds)
    read.scanned.append(number)
    # Scale the boxes to points, the unit of the pages with text.
    height = page.get_height()
    scale = height / image.shape[0]
    fragments = [_scale(fragment, scale) for fragment in reader(image)]
    return arrange(fragments, (), height) or tuple(lines)


def read_lines(views: Sequence[PageView]) -> list[TextLine]:
    """Return the lines of a page, view by view."""
    lines: list[TextLine] = []
    for view in views:
        tables, fragments = find_ruled_tables(view.fragments, view.strokes)
        lines += arrange(fragments, tables, view.height)
    return lines


def _scale(fragment: Fragment, by: float) -> Fragment:
    return replace(
        fragment,
        left=fragment.left * by,
        top=fragment.top * by,
        right=fragment.right * by,
        bottom=fragment.bottom * by,
        size=fragment.size * by,
    )


class _LazyReader:
    """The OCR reader of scans, opened at the first scan."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader: Reader | None = None
        self.missing: YinjuError | None = None
        """Why there is no reader."""

    def reader(self) -> Reader | None:
        """Return the reader, or None if OCR is not installed."""
        if self._reader is None and self.missing is None:
            from indexer.formats.picture.ocr import open_ocr

            try:
                self._reader = open_ocr(self._path)
            except YinjuError as error:
                self.missing = error
        return self._reader


def page_bounds(page: Any) -> Box:
    """Return the visible part of a page in its own space, in points."""
    left, bottom, right, top = page.get_bbox()
    return (left, bottom, right, top) if right - left > 1 and top - bottom > 1 else _A4


def _render(page: Any, bounds: Box) -> Any:
    """Render a page as a picture, shape (height, width, 3), in RGB."""
    longer = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    scale = min(_DPI / _POINTS_AN_INCH, _MAX_PIXELS / longer)
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        image = bitmap.to_numpy()
        if image.ndim == 2:
            image = image[:, :, None].repeat(3, axis=2)
        return np.ascontiguousarray(image[:, :, :3]).copy()
    finally:
        bitmap.close()


def _find_problems(read: _ReadPages, data: bytes) -> Iterable[Message]:
    if not _is_whole(data):
        yield message("problem.cut_off")
    if read.broken:
        yield _about_pages("problem.damaged_pages", read.broken)
    if read.crowded:
        yield _about_pages("problem.crowded_pages", read.crowded, most=_MAX_CHARS)
    if read.unread:
        yield _about_pages("problem.unread_scans", read.unread)
    if read.scanned:
        yield _about_pages("problem.scanned_pages", read.scanned)


def _about_pages(code: str, numbers: list[int], **values: Any) -> Message:
    """Make a message that names pages and depends on whether they are one or more."""
    return message(code, count=len(numbers), pages=_page_ranges(numbers), **values)


def _page_ranges(numbers: list[int]) -> str:
    """Write numbers of pages, ascending, those that follow one another as a range.

    >>> _page_ranges([3, 4, 5, 9])
    '3-5, 9'
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a}-{b}" if b > a else f"{a}" for a, b in spans)
