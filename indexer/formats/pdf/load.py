"""A PDF to lines, with the page of each and the headings that its type shows.

The raw text is what stands on the pages, headers, footers and page numbers too: cleaning takes
these out, so that its trail tells what is gone. Scans are read by OCR, page by page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from indexer.config import Limits, beyond_limit
from indexer.document import Builder, LoadedFile
from indexer.errors import YinjuError
from indexer.formats.layout.arrange import arrange
from indexer.formats.layout.boxes import Fragment, TextLine
from indexer.formats.layout.headings import find_heading_levels, find_title
from indexer.formats.layout.runs import common_size
from indexer.formats.layout.tables import ruled_tables
from indexer.formats.signatures import find_format
from indexer.messages import Message, message

from .drawings import Box, picture_share
from .glyphs import PageView, count_chars, read_views
from .probe import find_failing_pages

# A page without text is a scan if a picture covers this share of it; so is one with a stamp or a
# page number, if the picture covers nearly all of it.
_SCAN, _WHOLE, _STAMP = 0.3, 0.8, 15
# A page that is full of type of three points has 60,000 characters. One with more than this hides
# them; they would cost 7 microseconds and 300 bytes each.
_MOST_CHARS = 500_000
# Dots an inch at which scans are read, and the most on a page's longer side: a poster at 200 dpi
# would take a gigabyte.
_DPI, _MOST_DOTS = 200, 4_000
_POINTS_AN_INCH = 72
# A header of PDF may have other bytes before it; the specification lets readers look this far.
_HEADER_WITHIN = 1024
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
class _Read:
    """What was read: the lines of each page, and the numbers of pages that need a word."""

    pages: list[tuple[TextLine, ...]] = field(default_factory=list)
    chars: int = 0
    broken: list[int] = field(default_factory=list)
    crowded: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)


def load_pdf(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Reads a PDF page by page; pages without a text layer by OCR.

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
        failing = failing_pages(data)
        if failing is None:
            raise _unreadable(path, message("found.endless_pdf"), message("mend.print"))
        read = _read_pages(path, document, frozenset(failing), limits)
        named = document.get_metadata_dict().get("Title") or ""
    finally:
        document.close()
    if len(read.broken) + len(read.crowded) == count:
        found = message("found.unreadable_pdf")
        if read.crowded:
            found = _about_pages("found.crowded_pdf", read.crowded)
        raise _unreadable(path, found, message("mend.export"))
    lines = [line for page in read.pages for line in page]
    builder = LoadedFileBuilder()
    # OCR measures type to a tenth or so: too little to tell headings from text, which their numbers
    # must then do.
    scanned = frozenset(read.scanned)
    typed = [() if at in scanned else page for at, page in enumerate(read.pages, 1)]
    for page, marked in zip(read.pages, find_heading_levels(typed), strict=True):
        builder.start_page()
        levels = marked or [0] * len(page)
        for line, level in zip(page, levels, strict=True):
            builder.add_line(line.text.strip() if level else line.text, level)
    title = find_title(named, read.pages[0], common_size(lines))
    return replace(builder.build("pdf", None, title), problems=tuple(_problems(read, data)))


def _open(path: Path, data: bytes) -> Any:
    """The document.

    Raises:
        YinjuError: PDFium cannot open it.
    """
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    if not data.strip(b"\0 \r\n\t"):
        raise _unreadable(path, message("found.empty_file"), message("mend.copy_or_export"))
    if b"%PDF" not in data[:_HEADER_WITHIN]:
        raise _unreadable(path, *_other(data))
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
    """Whether a file has its end; a few have other bytes behind it."""
    return b"%%EOF" in data[-4096:] or b"startxref" in data[-4096:]


def _other(data: bytes) -> tuple[Message, Message]:
    """What a file that is no PDF is, and how to mend it."""
    start = data[:_HEADER_WITHIN].lstrip(b"\xef\xbb\xbf \r\n\t")
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


def _read_pages(path: Path, document: Any, failing: frozenset[int], limits: Limits) -> _Read:
    """The lines of all pages but the `failing` ones.

    Raises:
        YinjuError: more characters than the limit; or nothing but scans, and no OCR.
    """
    import pypdfium2 as pdfium

    read = _Read()
    ocr = _Ocr(path)
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
    path: Path, page: Any, number: int, read: _Read, ocr: _Ocr, limits: Limits
) -> tuple[TextLine, ...]:
    bounds = page_bounds(page)
    text_page = page.get_textpage()
    try:
        # Asked before they are read one by one, so that a page of millions costs nothing.
        count = count_chars(text_page.raw)
        if count > _MOST_CHARS:
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
    if found_chars >= _STAMP:
        return tuple(lines)
    if picture_share(page.raw, bounds) < (_WHOLE if lines else _SCAN):
        return tuple(lines)
    reader = ocr.reader()
    if reader is None:
        # A cover with a picture and its title is no scan that was missed.
        if not lines:
            read.unread.append(number)
        return tuple(lines)
    image = _render(page, bounds)
    read.scanned.append(number)
    # In points, as the pages with text.
    height = page.get_height()
    scale = height / image.shape[0]
    fragments = [_scaled(fragment, scale) for fragment in reader(image)]
    return arrange(fragments, (), height) or tuple(lines)


def read_lines(views: Sequence[PageView]) -> list[TextLine]:
    """The lines of a page, view by view."""
    lines: list[TextLine] = []
    for view in views:
        tables, fragments = find_ruled_tables(view.fragments, view.strokes)
        lines += arrange(fragments, tables, view.height)
    return lines


def _scaled(fragment: Fragment, by: float) -> Fragment:
    return replace(
        fragment,
        left=fragment.left * by,
        top=fragment.top * by,
        right=fragment.right * by,
        bottom=fragment.bottom * by,
        size=fragment.size * by,
    )


class _Ocr:
    """The reader of scans, opened at the first one. missing: why there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader: Reader | None = None
        self.missing: YinjuError | None = None

    def reader(self) -> Reader | None:
        """The reader, or None where it is not installed."""
        if self._reader is None and self.missing is None:
            from indexer.formats.picture.ocr import open_ocr

            try:
                self._reader = open_ocr(self._path)
            except YinjuError as error:
                self.missing = error
        return self._reader


def page_bounds(page: Any) -> Box:
    """The visible part of a page in its own space, in points."""
    left, bottom, right, top = page.get_bbox()
    return (left, bottom, right, top) if right - left > 1 and top - bottom > 1 else _A4


def _render(page: Any, bounds: Box) -> Any:
    """A page as a picture, shape (height, width, 3), RGB."""
    longer = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    scale = min(_DPI / _POINTS_AN_INCH, _MOST_DOTS / longer)
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        image = bitmap.to_numpy()
        if image.ndim == 2:
            image = image[:, :, None].repeat(3, axis=2)
        return np.ascontiguousarray(image[:, :, :3]).copy()
    finally:
        bitmap.close()


def _problems(read: _Read, data: bytes) -> Iterable[Message]:
    if not _is_whole(data):
        yield message("problem.cut_off")
    if read.broken:
        yield _about_pages("problem.damaged_pages", read.broken)
    if read.crowded:
        yield _about_pages("problem.crowded_pages", read.crowded, most=_MOST_CHARS)
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
