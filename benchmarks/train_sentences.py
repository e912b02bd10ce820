"""Which weights find the sentence that answers? Fits qa/data/sentences.json.

Trains on the paragraphs of the first half of each SQuAD-layout file that is named (CMRC 2018 and
DRCD for the weights that ship) and on benchmarks/training, and tells how often the chosen quotation
holds an answer on the second halves, which take no part. No question of corpus/gold takes part.

    python benchmarks/train_sentences.py [FILE.json ...]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from indexer.build import build_index
from indexer.config import Config, read_config
from indexer.fold import fold_strict
from qa.appraise import appraise, rarity_in
from qa.gold import read_golds, read_squad
from qa.index import Index
from qa.pinpoint import NAMES, Sentence, best_run, logits_of, read_sentences, softmax
from qa.question import read_question
from qa.squad import paragraph_documents, squad_index

ROOT = Path(__file__).parents[1]
TRAINING = ROOT / "benchmarks/training"
# A question on our reports counts as much as this many on an encyclopedia: there are 200 of them.
REPORT_WEIGHT = 3.0
# Of the squared weights; from 1e-5 to 1e-3 nothing changes beyond noise.
PENALTY = 1e-4


@dataclass(frozen=True)
class Example:
    """A question's sentences. answers: folded strings, one of which a right sentence holds."""

    sentences: list[Sentence]
    right: NDArray[np.bool_]
    document: int
    answers: tuple[str, ...]
    weight: float

    @property
    def features(self) -> NDArray[np.float64]:
        """Shape (sentences, len(NAMES))."""
        return np.array([one.features for one in self.sentences])


def example(
    index: Index, question: str, document: int, answers: Sequence[str], weight: float
) -> Example:
    """Reads the features of a question's sentences."""
    retrieved = index._retrieve(question)
    rarity = rarity_in(index.snapshot)
    asked = read_question(question)
    ranked = appraise(asked, retrieved, index.snapshot.catalogue, rarity)
    encode = index.encoder.encode_queries
    found = read_sentences(asked, ranked, retrieved, index.snapshot, rarity, encode)
    folded = tuple(map(fold_strict, answers))
    right = [one.appraisal.passage.document == document and _holds(one, folded) for one in found]
    return Example(found, np.array(right, dtype=bool), document, folded, weight)


def _holds(one: Sentence, answers: Sequence[str]) -> bool:
    return any(answer in fold_strict(_text(one, one.span)) for answer in answers)


def _text(one: Sentence, span) -> str:
    passage = one.appraisal.passage
    return passage.text[span.start - passage.start : span.end - passage.start]


def reports(work: Path) -> Iterator[Example]:
    """The answerable questions on our own reports that are written for fitting."""
    files = [p for p in sorted(TRAINING.iterdir()) if p.suffix in (".md", ".txt")]
    files = [p for p in files if p.name != "README.md"]
    config = Config(work / "training", None, read_config().cache)
    build_index(config, files)
    index = Index.open(config)
    numbers = {Path(d.path).stem: d.id for d in index.documents()}
    for file in sorted(TRAINING.glob("*.jsonl")):
        for gold in read_golds(file):
            if gold.answerable and gold.type not in ("list", "follow_up"):
                yield example(
                    index, gold.question, numbers[file.stem], gold.evidence, REPORT_WEIGHT
                )


def fit(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Weights of the softmax over each question's sentences, shape (len(NAMES),)."""
    usable = [one for one in examples if one.right.any()]
    features = [one.features for one in usable]
    total = sum(one.weight for one in usable)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for one, rows in zip(usable, features, strict=True):
            logits = rows @ weights
            all_, right = logsumexp(logits), logsumexp(logits[one.right])
            value += one.weight * (all_ - right) / total
            shares = np.exp(logits - all_)
            shares[one.right] -= np.exp(logits[one.right] - right)
            slope = slope + one.weight * (shares @ rows) / total
        return value, slope

    return minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B").x


def score(examples: Sequence[Example], mass: float) -> dict[str, float]:
    """Own paragraph first, an answer in its quotation of at most 160 characters, their length."""
    own = held = size = 0
    for one in examples:
        chances = softmax(logits_of([s.features for s in one.sentences]))
        passages = [s.appraisal.passage.id for s in one.sentences]
        shares = {
            p: sum(c for c, q in zip(chances, passages, strict=True) if q == p) for p in passages
        }
        best = max(shares, key=lambda p: shares[p])
        mine = [i for i, p in enumerate(passages) if p == best]
        run = best_run([one.sentences[i].span for i in mine], [chances[i] for i in mine], mass, 160)
        text = _text(one.sentences[mine[0]], run)
        own += one.sentences[mine[0]].appraisal.passage.document == one.document
        held += len(text) <= 160 and any(answer in fold_strict(text) for answer in one.answers)
        size += len(text)
    n = len(examples)
    return {
        "own_paragraph_first": round(own / n, 4),
        "answer_in_quotation": round(held / n, 4),
        "characters": round(size / n, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    args = parser.parse_args()
    halves: list[list[Example]] = []
    with tempfile.TemporaryDirectory() as work:
        training = list(reports(Path(work)))
        for file in args.files:
            squad = read_squad(file)
            config = read_config()
            with squad_index(squad, config, None, lambda *_: None) as index:
                documents = paragraph_documents(index)
                halves.append([])
                for asked in squad.questions:
                    document = documents[asked.paragraph]
                    halves[-1].append(example(index, asked.question, document, asked.answers, 1.0))
            middle = sum(asked.paragraph < len(squad.paragraphs) / 2 for asked in squad.questions)
            training += halves[-1][:middle]
            halves[-1] = halves[-1][middle:]
    weights = {n: round(float(w), 3) for n, w in zip(NAMES, fit(training), strict=True)}
    trained = {
        "weights": weights,
        "fitted_on": [*(f"{file.name}, first half" for file in args.files), "benchmarks/training"],
        "script": "benchmarks/train_sentences.py",
    }
    target = ROOT / "qa/data/sentences.json"
    target.write_text(json.dumps(trained, indent=2) + "\n", encoding="utf-8")
    results = {
        f"{file.name}, second half, mass {mass}": score(half, mass)
        for file, half in zip(args.files, halves, strict=True)
        for mass in (1.0, 0.99, 0.97, 0.93)
    }
    text = json.dumps({"questions": len(training), **results}, indent=2)
    (ROOT / "benchmarks/results/train_sentences.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
