"""Which rows of a table answer: each of them (四家企业分别有多少员工), all that a sentence introduces (前五名股东有哪些),
or the one with the highest or lowest value of a column (哪个分部的收益最高)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.store.catalogue import Catalogue
from indexer.text.fold import fold
from indexer.text.patterns import split_cells
from indexer.text.quantities import years_in
from indexer.types import Passage
from qa.matching import Rarity, find_character_pairs, measure_coverage
from qa.question import QueryTerm, Question
from qa.retrieval.windows import RankedPassage

_MAY_ASK_EACH = re.compile("分别|[各每逐]|历年")
_EACH = re.compile(
    r"分别|各自|(?:[各每逐]|历)(?:一)?(?:家|个|年|类|种|地|省|市|区|项|企业|公司|城市|地区|平台|银行|机构|季度|月)"
)
# What asks for several things at once, in the words of reports and of people.
_ASKS_SEVERAL = re.compile(
    r"[有是括]哪些|分别|各自|依次|逐[一项个家]|一一|挨个|历年|列[出示举一明]|[都全]列|每样|哪几[^年月日天]|"
    r"各(?:是|有|为|占|要)|各\S{0,3}(?:多少|几)|"
    r"[各每](?:一)?(?:家|个|年|类|种|地|省|市|区|项|样|门|季|块|条|企业|公司|城市|地区|业务|产品|品种|分部)|"
    r"[两二三四五六七八九十]\S{1,5}[都各]"
)
_EACH_PERIOD = re.compile(r"[各每历分逐几两三四五](?:一|个)?(?:年|季|月)")
_SHORT_YEAR = re.compile(r"(?<!\d)\d\d(?=年)")
# A column of a year, a quarter or a month.
_PERIOD = re.compile(
    r"(?:19|20)\d\d|\d\d?[QqHh]\d|[QqHh][1-4]|\d月|季度|[〇零一二三四五六七八九]{4}年"
)
# Words that do not name a column: 各年公共桩的数量.
_GENERAL = frozenset("数量 数据 数字 数值 情况 各自 多少".split())
# Words for the rows of a table of firms.
_FIRMS = frozenset("公司 企业 机构 厂商 平台 银行 运营商 品牌 单位".split())
# The share of the question that an introduction must cover (the same as for lists), and how many
# passages are tried.
_INTRO_COVERAGE = 0.8
_MOST_TRIED = 8
# Do not quote longer tables: nobody reads them through.
_MOST_ROWS = 30
# How much less of the question than the best passage a table may cover (the same as for lists).
_COVERAGE_SLACK = 0.05
_HIGHEST = re.compile(r"最(?:高|大|多|长|晚|久|贵|快|强|重|厚)|居首")
_LOWEST = re.compile(r"最(?:低|小|少|短|早|便宜|慢|弱|轻|薄|差)")
# What asks for a change, and what a column of changes is called.
_GROWTH = re.compile(r"增速|增长|增幅|涨幅|降幅")
_CHANGE = re.compile(r"同比|环比|增[速长幅减]|变动")
_WHICH = re.compile(r"哪|谁|什么|啥|何")
# Rows that sum up the others take no part.
_TOTAL = re.compile(r"合计|总计|小计|平均")
_NUMBER = re.compile(r"(?P<loss>\()?(?P<number>[-+]?\d[\d,]*(?:\.\d+)?)")
_DATE = re.compile(r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2}))?")
# The share of a column's cells that have a value.
_FILLED = 0.6


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows of a table that answer together."""

    rows: tuple[Passage, ...]
    """The rows, in order."""
    terms: tuple[QueryTerm, ...]
    """The terms of the question that say what it asks about each row."""
    context: str
    """The paragraph before the table, and its header row."""
    dense: float
    """The cosine of the nearest passage."""
    judged: tuple[Passage, ...] = ()
    """The rows by which it is judged whether they answer, if these are more."""


def find_asked_rows(
    question: Question, ranked: Sequence[RankedPassage], catalogue: Catalogue, rarity: Rarity
) -> TableRows | None:
    """Return the rows that a question asks about one by one, or None.

    The header of the table must name what is asked for, and the table cover about as much of the
    question as the best passage. If the question names rows by their first cell, return only these.
    A question for a list is answered by all rows of a table whose introduction covers it: 前五名股东有哪些.
    None means that the question does not ask so, or that no table answers.
    """
    if question.kind == "list" and (table := _find_introduced(question, ranked, catalogue, rarity)):
        return table
    if not _MAY_ASK_EACH.search(question.text):
        return None
    tried: set[tuple[int, int]] = set()
    for candidate in ranked:
        if candidate.passage.kind != "row":
            continue
        rows = _find_table(candidate.passage, catalogue)
        if (rows[0].document, rows[0].start) in tried or len(rows) > _MOST_ROWS:
            continue
        tried.add((rows[0].document, rows[0].start))
        columns = [fold(cell) for cell in split_cells(rows[0].header)]
        if not (
            _EACH.search(question.text)
            or re.search(f"[各每]{re.escape(columns[0])}", question.text)
        ):
            continue
        terms = _find_asked_terms(question, columns[0])
        if not any(term.word in column for term in terms for column in columns[1:]):
            continue
        keys = [fold(split_cells(row.text)[0]) for row in rows]
        named = [row for row, key in zip(rows, keys, strict=True) if key in question.text]
        context = "\n".join((_find_caption(rows[0], catalogue), rows[0].header))
        text = fold("\n".join((*rows[0].headings, context, *keys)))
        coverage = measure_coverage({term: rarity(term) for term in terms}, text)
        if len(named) == 1 or coverage < ranked[0].coverage - _COVERAGE_SLACK:
            continue
        nearest = max(r.candidate.dense for r in ranked)
        return TableRows(tuple(named or rows), terms, context, nearest)
    return None


def _find_introduced(
    question: Question, ranked: Sequence[RankedPassage], catalogue: Catalogue, rarity: Rarity
) -> TableRows | None:
    """Return the rows of the first table whose heading and introduction cover a question for a list."""
    for rows in _tables_near(ranked, catalogue):
        keys = {fold(cell) for row in rows for cell in split_cells(row.text)[:2]}
        if any(len(key) > 1 and key in question.text for key in keys):
            continue
        intro = _find_caption(rows[0], catalogue)
        title = catalogue.document(rows[0].document).title
        first_column = split_cells(rows[0].header)[0] if rows[0].header else ""
        text = fold("\n".join((title, *rows[0].headings[-1:], intro, first_column)))
        covered = measure_coverage({term: rarity(term) for term in question.terms}, text)
        if covered >= _INTRO_COVERAGE:
            context = "\n".join((intro, rows[0].header))
            nearest = max(r.candidate.dense for r in ranked)
            return TableRows(tuple(rows), question.terms, context, nearest)
    return None


def _tables_near(ranked: Sequence[RankedPassage], catalogue: Catalogue) -> Iterator[list[Passage]]:
    """Yield the rows of each table that the first passages are in or introduce, the nearest first."""
    tried: set[int] = set()
    for candidate in ranked[:_MOST_TRIED]:
        rows = _find_rows_at(candidate.passage, catalogue)
        if rows and rows[0].id not in tried and len(rows) <= _MOST_ROWS:
            tried.add(rows[0].id)
            yield rows


def _find_rows_at(passage: Passage, catalogue: Catalogue) -> list[Passage]:
    """Return the rows of the table that a passage is in, or that it introduces; none if there is none."""
    if passage.kind == "row":
        return _find_table(passage, catalogue)
    # A caption and a unit may stand above the table.
    behind = catalogue.passages(range(passage.id + 1, passage.id + 3)).values()
    rows = [p for p in behind if p.kind == "row" and p.document == passage.document]
    return _find_table(rows[0], catalogue) if rows else []


def _find_asked_terms(question: Question, first_column: str) -> tuple[QueryTerm, ...]:
    """Return the terms of a question that say what it asks about each row.

    Args:
        first_column: the folded name of the column that names the rows.
    """
    firms = _FIRMS if first_column in _FIRMS else frozenset[str]()
    return tuple(
        term
        for term in question.terms
        if term.word not in _GENERAL and term.word not in firms and not _EACH.fullmatch(term.word)
    )


def _find_table(row: Passage, catalogue: Catalogue) -> list[Passage]:
    """Return all rows of a row's table, in order: ids of passages follow the order of the report."""
    near = catalogue.passages(range(max(row.id - _MOST_ROWS, 0), row.id + _MOST_ROWS + 1))
    first = last = row.id
    while _is_same_table(near.get(first - 1), row):
        first -= 1
    while _is_same_table(near.get(last + 1), row):
        last += 1
    return [near[i] for i in range(first, last + 1)]


def _is_same_table(other: Passage | None, row: Passage) -> bool:
    """Return whether a passage, if there is one, is a row of the same table."""
    return (
        other is not None
        and other.kind == "row"
        and (other.document, other.headings, other.header)
        == (row.document, row.headings, row.header)
    )


def _find_caption(row: Passage, catalogue: Catalogue) -> str:
    """Return what leads to a table, else the paragraph before it in its section, else ""."""
    if row.lead:
        return row.lead
    before = catalogue.passages([row.id - 1]).get(row.id - 1) if row.id else None
    same = before is not None and (before.document, before.headings) == (row.document, row.headings)
    return before.text if before is not None and same else ""


def widen_to_column(
    question: Question, row: Passage, catalogue: Catalogue
) -> tuple[Passage, ...] | None:
    """Return all rows of a row's table if the question asks about each of them, else None.

    It does if it asks for several things and names no row: 七件事都派给谁了. If it names several rows
    by their first cell, return only these. Several years of a table with a column a year are of one
    row: 23年24年各花了多少.
    """
    if not _ASKS_SEVERAL.search(question.text):
        return None
    rows = _find_table(row, catalogue)
    if not 1 < len(rows) <= _MOST_ROWS or _asks_periods(question, row.header):
        return None
    asked = set(find_character_pairs(question.text))
    keys = [fold(split_cells(one.text)[0]) for one in rows]
    named = [
        one
        for one, key in zip(rows, keys, strict=True)
        if not _TOTAL.search(key) and _is_asked_for(key, question.text, asked)
    ]
    if len(named) == 1:
        return None
    return tuple(named or rows)


def _asks_periods(question: Question, header: str) -> bool:
    """Return whether a question asks for several years or quarters that the header names."""
    years = set(question.years) | set(_SHORT_YEAR.findall(question.text))
    several = len(years) > 1 or _EACH_PERIOD.search(question.text)
    return bool(several) and len(_PERIOD.findall(fold(header))) > 1


def _is_asked_for(key: str, text: str, asked: set[str]) -> bool:
    """Return whether a question names a row by its first cell, or by half of it."""
    pairs = find_character_pairs(key)
    half = bool(pairs) and 2 * sum(pair in asked for pair in pairs) >= len(pairs)
    return len(key) > 1 and (key in text or half)


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
    for rows in _tables_near(ranked, catalogue):
        caption = _find_caption(rows[0], catalogue)
        keys = [fold(split_cells(row.text)[0]) for row in rows]
        title = catalogue.document(rows[0].document).title
        text = fold("\n".join((title, *rows[0].headings, caption, rows[0].header, *keys)))
        covered = measure_coverage({term: rarity(term) for term in question.terms}, text)
        if covered < ranked[0].coverage - _COVERAGE_SLACK:
            continue
        column = _find_column(question, asked, rows) if len(rows) > 1 else None
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
