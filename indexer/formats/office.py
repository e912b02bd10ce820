"""Workbooks and presentations to lines: Excel and PowerPoint since 2007."""

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
from indexer.document import Builder, LoadedFile

from .package_check import check_package, readable
from .table import Budget, Merge, Row, cell_text, grid_lines

# Titles that PowerPoint gives a file when its author gives none.
_NO_TITLE = {"powerpoint presentation", "powerpoint 演示文稿", "powerpoint 簡報", "演示文稿"}
# Excel keeps 15 digits, so that 0.1 + 0.2 is 0.3.
_DIGITS = 15
# Beyond these a number is shown with its power of ten.
_TINY, _HUGE = 1e-12, 1e20
_MAX_DECIMALS = 6  # of a percentage; more are noise of binary fractions
_EXCEL_ROWS = 1_048_576
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_CHUNK = 1 << 20
_NUMBERED = re.compile(r"[(（]?(?:\d{1,3}|[一二三四五六七八九十]+)[.、)）]|[-•·①-⑳]")


def load_xlsx(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Reads a workbook: each sheet, hidden ones too, a heading and its tables.

    A cell with a formula has the value that the program which saved the file computed.
    """
    check_package(path, data, ".xlsx", limits)
    from openpyxl import load_workbook

    builder = Builder()
    budget = Budget(path, limits)
    # openpyxl warns of styles and extensions that it leaves out; none of them is text.
    with readable(path, ".xlsx"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for sheet in book.worksheets:
                # The size that a sheet states may be the whole grid, and each row be padded to it.
                sheet.reset_dimensions()
                rows = [
                    budget.take([_shown(cell) for cell in row])
                    for row in sheet.iter_rows(max_row=_EXCEL_ROWS)
                ]
                if not any(rows):
                    continue
                name = cell_text(sheet.title)
                builder.add(f"# {name}")
                # openpyxl knows merged cells only where it holds the whole sheet in memory.
                for line in grid_lines(rows, name, _merges(archive, sheet._worksheet_path)):
                    builder.add(line)
        title = (book.properties.title or "").strip()
        # Otherwise the first sheet's name would be taken for the report's title.
        return builder.loaded("xlsx", None, title or path.stem)


def _shown(cell: Any) -> str:
    """What a cell shows: of a number its value, as a percentage where its format says so."""
    value = cell.value
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return cell_text(value.replace("_x000D_", " "))
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        at_midnight = not (value.hour or value.minute or value.second)
        return f"{value:%Y-%m-%d}" if at_midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, int | float) and math.isfinite(value):
        return _number(value, cell.number_format or "")
    return cell_text(str(value))


def _number(value: float, number_format: str) -> str:
    """A number in digits.

    >>> _number(0.1255, "0.0%"), _number(12.0, "General"), _number(0.1 + 0.2, "General")
    ('12.6%', '12', '0.3')
    """
    # Through 15 digits, as Excel rounds: 0.1255 is stored as a little less than that.
    if value and not _TINY < abs(value) < _HUGE:
        return f"{value:.{_DIGITS}g}"
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_DIGITS}g}")
    # Quotation marks and brackets hold text or a colour; the first part is for numbers above zero.
    shape = re.sub(r'"[^"]*"|\[[^\]]*\]', "", number_format).split(";")[0]
    if "%" in shape:
        decimals = len(re.findall(r"[0#?]", shape.partition(".")[2]))
        step = Decimal(1).scaleb(-min(decimals, _MAX_DECIMALS))
        return f"{(exact * 100).quantize(step, ROUND_HALF_UP):f}%"
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _merges(archive: zipfile.ZipFile, part: str) -> list[Merge]:
    """Merged cells of a sheet, read off the end of its XML without parsing the cells again."""
    from openpyxl.utils import column_index_from_string as column

    found = []
    with archive.open(part) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            after = 0
            for match in _MERGE.finditer(text):
                left, top, right, bottom = (part.decode() for part in match.groups())
                found.append(
                    Merge(int(top) - 1, column(left) - 1, int(bottom) - 1, column(right) - 1)
                )
                after = match.end()
            rest = text[max(after, len(text) - 200) :]
    return found


def load_pptx(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Reads a presentation: each slide a page with its title, text, tables and then its notes."""
    check_package(path, data, ".pptx", limits)
    from pptx import Presentation

    builder = Builder()
    budget = Budget(path, limits)
    with readable(path, ".pptx"):
        presentation = Presentation(io.BytesIO(data))
        own = cell_text(presentation.core_properties.title or "")
        titles = [_slide_title(slide) for slide in presentation.slides]
        first = titles[0] if titles else ""
        title = (own if own.lower() not in _NO_TITLE else "") or first or path.stem
        for slide, slide_title in zip(presentation.slides, titles, strict=True):
            builder.page()
            # A slide without a title still ends the one before; the report's own title, which
            # stands above all of it, says nothing that the slide does not.
            heading = slide_title or title
            lines = list(_slide_lines(slide, heading, budget))
            for line in [f"# {heading}", *lines] if slide_title or lines else []:
                builder.add(line)
        return builder.loaded("pptx", None, title)


def _slide_title(slide: Any) -> str:
    shape = slide.shapes.title
    return cell_text(shape.text_frame.text) if shape is not None else ""


def _slide_lines(slide: Any, heading: str, budget: Budget) -> Iterator[str]:
    """Lines of a slide below its title, in the order of its shapes, which is the reading order."""
    title = slide.shapes.title
    after_table = False
    for shape in _shapes(slide):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.has_table:
            if after_table:
                yield f"# {heading}"  # or the rows would count as the first table's
            yield from _slide_table(shape.table, heading, budget)
            after_table = True
        elif shape.has_text_frame:
            lines = list(_text_lines(shape))
            after_table = after_table and not lines
            yield from lines
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for line in slide.notes_slide.notes_text_frame.text.splitlines():
            if line.strip():
                yield " ".join(line.split())


def _shapes(slide: Any) -> Iterator[Any]:
    """Shapes with the members of groups, less those that recur on each slide."""
    from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

    recurring = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
    waiting = list(slide.shapes)[::-1]
    while waiting:
        shape = waiting.pop()
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            waiting += list(shape.shapes)[::-1]
        elif not (shape.is_placeholder and shape.placeholder_format.type in recurring):
            yield shape


def _text_lines(shape: Any) -> Iterator[str]:
    """A shape's paragraphs; those of a slide's body, if there are several, are its bullets."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    body = shape.is_placeholder and shape.placeholder_format.type in (
        PP_PLACEHOLDER.BODY,
        PP_PLACEHOLDER.OBJECT,
    )
    paragraphs = [p for p in shape.text_frame.paragraphs if p.text.strip()]
    for paragraph in paragraphs:
        bare = bool(paragraph._p.xpath("./a:pPr/a:buNone"))
        lines = [" ".join(line.split()) for line in paragraph.text.splitlines() if line.strip()]
        bullet = body and not bare and len(paragraphs) > 1 and not _NUMBERED.match(lines[0])
        yield from [f"- {' '.join(lines)}"] if bullet else lines


def _slide_table(table: Any, name: str, budget: Budget) -> Iterator[str]:
    rows: list[Row] = []
    merges = []
    for top, row in enumerate(table.rows):
        cells = list(row.cells)
        rows.append(budget.take(["" if c.is_spanned else cell_text(c.text) for c in cells]))
        merges += [
            Merge(top, left, top + cell.span_height - 1, left + cell.span_width - 1)
            for left, cell in enumerate(cells)
            if cell.is_merge_origin
        ]
    return grid_lines(rows, name, merges)
