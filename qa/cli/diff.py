"""What cleaning changed, printed: `yinju clean --diff`.

Nothing of the text reaches the terminal that could steer it: what is not printable is shown by its
escape.
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
from indexer.text.visible import visible

# Characters shown of the unchanged text beside an edit, and of each end of a long edit.
_BESIDE, _ENDS = 24, 40
# What would save less than so many characters, or lines, is not shortened.
_SLACK, _SLACK_LINES = 24, 4
# Lines shown at each end of a long run of removed ones, and edits named of a hunk's lesser rules.
_END_LINES, _NAMED = 3, 3

_COLOURS = {
    "head": Style.parse("bold cyan"),
    "quiet": Style.parse("dim"),
    "removed": Style.parse("red strike"),
    "inserted": Style.parse("green"),
    # A line through nothing, or nothing in green, would not be seen.
    "removed blank": Style.parse("red reverse"),
    "inserted blank": Style.parse("green reverse"),
}
_MARKS = {"removed": ("[-", "-]"), "inserted": ("{+", "+}")}
# Rows that are given to the console at a time: printing one by one is slow.
_ROWS_AT_ONCE = 1000

# A row is what one line of the output says: texts with what they are (see _COLOURS, _MARKS).
Row = list[tuple[str, str]]


def print_difference(trail: Trail) -> None:
    """Prints hunks and summary, in colour if standard output is a terminal that may show it."""
    console = Console()
    # Not console.is_terminal, which an environment variable can set for a pipe as well.
    coloured = console.file.isatty() and not console.no_color and bool(console.color_system)
    rows = difference_rows(find_hunks(trail), summarise(trail))
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        segments = [one for row in some for one in row_segments(row, coloured=coloured)]
        console.print(Segments(segments), soft_wrap=True, end="")


def row_segments(row: Row, *, coloured: bool) -> Iterator[Segment]:
    """A row for the console: kinds as colours, or as marks, which the text itself then escapes."""
    for kind, text in row:
        if coloured:
            shown = visible(text, kind)
            blank = " blank" if kind in _MARKS and shown.isspace() else ""
            yield Segment(shown, _COLOURS.get(kind + blank))
        elif kind in ("head", "quiet"):
            yield Segment(text)
        else:
            opening, closing = _MARKS.get(kind, ("", ""))
            yield Segment(opening + _MARK.sub(r"\\\g<0>", visible(text, kind)) + closing)
    yield Segment("\n")


_MARK = re.compile(r"\[(?=-)|-(?=\])|\{(?=\+)|\+(?=\})|<(?=…)")


def difference_rows(found: list[Hunk], summary: Summary) -> Iterator[Row]:
    """The whole output. Hunks of line ends alone are told by their number only."""
    told = [hunk for hunk in found if not hunk.only_line_ends]
    width = len(str(max((hunk.lines[-1].number for hunk in found), default=0) + CONTEXT_DISTANCE))
    for hunk in told:
        yield from _hunk_rows(hunk, width)
    ends = sum(len(hunk.lines) for hunk in found if hunk.only_line_ends)
    if told:
        yield []
    if ends:
        yield [("head", f"{ends:,} more lines differ only in the kind of their line end.")]
    yield from _summary_rows(summary)


def _hunk_rows(hunk: Hunk, width: int) -> Iterator[Row]:
    first, last = hunk.lines[0].number, hunk.lines[-1].number
    place = f"@@ {first}" if first == last else f"@@ {first}-{last}"
    yield [("head", f"{place}: "), *_rule_row(hunk.edits)]
    if hunk.before:
        yield _line_row(hunk.before, width)
    for gone, group in groupby(hunk.lines, key=lambda line: line.is_removed):
        lines = list(group)
        hidden = lines[_END_LINES:-_END_LINES] if gone else []
        if len(hidden) < _SLACK_LINES:
            yield from (_line_row(line, width) for line in lines)
            continue
        yield from (_line_row(line, width) for line in lines[:_END_LINES])
        size = sum(len(line.raw) for line in hidden)
        told = f"<… {len(hidden):,} lines removed, {size:,} characters …>"
        yield [("quiet", f"{'':{width}} - {told}")]
        yield from (_line_row(line, width) for line in lines[-_END_LINES:])
    if hunk.after:
        yield _line_row(hunk.after, width)


def _rule_row(edits: tuple[Edit, ...]) -> Row:
    """The rules, most edits first; of all but the first also what they did, to tell them apart."""
    own: dict[str, list[tuple[str, str]]] = {}
    for edit in edits:
        own.setdefault(edit.rule, []).append((edit.removed, edit.inserted))
    row: Row = []
    for rule, did in sorted(own.items(), key=lambda item: -len(item[1])):
        times = f" ×{len(did):,}" if len(did) > 1 else ""
        row.append(("head", f"{', ' if row else ''}{rule}{times}"))
        if len(row) == 1:
            continue
        kinds = list(dict.fromkeys(did))
        for removed, inserted in kinds[:_NAMED]:
            row.append(("quiet", " "))
            row += _shortened("removed", removed, _BESIDE // 2, _BESIDE // 2)
            row += _shortened("inserted", inserted, _BESIDE // 2, _BESIDE // 2)
        if len(kinds) > _NAMED:
            row.append(("quiet", " …"))
    return row


def _line_row(line: DiffLine, width: int) -> Row:
    sign = "-" if line.is_removed else "~" if line.is_changed else " "
    row: Row = [("quiet", f"{line.number:>{width}} {sign} ")]
    parts = list(line.parts)
    # The line's own end is shown where it was touched; of a removed line only if it is all there is.
    if parts and (parts[-1].kind == "kept" or (line.is_removed and line.raw.strip("\r\n"))):
        parts[-1] = replace(parts[-1], text=parts[-1].text.rstrip("\r\n"))
    for index, part in enumerate(parts):
        if part.kind != "kept":
            row += _shortened(part.kind, part.text, _ENDS, _ENDS)
            continue
        only = len(parts) == 1
        head = _BESIDE if index or only else 0
        tail = _BESIDE if index < len(parts) - 1 or only else 0
        row += _shortened("kept", part.text, head, tail)
    return row


def _shortened(kind: Kind, text: str, head: int, tail: int) -> Row:
    """The text, or its ends with the number of characters between them."""
    hidden = len(text) - head - tail
    if hidden <= _SLACK:
        return [(kind, text)] if text else []
    ends: Row = [
        (kind, text[:head]),
        ("quiet", f"<… {hidden:,} {kind} …>"),
        (kind, text[len(text) - tail :]),
    ]
    return [(each, shown) for each, shown in ends if shown]


def _summary_rows(summary: Summary) -> Iterator[Row]:
    if not summary.rules:
        yield [("head", f"Cleaning changed nothing: {summary.raw:,} characters.")]
        return
    yield [("head", "  edits   removed  inserted  rule")]
    for one in summary.rules:
        counts = f"{one.edits:>7,} {one.removed:>9,} {one.inserted:>9,}  "
        yield [("plain", counts + one.rule)]
    yield [
        (
            "plain",
            f"Of {summary.raw:,} raw characters {summary.kept:,} were kept, {summary.removed:,} "
            f"removed and {summary.changed:,} changed into {summary.changed_into:,}; "
            f"{summary.added:,} were added: {summary.clean:,} in the clean text.",
        )
    ]
