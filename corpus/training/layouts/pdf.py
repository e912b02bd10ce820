"""Set a report as a PDF in one or two columns, with ruled tables, a running header and page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from corpus.make import wrap
from corpus.training.blocks import LEFT, Block, Cell, merged_cells

from .office import CREATED

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")  # Debian: fonts-noto-cjk
FONT_FACE = 2  # Simplified Chinese within the collection
BODY, TABLE, GAP_MM = 10.5, 8.5, 8.0
SHORT_RUN_MM = 50.0  # what is lower than this in full width is not set in columns
SIZES = {1: 18.0, 2: 14.0, 3: 12.0, 4: 11.0}
LINE_MM = 0.62  # a line's height for each point of its size


class _Pages(FPDF):
    """A4 pages with a running header above and the page's number below."""

    def __init__(self, running: str, font: Path) -> None:
        super().__init__(format="A4")
        self.running = running
        self.set_creation_date(CREATED)
        self.set_margins(22, 24, 22)
        self.set_auto_page_break(True, margin=20)
        self.add_font("cjk", fname=font, collection_font_number=FONT_FACE)
        self.set_font("cjk", size=BODY)
        self.add_page()

    def header(self) -> None:
        self.set_font("cjk", size=8.5)
        self.set_y(12)
        self.cell(0, 5, self.running, align="R", border="B")
        self.set_y(self.t_margin)

    def footer(self) -> None:
        self.set_font("cjk", size=8.5)
        self.set_y(-14)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="C")

    @property
    def bottom(self) -> float:
        """The lowest place of a line of text, in millimetres."""
        return self.h - self.b_margin


def to_pdf(blocks: Sequence[Block], running: str, columns: int = 1, font: Path = FONT) -> bytes:
    """Return a PDF.

    Args:
        running: the header of each page.
        columns: 1 or 2; titles, tables and the few lines between two tables take the full width.
    """
    pages = _Pages(running, font)
    run: list[Block] = []
    for block in [*blocks, Block("end")]:
        if block.kind in ("heading", "text", "bullet") and block.level != 1:
            run.append(block)
            continue
        _set_run(pages, run, columns)
        run = []
        if block.kind == "table":
            _set_table(pages, block)
        elif block.level == 1:
            _set_title(pages, block.text)
    return bytes(pages.output())


def _set_title(pages: _Pages, text: str) -> None:
    pages.set_font("cjk", size=SIZES[1])
    for line in wrap(text, pages.epw - 2, pages.get_string_width):
        pages.cell(0, 11, line, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pages.ln(4)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of running text."""

    text: str
    size: float
    """In points."""
    height: float
    """In millimetres."""
    keep: bool
    """Whether it stays with the next line, as a heading does."""


def _set_run(pages: _Pages, blocks: Sequence[Block], columns: int) -> None:
    """Set the running text between two tables, in columns if it is long enough."""
    lines = _break_lines(pages, blocks, pages.epw)
    if columns == 1 or sum(line.height for line in lines) < SHORT_RUN_MM:
        _set_lines(pages, lines)
    else:
        width = (pages.epw - GAP_MM * (columns - 1)) / columns
        _set_columns(pages, _break_lines(pages, blocks, width), width, columns)


def _break_lines(pages: _Pages, blocks: Sequence[Block], width: float) -> list[_Line]:
    lines: list[_Line] = []
    for block in blocks:
        size = SIZES[block.level] if block.level else BODY
        pages.set_font("cjk", size=size)
        mark = {"text": "　　", "bullet": "• "}.get(block.kind, "")
        if block.level and lines:
            lines.append(_Line("", size, 2.0, True))
        lines += [
            _Line(line, size, size * LINE_MM, bool(block.level))
            for line in wrap(mark + block.text, width - 2, pages.get_string_width)
        ]
    return lines


def _set_lines(pages: _Pages, lines: Sequence[_Line]) -> None:
    for line in lines:
        if pages.get_y() + line.height * (3 if line.keep else 1) > pages.bottom:
            pages.add_page()
        pages.set_font("cjk", size=line.size)
        pages.cell(0, line.height, line.text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _set_columns(pages: _Pages, lines: list[_Line], width: float, columns: int) -> None:
    """Fill the columns of what is left of a page one after the other, then those of the next page."""
    while lines:
        if pages.bottom - pages.get_y() < SHORT_RUN_MM / 2:
            pages.add_page()
        top = pages.get_y()
        # The last, short stretch is spread over the columns.
        depth = min(pages.bottom - top, sum(line.height for line in lines) / columns + 8)
        if not _fill_column(lines, depth):
            _set_lines(pages, lines)
            return
        lowest = top
        for column in range(columns):
            taken = _fill_column(lines, depth)
            y = top
            for line in taken:
                pages.set_font("cjk", size=line.size)
                pages.set_xy(pages.l_margin + column * (width + GAP_MM), y)
                pages.cell(width, line.height, line.text)
                y += line.height
            lowest = max(lowest, y)
            del lines[: len(taken)]
        pages.set_xy(pages.l_margin, lowest + 1)
        if lines:
            pages.add_page()


def _fill_column(lines: Sequence[_Line], depth: float) -> list[_Line]:
    """Return the first lines that fill a column; its last one is no heading unless nothing follows."""
    height, count = 0.0, 0
    while count < len(lines) and height + lines[count].height <= depth + 0.01:
        height += lines[count].height
        count += 1
    while 0 < count < len(lines) and lines[count - 1].keep:
        count -= 1
    return list(lines[:count])


def _set_table(pages: _Pages, block: Block) -> None:
    pages.set_font("cjk", size=TABLE)
    rows: list[list[Cell]] = [[] for _ in block.rows]
    for cell in merged_cells(block):
        rows[cell.row].append(cell)
    with pages.table(
        col_widths=tuple(_column_widths(pages, block)),
        line_height=5.4,
        text_align="LEFT",
        num_heading_rows=max(block.header_rows, 1),
        headings_style=FontFace(emphasis=None),
        wrapmode="CHAR",
    ) as table:
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(cell.text, colspan=cell.columns, rowspan=cell.rows)
    pages.ln(2)


def _column_widths(pages: _Pages, block: Block) -> list[float]:
    """Return the widths of a table's columns: short cells are never broken, long text is."""
    texts = [row for row in block.rows if LEFT not in row]
    natural = [
        max(pages.get_string_width(row[x]) for row in texts) + 4 for x in range(len(block.rows[0]))
    ]
    limit = max(natural)
    while limit > 12 and sum(min(width, limit) for width in natural) > pages.epw:
        limit -= 1
    return [min(width, limit) for width in natural]
