"""Render a run as one HTML page: measures, plots, and each failure with what was found instead.

The page needs no network and no script; rendering it needs no index, only the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from qa.html import Templates

from .bootstrap import risk_coverage_curve
from .measures import confidences_of, scores_of, timings_of
from .outcome import Excerpt, Outcome, contains_any
from .plots import Axes, Points, draw_bars, draw_lines, round_up_to_tick
from .saved_run import Run
from .tables import columns_of, describe_pairs, group_columns, rows_of, shown_measures
from .words import (
    evaluation_words,
    group_name,
    measure_explanation,
    measure_name,
    state_name,
    type_explanation,
    type_name,
)

# How many failures of a kind are shown: a browser cannot open a page with thousands.
MOST_SHOWN = 150
# Bars over the confidence.
_BINS = 20
# The timed steps that the plot of times shows.
_STEPS = ("total", "search", "encode")
# Language -> its tag in HTML, by which a browser picks the right shapes of characters.
_TAGS = {"zh": "zh-Hans"}

Words = Mapping[str, str]

# Kind of failure -> whether an outcome is one.
_FAILURES: dict[str, Callable[[Outcome], bool]] = {
    "missed": lambda o: o.answerable and not o.abstained and not o.correct,
    "refused": lambda o: o.answerable and o.abstained,
    "invented": lambda o: not o.answerable and not o.abstained,
}

_FOLDER = Path(__file__).parent / "templates"
_TEMPLATES = Templates(_FOLDER, "evaluation")


@dataclass(frozen=True, slots=True)
class ExcerptView:
    """A quotation or passage, as the template shows it."""

    text: str
    place: str
    """Its report, headings and score."""
    has_evidence: bool
    """Whether it contains an evidence snippet."""


@dataclass(frozen=True, slots=True)
class FailureView:
    """A question that failed, as the template shows it."""

    question: str
    facts: str
    """Its id and type, the confidence and the state of its outcome."""
    history: tuple[str, ...]
    """The questions asked before it, oldest first."""
    refused: bool
    evidence: list[tuple[str, bool]]
    """(snippet, whether a quotation contains it)."""
    quotes: list[ExcerptView]
    passages: list[ExcerptView]


@dataclass(frozen=True, slots=True)
class TableView:
    """Measures of groups of questions, as the template shows them."""

    heads: tuple[str, ...]
    """The head of each column; that of the labels is empty."""
    rows: list[tuple[str, list[tuple[str, str]]]]
    """(label, (value, interval) of each column)."""


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """The failures of one kind."""

    count: int
    """How many there are."""
    shown: list[FailureView]
    """The first `MOST_SHOWN`."""


def render_report(run: Run, language: str = "en") -> str:
    """Return the page of a run, in that language."""
    words, summary = evaluation_words(language), run.summary()
    columns = columns_of(summary, run.has_types)
    _, *types = columns
    explained = [(type_name(type, language), type_explanation(type, language)) for type in types]
    return _TEMPLATES.render(
        "report.html",
        language,
        tag=_TAGS.get(language, language),
        style=_read_style(),
        name=run.about.get("questions", ""),
        about=_describe_run(run, summary, words),
        table=_view_table("type", columns, language),
        groups=[_view_table(*group, language) for group in group_columns(summary).items()],
        pairs=describe_pairs(summary, language),
        measures=[
            (measure_name(measure.key, language), measure_explanation(measure.key, language))
            for measure in shown_measures(columns)
        ],
        types=[(name, explanation) for name, explanation in explained if explanation],
        plots=_draw_plots(run, words),
        failures={
            kind: _view_group([o for o in run.outcomes if is_failure(o)], language)
            for kind, is_failure in _FAILURES.items()
        },
    )


def _view_table(grouping: str, columns: dict[str, dict[str, Any]], language: str) -> TableView:
    every = evaluation_words(language)["all"]
    names = (group_name(grouping, c, language) if c != "all" else every for c in columns)
    return TableView(
        heads=("", *names),
        rows=[
            (label, [text.partition(" ")[::2] for text in cells])
            for label, cells in rows_of(columns, language)
        ],
    )


@cache
def _read_style() -> str:
    return (_FOLDER / "report.css").read_text(encoding="utf-8")


def _describe_run(run: Run, summary: dict[str, Any], words: Words) -> str:
    """Return the line below the title: questions, model, threshold, and the settings that were set."""
    about = run.about
    text = words["about"].format(
        n=summary["questions"],
        model=about.get("model") or words["none_named"],
        threshold=about.get("threshold", words["none_named"]),
    )
    settings = about.get("settings") or {}
    return words["comma"].join([text, *(f"{name} = {v:g}" for name, v in settings.items())])


def _draw_plots(run: Run, words: Words) -> dict[str, str]:
    """Return each plot as HTML, by name; "" if the run lacks what it shows."""
    outcomes, threshold = run.outcomes, float(run.about.get("threshold", 0.0))
    return {
        "risk": _draw_risk(outcomes, threshold, words),
        "confidence": _draw_confidences(outcomes, threshold, words),
        "time": _draw_times(outcomes, words),
    }


def _make_axes(name: str, words: Words, x_end: float, y_end: float) -> Axes:
    """Return the axes of a plot, with the labels that the locale files have for it."""
    return Axes(words[f"{name}_x"], words[f"{name}_y"], x_end, y_end, words["drawing"])


def _draw_risk(outcomes: Sequence[Outcome], threshold: float, words: Words) -> str:
    """Draw the risk-coverage curve, with a mark at the threshold."""
    losses = scores_of(outcomes, "loss")
    if not len(losses) or np.isnan(losses).any():
        return ""
    confidences = confidences_of(outcomes)
    weights = np.ones((1, len(confidences)))
    coverage, risk = risk_coverage_curve(confidences, losses, weights)
    points: Points = list(zip(coverage[0].tolist(), risk[0].tolist(), strict=True))
    axes = _make_axes("risk", words, 1.0, round_up_to_tick(max(y for _, y in points)))
    answered = confidences >= threshold
    mark = ("", 0.0, 0.0)
    if answered.any():
        label = words["threshold"].format(t=f"{threshold:g}")
        mark = (label, float(answered.mean()), float(losses[answered].mean()))
    return draw_lines(axes, {words["every"]: points}, mark)


def _draw_confidences(outcomes: Sequence[Outcome], threshold: float, words: Words) -> str:
    """Draw how confidences are spread, for answerable and unanswerable questions."""
    series = {}
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        confidences = [o.confidence for o in outcomes if o.answerable == answerable]
        counts, _ = np.histogram(confidences, bins=_BINS, range=(0, 1))
        shares = counts / max(len(confidences), 1)
        series[words[name].format(n=len(confidences))] = shares.tolist()
    highest = max(max(heights) for heights in series.values())
    axes = _make_axes("confidence", words, 1.0, round_up_to_tick(highest))
    return draw_bars(axes, series, (words["threshold"].format(t=f"{threshold:g}"), threshold))


def _draw_times(outcomes: Sequence[Outcome], words: Words) -> str:
    """Draw the quantiles of the times of each step."""
    shares = np.linspace(0, 1, 101)
    series: dict[str, Points] = {}
    longest = 0.0
    for step in _STEPS:
        times = timings_of(outcomes, step)
        times = times[np.isfinite(times)]
        if len(times):
            quantiles = np.quantile(times, shares)
            # Scale the axis to the 95th percentile so that outliers do not flatten the plot.
            longest = max(longest, float(quantiles[95]))
            percents = (shares * 100).tolist()
            series[words[step]] = list(zip(percents, quantiles.tolist(), strict=True))
    if not series:
        return ""
    axes = _make_axes("time", words, 100.0, round_up_to_tick(longest))
    return draw_lines(axes, series, ("", 0.0, 0.0))


def _view_group(failed: Sequence[Outcome], language: str) -> FailureGroup:
    shown = [_view_failure(outcome, language) for outcome in failed[:MOST_SHOWN]]
    return FailureGroup(len(failed), shown)


def _view_failure(outcome: Outcome, language: str) -> FailureView:
    words = evaluation_words(language)
    facts = (
        outcome.id,
        type_name(outcome.type, language),
        words["sure"].format(c=f"{outcome.confidence:.2f}"),
        state_name(outcome.state, language),
    )
    return FailureView(
        question=outcome.question or outcome.id,
        facts=words["comma"].join(facts),
        history=outcome.history,
        refused=outcome.abstained,
        evidence=[
            (snippet, any(contains_any(quote.text, [snippet]) for quote in outcome.quotes))
            for snippet in outcome.evidence
        ],
        quotes=[_view_excerpt(quote, outcome.evidence, words) for quote in outcome.quotes],
        passages=[_view_excerpt(p, outcome.evidence, words) for p in outcome.passages],
    )


def _view_excerpt(excerpt: Excerpt, evidence: Sequence[str], words: Words) -> ExcerptView:
    place = " > ".join((excerpt.document, *excerpt.headings))
    score = words["score"].format(s=f"{excerpt.score:.3f}")
    has_evidence = contains_any(excerpt.text, evidence)
    return ExcerptView(excerpt.text, words["comma"].join((place, score)), has_evidence)
