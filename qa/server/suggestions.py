"""Suggested questions: made from the headings and tables of a report, and tried before they are shown.

A heading becomes a question only if its last word says how to ask (主要问题 -> 有哪些). A question is
suggested only if its answer quotes what it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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

# The characters of a topic: a shorter one says too little by itself (总量), a longer one is a sentence.
_MIN_TOPIC, _MAX_TOPIC = 4, 18
# The most questions of a report that are tried; each takes some 20 ms.
_MAX_TRIED = 10
# The most reports whose questions the first page shows, and the most that are tried to find them.
_MAX_REPORTS, _MAX_REPORTS_TRIED = 4, 8
# The most suggestions that are shown together.
MAX_SUGGESTIONS = 4
# The ending of a question that asks for several things.
_WHICH = "有哪些？"

# Last words of headings about things that can be listed (有哪些); Simplified, half width.
_LISTABLE = re.compile(
    "(?:措施|手段|策略|问题|挑战|压力|难题|难点|困难|障碍|风险|隐患|机遇|机会|类型|种类|品种|模式|"
    "建议|对策|名词|原因|成因|因素|影响|收入|企业|公司|机构|板块|要求|约束|政策|红利|方向|特点|特征|"
    "优势|劣势|渠道|产品|做法|环节|指标|方法|需求|途径|案例|功能|应用|服务|领域|主体|工具|内容|任务|"
    "阶段|来源|材料|技术|标准|区域|新空间|变化|趋势)$"
)
# Last words of headings about a state or a development (如何).
_DESCRIBABLE = re.compile(
    "(?:现状|状况|情况|水平|结构|构成|总量|规模|增长|态势|曲线|分布|差异|比较|占比|份额|集中度|前景|表现)$"
)
# A heading with one of these characters names two things (人才与标准), unless it is as long as
# _MIN_JOINT characters: 产品创新与优化策略 is one thing.
_CONJUNCTION = re.compile("[,。、;!?与和及]")
_MIN_JOINT = 7
_HEADING_NUMBER = re.compile(r"^\d+(?:\.\d+)*[.、]?\s+")
_UNIT = re.compile(r"[(（]([^()（）]+)[)）]\s*$")
_CELL = re.compile(r"\s*\|\s*")
_FIGURE = re.compile(r"[\d.,]+%?")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that a report answers when it alone is asked."""

    question: str
    path: str
    """Of the report, as in the catalogue."""
    title: str
    """Of the report."""


@dataclass(frozen=True, slots=True)
class CandidateQuestion:
    """A question that is not tried yet."""

    question: str
    source: Span
    """The span of the clean text that it was made from."""


def make_candidates(report: ParsedReport) -> list[CandidateQuestion]:
    """Make questions from the headings and tables of a report, in the order of the report."""
    text, title = report.trail.text, fold(report.title)
    candidates = [*_from_headings(text, report.nodes, title), *_from_tables(report.passages)]
    return sorted(candidates, key=lambda candidate: candidate.source.start)


def _from_headings(text: str, nodes: Sequence[Node], title: str) -> Iterator[CandidateQuestion]:
    """Make a question from each heading whose last word says how to ask."""
    for node in nodes:
        topic = _HEADING_NUMBER.sub("", text[node.title_start : node.title_end].strip(" #:："))
        fits = _MIN_TOPIC <= len(topic) <= _MAX_TOPIC
        if node.kind != "heading" or fold(topic) == title or not fits:
            continue
        ending = _question_ending(topic)
        if ending:
            yield CandidateQuestion(topic + ending, Span(node.start, node.close))


def _question_ending(topic: str) -> str:
    """Return the words that make a topic a question; "" if it is no topic to ask about.

    >>> _question_ending("主要问题"), _question_ending("市场规模"), _question_ending("前言部分")
    ('有哪些？', '如何？', '')
    """
    folded = fold(topic)
    listable = _LISTABLE.search(folded)
    if _CONJUNCTION.search(folded) and (len(topic) < _MIN_JOINT or not listable):
        return ""
    return _WHICH if listable else "如何？" if _DESCRIBABLE.search(folded) else ""


def _from_tables(passages: Sequence[Passage]) -> Iterator[CandidateQuestion]:
    """Ask for a figure of the last row of each table: 2021年的公共桩是多少万台？"""
    rows = [p for p in passages if p.kind == "row" and p.header]
    for at, row in enumerate(rows):
        if at + 1 < len(rows) and rows[at + 1].header == row.header:
            continue
        question = _figure_question(_split_cells(row.header), _split_cells(row.text))
        if question:
            yield CandidateQuestion(question, Span(row.start, row.end))


def _split_cells(row: str) -> list[str]:
    return _CELL.split(row.strip().strip("|").strip())


def _figure_question(header: Sequence[str], row: Sequence[str]) -> str:
    """Ask for the first figure of a row; return "" if the row has no figure or no name.

    >>> _figure_question(["年份", "均价（元）"], ["2022", "6.1"])
    '2022年的均价是多少元？'
    """
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


def interleave_chapters(
    candidates: Sequence[CandidateQuestion], nodes: Sequence[Node]
) -> list[CandidateQuestion]:
    """Take the first question of each chapter, then the second of each, and so on.

    So the first suggestions show all parts of a report.
    """
    headings = [node for node in nodes if node.kind == "heading"]
    # The chapters are the headings of the highest level that has several: a single one is the title.
    levels = sorted({node.level for node in headings})
    level = next((n for n in levels if sum(h.level == n for h in headings) > 1), 1)
    chapters = [node.start for node in headings if node.level == level]
    seen: dict[int, int] = {}
    ranked = []
    for candidate in candidates:
        chapter = sum(start <= candidate.source.start for start in chapters)
        seen[chapter] = seen.get(chapter, 0) + 1
        ranked.append((seen[chapter], chapter, candidate))
    return [candidate for *_, candidate in sorted(ranked, key=lambda entry: entry[:2])]


def suggest_questions(index: Index, document: Document, most: int) -> list[Suggestion]:
    """Return up to `most` questions that a report answers from where they were made.

    Raises:
        YinjuError: the model cannot be loaded.
    """
    report = index.snapshot.catalogue.report(document.id)
    only = frozenset({document.id})
    found: list[Suggestion] = []
    candidates = interleave_chapters(make_candidates(report), report.nodes)
    # Most candidates fall already without the reader, which takes most of the time of an answer.
    quick = index.without_reader()
    for candidate in candidates[:_MAX_TRIED]:
        if len(found) == most:
            break
        tries = (asked.ask(candidate.question, only=only) for asked in (quick, index))
        if all(_quotes_source(answer, candidate) for answer in tries):
            found.append(Suggestion(candidate.question, document.path, document.title))
    return found


def _quotes_source(answer: Answer, candidate: CandidateQuestion) -> bool:
    """Say whether an answer quotes enough, and only from the source of its question."""
    source = candidate.source
    least = 2 if candidate.question.endswith(_WHICH) else 1
    return (
        not answer.abstained
        and len(answer.citations) >= least
        and all(
            source.start <= citation.start and citation.end <= source.end
            for citation in answer.citations
        )
    )


class SuggestionCache:
    """The suggestions of each report, made once for each snapshot."""

    def __init__(self) -> None:
        # The snapshot that the suggestions are of, and they by the id of their document.
        self._snapshot = ""
        self._made: dict[int, list[Suggestion]] = {}
        self._lock = Lock()

    def for_report(self, index: Index, document: Document) -> list[Suggestion]:
        """Return the suggestions of a report, `MAX_SUGGESTIONS` at most; make them if need be.

        Raises:
            YinjuError: the model cannot be loaded.
        """
        with self._lock:
            if index.snapshot.name != self._snapshot:
                self._snapshot, self._made = index.snapshot.name, {}
            if document.id not in self._made:
                self._made[document.id] = suggest_questions(index, document, MAX_SUGGESTIONS)
            return _with_title(self._made[document.id], document)

    def for_index(self, index: Index, only: frozenset[int] | None = None) -> list[Suggestion]:
        """Return the suggestions of a new conversation, `MAX_SUGGESTIONS` at most; make them if need be.

        They are taken in turn from the first reports that have any.

        Args:
            only: the ids of the documents that will be asked; None for all.

        Raises:
            YinjuError: the model cannot be loaded.
        """
        return _take_in_turn(self.for_report(index, d) for d in _tried(index, only))

    def made_for_index(
        self, index: Index, only: frozenset[int] | None = None
    ) -> list[Suggestion] | None:
        """Return what `for_index` returns if all of it is made already, else None; never wait."""
        made = self._made if index.snapshot.name == self._snapshot else {}
        try:
            return _take_in_turn(_with_title(made[d.id], d) for d in _tried(index, only))
        except KeyError:
            return None


def _tried(index: Index, only: frozenset[int] | None) -> list[Document]:
    """Return the reports whose questions a new conversation may show."""
    documents = (d for d in index.documents() if only is None or d.id in only)
    return list(islice(documents, _MAX_REPORTS_TRIED))


def _with_title(made: Sequence[Suggestion], document: Document) -> list[Suggestion]:
    """Return suggestions with the title of today: a new title needs no new snapshot."""
    return [replace(suggestion, title=document.title) for suggestion in made]


def _take_in_turn(tried: Iterable[list[Suggestion]]) -> list[Suggestion]:
    """Take the first suggestion of each report that has any, then the second, and so on."""
    by_report = islice(filter(None, tried), _MAX_REPORTS)
    in_turn = (one for row in zip_longest(*by_report) for one in row if one)
    return list(islice(in_turn, MAX_SUGGESTIONS))
