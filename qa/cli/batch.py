"""Read the batch files of `yinju ask --batch` and `yinju search --batch`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from indexer.errors import YinjuError
from qa.index import MAX_QUESTION_LENGTH, has_words
from qa.jsonl import read_lines


def read_batch(path: Path, key: str) -> list[dict[str, Any]]:
    """Return the rows of a batch file; all are checked before the first is asked.

    Args:
        key: of the question in each row, "question" or "query".

    Raises:
        YinjuError: the file cannot be read, or a line lacks "id" or the question, or its question
            is empty or too long.
    """
    return [_parse_row(path, number, line, key) for number, line in read_lines(path)]


def _parse_row(path: Path, number: int, line: str, key: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise YinjuError("question.no_json", path=path, number=number, reason=str(error)) from error
    if not isinstance(row, dict) or not isinstance(row.get(key), str) or "id" not in row:
        raise YinjuError("question.no_row", path=path, number=number, key=key)
    if not has_words(row[key]):
        raise YinjuError("question.row_empty", path=path, number=number, key=key)
    if len(row[key]) > MAX_QUESTION_LENGTH:
        raise YinjuError(
            "question.row_too_long", path=path, number=number, key=key, most=MAX_QUESTION_LENGTH
        )
    history = [] if row.get("history") is None else row["history"]
    if not isinstance(history, list) or not all(isinstance(h, str) for h in history):
        raise YinjuError("question.row_history", path=path, number=number)
    return row
