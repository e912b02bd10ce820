"""Files of JSON lines: batches of questions and gold sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from indexer.errors import YinjuError
from qa.index import LONGEST, asks
from qa.jsonl import read_lines


def read_batch(path: Path, key: str) -> list[dict[str, Any]]:
    """Rows of a batch file, all checked before the first is asked.

    Raises:
        YinjuError: the file cannot be read, or a line lacks `id` or `key`, or asks nothing.
    """
    return [_row(f"{path}:{number}", line, key) for number, line in read_lines(path)]


def _row(place: str, line: str, key: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise YinjuError(f"{place}: is not JSON: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get(key), str) or "id" not in row:
        raise YinjuError(f'{place}: expected an object with "id" and "{key}"')
    if not asks(row[key]):
        raise YinjuError(f'{place}: "{key}" is empty; ask something')
    if len(row[key]) > LONGEST:
        raise YinjuError(f'{place}: "{key}" has more than {LONGEST} characters')
    history = [] if row.get("history") is None else row["history"]
    if not isinstance(history, list) or not all(isinstance(h, str) for h in history):
        raise YinjuError(f'{place}: "history" must be a list of earlier questions')
    return row
