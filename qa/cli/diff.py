"""Print what cleaning changed: `yinju clean --diff`.

Characters that are not printable are shown as escapes, so that the text of a report cannot control
the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, islice

from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style

from indexer.cleaning.diff import (
    CONTEXT_DISTANCE,
    DiffLine,
    Hunk,
    Kind,
    Summary,
    find_hunks,
    summarise,
)
from indexer.cleaning.trail import Edit, Trail
from indexer.text.visible import escape_invisible

# Characters shown of the unchanged text beside an edit, and of each end of a long edit.
_CONTEXT, _EDIT_ENDS = 24, 40
# A text is shortened only if more characters than this can be hidden, a run of removed lines only if
# at least this many lines can.
_MOST_UNHIDDEN, _FEWEST_HIDDEN_LINES = 24, 4
# Lines shown at each end of a long run of removed lines.
_END_LINES = 3
# Edits shown of each rule of a hunk but the first.
_EDITS_SHOWN = 3

_COLOURS = {
    "head": Style.parse("bold cyan"),
    "quiet": Style.parse("dim"),
    "removed": Style.parse("red strike"),
    "inserted": Style.parse("green"),
    # White space: struck out or in green it would not be visible.
    "removed blank": Style.parse("red reverse"),
    "inserted blank": Style.parse("green reverse"),
}
_MARKS = {"removed": ("[-", "-]"), "inserted": ("{+", "+}")}
# The first character of what looks like a mark or a note on hidden text; it is escaped in texts.
_MARK_CHARACTERS = re.compile(r"\[(?=-)|-(?=\])|\{(?=\+)|\+(?=\})|<(?=…)")
# Rows that are given to the console at a time: printing them one by one is slow.
_ROWS_AT_ONCE = 1000

# A line of the output: (kind, text) of each part. Kinds are those of the diff, "plain", and "head" and
# "quiet", which have words of the program.
Row = list[tuple[str, str]]


def print_difference(trail: Trail) -> None:
    """Print hunks and summary, in colour if standard output is a terminal that may show it."""
    console = Console()
    # Not console.is_terminal: an environment variable can set that for a pipe as well.
    coloured = console.file.isatty() and not console.no_color and bool(console.color_system)
    rows = format_difference(find_hunks(trail), summarise(trail))
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        segments = [part for row in batch for part in to_segments(row, coloured=coloured)]
        console.print(Segments(segments), soft_wrap=True, end="")


def to_segments(row: Row, *, coloured: bool) -> Iterator[Segment]:
    """Yield the segments of a row for the console, with a line end.

    Kinds are shown as colours, or else as marks; the text is then escaped where it looks like one.
    """
    for kind, text in row:
        if coloured:
            shown = escape_invisible(text, kind)
            blank = " blank" if kind in _MARKS and shown.isspace() else ""
            yield Segment(shown, _COLOURS.get(kind + blank))
        elif kind in ("head", "quiet"):
            yield Segment(text)
        else:
            opening, closing = _MARKS.get(kind, ("", ""))
            yield Segment(
                opening + _MARK_CHARACTERS.sub(r"\\\g<0>", escape_invisible(text, kind)) + closing
            )
    yield Segment("\n")


def format_difference(hunks: list[Hunk], summary: Summary) -> Iterator[Row]:
    """Yield all rows of the output. Hunks that change only line ends are not shown but counted."""
    shown = [hunk for hunk in hunks if not hunk.only_line_ends]
    width = len(str(max((hunk.lines[-1].number for hunk in hunks), default=0) + CONTEXT_DISTANCE))
    for hunk in shown:
        yield from _format_hunk(hunk, width)
    line_ends = sum(len(hunk.lines) for hunk in hunks if hunk.only_line_ends)
    if shown:
        yield []
    if line_ends:
        yield [("head", f"{line_ends:,} more lines differ only in the kind of their line end.")]
    yield from _format_summary(summary)


def _format_hunk(hunk: Hunk, width: int) -> Iterator[Row]:
    """Yield the rows of a hunk: lines and rules, then its lines with one unchanged line around them.

    Args:
        width: characters of a line number.
    """
    first, last = hunk.lines[0].number, hunk.lines[-1].number
    place = f"@@ {first}" if first == last else f"@@ {first}-{last}"
    yield [("head", f"{place}: "), *_format_rules(hunk.edits)]
    if hunk.before:
        yield _format_line(hunk.before, width)
    for is_removed, group in groupby(hunk.lines, key=lambda line: line.is_removed):
        lines = list(group)
        hidden = lines[_END_LINES:-_END_LINES] if is_removed else []
        if len(hidden) < _FEWEST_HIDDEN_LINES:
            yield from (_format_line(line, width) for line in lines)
            continue
        yield from (_format_line(line, width) for line in lines[:_END_LINES])
        size = sum(len(line.raw) for line in hidden)
        note = f"<… {len(hidden):,} lines removed, {size:,} characters …>"
        yield [("quiet", f"{'':{width}} - {note}")]
        yield from (_format_line(line, width) for line in lines[-_END_LINES:])
    if hunk.after:
        yield _format_line(hunk.after, width)


def _format_rules(edits: tuple[Edit, ...]) -> Row:
    """Return the rules of a hunk, most edits first; all but the first with some of their edits.

    The edits show which changes of the hunk are not of its first rule.
    """
    changes_by_rule: dict[str, list[tuple[str, str]]] = {}
    for edit in edits:
        changes_by_rule.setdefault(edit.rule, []).append((edit.removed, edit.inserted))
    row: Row = []
    for rule, changes in sorted(changes_by_rule.items(), key=lambda item: -len(item[1])):
        times = f" ×{len(changes):,}" if len(changes) > 1 else ""
        row.append(("head", f"{', ' if row else ''}{rule}{times}"))
        if len(row) == 1:
            continue
        distinct = list(dict.fromkeys(changes))
        for removed, inserted in distinct[:_EDITS_SHOWN]:
            row.append(("quiet", " "))
            row += _shorten("removed", removed, _CONTEXT // 2, _CONTEXT // 2)
            row += _shorten("inserted", inserted, _CONTEXT // 2, _CONTEXT // 2)
        if len(distinct) > _EDITS_SHOWN:
            row.append(("quiet", " …"))
    return row


def _format_line(line: DiffLine, width: int) -> Row:
    """Return a line: its number, "-" if it was removed or "~" if it was changed, and its parts."""
    sign = "-" if line.is_removed else "~" if line.is_changed else " "
    row: Row = [("quiet", f"{line.number:>{width}} {sign} ")]
    parts = list(line.parts)
    # Show the line end only if it was changed; for a removed line, only if the line has nothing else.
    if parts and (parts[-1].kind == "kept" or (line.is_removed and line.raw.strip("\r\n"))):
        parts[-1] = replace(parts[-1], text=parts[-1].text.rstrip("\r\n"))
    for index, part in enumerate(parts):
        if part.kind != "kept":
            row += _shorten(part.kind, part.text, _EDIT_ENDS, _EDIT_ENDS)
            continue
        is_only = len(parts) == 1
        head = _CONTEXT if index or is_only else 0
        tail = _CONTEXT if index < len(parts) - 1 or is_only else 0
        row += _shorten("kept", part.text, head, tail)
    return row


def _shorten(kind: Kind, text: str, head: int, tail: int) -> Row:
    """Return a text, or its ends with the number of characters between them if it is long.

    Args:
        head, tail: how many characters to show of each end.
    """
    hidden = len(text) - head - tail
    if hidden <= _MOST_UNHIDDEN:
        return [(kind, text)] if text else []
    ends: Row = [
        (kind, text[:head]),
        ("quiet", f"<… {hidden:,} {kind} …>"),
        (kind, text[len(text) - tail :]),
    ]
    return [(part_kind, part) for part_kind, part in ends if part]


def _format_summary(summary: Summary) -> Iterator[Row]:
    if not summary.rules:
        yield [("head", f"Cleaning changed nothing: {summary.raw:,} characters.")]
        return
    yield [("head", "  edits   removed  inserted  rule")]
    for count in summary.rules:
        numbers = f"{count.edits:>7,} {count.removed:>9,} {count.inserted:>9,}  "
        yield [("plain", numbers + count.rule)]
    yield [
        (
            "plain",
            f"Of {summary.raw:,} raw characters {summary.kept:,} were kept, {summary.removed:,} "
            f"removed and {summary.changed:,} changed into {summary.changed_into:,}; "
            f"{summary.added:,} were added: {summary.clean:,} in the clean text.",
        )
    ]
