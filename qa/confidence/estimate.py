"""The probability that a quotation answers, from its features by boosted trees.

A linear model fails between two kinds of question: those that share no word with the passage that
answers them, and those that share all words with a passage that does not. So use trees.
`tests/benchmarks/training/calibrate.py` fits them, data/confidence.json, and says on what. A
feature can only speak for an answer or only against it, except `trust` and `brief`, which tell the
two kinds apart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from operator import attrgetter
from pathlib import Path

from .features import Features
from .trees import Trees

_NAMES = tuple(field.name for field in fields(Features))
_VALUES = attrgetter(*_NAMES)


def compute_contributions(features: Features) -> dict[str, float]:
    """Return what each feature adds to the log-odds that the quotation answers, and "base"."""
    return _trees().compute_contributions(_VALUES(features))


def add_reading(contributions: Mapping[str, float], read: float) -> dict[str, float]:
    """Return the log-odds by features and by the reader together, what each adds.

    `tests/benchmarks/training/calibrate_reading.py` fits the weights, data/reading.json.

    Args:
        contributions: what each feature adds, from `compute_contributions`.
        read: the reader's log-odds that the best passage answers.
    """
    weights = reading_weights()
    added = {name: weights["features"] * value for name, value in contributions.items()}
    added["base"] += weights["base"]
    return {**added, "read": weights["read"] * read}


@cache
def reading_weights() -> dict[str, float]:
    """Return what the features and the reader count, and "base"."""
    path = Path(__file__).parent / "data" / "reading.json"
    weights: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return weights


def to_probability(contributions: Mapping[str, float]) -> float:
    """Return the probability, 0..1, for what `compute_contributions` returns."""
    return 1 / (1 + math.exp(-sum(contributions.values())))


@cache
def _trees() -> Trees:
    trees = Trees.read(Path(__file__).parent / "data" / "confidence.json")
    assert trees.names == _NAMES, "the trees were fitted on other features"
    return trees
