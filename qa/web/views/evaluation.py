"""The tab of evaluation as HTML: a run at work, a run's report, two runs compared."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape

from indexer.text.fold import script_of
from qa.evaluation.compare import BETTER, SAME, WORSE, Comparison, Difference
from qa.evaluation.outcome import Outcome
from qa.evaluation.report import report_page
from qa.evaluation.saved_run import Run
from qa.evaluation.words import WORDS, measure_name, said
from qa.server.evaluation_runs import SHIPPED, Trial
from qa.server.feedback import FROM_CHAT

from .labels import LABELS
from .messages import told_error

# How many questions that flipped are listed.
_MOST_FLIPPED = 100
# A run's name, as `qa.server.evaluation_runs` makes it: day, time, gold set.
_NAMED = re.compile(r"(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(.+)", re.DOTALL)
# A line of a gold set, as an empty tab shows it.
_EXAMPLE = {
    "id": "ev-001",
    "type": "fact",
    "question": "交流慢充的功率一般是多少?",
    "answerable": True,
    "evidence": ["功率一般为 7 千瓦"],
}


def run_title(name: str) -> str:
    """A run's name for people; one that a user gave is shown as it is.

    >>> run_title("20261124-183000-gold")
    '2026-11-24 18:30:00 · gold'
    """
    match = _NAMED.fullmatch(name)
    if match is None:
        return name
    year, month, day, hour, minute, second, gold = match.groups()
    return f"{year}-{month}-{day} {hour}:{minute}:{second} · {gold}"


def run_choices(names: Sequence[str]) -> list[tuple[str, str]]:
    """(title, name) of each run."""
    return [(run_title(name), name) for name in names]


def earlier_choices(names: Sequence[str], language: str) -> list[tuple[str, str]]:
    """(title, name) of each run to compare with, after none at all, whose name is empty."""
    return [(WORDS[language]["no_comparison"], ""), *run_choices(names)]


def gold_choices(names: Sequence[str], language: str) -> list[tuple[str, str]]:
    """(title, name) of each gold set; those that are no file of a user say what they are."""
    words = WORDS[language]
    known = {SHIPPED.as_posix(): words["every_shipped"], FROM_CHAT: words["from_chat"]}
    return [(f"{name} · {known[name]}" if name in known else name, name) for name in names]


def trial_html(trial: Trial, language: str) -> str:
    """A run at work, or how the last one ended."""
    label = LABELS[language]
    if trial.state == "none":
        return ""
    name = f"<h3>{escape(trial.gold)}</h3>"
    if trial.state == "failed":
        return failure_html(trial.error, language, name)
    if trial.state == "running":
        told = label["trial_running"].format(done=trial.done, total=trial.total)
        body = (
            f'<p class="meta" role="status">{told}</p><progress max="{trial.total}" '
            f'value="{trial.done}" aria-label="{told}"></progress>'
            f'<button type="button" class="plain" data-act="cancel">{label["cancel"]}</button>'
        )
    else:
        body = f'<p class="meta" role="status">{label["trial_" + trial.state]}</p>'
    return f'<section class="job {trial.state}">{name}{body}</section>'


def failure_html(message: str, language: str, heading: str = "") -> str:
    """What went wrong, below a heading that is HTML already."""
    told = escape(told_error(message, language))
    return f'<section class="job failed">{heading}<ul role="alert"><li>{told}</li></ul></section>'


def intro_html(language: str) -> str:
    """What an evaluation and a gold set are, where there is no run to show."""
    words = WORDS[language]
    example = escape(json.dumps(_EXAMPLE, ensure_ascii=False))
    return (
        f'<div class="notice intro"><h2>{words["intro"]}</h2><p>{words["intro_what"]}</p>'
        f"<p>{words['intro_gold']}</p><pre>{example}</pre><p>{words['intro_chat']}</p></div>"
    )


def run_html(run: Run, language: str) -> str:
    """A run's page, in a frame of its own in which no script runs."""
    title = LABELS[language]["run"]
    page = escape(report_page(run, language))
    return f'<iframe class="run" sandbox="" title="{title}" srcdoc="{page}"></iframe>'


def comparison_html(comparison: Comparison, names: tuple[str, str], language: str) -> str:
    """Each measure of two runs with its difference, then the questions that flipped."""
    label, words = LABELS[language], WORDS[language]
    titles = [run_title(name) for name in names]
    heads = ("", label["verdict"], *titles, label["difference"])
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    rows = "".join(_difference(one, language) for one in comparison.differences)
    lacking = zip(titles, (comparison.only_before, comparison.only_after), strict=True)
    told = [
        words["only_in"].format(n=len(only), name=escape(title)) for title, only in lacking if only
    ]
    matched = label["matched"].format(n=comparison.matched, f=len(comparison.flipped))
    flipped = "".join(_flip(*pair, language) for pair in comparison.flipped[:_MOST_FLIPPED])
    more = words["most"].format(n=_MOST_FLIPPED) if len(comparison.flipped) > _MOST_FLIPPED else ""
    return (
        f'<div class="compared"><div class="wide" tabindex="0"><table class="rules"><thead>'
        f"<tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        f'<p class="meta">{" ".join([*told, words["times"]])}</p>'
        f"<p>{matched if flipped else matched.rstrip('：:')} {more}</p>"
        f'<ul class="flipped">{flipped}</ul></div>'
    )


def _difference(one: Difference, language: str) -> str:
    digits = min(one.measure.digits, 3)
    name = {BETTER: "better", WORSE: "worse"}.get(one.verdict, "")
    low, high = (f"{limit:+.{digits}f}" for limit in (one.low, one.high))
    verdict = LABELS[language]["noise"] if one.verdict == SAME else said(one.verdict, language)
    limits = WORDS[language]["span"].format(low=low, high=high)
    return (
        f'<tr class="{name}"><th scope="row">{escape(measure_name(one.measure, language))}</th>'
        f"<td>{verdict}</td>"
        f"<td>{one.before:.{digits}f}</td><td>{one.after:.{digits}f}</td>"
        f"<td>{one.change:+.{digits}f} ({limits})</td></tr>"
    )


def _flip(before: Outcome, after: Outcome, language: str) -> str:
    kind = "better" if after.right else "worse" if before.right else "other"
    states = " → ".join(said(one.state, language) for one in (before, after))
    asked = after.question
    return (
        f'<li><b class="{kind}">{WORDS[language]["flip_" + kind]}</b> '
        f'<span lang="{script_of(asked)}">{escape(asked)}</span> '
        f"<small>{escape(after.id)} {escape(states)}</small></li>"
    )
