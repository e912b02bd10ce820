"""The question sets: none of their questions took part in fitting the models of `qa/*/data`.

The reading-comprehension sets index each paragraph as a document. Of CMRC 2018 dev and DRCD dev only
the questions on the second half of the paragraphs are asked, as `training/fitting.py` fits on the
first half; the paragraphs of both halves are searched. A few constants (the share of BM25, the
length of a window) were chosen once while looking at the whole of these two sets.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from qa.evaluation.gold import read_squad
from qa.jsonl import read_lines

ROOT = Path(__file__).parents[3]
SETS = ("cmrc2018_dev", "drcd_dev", "xquad_zh", "companies")
SQUADS = ("bench/cmrc2018_dev.json", "bench/drcd_dev.json")


@dataclass(frozen=True)
class HeldOutQuestion:
    """A question and what its answer must contain."""

    text: str
    """The question itself."""
    document: str
    """The name of the document that a hit must come from; "" if no document answers."""
    needed: tuple[tuple[str, ...], ...]
    """Groups of strings: an answer contains at least one string of each group.

    Empty if no document answers."""

    @property
    def answerable(self) -> bool:
        """Return whether a document answers it."""
        return bool(self.needed)


@dataclass(frozen=True)
class QuestionSet:
    """Documents to search and questions to ask."""

    name: str
    """Its name in the results, and the name of its folder below the work folder."""
    title: str
    """The heading of its column in the tables."""
    documents: dict[str, str]
    """File name -> text."""
    questions: tuple[HeldOutQuestion, ...]
    """In the order of the file."""

    def draw(self, count: int | None) -> QuestionSet:
        """Return the set with `count` of its questions, drawn with seed 0; with None all are kept."""
        if count is None or count >= len(self.questions):
            return self
        drawn = np.random.default_rng(0).permutation(len(self.questions))[:count]
        return replace(self, questions=tuple(self.questions[i] for i in drawn))


def read_sets(shared: Path) -> Iterator[QuestionSet]:
    """Yield the held-out sets below the folder `shared`.

    Raises:
        OSError: a file is missing.
    """
    yield read_second_half(shared / SQUADS[0], "CMRC 2018")
    yield read_second_half(shared / SQUADS[1], "DRCD")
    yield read_xquad(shared / "train/xquad_zh.jsonl.gz")
    yield read_companies(shared / "real")


def read_second_half(path: Path, title: str) -> QuestionSet:
    """Read a SQuAD-layout file with the questions on the second half of its paragraphs."""
    squad = read_squad(path)
    middle = len(squad.paragraphs) / 2
    names = [_paragraph_name(number) for number in range(len(squad.paragraphs))]
    questions = tuple(
        HeldOutQuestion(row.question, names[row.paragraph], (row.answers,))
        for row in squad.questions
        if row.paragraph >= middle
    )
    return QuestionSet(path.stem, title, dict(zip(names, squad.paragraphs, strict=True)), questions)


def read_xquad(path: Path) -> QuestionSet:
    """Read the Chinese XQuAD: a gzipped JSON line a question, with its passage."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    passages = dict.fromkeys(row["passage"] for row in rows)
    names = {text: _paragraph_name(number) for number, text in enumerate(passages)}
    questions = tuple(
        HeldOutQuestion(row["question"], names[row["passage"]], (tuple(row["answers"]),))
        for row in rows
    )
    documents = {name: text for text, name in names.items()}
    return QuestionSet("xquad_zh", "XQuAD zh", documents, questions)


def read_companies(folder: Path) -> QuestionSet:
    """Read the short company reports of one layout; an answer contains each evidence snippet."""
    files = sorted((folder / "companies").glob("*.txt"))
    documents = {file.name: file.read_text(encoding="utf-8") for file in files}
    lines = (json.loads(line) for _, line in read_lines(folder / "companies.jsonl"))
    questions = tuple(map(_parse_question, lines))
    return QuestionSet("companies", "company reports", documents, questions)


def _parse_question(row: dict[str, Any]) -> HeldOutQuestion:
    document = row["document"] if row["answerable"] else ""
    needed = tuple((snippet,) for snippet in row["evidence"])
    return HeldOutQuestion(row["question"], document, needed)


def _paragraph_name(number: int) -> str:
    """Return the file name that `qa.evaluation.squad` gives a paragraph."""
    return f"{number:06d}.txt"


def read_fitted_on() -> dict[str, list[str]]:
    """Return the sets that each fitted model names as its training data, by file name of the model."""
    files = sorted((ROOT / "qa").glob("*/data/*.json"))
    values = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in files}
    return {name: model["fitted_on"] for name, model in values.items() if "fitted_on" in model}
