"""How sure an answer is: boosted trees over a few readable features.

Two kinds of question pull a linear model apart: those that share no word with the passage that
answers them, and those that share all of them with a passage that does not. The trees,
data/confidence.json, come from `tests/benchmarks/training/calibrate.py`, which says what they were fitted on;
a feature but for `trust` and `brief`, which tell the two kinds apart, can only speak for an answer
or only against it.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from indexer.text.fold import fold
from indexer.text.lexicon import names_in
from indexer.text.quantities import holds_number, holds_time, holds_unit, years_in
from indexer.text.segment import Segmenter
from qa.matching import (
    Rarity,
    held_share,
    holds_cause,
    pairs_of,
    share_held,
)
from qa.question import Question


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for and against a passage as the answer; each about 0..1.

    far: how much the cosine of the quoted window stays below FAR, as far as words are not held.
    coverage: the share of the question's words, weighed by rarity, that passage and headings hold.
    year: 1 where one that the question gives is missing. lacks: 1 where nothing in the quotation is
    of the kind that is asked for, a number, a time, a name or a reason. asked: the weight of the
    rarest word that is missing where the question asks for such a thing, which a passage gives in
    the question's own words or not at all. near: ten times the cosine above 0.85. pairs: the share
    of the question's character pairs that they hold. worth: of the best passage (`qa.retrieval.windows`).
    chance: of it, or of all that is quoted if that is more (`qa.retrieval.passages`). support: the best BM25, of
    what is possible; lead: how much of it the fourth best stays behind. trust: in the question's
    words (`qa.retrieval.hybrid`). brief: 1 for a question of no word that says what it is about, 0 for one
    of ten.
    """

    far: float
    coverage: float
    year: float
    lacks: float
    asked: float
    near: float
    pairs: float
    worth: float = 0.0
    chance: float = 0.0
    support: float = 0.0
    lead: float = 0.0
    trust: float = 0.0
    brief: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What would be quoted, and how it was found.

    text: the quotation. context: its headings, header row and title, which count as said.
    dense: cosine of question and window.
    """

    text: str
    context: str
    dense: float


# With the default model, questions on other subjects stay below this cosine (40 of 40 that have
# nothing to do with the reports, 0.83-0.87); above it a higher one says little.
FAR = 0.874


def read_features(
    question: Question, evidence: Evidence, rarity: Rarity, segmenter: Segmenter
) -> Features:
    """Compare a question with what would answer it.

    Args:
        segmenter: of the index, which finds the names of a quotation.
    """
    quoted = fold(evidence.text)
    said = f"{fold(evidence.context)}\n{quoted}"
    weights = {term: rarity(term) for term in question.terms}
    lacking = [weight * (1 - held_share(term, said)) for term, weight in weights.items()]
    rarest = max(lacking, default=1.0)
    coverage = share_held(weights, said)
    # Years beside the quotation count only where the quotation itself names none.
    here = (years_in(quoted) or years_in(said)) if question.years else ()
    kinds = question.quantity or question.who or question.date
    pairs = set(pairs_of(question.text))
    return Features(
        far=max(0.0, FAR - evidence.dense) * 25 * (1 - coverage),
        coverage=coverage,
        year=float(any(year not in here for year in question.years)),
        lacks=float(_lacks(question, quoted, said, segmenter)),
        asked=rarest if kinds else 0.0,
        near=(evidence.dense - 0.85) * 10,
        pairs=sum([pair in said for pair in pairs]) / (len(pairs) or 1),
        brief=1 - min(10, len(question.terms)) / 10,
    )


def _lacks(question: Question, quoted: str, said: str, segmenter: Segmenter) -> bool:
    """Whether a folded quotation holds nothing of the kind that is asked for."""
    return (
        (question.quantity and not holds_number(quoted))
        or (bool(question.unit) and not holds_unit(question.unit, quoted, said))
        or (question.date and not holds_time(quoted))
        or (question.who and not names_in(quoted, segmenter) - question.name_like)
        or (question.reason and not holds_cause(quoted))
    )


def confidence(added: Mapping[str, float]) -> float:
    """The probability, 0..1, that the passage answers the question, of what speaks for it."""
    return 1 / (1 + math.exp(-sum(added.values())))


def weigh(features: Features) -> dict[str, float]:
    """What each feature adds to the log-odds, and "base"."""
    return _trees().parts(_VALUES(features))


_NAMES = tuple(field.name for field in fields(Features))
_VALUES = attrgetter(*_NAMES)


@cache
def _trees() -> Trees:
    trees = Trees.read(Path(__file__).parent / "data" / "confidence.json")
    assert trees.names == _NAMES, "another program's trees"
    return trees


class Node(NamedTuple):
    """A node of a tree: a question to one feature, or a leaf.

    value: what the node adds to the sum, for one that is no leaf the mean of what is below it,
    weighed by how often it was reached in fitting. feature: its number, -1 for a leaf. then, other:
    the nodes to go to where the feature is at most `limit`, and where it is not.
    """

    value: float
    feature: int = -1
    limit: float = 0.0
    then: int = -1
    other: int = -1


@dataclass(frozen=True, slots=True)
class Trees:
    """base: what the sum begins with. names: of the features. trees: each with its root first."""

    base: float
    names: tuple[str, ...]
    trees: tuple[tuple[Node, ...], ...]

    @classmethod
    def read(cls, path: Path) -> Trees:
        """Reads what `text` gives."""
        told = json.loads(path.read_text(encoding="utf-8"))
        trees = tuple(tuple(Node(*node) for node in tree) for tree in told["trees"])
        return cls(told["base"], tuple(told["features"]), trees)

    def text(self, **more: object) -> str:
        """The trees and what else is to be said of them as JSON, a tree a line."""
        told = {**more, "base": self.base, "features": self.names}
        lines = [
            json.dumps([_row(node) for node in tree], separators=(",", ":")) for tree in self.trees
        ]
        head = json.dumps(told, ensure_ascii=False, indent=1)[:-2]
        return f'{head},\n "trees": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"

    def parts(self, features: Sequence[float]) -> dict[str, float]:
        """What each feature adds to the sum, and "base": together they are the sum.

        On the way to its leaf a tree's value changes at each node; the change is the feature's that
        is asked there (Saabas 2014, Interpreting random forests).
        """
        added = [0.0] * len(self.names)
        base = self.base
        for tree in self.trees:
            value, feature, limit, then, other = tree[0]
            base += value
            while feature >= 0:
                asked, before = feature, value
                below = tree[then if features[asked] <= limit else other]
                value, feature, limit, then, other = below
                added[asked] += value - before
        return {"base": base, **dict(zip(self.names, added, strict=True))}


def _row(node: Node) -> list[float]:
    """Without what a leaf does not have."""
    value = round(node.value, 4)
    if node.feature < 0:
        return [value]
    return [value, node.feature, round(node.limit, 4), node.then, node.other]


@dataclass(frozen=True, slots=True)
class Cost:
    """What is to be expected of a threshold, as measured on questions that were made hard.

    refused: the share of the questions that the reports answer which are refused.
    answered: the share of the questions that they do not answer which get an answer all the same.
    """

    threshold: float
    refused: float
    answered: float


def cost_at(threshold: float) -> Cost:
    """The cost of a threshold, 0..1, read off the next lower one that was measured."""
    costs = _costs()
    at = bisect_right([cost.threshold for cost in costs], threshold) - 1
    return costs[max(at, 0)]


@cache
def _costs() -> tuple[Cost, ...]:
    path = Path(__file__).parent / "data" / "costs.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["costs"]
    return tuple(Cost(*row) for row in rows)
