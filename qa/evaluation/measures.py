"""Outcomes to measures, each with a 95 % bootstrap interval, overall and by question type."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.errors import YinjuError

from .bootstrap import (
    Floats,
    Statistic,
    drawings,
    interval,
    value,
    weighted_aurc,
    weighted_auroc,
    weighted_mean,
    weighted_quantile,
    weighted_risk,
)
from .outcome import Outcome

# Our name -> that of ir-measures, https://ir-measur.es/en/latest/measures.html
RANKING = {
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "mrr@10": "RR@10",
    "ndcg@10": "nDCG@10",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure; the locale files say what it is called, in the group "measures"."""

    key: str
    """Its name in JSON and in the locale files."""
    better: int
    """1 where higher is better, -1 where lower is, 0 where neither."""
    statistic: Callable[[Sequence[Outcome]], Statistic]
    digits: int = 4
    """To which its value is rounded."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure's value and its 95 % interval."""

    value: float
    low: float
    high: float


def column(outcomes: Sequence[Outcome], key: str) -> Floats:
    """What each question adds to a measure, shape (n,); NaN where it says nothing about it."""
    return np.array([outcome.scores.get(key, np.nan) for outcome in outcomes], dtype=np.float64)


def milliseconds(outcomes: Sequence[Outcome], what: str) -> Floats:
    """What a step took for each question, shape (n,); NaN where it was not timed."""
    return np.array([o.timings_ms.get(what, np.nan) for o in outcomes], dtype=np.float64)


def confidences(outcomes: Sequence[Outcome]) -> Floats:
    """The confidence of each question, shape (n,)."""
    return np.array([outcome.confidence for outcome in outcomes], dtype=np.float64)


def _mean(key: str, better: int) -> Measure:
    return Measure(key, better, lambda outcomes: weighted_mean(column(outcomes, key)))


def _time(key: str, step: str, share: float) -> Measure:
    def statistic(outcomes: Sequence[Outcome]) -> Statistic:
        return weighted_quantile(milliseconds(outcomes, step), share)

    return Measure(key, -1, statistic, digits=1)


def _risk(coverage: float) -> Measure:
    def statistic(outcomes: Sequence[Outcome]) -> Statistic:
        return weighted_risk(*_risked(outcomes), coverage)

    return Measure(f"risk@{coverage:g}", -1, statistic)


def _auroc(outcomes: Sequence[Outcome]) -> Statistic:
    return weighted_auroc(confidences(outcomes), np.array([o.answerable for o in outcomes], bool))


def _aurc(outcomes: Sequence[Outcome]) -> Statistic:
    return weighted_aurc(*_risked(outcomes))


def _risked(outcomes: Sequence[Outcome]) -> tuple[Floats, Floats]:
    """Confidences and losses; none where nothing could be answered, and all would be lost."""
    risked = outcomes if any(outcome.answerable for outcome in outcomes) else []
    return confidences(risked), column(risked, "loss")


def _search_ratio(outcomes: Sequence[Outcome]) -> Statistic:
    # Of each question's own two times, one just after the other: the machine may be shared.
    ratio = milliseconds(outcomes, "search") / milliseconds(outcomes, "encode")
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
    _time("latency_ms_p50", "total", 0.5),
    _time("latency_ms_p95", "total", 0.95),
    _time("search_ms_p50", "search", 0.5),
    _time("search_ms_p95", "search", 0.95),
    _time("encode_ms_p50", "encode", 0.5),
    Measure("search_to_encode", -1, _search_ratio, digits=2),
)
BY_KEY = {measure.key: measure for measure in MEASURES}


def question_groups(outcomes: Sequence[Outcome]) -> Any:
    """The question of each outcome, numbered from 0: one that is asked again is still one."""
    numbers: dict[str, int] = {}
    names = [outcome.repeats or outcome.id for outcome in outcomes]
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


def estimate(outcomes: Sequence[Outcome]) -> dict[str, Estimate]:
    """Every measure that the outcomes say something about, by its key."""
    weights = drawings(question_groups(outcomes))
    found: dict[str, Estimate] = {}
    for measure in MEASURES:
        statistic = measure.statistic(outcomes)
        told = value(statistic, len(outcomes))
        if np.isfinite(told):
            low, high = interval(statistic(weights)) or (told, told)
            found[measure.key] = Estimate(told, low, high)
    return found


def measure(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Measures over all outcomes and by question type, as `yinju eval --json` prints them.

    evidence_recall: of answerable questions, a list by its share of items, any other only whole.
    answerable_refused, unanswerable_refused are counts, all others means, quantiles or areas, and
    "intervals" has the 95 % interval of each.
    """
    types = dict.fromkeys(outcome.type for outcome in outcomes)
    by_type = {t: _measure([o for o in outcomes if o.type == t]) for t in types}
    return {**_measure(outcomes), "by_type": by_type}


def _measure(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    answerable = [o for o in outcomes if o.answerable]
    unanswerable = [o for o in outcomes if not o.answerable]
    found = estimate(outcomes)
    rounded = {key: round(one.value, BY_KEY[key].digits) for key, one in found.items()}
    return {
        "questions": sum(not o.repeats for o in outcomes) or len(outcomes),
        "answerable": len(answerable),
        "evidence_recall": None,
        "citations_per_factual_answer": None,
        "answerable_refused": sum(o.abstained for o in answerable),
        "unanswerable": len(unanswerable),
        "unanswerable_refused": sum(o.abstained for o in unanswerable),
        "latency_ms_p50": None,
        **rounded,
        "intervals": {
            key: [round(one.low, BY_KEY[key].digits), round(one.high, BY_KEY[key].digits)]
            for key, one in found.items()
        },
    }


def rank_scores(
    ranked: Sequence[Sequence[str]], relevant: Sequence[Collection[str]]
) -> list[dict[str, float]]:
    """The measures of each question.

    Args:
        ranked: for each question the names of what was found, best first.
        relevant: for each question the names of all that should be; empty gives no measures.

    Raises:
        YinjuError: ir-measures is not installed.
        ValueError: not as many rankings as sets of relevant names.
    """
    if len(ranked) != len(relevant):
        raise ValueError(f"{len(ranked)} rankings for {len(relevant)} sets of relevant names")
    try:
        import ir_measures
    except ImportError as error:
        raise YinjuError("run.needs_ir_measures", reason=str(error)) from error
    measures = {ir_measures.parse_measure(theirs): ours for ours, theirs in RANKING.items()}
    qrels = {str(i): dict.fromkeys(names, 1) for i, names in enumerate(relevant) if names}
    # It breaks ties by name, so that each place gets a score of its own.
    run = {
        str(i): {name: 1.0 / place for place, name in enumerate(ranked[int(i)], 1)} for i in qrels
    }
    # Whatever it leaves out is a miss: a question that found nothing counts like any other.
    scores = {i: dict.fromkeys(RANKING, 0.0) for i in qrels}
    if qrels:
        for one in ir_measures.iter_calc(list(measures), qrels, run):
            scores[one.query_id][measures[one.measure]] = float(one.value)
    return [scores.get(str(i), {}) for i in range(len(ranked))]
