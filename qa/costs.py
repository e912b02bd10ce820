"""What a threshold costs: wrong answers against refusals, from data/costs.json."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path


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
    path = Path(__file__).parent / "answering" / "data" / "costs.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["costs"]
    return tuple(Cost(*row) for row in rows)
