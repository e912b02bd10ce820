"""What the models of ranking are fitted on, and how: shared by the train_*.py scripts."""

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
# A question on our reports counts as much as this many on an encyclopedia: there are 200 of them.
REPORT_WEIGHT = 3.0


@dataclass(frozen=True)
class Case:
    """A question whose answer is known. answers: folded strings, one of which a right text holds.

    held_out: "" if it may be fitted on, else the name of the set that it tests.
    """

    index: Index
    question: str
    document: int
    answers: tuple[str, ...]
    weight: float
    held_out: str

    def holds(self, text: str) -> bool:
        """Whether a text holds an answer."""
        folded = fold_strict(text)
        return any(answer in folded for answer in self.answers)


@dataclass(frozen=True)
class Choice:
    """What one question chooses from: features, shape (n, features), and which of them are right."""

    rows: NDArray[np.float64]
    right: NDArray[np.bool_]
    weight: float


def cases(files: Sequence[Path], kept: Path | None = None) -> Iterator[Case]:
    """All questions of corpus/training that a passage answers, and of SQuAD-layout files.

    The second half of each file's paragraphs is held out. No question of corpus/gold takes part.

    Args:
        kept: the folder that the indexes of the files are kept in, to be used again.
    """
    with tempfile.TemporaryDirectory() as work:
        yield from _on_reports(Path(work))
    for file in files:
        squad = read_squad(file)
        middle = len(squad.paragraphs) / 2
        with open_squad_index(squad, read_config(), kept and kept / file.stem, _silent) as index:
            documents = documents_by_paragraph(index)
            for asked in squad.questions:
                held_out = "" if asked.paragraph < middle else f"{file.name}, second half"
                document = documents[asked.paragraph]
                yield _case(index, asked.question, document, asked.answers, 1.0, held_out)


def _silent(*_: object) -> None:
    pass


def _on_reports(work: Path) -> Iterator[Case]:
    files = [p for p in sorted(TRAINING.iterdir()) if p.suffix in (".md", ".txt")]
    config = Config(work / "training", None, read_config().cache)
    build_index(config, [p for p in files if p.name != "README.md"])
    index = Index.open(config)
    numbers = {Path(d.path).stem: d.id for d in index.documents()}
    for file in sorted(TRAINING.glob("*.jsonl")):
        for gold in read_gold_questions(file):
            # The short questions are there for the confidence; here they only blur what finds the
            # passage (evidence recall on corpus/gold 0.899 with them, 0.907 without).
            short = "-s" in gold.id
            if gold.answerable and not short and gold.type not in ("list", "follow_up"):
                document = numbers[file.stem]
                yield _case(index, gold.question, document, gold.evidence, REPORT_WEIGHT, "")


def _case(
    index: Index,
    question: str,
    document: int,
    answers: Sequence[str],
    weight: float,
    held_out: str,
) -> Case:
    return Case(index, question, document, tuple(map(fold_strict, answers)), weight, held_out)


def fit(choices: Sequence[Choice], penalty: float) -> NDArray[np.float64]:
    """Weights of the softmax over what each question chooses from, shape (features,).

    Args:
        penalty: of the squared weights.
    """
    usable = [one for one in choices if one.right.any()]
    total = sum(one.weight for one in usable)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = penalty * float(weights @ weights), 2 * penalty * weights
        for one in usable:
            logits = one.rows @ weights
            all_, right = logsumexp(logits), logsumexp(logits[one.right])
            value += one.weight * (all_ - right) / total
            shares = np.exp(logits - all_)
            shares[one.right] -= np.exp(logits[one.right] - right)
            slope = slope + one.weight * (shares @ one.rows) / total
        return value, slope

    return minimize(loss, np.zeros(usable[0].rows.shape[1]), jac=True, method="L-BFGS-B").x


def arguments(about: str) -> argparse.Namespace:
    """`files` and `kept` of the command line."""
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--kept", type=Path, help="keep the indexes in this folder")
    return parser.parse_args()


def write_weights(
    name: str, names: Sequence[str], weights: NDArray[np.float64], files: Sequence[Path]
) -> None:
    """Writes qa/data/NAME.json."""
    trained = {
        "weights": {n: round(float(w), 3) for n, w in zip(names, weights, strict=True)},
        "fitted_on": [*(f"{file.name}, first half" for file in files), "corpus/training"],
        "script": f"tests/benchmarks/training/train_{name}.py",
    }
    target = ROOT / f"qa/retrieval/data/{name}.json"
    target.write_text(json.dumps(trained, indent=2) + "\n", encoding="utf-8")


def write_results(name: str, results: dict[str, Any]) -> None:
    """Writes and prints tests/benchmarks/results/NAME.json."""
    text = json.dumps(results, indent=2)
    (ROOT / f"tests/benchmarks/results/{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def by_set(
    held_out: Sequence[tuple[str, Any]], measure: Callable[[list[Any]], dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Set -> what was measured on it."""
    names = list(dict.fromkeys(name for name, _ in held_out))
    return {name: measure([one for of, one in held_out if of == name]) for name in names}
