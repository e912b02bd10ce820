"""Read the questions that the ranking models are fitted on, fit them, write their weights.

Shared by the train_*.py scripts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from indexer.build import build_index
from indexer.config import Config, read_config
from indexer.text.fold import fold_strict
from qa.evaluation.gold import read_gold_questions, read_squad
from qa.evaluation.squad import documents_by_paragraph, open_squad_index
from qa.index import Index

ROOT = Path(__file__).parents[3]
TRAINING = ROOT / "corpus/training"
# The reports of corpus/training that the weights that ship were fitted on: those that were written
# first. The others of its fit split are there for models to come.
FITTED_REPORTS = (
    "battery-recycling.txt",
    "county-tourism.md",
    "cross-border-logistics.txt",
    "elder-care.txt",
    "vocational-education.md",
)
# A question on a report counts as much as this many on an encyclopedia: there are only 200 of them.
REPORT_WEIGHT = 3.0


@dataclass(frozen=True)
class Case:
    """A question whose answer is known."""

    index: Index
    """The index to ask."""
    question: str
    document: int
    """The id of the document that answers."""
    answers: tuple[str, ...]
    """Folded strings; a right text contains one of them."""
    weight: float
    """How much it counts in the fit."""
    held_out: str
    """The name of the set that it tests, or empty if it is fitted on."""

    def holds(self, text: str) -> bool:
        """Return whether a text contains an answer, both folded."""
        folded = fold_strict(text)
        return any(answer in folded for answer in self.answers)


@dataclass(frozen=True)
class Choice:
    """The candidates of one question."""

    rows: NDArray[np.float64]
    """Their features, shape (n, features)."""
    right: NDArray[np.bool_]
    """Which of them are right, shape (n,)."""
    weight: float
    """How much the question counts in the fit."""


def read_cases(files: Sequence[Path], kept: Path | None = None) -> Iterator[Case]:
    """Yield the questions of corpus/training that a passage answers, and those of SQuAD-layout files.

    The second half of each file's paragraphs is held out. No question of corpus/gold takes part.

    Args:
        files: SQuAD-layout files.
        kept: the folder in which the indexes of the files are kept and used again, or None.
    """
    with tempfile.TemporaryDirectory() as work:
        yield from _read_report_cases(Path(work))
    for file in files:
        squad = read_squad(file)
        middle = len(squad.paragraphs) / 2
        with open_squad_index(squad, read_config(), kept and kept / file.stem, _silent) as index:
            documents = documents_by_paragraph(index)
            for row in squad.questions:
                held_out = "" if row.paragraph < middle else f"{file.name}, second half"
                document = documents[row.paragraph]
                yield _make_case(index, row.question, document, row.answers, 1.0, held_out)


def fitted_reports() -> list[Path]:
    """Return the files of `FITTED_REPORTS`."""
    return [TRAINING / "reports" / name for name in FITTED_REPORTS]


def fitted_questions() -> list[Path]:
    """Return the files of the questions on `FITTED_REPORTS`."""
    return [TRAINING / "questions/fit" / f"{Path(name).stem}.jsonl" for name in FITTED_REPORTS]


def _silent(*_: object) -> None:
    pass


def _read_report_cases(work: Path) -> Iterator[Case]:
    config = Config(work / "training", None, read_config().cache)
    build_index(config, fitted_reports())
    index = Index.open(config)
    numbers = {Path(d.path).stem: d.id for d in index.documents()}
    for file in fitted_questions():
        for gold in read_gold_questions(file):
            # Leave out the short questions: they are there for fitting the confidence, and make finding
            # the passage worse (evidence recall on corpus/gold 0.899 with them, 0.907 without).
            short = "-s" in gold.id
            if gold.answerable and not short and gold.type not in ("list", "follow_up"):
                document = numbers[file.stem]
                yield _make_case(index, gold.question, document, gold.evidence, REPORT_WEIGHT, "")


def _make_case(
    index: Index,
    question: str,
    document: int,
    answers: Sequence[str],
    weight: float,
    held_out: str,
) -> Case:
    return Case(index, question, document, tuple(map(fold_strict, answers)), weight, held_out)


def fit(choices: Sequence[Choice], penalty: float) -> NDArray[np.float64]:
    """Return the weights of the softmax over the candidates of each question, shape (features,).

    Args:
        penalty: the factor of the squared weights in the loss.
    """
    usable = [choice for choice in choices if choice.right.any()]
    total = sum(choice.weight for choice in usable)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = penalty * float(weights @ weights), 2 * penalty * weights
        for choice in usable:
            logits = choice.rows @ weights
            log_all, log_right = logsumexp(logits), logsumexp(logits[choice.right])
            value += choice.weight * (log_all - log_right) / total
            shares = np.exp(logits - log_all)
            shares[choice.right] -= np.exp(logits[choice.right] - log_right)
            slope = slope + choice.weight * (shares @ choice.rows) / total
        return value, slope

    return minimize(loss, np.zeros(usable[0].rows.shape[1]), jac=True, method="L-BFGS-B").x


def parse_arguments(about: str) -> argparse.Namespace:
    """Parse `files` and `kept` of the command line."""
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--kept", type=Path, help="keep the indexes in this folder")
    return parser.parse_args()


def write_weights(
    name: str, names: Sequence[str], weights: NDArray[np.float64], files: Sequence[Path]
) -> None:
    """Write qa/retrieval/data/NAME.json."""
    trained = {
        "weights": {n: round(float(w), 3) for n, w in zip(names, weights, strict=True)},
        "fitted_on": [*(f"{file.name}, first half" for file in files), "corpus/training"],
        "script": f"tests/benchmarks/training/train_{name}.py",
    }
    target = ROOT / f"qa/retrieval/data/{name}.json"
    target.write_text(json.dumps(trained, indent=2) + "\n", encoding="utf-8")


def write_results(name: str, results: dict[str, Any]) -> None:
    """Write tests/benchmarks/results/NAME.json, and print it."""
    text = json.dumps(results, indent=2)
    (ROOT / f"tests/benchmarks/results/{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def measure_by_set(
    held_out: Sequence[tuple[str, Any]], measure: Callable[[list[Any]], dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Return set -> what `measure` returns for its read_cases."""
    names = list(dict.fromkeys(name for name, _ in held_out))
    return {name: measure([case for set, case in held_out if set == name]) for name in names}
