"""How much do the features and the reader count in the confidence?

Fits three weights, qa/confidence/data/reading.json, on the develop split of corpus/training, which neither the
trees nor the reader were fitted on: first how much the reader counts against the features, by what tells
right answers from near misses, then the slope and the base that make the sum a probability of a right
answer. Prints, each report left out, what the thresholds cost. Writes
these costs to qa/confidence/data/costs.json, which the page shows beside its threshold.

    python -m tests.benchmarks.training.calibrate_reading [--work FOLDER] [--dry]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from corpus.training.check import QUESTIONS
from indexer.text.fold import fold_strict
from qa.confidence.estimate import compute_contributions, reading_weights
from qa.evaluation.gold import GoldQuestion, read_gold_questions
from qa.index import Index
from tests.benchmarks.question_set import open_set

ROOT = Path(__file__).parents[3]
DATA = ROOT / "qa/confidence/data"
RESULTS = ROOT / "tests/benchmarks/results/calibrate_reading.json"
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))
# The share of the evidence that a quotation needs to count as an answer.
_ENOUGH = 0.5


def read_row(index: Index, question: GoldQuestion) -> tuple[float, float, bool] | None:
    """Return the log-odds by features, those of the reader, and whether the quotations answer."""
    catalogue = index.snapshot.catalogue
    draft = index._find(question.question, list(question.history), frozenset()).draft
    if draft.features is None or "read" not in draft.contributions:
        return None
    quoted = [
        fold_strict(catalogue.trail(q.passage.document).text[q.span.start : q.span.end])
        for q in draft.quotes
        if Path(catalogue.document(q.passage.document).path).name == question.document
    ]
    found = [any(fold_strict(e) in quote for quote in quoted) for e in question.evidence]
    right = question.answerable and bool(found) and sum(found) >= _ENOUGH * len(found)
    odds = sum(compute_contributions(draft.features).values())
    return odds, draft.contributions["read"] / reading_weights()["read"], right


def fit(
    rows: NDArray[np.float64], right: NDArray[np.int64], answerable: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return base and the weights of features and reader.

    Questions that are answered wrongly show whether an answer is right, but not whether the reports
    have one: the reader judges the former well and the latter badly, so they count for the slope only.

    Args:
        rows: log-odds by features and by the reader, shape (n, 2).
        right: 1 for what is answered rightly, shape (n,).
        answerable: whether the reports answer, shape (n,).
    """
    clear = (right == 1) | ~answerable
    first = LogisticRegression(C=1.0, max_iter=1000).fit(rows[clear], right[clear])
    (direction,) = first.coef_ / first.coef_[0][0]
    second = LogisticRegression(C=1.0, max_iter=1000).fit((rows @ direction)[:, None], right)
    slope = float(second.coef_[0][0])
    return np.array([float(second.intercept_[0]), *(slope * direction)])


def chances_of(weights: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of each row to be a right answer, shape (n,)."""
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-(weights[0] + rows @ weights[1:])))
    return chances


def error_of_calibration(chances: NDArray[np.float64], right: NDArray[np.int64]) -> float:
    """Return the expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((chances * 10).astype(int), 9)
    parts = [
        (bins == b).mean() * abs(chances[bins == b].mean() - right[bins == b].mean())
        for b in range(10)
        if (bins == b).any()
    ]
    return float(sum(parts))


def main() -> None:
    """Fit, measure with each report left out, write and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--work", type=Path)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = open_set(args.work or Path(folder))
        questions = read_gold_questions(QUESTIONS / "develop")
        found = [(q, row) for q in questions if (row := read_row(index, q)) is not None]
    rows = np.array([row[:2] for _, row in found])
    right = np.array([int(row[2]) for _, row in found])
    answerable = np.array([q.answerable for q, _ in found])
    groups = np.array([q.document for q, _ in found])
    fitted = fit(rows, right, answerable).round(4).tolist()
    weights = dict(zip(("base", "features", "read"), fitted, strict=True))
    chances = np.zeros(len(rows))
    for group in sorted(set(groups)):
        inside = groups == group
        rest = fit(rows[~inside], right[~inside], answerable[~inside])
        chances[inside] = chances_of(rest, rows[inside])
    answered, unanswerable = chances[right == 1], chances[~answerable]
    costs = [
        [t, round(float((answered < t).mean()), 3), round(float((unanswerable >= t).mean()), 3)]
        for t in (0.0, *THRESHOLDS, 1.0)
    ]
    measured: dict[str, Any] = {
        "weights": weights,
        "questions": len(rows),
        "right": int(right.sum()),
        "unanswerable": int((~answerable).sum()),
        "auroc": round(float(roc_auc_score(answerable, chances)), 4),
        "auroc_features": round(float(roc_auc_score(answerable, rows[:, 0])), 4),
        "auroc_reader": round(float(roc_auc_score(answerable, rows[:, 1])), 4),
        "calibration_error": round(error_of_calibration(chances, right), 4),
        "costs": costs,
    }
    print(json.dumps(measured, indent=1))
    if not args.dry:
        data = {"script": "tests/benchmarks/training/calibrate_reading.py", "weights": weights}
        (DATA / "reading.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        kept = {"measured_on": "develop split, each report left out", "costs": costs}
        (DATA / "costs.json").write_text(json.dumps(kept) + "\n", encoding="utf-8")
        RESULTS.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
