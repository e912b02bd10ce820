"""Which weights make the confidence a probability? Fits qa.confidence.WEIGHTS.

Trains on the questions of corpus/gold over corpus/reports and tells how the result does on gold
sets that took no part (`--test GOLD.jsonl REPORTS`). A question counts as answered where it is
answerable and at least half of its evidence was quoted; those that are answerable and were
answered wrongly are left out, since they say nothing about silence.

    python benchmarks/calibrate.py [--test GOLD.jsonl REPORTS_FOLDER]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict, astuple
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from indexer.build import build_index
from indexer.config import Config, read_config
from qa.answer import draft_answer
from qa.confidence import Features
from qa.evaluate import evidence_recall, read_gold
from qa.index import Index
from qa.question import read_question
from qa.retrieve import question_text, retrieve

ROOT = Path(__file__).parents[1]
# Inverse regularisation; 1, 3 and 10 are within noise of each other on the held-out questions.
STRENGTH = 3.0


def gather(golds: list[Path], reports: Path, work: Path) -> tuple[np.ndarray, np.ndarray]:
    """Features, shape (n, 7), and labels 1 (answered), 0 (unanswerable) of all questions."""
    base = read_config()
    config = Config(work / reports.name, base.model, base.cache)
    build_index(config, [reports])
    index = Index.open(config)
    rows, labels = [], []
    for gold in golds:
        for question in read_gold(gold):
            answer = index.ask(question.question, question.history, threshold=0.0)
            (vector,) = index.encoder.encode_queries([question_text(answer.understood)])
            found = retrieve(index.snapshot, answer.understood, vector)
            draft = draft_answer(read_question(answer.understood), found, index.snapshot)
            right = evidence_recall(question.evidence, answer) >= 0.5
            if draft.features is None or (question.answerable and not right):
                continue
            rows.append(astuple(draft.features))
            labels.append(int(question.answerable))
    return np.array(rows), np.array(labels)


def report(name: str, chances: np.ndarray, labels: np.ndarray) -> dict[str, object]:
    """AUROC, and what each threshold refuses."""
    refused = {
        str(t): {
            "unanswerable": f"{(chances[labels == 0] < t).sum()}/{(labels == 0).sum()}",
            "answered": f"{(chances[labels == 1] < t).sum()}/{(labels == 1).sum()}",
        }
        for t in (0.3, 0.4, 0.5, 0.6, 0.7)
    }
    return {"set": name, "auroc": round(roc_auc_score(labels, chances), 4), "refused": refused}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--test", nargs=2, metavar=("GOLD", "REPORTS"), type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        golds = sorted((ROOT / "corpus/gold").glob("*.jsonl"))
        rows, labels = gather(golds, ROOT / "corpus/reports", Path(work))
        model = LogisticRegression(C=STRENGTH, max_iter=1000)
        held_out = cross_val_predict(model, rows, labels, cv=10, method="predict_proba")[:, 1]
        model.fit(rows, labels)
        weights = [round(float(w), 2) for w in (model.intercept_[0], *model.coef_[0])]
        results = [report("corpus/gold, 10-fold held out", held_out, labels)]
        if args.test:
            tested, truth = gather([args.test[0]], args.test[1], Path(work))
            chances = model.predict_proba(tested)[:, 1]
            results.append(report(args.test[0].stem, chances, truth))
    names = ("intercept", *asdict(Features(*[0.0] * 7)))
    out = {"weights": dict(zip(names, weights, strict=True)), "results": results}
    text = json.dumps(out, indent=2, ensure_ascii=False)
    (ROOT / "benchmarks/results/calibrate.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
