"""Questions to begin with: made from a report's outline and tables, each tried before it is offered.

A heading becomes a question only where its last word says how to ask (主要问题 -> 有哪些), and a
question is offered only if its answer quotes the place that it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from threading import Lock

from indexer.parsed_report import ParsedReport
from indexer.structure.outline import Node
from indexer.text.fold import fold
from indexer.text.quantities import RECENT_YEAR_DIGITS
from indexer.types import Document, Passage, Span
from qa.index import Index
from qa.types import Answer

# A topic that is shorter says too little by itself (总量), a longer one is a sentence.
_SHORTEST, _LONGEST = 4, 18
# How many questions of a report are tried at most; each takes some 20 ms.
_MOST_TRIED = 10
# How many reports the first page draws on, and how many are looked at to find them.
_MOST_REPORTS, _MOST_LOOKED_AT = 4, 8
# How many are offered at once.
MOST = 4
# How a question ends that asks for several things.
_MANY = "有哪些？"

# What can be counted up, by the last word of a heading; Simplified, half width.
_COUNTED = re.compile(
    "(?:措施|手段|策略|问题|挑战|压力|难题|难点|困难|障碍|风险|隐患|机遇|机会|类型|种类|品种|模式|"
    "建议|对策|名词|原因|成因|因素|影响|收入|企业|公司|机构|板块|要求|约束|政策|红利|方向|特点|特征|"
    "优势|劣势|渠道|产品|做法|环节|指标|方法|需求|途径|案例|功能|应用|服务|领域|主体|工具|内容|任务|"
    "阶段|来源|材料|技术|标准|区域|新空间|变化|趋势)$"
)
# What is told of: how it stands, how it has moved.
_TOLD = re.compile(
    "(?:现状|状况|情况|水平|结构|构成|总量|规模|增长|态势|曲线|分布|差异|比较|占比|份额|集中度|前景|表现)$"
)
# 人才与标准 is two things, 产品创新与优化策略 one.
_PAIR = re.compile("[,。、;!?与和及]")
_PAIRED = 7
_NUMBER = re.compile(r"^\d+(?:\.\d+)*[.、]?\s+")
_UNIT = re.compile(r"[(（]([^()（）]+)[)）]\s*$")
_CELL = re.compile(r"\s*\|\s*")
_FIGURE = re.compile(r"[\d.,]+%?")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that a report answers, when it is asked of that report."""

    question: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and the span of the clean text that it was made from."""

    question: str
    place: Span


def candidates(report: ParsedReport) -> list[Candidate]:
    """What can be asked of a report by its headings and tables, in the order of the report."""
    text, title = report.trail.text, fold(report.title)
    made = [*_of_headings(text, report.nodes, title), *_of_rows(report.passages)]
    return sorted(made, key=lambda one: one.place.start)


def _of_headings(text: str, nodes: Sequence[Node], title: str) -> Iterator[Candidate]:
    for node in nodes:
        topic = _NUMBER.sub("", text[node.title_start : node.title_end].strip(" #:："))
        folded = fold(topic)
        if node.kind != "heading" or folded == title or not _SHORTEST <= len(topic) <= _LONGEST:
            continue
        if _PAIR.search(folded) and (len(topic) < _PAIRED or not _COUNTED.search(folded)):
            continue
        ending = _MANY if _COUNTED.search(folded) else "如何？" if _TOLD.search(folded) else ""
        if ending:
            yield Candidate(topic + ending, Span(node.start, node.close))


def _of_rows(passages: Sequence[Passage]) -> Iterator[Candidate]:
    """A figure of each table's last row: 2021年的公共桩是多少万台."""
    rows = [p for p in passages if p.kind == "row" and p.header]
    for at, one in enumerate(rows):
        if at + 1 < len(rows) and rows[at + 1].header == one.header:
            continue
        question = _asked_of(_cells(one.header), _cells(one.text))
        if question:
            yield Candidate(question, Span(one.start, one.end))


def _cells(row: str) -> list[str]:
    return _CELL.split(row.strip().strip("|").strip())


def _asked_of(header: Sequence[str], row: Sequence[str]) -> str:
    """The question for the first figure of a row; nothing where it has none, or no name."""
    if len(header) != len(row) or not row[0]:
        return ""
    name = f"{row[0]}年" if re.fullmatch(RECENT_YEAR_DIGITS, row[0]) else row[0]
    for column, cell in zip(header[1:], row[1:], strict=True):
        if not column or not _FIGURE.fullmatch(cell):
            continue
        unit = _UNIT.search(column)
        what = _UNIT.sub("", column).strip()
        return f"{name}的{what}是多少{unit[1] if unit else ''}？"
    return ""


def spread(made: Sequence[Candidate], nodes: Sequence[Node]) -> list[Candidate]:
    """First one of each chapter, then the next of each: a reader sees all parts of a report."""
    headings = [node for node in nodes if node.kind == "heading"]
    # A single heading at the top is the title; the chapters are below it.
    levels = sorted({node.level for node in headings})
    level = next((n for n in levels if sum(h.level == n for h in headings) > 1), 1)
    chapters = [node.start for node in headings if node.level == level]
    seen: dict[int, int] = {}
    order = []
    for one in made:
        chapter = sum(start <= one.place.start for start in chapters)
        seen[chapter] = seen.get(chapter, 0) + 1
        order.append((seen[chapter], chapter, one))
    return [one for *_, one in sorted(order, key=lambda entry: entry[:2])]


def suggested(index: Index, document: Document, most: int) -> list[Suggestion]:
    """Up to `most` questions that a report answers from the place that they were made from.

    Raises:
        YinjuError: the model cannot be loaded.
    """
    report = index.snapshot.catalogue.report(document.id)
    only = frozenset({document.id})
    found: list[Suggestion] = []
    for one in spread(candidates(report), report.nodes)[:_MOST_TRIED]:
        if len(found) == most:
            break
        if _answered(index.ask(one.question, only=only), one):
            found.append(Suggestion(one.question, document.path, document.title))
    return found


def _answered(answer: Answer, asked: Candidate) -> bool:
    """Whether all that is quoted is from the place that is asked of, and enough of it."""
    least = 2 if asked.question.endswith(_MANY) else 1
    return (
        not answer.abstained
        and len(answer.citations) >= least
        and all(
            asked.place.start <= quoted.start and quoted.end <= asked.place.end
            for quoted in answer.citations
        )
    )


class Suggestions:
    """Suggested questions of an index, each report's made once as long as a snapshot is current."""

    def __init__(self) -> None:
        self._snapshot = ""
        self._made: dict[int, list[Suggestion]] = {}
        self._lock = Lock()

    def of(self, index: Index, document: Document) -> list[Suggestion]:
        """A report's own, `MOST` at most.

        Raises:
            YinjuError: the model cannot be loaded.
        """
        with self._lock:
            if index.snapshot.name != self._snapshot:
                self._snapshot, self._made = index.snapshot.name, {}
            if document.id not in self._made:
                self._made[document.id] = suggested(index, document, MOST)
            return [replace(one, title=document.title) for one in self._made[document.id]]

    def of_all(self, index: Index, only: frozenset[int] | None = None) -> list[Suggestion]:
        """`MOST` to begin with, of the first reports that have any in turn.

        only: documents, by id, that will be asked; None is all.
        """
        documents = [d for d in index.documents() if only is None or d.id in only]
        looked_at = (self.of(index, one) for one in documents[:_MOST_LOOKED_AT])
        each = islice(filter(None, looked_at), _MOST_REPORTS)
        in_turn = (one for row in zip_longest(*each) for one in row if one)
        return list(islice(in_turn, MOST))
