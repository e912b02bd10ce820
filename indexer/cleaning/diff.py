"""The difference between raw and clean text for people: lines of the raw text and their changes.

A line is a line of the raw text; it ends with \\n, \\r\\n or \\r as in editors.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from indexer.text.patterns import LINE_END

from .trail import Edit, Trail

Kind = Literal["kept", "removed", "inserted"]


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A part of a line, all of one kind."""

    kind: Kind
    text: str


def cut_into_parts(trail: Trail, raw_start: int, raw_end: int) -> tuple[DiffPart, ...]:
    """Cut a raw span into kept, removed and inserted parts; edits at its bounds are taken whole.

    >>> from indexer.cleaning.trail import Edit
    >>> trail = Trail("聯(lián)網", (Edit("pinyin", 1, 7, "(lián)", ""),))
    >>> [(part.kind, part.text) for part in cut_into_parts(trail, 0, 8)]
    [('kept', '聯'), ('removed', '(lián)'), ('kept', '網')]
    """
    parts: list[DiffPart] = []
    at = raw_start
    first = bisect_left(trail.edits, raw_start, key=lambda edit: edit.raw_end)
    for edit in map(_narrowed, trail.edits[first:]):
        if edit.raw_start > raw_end:
            break
        parts.append(DiffPart("kept", trail.raw[at : max(at, edit.raw_start)]))
        parts += [DiffPart("removed", edit.removed), DiffPart("inserted", edit.inserted)]
        at = max(at, edit.raw_end)
    parts.append(DiffPart("kept", trail.raw[at : max(at, raw_end)]))
    return tuple(part for part in parts if part.text)


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of the raw text, with its line end, cut into parts."""

    number: int
    """From 1."""
    parts: tuple[DiffPart, ...]

    @property
    def raw(self) -> str:
        """The line in the raw text."""
        return "".join(part.text for part in self.parts if part.kind != "inserted")

    @property
    def clean(self) -> str:
        """What the clean text has in its place."""
        return "".join(part.text for part in self.parts if part.kind != "removed")

    @property
    def is_removed(self) -> bool:
        """Whether all of the line is removed, its end included, and nothing inserted."""
        return bool(self.parts) and all(part.kind == "removed" for part in self.parts)

    @property
    def is_changed(self) -> bool:
        """Whether anything is removed or inserted."""
        return any(part.kind != "kept" for part in self.parts)

    @property
    def only_line_end(self) -> bool:
        """Whether only the kind of the line end changes."""
        return self.is_changed and self.clean == self.raw.rstrip("\r\n") + "\n"


@dataclass(frozen=True, slots=True)
class Hunk:
    """Changed lines that follow each other, with an unchanged line on either side."""

    lines: tuple[DiffLine, ...]
    edits: tuple[Edit, ...]
    """The edits of these lines, without what an edit removes and inserts again at its ends."""
    before: DiffLine | None = None
    """The unchanged line before them, to show."""
    after: DiffLine | None = None

    @property
    def only_line_ends(self) -> bool:
        """Whether only the kinds of line ends change."""
        return all(line.only_line_end for line in self.lines)


@dataclass(frozen=True, slots=True)
class RuleCount:
    """The number of a rule's edits, and of the characters that they remove and insert."""

    rule: str
    edits: int
    removed: int
    inserted: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Characters by what became of them, and counts by rule.

    raw = kept + removed + changed; clean = kept + changed_into + added.
    """

    kept: int
    removed: int
    """Raw characters with nothing in their place."""
    changed: int
    """Raw characters with others in their place."""
    changed_into: int
    """Clean characters in the place of others."""
    added: int
    """Clean characters in no other's place."""
    rules: tuple[RuleCount, ...]
    """The rule with most edits first."""

    @property
    def raw(self) -> int:
        """Characters of the raw text."""
        return self.kept + self.removed + self.changed

    @property
    def clean(self) -> int:
        """Characters of the clean text."""
        return self.kept + self.changed_into + self.added


def summarise(trail: Trail) -> Summary:
    """Count edits and characters; text that an edit removes and inserts again counts as kept."""
    edits = [_narrowed(edit) for edit in trail.edits]
    counts, removed, inserted = Counter[str](), Counter[str](), Counter[str]()
    for edit in edits:
        counts[edit.rule] += 1
        removed[edit.rule] += len(edit.removed)
        inserted[edit.rule] += len(edit.inserted)
    rules = [RuleCount(rule, n, removed[rule], inserted[rule]) for rule, n in counts.items()]
    replacements = [edit for edit in edits if edit.removed and edit.inserted]
    changed = sum(len(edit.removed) for edit in replacements)
    changed_into = sum(len(edit.inserted) for edit in replacements)
    return Summary(
        kept=len(trail.raw) - removed.total(),
        removed=removed.total() - changed,
        changed=changed,
        changed_into=changed_into,
        added=inserted.total() - changed_into,
        rules=tuple(sorted(rules, key=lambda r: (-r.edits, -r.removed - r.inserted, r.rule))),
    )


def find_hunks(trail: Trail) -> list[Hunk]:
    """Return all places where the clean text differs from the raw text, in order.

    Lines that an edit joins are one hunk, and so are neighbouring lines that are changed by one and
    the same rule. Time is linear in the text and the edits, times the logarithm of the lines.
    """
    starts = [0, *(match.end() for match in LINE_END.finditer(trail.raw))]
    blocks = _group_by_line(_edits_to_show(trail), starts)
    found = []
    for _, group in groupby(_blocks_to_hunks(trail.raw, starts, blocks), key=lambda pair: pair[0]):
        members = [hunk for _, hunk in group]
        lines = tuple(line for hunk in members for line in hunk.lines)
        found.append(Hunk(lines, tuple(edit for hunk in members for edit in hunk.edits)))
    return list(_add_context(trail.raw, starts, found))


def _narrowed(edit: Edit) -> Edit:
    """Return the edit without what its removed and inserted text share at their ends."""
    removed, inserted = edit.removed, edit.inserted
    if not removed or not inserted:
        return edit
    tail = _shared(removed[::-1], inserted[::-1])
    removed, inserted = removed[: len(removed) - tail], inserted[: len(inserted) - tail]
    head = _shared(removed, inserted)
    start, end = edit.raw_start + head, edit.raw_end - tail
    return Edit(edit.rule, start, end, removed[head:], inserted[head:])


def _shared(first: str, second: str) -> int:
    """Return the number of characters that both begin with."""
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )


def _edits_to_show(trail: Trail) -> list[Edit]:
    """Return the edits that change anything, narrowed, and moved where that gives whole lines.

    To remove "\\nline" before a line end is to remove "line\\n" one character further on.
    """
    edits = [edit for edit in map(_narrowed, trail.edits) if edit.removed or edit.inserted]
    raw = trail.raw
    for index, edit in enumerate(edits):
        bound = edits[index + 1].raw_start if index + 1 < len(edits) else len(raw)
        start, end = edit.raw_start, edit.raw_end
        movable = not edit.inserted and edit.removed.startswith("\n") and end < bound
        if movable and raw[end] == "\n" and start and raw[start - 1] not in "\r\n":
            moved = raw[start + 1 : end + 1]
            edits[index] = replace(edit, raw_start=start + 1, raw_end=end + 1, removed=moved)
    return edits


@dataclass(frozen=True, slots=True)
class _Block:
    """Edits that share lines."""

    first: int
    """Index of the first of these lines."""
    last: int
    edits: list[Edit]


def _group_by_line(edits: list[Edit], starts: list[int]) -> Iterator[_Block]:
    """Yield the edits in blocks that share no line.

    Args:
        starts: the offset of each line.
    """
    first = last = -1
    members: list[Edit] = []
    for edit in edits:
        first_line = bisect_right(starts, edit.raw_start) - 1
        last_line = bisect_right(starts, max(edit.raw_start, edit.raw_end - 1)) - 1
        if members and first_line > last:
            yield _Block(first, last, members)
            members = []
        if not members:
            first = first_line
        members.append(edit)
        last = max(last, last_line)
    if members:
        yield _Block(first, last, members)


def _blocks_to_hunks(
    raw: str, starts: list[int], blocks: Iterable[_Block]
) -> Iterator[tuple[tuple[int, object], Hunk]]:
    """Yield each block as a hunk, with a key that hunks which are to be joined share."""
    number, last_before, kind_before = 0, -1, None
    for block in blocks:
        hunk = Hunk(_cut_lines(raw, starts, block), tuple(block.edits))
        rules = {edit.rule for edit in block.edits}
        kind = (rules.pop(), hunk.only_line_ends) if len(rules) == 1 else None
        if block.first != last_before + 1 or kind is None or kind != kind_before:
            number += 1
        last_before, kind_before = block.last, kind
        yield (number, kind), hunk


def _cut_lines(raw: str, starts: list[int], block: _Block) -> tuple[DiffLine, ...]:
    """Return the lines of a block, cut into parts by its edits.

    Text that replaces several lines stands at the end of the last.
    """
    first, last = block.first, block.last
    rows: list[list[DiffPart]] = [[] for _ in range(first, last + 1)]
    ends = [*starts[first + 1 : last + 2], len(raw)][: last - first + 1]
    row, at = 0, starts[first]

    def add_raw(kind: Kind, end: int) -> None:
        nonlocal row, at
        while at < end:
            if at == ends[row]:
                row += 1
            stop = min(end, ends[row])
            rows[row].append(DiffPart(kind, raw[at:stop]))
            at = stop

    for edit in block.edits:
        add_raw("kept", edit.raw_start)
        add_raw("removed", edit.raw_end)
        if edit.inserted:
            # Text that is inserted between two lines belongs to the second.
            if not edit.removed and at == ends[row] and row + 1 < len(rows):
                row += 1
            rows[row].append(DiffPart("inserted", edit.inserted))
    add_raw("kept", ends[-1])
    return tuple(DiffLine(first + 1 + i, tuple(parts)) for i, parts in enumerate(rows))


# The unchanged line beside a hunk is the nearest line that is not blank, at most so many lines away.
CONTEXT_DISTANCE = 2


def _add_context(raw: str, starts: list[int], hunks: list[Hunk]) -> Iterator[Hunk]:
    """Yield the hunks with the unchanged lines beside them; no line is shown twice."""

    def find_nearest(indices: Iterable[int]) -> DiffLine | None:
        for index in indices:
            end = starts[index + 1] if index + 1 < len(starts) else len(raw)
            if (text := raw[starts[index] : end]).strip():
                return DiffLine(index + 1, (DiffPart("kept", text),))
        return None

    shown = 0  # the number of the last line that is shown
    for index, hunk in enumerate(hunks):
        following = hunks[index + 1].lines[0].number - 1 if index + 1 < len(hunks) else len(starts)
        first, last = hunk.lines[0].number - 1, hunk.lines[-1].number
        before = find_nearest(range(first - 1, max(shown, first - CONTEXT_DISTANCE) - 1, -1))
        after = find_nearest(range(last, min(following, last + CONTEXT_DISTANCE)))
        yield replace(hunk, before=before, after=after)
        shown = after.number if after else last
