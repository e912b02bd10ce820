"""Count the questions that the confidence refuses; each report's by a model fitted on all the others.

The figure is that of `training/calibrate.py`, but the model that ships is not fitted and no file of
`qa/` is written. The threshold is the default one, which was chosen on these held-out confidences.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from qa.settings import DEFAULTS

from ..training.calibrate import (
    gather_shipped,
    gather_squad,
    gather_training,
    join_sets,
    predict_left_out,
)


def measure_refusals(squads: list[Path], indexes: Path, work: Path) -> list[dict[str, Any]]:
    """Return what is refused of the reports' questions, held out report by report.

    Args:
        squads: SQuAD-layout files whose first halves take part in each fit.
        indexes: the folder with an index of each of these files, named by its stem.
        work: a folder for the indexes of the reports.
    """
    firsts = [gather_squad(file, indexes, second=False)[0] for file in squads]
    training = gather_training(work / "training-reports")
    gold = gather_shipped(work / "gold-reports")
    both = join_sets("corpus/training and corpus/gold", [training, gold])
    confidences = predict_left_out(both, firsts)
    is_gold = np.arange(len(both.labels)) >= len(training.labels)
    return [
        count_refusals(both.name, confidences, both.labels),
        count_refusals("corpus/gold", confidences[is_gold], both.labels[is_gold]),
    ]


def count_refusals(
    name: str, confidences: NDArray[np.float64], labels: NDArray[np.int64]
) -> dict[str, Any]:
    """Return the share of both kinds of questions below the threshold.

    Args:
        confidences: shape (n,).
        labels: shape (n,), 1 if the answer was quoted, 0 if the reports do not answer. Answerable
            questions that were answered wrongly are left out.
    """
    refused = confidences < DEFAULTS.answer.threshold
    right, wrong = refused[labels == 1], refused[labels == 0]
    return {
        "set": name,
        "threshold": DEFAULTS.answer.threshold,
        "unanswerable": len(wrong),
        "unanswerable_refused": round(float(wrong.mean()), 3),
        "answered": len(right),
        "answered_refused": round(float(right.mean()), 3),
        "auroc": round(float(roc_auc_score(labels, confidences)), 4),
    }
