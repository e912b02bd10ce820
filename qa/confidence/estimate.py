"""The probability that a quotation answers, from its features by boosted trees.

A linear model fails between two kinds of question: those that share no word with the passage that
answers them, and those that share all words with a passage that does not. So use trees.
`tests/benchmarks/training/calibrate.py` fits them, data/confidence.json, and says on what. A
feature can only speak for an answer or only against it, except `trust` and `brief`, which tell the
two kinds apart.
"""

from __future__ import annotations

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


def to_probability(contributions: Mapping[str, float]) -> float:
    """Return the probability, 0..1, for what `compute_contributions` returns."""
    return 1 / (1 + math.exp(-sum(contributions.values())))


@cache
def _trees() -> Trees:
    trees = Trees.read(Path(__file__).parent / "data" / "confidence.json")
    assert trees.names == _NAMES, "the trees were fitted on other features"
    return trees
