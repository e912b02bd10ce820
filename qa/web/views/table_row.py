"""A row of a table as the page shows it: in cells, or as an excerpt."""

from __future__ import annotations

import re


def row_cells(row: str, split: bool) -> list[str]:
    """Split a row into its cells and the bars between them; joined, they are the row.

    Args:
        split: the cells are separated by white space, which stays at their ends.
    """
    parts = re.findall(r"\s*\S+\s*", row) if split else re.split(r"(\|)", row)
    return [
        part
        for at, part in enumerate(parts)
        # Keep an empty cell between two bars, but not what is outside the outermost bars.
        if part.strip() or 0 < at < len(parts) - 1
    ]


def excerpt(text: str, row: bool) -> str:
    """Return a passage as a card shows it: a row without the bars between its cells."""
    cells = [cell.strip() for cell in text.split("|")] if row else [text]
    return " · ".join(filter(None, cells))
