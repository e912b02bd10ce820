"""The tab of evaluation as HTML: the state of a run, its report, two runs compared."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.messages import Message, say
from qa.evaluation.compare import BETTER, SAME, WORSE, Comparison, Difference
from qa.evaluation.outcome import Outcome
from qa.evaluation.report import render_report
from qa.evaluation.saved_run import Run
from qa.evaluation.words import evaluation_words, measure_name, state_name
from qa.server.evaluation_runs import SHIPPED_GOLD, EvaluationJob
from qa.server.feedback import FROM_CHAT

from .labels import labels
from .render import render

# The most flipped questions (right in one run, wrong in the other) that are listed.
_MAX_FLIPPED = 100
# The name of a saved run, as `qa.server.evaluation_runs` makes it: day, time, gold set.
_RUN_NAME = re.compile(r"(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(.+)", re.DOTALL)
# A line of a gold set, as an empty tab shows it.
_EXAMPLE = {
    "id": "ev-001",
    "type": "fact",
    "question": "交流慢充的功率一般是多少?",
    "answerable": True,
    "evidence": ["功率一般为 7 千瓦"],
}


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A measure with its values in two runs."""

    name: str
    kind: str
    """"better", "worse" or ""."""
    cells: list[str]
    """The verdict, the measure before and after, and the difference with its interval."""


@dataclass(frozen=True, slots=True)
class FlippedRow:
    """A question whose outcome differs between two runs."""

    kind: str
    """"better", "worse" or "other"."""
    verdict: str
    question: str
    states: str
    """The id of the question, and its outcome in both runs, in words."""


def run_title(name: str) -> str:
    """Return the title of a run; a name that a user gave is returned as it is.

    >>> run_title("20261124-183000-gold")
    '2026-11-24 18:30:00 · gold'
    """
    match = _RUN_NAME.fullmatch(name)
    if match is None:
        return name
    year, month, day, hour, minute, second, gold = match.groups()
    return f"{year}-{month}-{day} {hour}:{minute}:{second} · {gold}"


def run_choices(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return (title, name) of each run."""
    return [(run_title(name), name) for name in names]


def earlier_choices(names: Sequence[str], language: str) -> list[tuple[str, str]]:
    """Return (title, name) of each run to compare with; the first choice, named "", is none."""
    return [(evaluation_words(language)["no_comparison"], ""), *run_choices(names)]


def gold_choices(names: Sequence[str], language: str) -> list[tuple[str, str]]:
    """Return (title, name) of each gold set; the title explains the shipped set and that of the chat."""
    label = evaluation_words(language)
    known = {SHIPPED_GOLD.as_posix(): label["every_shipped"], FROM_CHAT: label["from_chat"]}
    return [(f"{name} · {known[name]}" if name in known else name, name) for name in names]


def run_state_html(job: EvaluationJob, language: str) -> str:
    """Render the progress of a run, or how it ended."""
    if job.state == "none":
        return ""
    if job.error is not None:
        return failure_html(job.error, language, job.gold)
    return render(
        "run_state.html",
        language,
        state=job.state,
        gold=job.gold,
        error="",
        done=job.done,
        total=job.total,
    )


def failure_html(message: Message, language: str, gold: str = "") -> str:
    """Render an error, below the name of the gold set."""
    error = say(message, language)
    return render("run_state.html", language, state="failed", gold=gold, error=error)


def intro_html(language: str) -> str:
    """Render the explanation of evaluations and gold sets, for a tab without runs."""
    return render(
        "evaluation_intro.html",
        language,
        words=evaluation_words(language),
        example=json.dumps(_EXAMPLE, ensure_ascii=False),
    )


def run_html(run: Run, language: str) -> str:
    """Render the report of a run, in a frame in which no script runs."""
    return render("run.html", language, page=render_report(run, language))


def comparison_html(comparison: Comparison, names: tuple[str, str], language: str) -> str:
    """Render each measure of two runs with its difference, then the questions that flipped."""
    label, words = labels(language), evaluation_words(language)
    titles = [run_title(name) for name in names]
    lacking = zip(titles, (comparison.only_before, comparison.only_after), strict=True)
    remarks = [words["only_in"].format(n=len(only), name=title) for title, only in lacking if only]
    flipped = comparison.flipped
    matched = label["matched"].format(n=comparison.matched, f=len(flipped))
    return render(
        "comparison.html",
        language,
        heads=("", label["verdict"], *titles, label["difference"]),
        differences=[
            _difference_row(difference, language) for difference in comparison.differences
        ],
        remarks=[*remarks, words["times"]],
        matched=matched if flipped else matched.rstrip("：:"),
        more=words["most"].format(n=_MAX_FLIPPED) if len(flipped) > _MAX_FLIPPED else "",
        flipped=[_flipped_row(*pair, language) for pair in flipped[:_MAX_FLIPPED]],
    )


def _difference_row(difference: Difference, language: str) -> DifferenceRow:
    digits = min(difference.measure.digits, 3)
    low, high = (f"{limit:+.{digits}f}" for limit in (difference.low, difference.high))
    limits = evaluation_words(language)["span"].format(low=low, high=high)
    return DifferenceRow(
        name=measure_name(difference.measure.key, language),
        kind={BETTER: "better", WORSE: "worse"}.get(difference.verdict, ""),
        cells=[
            labels(language)["noise"]
            if difference.verdict == SAME
            else state_name(difference.verdict, language),
            f"{difference.before:.{digits}f}",
            f"{difference.after:.{digits}f}",
            f"{difference.change:+.{digits}f} ({limits})",
        ],
    )


def _flipped_row(before: Outcome, after: Outcome, language: str) -> FlippedRow:
    kind = "better" if after.correct else "worse" if before.correct else "other"
    states = " → ".join(state_name(outcome.state, language) for outcome in (before, after))
    verdict = evaluation_words(language)[f"flip_{kind}"]
    return FlippedRow(kind, verdict, after.question, f"{after.id} {states}")
