"""Read files of JSON lines: batches of questions and gold sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.errors import YinjuError, reason_of


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line) for each line that is not blank.

    Raises:
        YinjuError: the file cannot be read.
    """
    try:
        # Not splitlines(): U+2028 and other separators may stand inside a JSON string.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise YinjuError("file.unreadable", path=path, reason=reason_of(error)) from error
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())
