"""Compute measures from outcomes, each with a 95 % bootstrap interval, overall and by type."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import YinjuError

from .bootstrap import (
    Floats,
    Statistic,
    draw_resamples,
    percentile_interval,
    value_of,
    weighted_aurc,
    weighted_auroc,
    weighted_mean,
    weighted_quantile,
    weighted_risk,
)
from .outcome import Outcome

# Key of the measure -> its name in ir-measures, https://ir-measur.es/en/latest/measures.html
RANKING = {
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "mrr@10": "RR@10",
    "ndcg@10": "nDCG@10",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure; its name in each language is in the group "measures" of the locale files."""

    key: str
    """Its key in JSON and in the locale files."""
    direction: int
    """1 where higher is better, -1 where lower is, 0 where neither."""
    statistic: Callable[[Sequence[Outcome]], Statistic]
    """Returns the statistic of these outcomes; it has no value where they do not concern it."""
    digits: int = 4
    """How many digits after the point its value is rounded to."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure's value and its 95 % interval."""

    value: float
    low: float
    """The lower bound of the interval."""
    high: float
    """The upper bound."""


def scores_of(outcomes: Sequence[Outcome], key: str) -> Floats:
    """Return the score of each question for a measure, shape (n,); NaN where it has none."""
    return np.array([outcome.scores.get(key, np.nan) for outcome in outcomes], dtype=np.float64)


def timings_of(outcomes: Sequence[Outcome], step: str) -> Floats:
    """Return the ms that a step took for each question, shape (n,); NaN where it was not timed."""
    return np.array([o.timings_ms.get(step, np.nan) for o in outcomes], dtype=np.float64)


def confidences_of(outcomes: Sequence[Outcome]) -> Floats:
    """Return the confidence of each question, shape (n,)."""
    return np.array([outcome.confidence for outcome in outcomes], dtype=np.float64)


def _mean(key: str, direction: int) -> Measure:
    """Return the measure: mean of the scores of this key."""
    return Measure(key, direction, lambda outcomes: weighted_mean(scores_of(outcomes, key)))


def _time_quantile(key: str, step: str, share: float) -> Measure:
    """Return the measure: a quantile of the ms that a step took."""

    def statistic(outcomes: Sequence[Outcome]) -> Statistic:
        return weighted_quantile(timings_of(outcomes, step), share)

    return Measure(key, -1, statistic, digits=1)


def _risk(coverage: float) -> Measure:
    """Return the measure: mean loss if this share of questions is answered."""

    def statistic(outcomes: Sequence[Outcome]) -> Statistic:
        return weighted_risk(*_confidences_and_losses(outcomes), coverage)

    return Measure(f"risk@{coverage:g}", -1, statistic)


def _auroc(outcomes: Sequence[Outcome]) -> Statistic:
    answerable = np.array([outcome.answerable for outcome in outcomes], bool)
    return weighted_auroc(confidences_of(outcomes), answerable)


def _aurc(outcomes: Sequence[Outcome]) -> Statistic:
    return weighted_aurc(*_confidences_and_losses(outcomes))


def _confidences_and_losses(outcomes: Sequence[Outcome]) -> tuple[Floats, Floats]:
    """Return (confidences, losses), each of shape (n,).

    Both are empty if no question is answerable: every answer would be a loss.
    """
    counted = outcomes if any(outcome.answerable for outcome in outcomes) else []
    return confidences_of(counted), scores_of(counted, "loss")


def _search_ratio(outcomes: Sequence[Outcome]) -> Statistic:
    # The ratio of two times of one question, taken in a row: on a shared machine both slow down.
    ratio = timings_of(outcomes, "search") / timings_of(outcomes, "encode")
    return weighted_quantile(ratio, 0.5)


MEASURES = (
    _mean("evidence_recall", 1),
    _mean("citation_precision", 1),
    _mean("list_item_recall", 1),
    _mean("list_item_precision", 1),
    _mean("answer_in_top1", 1),
    _mean("answer_in_top3", 1),
    *(_mean(key, 1) for key in RANKING),
    _mean("refusal_unanswerable", 1),
    _mean("refusal_answerable", -1),
    Measure("auroc", 1, _auroc),
    Measure("aurc", -1, _aurc),
    *map(_risk, (0.5, 0.8, 1.0)),
    _mean("citations_per_factual_answer", 0),
    _time_quantile("latency_ms_p50", "total", 0.5),
    _time_quantile("latency_ms_p95", "total", 0.95),
    _time_quantile("search_ms_p50", "search", 0.5),
    _time_quantile("search_ms_p95", "search", 0.95),
    _time_quantile("encode_ms_p50", "encode", 0.5),
    Measure("search_to_encode", -1, _search_ratio, digits=2),
)
# The fields of a question by which measures are given.
GROUPINGS = ("type", "wording", "miss")
MEASURE_BY_KEY = {measure.key: measure for measure in MEASURES}


def group_by_question(outcomes: Sequence[Outcome]) -> NDArray[np.int64]:
    """Return the question of each outcome, numbered from 0, shape (n,).

    A question that is asked again has the number of the first time.
    """
    numbers: dict[str, int] = {}
    ids = [outcome.repeats or outcome.id for outcome in outcomes]
    return np.array([numbers.setdefault(id, len(numbers)) for id in ids], dtype=np.int64)


def estimate_measures(outcomes: Sequence[Outcome]) -> dict[str, Estimate]:
    """Return each measure that has a value for the outcomes, by its key."""
    weights = draw_resamples(group_by_question(outcomes))
    estimates: dict[str, Estimate] = {}
    for measure in MEASURES:
        statistic = measure.statistic(outcomes)
        value = value_of(statistic, len(outcomes))
        if np.isfinite(value):
            low, high = percentile_interval(statistic(weights)) or (value, value)
            estimates[measure.key] = Estimate(value, low, high)
    return estimates


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the measures of all outcomes and of groups, as `yinju eval --json` prints them.

    Groups are by question type and, if questions have them, by wording and kind of near miss;
    "pairs" counts the questions that are asked in two wordings.

    "evidence_recall" is over answerable questions; a list counts by its share of items, any other
    question only if all of its evidence is cited. "answerable_refused" and "unanswerable_refused"
    are counts, all others means, quantiles or areas. "intervals" has the 95 % interval of each.
    """
    groups = {
        f"by_{name}": {
            value: _summarise_together([o for o in outcomes if getattr(o, name) == value])
            for value in dict.fromkeys(getattr(o, name) for o in outcomes)
            if value or name == "type"
        }
        for name in GROUPINGS
    }
    shown = {key: group for key, group in groups.items() if group or key == "by_type"}
    pairs = count_pairs(outcomes)
    return {**_summarise_together(outcomes), **shown, **({"pairs": pairs} if pairs else {})}


def count_pairs(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Count the pairs of wordings by which of the two was answered right; {} if there is none.

    A pair is a formal and a colloquial question on the same fact.
    """
    right: dict[str, dict[str, bool]] = {}
    for outcome in outcomes:
        if outcome.pair:
            right.setdefault(outcome.pair, {})[outcome.wording] = outcome.correct
    counts = dict.fromkeys(("both", "formal_only", "colloquial_only", "neither"), 0)
    complete = [pair for pair in right.values() if {"formal", "colloquial"} <= set(pair)]
    for pair in complete:
        formal, colloquial = pair["formal"], pair["colloquial"]
        only = "formal_only" if formal else "colloquial_only"
        counts[only if formal != colloquial else "both" if formal else "neither"] += 1
    return {"pairs": len(complete), **counts} if complete else {}


def _summarise_together(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    answerable = [o for o in outcomes if o.answerable]
    unanswerable = [o for o in outcomes if not o.answerable]
    estimates = estimate_measures(outcomes)
    digits = {key: MEASURE_BY_KEY[key].digits for key in estimates}
    return {
        "questions": sum(not o.repeats for o in outcomes) or len(outcomes),
        "answerable": len(answerable),
        "evidence_recall": None,
        "citations_per_factual_answer": None,
        "answerable_refused": sum(o.abstained for o in answerable),
        "unanswerable": len(unanswerable),
        "unanswerable_refused": sum(o.abstained for o in unanswerable),
        "latency_ms_p50": None,
        **{key: round(found.value, digits[key]) for key, found in estimates.items()},
        "intervals": {
            key: [round(found.low, digits[key]), round(found.high, digits[key])]
            for key, found in estimates.items()
        },
    }


def score_rankings(
    ranked: Sequence[Sequence[str]], relevant: Sequence[Collection[str]]
) -> list[dict[str, float]]:
    """Return the ranking measures of each question, by key.

    Args:
        ranked: the names of what was found for each question, best first.
        relevant: the names of all that is relevant to each question; if empty, it has no measures.

    Raises:
        YinjuError: ir-measures is not installed.
        ValueError: the numbers of rankings and of sets of relevant names differ.
    """
    if len(ranked) != len(relevant):
        raise ValueError(f"{len(ranked)} rankings for {len(relevant)} sets of relevant names")
    try:
        import ir_measures
    except ImportError as error:
        raise YinjuError("run.needs_ir_measures", reason=str(error)) from error
    keys = {ir_measures.parse_measure(name): key for key, name in RANKING.items()}
    qrels = {str(i): dict.fromkeys(names, 1) for i, names in enumerate(relevant) if names}
    # ir-measures breaks ties by name, so give each rank a score of its own.
    run = {str(i): {name: 1.0 / rank for rank, name in enumerate(ranked[int(i)], 1)} for i in qrels}
    # ir-measures leaves out questions that found nothing; they score 0.
    scores = {i: dict.fromkeys(RANKING, 0.0) for i in qrels}
    if qrels:
        for result in ir_measures.iter_calc(list(keys), qrels, run):
            scores[result.query_id][keys[result.measure]] = float(result.value)
    return [scores.get(str(i), {}) for i in range(len(ranked))]
