"""How sure a measure is: questions drawn anew, with replacement, a thousand times.

Efron and Tibshirani (1993), An Introduction to the Bootstrap, the percentile interval. A drawing
is a row of weights, how often each question was drawn, so that a statistic is written once, for
weights, and its own value is what it gives for weights of 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Weights of shape (drawings, n) to values of shape (drawings,); NaN where there is nothing.
Statistic = Callable[[Floats], Floats]

RESAMPLES = 1000
SEED = 0
# A 95 % interval.
LEVEL = 0.95


def drawings(groups: NDArray[np.int64], resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """How often each row is drawn, shape (resamples, n).

    Args:
        groups: the question of each row, numbered from 0; rows of one question are drawn together.
    """
    count = int(groups.max()) + 1 if len(groups) else 0
    if not count:
        return np.zeros((resamples, 0))
    drawn = np.random.default_rng(seed).integers(0, count, (resamples, count))
    drawn += np.arange(resamples)[:, None] * count
    times = np.bincount(drawn.ravel(), minlength=resamples * count).reshape(resamples, count)
    return times[:, groups].astype(np.float64)


def value(statistic: Statistic, size: int) -> float:
    """A statistic of `size` rows as they are."""
    return float(statistic(np.ones((1, size)))[0])


def interval(values: Floats) -> tuple[float, float] | None:
    """The middle 95 % of a statistic's values over drawings; those without a value are left out."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def weighted_mean(values: Floats) -> Statistic:
    """The mean of values, shape (n,), that are not NaN."""
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)

    def statistic(weights: Floats) -> Floats:
        return _ratio(weights @ filled, weights @ known.astype(np.float64))

    return statistic


def weighted_quantile(values: Floats, share: float) -> Statistic:
    """A quantile of values that are not NaN; where it falls between two, their mean.

    Hyndman and Fan (1996), definition 2: at 0.5 the ordinary median.
    """
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    ranked = values[order]

    def statistic(weights: Floats) -> Floats:
        if not len(order):
            return np.full(len(weights), np.nan)
        summed = np.cumsum(weights[:, order], axis=1)
        # Weights are whole numbers; what rounding adds to the share of their sum is cut off.
        wanted = np.round(summed[:, -1:] * share, 9)
        lower = np.minimum((summed < wanted).sum(axis=1), len(ranked) - 1)
        upper = np.minimum((summed <= wanted).sum(axis=1), len(ranked) - 1)
        middle = (ranked[lower] + ranked[upper]) / 2
        return np.where(summed[:, -1] > 0, middle, np.nan)

    return statistic


def weighted_auroc(scores: Floats, positive: NDArray[np.bool_]) -> Statistic:
    """The chance that a positive row scores above a negative one; ties count half.

    The Mann-Whitney form: Hanley and McNeil (1982).
    """
    order, starts = _ties(scores)
    yes = positive[order].astype(np.float64)

    def statistic(weights: Floats) -> Floats:
        ranked = weights[:, order]
        positives = np.add.reduceat(ranked * yes, starts, axis=1)
        negatives = np.add.reduceat(ranked * (1 - yes), starts, axis=1)
        below = np.cumsum(negatives, axis=1) - negatives
        won = (positives * (below + negatives / 2)).sum(axis=1)
        return _ratio(won, positives.sum(axis=1) * negatives.sum(axis=1))

    return statistic if len(scores) else _nothing


def risk_curve(scores: Floats, losses: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """(coverage, risk), each of shape (drawings, distinct scores), the surest first.

    For each threshold, the share of questions that are answered and the mean loss over them.
    El-Yaniv and Wiener (2010), On the Foundations of Noise-free Selective Classification.
    """
    order, starts = _ties(-scores)
    ranked = weights[:, order]
    answered = np.cumsum(np.add.reduceat(ranked, starts, axis=1), axis=1)
    lost = np.cumsum(np.add.reduceat(ranked * losses[order], starts, axis=1), axis=1)
    return _ratio(answered, answered[:, -1:]), _ratio(lost, answered)


def weighted_aurc(scores: Floats, losses: Floats) -> Statistic:
    """The area under the risk/coverage curve: risk, averaged over coverage.

    Geifman, Uziel, El-Yaniv (2019), Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers.
    """

    def statistic(weights: Floats) -> Floats:
        coverage, risk = risk_curve(scores, losses, weights)
        steps = np.diff(coverage, axis=1, prepend=0.0)
        area: Floats = np.where(steps > 0, steps * risk, 0.0).sum(axis=1)
        return np.where(np.isfinite(coverage[:, -1]), area, np.nan)

    return statistic if len(scores) else _nothing


def weighted_risk(scores: Floats, losses: Floats, coverage: float) -> Statistic:
    """The mean loss where the surest questions are answered, at least that share of them."""

    def statistic(weights: Floats) -> Floats:
        covered, risk = risk_curve(scores, losses, weights)
        at = np.minimum((covered < coverage - 1e-9).sum(axis=1), covered.shape[1] - 1)
        found: Floats = risk[np.arange(len(weights)), at]
        return found

    return statistic if len(scores) else _nothing


def _nothing(weights: Floats) -> Floats:
    return np.full(len(weights), np.nan)


def _ties(scores: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(order, where each run of equal scores begins in it), lowest first."""
    order = np.argsort(scores, kind="stable")
    ranked = scores[order]
    new = np.concatenate(([True], ranked[1:] != ranked[:-1]))[: len(ranked)]
    return order, np.flatnonzero(new)


def _ratio(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        divided: Floats = np.where(below > 0, above / below, np.nan)
    return divided
