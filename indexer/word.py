"""A Word file, since 2007, to lines."""

from __future__ import annotations

import io
from pathlib import Path

from .archive import check_package, readable
from .grid import cell_text, row_line
from .limits import Limits
from .loaded import Builder, Loaded


def load_docx(path: Path, data: bytes, limits: Limits) -> Loaded:
    """Reads a Word file: headings by their style, tables as rows."""
    check_package(path, data, ".docx", limits)
    from docx import Document
    from docx.table import Table

    builder = Builder()
    with readable(path, ".docx"):
        document = Document(io.BytesIO(data))
        styles: dict[str | None, str] = {}
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    builder.add(row_line(cell_text(cell.text) for cell in row.cells))
                continue
            # Looked up once for each style: a look-up goes over all of them, 0.7 ms a paragraph.
            key = block._p.style
            if key not in styles:
                styles[key] = (block.style.name or "") if block.style is not None else ""
            style = styles[key]
            digits = style.removeprefix("Heading ").strip()
            level = int(digits) if style.startswith("Heading ") and digits.isdigit() else 0
            builder.add(block.text, level or int(style == "Title"))
        return builder.loaded("docx", None, document.core_properties.title or None)
