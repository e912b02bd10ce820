"""Text files whose records are documents: a JSON object a line, or a table with a text in a column."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from .table import format_cell, format_row

# So many of the lines must be objects, and at least so many.
_SHARE, _MIN_OBJECTS = 0.9, 3
# A column holds texts if half of its cells have so many lines and characters.
_TEXT_LINES, _TEXT_LENGTH = 3, 60
# The name of a record is made of its cells up to this length.
_LONGEST_NAME = 40
# A quoted cell of several lines.
_BROKEN_CELL = re.compile(r'"[^"\n]*\n[^"\n]*\n')


def read_records(text: str) -> list[str] | None:
    """Return the lines of text that JSON objects hold, rows with bars; None if a text holds no objects.

    The text is the field that has the most characters over all objects. A list in it is a row of a
    table.

    >>> read_records("\\n".join('{"n": %d, "t": "甲", "k": "p"}' % n for n in range(3)))
    ['甲', '甲', '甲']
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or not lines[0].lstrip().startswith("{"):
        return None
    objects = [found for line in lines if (found := _read_object(line)) is not None]
    if len(objects) < max(_MIN_OBJECTS, _SHARE * len(lines)):
        return None
    lengths: Counter[str] = Counter()
    for one in objects:
        for key, value in one.items():
            if isinstance(value, str | list):
                lengths[key] += len(str(value))
    if not lengths:
        return None
    ((field, _),) = lengths.most_common(1)
    return [line for one in objects if field in one and (line := _to_line(one[field]))]


def read_texts(text: str, delimiter: str) -> list[tuple[str, str]] | None:
    """Return name and text of each record of a table of which a column holds whole texts; else None.

    >>> read_texts('year,full\\n2026,"一、总则\\n甲。\\n' + "乙" * 60 + '"', ",")[0][0]
    '2026'
    """
    if not _BROKEN_CELL.search(text):
        return None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    rows = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    widest = max(map(len, rows), default=0)
    long = [
        sum(_is_text(cell) for cell in column)
        for column in zip(*_padded(rows, widest), strict=True)
    ]
    if not rows or max(long, default=0) * 2 < len(rows):
        return None
    at = long.index(max(long))
    return [(_name_of(row, at), row[at].strip()) for row in _padded(rows, widest)]


def _padded(rows: Sequence[list[str]], width: int) -> list[list[str]]:
    return [row + [""] * (width - len(row)) for row in rows]


def _is_text(cell: str) -> bool:
    return len(cell) >= _TEXT_LENGTH and len(cell.strip().split("\n")) >= _TEXT_LINES


def _name_of(row: Sequence[str], text_at: int) -> str:
    """Return the other cells of a record, each that is no part of another."""
    cells = [" ".join(c.split()) for at, c in enumerate(row) if at != text_at and c.strip()]
    cells = [c for c in cells if len(c) <= _LONGEST_NAME]
    whole = [c for c in cells if not any(c != other and c in other for other in cells)]
    return " ".join(dict.fromkeys(whole))


def _read_object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _to_line(value: Any) -> str:
    """Return a value as a line: a list, or the text of one, as a row with bars."""
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return format_row(format_cell(str(cell)) for cell in value)
    return str(value).strip()
