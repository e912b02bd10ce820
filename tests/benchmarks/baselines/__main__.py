"""How well does yinju find and answer, next to BM25, its encoder alone and LangChain?

Asks every system the same held-out questions in one run: for each question one system after the
other. All are judged alike: a unit hits if it is from the right document and contains what the answer
needs, both folded. Prints the tables of the README and writes results/baselines.json, which is not
written with `--questions`. The index and the vectors of each set are made once, in the folder `--work`.
LangChain is needed: pip install langchain-classic langchain-community langchain-text-splitters
rank_bm25.

    python -m tests.benchmarks.baselines [--shared ../shared] [--questions N] [--only SET ...]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from indexer.build import build_index
from indexer.config import Config, read_config
from indexer.text.fold import fold_strict
from qa.index import Index

from .refusals import measure_refusals
from .sets import ROOT, SETS, SQUADS, HeldOutQuestion, QuestionSet, read_fitted_on, read_sets
from .systems import (
    UNITS,
    Corpus,
    DenseOnly,
    Found,
    IndexBm25,
    LangChain,
    Passages,
    Quotations,
    System,
    Unit,
    WordBm25,
    check_langchain,
)
from .tables import print_tables

RESULTS = ROOT / "tests/benchmarks/results/baselines.json"
REFUSALS = "refusals"


@dataclass(frozen=True)
class Hit:
    """At which ranks the document and the answer of an answerable question were found."""

    document_rank: int
    """The rank of the right document among documents, from 1; 0 if it is not in the first ten."""
    unit_rank: int
    """How many of the first units contain the whole answer, from 1; 0 if the first ten do not."""
    characters: int
    """The length of the unit that completes the answer; 0 if there is none."""


def find_hit(question: HeldOutQuestion, found: Found) -> Hit:
    """Return at which ranks the right document and the answer were found."""
    ranked = found.documents
    rank = ranked.index(question.document) + 1 if question.document in ranked else 0
    missing = [[fold_strict(text) for text in group] for group in question.needed]
    for number, unit in enumerate(found.units, 1):
        missing = [group for group in missing if not _contains(unit, question.document, group)]
        if not missing:
            return Hit(rank, number, len(unit.text))
    return Hit(rank, 0, 0)


def _contains(unit: Unit, document: str, group: Sequence[str]) -> bool:
    """Return whether a unit is of the document and contains a string of the group, all folded."""
    text = fold_strict(unit.text) if unit.document == document else ""
    return any(needed in text for needed in group)


@dataclass(frozen=True)
class Tally:
    """The results of one system on one set: a value for each question."""

    hits: list[Hit] = field(default_factory=list)
    """Of answerable questions only."""
    answerable: list[bool] = field(default_factory=list)
    refused: list[bool] = field(default_factory=list)
    scores: list[float | None] = field(default_factory=list)
    """The confidences, as in `Found`."""
    seconds: list[float] = field(default_factory=list)

    def add(self, question: HeldOutQuestion, found: Found, seconds: float) -> None:
        """Add the result of a question."""
        if question.answerable:
            self.hits.append(find_hit(question, found))
        self.answerable.append(question.answerable)
        self.refused.append(found.refused)
        self.scores.append(found.score)
        self.seconds.append(seconds)

    def document_first(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return whether the right document is the first, shape (answerable questions,)."""
        return np.array([hit.document_rank == 1 for hit in self.hits])

    def measures(self, baseline_seconds: float) -> dict[str, Any]:
        """Return the measures, rounded.

        Args:
            baseline_seconds: the median time of the system that times are compared with.
        """
        documents = [hit.document_rank for hit in self.hits]
        units = [hit.unit_rank for hit in self.hits]
        lengths = [hit.characters for hit in self.hits if hit.unit_rank]
        answerable, refused = np.array(self.answerable), np.array(self.refused)
        result = {
            "document_at_1": _share(rank == 1 for rank in documents),
            "document_at_10": _share(rank > 0 for rank in documents),
            "mrr_at_10": round(statistics.fmean(1 / r if r else 0.0 for r in documents), 3),
            "answer_in_first_unit": _share(rank == 1 for rank in units),
            "answer_in_ten_units": _share(rank > 0 for rank in units),
            "characters_of_hit": round(statistics.fmean(lengths)) if lengths else None,
            "answerable_refused": _share(refused[answerable]),
            "time_ratio": round(statistics.median(self.seconds) / baseline_seconds, 2),
        }
        if not answerable.all():
            result["unanswerable_refused"] = _share(refused[~answerable])
            if None not in self.scores:
                result["auroc"] = round(float(roc_auc_score(answerable, self.scores)), 3)
        return result


def _share(values: Any) -> float:
    """Return the share of values that hold, rounded."""
    return round(float(np.mean(list(values))), 3)


def open_systems(chosen: QuestionSet, work: Path) -> list[System]:
    """Index the documents of a set and return all systems, each ready to be asked.

    Args:
        work: the folder for indexes and vectors; those that exist are used as they are.
    """
    config = Config(work / "indexes" / chosen.name, None, read_config().cache)
    if not config.index.exists():
        reports = work / "reports" / chosen.name
        reports.mkdir(parents=True, exist_ok=True)
        for name, text in chosen.documents.items():
            (reports / name).write_text(text, encoding="utf-8")
        build_index(config, [reports])
    corpus = Corpus(Index.open(config))
    cache = work / f"{chosen.name}-chunks.npy"
    return [
        WordBm25.build(corpus, work / f"{chosen.name}-words"),
        IndexBm25(corpus),
        DenseOnly(corpus),
        LangChain.build(chosen.documents, corpus.index.encoder, cache),
        Passages(corpus),
        Quotations(corpus),
    ]


def run_set(chosen: QuestionSet, systems: Sequence[System]) -> dict[str, Any]:
    """Ask all systems all questions of a set; return their measures, as the JSON file has them."""
    tallies = {system.name: Tally() for system in systems}
    for system in systems:
        system.find(chosen.questions[0].text)  # once before it counts, as it loads models
    for question in chosen.questions:
        for system in systems:
            began = time.perf_counter()
            found = system.find(question.text)
            tallies[system.name].add(question, found, time.perf_counter() - began)
    seconds = statistics.median(tallies[Passages.name].seconds)
    ours = tallies[Passages.name].document_first()
    theirs = tallies[LangChain.name].document_first()
    return {
        "set": chosen.name,
        "title": chosen.title,
        "documents": len(chosen.documents),
        "answerable": sum(question.answerable for question in chosen.questions),
        "unanswerable": sum(not question.answerable for question in chosen.questions),
        "systems": {name: tally.measures(seconds) for name, tally in tallies.items()},
        # How many questions only one of the two finds first: a difference between them beyond chance
        # shows in unequal numbers.
        "document_first_only_yinju": int((ours & ~theirs).sum()),
        "document_first_only_langchain": int((theirs & ~ours).sum()),
    }


def measure(args: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Measure the sets of the command line, and the refusals; return the content of the JSON file."""
    results = []
    for full_set in read_sets(args.shared):
        if not args.only or full_set.name in args.only:
            chosen = full_set.draw(args.questions)
            print(f"{chosen.name}: {len(chosen.questions)} questions", file=sys.stderr)
            results.append(run_set(chosen, open_systems(chosen, work)))
    measured = {"fitted_on": read_fitted_on(), "units": UNITS, "sets": results}
    if not args.only or REFUSALS in args.only:
        squads = [args.shared / name for name in SQUADS]
        measured[REFUSALS] = measure_refusals(squads, work / "indexes", work)
    return measured


def main() -> None:
    """Measure, write the JSON file, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--questions", type=int, help="of each set; all by default")
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        choices=[*SETS, REFUSALS],
        help="measure these, and keep what the file has of the others",
    )
    parser.add_argument("--work", type=Path, help="keep indexes and vectors in this folder")
    args = parser.parse_args()
    if args.only != [REFUSALS]:
        check_langchain()
    with nullcontext(args.work) if args.work else tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "indexes").mkdir(parents=True, exist_ok=True)
        results = measure(args, work)
    if not args.questions:
        results = merge_results(results)
        text = json.dumps(results, indent=2, ensure_ascii=False)
        RESULTS.write_text(text + "\n", encoding="utf-8")
    print_tables(results)


def merge_results(results: dict[str, Any]) -> dict[str, Any]:
    """Add the results of sets that were not measured now, as the file has them."""
    if not RESULTS.exists():
        return results
    old = json.loads(RESULTS.read_text(encoding="utf-8"))
    sets = {result["set"]: result for result in [*old["sets"], *results["sets"]]}
    return old | results | {"sets": [sets[name] for name in SETS if name in sets]}


if __name__ == "__main__":
    main()
