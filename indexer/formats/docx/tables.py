"""Read a table of a Word file as rows and merged cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from indexer.formats.table import Budget, Merge, Row

from .numbering import W

_WRAPPERS = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
_MAX_SPAN = 63  # the most columns of a table in Word


def read_rows(table: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each row with its cells, without deleted rows."""
    for row in _iterate_children(table, f"{W}tr"):
        if row.find(f"{W}trPr/{W}del") is None:
            yield row, list(_iterate_children(row, f"{W}tc"))


def _iterate_children(holder: Any, tag: str) -> Iterator[Any]:
    """Yield the rows or cells of an element, also those in content controls."""
    for child in holder.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _iterate_children(child, tag)


def read_table(
    rows: list[tuple[Any, list[Any]]], read_cell: Callable[[int, Any], str], budget: Budget
) -> tuple[list[Row], list[Merge]]:
    """Read the cells of a table.

    Args:
        rows: as read_rows yields them.
        read_cell: returns a cell's text on one line; takes the index of the row and the cell.
        budget: counts the cells.

    Returns:
        The rows and the merged cells, the latter sorted by place.
    """
    table_rows: list[Row] = []
    merges: list[Merge] = []
    open_merges: dict[int, Merge] = {}  # by the column on the left
    for top, (row, cells) in enumerate(rows):
        cells_of_row: Row = [""] * _read_count(row, "trPr", "gridBefore", 0)
        still_open: dict[int, Merge] = {}
        for cell in cells:
            left = len(cells_of_row)
            width = _read_count(cell, "tcPr", "gridSpan", 1)
            text = read_cell(top, cell)
            above = open_merges.get(left)
            if _continues_merge(cell, "hMerge") and cells_of_row:
                width, text = 1, ""
            elif _continues_merge(cell, "vMerge") and above is not None:
                still_open[left] = Merge(above.top, left, top, above.right)
                text = ""
            elif cell.find(f"{W}tcPr/{W}vMerge") is not None:
                still_open[left] = Merge(top, left, top, left + width - 1)
            elif width > 1:
                merges.append(Merge(top, left, top, left + width - 1))
            cells_of_row += [text, *[""] * (width - 1)]
        merges += [
            merge
            for left, merge in open_merges.items()
            if still_open.get(left, merge).top != merge.top
        ]
        merges += [merge for left, merge in open_merges.items() if left not in still_open]
        open_merges = still_open
        table_rows.append(budget.take(cells_of_row))
    return table_rows, sorted(
        [*merges, *open_merges.values()], key=lambda merge: (merge.top, merge.left)
    )


def _read_count(element: Any, properties: str, name: str, default: int) -> int:
    found = element.find(f"{W}{properties}/{W}{name}")
    value = (found.get(f"{W}val") or "") if found is not None else ""
    return min(max(default, int(value)), _MAX_SPAN) if re.fullmatch(r"\d{1,6}", value) else default


def _continues_merge(cell: Any, name: str) -> bool:
    found = cell.find(f"{W}tcPr/{W}{name}")
    return found is not None and found.get(f"{W}val") != "restart"
