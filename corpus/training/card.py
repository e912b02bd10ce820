"""Write the tables of the data card (README.md) from the set itself.

    python -m corpus.training.card          # print the tables
    python -m corpus.training.card --write  # put them into README.md

The tables stand between two comments of README.md; a test compares them with what this prints.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from corpus.training.check import question_file, read_report_text
from corpus.training.manifest import HERE, SPLITS, Entry, read_manifest
from corpus.training.questions import MISSES, Question, read_questions, word_overlap

README = HERE / "README.md"
BEGIN, END = "<!-- tables: python -m corpus.training.card --write -->", "<!-- end of tables -->"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with its report and how much of it the evidence holds."""

    question: Question
    entry: Entry
    overlap: float | None
    """Share of its content words that its evidence's sentences hold; None if it has no evidence."""


def read_all() -> tuple[list[Labelled], dict[str, int]]:
    """Return all questions of the set, and the number of characters of each report by name."""
    labelled, lengths = [], {}
    for entry in read_manifest():
        report = read_report_text(entry)
        lengths[entry.name] = report.characters
        path = question_file(entry)
        for question in read_questions(path) if path.exists() else []:
            counted = question.answerable and not question.history
            overlap = (
                word_overlap(question.question, report, question.evidence) if counted else None
            )
            labelled.append(Labelled(question, entry, overlap))
    return labelled, lengths


def describe_set() -> str:
    """Return the tables in Markdown."""
    labelled, lengths = read_all()
    parts = [
        _splits_table(labelled, lengths),
        _count_table("genre", labelled, lambda one: one.entry.genre, lengths),
        _count_table("script", labelled, lambda one: one.entry.script, lengths),
        _count_table("layout", labelled, lambda one: one.entry.layout, lengths),
        _kinds_table("type", [o for o in labelled if o.question.answerable], _type_of),
        _kinds_table("near miss", [o for o in labelled if o.question.miss], _miss_of, MISSES),
        _overlap_table(labelled),
    ]
    return "\n\n".join(parts)


def _type_of(one: Labelled) -> str:
    return one.question.type


def _miss_of(one: Labelled) -> str:
    return one.question.miss


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _splits_table(labelled: Sequence[Labelled], lengths: dict[str, int]) -> str:
    rows = []
    for split in (*SPLITS, "all"):
        entries = [e for e in read_manifest() if split in (e.split, "all")]
        asked = [one.question for one in labelled if split in (one.entry.split, "all")]
        rows.append(
            [
                split,
                len(entries),
                len({e.family for e in entries} - {""}),
                f"{sum(lengths[e.name] for e in entries):,}",
                len(asked),
                sum(q.answerable for q in asked),
                sum(not q.answerable for q in asked),
                len({q.pair for q in asked} - {""}),
            ]
        )
    heads = "split reports families characters questions answerable unanswerable pairs".split()
    return _table(heads, rows)


def _count_table(
    head: str,
    labelled: Sequence[Labelled],
    value_of: Callable[[Labelled], str],
    lengths: dict[str, int],
) -> str:
    entries = {one.entry.name: one for one in labelled}
    reports = Counter(value_of(one) for one in entries.values())
    questions = Counter(value_of(one) for one in labelled)
    characters: Counter[str] = Counter()
    for name, one in entries.items():
        characters[value_of(one)] += lengths[name]
    rows = [
        [value, count, f"{characters[value]:,}", questions[value]]
        for value, count in sorted(reports.items())
    ]
    return _table([head, "reports", "characters", "questions"], rows)


def _kinds_table(
    head: str,
    labelled: Sequence[Labelled],
    value_of: Callable[[Labelled], str],
    order: Sequence[str] = (),
) -> str:
    counts = Counter((value_of(one), one.question.wording) for one in labelled)
    splits = Counter((value_of(one), one.entry.split) for one in labelled)
    values = [v for v in order if v] or sorted({value for value, _ in counts})
    rows = [
        [
            value,
            counts[value, "formal"],
            counts[value, "colloquial"],
            *(splits[value, split] for split in SPLITS),
        ]
        for value in values
    ]
    return _table([head, "formal", "colloquial", *SPLITS], rows)


def _overlap_table(labelled: Sequence[Labelled]) -> str:
    rows = []
    for split in (*SPLITS, "all"):
        for wording in ("formal", "colloquial"):
            asked = [
                one
                for one in labelled
                if split in (one.entry.split, "all") and one.question.wording == wording
            ]
            overlaps = [one.overlap for one in asked if one.overlap is not None]
            characters = [len(one.question.question) for one in asked if one.overlap is not None]
            if len(overlaps) > 1:
                rows.append(
                    [
                        split,
                        wording,
                        len(overlaps),
                        *_quartiles(overlaps, 2),
                        *_quartiles(characters, 0),
                    ]
                )
    heads = ["split", "wording", "questions", "overlap: 1st quartile", "median", "3rd quartile"]
    return _table([*heads, "characters: 1st quartile", "median", "3rd quartile"], rows)


def _quartiles(values: Sequence[float], digits: int) -> list[str]:
    return [f"{value:.{digits}f}" for value in quantiles(values, n=4, method="inclusive")]


def main(argv: Sequence[str] | None = None) -> None:
    """Print the tables, or write them into the data card."""
    parser = argparse.ArgumentParser(description="tables of the data card")
    parser.add_argument("--write", action="store_true")
    tables = describe_set()
    if not parser.parse_args(argv).write:
        print(tables)
        return
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
    README.write_text(
        pattern.sub(lambda _: f"{BEGIN}\n\n{tables}\n\n{END}", text), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
