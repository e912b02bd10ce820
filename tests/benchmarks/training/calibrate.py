"""Which trees make the confidence a probability, and what does a threshold cost?

Fits qa/confidence/data/confidence.json on corpus/training and corpus/gold and, of each SQuAD-layout file
that is named, on the questions of the first half, asked with and without their own paragraph. Then
it tells how the result does on what took no part: each report's questions by a fit on all other
reports, the second halves, and gold sets (`--test GOLD REPORTS`). Writes qa/confidence/data/costs.json, which
the page shows beside its threshold, from the first of these.

A question counts as answered where at least half of its evidence was quoted. Those that are
answerable and were answered wrongly are left out: they say nothing about silence.

    python -m tests.benchmarks.training.calibrate [FILE.json ...] [--kept FOLDER] [--test GOLD.jsonl REPORTS] ...
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from indexer.build import build_index
from indexer.config import Config, read_config
from indexer.text.fold import fold_strict
from qa.answering.draft import draft_answer
from qa.answering.quoting import Draft
from qa.confidence.features import Features
from qa.confidence.trees import Node, Trees
from qa.conversation.follow_up import rewrite_follow_up
from qa.evaluation.gold import GoldQuestion, read_gold_questions, read_squad
from qa.evaluation.squad import documents_by_paragraph, open_squad_index
from qa.index import Index
from qa.question import read_question
from qa.retrieval.hybrid import retrieve

ROOT = Path(__file__).parents[3]
TRAINING = ROOT / "corpus/training"
# A question of a SQuAD file counts as so much of one on a report, for there are ten times as many, and
# theirs that cannot be answered are easy: they share few words with any passage, as a short question
# on a report does with the passage that answers it. With 0.1 AUROC is 0.978 and 0.958 there (0.05:
# 0.972 and 0.947), and 0.871 instead of 0.879 on the reports, each left out.
SQUAD_WEIGHT = 0.05
# A short question as people type it (its id has "-s") counts as so much: there are as many as others,
# and what passage answers one is less certain.
SHORT_WEIGHT = 0.3
# Whether more of a feature speaks for an answer or against it.
FOR = ("coverage", "near", "pairs", "worth", "chance", "support", "lead")
AGAINST = ("far", "year", "lacks", "asked")
FEATURES = tuple(field.name for field in fields(Features))
THRESHOLDS = [round(0.01 * i, 2) for i in range(1, 100)]


@dataclass(frozen=True)
class Set:
    """Features, shape (n, features), labels 1 (answered) or 0 (unanswerable), and a group each.

    weights: how much each counts in a fit, shape (n,).
    """

    name: str
    rows: NDArray[np.float64]
    labels: NDArray[np.int64]
    groups: tuple[str, ...]
    weights: NDArray[np.float64]


def drafted(index: Index, question: str, exclude: frozenset[int] = frozenset()):
    """The draft of an answer, before any threshold."""
    asked = read_question(question, index.snapshot.segmenter)
    (vector,) = index.encoder.encode_queries([asked.text])
    found = retrieve(index.snapshot, asked, vector, exclude=exclude)
    encode = index.encoder.encode_queries
    return draft_answer(asked, found, index.snapshot, encode=encode)


def gather(name: str, index: Index, golds: Iterable[tuple[str, GoldQuestion]]) -> Set:
    """The features of gold questions, each with its group."""
    rows, labels, groups, weights = [], [], [], []
    for group, gold in golds:
        question = rewrite_follow_up(
            gold.question, gold.history, index._items, index.snapshot.segmenter
        )
        draft = drafted(index, question)
        if draft.features is None:
            continue
        quotes = [fold_strict(_text(index, quote)) for quote in draft.quotes]
        found = [any(fold_strict(e) in quote for quote in quotes) for e in gold.evidence]
        if gold.answerable and (not found or sum(found) < 0.5 * len(found)):
            continue
        rows.append(astuple(draft.features))
        labels.append(int(gold.answerable))
        groups.append(group)
        weights.append(SHORT_WEIGHT if "-s" in gold.id else 1.0)
    return Set(name, np.array(rows), np.array(labels), tuple(groups), np.array(weights))


def _text(index: Index, quote) -> str:
    text = index.snapshot.catalogue.trail(quote.passage.document).text
    return text[quote.span.start : quote.span.end]


def gather_squad(file: Path, kept: Path | None, *, second: bool = True) -> tuple[Set, Set]:
    """Of the first and the second half: questions that were answered, and without their own.

    Args:
        kept: the folder that the indexes are kept in. second: False leaves the second half empty.
    """
    squad = read_squad(file)
    middle = len(squad.paragraphs) / 2
    halves = [Half([], []), Half([], [])]
    with open_squad_index(
        squad, read_config(), kept and kept / file.stem, lambda *_: None
    ) as index:
        documents = documents_by_paragraph(index)
        for asked in squad.questions:
            half = halves[asked.paragraph >= middle]
            if half is halves[1] and not second:
                continue
            own = documents[asked.paragraph]
            answered = drafted(index, asked.question)
            quotes = [fold_strict(_text(index, quote)) for quote in answered.quotes]
            # All of them in a set that is tested: its AUROC is of the whole.
            if half is halves[1] or any(
                fold_strict(answer) in quote for answer in asked.answers for quote in quotes
            ):
                half.add(answered, 1)
            half.add(drafted(index, asked.question, frozenset([own])), 0)
    return halves[0].as_set(f"{file.name}, first half"), halves[1].as_set(
        f"{file.name}, second half"
    )


@dataclass(frozen=True)
class Half:
    """What is gathered of one half of a SQuAD file."""

    rows: list[tuple[float, ...]]
    labels: list[int]

    def add(self, draft: Draft, label: int) -> None:
        """A draft that has features."""
        if draft.features is not None:
            self.rows.append(astuple(draft.features))
            self.labels.append(label)

    def as_set(self, name: str) -> Set:
        """All of it."""
        count = len(self.rows)
        weights = np.full(count, SQUAD_WEIGHT)
        return Set(name, np.array(self.rows), np.array(self.labels), (name,) * count, weights)


def open_reports(paths: list[Path], folder: Path) -> Index:
    """An index of reports, made in `folder`."""
    config = Config(folder, None, read_config().cache)
    build_index(config, paths)
    return Index.open(config)


def gather_reports(gold: Path, reports: Path, work: Path) -> Set:
    """The gold questions of a folder, grouped by the report that they are about."""
    files = [p for p in sorted(reports.iterdir()) if p.suffix != ".jsonl" and p.stem != "README"]
    index = open_reports(files, work)
    about = {}
    for file in gold.glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            about[told["id"]] = told.get("document", file.stem)
    return gather(gold.name, index, ((about[one.id], one) for one in read_gold_questions(gold)))


def joined(name: str, sets: list[Set]) -> Set:
    """Several sets as one."""
    return Set(
        name,
        np.concatenate([one.rows for one in sets]),
        np.concatenate([one.labels for one in sets]),
        tuple(group for one in sets for group in one.groups),
        np.concatenate([one.weights for one in sets]),
    )


def fit(reports: Set, squads: list[Set]) -> HistGradientBoostingClassifier:
    """One model of all sets."""
    whole = joined("all", [reports, *squads])
    signs = {**dict.fromkeys(FOR, 1), **dict.fromkeys(AGAINST, -1)}
    model = HistGradientBoostingClassifier(
        max_iter=40,
        learning_rate=0.1,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=5.0,
        monotonic_cst=[signs.get(name, 0) for name in FEATURES],
        early_stopping=False,
        random_state=0,
    )
    return model.fit(whole.rows, whole.labels, sample_weight=whole.weights)


def as_trees(model: HistGradientBoostingClassifier) -> Trees:
    """The fitted trees, which run without scikit-learn."""
    trees = tuple(nodes_of(one.nodes) for (one,) in model._predictors)
    return Trees(round(float(model._baseline_prediction[0, 0]), 4), FEATURES, trees)


def nodes_of(found: NDArray[np.void]) -> tuple[Node, ...]:
    """A tree's nodes; the value of one that is no leaf is the mean of its leaves', by how many came
    there."""
    nodes: list[Node] = [Node(float(one["value"])) for one in found]
    for at in reversed(range(len(nodes))):  # a node stands before what is below it
        one = found[at]
        if not one["is_leaf"]:
            then, other = int(one["left"]), int(one["right"])
            counts = [float(found[then]["count"]), float(found[other]["count"])]
            value = float(np.average([nodes[then].value, nodes[other].value], weights=counts))
            feature, limit = int(one["feature_idx"]), float(one["num_threshold"])
            nodes[at] = Node(value, feature, limit, then, other)
    return tuple(nodes)


def report(one: Set, chances: NDArray[np.float64]) -> dict[str, object]:
    """AUROC, and what each threshold refuses."""
    right, wrong = chances[one.labels == 1], chances[one.labels == 0]
    refused = {
        str(
            t
        ): f"{(wrong < t).sum()}/{len(wrong)} unanswerable, {(right < t).sum()}/{len(right)} answered"
        for t in (0.3, 0.4, 0.5, 0.6)
    }
    return {"set": one.name, "auroc": round(roc_auc_score(one.labels, chances), 4)} | refused


def left_out(training: Set, others: list[Set]) -> NDArray[np.float64]:
    """Chances of the questions on each report by a fit on all the others."""
    chances = np.zeros(len(training.labels))
    groups = np.array(training.groups)
    for group in sorted(set(training.groups)):
        inside = groups == group
        rest = Set(
            "", training.rows[~inside], training.labels[~inside], (), training.weights[~inside]
        )
        chances[inside] = fit(rest, others).predict_proba(training.rows[inside])[:, 1]
    return chances


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--kept", type=Path, help="keep the indexes in this folder")
    parser.add_argument("--test", nargs=2, action="append", default=[], type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        halves = [gather_squad(file, args.kept) for file in args.files]
        training = joined(
            "reports, each left out",
            [
                gather_reports(TRAINING, TRAINING, work / "training"),
                gather_reports(ROOT / "corpus/gold", ROOT / "corpus/reports", work / "corpus"),
            ],
        )
        tests = [second for _, second in halves]
        for number, (gold, reports) in enumerate(args.test):
            index = open_reports([reports], work / str(number))
            tests.append(gather(str(gold), index, (("", g) for g in read_gold_questions(gold))))
    others = [first for first, _ in halves]
    model = fit(training, others)
    fitted_on = ["corpus/training", "corpus/gold", *(one.name for one in others)]
    (ROOT / "qa/confidence/data/confidence.json").write_text(
        as_trees(model).to_json(
            script="tests/benchmarks/training/calibrate.py", fitted_on=fitted_on
        ),
        encoding="utf-8",
    )
    apart = left_out(training, others)
    results = [report(training, apart)]
    results += [report(one, model.predict_proba(one.rows)[:, 1]) for one in tests]
    right, wrong = apart[training.labels == 1], apart[training.labels == 0]
    costs = [
        [t, round(float((right < t).mean()), 3), round(float((wrong >= t).mean()), 3)]
        for t in (0.0, *THRESHOLDS, 1.0)
    ]
    told = {"measured_on": training.name, "costs": costs}
    (ROOT / "qa/confidence/data/costs.json").write_text(json.dumps(told) + "\n", encoding="utf-8")
    text = json.dumps(results, indent=2, ensure_ascii=False)
    (ROOT / "tests/benchmarks/results/calibrate.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
