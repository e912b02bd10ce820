"""Which trees make the confidence a probability, and what does a threshold cost?

Fits qa/confidence/data/confidence.json on corpus/training and corpus/gold and, of each SQuAD-layout file
that is named, on the questions of the first half, asked with and without their own paragraph. Then
it measures the result on questions that took no part: those of each report by a fit on all other
reports, the second halves, and gold sets (`--test GOLD REPORTS`). Writes qa/confidence/data/costs.json, which
the page shows beside its threshold, from the first of these.

A question counts as answered if at least half of its evidence was quoted. Answerable questions that
were answered wrongly are left out: they do not show whether a refusal is right.

    python -m tests.benchmarks.training.calibrate [FILE.json ...] [--kept FOLDER] [--test GOLD.jsonl REPORTS] ...
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
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
from qa.evaluation.gold import GoldQuestion, read_gold_file, read_gold_questions, read_squad
from qa.evaluation.squad import documents_by_paragraph, open_squad_index
from qa.index import Index
from qa.question import read_question
from qa.retrieval.hybrid import retrieve

from .fitting import fitted_questions, fitted_reports

ROOT = Path(__file__).parents[3]
# The weight of a question of a SQuAD file; that of a question on a report is 1. There are ten times
# as many, and those without an answer are easy: they share few words with any passage, as a short
# question on a report does with the passage that answers it. With 0.1 AUROC is 0.978 and 0.958 there (0.05:
# 0.972 and 0.947), and 0.871 instead of 0.879 on the reports, each left out.
SQUAD_WEIGHT = 0.05
# The weight of a short question as people type it (its id has "-s"): there are as many as of the
# others, and it is less certain which passage answers one.
SHORT_WEIGHT = 0.3
# Features of which a higher value speaks for an answer, and against one.
FOR = ("coverage", "near", "pairs", "worth", "chance", "support", "lead")
AGAINST = ("far", "year", "lacks", "asked")
FEATURES = tuple(field.name for field in fields(Features))
THRESHOLDS = [round(0.01 * i, 2) for i in range(1, 100)]


@dataclass(frozen=True)
class LabelledSet:
    """Questions with the features of their drafts and whether they were answered."""

    name: str
    rows: NDArray[np.float64]
    """The features, shape (n, features)."""
    labels: NDArray[np.int64]
    """1 (answered) or 0 (unanswerable), shape (n,)."""
    groups: tuple[str, ...]
    """The group of each question, such as its report; questions of a group are left out together."""
    weights: NDArray[np.float64]
    """How much each question counts in a fit, shape (n,)."""


def draft_question(index: Index, question: str, exclude: frozenset[int] = frozenset()):
    """Draft the answer to a question, before any threshold.

    Args:
        exclude: documents, by id, to leave out.
    """
    asked = read_question(question, index.snapshot.segmenter)
    (vector,) = index.encoder.encode_queries([asked.text])
    found = retrieve(index.snapshot, asked, vector, exclude=exclude)
    encode = index.encoder.encode_queries
    return draft_answer(asked, found, index.snapshot, encode=encode)


def gather_gold(
    name: str, index: Index, questions: Iterable[tuple[str, GoldQuestion]]
) -> LabelledSet:
    """Return the features and labels of (group, gold question)."""
    rows, labels, groups, weights = [], [], [], []
    for group, gold in questions:
        question = rewrite_follow_up(
            gold.question, gold.history, index._find_item_labels, index.snapshot.segmenter
        )
        draft = draft_question(index, question)
        if draft.features is None:
            continue
        quotes = [fold_strict(quoted_text(index, quote)) for quote in draft.quotes]
        found = [any(fold_strict(e) in quote for quote in quotes) for e in gold.evidence]
        if gold.answerable and (not found or sum(found) < 0.5 * len(found)):
            continue
        rows.append(astuple(draft.features))
        labels.append(int(gold.answerable))
        groups.append(group)
        weights.append(SHORT_WEIGHT if "-s" in gold.id else 1.0)
    return LabelledSet(name, np.array(rows), np.array(labels), tuple(groups), np.array(weights))


def quoted_text(index: Index, quote) -> str:
    """Return the text of a quotation."""
    text = index.snapshot.catalogue.trail(quote.passage.document).text
    return text[quote.span.start : quote.span.end]


def gather_squad(
    file: Path, kept: Path | None, *, second: bool = True
) -> tuple[LabelledSet, LabelledSet]:
    """Return the sets of the first and the second half of the paragraphs.

    Each question is asked with its own paragraph, label 1, and without it, label 0.

    Args:
        kept: the folder in which indexes are kept and used again, or None.
        second: False leaves the second set empty.
    """
    squad = read_squad(file)
    middle = len(squad.paragraphs) / 2
    halves = [Half([], []), Half([], [])]
    with open_squad_index(
        squad, read_config(), kept and kept / file.stem, lambda *_: None
    ) as index:
        documents = documents_by_paragraph(index)
        for row in squad.questions:
            half = halves[row.paragraph >= middle]
            if half is halves[1] and not second:
                continue
            own = documents[row.paragraph]
            draft = draft_question(index, row.question)
            quotes = [fold_strict(quoted_text(index, quote)) for quote in draft.quotes]
            # A set to test has also the questions that were answered wrongly: its AUROC is over all.
            if half is halves[1] or any(
                fold_strict(answer) in quote for answer in row.answers for quote in quotes
            ):
                half.add(draft, 1)
            half.add(draft_question(index, row.question, frozenset([own])), 0)
    first, last = halves
    return first.to_set(f"{file.name}, first half"), last.to_set(f"{file.name}, second half")


@dataclass(frozen=True)
class Half:
    """The questions of one half of a SQuAD file, as they are gathered."""

    rows: list[tuple[float, ...]]
    """The features of each question."""
    labels: list[int]

    def add(self, draft: Draft, label: int) -> None:
        """Add a draft, if it has features."""
        if draft.features is not None:
            self.rows.append(astuple(draft.features))
            self.labels.append(label)

    def to_set(self, name: str) -> LabelledSet:
        """Return all as one set, in one group."""
        count = len(self.rows)
        weights = np.full(count, SQUAD_WEIGHT)
        return LabelledSet(
            name, np.array(self.rows), np.array(self.labels), (name,) * count, weights
        )


def open_reports(paths: list[Path], folder: Path) -> Index:
    """Index reports in `folder` and open the index."""
    config = Config(folder, None, read_config().cache)
    build_index(config, paths)
    return Index.open(config)


def gather_shipped(work: Path) -> LabelledSet:
    """Return the questions of corpus/gold, grouped by report.

    Args:
        work: the folder for the index.
    """
    files = sorted((ROOT / "corpus/reports").iterdir())
    return gather_reports("gold", sorted((ROOT / "corpus/gold").glob("*.jsonl")), files, work)


def gather_training(work: Path) -> LabelledSet:
    """Return the questions of corpus/training that the models are fitted on, grouped by report.

    Args:
        work: the folder for the index.
    """
    return gather_reports("training", fitted_questions(), fitted_reports(), work)


def gather_reports(
    name: str, gold: Sequence[Path], reports: Sequence[Path], work: Path
) -> LabelledSet:
    """Return gold questions, grouped by report.

    Args:
        name: of the set. gold: files of questions. reports: the files to index.
        work: the folder for the index.
    """
    index = open_reports(list(reports), work)
    questions = (
        (question.document or file.stem, question)
        for file in gold
        for question in read_gold_file(file)
    )
    return gather_gold(name, index, questions)


def join_sets(name: str, sets: list[LabelledSet]) -> LabelledSet:
    """Join several sets to one."""
    return LabelledSet(
        name,
        np.concatenate([part.rows for part in sets]),
        np.concatenate([part.labels for part in sets]),
        tuple(group for part in sets for group in part.groups),
        np.concatenate([part.weights for part in sets]),
    )


def fit(reports: LabelledSet, squads: list[LabelledSet]) -> HistGradientBoostingClassifier:
    """Fit one model on all sets."""
    whole = join_sets("all", [reports, *squads])
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


def to_trees(model: HistGradientBoostingClassifier) -> Trees:
    """Return the fitted trees as `Trees`, which run without scikit-learn."""
    trees = tuple(to_nodes(tree.nodes) for (tree,) in model._predictors)
    return Trees(round(float(model._baseline_prediction[0, 0]), 4), FEATURES, trees)


def to_nodes(rows: NDArray[np.void]) -> tuple[Node, ...]:
    """Return the nodes of a tree of scikit-learn.

    The value of an inner node is the mean of its children's, weighted by their numbers of questions.
    """
    nodes: list[Node] = [Node(float(row["value"])) for row in rows]
    for number in reversed(range(len(nodes))):  # backwards: a node stands before its children
        row = rows[number]
        if not row["is_leaf"]:
            left, right = int(row["left"]), int(row["right"])
            counts = [float(rows[left]["count"]), float(rows[right]["count"])]
            value = float(np.average([nodes[left].value, nodes[right].value], weights=counts))
            feature, limit = int(row["feature_idx"]), float(row["num_threshold"])
            nodes[number] = Node(value, feature, limit, left, right)
    return tuple(nodes)


def summarise_set(tested: LabelledSet, confidences: NDArray[np.float64]) -> dict[str, object]:
    """Return the AUROC of a set, and how many questions some thresholds refuse."""
    answered = confidences[tested.labels == 1]
    unanswerable = confidences[tested.labels == 0]
    summary: dict[str, object] = {
        "set": tested.name,
        "auroc": round(roc_auc_score(tested.labels, confidences), 4),
    }
    for threshold in (0.3, 0.4, 0.5, 0.6):
        summary[str(threshold)] = (
            f"{(unanswerable < threshold).sum()}/{len(unanswerable)} unanswerable, "
            f"{(answered < threshold).sum()}/{len(answered)} answered"
        )
    return summary


def predict_left_out(training: LabelledSet, others: list[LabelledSet]) -> NDArray[np.float64]:
    """Return the confidences of the questions on each report, by a fit on all the others.

    Args:
        training: questions on reports, grouped by report, n of them.
        others: sets that take part in every fit.

    Returns:
        shape (n,).
    """
    confidences = np.zeros(len(training.labels))
    groups = np.array(training.groups)
    for group in sorted(set(training.groups)):
        inside = groups == group
        rest = LabelledSet(
            "", training.rows[~inside], training.labels[~inside], (), training.weights[~inside]
        )
        confidences[inside] = fit(rest, others).predict_proba(training.rows[inside])[:, 1]
    return confidences


def main() -> None:
    """Fit, write both files of the confidence, measure, write and print the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--kept", type=Path, help="keep the indexes in this folder")
    parser.add_argument("--test", nargs=2, action="append", default=[], type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        halves = [gather_squad(file, args.kept) for file in args.files]
        training = join_sets(
            "reports, each left out",
            [
                gather_training(work / "training"),
                gather_shipped(work / "corpus"),
            ],
        )
        tests = [second for _, second in halves]
        for number, (gold, reports) in enumerate(args.test):
            index = open_reports([reports], work / str(number))
            questions = (("", question) for question in read_gold_questions(gold))
            tests.append(gather_gold(str(gold), index, questions))
    others = [first for first, _ in halves]
    model = fit(training, others)
    fitted_on = ["corpus/training", "corpus/gold", *(half.name for half in others)]
    (ROOT / "qa/confidence/data/confidence.json").write_text(
        to_trees(model).to_json(
            script="tests/benchmarks/training/calibrate.py", fitted_on=fitted_on
        ),
        encoding="utf-8",
    )
    confidences = predict_left_out(training, others)
    results = [summarise_set(training, confidences)]
    results += [summarise_set(test, model.predict_proba(test.rows)[:, 1]) for test in tests]
    answered = confidences[training.labels == 1]
    unanswerable = confidences[training.labels == 0]
    costs = [
        [t, round(float((answered < t).mean()), 3), round(float((unanswerable >= t).mean()), 3)]
        for t in (0.0, *THRESHOLDS, 1.0)
    ]
    measured = {"measured_on": training.name, "costs": costs}
    (ROOT / "qa/confidence/data/costs.json").write_text(
        json.dumps(measured) + "\n", encoding="utf-8"
    )
    text = json.dumps(results, indent=2, ensure_ascii=False)
    (ROOT / "tests/benchmarks/results/calibrate.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
