"""Questions of the set: their fields, what each has to fulfil, drafts turned into questions."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer.text.fold import fold, fold_strict
from indexer.text.segment import PLAIN

FACT_TYPES = (
    "fact", "cell", "row", "column", "list", "why", "how", "definition", "comparison", "extreme",
    "count", "follow_up",
)  # fmt: skip
MISSES = (
    "year", "period", "plan", "company", "place", "product", "measure", "unit", "subject",
    "attribute", "neighbour", "premise",
)  # fmt: skip
WORDINGS = ("formal", "colloquial")
# Types whose evidence may lie in several places, each snippet in one of them.
_SCATTERED = ("list", "column", "comparison")
# Types whose snippets are cells of one row.
_ONE_ROW = ("cell", "row", "extreme")
# The share of a colloquial question's words that its evidence may hold: one in three.
MAX_OVERLAP = 0.34
_SENTENCE_END = re.compile(r"(?<=[。！？；!?;\n])")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the set. The names of the fields are keys of its file, absent where empty."""

    id: str
    document: str
    """The name of the file that it is about."""
    type: str
    """One of `FACT_TYPES`, or "unanswerable"."""
    wording: str
    """One of `WORDINGS`."""
    question: str
    answerable: bool
    evidence: tuple[str, ...]
    """Snippets that an answer has to quote."""
    pair: str = ""
    """What the formal and the colloquial wording of a fact share."""
    miss: str = ""
    """The kind of a near miss, one of `MISSES`."""
    near: str = ""
    """The pair of the fact that a near miss comes near to."""
    history: tuple[str, ...] = ()
    """The questions asked before it, oldest first."""

    def to_json(self) -> str:
        """Return the line of a question file."""
        values = {name: getattr(self, name) for name in self.__slots__}
        always = ("answerable", "evidence")
        kept = {name: value for name, value in values.items() if value or name in always}
        return json.dumps(kept, ensure_ascii=False)


def read_questions(path: Path) -> list[Question]:
    """Read a question file; keys that the class does not have are left out."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [_to_question(row) for row in rows]


def _to_question(row: dict[str, Any]) -> Question:
    known = {name: row[name] for name in Question.__slots__ if name in row}
    lists = {name: tuple(known.get(name, ())) for name in ("evidence", "history")}
    return Question(**{"wording": "formal"} | known | lists)


def read_draft(path: Path, name: str, document: str) -> tuple[list[Question], list[str]]:
    """Turn a writer's draft into questions.

    Args:
        name: the name of the report, from which ids are made.

    Returns:
        The questions, and what is wrong with lines that give none.
    """
    questions: list[Question] = []
    problems: list[str] = []
    pair = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            history = tuple(map(str, row.get("history", ())))
            if "miss" in row:
                one = Question(
                    f"{name}-{number:03}u", document, "unanswerable", row["wording"],
                    row["question"], False, (), "", row["miss"], pair, history,
                )  # fmt: skip
                questions.append(one)
                continue
            pair = f"{name}-{number:03}"
            for wording in WORDINGS:
                one = Question(
                    f"{pair}{wording[0]}", document, row["type"], wording, row[wording], True,
                    tuple(map(str, row["evidence"])), pair, history=history,
                )  # fmt: skip
                questions.append(one)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(f"line {number}: {error!r}")
    return questions, problems


@dataclass(frozen=True)
class ReportText:
    """The clean text of a report, folded for finding evidence in it."""

    title: str
    text: str

    @property
    def characters(self) -> int:
        """How many characters it has, without spaces and the marks of tables."""
        return len(re.sub(r"[\s|]", "", self.text))

    @cached_property
    def folded(self) -> str:
        """The whole text, folded."""
        return fold_strict(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, folded; empty ones left out."""
        return [line for line in map(fold_strict, self.text.splitlines()) if line]

    @cached_property
    def sentences(self) -> list[tuple[str, str]]:
        """The sentences and rows as (folded strictly, folded for words)."""
        parts = _SENTENCE_END.split(self.text)
        return [(fold_strict(part), fold(part)) for part in parts if part.strip()]

    @cached_property
    def title_words(self) -> str:
        """The title, folded: its words do not count as shared."""
        return fold(self.title)

    def context(self, evidence: Sequence[str]) -> str:
        """Return the sentences and rows that hold the evidence, folded."""
        snippets = [fold_strict(snippet) for snippet in evidence]
        held = [words for strict, words in self.sentences if any(s in strict for s in snippets)]
        rows = [words for strict, words in self.sentences if all(s in strict for s in snippets)]
        return "\n".join(rows or held) + "\n" + "\n".join(map(fold, evidence))


def word_overlap(question: str, report: ReportText, evidence: Sequence[str]) -> float:
    """Return the share of a question's content words that the sentences of its evidence hold.

    Words that are a number or stand in the report's title say which report and which year is meant
    and do not count. The share is 0 if nothing else is left.
    """
    words = [
        word
        for word in PLAIN.content_words(question)
        if word not in report.title_words and not re.search(r"\d", word)
    ]
    context = report.context(evidence)
    return sum(word in context for word in words) / len(words) if words else 0.0


def check_question(question: Question, report: ReportText) -> Iterator[str]:
    """Yield what is wrong with a question on a report."""
    if not 4 <= len(question.question) <= 90:
        yield f"the question has {len(question.question)} characters, expected 4 to 90"
    if question.wording not in WORDINGS:
        yield f"unknown wording {question.wording!r}"
    if not question.answerable:
        if question.miss and question.miss not in MISSES:
            yield f"unknown kind of near miss {question.miss!r}"
        if question.evidence:
            yield "a near miss has no evidence"
        return
    if not question.evidence:
        yield "no evidence"
    missing = [s for s in question.evidence if fold_strict(s) not in report.folded]
    yield from (f"evidence not in the clean text: {snippet!r}" for snippet in missing)
    if question.type == "follow_up" and not question.history:
        yield "a follow-up without history"
    if not missing and question.evidence:
        yield from _check_places(question, report)


def _check_places(question: Question, report: ReportText) -> Iterator[str]:
    """Yield what is wrong with the places of evidence that stands in the report."""
    snippets = [fold_strict(snippet) for snippet in question.evidence]
    if question.type in _SCATTERED:
        if question.type != "comparison" and len(snippets) < 2:
            yield f"a {question.type} has one snippet for each of its items"
        return
    if question.type in _ONE_ROW or (question.type == "follow_up" and len(snippets) > 1):
        count = sum(all(s in line for s in snippets) for line in report.lines)
        if count == 0 and question.type != "follow_up":
            yield "no line of the clean text holds all snippets"
        if count > 1:
            yield f"{count} lines hold all snippets: add the header, or another cell of the row"
        return
    count = min(report.folded.count(snippet) for snippet in snippets)
    if count > 1:
        yield f"the evidence occurs {count} times: make it longer"


def check_wording(question: Question, report: ReportText) -> Iterator[str]:
    """Yield that a colloquial question shares too many words with its evidence."""
    if question.answerable and question.wording == "colloquial":
        overlap = word_overlap(question.question, report, question.evidence)
        if overlap > MAX_OVERLAP:
            context = report.context(question.evidence)
            words = [w for w in PLAIN.content_words(question.question) if w in context]
            yield f"shares {overlap:.0%} of its words with the text: {' '.join(words)}"


def find_repeats(questions: Sequence[Question]) -> list[str]:
    """Return the ids of questions that ask again what an earlier one asked, both folded."""
    seen: dict[tuple[str, ...], str] = {}
    repeats = []
    for question in questions:
        key = (*map(fold_strict, question.history), fold_strict(question.question))
        if key in seen:
            repeats.append(f"{question.id} repeats {seen[key]}")
        seen.setdefault(key, question.id)
    return repeats


def renumber(questions: Sequence[Question], name: str, first: int = 1) -> list[Question]:
    """Number the questions of a report anew from `first`, pairs and near misses alike, in their order."""
    numbers: dict[str, str] = {}
    renumbered = []
    for question in questions:
        key = question.pair or question.id
        number = numbers.setdefault(key, f"{name}-{len(numbers) + first:03}")
        suffix = question.wording[0] if question.pair else "u"
        renumbered.append(
            replace(
                question,
                id=number + suffix,
                pair=number if question.pair else "",
                near=numbers.get(question.near, ""),
            )
        )
    return renumbered


def count_kinds(questions: Sequence[Question]) -> dict[str, int]:
    """Return how many facts of each type and near misses of each kind there are."""
    counts = Counter(q.miss or q.type for q in questions if q.wording == "formal" or q.miss)
    return dict(sorted(counts.items()))
