"""The row of a table that has the highest or lowest value of a column: 哪个分部的收益最高."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.store.catalogue import Catalogue
from indexer.text.fold import fold
from indexer.text.patterns import split_cells
from indexer.text.quantities import years_in
from indexer.types import Passage
from qa.matching import Rarity, find_character_pairs, measure_coverage
from qa.question import Question
from qa.retrieval.windows import RankedPassage

from .table_rows import TableRows, find_caption, find_rows_at

_HIGHEST = re.compile(r"最(?:高|大|多|长|晚|久|贵|快|强|重|厚)|居首|首位|(?:排名?|位列|位居)第?一")
_LOWEST = re.compile(r"最(?:低|小|少|短|早|便宜|慢|弱|轻|薄|差)|垫底|末位")
# What asks for a change, and what a column of changes is called.
_GROWTH = re.compile(r"增速|增长|增幅|涨幅|涨得|降幅|跌幅|变动|变化")
_CHANGE = re.compile(r"同比|环比|增[速长幅减]|涨|变动|降幅|跌")
_WHICH = re.compile(r"哪|谁|什么|啥|何")
# Rows that sum up the others take no part.
_TOTAL = re.compile(r"合计|总计|小计|共计|总额|总体|全部|平均|均值|全[省市县国行]")
_NUMBER = re.compile(r"(?P<loss>\()?(?P<number>[-+]?\d[\d,]*(?:\.\d+)?)")
_DATE = re.compile(r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2}))?")
# So many of the first passages may lead to the table, and a table has so many rows at most.
_MOST_TRIED, _MOST_ROWS = 8, 30
# The share of a column's cells that have a value.
_FILLED = 0.6
# How much less of the question than the best passage a table may cover (the same as for lists).
_COVERAGE_SLACK = 0.05


def find_extreme_rows(
    question: Question, ranked: Sequence[RankedPassage], catalogue: Catalogue, rarity: Rarity
) -> TableRows | None:
    """Return the row, or equal rows, with the extreme that a question asks for; None if none has.

    The table must cover about as much of the question as the best passage, and one of its columns
    of figures or dates be named before or behind the superlative.
    """
    low = _LOWEST.search(question.text)
    asked = low or _HIGHEST.search(question.text)
    if asked is None or _is_named(question.text[asked.start() : asked.end() + 2], ranked):
        return None
    tried: set[tuple[int, int]] = set()
    for candidate in ranked[:_MOST_TRIED]:
        rows = find_rows_at(candidate.passage, catalogue)
        if len(rows) < 2 or len(rows) > _MOST_ROWS or (rows[0].document, rows[0].start) in tried:
            continue
        tried.add((rows[0].document, rows[0].start))
        caption = find_caption(rows[0], catalogue)
        keys = [fold(split_cells(row.text)[0]) for row in rows]
        title = catalogue.document(rows[0].document).title
        text = fold("\n".join((title, *rows[0].headings, caption, rows[0].header, *keys)))
        covered = measure_coverage({term: rarity(term) for term in question.terms}, text)
        if covered < ranked[0].coverage - _COVERAGE_SLACK:
            continue
        column = _find_column(question, asked, rows)
        if column is None:
            continue
        found = _pick(rows, column, bool(low))
        nearest = max(r.candidate.dense for r in ranked)
        # The superlative itself stands in no table.
        terms = tuple(t for t in question.terms if t.word not in asked.group())
        context = f"{caption}\n{rows[0].header}"
        return TableRows(found, terms, context, nearest, tuple(rows))
    return None


def _is_named(phrase: str, ranked: Sequence[RankedPassage]) -> bool:
    """Return whether the report itself calls something so: 最大输入电流 is no question for an extreme."""
    return any(
        phrase in fold(f"{r.passage.header}\n{r.passage.text}") for r in ranked[:_MOST_TRIED]
    )


def _find_column(question: Question, asked: re.Match[str], rows: Sequence[Passage]) -> int | None:
    """Return the column that the words around a superlative name; None if they name none.

    Of columns of the same name that differ in the year, take that of the question, else the first.
    """
    text = question.text
    near = text[max(0, asked.start() - 8) : asked.start()], text[asked.end() : asked.end() + 6]
    names = [fold(name) for name in split_cells(rows[0].header)]
    asks_change = bool(_GROWTH.search("".join(near)))
    scores: list[tuple[float, int]] = []
    for column in range(1, len(names)):
        values = [_value_at(row, column) for row in rows]
        if sum(value is not None for value in values) < _FILLED * len(values):
            continue
        if asks_change != bool(_CHANGE.search(names[column])):
            continue
        shared = max(_count_shared(part, names[column]) for part in near) + asks_change
        years = years_in(names[column])
        other = bool(question.years and years) and not set(years) & set(question.years)
        scores.append((shared - 10 * other, -column))
    best = max(scores, default=(0.0, 0))
    if best[0] > 0:
        return -best[1]
    # 谁最贵 names no column: a table with just one column of values needs no name.
    alone = len(scores) == 1 and scores[0][0] >= 0 and _WHICH.search(text)
    return -scores[0][1] if alone else None


def _count_shared(words: str, name: str) -> int:
    """Return how many pairs of characters a column's name shares with the words."""
    return sum(pair in name for pair in find_character_pairs(words))


def _pick(rows: Sequence[Passage], column: int, low: bool) -> tuple[Passage, ...]:
    """Return the rows with the lowest or highest value of a column, rows of totals aside."""
    own = [row for row in rows if not _TOTAL.search(fold(split_cells(row.text)[0]))] or list(rows)
    values = {row.id: value for row in own if (value := _value_at(row, column)) is not None}
    extreme = (min if low else max)(values.values())
    return tuple(row for row in own if values.get(row.id) == extreme)


def _value_at(row: Passage, column: int) -> float | None:
    """Return the figure or the date of a cell as a number; None if it has none.

    >>> row = Passage(0, 0, 0, 0, "row", (), "| 东门店 | 2018-11-20 | (1,545.5) | — |")
    >>> [_value_at(row, column) for column in (1, 2, 3)]
    [20181120.0, -1545.5, None]
    """
    cells = split_cells(row.text)
    cell = fold(cells[column]) if column < len(cells) else ""
    if date := _DATE.match(cell):
        year, month, day = (int(part or 0) for part in date.groups())
        return float(year * 10_000 + month * 100 + day)
    number = _NUMBER.match(cell)
    if number is None:
        return None
    value = float(number["number"].replace(",", ""))
    return -value if number["loss"] else value
