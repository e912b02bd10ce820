"""The record of cleaning as HTML: what cleaning changed in a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from indexer.cleaning.diff import DiffLine, Hunk, find_hunks, summarise
from indexer.cleaning.trail import Trail
from indexer.messages import load_locale, say
from indexer.text.fold import script_of
from indexer.text.visible import escape_invisible
from indexer.types import Document

from .labels import labels
from .render import render

# The most places that are shown: a browser shows these without delay. `yinju clean --diff` shows all.
_MAX_HUNKS = 300
# The most removed lines in a row that are shown; of a longer run all but the first are folded away.
_MAX_RUN = 6
# Characters of unchanged text that are shown before and after an edit.
_CONTEXT = 40
# The element of each kind of part of a line; kept text has none.
_TAGS = {"removed": "del", "inserted": "ins"}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the raw text with its edits."""

    number: int
    kind: str
    """"changed", or "near" for an unchanged line beside a change."""
    parts: list[tuple[str, str]]
    """(element, text) of each part; the element is "" for kept text."""


@dataclass(frozen=True, slots=True)
class RunView:
    """Consecutive lines, of which the end may be folded away."""

    shown: list[LineView]
    folded: list[LineView]


@dataclass(frozen=True, slots=True)
class HunkView:
    """A place where cleaning changed something."""

    first: int
    """The number of its first line in the raw text."""
    last: int
    """The number of its last line."""
    rules: str
    """The names of the rules that changed it."""
    runs: list[RunView]


def trail_html(document: Document, trail: Trail, language: str) -> str:
    """Render the panel of sources: counts by rule, then each place before and after cleaning."""
    found = [hunk for hunk in find_hunks(trail) if not hunk.only_line_ends]
    facts = [document.path, document.format, document.encoding or ""]
    return render(
        "cleaning.html",
        language,
        script=script_of(trail.text[:2000]),
        title=document.title,
        facts=[fact for fact in facts if fact],
        problems=problem_lines(document, language),
        **rule_counts(trail, language),
        hunks=[_hunk_view(hunk, language) for hunk in found[:_MAX_HUNKS]],
        more=max(len(found) - _MAX_HUNKS, 0),
    )


def problem_lines(document: Document, language: str) -> list[str]:
    """Return the problems of a report in words, a line each."""
    return [say(problem, language) for problem in document.problems]


def rule_counts(trail: Trail, language: str) -> dict[str, Any]:
    """Count the changes of each rule, for `rules.html`; totals are in characters."""
    summary = summarise(trail)
    totals = ("raw", "kept", "removed", "changed", "added")
    return {
        "totals": {name: f"{getattr(summary, name):,}" for name in totals},
        "rules": [
            (
                rule_name(rule.rule, language),
                [f"{count:,}" for count in (rule.edits, rule.removed, rule.inserted)],
            )
            for rule in summary.rules
        ],
    }


def rule_name(rule: str, language: str) -> str:
    """Return the name of a rule in words; for an edit that several rules made, the names of all.

    >>> rule_name("pinyin+page-line", "zh")
    '拼音注音、页码行'
    """
    names = load_locale(language)["rules"]
    return labels(language)["comma"].join(names.get(name, name) for name in rule.split("+"))


def _hunk_view(hunk: Hunk, language: str) -> HunkView:
    rules = dict.fromkeys(rule_name(edit.rule, language) for edit in hunk.edits)
    runs = [
        _run_view(list(lines), removed)
        for removed, lines in groupby(hunk.lines, lambda line: line.is_removed)
    ]
    if hunk.before:
        runs.insert(0, RunView([_line_view(hunk.before)], []))
    if hunk.after:
        runs.append(RunView([_line_view(hunk.after)], []))
    return HunkView(hunk.lines[0].number, hunk.lines[-1].number, "、".join(rules), runs)


def _run_view(lines: Sequence[DiffLine], removed: bool) -> RunView:
    """Fold a long run of removed lines; leave out removed blank lines among others."""
    lines = [line for line in lines if not removed or line.raw.strip()] or lines
    shown = [_line_view(line) for line in lines]
    if not removed or len(lines) <= _MAX_RUN:
        return RunView(shown, [])
    return RunView(shown[:1], shown[1:])


def _line_view(line: DiffLine) -> LineView:
    parts = []
    for at, part in enumerate(line.parts):
        text = part.text
        if part.kind == "kept":
            text = _shorten(text.rstrip("\r\n"), at > 0, at < len(line.parts) - 1)
        elif line.is_removed:
            text = text.rstrip("\r\n") or text
        parts.append((_TAGS.get(part.kind, ""), escape_invisible(text, part.kind)))
    return LineView(line.number, "changed" if line.is_changed else "near", parts)


def _shorten(text: str, after: bool, before: bool) -> str:
    """Shorten a long unchanged text to what is beside an edit.

    Args:
        after: an edit stands before the text: keep its beginning.
        before: an edit stands behind the text: keep its end. Without any edit keep both.
    """
    if len(text) <= 2 * _CONTEXT + 8:
        return text
    head = text[:_CONTEXT] if after or not before else ""
    tail = text[-_CONTEXT:] if before or not after else ""
    return f"{head} … {tail}"
