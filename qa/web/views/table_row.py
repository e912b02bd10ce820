"""The cells of a table's row as the page shows them."""

from __future__ import annotations

import re


def row_cells(row: str, split: bool) -> list[str]:
    """Cut a row into its cells and the bars between them, which together are its text.

    Args:
        split: white space parts the cells; it stays as well, at their ends.
    """
    parts = re.findall(r"\s*\S+\s*", row) if split else re.split(r"(\|)", row)
    return [
        part
        for at, part in enumerate(parts)
        # Between two bars a cell may be empty; beside the outermost ones there is none.
        if part.strip() or 0 < at < len(parts) - 1
    ]


def excerpt(text: str, row: bool) -> str:
    """Return what a card shows of a passage: of a row its cells, without the bars between them."""
    cells = [cell.strip() for cell in text.split("|")] if row else [text]
    return " · ".join(filter(None, cells))
