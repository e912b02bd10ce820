"""Several rows of one table for a question that asks of each: 四家企业分别有多少员工."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.store.catalogue import Catalogue
from indexer.text.fold import fold
from indexer.text.patterns import split_cells
from indexer.types import Passage
from qa.matching import Rarity, share_held
from qa.question import QueryTerm, Question
from qa.retrieval.windows import Appraisal

_MAY_ASK_EACH = re.compile("分别|[各每逐]|历年")
_EACH = re.compile(
    r"分别|各自|(?:[各每逐]|历)(?:一)?(?:家|个|年|类|种|地|省|市|区|项|企业|公司|城市|地区|平台|银行|机构|季度|月)"
)
# What says nothing of a column: 各年公共桩的数量. And what a table's rows are, if they are firms.
_GENERAL = frozenset("数量 数据 数字 数值 情况 各自 多少".split())
_FIRMS = frozenset("公司 企业 机构 厂商 平台 银行 运营商 品牌 单位".split())
# A longer table is no answer that anybody reads through.
_MOST_ROWS = 30
# How much less of the question than the best passage a table may hold (as of a list).
_HELD_SLACK = 0.05


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a table that answer together.

    told: what stands around them. terms: of the question, those that say what is asked of each.
    dense: the cosine of the nearest passage.
    """

    rows: tuple[Passage, ...]
    terms: tuple[QueryTerm, ...]
    told: str
    dense: float


def asked_rows(
    question: Question, ranked: Sequence[Appraisal], catalogue: Catalogue, rarity: Rarity
) -> Table | None:
    """The rows that a question asks for one by one; None where it does not, or no table has them.

    The table's header must name what is asked for, and the table hold about as much of the
    question as the best passage. Rows that the question names by their first cell are picked out.
    """
    if not _MAY_ASK_EACH.search(question.text):
        return None
    tried: set[tuple[int, int]] = set()
    for one in ranked:
        if one.passage.kind != "row":
            continue
        rows = _table_of(one.passage, catalogue)
        if (rows[0].document, rows[0].start) in tried or len(rows) > _MOST_ROWS:
            continue
        tried.add((rows[0].document, rows[0].start))
        columns = [fold(cell) for cell in split_cells(rows[0].header)]
        if not (
            _EACH.search(question.text)
            or re.search(f"[各每]{re.escape(columns[0])}", question.text)
        ):
            continue
        terms = _terms(question, columns[0])
        if not any(term.word in column for term in terms for column in columns[1:]):
            continue
        keys = [fold(split_cells(row.text)[0]) for row in rows]
        named = [row for row, key in zip(rows, keys, strict=True) if key in question.text]
        caption = _before(rows[0], catalogue)
        told = "\n".join((caption, rows[0].header))
        said = fold("\n".join((*rows[0].headings, told, *keys)))
        held = share_held({term: rarity(term) for term in terms}, said)
        if len(named) == 1 or held < ranked[0].held - _HELD_SLACK:
            continue
        return Table(tuple(named or rows), terms, told, max(a.candidate.dense for a in ranked))
    return None


def _terms(question: Question, first: str) -> tuple[QueryTerm, ...]:
    """The terms that say what is asked; `first` is the name of the column that names the rows."""
    firms = _FIRMS if first in _FIRMS else frozenset[str]()
    return tuple(
        term
        for term in question.terms
        if term.word not in _GENERAL and term.word not in firms and not _EACH.fullmatch(term.word)
    )


def _table_of(row: Passage, catalogue: Catalogue) -> list[Passage]:
    """All rows of a row's table, in order: passages have their ids in the order of the report."""
    near = catalogue.passages(range(max(row.id - _MOST_ROWS, 0), row.id + _MOST_ROWS + 1))
    first = last = row.id
    while _same_table(near.get(first - 1), row):
        first -= 1
    while _same_table(near.get(last + 1), row):
        last += 1
    return [near[i] for i in range(first, last + 1)]


def _same_table(other: Passage | None, row: Passage) -> bool:
    return (
        other is not None
        and other.kind == "row"
        and (other.document, other.headings, other.header)
        == (row.document, row.headings, row.header)
    )


def _before(row: Passage, catalogue: Catalogue) -> str:
    """The paragraph before a table in its section, which may say what the table shows."""
    before = catalogue.passages([row.id - 1]).get(row.id - 1) if row.id else None
    same = before is not None and (before.document, before.headings) == (row.document, row.headings)
    return before.text if before is not None and same else ""
