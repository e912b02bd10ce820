"""Text files that hold a JSON object a line, as programs write that take documents apart."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from .table import format_cell, format_row

# So many of the lines must be objects, and at least so many.
_SHARE, _MIN_OBJECTS = 0.9, 3


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
