"""What cleaning changed in a report, as the web page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from indexer.cleaning.diff import DiffLine, Hunk, find_hunks, summarise
from indexer.cleaning.trail import Trail
from indexer.messages import say, words
from indexer.text.fold import script_of
from indexer.text.visible import visible
from indexer.types import Document

from .labels import labels
from .render import render

# A browser shows so many places without delay; `yinju clean --diff` shows all.
_MOST_HUNKS = 300
# A longer run of removed lines is folded away, but for its first line.
_FOLDED = 6
# Characters of unchanged text beside an edit.
_BESIDE = 40
# The element of a part of a line; text that was kept has none.
_TAGS = {"removed": "del", "inserted": "ins"}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the raw text with its edits."""

    number: int
    kind: str
    """"changed", or "near" for one beside a change."""
    parts: list[tuple[str, str]]
    """The element of each part ("" for none) and its text."""


@dataclass(frozen=True, slots=True)
class RunView:
    """Lines one after the other."""

    shown: list[LineView]
    folded: list[LineView]


@dataclass(frozen=True, slots=True)
class HunkView:
    """A place where cleaning changed something."""

    first: int
    """The number of its first line."""
    last: int
    rules: str
    """What changed it."""
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
        hunks=[_hunk_view(hunk, language) for hunk in found[:_MOST_HUNKS]],
        more=max(len(found) - _MOST_HUNKS, 0),
    )


def problem_lines(document: Document, language: str) -> list[str]:
    """Return what could not be read of a report, a line each."""
    return [say(problem, language) for problem in document.problems]


def rule_counts(trail: Trail, language: str) -> dict[str, Any]:
    """Return the values of `rules.html`: totals in characters, and the counts of each rule."""
    summary = summarise(trail)
    totals = ("raw", "kept", "removed", "changed", "added")
    return {
        "totals": {name: f"{getattr(summary, name):,}" for name in totals},
        "rules": [
            (
                rule_name(one.rule, language),
                [f"{count:,}" for count in (one.edits, one.removed, one.inserted)],
            )
            for one in summary.rules
        ],
    }


def rule_name(rule: str, language: str) -> str:
    """Return a rule's name in words; of an edit that several rules made, all of them.

    >>> rule_name("pinyin+page-line", "zh")
    '拼音注音、页码行'
    """
    names = words(language)["rules"]
    return labels(language)["comma"].join(names.get(one, one) for one in rule.split("+"))


def _hunk_view(hunk: Hunk, language: str) -> HunkView:
    rules = dict.fromkeys(rule_name(edit.rule, language) for edit in hunk.edits)
    runs = [
        _run_view(list(group), gone) for gone, group in groupby(hunk.lines, lambda x: x.is_removed)
    ]
    if hunk.before:
        runs.insert(0, RunView([_line_view(hunk.before)], []))
    if hunk.after:
        runs.append(RunView([_line_view(hunk.after)], []))
    return HunkView(hunk.lines[0].number, hunk.lines[-1].number, "、".join(rules), runs)


def _run_view(lines: Sequence[DiffLine], gone: bool) -> RunView:
    """Fold a long run of removed lines; leave out removed blank lines among others."""
    lines = [line for line in lines if not gone or line.raw.strip()] or lines
    shown = [_line_view(line) for line in lines]
    if not gone or len(lines) <= _FOLDED:
        return RunView(shown, [])
    return RunView(shown[:1], shown[1:])


def _line_view(line: DiffLine) -> LineView:
    parts = []
    for at, part in enumerate(line.parts):
        text = part.text
        if part.kind == "kept":
            text = _beside(text.rstrip("\r\n"), at > 0, at < len(line.parts) - 1)
        elif line.is_removed:
            text = text.rstrip("\r\n") or text
        parts.append((_TAGS.get(part.kind, ""), visible(text, part.kind)))
    return LineView(line.number, "changed" if line.is_changed else "near", parts)


def _beside(text: str, after: bool, before: bool) -> str:
    """Shorten unchanged text: its end before an edit, its beginning behind one, both beside none."""
    if len(text) <= 2 * _BESIDE + 8:
        return text
    head = text[:_BESIDE] if after or not before else ""
    tail = text[-_BESIDE:] if before or not after else ""
    return f"{head} … {tail}"
