"""Estimate how certain a measure is: the bootstrap over questions, with 1,000 resamples.

The percentile interval of Efron and Tibshirani (1993), An Introduction to the Bootstrap. A resample
is a row of weights: how often each question was drawn, with replacement. A statistic is a function
of weights; its value on the questions themselves is that for weights of 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# From weights, shape (resamples, n), to values, shape (resamples,); NaN where it has no value.
Statistic = Callable[[Floats], Floats]

RESAMPLES = 1000
SEED = 0
# The share of resamples inside an interval.
LEVEL = 0.95


def draw_resamples(
    groups: NDArray[np.int64], resamples: int = RESAMPLES, seed: int = SEED
) -> Floats:
    """Draw questions with replacement; return how often each row is drawn, shape (resamples, n).

    Args:
        groups: the question of each row, numbered from 0, shape (n,); rows of one question are
            drawn together.
    """
    count = int(groups.max()) + 1 if len(groups) else 0
    if not count:
        return np.zeros((resamples, 0))
    questions = np.random.default_rng(seed).integers(0, count, (resamples, count))
    questions += np.arange(resamples)[:, None] * count
    times = np.bincount(questions.ravel(), minlength=resamples * count).reshape(resamples, count)
    return times[:, groups].astype(np.float64)


def value_of(statistic: Statistic, size: int) -> float:
    """Return a statistic of `size` rows, each with weight 1."""
    return float(statistic(np.ones((1, size)))[0])


def percentile_interval(values: Floats) -> tuple[float, float] | None:
    """Return the bounds of the middle 95 % of a statistic's values over resamples.

    Resamples without a value are left out; None if no resample has one.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def weighted_mean(values: Floats) -> Statistic:
    """Return the statistic: mean of the values, shape (n,), that are not NaN."""
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)

    def statistic(weights: Floats) -> Floats:
        return _divide(weights @ filled, weights @ known.astype(np.float64))

    return statistic


def weighted_quantile(values: Floats, share: float) -> Statistic:
    """Return the statistic: quantile of the values, shape (n,), that are not NaN.

    A quantile between two values is their mean. Hyndman and Fan (1996), definition 2: at 0.5 it is
    the ordinary median.

    Args:
        share: which quantile, 0..1.
    """
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    ranked = values[order]

    def statistic(weights: Floats) -> Floats:
        if not len(order):
            return np.full(len(weights), np.nan)
        summed = np.cumsum(weights[:, order], axis=1)
        # The sums are whole numbers; round away the floating-point error of their share.
        wanted = np.round(summed[:, -1:] * share, 9)
        lower = np.minimum((summed < wanted).sum(axis=1), len(ranked) - 1)
        upper = np.minimum((summed <= wanted).sum(axis=1), len(ranked) - 1)
        middle = (ranked[lower] + ranked[upper]) / 2
        return np.where(summed[:, -1] > 0, middle, np.nan)

    return statistic


def weighted_auroc(scores: Floats, positive: NDArray[np.bool_]) -> Statistic:
    """Return the statistic: probability that a positive row scores above a negative one.

    Ties count half. The Mann-Whitney form of Hanley and McNeil (1982).

    Args:
        scores, positive: of each row, shape (n,).
    """
    order, starts = _sort_with_ties(scores)
    is_positive = positive[order].astype(np.float64)

    def statistic(weights: Floats) -> Floats:
        ranked = weights[:, order]
        positives = np.add.reduceat(ranked * is_positive, starts, axis=1)
        negatives = np.add.reduceat(ranked * (1 - is_positive), starts, axis=1)
        below = np.cumsum(negatives, axis=1) - negatives
        won = (positives * (below + negatives / 2)).sum(axis=1)
        return _divide(won, positives.sum(axis=1) * negatives.sum(axis=1))

    return statistic if len(scores) else _no_value


def risk_coverage_curve(scores: Floats, losses: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return (coverage, risk), each of shape (resamples, distinct scores), highest score first.

    Coverage is the share of questions that are answered at a threshold, risk the mean loss over
    them. El-Yaniv and Wiener (2010), On the Foundations of Noise-free Selective Classification.

    Args:
        scores, losses: of each row, shape (n,). weights: shape (resamples, n).
    """
    order, starts = _sort_with_ties(-scores)
    ranked = weights[:, order]
    answered = np.cumsum(np.add.reduceat(ranked, starts, axis=1), axis=1)
    lost = np.cumsum(np.add.reduceat(ranked * losses[order], starts, axis=1), axis=1)
    return _divide(answered, answered[:, -1:]), _divide(lost, answered)


def weighted_aurc(scores: Floats, losses: Floats) -> Statistic:
    """Return the statistic: area under the risk-coverage curve, i.e. risk averaged over coverage.

    Geifman, Uziel, El-Yaniv (2019), Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers.
    """

    def statistic(weights: Floats) -> Floats:
        coverage, risk = risk_coverage_curve(scores, losses, weights)
        steps = np.diff(coverage, axis=1, prepend=0.0)
        area: Floats = np.where(steps > 0, steps * risk, 0.0).sum(axis=1)
        return np.where(np.isfinite(coverage[:, -1]), area, np.nan)

    return statistic if len(scores) else _no_value


def weighted_risk(scores: Floats, losses: Floats, coverage: float) -> Statistic:
    """Return the statistic: mean loss if the questions of highest score are answered.

    Args:
        coverage: the least share of questions to answer, 0..1.
    """

    def statistic(weights: Floats) -> Floats:
        covered, risk = risk_coverage_curve(scores, losses, weights)
        at = np.minimum((covered < coverage - 1e-9).sum(axis=1), covered.shape[1] - 1)
        found: Floats = risk[np.arange(len(weights)), at]
        return found

    return statistic if len(scores) else _no_value


def _no_value(weights: Floats) -> Floats:
    """The statistic of no rows: NaN for each resample."""
    return np.full(len(weights), np.nan)


def _sort_with_ties(scores: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (row numbers by score, lowest first; where each run of equal scores begins in them)."""
    order = np.argsort(scores, kind="stable")
    ranked = scores[order]
    new = np.concatenate(([True], ranked[1:] != ranked[:-1]))[: len(ranked)]
    return order, np.flatnonzero(new)


def _divide(above: Floats, below: Floats) -> Floats:
    """Return the ratio; NaN where the divisor is not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = np.where(below > 0, above / below, np.nan)
    return ratio
