"""The tab of evaluation as HTML: a run at work, a run's report, two runs compared."""

from __future__ import annotations

from html import escape

from .compare import SAME, Comparison
from .evalreport import report_page
from .evaltable import flip_line
from .labels import LABELS
from .runs import Run
from .trials import Trial

# How many questions that flipped are listed.
_MOST_FLIPPED = 100


def trial_html(trial: Trial, language: str) -> str:
    """A run at work, or how the last one ended."""
    label = LABELS[language]
    if trial.state == "none":
        return ""
    name = f"<h3>{escape(trial.gold)}</h3>"
    if trial.state == "running":
        told = label["trial_running"].format(done=trial.done, total=trial.total)
        body = (
            f'<p class="meta" role="status">{told}</p><progress max="{trial.total}" '
            f'value="{trial.done}" aria-label="{told}"></progress>'
            f'<button type="button" class="plain" data-act="cancel">{label["cancel"]}</button>'
        )
    elif trial.state == "failed":
        body = f'<ul role="alert"><li>{escape(trial.error)}</li></ul>'
    else:
        body = f'<p class="meta" role="status">{label["trial_" + trial.state]}</p>'
    return f'<section class="job {trial.state}">{name}{body}</section>'


def run_html(run: Run, language: str) -> str:
    """A run's page, in a frame of its own in which no script runs."""
    title = LABELS[language]["run"]
    return (
        f'<iframe class="run" sandbox="" title="{title}" srcdoc="{escape(report_page(run))}">'
        "</iframe>"
    )


def comparison_html(comparison: Comparison, names: tuple[str, str], language: str) -> str:
    """Each measure of two runs with its difference, then the questions that flipped."""
    label = LABELS[language]
    heads = ("", *names, label["difference"], label["verdict"])
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    rows = []
    for one in comparison.differences:
        digits = min(one.measure.digits, 3)
        verdict = label["noise"] if one.verdict == SAME else escape(one.verdict)
        rows.append(
            f'<tr><th scope="row">{escape(one.measure.label)}</th><td>{one.before:.{digits}f}</td>'
            f"<td>{one.after:.{digits}f}</td><td>{one.change:+.{digits}f} "
            f"({one.low:+.{digits}f} – {one.high:+.{digits}f})</td><td>{verdict}</td></tr>"
        )
    flipped = "".join(
        f"<li>{escape(flip_line(before, after))}</li>"
        for before, after in comparison.flipped[:_MOST_FLIPPED]
    )
    told = label["matched"].format(n=comparison.matched, f=len(comparison.flipped))
    return (
        f'<div class="wide"><table class="rules"><thead><tr>{head}</tr></thead>'
        f'<tbody>{"".join(rows)}</tbody></table></div><p class="meta">{told}</p>'
        f'<ul class="flipped">{flipped}</ul>'
    )
