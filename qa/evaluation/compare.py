"""Compare two runs over the same questions: measures that differ beyond noise, questions that flip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.errors import YinjuError
from indexer.messages import message

from .bootstrap import draw_resamples, percentile_interval, value_of
from .measures import MEASURES, Measure, group_by_question
from .outcome import Outcome
from .saved_run import Run, outcomes_by_id, reduce_to_brief
from .words import measure_name

BETTER, WORSE, SAME = "better", "worse", "no difference beyond noise"
# The measures that a change may not make worse. Each can be computed from a brief run, and none
# depends on the machine.
GATED = ("evidence_recall", "refusal_unanswerable", "refusal_answerable", "mrr@10", "auroc")


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both runs."""

    measure: Measure
    before: float
    after: float
    low: float
    """The lower bound of the 95 % interval of after - before, from paired resamples."""
    high: float
    """The upper bound."""

    @property
    def change(self) -> float:
        """Return after - before."""
        return self.after - self.before

    @property
    def verdict(self) -> str:
        """Return BETTER or WORSE if the interval excludes 0, else SAME.

        For a measure that has no better direction, "higher" or "lower" instead.
        """
        if self.low <= 0 <= self.high:
            return SAME
        if not self.measure.direction:
            return "higher" if self.low > 0 else "lower"
        return BETTER if (self.low > 0) == (self.measure.direction > 0) else WORSE


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs compared."""

    differences: tuple[Difference, ...]
    flipped: tuple[tuple[Outcome, Outcome], ...]
    """(before, after) of each question whose state differs."""
    matched: int
    """How many questions both runs have."""
    only_before: tuple[str, ...]
    """The ids that only the first run has."""
    only_after: tuple[str, ...]
    """The ids that only the second run has."""


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> Comparison:
    """Match two runs by question id and resample the same questions for both, 1,000 times.

    Raises:
        YinjuError: they have no question in common, or a run has an id twice.
    """
    old = outcomes_by_id(before, message("found.first_run"))
    new = outcomes_by_id(after, message("found.second_run"))
    shared = [id for id in old if id in new]
    if not shared:
        raise YinjuError("run.nothing_in_common")
    a, b = [old[id] for id in shared], [new[id] for id in shared]
    weights = draw_resamples(group_by_question(a))
    differences = []
    for measure in MEASURES:
        first, second = measure.statistic(a), measure.statistic(b)
        values = value_of(first, len(a)), value_of(second, len(b))
        interval = percentile_interval(second(weights) - first(weights))
        if np.isfinite(values).all() and interval is not None:
            differences.append(Difference(measure, *values, *interval))
    return Comparison(
        tuple(differences),
        tuple((x, y) for x, y in zip(a, b, strict=True) if x.state != y.state),
        len(shared),
        tuple(id for id in old if id not in new),
        tuple(id for id in new if id not in old),
    )


def find_regressions(run: Run, baseline: Run) -> list[Difference]:
    """Return the gated measures that are worse than the baseline beyond noise.

    Both runs are first reduced to what a brief run keeps, so that rounding makes no difference.

    Raises:
        YinjuError: the runs have no question in common, or no gated measure.
    """
    comparison = compare(
        [reduce_to_brief(outcome) for outcome in baseline.outcomes],
        [reduce_to_brief(outcome) for outcome in run.outcomes],
    )
    gated = [d for d in comparison.differences if d.measure.key in GATED]
    if not gated:
        raise YinjuError("run.no_measure_in_common")
    return [difference for difference in gated if difference.verdict == WORSE]


def describe_regression(difference: Difference) -> str:
    """Return a line on a measure that is worse than the baseline."""
    key, digits = difference.measure.key, difference.measure.digits
    return (
        f"{measure_name(key)} is worse beyond noise: {difference.before:.{digits}f} -> "
        f"{difference.after:.{digits}f}, difference {difference.change:+.{digits}f} "
        f"(95 % interval {difference.low:+.{digits}f} to {difference.high:+.{digits}f})"
    )
