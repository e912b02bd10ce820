"""A run as one HTML page: measures, plots, and each failure with what was found instead.

It needs no network, no script and no index: all of it is read off the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np

from .bootstrap import risk_curve
from .evaltable import columns_of, rows_of
from .measures import column, confidences, milliseconds
from .outcome import Outcome, Text, holds
from .plots import Axes, Points, bar_plot, line_plot, rounded_up
from .runs import Run

# How many failures of a kind are shown; a page with thousands opens in no browser.
SHOWN = 150
_BINS = 20
_STEPS = {"total": "answer", "search": "search", "encode": "encode the question"}

KINDS: dict[str, tuple[str, Callable[[Outcome], bool]]] = {
    "missed": (
        "Evidence not cited",
        lambda o: o.answerable and not o.abstained and not o.right,
    ),
    "refused": ("Answerable, but refused", lambda o: o.answerable and o.abstained),
    "invented": ("Unanswerable, but answered", lambda o: not o.answerable and not o.abstained),
}

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --paper: #fff;
  --card: #f6f8fa; --a: #2463a6; --b: #c2570c; --c: #4d7c2a; --good: #20703c; --bad: #a8231f }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa5b4; --line: #3a424e;
  --paper: #171b21; --card: #1f252d; --a: #6aa9ea; --b: #f0954f; --c: #8fc266; --good: #6cc48b;
  --bad: #f08c85 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1320px; padding: 28px 24px 60px; background: var(--paper);
  color: var(--ink); font: 15px/1.55 system-ui, "Noto Sans CJK SC", "PingFang SC", sans-serif }
h1 { font-size: 24px; margin: 0 } h2 { font-size: 18px; margin: 36px 0 8px }
h3 { font-size: 13px; margin: 0 0 6px; color: var(--soft); font-weight: 600 }
p, .about { color: var(--soft); margin: 4px 0 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px }
th, td { text-align: right; padding: 4px 11px; border-bottom: 1px solid var(--line);
  white-space: nowrap }
th:first-child, td:first-child { text-align: left; padding-left: 0 }
td small { color: var(--soft) }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(360px, 1fr)); gap: 20px }
figure { margin: 0; padding: 14px 16px; border: 1px solid var(--line); border-radius: 8px }
figcaption { font-weight: 600 } svg { width: 100%; height: auto; display: block }
svg text { font-size: 12px; fill: var(--soft) } svg .told { fill: var(--ink) }
.grid { stroke: var(--line) } .line { fill: none; stroke-width: 2 }
rect.s0 { fill: var(--a) } rect.s1 { fill: var(--b) }
.line.s0 { stroke: var(--a) } .line.s1 { stroke: var(--b) } .line.s2 { stroke: var(--c) }
.limit { stroke: var(--ink); stroke-dasharray: 4 3 } .mark { fill: var(--ink) }
.key { font-size: 12px; min-height: 20px; color: var(--soft) } .key span { margin-right: 14px }
.key span::before { content: ""; display: inline-block; width: 10px; height: 10px;
  margin-right: 5px; border-radius: 2px } .k0::before { background: var(--a) }
.k1::before { background: var(--b) } .k2::before { background: var(--c) }
details { border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; padding: 8px 14px }
summary { cursor: pointer } summary small { color: var(--soft); margin-left: 8px }
.sides { display: grid; grid-template-columns: 1fr 1.4fr 2fr; gap: 20px; margin-top: 10px }
@media (max-width: 900px) { .sides { grid-template-columns: 1fr } }
.text { background: var(--card); border-radius: 6px; padding: 6px 10px; margin: 0 0 8px;
  overflow-wrap: anywhere; white-space: pre-wrap }
.text small { display: block; color: var(--soft) }
.yes { color: var(--good) } .no { color: var(--bad) }
"""


def report_page(run: Run) -> str:
    """The page of a run."""
    measures = run.summary()
    title = f"Evaluation: {run.about.get('questions', '')}"
    failures = [
        _failures(kind, heading, [o for o in run.outcomes if wrong(o)])
        for kind, (heading, wrong) in KINDS.items()
    ]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f"<h1>{escape(title)}</h1>",
            f'<p class="about">{escape(_about(run.about))}</p>',
            "<h2>Measures</h2>\n<p>In brackets: 95 % bootstrap intervals over questions.</p>",
            _table(columns_of(measures, run.types)),
            "<h2>Confidence and speed</h2>",
            f'<div class="plots">{"".join(_plots(run))}</div>',
            *failures,
            "</body>\n</html>\n",
        ]
    )


def _about(about: dict[str, Any]) -> str:
    chosen = about.get("settings") or {}
    told = [f"model {about.get('model', 'unknown')}", f"threshold {about.get('threshold', '?')}"]
    return ", ".join(told + [f"{name} = {value:g}" for name, value in chosen.items()])


def _table(columns: dict[str, dict[str, Any]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in ("", *columns))
    body = "".join(
        f"<tr><td>{escape(label)}</td>{''.join(map(_cell, cells))}</tr>"
        for label, cells in rows_of(columns)
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _cell(text: str) -> str:
    value, _, limits = text.partition(" ")
    return f"<td>{escape(value)} <small>{escape(limits)}</small></td>"


def _plots(run: Run) -> list[str]:
    outcomes, threshold = run.outcomes, float(run.about.get("threshold", 0.0))
    plots = {
        "Risk over coverage": _risk_plot(outcomes, threshold),
        "Confidences": _confidence_plot(outcomes, threshold),
        "Time a question": _time_plot(outcomes),
    }
    return [
        f"<figure><figcaption>{escape(name)}</figcaption>{plot}</figure>"
        for name, plot in plots.items()
        if plot
    ]


def _risk_plot(outcomes: Sequence[Outcome], threshold: float) -> str:
    losses = column(outcomes, "loss")
    if not len(losses) or np.isnan(losses).any():
        return ""
    sure = confidences(outcomes)
    coverage, risk = risk_curve(sure, losses, np.ones((1, len(sure))))
    points: Points = list(zip(coverage[0].tolist(), risk[0].tolist(), strict=True))
    axes = Axes("coverage: share answered", "risk: share of those wrong", 1.0,
                rounded_up(max(y for _, y in points)))  # fmt: skip
    answered = sure >= threshold
    mark = ("", 0.0, 0.0)
    if answered.any():
        mark = (f"threshold {threshold:g}", float(answered.mean()), float(losses[answered].mean()))
    return line_plot(axes, {"all questions": points}, mark)


def _confidence_plot(outcomes: Sequence[Outcome], threshold: float) -> str:
    series = {}
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        mine = [o.confidence for o in outcomes if o.answerable == answerable]
        counts, _ = np.histogram(mine, bins=_BINS, range=(0, 1))
        series[f"{name} ({len(mine)})"] = (counts / max(len(mine), 1)).tolist()
    highest = max(max(shares) for shares in series.values())
    axes = Axes("confidence", "share of its kind", 1.0, rounded_up(highest))
    return bar_plot(axes, series, (f"threshold {threshold:g}", threshold))


def _time_plot(outcomes: Sequence[Outcome]) -> str:
    shares = np.linspace(0, 1, 101)
    series: dict[str, Points] = {}
    longest = 0.0
    for step, name in _STEPS.items():
        times = milliseconds(outcomes, step)
        times = times[np.isfinite(times)]
        if len(times):
            told = np.quantile(times, shares)
            # The slowest in twenty would squeeze all others to the ground.
            longest = max(longest, float(told[95]))
            series[name] = list(zip((shares * 100).tolist(), told.tolist(), strict=True))
    if not series:
        return ""
    axes = Axes("% of questions that take no longer", "milliseconds", 100.0, rounded_up(longest))
    return line_plot(axes, series, ("", 0.0, 0.0))


def _failures(kind: str, heading: str, failed: Sequence[Outcome]) -> str:
    parts = [f'<h2 id="{kind}">{escape(heading)}: {len(failed)}</h2>']
    if len(failed) > SHOWN:
        parts.append(f"<p>The first {SHOWN}; the saved run has all.</p>")
    return "\n".join(parts + [_failure(outcome) for outcome in failed[:SHOWN]])


def _failure(outcome: Outcome) -> str:
    before = "".join(f"<small>after: {escape(text)}</small>" for text in outcome.history)
    quoted = "Would have quoted" if outcome.abstained else "Quoted"
    return (
        f"<details><summary>{escape(outcome.question or outcome.id)}"
        f"<small>{escape(outcome.id)}, {escape(outcome.type)}, confidence "
        f"{outcome.confidence:.2f}, {escape(outcome.state)}</small>{before}</summary>"
        f'<div class="sides"><div><h3>Expected evidence</h3>{_evidence(outcome)}</div>'
        f"<div><h3>{quoted}</h3>{_texts(outcome.quotes, outcome.evidence)}</div>"
        f"<div><h3>Top passages</h3>{_texts(outcome.passages, outcome.evidence)}</div></div>"
        "</details>"
    )


def _evidence(outcome: Outcome) -> str:
    if not outcome.evidence:
        return "<p>none: the reports do not say</p>"
    told = []
    for snippet in outcome.evidence:
        cited = any(holds(quote.text, [snippet]) for quote in outcome.quotes)
        mark = '<span class="yes">✓</span>' if cited else '<span class="no">✗</span>'
        told.append(f'<div class="text">{mark} {escape(snippet)}</div>')
    return "".join(told)


def _texts(texts: Sequence[Text], evidence: Sequence[str]) -> str:
    if not texts:
        return "<p>nothing</p>"
    return "".join(_text(text, bool(evidence) and holds(text.text, evidence)) for text in texts)


def _text(text: Text, held: bool) -> str:
    place = " > ".join((text.document, *text.headings))
    mark = ' <span class="yes">✓ holds evidence</span>' if held else ""
    return (
        f'<div class="text">{escape(text.text)}<small>{escape(place)}, score {text.score:.3f}'
        f"{mark}</small></div>"
    )
