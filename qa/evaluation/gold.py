"""Questions whose answers are known: gold sets in JSON lines, and files in the SQuAD layout."""

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
class Gold:
    """A gold question. evidence: snippets that the citations must contain."""

    id: str
    type: str
    question: str
    answerable: bool
    evidence: tuple[str, ...]
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a SQuAD file. paragraph: the number of its own one; any answer will do."""

    id: str
    paragraph: int
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Squad:
    """A file in the SQuAD layout."""

    name: str
    paragraphs: tuple[str, ...]
    questions: tuple[Asked, ...]

    def drawn(self, count: int | None) -> Squad:
        """With so many questions only, drawn with seed 0; None or too many is all of them."""
        if count is None or count >= len(self.questions):
            return self
        order = np.random.default_rng(0).permutation(len(self.questions))[:count]
        return Squad(self.name, self.paragraphs, tuple(self.questions[i] for i in order))


def read_golds(path: Path) -> list[Gold]:
    """Reads a gold file, or all `*.jsonl` of a folder in the order of their names.

    Raises:
        YinjuError: there is no question, or a line is no gold question.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    golds = [gold for file in files for gold in read_gold(file)]
    if not golds:
        raise YinjuError("gold.empty", path=path)
    return golds


def read_gold(path: Path) -> list[Gold]:
    """Reads a gold file, one JSON object a line.

    Raises:
        YinjuError: the file is missing, or a line is no gold question.
    """
    return [_gold(path, number, line) for number, line in read_lines(path)]


def _gold(path: Path, number: int, line: str) -> Gold:
    try:
        values = json.loads(line)
        return Gold(
            id=str(values["id"]),
            type=str(values["type"]),
            question=str(values["question"]),
            answerable=bool(values["answerable"]),
            evidence=_strings(values["evidence"]),
            history=_strings(values.get("history", [])),
        )
    except _NoListError as error:
        reason = message("found.no_list", value=error.value)
        raise YinjuError("gold.no_question", path=path, number=number, reason=reason) from error
    except (ValueError, KeyError, TypeError) as error:
        reason = named_message_of(error)
        raise YinjuError("gold.no_question", path=path, number=number, reason=reason) from error


class _NoListError(Exception):
    """A value of a gold question should be a list and is none."""

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _NoListError(value)
    return tuple(map(str, value))


def read_squad(path: Path) -> Squad:
    """Reads a file in the SQuAD layout: data > paragraphs > context, qas > question, answers.

    Raises:
        YinjuError: the file cannot be read, is of another layout, or holds no question.
    """
    try:
        articles = json.loads(path.read_text(encoding="utf-8-sig"))["data"]
        paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
        texts = tuple(str(paragraph["context"]) for paragraph in paragraphs)
        questions = _asked(paragraphs)
    except (OSError, UnicodeDecodeError) as error:
        raise YinjuError("file.unreadable", path=path, reason=reason_of(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise YinjuError("gold.no_squad", path=path, reason=named_message_of(error)) from error
    if not questions:
        raise YinjuError("gold.empty_squad", path=path)
    return Squad(path.name, texts, questions)


def _asked(paragraphs: Sequence[Any]) -> tuple[Asked, ...]:
    """Questions that have an answer, with ids of their own where the file's repeat or lack."""
    found: list[Asked] = []
    taken: set[str] = set()
    for number, paragraph in enumerate(paragraphs):
        for asked in paragraph["qas"]:
            answers = tuple(str(answer["text"]) for answer in asked["answers"])
            name = str(asked.get("id", ""))
            if not name or name in taken:
                name = f"{number}-{len(found)}"
            taken.add(name)
            if any(answers):
                found.append(Asked(name, number, str(asked["question"]), answers))
    return tuple(found)
