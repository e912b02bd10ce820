"""What a confidence threshold costs: questions refused in vain, and wrong ones answered."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What to expect of a threshold, as measured on questions that were written to be hard."""

    threshold: float
    """The confidence that an answer needs, 0..1."""
    refused: float
    """The share of the answerable questions that are refused."""
    answered: float
    """The share of the unanswerable questions that get an answer all the same."""


def read_cost(threshold: float) -> Cost:
    """Return the cost of a threshold, 0..1: that of the next lower one that was measured."""
    costs = _costs()
    at = bisect_right([cost.threshold for cost in costs], threshold) - 1
    return costs[max(at, 0)]


@cache
def _costs() -> tuple[Cost, ...]:
    path = Path(__file__).parent / "data" / "costs.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["costs"]
    return tuple(Cost(*row) for row in rows)
