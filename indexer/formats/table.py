"""Cells to lines: what stands above a table, the table with one header row, and its notes.

A table is written with bars, which is how the outline and the passages know its rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from indexer.config import LIMITS, Limits, beyond_limit
from indexer.errors import YinjuError
from indexer.messages import message
from indexer.text.quantities import is_number_cell

# Places for each cell that may be filled, up to the last cell of each row, and of all columns that
# are used in all rows: a sheet that is formatted to its last column has many and still few values.
# Walking over 20 million of them takes seconds.
_PLACES = 10
DELIMITERS = ",;\t|"
# A delimiter shows in its first records; a preamble is shorter than this.
_SAMPLE_RECORDS = 50
_SAMPLE_CHARACTERS = 200_000
# Headers of more levels than this were not seen; a merge that goes further is no header's.
_MAX_LEVELS = 4
# A caption is short and no sentence, as any heading.
_MAX_CAPTION = 40
_SENTENCE = re.compile(r"[。；;！!？?…]")
_NOTE = re.compile(
    r"(?:注|备注|備註|说明|說明|(?:数据|資料|资料)?[来來]源|Notes?|Sources?)\s*\d*[:：]", re.I
)

Row = list[str]


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells merged into one, from 0, both ends included; the value is in the first."""

    top: int
    left: int
    bottom: int
    right: int


# Merges by their first row.
_Merges = Mapping[int, list[Merge]]


class Budget:
    """Counts the rows and cells of a file as they are read."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._rows = self._cells = self._places = 0
        self._columns: set[int] = set()

    def take(self, row: Row) -> Row:
        """The row, less the empty cells at its end.

        Raises:
            YinjuError: with this row the file passes a limit.
        """
        filled = list(_filled(row))
        self._rows += bool(filled)
        self._cells += len(filled)
        self._columns.update(filled)
        self._places += 1 + len(row)
        places = max(self._places, self._rows * len(self._columns))
        rows, cells = self._limits.rows, self._limits.cells
        for count, limit, field, code in (
            (self._rows, rows, "rows", "size.rows"),
            (self._cells, cells, "cells", "size.cells"),
            (places, cells * _PLACES, "cells", "size.places"),
        ):
            if count > limit:
                raise beyond_limit(self._path, field, message(code, count=count), limit)
        while row and not row[-1]:
            row.pop()
        return row


def cell_text(text: str) -> str:
    """A cell on one line.

    A bar in it would part it in two; the broken bar is the nearest sign that no fold makes a bar.
    """
    return " ".join(text.split()).replace("|", "¦").replace("｜", "¦")


def row_line(cells: Iterable[str]) -> str:
    """A table's row as a line of text.

    >>> row_line(["2021", "114"])
    '| 2021 | 114 |'
    """
    return f"| {' | '.join(cells)} |"


def grid_lines(rows: list[Row], name: str, merges: Sequence[Merge] = ()) -> Iterator[str]:
    """The lines of a sheet.

    A value that is merged over rows is repeated in each, since each is quoted on its own. Over
    columns it is repeated only in the header, where it is part of each column's name.

    Args:
        rows: cells made by cell_text, ragged; changed by what merges fill in.
        name: what the sheet is called, to stand between two tables that nothing else parts.
        merges: merged cells of `rows`.
    """
    alone = [sum(map(bool, row)) == 1 for row in rows]
    _fill_down(rows, merges)
    from_row: dict[int, list[Merge]] = defaultdict(list)
    for merge in merges:
        from_row[merge.top].append(merge)
    after_row = False
    for start, end in _tables(rows, alone):
        for line in _table_lines(rows, alone, from_row, start, end):
            if after_row and line.startswith("|"):
                yield f"# {name}"
            after_row = False
            yield line
        after_row = True


def _fill_down(rows: list[Row], merges: Sequence[Merge]) -> None:
    """Repeats what is merged over rows in each that has other cells."""
    filled = 0
    for merge in merges:
        if merge.bottom == merge.top or merge.top >= len(rows):
            continue
        value = _at(rows[merge.top], merge.left)
        for row in rows[merge.top + 1 : merge.bottom + 1] if value else ():
            filled += 1
            if filled > LIMITS.cells:  # merges of a well-formed file do not overlap
                return
            if row and not _at(row, merge.left):
                row.extend([""] * (merge.left + 1 - len(row)))
                row[merge.left] = value


def _at(row: Row, column: int) -> str:
    return row[column] if column < len(row) else ""


def _tables(rows: list[Row], alone: list[bool]) -> list[tuple[int, int]]:
    """Spans of rows: a run behind an empty row goes on with the table unless it has a header."""
    spans: list[tuple[int, int]] = []
    start = 0
    for at in range(len(rows) + 1):
        if at < len(rows) and rows[at]:
            continue
        if at > start:
            if spans and not _has_header(rows[start:at], alone[start:at]):
                spans[-1] = (spans[-1][0], at)
            else:
                spans.append((start, at))
        start = at + 1
    return spans


def _has_header(rows: list[Row], alone: list[bool]) -> bool:
    """Whether the first row of more than one cell is words and years, and figures stand below."""
    body = [row for row, one in zip(rows, alone, strict=True) if not one]
    return len(body) > 1 and not _has_figure(body[0]) and any(map(_has_figure, body[1:]))


def _has_figure(row: Row) -> bool:
    return any(map(is_number_cell, row))


def _table_lines(
    rows: list[Row], alone: list[bool], merges: _Merges, start: int, end: int
) -> Iterator[str]:
    """Captions as one heading, other lines above the table, its rows, its notes."""
    body = [at for at in range(start, end) if rows[at]]
    wide = [at for at in body if not alone[at]]
    if len({c for at in body for c, cell in enumerate(rows[at]) if cell}) < 2 or not wide:
        yield from ("".join(rows[at]) for at in body)
        return
    above = [at for at in body if at < wide[0]]
    last = max(at for at in body if not (alone[at] and _NOTE.match("".join(rows[at]))))
    told = ["".join(rows[at]) for at in above]
    captions = [line for line in told if len(line) <= _MAX_CAPTION and not _SENTENCE.search(line)]
    if captions:
        yield f"## {' '.join(captions)}"
    yield from (line for line in told if line not in captions)
    depth = _header_depth(rows, merges, wide[0])
    columns = sorted({c for at in body if at >= wide[0] and at <= last for c in _filled(rows[at])})
    yield row_line(_header(rows, merges, wide[0], depth, columns))
    for at in body:
        if wide[0] + depth <= at <= last:
            yield row_line(_at(rows[at], column) for column in columns)
    yield from ("".join(rows[at]) for at in body if at > last)


def _filled(row: Row) -> Iterator[int]:
    return (column for column, cell in enumerate(row) if cell)


def _header_depth(rows: list[Row], merges: _Merges, top: int) -> int:
    """How many rows are the header.

    As many as a merge from its first row goes down; or two where a merge goes sideways and the row
    below names nothing but its parts.
    """
    first = merges.get(top, [])
    deep = max((m.bottom - top + 1 for m in first), default=1)
    below = rows[top + 1] if top + 1 < len(rows) else []
    parts = [m for m in first if m.right > m.left]
    split = all(any(m.left <= c <= m.right for m in parts) for c in _filled(below))
    if deep == 1 and parts and below and split:
        deep = 2
    return deep if deep <= min(_MAX_LEVELS, len(rows) - top - 1) else 1


def _header(
    rows: list[Row], merges: _Merges, top: int, depth: int, columns: list[int]
) -> Iterator[str]:
    """The name of each column: the levels of the header, each once."""
    levels = [dict(enumerate(row)) for row in rows[top : top + depth]]
    for at, level in enumerate(levels, top):
        for merge in merges.get(at, []):
            value = level.get(merge.left, "")
            level.update({c: value for c in columns if merge.left <= c <= merge.right})
    for column in columns:
        names = dict.fromkeys(level.get(column, "") for level in levels)
        yield " ".join(filter(None, names))


def read_delimited(
    text: str, path: Path, preferred: str | None = None, limits: Limits = LIMITS
) -> list[Row]:
    """The cells of delimited text.

    Args:
        preferred: the delimiter, if it parts anything at all.

    Raises:
        YinjuError: the text is larger than the limits, or has a cell of more than 128 KB.
    """
    delimiter = find_delimiter(text, preferred)
    try:
        # Strict, so that a quotation mark that never closes does not take the rest with it.
        return _records(text, path, delimiter, quoted=True, limits=limits)
    except csv.Error:
        pass  # the marks are no quoting; each line is a record, and nothing is lost
    try:
        return _records(text, path, delimiter, quoted=False, limits=limits)
    except csv.Error as error:
        raise YinjuError("file.no_table", path=path, reason=str(error)) from error


def _records(text: str, path: Path, delimiter: str, quoted: bool, limits: Limits) -> list[Row]:
    budget = Budget(path, limits)
    lines = io.StringIO(text, newline="")
    if quoted:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return [budget.take([cell_text(cell) for cell in row]) for row in reader]


def find_delimiter(text: str, preferred: str | None = None) -> str:
    """The delimiter that parts the most records into equally many cells, then into more.

    >>> find_delimiter("a;b\\n1,5;2,5\\n3,5;4,5")
    ';'
    """
    sample = text[:_SAMPLE_CHARACTERS]
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in DELIMITERS}
    if preferred is not None and scores[preferred][0]:
        return preferred
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    """(records of the commonest width of two or more, that width)."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        widths = [len(row) for row in islice(reader, _SAMPLE_RECORDS) if len(row) > 1]
    except csv.Error:  # a quotation mark that does not close
        widths = [line.count(delimiter) + 1 for line in sample.splitlines()[:_SAMPLE_RECORDS]]
        widths = [width for width in widths if width > 1]
    return max(((widths.count(width), width) for width in set(widths)), default=(0, 0))
