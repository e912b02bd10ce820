"""Read questions whose answers are known: gold sets in JSON lines, and files in the SQuAD layout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import YinjuError, named_message_of, reason_of
from indexer.messages import message
from qa.jsonl import read_lines


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question on a report, with the evidence that a right answer cites."""

    id: str
    type: str
    """Such as "fact", "list" or "unanswerable"; measures are also given by type."""
    question: str
    answerable: bool
    """Whether the reports answer it."""
    evidence: tuple[str, ...]
    """Snippets that the citations must contain."""
    history: tuple[str, ...] = ()
    """The questions asked before it, oldest first; it may be a follow-up to them."""
    document: str = ""
    """The name of the file that citations must come from, or empty for any."""
    wording: str = ""
    """How it is put, such as "formal" or "colloquial", or empty."""
    pair: str = ""
    """What it shares with the same question in another wording, or empty."""
    miss: str = ""
    """The kind of a near miss, such as "year", or empty."""


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question of a SQuAD file."""

    id: str
    paragraph: int
    """The number of the paragraph that it was asked about, from 0."""
    question: str
    answers: tuple[str, ...]
    """The accepted answers; any one is right."""


@dataclass(frozen=True, slots=True)
class Squad:
    """A file in the SQuAD layout."""

    name: str
    """The name of the file."""
    paragraphs: tuple[str, ...]
    questions: tuple[SquadQuestion, ...]

    def draw(self, count: int | None) -> Squad:
        """Return the file with `count` of its questions, drawn with seed 0.

        All questions are kept if `count` is None or not less than their number.
        """
        if count is None or count >= len(self.questions):
            return self
        drawn = np.random.default_rng(0).permutation(len(self.questions))[:count]
        return Squad(self.name, self.paragraphs, tuple(self.questions[i] for i in drawn))


def read_gold_questions(path: Path) -> list[GoldQuestion]:
    """Read a gold file, or all `*.jsonl` of a folder in the order of their names.

    Raises:
        YinjuError: there is no question, a file cannot be read, or a line is no gold question.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    questions = [question for file in files for question in read_gold_file(file)]
    if not questions:
        raise YinjuError("gold.empty", path=path)
    return questions


def read_gold_file(path: Path) -> list[GoldQuestion]:
    """Read a gold file, one JSON object a line; an empty file gives an empty list.

    Raises:
        YinjuError: the file cannot be read, or a line is no gold question.
    """
    return [_parse_gold_question(path, number, line) for number, line in read_lines(path)]


def _parse_gold_question(path: Path, number: int, line: str) -> GoldQuestion:
    try:
        values = json.loads(line)
        return GoldQuestion(
            id=str(values["id"]),
            type=str(values["type"]),
            question=str(values["question"]),
            answerable=bool(values["answerable"]),
            evidence=_parse_strings(values["evidence"]),
            history=_parse_strings(values.get("history", [])),
            **{key: str(values.get(key, "")) for key in ("document", "wording", "pair", "miss")},
        )
    except _NoListError as error:
        reason = message("found.no_list", value=error.value)
        raise YinjuError("gold.no_question", path=path, number=number, reason=reason) from error
    except (ValueError, KeyError, TypeError) as error:
        reason = named_message_of(error)
        raise YinjuError("gold.no_question", path=path, number=number, reason=reason) from error


class _NoListError(Exception):
    """A value of a gold question is not a list, but must be one."""

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value


def _parse_strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _NoListError(value)
    return tuple(map(str, value))


def read_squad(path: Path) -> Squad:
    """Read a file in the SQuAD layout: data > paragraphs > context, qas > question, answers.

    Raises:
        YinjuError: the file cannot be read, has another layout, or has no question.
    """
    try:
        articles = json.loads(path.read_text(encoding="utf-8-sig"))["data"]
        paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
        texts = tuple(str(paragraph["context"]) for paragraph in paragraphs)
        questions = _parse_squad_questions(paragraphs)
    except (OSError, UnicodeDecodeError) as error:
        raise YinjuError("file.unreadable", path=path, reason=reason_of(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise YinjuError("gold.no_squad", path=path, reason=named_message_of(error)) from error
    if not questions:
        raise YinjuError("gold.empty_squad", path=path)
    return Squad(path.name, texts, questions)


def _parse_squad_questions(paragraphs: Sequence[Any]) -> tuple[SquadQuestion, ...]:
    """Return the questions that have an answer; a missing or repeated id is replaced."""
    questions: list[SquadQuestion] = []
    used: set[str] = set()
    for number, paragraph in enumerate(paragraphs):
        for row in paragraph["qas"]:
            answers = tuple(str(answer["text"]) for answer in row["answers"])
            id = str(row.get("id", ""))
            if not id or id in used:
                id = f"{number}-{len(questions)}"
            used.add(id)
            if any(answers):
                questions.append(SquadQuestion(id, number, str(row["question"]), answers))
    return tuple(questions)
