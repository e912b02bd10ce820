"""How well does yinju answer the training set's questions: by split, type, wording and near miss?

Indexes all reports of corpus/training (and the three of corpus/reports, which belong to it) in one
index, asks the questions of the splits that are named, and prints tables in Markdown. Writes what it
measured to results/question_set.json: only totals, of the sealed test split above all. Look at the test
split once, when a change is finished: whoever reads its questions one by one, or measures on it again and
again, makes it a second develop split.

    python -m tests.benchmarks.question_set [fit] [develop] [test] [--work FOLDER] [--out FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.training.check import QUESTIONS
from corpus.training.manifest import HERE, SPLITS, read_manifest
from indexer.build import build_index
from indexer.config import Config, read_config
from qa.evaluation.gold import GoldQuestion, read_gold_questions
from qa.evaluation.measures import MEASURE_BY_KEY, summarise
from qa.evaluation.outcome import Outcome
from qa.evaluation.run import run_gold
from qa.evaluation.tables import format_cell
from qa.index import Index

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "tests/benchmarks/results/question_set.json"
# The measures of the tables: of answerable questions, of near misses, of both.
SHOWN = (
    "evidence_recall",
    "recall@1",
    "recall@10",
    "refusal_answerable",
    "refusal_unanswerable",
    "auroc",
)


def open_set(work: Path) -> Index:
    """Index all reports of the set in a folder, as far as they are not, and open the index."""
    config = Config(work / "question-set", None, read_config().cache)
    build_index(config, [HERE / entry.file for entry in read_manifest()])
    return Index.open(config)


def measure_split(index: Index, split: str) -> dict[str, Any]:
    """Return the totals of a split.

    Types, wordings and near misses are groups of `summarise`; "by_script" and "by_family" (whether the
    report has siblings of one layout) are added.
    """
    entries = {entry.document: entry for entry in read_manifest()}
    questions = read_gold_questions(QUESTIONS / split)
    outcomes = run_gold(index, questions)
    measured = summarise(outcomes)
    for name, value_of in (
        ("script", lambda entry: entry.script),
        ("family", lambda entry: "one of four alike" if entry.family else "alone"),
    ):
        groups: dict[str, list[Outcome]] = {}
        for question, outcome in zip(questions, outcomes, strict=True):
            groups.setdefault(value_of(entries[question.document]), []).append(outcome)
        measured[f"by_{name}"] = {value: summarise(group) for value, group in groups.items()}
    measured["by_wording_of_type"] = _by_wording_of_type(questions, outcomes)
    return _drop_times(measured)


def _by_wording_of_type(
    questions: Iterable[GoldQuestion], outcomes: Iterable[Outcome]
) -> dict[str, Any]:
    """Return the measures of the answerable questions by type and wording."""
    groups: dict[str, list[Outcome]] = {}
    for question, outcome in zip(questions, outcomes, strict=True):
        if question.answerable:
            key = f"{question.type}, {question.wording}"
            groups.setdefault(key, []).append(replace(outcome, pair=""))
    return {key: summarise(group) for key, group in sorted(groups.items())}


def _drop_times(values: dict[str, Any]) -> dict[str, Any]:
    """Return measures without times, and without the groups of groups."""
    kept = {}
    for key, value in values.items():
        if key.startswith("by_"):
            kept[key] = {
                name: {k: v for k, v in _drop_times(group).items() if not k.startswith("by_")}
                for name, group in value.items()
            }
        elif isinstance(value, dict):
            kept[key] = _drop_times(value)
        elif "_ms_" not in key and key != "search_to_encode":
            kept[key] = value
    return kept


def print_split(split: str, measured: dict[str, Any]) -> None:
    """Print a table of a split: a row for all questions and for each group."""
    heads = ["", "questions", *(MEASURE_BY_KEY[key].key for key in SHOWN)]
    print(f"\n**{split}**\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    rows = {"all": measured}
    for grouping in ("wording", "type", "miss", "script", "family"):
        rows |= measured.get(f"by_{grouping}", {})
    for name, group in rows.items():
        cells = [format_cell(group, MEASURE_BY_KEY[key]) for key in SHOWN]
        print(f"| {name} | {group['questions']} | {' | '.join(cells)} |")
    if pairs := measured.get("pairs"):
        print(f"\npairs: {pairs}")


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the splits that are named, all of them by default."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("splits", nargs="*", choices=[*SPLITS, []], default=list(SPLITS))
    parser.add_argument("--work", type=Path, help="keep the index here and use it again")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        index = open_set(options.work or Path(folder))
        results = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
        for split in options.splits:
            results[split] = measure_split(index, split)
            print_split(split, results[split])
            sys.stdout.flush()
    text = json.dumps(results, indent=1, ensure_ascii=False)
    options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
