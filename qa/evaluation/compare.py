"""Two runs over the same questions: what got better or worse beyond noise, and which flipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.errors import YinjuError
from indexer.messages import message

from .bootstrap import drawings, interval, value
from .measures import BY_KEY, MEASURES, Measure, question_groups
from .outcome import Outcome
from .saved_run import Run, briefly, by_id
from .words import measure_name

BETTER, WORSE, SAME = "better", "worse", "no difference beyond noise"
# What a change may not make worse. All of them can be had from a brief run, none from its machine.
GATED = ("evidence_recall", "refusal_unanswerable", "refusal_answerable", "mrr@10", "auroc")


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both runs. low, high: the 95 % interval of after - before, drawn in pairs."""

    measure: Measure
    before: float
    after: float
    low: float
    high: float

    @property
    def change(self) -> float:
        """after - before."""
        return self.after - self.before

    @property
    def verdict(self) -> str:
        """Better or worse if the interval leaves out 0, else no difference beyond noise.

        Of a measure that is neither better nor worse when higher, "higher" or "lower".
        """
        if self.low <= 0 <= self.high:
            return SAME
        if not self.measure.better:
            return "higher" if self.low > 0 else "lower"
        return BETTER if (self.low > 0) == (self.measure.better > 0) else WORSE


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences, the questions that flipped (before, after), and the ids that one run lacks."""

    differences: tuple[Difference, ...]
    flipped: tuple[tuple[Outcome, Outcome], ...]
    matched: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> Comparison:
    """Matches two runs by question id and draws the same questions for both, 1,000 times.

    Raises:
        YinjuError: they have no question in common, or an id stands twice.
    """
    old, new = by_id(before, message("found.first_run")), by_id(after, message("found.second_run"))
    shared = [name for name in old if name in new]
    if not shared:
        raise YinjuError("run.nothing_in_common")
    a, b = [old[name] for name in shared], [new[name] for name in shared]
    weights = drawings(question_groups(a))
    differences = []
    for measure in MEASURES:
        first, second = measure.statistic(a), measure.statistic(b)
        told = value(first, len(a)), value(second, len(b))
        between = interval(second(weights) - first(weights))
        if np.isfinite(told).all() and between is not None:
            differences.append(Difference(measure, *told, *between))
    return Comparison(
        tuple(differences),
        tuple((x, y) for x, y in zip(a, b, strict=True) if x.state != y.state),
        len(shared),
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name not in old),
    )


def fallen(run: Run, baseline: Run) -> tuple[list[Difference], Comparison]:
    """The gated measures that are worse than the baseline beyond noise, and the whole comparison.

    Both runs are reduced to what a baseline keeps, so that rounding cannot make a difference.

    Raises:
        YinjuError: the runs have no question in common, or the baseline has no gated measure.
    """
    both = compare(
        [briefly(outcome) for outcome in baseline.outcomes],
        [briefly(outcome) for outcome in run.outcomes],
    )
    gated = [d for d in both.differences if d.measure.key in GATED]
    if not gated:
        raise YinjuError("run.no_measure_in_common")
    return [difference for difference in gated if difference.verdict == WORSE], both


def told_fall(difference: Difference) -> str:
    """A measure that fell, on one line."""
    key = difference.measure.key
    digits = BY_KEY[key].digits
    return (
        f"{measure_name(key)} is worse beyond noise: {difference.before:.{digits}f} -> "
        f"{difference.after:.{digits}f}, difference {difference.change:+.{digits}f} "
        f"(95 % interval {difference.low:+.{digits}f} to {difference.high:+.{digits}f})"
    )
