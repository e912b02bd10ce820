"""A run as one HTML page: measures, plots, and each failure with what was found instead.

It needs no network, no script and no index: all of it is read off the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np

from indexer.text.fold import script_of

from .bootstrap import risk_curve
from .measures import column, confidences, milliseconds
from .outcome import Outcome, Text, holds
from .plots import Axes, Points, bar_plot, line_plot, rounded_up
from .saved_run import Run
from .tables import columns_of, rows_of, shown_measures
from .words import EXPLAINED, TYPES_EXPLAINED, WORDS, measure_name, said, type_name

# How many failures of a kind are shown; a page with thousands opens in no browser.
SHOWN = 150
_BINS = 20
_STEPS = ("total", "search", "encode")
# The language as a browser knows it, so that it picks the right shapes of characters.
_TAGS = {"zh": "zh-Hans"}

# Heading -> measures.
Columns = dict[str, dict[str, Any]]
Words = dict[str, str]

KINDS: dict[str, Callable[[Outcome], bool]] = {
    "missed": lambda o: o.answerable and not o.abstained and not o.right,
    "refused": lambda o: o.answerable and o.abstained,
    "invented": lambda o: not o.answerable and not o.abstained,
}

# In a frame, `prefers-color-scheme` is the scheme of the frame's element: see `.run` in evaluation.css.
_STYLE = """
:root { color-scheme: light dark; --ink: #292524; --soft: #57534e; --line: #e2dfdc; --paper: #fff;
  --card: #f5f5f4; --a: #2463a6; --b: #c2570c; --c: #4d7c2a; --good: #20703c; --bad: #a8231f }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e6e4; --soft: #aaa49e; --line: #3a3734;
  --paper: #1e1c1b; --card: #2a2826; --a: #6aa9ea; --b: #f0954f; --c: #8fc266; --good: #6cc48b;
  --bad: #f08c85 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1320px; padding: 24px 24px 60px; background: var(--paper);
  color: var(--ink); font: .9375rem/1.6 -apple-system, "Segoe UI", "PingFang SC",
  "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif }
h1 { font-size: 1.375rem; line-height: 1.4; margin: 0; overflow-wrap: anywhere }
h2 { font-size: 1.125rem; margin: 32px 0 8px }
h3 { font-size: .8125rem; margin: 0 0 6px; color: var(--soft); font-weight: 600 }
p, .about { color: var(--soft); margin: 4px 0; overflow-wrap: anywhere }
.scroll { overflow-x: auto; margin: 8px 0 12px }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .8125rem }
th, td { text-align: right; padding: 4px 8px; border-bottom: 1px solid var(--line);
  white-space: nowrap }
tr > :first-child { position: sticky; left: 0; padding-left: 0; text-align: left;
  font-weight: 400; background: var(--paper) }
td small { color: var(--soft); font-size: .75rem }
.plots { display: grid; gap: 20px;
  grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)) }
figure { display: flex; flex-direction: column; margin: 0; padding: 14px 16px;
  border: 1px solid var(--line); border-radius: 10px }
figcaption { flex: 1; font-weight: 600 }
figcaption p { margin: 2px 0 8px; font-size: .8125rem; font-weight: 400 }
svg { width: 100%; height: auto; display: block }
svg text { font-size: 13px; fill: var(--soft) } svg .told { fill: var(--ink) }
.grid { stroke: var(--line) } .line { fill: none; stroke-width: 2 }
rect.s0 { fill: var(--a) } rect.s1 { fill: var(--b) }
.line.s0 { stroke: var(--a) } .line.s1 { stroke: var(--b) } .line.s2 { stroke: var(--c) }
.limit { stroke: var(--ink); stroke-dasharray: 4 3 } .mark { fill: var(--ink) }
.key { font-size: .75rem; min-height: 20px; color: var(--soft) } .key span { margin-right: 14px }
.key span::before { content: ""; display: inline-block; width: 10px; height: 10px;
  margin-right: 5px; border-radius: 2px } .k0::before { background: var(--a) }
.k1::before { background: var(--b) } .k2::before { background: var(--c) }
details { border: 1px solid var(--line); border-radius: 10px; margin: 8px 0; padding: 8px 14px }
summary { cursor: pointer; overflow-wrap: anywhere }
summary small { color: var(--soft); margin-left: 8px; font-size: .8125rem }
summary .before { display: block; margin: 0 }
dl { display: grid; grid-template-columns: minmax(8em, max-content) 1fr; gap: 4px 20px;
  margin: 10px 0; font-size: .875rem }
dt { font-weight: 600 } dd { margin: 0; color: var(--soft) }
.sides { display: grid; grid-template-columns: 1fr 1.4fr 2fr; gap: 20px; margin-top: 10px }
.text { background: var(--card); border-radius: 6px; padding: 6px 10px; margin: 0 0 8px;
  overflow-wrap: anywhere; white-space: pre-wrap }
.text small { display: block; color: var(--soft); font-size: .8125rem }
.yes { color: var(--good) } .no { color: var(--bad) }
@media (max-width: 900px) { .sides { grid-template-columns: minmax(0, 1fr) } }
@media (max-width: 560px) { body { padding: 16px 14px 40px }
  dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: 8px } }
"""


def report_page(run: Run, language: str = "en") -> str:
    """The page of a run, in that language."""
    words, measures = WORDS[language], run.summary()
    columns = columns_of(measures, run.types)
    title = escape(words["title"].format(name=run.about.get("questions", "")))
    failures = [
        _failures(kind, [o for o in run.outcomes if wrong(o)], language)
        for kind, wrong in KINDS.items()
    ]
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{_TAGS.get(language, language)}">\n<head>',
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f'<h1>{title}</h1>\n<p class="about">{escape(_about(run, measures, words))}</p>',
            f"<h2>{words['measures']}</h2>\n<p>{words['brackets']}</p>",
            _table(columns, language),
            _meaning(columns, language),
            f"<h2>{words['plots']}</h2>",
            f'<div class="plots">{"".join(_plots(run, words))}</div>',
            *failures,
            "</body>\n</html>\n",
        ]
    )


def _about(run: Run, measures: dict[str, Any], words: Words) -> str:
    about = run.about
    told = words["about"].format(
        n=measures["questions"],
        model=about.get("model") or words["none_named"],
        threshold=about.get("threshold", words["none_named"]),
    )
    chosen = about.get("settings") or {}
    return words["comma"].join([told, *(f"{name} = {value:g}" for name, value in chosen.items())])


def _table(columns: Columns, language: str) -> str:
    _, *types = columns
    names = ("", WORDS[language]["all"], *(type_name(name, language) for name in types))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th>{"".join(map(_cell, cells))}</tr>'
        for label, cells in rows_of(columns, language)
    )
    # With a tab stop, so that a keyboard can scroll it.
    label = WORDS[language]["measures"]
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>'
        f"<tr>{head}</tr>{body}</table></div>"
    )


def _cell(text: str) -> str:
    value, _, limits = text.partition(" ")
    return f"<td>{escape(value)} <small>{escape(limits)}</small></td>"


def _meaning(columns: Columns, language: str) -> str:
    """A line for each measure that the table has, and for each type of question."""
    words, (_, *types) = WORDS[language], columns
    measures = [
        (measure_name(measure, language), EXPLAINED[language][measure.key])
        for measure in shown_measures(columns)
    ]
    kinds = [
        (type_name(name, language), TYPES_EXPLAINED[language][name])
        for name in types
        if name in TYPES_EXPLAINED[language]
    ]
    more = f"<h3>{words['meaning_types']}</h3>{_explained(kinds)}" if kinds else ""
    return f"<details><summary>{words['meaning']}</summary>{_explained(measures)}{more}</details>"


def _explained(lines: Sequence[tuple[str, str]]) -> str:
    told = "".join(f"<dt>{escape(name)}</dt><dd>{escape(line)}</dd>" for name, line in lines)
    return f"<dl>{told}</dl>"


def _plots(run: Run, words: Words) -> list[str]:
    outcomes, threshold = run.outcomes, float(run.about.get("threshold", 0.0))
    plots = {
        "risk": _risk_plot(outcomes, threshold, words),
        "confidence": _confidence_plot(outcomes, threshold, words),
        "time": _time_plot(outcomes, words),
    }
    return [
        f"<figure><figcaption>{words[f'{name}_plot']}<p>{words[f'{name}_told']}</p></figcaption>"
        f"{plot}</figure>"
        for name, plot in plots.items()
        if plot
    ]


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
            # The slowest in twenty would squeeze all others to the ground.
            longest = max(longest, float(told[95]))
            series[words[step]] = list(zip((shares * 100).tolist(), told.tolist(), strict=True))
    if not series:
        return ""
    return line_plot(_axes("time", words, 100.0, rounded_up(longest)), series, ("", 0.0, 0.0))


def _failures(kind: str, failed: Sequence[Outcome], language: str) -> str:
    words = WORDS[language]
    parts = [f'<h2 id="{kind}">{words[kind].format(n=len(failed))}</h2>']
    if len(failed) > SHOWN:
        parts.append(f"<p>{words['first'].format(n=SHOWN)}</p>")
    return "\n".join(parts + [_failure(outcome, language) for outcome in failed[:SHOWN]])


def _failure(outcome: Outcome, language: str) -> str:
    words = WORDS[language]
    before = "".join(
        f'<small class="before" lang="{script_of(text)}">'
        f"{escape(words['after'].format(text=text))}</small>"
        for text in outcome.history
    )
    told = words["comma"].join(
        (
            outcome.id,
            type_name(outcome.type, language),
            words["sure"].format(c=f"{outcome.confidence:.2f}"),
            said(outcome.state, language),
        )
    )
    quoted = words["would_quote" if outcome.abstained else "quoted"]
    asked = outcome.question or outcome.id
    return (
        f'<details><summary><span lang="{script_of(asked)}">{escape(asked)}</span>'
        f"<small>{escape(told)}</small>{before}</summary>"
        f'<div class="sides"><div><h3>{words["expected"]}</h3>{_evidence(outcome, words)}</div>'
        f"<div><h3>{quoted}</h3>{_texts(outcome.quotes, outcome.evidence, words)}</div>"
        f"<div><h3>{words['passages']}</h3>"
        f"{_texts(outcome.passages, outcome.evidence, words)}</div></div></details>"
    )


def _evidence(outcome: Outcome, words: Words) -> str:
    if not outcome.evidence:
        return f"<p>{words['no_evidence']}</p>"
    told = []
    for snippet in outcome.evidence:
        cited = any(holds(quote.text, [snippet]) for quote in outcome.quotes)
        name, sign, key = ("yes", "✓", "cited") if cited else ("no", "✗", "uncited")
        mark = f'<span class="{name}" role="img" aria-label="{words[key]}">{sign}</span>'
        told.append(f'<div class="text">{mark} {_data(snippet)}</div>')
    return "".join(told)


def _texts(texts: Sequence[Text], evidence: Sequence[str], words: Words) -> str:
    if not texts:
        return f"<p>{words['nothing']}</p>"
    return "".join(
        _text(text, bool(evidence) and holds(text.text, evidence), words) for text in texts
    )


def _text(text: Text, held: bool, words: Words) -> str:
    place = " > ".join((text.document, *text.headings))
    told = words["comma"].join((place, words["score"].format(s=f"{text.score:.3f}")))
    mark = f' <span class="yes">✓ {words["holds"]}</span>' if held else ""
    return f'<div class="text">{_data(text.text)}<small>{escape(told)}{mark}</small></div>'


def _data(text: str) -> str:
    """Text of a report or a gold set, in the shapes of its own script."""
    return f'<span lang="{script_of(text)}">{escape(text)}</span>'
