"""Load Excel workbooks (.xlsx) and PowerPoint presentations (.pptx)."""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from indexer.config import Limits
from indexer.document import LoadedFile, LoadedFileBuilder

from .package_check import check_package, convert_library_errors
from .table import Budget, Merge, Row, format_cell, format_tables

# Titles that PowerPoint gives a file whose author gives none.
_PLACEHOLDER_TITLES = {
    "powerpoint presentation",
    "powerpoint 演示文稿",
    "powerpoint 簡報",
    "演示文稿",
}
# Excel keeps 15 digits, so that 0.1 + 0.2 is 0.3.
_EXCEL_DIGITS = 15
# Numbers below or above these are shown with a power of ten.
_TINY, _HUGE = 1e-12, 1e20
_MAX_DECIMALS = 6  # of a percentage; more are noise of binary fractions
_EXCEL_ROWS = 1_048_576
_MERGE_ELEMENT = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_CHUNK = 1 << 20
_NUMBERED = re.compile(r"[(（]?(?:\d{1,3}|[一二三四五六七八九十]+)[.、)）]|[-•·①-⑳]")


def load_xlsx(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a workbook: each sheet, also hidden ones, as a heading with its tables.

    A cell with a formula has the value that the saving program computed.
    """
    check_package(path, data, ".xlsx", limits)
    from openpyxl import load_workbook

    builder = LoadedFileBuilder()
    budget = Budget(path, limits)
    # openpyxl warns about styles and extensions that it ignores; none of them is text.
    with convert_library_errors(path, ".xlsx"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for sheet in book.worksheets:
                # A sheet may state the whole grid as its size, and each row is padded to it.
                sheet.reset_dimensions()
                rows = [
                    budget.take([_format_value(cell) for cell in row])
                    for row in sheet.iter_rows(max_row=_EXCEL_ROWS)
                ]
                if not any(rows):
                    continue
                name = format_cell(sheet.title)
                builder.add_line(f"# {name}")
                # openpyxl finds merged cells only if it loads the whole sheet into memory.
                for line in format_tables(rows, name, _read_merges(archive, sheet._worksheet_path)):
                    builder.add_line(line)
        title = (book.properties.title or "").strip()
        # Without a title, the first sheet's name would become the report's title.
        return builder.build("xlsx", None, title or path.stem)


def _format_value(cell: Any) -> str:
    """Return the text of a cell; a number is a percentage if its format says so."""
    value = cell.value
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return format_cell(value.replace("_x000D_", " "))
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        at_midnight = not (value.hour or value.minute or value.second)
        return f"{value:%Y-%m-%d}" if at_midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, int | float) and math.isfinite(value):
        return _format_number(value, cell.number_format or "")
    return format_cell(str(value))


def _format_number(value: float, number_format: str) -> str:
    """Format a number in digits.

    >>> _format_number(0.1255, "0.0%"), _format_number(12.0, "General")
    ('12.6%', '12')
    >>> _format_number(0.1 + 0.2, "General")
    '0.3'
    """
    # Round to 15 digits first, as Excel does: 0.1255 is stored as slightly less than that.
    if value and not _TINY < abs(value) < _HUGE:
        return f"{value:.{_EXCEL_DIGITS}g}"
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_EXCEL_DIGITS}g}")
    # Remove quoted text and colours in brackets; a format's first part is for positive numbers.
    shape = re.sub(r'"[^"]*"|\[[^\]]*\]', "", number_format).split(";")[0]
    if "%" in shape:
        decimals = len(re.findall(r"[0#?]", shape.partition(".")[2]))
        step = Decimal(1).scaleb(-min(decimals, _MAX_DECIMALS))
        return f"{(exact * 100).quantize(step, ROUND_HALF_UP):f}%"
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read_merges(archive: zipfile.ZipFile, part: str) -> list[Merge]:
    """Return the merged cells of a sheet, searched in its XML without parsing the cells again."""
    from openpyxl.utils import column_index_from_string as column

    found = []
    with archive.open(part) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            after = 0
            for match in _MERGE_ELEMENT.finditer(text):
                left, top, right, bottom = (part.decode() for part in match.groups())
                found.append(
                    Merge(int(top) - 1, column(left) - 1, int(bottom) - 1, column(right) - 1)
                )
                after = match.end()
            rest = text[max(after, len(text) - 200) :]
    return found


def load_pptx(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a presentation: each slide is a page with its title, text and tables, then its notes."""
    check_package(path, data, ".pptx", limits)
    from pptx import Presentation

    builder = LoadedFileBuilder()
    budget = Budget(path, limits)
    with convert_library_errors(path, ".pptx"):
        presentation = Presentation(io.BytesIO(data))
        metadata_title = format_cell(presentation.core_properties.title or "")
        titles = [_read_slide_title(slide) for slide in presentation.slides]
        first = titles[0] if titles else ""
        title = (
            (metadata_title if metadata_title.lower() not in _PLACEHOLDER_TITLES else "")
            or first
            or path.stem
        )
        for slide, slide_title in zip(presentation.slides, titles, strict=True):
            builder.start_page()
            # A slide without a title still ends the section of the slide before. Its heading is the
            # report's title, which is true of each slide.
            heading = slide_title or title
            lines = list(_read_slide(slide, heading, budget))
            for line in [f"# {heading}", *lines] if slide_title or lines else []:
                builder.add_line(line)
        return builder.build("pptx", None, title)


def _read_slide_title(slide: Any) -> str:
    shape = slide.shapes.title
    return format_cell(shape.text_frame.text) if shape is not None else ""


def _read_slide(slide: Any, heading: str, budget: Budget) -> Iterator[str]:
    """Yield the lines of a slide below its title, in the order of its shapes (reading order)."""
    title = slide.shapes.title
    after_table = False
    for shape in _iterate_shapes(slide):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.has_table:
            if after_table:
                yield f"# {heading}"  # otherwise the rows would belong to the table before
            yield from _read_slide_table(shape.table, heading, budget)
            after_table = True
        elif shape.has_text_frame:
            lines = list(_read_text_shape(shape))
            after_table = after_table and not lines
            yield from lines
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for line in slide.notes_slide.notes_text_frame.text.splitlines():
            if line.strip():
                yield " ".join(line.split())


def _iterate_shapes(slide: Any) -> Iterator[Any]:
    """Yield the shapes of a slide and of its groups, without dates, footers and slide numbers."""
    from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

    recurring = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
    waiting = list(slide.shapes)[::-1]
    while waiting:
        shape = waiting.pop()
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            waiting += list(shape.shapes)[::-1]
        elif not (shape.is_placeholder and shape.placeholder_format.type in recurring):
            yield shape


def _read_text_shape(shape: Any) -> Iterator[str]:
    """Yield a shape's paragraphs; several paragraphs of a slide's body are bullet points."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    is_body = shape.is_placeholder and shape.placeholder_format.type in (
        PP_PLACEHOLDER.BODY,
        PP_PLACEHOLDER.OBJECT,
    )
    paragraphs = [p for p in shape.text_frame.paragraphs if p.text.strip()]
    for paragraph in paragraphs:
        no_bullet = bool(paragraph._p.xpath("./a:pPr/a:buNone"))
        lines = [" ".join(line.split()) for line in paragraph.text.splitlines() if line.strip()]
        has_bullet = (
            is_body and not no_bullet and len(paragraphs) > 1 and not _NUMBERED.match(lines[0])
        )
        yield from [f"- {' '.join(lines)}"] if has_bullet else lines


def _read_slide_table(table: Any, name: str, budget: Budget) -> Iterator[str]:
    rows: list[Row] = []
    merges = []
    for top, row in enumerate(table.rows):
        cells = list(row.cells)
        rows.append(budget.take(["" if c.is_spanned else format_cell(c.text) for c in cells]))
        merges += [
            Merge(top, left, top + cell.span_height - 1, left + cell.span_width - 1)
            for left, cell in enumerate(cells)
            if cell.is_merge_origin
        ]
    return format_tables(rows, name, merges)
