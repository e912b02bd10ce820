"""A run as one HTML page: measures, plots, and each failure with what was found instead.

It needs no network, no script and no index: all of it is read off the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from qa.html import Templates

from .bootstrap import risk_curve
from .measures import column, confidences, milliseconds
from .outcome import Outcome, Text, holds
from .plots import Axes, Points, bar_plot, line_plot, rounded_up
from .saved_run import Run
from .tables import columns_of, rows_of, shown_measures
from .words import (
    evaluation_words,
    measure_explained,
    measure_name,
    state_name,
    type_explained,
    type_name,
)

# How many failures of a kind are shown; no browser opens a page with thousands.
SHOWN = 150
_BINS = 20
_STEPS = ("total", "search", "encode")
# The language as a browser knows it, so that it picks the right shapes of characters.
_TAGS = {"zh": "zh-Hans"}

# Heading -> measures.
Columns = dict[str, dict[str, Any]]
Words = Mapping[str, str]

KINDS: dict[str, Callable[[Outcome], bool]] = {
    "missed": lambda o: o.answerable and not o.abstained and not o.right,
    "refused": lambda o: o.answerable and o.abstained,
    "invented": lambda o: not o.answerable and not o.abstained,
}

_FOLDER = Path(__file__).parent / "templates"
_TEMPLATES = Templates(_FOLDER, "evaluation")


@dataclass(frozen=True, slots=True)
class FoundText:
    """A quotation or passage."""

    text: str
    place: str
    """Its report and headings, and its score."""
    holds: bool
    """Whether it holds evidence."""


@dataclass(frozen=True, slots=True)
class FailureView:
    """A question that failed, as the template shows it."""

    question: str
    facts: str
    """Its name and type, the confidence and what became of it."""
    history: tuple[str, ...]
    refused: bool
    evidence: list[tuple[str, bool]]
    """Each snippet, and whether it is cited."""
    quotes: list[FoundText]
    passages: list[FoundText]


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """The failures of a kind."""

    count: int
    shown: list[FailureView]


def report_page(run: Run, language: str = "en") -> str:
    """Render the page of a run, in that language."""
    words, summary = evaluation_words(language), run.summary()
    columns = columns_of(summary, run.types)
    _, *types = columns
    explained = [(type_name(name, language), type_explained(name, language)) for name in types]
    return _TEMPLATES.render(
        "report.html",
        language,
        tag=_TAGS.get(language, language),
        style=_style(),
        name=run.about.get("questions", ""),
        about=_about(run, summary, words),
        heads=("", words["all"], *(type_name(name, language) for name in types)),
        rows=[
            (label, [text.partition(" ")[::2] for text in cells])
            for label, cells in rows_of(columns, language)
        ],
        measures=[
            (measure_name(measure.key, language), measure_explained(measure.key, language))
            for measure in shown_measures(columns)
        ],
        types=[(name, line) for name, line in explained if line],
        plots=_plots(run, words),
        failures={
            kind: _failure_group([o for o in run.outcomes if wrong(o)], language)
            for kind, wrong in KINDS.items()
        },
    )


@cache
def _style() -> str:
    return (_FOLDER / "report.css").read_text(encoding="utf-8")


def _about(run: Run, measures: dict[str, Any], words: Words) -> str:
    about = run.about
    told = words["about"].format(
        n=measures["questions"],
        model=about.get("model") or words["none_named"],
        threshold=about.get("threshold", words["none_named"]),
    )
    chosen = about.get("settings") or {}
    return words["comma"].join([told, *(f"{name} = {value:g}" for name, value in chosen.items())])


def _plots(run: Run, words: Words) -> dict[str, str]:
    """Draw each plot as SVG, by name; "" for one that the run has nothing for."""
    outcomes, threshold = run.outcomes, float(run.about.get("threshold", 0.0))
    return {
        "risk": _risk_plot(outcomes, threshold, words),
        "confidence": _confidence_plot(outcomes, threshold, words),
        "time": _time_plot(outcomes, words),
    }


def _axes(name: str, words: Words, x_end: float, y_end: float) -> Axes:
    return Axes(words[f"{name}_x"], words[f"{name}_y"], x_end, y_end, words["drawing"])


def _risk_plot(outcomes: Sequence[Outcome], threshold: float, words: Words) -> str:
    losses = column(outcomes, "loss")
    if not len(losses) or np.isnan(losses).any():
        return ""
    sure = confidences(outcomes)
    coverage, risk = risk_curve(sure, losses, np.ones((1, len(sure))))
    points: Points = list(zip(coverage[0].tolist(), risk[0].tolist(), strict=True))
    axes = _axes("risk", words, 1.0, rounded_up(max(y for _, y in points)))
    answered = sure >= threshold
    mark = ("", 0.0, 0.0)
    if answered.any():
        label = words["threshold"].format(t=f"{threshold:g}")
        mark = (label, float(answered.mean()), float(losses[answered].mean()))
    return line_plot(axes, {words["every"]: points}, mark)


def _confidence_plot(outcomes: Sequence[Outcome], threshold: float, words: Words) -> str:
    series = {}
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        mine = [o.confidence for o in outcomes if o.answerable == answerable]
        counts, _ = np.histogram(mine, bins=_BINS, range=(0, 1))
        series[words[name].format(n=len(mine))] = (counts / max(len(mine), 1)).tolist()
    highest = max(max(shares) for shares in series.values())
    axes = _axes("confidence", words, 1.0, rounded_up(highest))
    return bar_plot(axes, series, (words["threshold"].format(t=f"{threshold:g}"), threshold))


def _time_plot(outcomes: Sequence[Outcome], words: Words) -> str:
    shares = np.linspace(0, 1, 101)
    series: dict[str, Points] = {}
    longest = 0.0
    for step in _STEPS:
        times = milliseconds(outcomes, step)
        times = times[np.isfinite(times)]
        if len(times):
            told = np.quantile(times, shares)
            # Scale the axis to the 95th percentile so that outliers do not flatten the plot.
            longest = max(longest, float(told[95]))
            series[words[step]] = list(zip((shares * 100).tolist(), told.tolist(), strict=True))
    if not series:
        return ""
    return line_plot(_axes("time", words, 100.0, rounded_up(longest)), series, ("", 0.0, 0.0))


def _failure_group(failed: Sequence[Outcome], language: str) -> FailureGroup:
    return FailureGroup(len(failed), [_failure(outcome, language) for outcome in failed[:SHOWN]])


def _failure(outcome: Outcome, language: str) -> FailureView:
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
            (snippet, any(holds(quote.text, [snippet]) for quote in outcome.quotes))
            for snippet in outcome.evidence
        ],
        quotes=[_found(text, outcome.evidence, words) for text in outcome.quotes],
        passages=[_found(text, outcome.evidence, words) for text in outcome.passages],
    )


def _found(text: Text, evidence: Sequence[str], words: Words) -> FoundText:
    place = " > ".join((text.document, *text.headings))
    score = words["score"].format(s=f"{text.score:.3f}")
    held = bool(evidence) and holds(text.text, evidence)
    return FoundText(text.text, words["comma"].join((place, score)), held)
