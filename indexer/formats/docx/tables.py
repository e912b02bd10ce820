"""A table of a Word file to rows and merged cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from indexer.formats.table import Budget, Merge, Row

from .numbering import W

_HOLDERS = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
_MAX_SPAN = 63  # columns of a table, as Word has it


def rows_of(table: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Rows with their cells, less deleted ones."""
    for row in _inside(table, f"{W}tr"):
        if row.find(f"{W}trPr/{W}del") is None:
            yield row, list(_inside(row, f"{W}tc"))


def _inside(holder: Any, tag: str) -> Iterator[Any]:
    """Rows or cells, those in content controls too."""
    for child in holder.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in _HOLDERS:
            yield from _inside(child, tag)


def read_table(
    rows: list[tuple[Any, list[Any]]], told: Callable[[int, Any], str], budget: Budget
) -> tuple[list[Row], list[Merge]]:
    """The cells of a table.

    Args:
        rows: as rows_of gives them.
        told: (index of the row, cell) -> its text on one line.
    """
    made: list[Row] = []
    merges: list[Merge] = []
    open_merges: dict[int, Merge] = {}  # by the column on the left
    for top, (row, cells) in enumerate(rows):
        line: Row = [""] * _count(row, "trPr", "gridBefore", 0)
        still: dict[int, Merge] = {}
        for cell in cells:
            left = len(line)
            wide = _count(cell, "tcPr", "gridSpan", 1)
            text = told(top, cell)
            above = open_merges.get(left)
            if _goes_on(cell, "hMerge") and line:
                wide, text = 1, ""
            elif _goes_on(cell, "vMerge") and above is not None:
                still[left] = Merge(above.top, left, top, above.right)
                text = ""
            elif cell.find(f"{W}tcPr/{W}vMerge") is not None:
                still[left] = Merge(top, left, top, left + wide - 1)
            elif wide > 1:
                merges.append(Merge(top, left, top, left + wide - 1))
            line += [text, *[""] * (wide - 1)]
        merges += [one for at, one in open_merges.items() if still.get(at, one).top != one.top]
        merges += [one for at, one in open_merges.items() if at not in still]
        open_merges = still
        made.append(budget.take(line))
    return made, sorted([*merges, *open_merges.values()], key=lambda one: (one.top, one.left))


def _count(element: Any, properties: str, name: str, default: int) -> int:
    found = element.find(f"{W}{properties}/{W}{name}")
    value = (found.get(f"{W}val") or "") if found is not None else ""
    return min(max(default, int(value)), _MAX_SPAN) if re.fullmatch(r"\d{1,6}", value) else default


def _goes_on(cell: Any, name: str) -> bool:
    found = cell.find(f"{W}tcPr/{W}{name}")
    return found is not None and found.get(f"{W}val") != "restart"
