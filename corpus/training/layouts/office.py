"""Set a report as a Word file or a spreadsheet."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from corpus.training.blocks import Block, merged_cells

CREATED = datetime(2026, 1, 5, tzinfo=UTC)
_EPOCH = (2026, 1, 5, 0, 0, 0)


def to_docx(blocks: Sequence[Block]) -> bytes:
    """Return a Word file with Word's own headings, bullets and merged cells."""
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "", "", ""
    properties.created = properties.modified = CREATED.replace(tzinfo=None)
    for block in blocks:
        if block.kind == "heading":
            document.add_heading(block.text, level=block.level - 1)
        elif block.kind == "table":
            _add_table(document, block)
        else:
            document.add_paragraph(
                block.text, style="List Bullet" if block.kind == "bullet" else None
            )
    return _saved(document)


def _add_table(document: Any, block: Block) -> None:
    table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Table Grid")
    for cell in merged_cells(block):
        first = table.cell(cell.row, cell.column)
        last = table.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1)
        (first if first is last else first.merge(last)).text = cell.text


def to_xlsx(blocks: Sequence[Block]) -> bytes:
    """Return a workbook: a sheet for each heading of level two, texts in its first column.

    Figures are numbers with their format, as in a spreadsheet that somebody kept.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "说明"
    workbook.properties.created = workbook.properties.modified = CREATED.replace(tzinfo=None)
    at = 1
    for block in blocks:
        if block.kind == "heading" and block.level == 2:
            sheet, at = workbook.create_sheet(_sheet_name(block.text)), 1
        if block.kind == "table":
            _fill_table(sheet, block, at)
            at += len(block.rows)
        else:
            sheet.cell(at, 1, block.text)
            at += 1
    return _saved(workbook)


def _sheet_name(heading: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", " ", heading)[:31]


def _fill_table(sheet: Any, block: Block, at: int) -> None:
    for cell in merged_cells(block):
        row, column = at + cell.row, 1 + cell.column
        value, number_format = _cell_value(cell.text)
        sheet.cell(row, column, value).number_format = number_format
        if cell.rows * cell.columns > 1:
            sheet.merge_cells(
                start_row=row,
                start_column=column,
                end_row=row + cell.rows - 1,
                end_column=column + cell.columns - 1,
            )


def _cell_value(text: str) -> tuple[str | float | int, str]:
    """Return a figure as a number with the format that shows it as it is written, other text as it is."""
    match = re.fullmatch(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(%?)", text)
    if not match or re.fullmatch(r"(19|20)\d\d|0\d+", text):
        return text, "General"
    decimals = len(match[3] or ".") - 1
    places = "." + "0" * decimals if decimals else ""
    number_format = ("#,##0" if "," in text else "0") + places + match[4]
    number = float(text.strip("%").replace(",", ""))
    if match[4]:
        return round(number / 100, decimals + 2), number_format
    return (number if decimals else int(number)), number_format


def _saved(file: Any) -> bytes:
    """Return the bytes of an office file, equal for equal content: no time of writing in the package."""
    written, fixed = io.BytesIO(), io.BytesIO()
    file.save(written)
    with zipfile.ZipFile(written) as package, zipfile.ZipFile(fixed, "w") as copy:
        for name in package.namelist():
            data = package.read(name)
            if name == "docProps/core.xml":
                # openpyxl writes the time of saving whatever the property says.
                data = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-05T00:00:00Z", data
                )
            copy.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
