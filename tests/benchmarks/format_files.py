"""Write reports into each format and encoding, for `formats.py`."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from opencc import OpenCC

_LINE = re.compile(r"(?P<level>#{1,6}) (?P<heading>.+)|(?:[-*]|\d+\.) (?P<item>.+)|\|(?P<row>.+)\|")


@dataclass(frozen=True)
class Block:
    """A block of a report."""

    kind: str
    """"heading", "text", "item" or "row"."""
    text: str
    level: int = 0
    """The level of a heading, from 1."""
    cells: tuple[str, ...] = ()
    """The cells of a row."""


@dataclass(frozen=True)
class Source:
    """A report in blocks, in the order of reading."""

    blocks: tuple[Block, ...]

    def text(self) -> str:
        """Return the text of all blocks."""
        return "\n".join(block.text for block in self.blocks)

    def tables(self) -> Source:
        """Return its tables alone, the content of a workbook."""
        return Source(tuple(block for block in self.blocks if block.kind == "row"))

    def converted(self, convert: Callable[[str], str]) -> Source:
        """Return the report with its text converted to another script."""
        return Source(
            tuple(
                Block(b.kind, convert(b.text), b.level, tuple(map(convert, b.cells)))
                for b in self.blocks
            )
        )


def read_source(path: Path) -> Source:
    """Read the blocks of a Markdown report, without its marks."""
    blocks = []
    for line in path.read_text("utf-8").splitlines():
        line = re.sub(r"\*\*|`", "", line).strip()
        match = _LINE.fullmatch(line)
        if not line or re.fullmatch(r"[|\s:-]+", line):
            continue
        if not match:
            blocks.append(Block("text", line))
        elif match["heading"]:
            blocks.append(Block("heading", match["heading"], len(match["level"])))
        elif match["item"]:
            blocks.append(Block("item", match["item"]))
        else:
            cells = tuple(cell.strip() for cell in match["row"].split("|"))
            blocks.append(Block("row", "".join(cells), 0, cells))
    return Source(tuple(blocks))


# Writes a report into a folder and returns the file.
Write = Callable[[Source, Path], Path]


def to_plain_text(source: Source) -> str:
    """Return the report as plain text: a block a line, cells separated by tabs."""
    lines = ["\t".join(b.cells) if b.kind == "row" else b.text for b in source.blocks]
    return "\n".join(lines) + "\n"


def text_writer(encoding: str, script: str = "") -> Write:
    """Return what writes a text file.

    Args:
        script: the OpenCC conversion to apply, such as "s2tw", or empty.
    """

    def write(source: Source, folder: Path) -> Path:
        source = source.converted(OpenCC(script).convert) if script else source
        (folder / "report.txt").write_bytes(to_plain_text(source).encode(encoding, "replace"))
        return folder / "report.txt"

    return write


def damaged_text_writer(encoding: str) -> Write:
    """Return what writes a text file in which every 4,000th byte is invalid in the encoding."""

    def write(source: Source, folder: Path) -> Path:
        data = bytearray(to_plain_text(source).encode(encoding))
        data[2000::4000] = b"\xff" * len(data[2000::4000])
        (folder / "report.txt").write_bytes(bytes(data))
        return folder / "report.txt"

    return write


def misread_text_writer(as_encoding: str) -> Write:
    """Return what writes UTF-8 that was decoded in another encoding and saved as UTF-8 again."""

    def write(source: Source, folder: Path) -> Path:
        text = to_plain_text(source).encode("utf-8").decode(as_encoding, "ignore")
        (folder / "report.txt").write_text(text, encoding="utf-8")
        return folder / "report.txt"

    return write


def write_markdown(source: Source, folder: Path) -> Path:
    """Write Markdown."""
    lines, before = [], ""
    for b in source.blocks:
        row = "| " + " | ".join(b.cells) + " |"
        lines.append(
            {"heading": "#" * b.level + " " + b.text, "item": f"- {b.text}", "row": row}.get(
                b.kind, b.text
            )
        )
        if b.kind == "row" and before != "row":
            lines.append("|" + "---|" * len(b.cells))
        lines += [""] if b.kind in ("heading", "text") else []
        before = b.kind
    (folder / "report.md").write_text("\n".join(lines), encoding="utf-8")
    return folder / "report.md"


_MENU = "".join(
    f'<li><a href="/{n}">{n}</a></li>' for n in ("首页", "资讯", "报告", "登录", "注册")
)
_RELATED = "".join(f'<li><a href="/{n}">某行业{n}年度分析</a></li>' for n in range(2015, 2024))


def html_writer(charset: str) -> Write:
    """Return what writes a web page with a menu, a list of related pages and a footer."""

    def write(source: Source, folder: Path) -> Path:
        parts = []
        for kind, group in _group_by_kind(source):
            if kind == "row":
                rows = "".join(
                    "<tr>" + "".join(f"<td>{escape(c)}</td>" for c in b.cells) + "</tr>"
                    for b in group
                )
                parts.append(f"<table>{rows}</table>")
            elif kind == "item":
                parts.append(
                    "<ul>" + "".join(f"<li>{escape(b.text)}</li>" for b in group) + "</ul>"
                )
            else:
                parts += [
                    f"<h{b.level}>{escape(b.text)}</h{b.level}>"
                    if b.level
                    else f"<p>{escape(b.text)}</p>"
                    for b in group
                ]
        page = (
            f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>某某网</title></head><body>'
            f'<div class="nav"><ul>{_MENU}</ul></div><div class="article">{"".join(parts)}</div>'
            f'<div class="related"><h3>相关阅读</h3><ul>{_RELATED}</ul></div>'
            "<footer>版权所有 某某网 京ICP备00000000号</footer><script>var a = 1;</script></body></html>"
        )
        (folder / "report.html").write_bytes(page.encode(charset, "xmlcharrefreplace"))
        return folder / "report.html"

    return write


def _group_by_kind(source: Source) -> list[tuple[str, list[Block]]]:
    """Return (kind, blocks) of each run of blocks of the same kind."""
    runs: list[tuple[str, list[Block]]] = []
    for block in source.blocks:
        if runs and runs[-1][0] == block.kind:
            runs[-1][1].append(block)
        else:
            runs.append((block.kind, [block]))
    return runs


def write_docx(source: Source, folder: Path) -> Path:
    """Write a Word file."""
    from docx import Document

    document = Document()
    for kind, group in _group_by_kind(source):
        if kind == "row":
            table = document.add_table(rows=len(group), cols=max(len(b.cells) for b in group))
            for row, block in zip(table.rows, group, strict=True):
                for cell, text in zip(row.cells, block.cells, strict=False):
                    cell.text = text
            continue
        for b in group:
            if kind == "heading":
                document.add_heading(b.text, level=b.level)
            else:
                document.add_paragraph(b.text, style="List Bullet" if kind == "item" else None)
    document.save(str(folder / "report.docx"))
    return folder / "report.docx"


def write_pptx(source: Source, folder: Path) -> Path:
    """Write a presentation with a slide for each heading."""
    from pptx import Presentation
    from pptx.util import Inches

    presentation = Presentation()
    slide = None
    for kind, group in _group_by_kind(source):
        if kind == "heading":
            for b in group:
                slide = presentation.slides.add_slide(presentation.slide_layouts[5])
                slide.shapes.title.text = b.text
            continue
        assert slide is not None, "a report begins with its title"
        if kind == "row":
            size = Inches(1)
            shape = slide.shapes.add_table(len(group), len(group[0].cells), size, size, size, size)
            for number, b in enumerate(group):
                for cell, text in zip(shape.table.rows[number].cells, b.cells, strict=True):
                    cell.text = text
        else:
            box = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(8), Inches(4))
            box.text_frame.text = "\n".join(b.text for b in group)
    presentation.save(str(folder / "report.pptx"))
    return folder / "report.pptx"


def write_xlsx(source: Source, folder: Path) -> Path:
    """Write the tables of a report as a workbook with a sheet for each."""
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for kind, group in _group_by_kind(source):
        if kind == "row":
            sheet = book.create_sheet(f"表{len(book.sheetnames) + 1}")
            for b in group:
                sheet.append(b.cells)
    book.save(folder / "report.xlsx")
    return folder / "report.xlsx"


def csv_writer(encoding: str) -> Write:
    """Return what writes the first table of a report as CSV."""

    def write(source: Source, folder: Path) -> Path:
        out = io.StringIO()
        csv.writer(out).writerows(b.cells for b in _first_table(source))
        (folder / "report.csv").write_bytes(out.getvalue().encode(encoding))
        return folder / "report.csv"

    return write


def _first_table(source: Source) -> list[Block]:
    return next(group for kind, group in _group_by_kind(source) if kind == "row")


def pdf_writer(columns: int = 1) -> Write:
    """Return what writes a PDF with running headers, page numbers and one or two columns."""

    def write(source: Source, folder: Path) -> Path:
        _make_pdf(source, columns).output(str(folder / "report.pdf"))
        return folder / "report.pdf"

    return write


def _make_pdf(source: Source, columns: int):
    from fpdf import FPDF

    class Paper(FPDF):
        def header(self) -> None:
            self.set_font("cjk", size=8)
            self.cell(0, 6, "行业研究 内部资料", new_x="LMARGIN", new_y="NEXT", align="C")

        def footer(self) -> None:
            self.set_y(-14)
            self.set_font("cjk", size=8)
            self.cell(0, 6, f"第 {self.page_no()} 页", align="C")

    paper = Paper()
    paper.add_font("cjk", fname=find_chinese_font())
    paper.add_page()
    if columns > 1:
        with paper.text_columns(ncols=columns, gutter=10, text_align="L") as flow:
            for b in source.blocks:
                paper.set_font("cjk", size={1: 16, 2: 13}.get(b.level, 11) if b.level else 9)
                flow.write(("  ".join(b.cells) or b.text) + "\n")
        return paper
    for kind, group in _group_by_kind(source):
        if kind == "row":
            paper.set_font("cjk", size=9)
            with paper.table(first_row_as_headings=False) as table:
                for b in group:
                    table.row(b.cells)
            paper.ln(2)
            continue
        for b in group:
            paper.set_font("cjk", size={1: 18, 2: 15}.get(b.level, 13) if b.level else 11)
            indent = "" if b.level else "　　"
            paper.multi_cell(0, 7, indent + b.text, new_x="LMARGIN", new_y="NEXT")
    return paper


def find_chinese_font() -> str:
    """Return the file of a Chinese font of the system."""
    result = subprocess.run(
        ["fc-match", "-f", "%{file}", "Noto Sans CJK SC"],
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def write_scanned_pdf(source: Source, folder: Path) -> Path:
    """Write a PDF of pictures of the pages at 200 dpi."""
    from fpdf import FPDF

    scan = FPDF(unit="pt", format="A4")
    for picture in _render_pages(source, folder):
        scan.add_page()
        scan.image(picture, 0, 0, scan.w, scan.h)
    scan.output(str(folder / "scan.pdf"))
    return folder / "scan.pdf"


def write_tiff(source: Source, folder: Path) -> Path:
    """Write pictures of the pages as one TIFF."""
    first, *rest = _render_pages(source, folder)
    first.save(folder / "scan.tif", save_all=True, append_images=rest, compression="tiff_lzw")
    return folder / "scan.tif"


def _render_pages(source: Source, folder: Path):
    """Return pictures of the pages of the report's PDF, at 200 dpi."""
    import pypdfium2

    path = folder / "printed.pdf"
    _make_pdf(source, 1).output(str(path))
    with pypdfium2.PdfDocument(path) as document:
        return [page.render(scale=200 / 72).to_pil().convert("L") for page in document]


# Format -> the content of a report that its file has; other formats have all of it.
CONTENT: dict[str, Callable[[Source], Source]] = {
    "xlsx": Source.tables,
    "csv": lambda source: Source(tuple(_first_table(source))),
}
# Name of the format and encoding -> what writes it.
WRITERS: dict[str, Write] = {
    "txt, UTF-8": text_writer("utf-8"),
    "txt, UTF-8 with BOM": text_writer("utf-8-sig"),
    "txt, UTF-16 with BOM": text_writer("utf-16"),
    "txt, UTF-16 LE": text_writer("utf-16-le"),
    "txt, UTF-16 BE": text_writer("utf-16-be"),
    "txt, GB18030": text_writer("gb18030"),
    "txt, Big5": text_writer("big5hkscs", "s2tw"),
    "txt, UTF-8 damaged": damaged_text_writer("utf-8"),
    "txt, GB18030 damaged": damaged_text_writer("gb18030"),
    "txt, UTF-8 read as Latin-1": misread_text_writer("latin-1"),
    "txt, UTF-8 read as GBK": misread_text_writer("gb18030"),
    "md": write_markdown,
    "html, UTF-8": html_writer("utf-8"),
    "html, GB2312": html_writer("gb18030"),
    "docx": write_docx,
    "pptx": write_pptx,
    "xlsx": write_xlsx,
    "csv, UTF-8 with BOM": csv_writer("utf-8-sig"),
    "csv, GB18030": csv_writer("gb18030"),
    "pdf, one column, tables": pdf_writer(),
    "pdf, two columns": pdf_writer(2),
    "pdf, scanned (OCR)": write_scanned_pdf,
    "tif (OCR)": write_tiff,
}
