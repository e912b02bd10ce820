"""Format the cells of a sheet as lines: each table with its caption, one header row and its notes.

The rows of a table are written with bars, by which the outline and the passages recognise them.
Delimited text (CSV) is read here too.
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

# The limit of places (filled or empty cells) for each cell of the limits. Counted are the places up
# to the last cell of each row, and rows times used columns. A sheet that is formatted up to its
# last column has many places and few values; a walk over 20 million places takes seconds.
_PLACES_PER_CELL = 10
DELIMITERS = ",;\t|"
# The delimiter shows in the first records; text above the table is shorter than this.
_SAMPLE_RECORDS = 50
_SAMPLE_CHARACTERS = 200_000
# Headers with more levels were never seen; a merge over more rows belongs to no header.
_MAX_LEVELS = 4
# A caption is short and no sentence, like a heading. In characters.
_MAX_CAPTION = 40
_SENTENCE = re.compile(r"[。；;！!？?…]")
_NOTE = re.compile(
    r"(?:注|备注|備註|说明|說明|(?:数据|資料|资料)?[来來]源|Notes?|Sources?)\s*\d*[:：]", re.I
)
_LABELLED = re.compile(r"[^：:]{1,12}[：:]\s*\S")

Row = list[str]


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells merged into one: rows and columns from 0, both ends included.

    The value is in the first cell.
    """

    top: int
    left: int
    bottom: int
    right: int


# Merges by their first row.
_Merges = Mapping[int, list[Merge]]


class Budget:
    """Counts the rows and cells of a file while it is read, against the limits."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._rows = self._cells = self._places = 0
        self._columns: set[int] = set()

    def take(self, row: Row) -> Row:
        """Count a row, and return it without the empty cells at its end.

        Raises:
            YinjuError: with this row the file exceeds a limit.
        """
        filled = list(_filled_columns(row))
        self._rows += bool(filled)
        self._cells += len(filled)
        self._columns.update(filled)
        self._places += 1 + len(row)
        places = max(self._places, self._rows * len(self._columns))
        rows, cells = self._limits.rows, self._limits.cells
        for count, limit, field, code in (
            (self._rows, rows, "rows", "size.rows"),
            (self._cells, cells, "cells", "size.cells"),
            (places, cells * _PLACES_PER_CELL, "cells", "size.places"),
        ):
            if count > limit:
                raise beyond_limit(self._path, field, message(code, count=count), limit)
        while row and not row[-1]:
            row.pop()
        return row


def format_cell(text: str) -> str:
    """Return a cell's text on one line.

    A bar would split the cell in two. It is replaced by a broken bar, the most similar character
    that folding does not turn into a bar.
    """
    return " ".join(text.split()).replace("|", "¦").replace("｜", "¦")


def format_row(cells: Iterable[str]) -> str:
    """Format a row of a table as a line of text.

    >>> format_row(["2021", "114"])
    '| 2021 | 114 |'
    """
    return f"| {' | '.join(cells)} |"


def format_tables(rows: list[Row], name: str, merges: Sequence[Merge] = ()) -> Iterator[str]:
    """Yield the lines of a sheet.

    A value merged over rows is repeated in each row, since rows are quoted one by one. A value
    merged over columns is repeated only in the header, where it belongs to each column's name.

    Args:
        rows: cells made by format_cell; rows may differ in length. Merged values are filled in.
        name: the heading to put between two tables with nothing between them.
        merges: the merged cells of `rows`.
    """
    single_cell = [sum(map(bool, row)) == 1 for row in rows]
    _fill_down(rows, merges)
    from_row: dict[int, list[Merge]] = defaultdict(list)
    for merge in merges:
        from_row[merge.top].append(merge)
    after_row = False
    for start, end in _find_tables(rows, single_cell):
        for line in _format_table(rows, single_cell, from_row, start, end):
            if after_row and line.startswith("|"):
                yield f"# {name}"
            after_row = False
            yield line
        after_row = True


def _fill_down(rows: list[Row], merges: Sequence[Merge]) -> None:
    """Repeat each value that is merged over rows in the rows that have other cells."""
    filled = 0
    for merge in merges:
        if merge.bottom == merge.top or merge.top >= len(rows):
            continue
        value = _cell_at(rows[merge.top], merge.left)
        for row in rows[merge.top + 1 : merge.bottom + 1] if value else ():
            filled += 1
            if filled > LIMITS.cells:  # merges of a well-formed file do not overlap
                return
            if row and not _cell_at(row, merge.left):
                row.extend([""] * (merge.left + 1 - len(row)))
                row[merge.left] = value


def _cell_at(row: Row, column: int) -> str:
    return row[column] if column < len(row) else ""


def _find_tables(rows: list[Row], single_cell: list[bool]) -> list[tuple[int, int]]:
    """Return the tables as spans of rows.

    Rows behind an empty row continue the table unless they have a header of their own.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for at in range(len(rows) + 1):
        if at < len(rows) and rows[at]:
            continue
        if at > start:
            if spans and not _has_header(rows[start:at], single_cell[start:at]):
                spans[-1] = (spans[-1][0], at)
            else:
                spans.append((start, at))
        start = at + 1
    return spans


def _has_header(rows: list[Row], single_cell: list[bool]) -> bool:
    """Return whether the first row with several cells has no figures but years, and rows below do."""
    body = [row for row, single in zip(rows, single_cell, strict=True) if not single]
    return len(body) > 1 and not _has_figure(body[0]) and any(map(_has_figure, body[1:]))


def _has_figure(row: Row) -> bool:
    return any(map(is_number_cell, row))


def _format_table(
    rows: list[Row], single_cell: list[bool], merges: _Merges, start: int, end: int
) -> Iterator[str]:
    """Yield the lines of a table: its captions as one heading, other lines above it, rows, notes.

    Args:
        rows: all rows of the sheet.
        single_cell: for each row whether only one cell is filled.
        merges: the merged cells by their first row.
        start: the first row of the table.
        end: the row behind its last.
    """
    body = [at for at in range(start, end) if rows[at]]
    table_rows = [at for at in body if not single_cell[at]]
    if len({c for at in body for c, cell in enumerate(rows[at]) if cell}) < 2 or not table_rows:
        yield from ("".join(rows[at]) for at in body)
        return
    # 编制单位：财务部 on the left and 单位：万元 on the right of the same row belong to no column.
    labelled = [at for at in table_rows[:-1] if _is_labelled(rows[at])]
    while labelled and labelled[0] == table_rows[0]:
        table_rows.remove(labelled.pop(0))
    above = [at for at in body if at < table_rows[0]]
    last = max(at for at in body if not (single_cell[at] and _NOTE.match("".join(rows[at]))))
    above_lines = [" ".join(filter(None, rows[at])) for at in above]
    captions = [
        line
        for line in above_lines
        if len(line) <= _MAX_CAPTION and not (_SENTENCE.search(line) or _LABELLED.match(line))
    ]
    if captions:
        yield f"## {' '.join(captions)}"
    yield from (line for line in above_lines if line not in captions)
    depth = _find_header_depth(rows, merges, table_rows[0])
    columns = sorted(
        {c for at in body if at >= table_rows[0] and at <= last for c in _filled_columns(rows[at])}
    )
    yield format_row(_column_names(rows, merges, table_rows[0], depth, columns))
    for at in body:
        if table_rows[0] + depth <= at <= last:
            yield format_row(_cell_at(rows[at], column) for column in columns)
    yield from ("".join(rows[at]) for at in body if at > last)


def _is_labelled(row: Row) -> bool:
    """Return whether each filled cell of a row is a label with its value, 单位：万元."""
    return all(_LABELLED.match(cell) for cell in row if cell)


def _filled_columns(row: Row) -> Iterator[int]:
    return (column for column, cell in enumerate(row) if cell)


def _find_header_depth(rows: list[Row], merges: _Merges, top: int) -> int:
    """Return how many rows the header has.

    As many as a merge in its first row covers; or two if a merge covers several columns and the row
    below only names the parts of such merges.
    """
    first = merges.get(top, [])
    deep = max((m.bottom - top + 1 for m in first), default=1)
    below = rows[top + 1] if top + 1 < len(rows) else []
    parts = [m for m in first if m.right > m.left]
    split = all(any(m.left <= c <= m.right for m in parts) for c in _filled_columns(below))
    if deep == 1 and parts and below and split:
        deep = 2
    return deep if deep <= min(_MAX_LEVELS, len(rows) - top - 1) else 1


def _column_names(
    rows: list[Row], merges: _Merges, top: int, depth: int, columns: list[int]
) -> Iterator[str]:
    """Yield the name of each column: its header cells from top to bottom, each once."""
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
    """Read the cells of delimited text.

    Args:
        text: the text of the file.
        path: the file, for errors.
        preferred: the delimiter to use if it occurs between cells at all.
        limits: of rows and cells.

    Raises:
        YinjuError: the text is larger than the limits, or has a cell of more than 128 KB.
    """
    delimiter = find_delimiter(text, preferred)
    try:
        # Strict, so that a quotation mark that never closes does not swallow the rest.
        return _read_records(text, path, delimiter, quoted=True, limits=limits)
    except csv.Error:
        pass  # the marks do not quote cells: read each line as a record, so that nothing is lost
    try:
        return _read_records(text, path, delimiter, quoted=False, limits=limits)
    except csv.Error as error:
        raise YinjuError("file.no_table", path=path, reason=str(error)) from error


def _read_records(text: str, path: Path, delimiter: str, quoted: bool, limits: Limits) -> list[Row]:
    budget = Budget(path, limits)
    lines = io.StringIO(text, newline="")
    if quoted:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return [budget.take([format_cell(cell) for cell in row]) for row in reader]


def find_delimiter(text: str, preferred: str | None = None) -> str:
    """Return the delimiter that splits the most records into equally many cells, then into more.

    >>> find_delimiter("a;b\\n1,5;2,5\\n3,5;4,5")
    ';'
    """
    sample = text[:_SAMPLE_CHARACTERS]
    scores = {delimiter: _score_delimiter(sample, delimiter) for delimiter in DELIMITERS}
    if preferred is not None and scores[preferred][0]:
        return preferred
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _score_delimiter(sample: str, delimiter: str) -> tuple[int, int]:
    """Return the commonest width from two cells on: (how many records have it, the width)."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        widths = [len(row) for row in islice(reader, _SAMPLE_RECORDS) if len(row) > 1]
    except csv.Error:  # a quotation mark that does not close
        widths = [line.count(delimiter) + 1 for line in sample.splitlines()[:_SAMPLE_RECORDS]]
        widths = [width for width in widths if width > 1]
    return max(((widths.count(width), width) for width in set(widths)), default=(0, 0))
