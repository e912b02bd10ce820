"""What cleaning changed, as a person reads it: lines of the raw text, cut into what became of them.

A line is one of the raw text, ended by \\n, \\r\\n or \\r as editors count them.
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
class Part:
    """A stretch of a line, all of one kind."""

    kind: Kind
    text: str


def parts_between(trail: Trail, raw_start: int, raw_end: int) -> tuple[Part, ...]:
    """A raw span cut into what was kept, removed and inserted; edits that it cuts into count whole.

    >>> from indexer.cleaning.trail import Edit
    >>> trail = Trail("聯(lián)網", (Edit("pinyin", 1, 7, "(lián)", ""),))
    >>> [(part.kind, part.text) for part in parts_between(trail, 0, 8)]
    [('kept', '聯'), ('removed', '(lián)'), ('kept', '網')]
    """
    parts: list[Part] = []
    at = raw_start
    first = bisect_left(trail.edits, raw_start, key=lambda edit: edit.raw_end)
    for edit in map(_narrowed, trail.edits[first:]):
        if edit.raw_start > raw_end:
            break
        parts.append(Part("kept", trail.raw[at : max(at, edit.raw_start)]))
        parts += [Part("removed", edit.removed), Part("inserted", edit.inserted)]
        at = max(at, edit.raw_end)
    parts.append(Part("kept", trail.raw[at : max(at, raw_end)]))
    return tuple(part for part in parts if part.text)


@dataclass(frozen=True, slots=True)
class Line:
    """A raw line with its line end, cut into parts. number: from 1."""

    number: int
    parts: tuple[Part, ...]

    @property
    def raw(self) -> str:
        """The line as it stands in the raw text."""
        return "".join(part.text for part in self.parts if part.kind != "inserted")

    @property
    def clean(self) -> str:
        """What the clean text has of it."""
        return "".join(part.text for part in self.parts if part.kind != "removed")

    @property
    def gone(self) -> bool:
        """Whether all of the line was removed, its end included, and nothing put in its place."""
        return bool(self.parts) and all(part.kind == "removed" for part in self.parts)

    @property
    def changed(self) -> bool:
        """Whether anything was removed or inserted."""
        return any(part.kind != "kept" for part in self.parts)

    @property
    def end_only(self) -> bool:
        """Whether one kind of line end became another, and nothing else changed."""
        return self.changed and self.clean == self.raw.rstrip("\r\n") + "\n"


@dataclass(frozen=True, slots=True)
class Hunk:
    """Changed lines that follow each other, their edits, and an unchanged line on either side.

    The edits are those of the trail, less what they remove and insert again at their ends.
    """

    lines: tuple[Line, ...]
    edits: tuple[Edit, ...]
    before: Line | None = None
    after: Line | None = None

    @property
    def end_only(self) -> bool:
        """Whether nothing but kinds of line ends changed."""
        return all(line.end_only for line in self.lines)


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule's edits and the characters that they removed and inserted."""

    rule: str
    edits: int
    removed: int
    inserted: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Characters: raw = kept + removed + changed, clean = kept + changed_into + added.

    removed: nothing stands in their place. added: they stand in no other's place.
    rules: the one with most edits first.
    """

    kept: int
    removed: int
    changed: int
    changed_into: int
    added: int
    rules: tuple[RuleCount, ...]

    @property
    def raw(self) -> int:
        """Characters of the raw text."""
        return self.kept + self.removed + self.changed

    @property
    def clean(self) -> int:
        """Characters of the clean text."""
        return self.kept + self.changed_into + self.added


def summarise(trail: Trail) -> Summary:
    """Counts edits and characters; what an edit puts back as it was counts as kept."""
    edits = [_narrowed(edit) for edit in trail.edits]
    counts, removed, inserted = Counter[str](), Counter[str](), Counter[str]()
    for edit in edits:
        counts[edit.rule] += 1
        removed[edit.rule] += len(edit.removed)
        inserted[edit.rule] += len(edit.inserted)
    rules = [RuleCount(rule, n, removed[rule], inserted[rule]) for rule, n in counts.items()]
    both = [edit for edit in edits if edit.removed and edit.inserted]
    changed = sum(len(edit.removed) for edit in both)
    changed_into = sum(len(edit.inserted) for edit in both)
    return Summary(
        kept=len(trail.raw) - removed.total(),
        removed=removed.total() - changed,
        changed=changed,
        changed_into=changed_into,
        added=inserted.total() - changed_into,
        rules=tuple(sorted(rules, key=lambda r: (-r.edits, -r.removed - r.inserted, r.rule))),
    )


def hunks(trail: Trail) -> list[Hunk]:
    """All places where the clean text differs from the raw one, in order.

    Lines that an edit joins are one hunk, and so are lines in a row that one and the same rule
    changed. Time is linear in the text and the edits, but for finding an edit's line.
    """
    starts = [0, *(match.end() for match in LINE_END.finditer(trail.raw))]
    blocks = _blocks(_shown_edits(trail), starts)
    found = []
    for _, row in groupby(_in_rows(trail.raw, starts, blocks), key=lambda item: item[0]):
        members = [hunk for _, hunk in row]
        lines = tuple(line for hunk in members for line in hunk.lines)
        found.append(Hunk(lines, tuple(edit for hunk in members for edit in hunk.edits)))
    return list(_with_neighbours(trail.raw, starts, found))


def _narrowed(edit: Edit) -> Edit:
    """The edit without what its removed and inserted text share at their ends."""
    removed, inserted = edit.removed, edit.inserted
    if not removed or not inserted:
        return edit
    tail = _shared(removed[::-1], inserted[::-1])
    removed, inserted = removed[: len(removed) - tail], inserted[: len(inserted) - tail]
    head = _shared(removed, inserted)
    start, end = edit.raw_start + head, edit.raw_end - tail
    return Edit(edit.rule, start, end, removed[head:], inserted[head:])


def _shared(first: str, second: str) -> int:
    """How many characters both begin with."""
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )


def _shown_edits(trail: Trail) -> list[Edit]:
    """Edits narrowed and, where that makes whole lines of them, moved; none that changes nothing.

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


def _blocks(edits: list[Edit], starts: list[int]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Edits that share a line, with their first and last line (indices)."""
    first = last = -1
    members: list[Edit] = []
    for edit in edits:
        begins = bisect_right(starts, edit.raw_start) - 1
        ends = bisect_right(starts, max(edit.raw_start, edit.raw_end - 1)) - 1
        if members and begins > last:
            yield first, last, members
            members = []
        if not members:
            first = begins
        members.append(edit)
        last = max(last, ends)
    if members:
        yield first, last, members


def _in_rows(
    raw: str, starts: list[int], blocks: Iterable[tuple[int, int, list[Edit]]]
) -> Iterator[tuple[tuple[int, object], Hunk]]:
    """Each block as a hunk, with a key that it shares with those that it is to be one with."""
    row, before, kind_before = 0, -1, None
    for first, last, edits in blocks:
        hunk = Hunk(_lines(raw, starts, first, last, edits), tuple(edits))
        rules = {edit.rule for edit in edits}
        kind = (rules.pop(), hunk.end_only) if len(rules) == 1 else None
        if first != before + 1 or kind is None or kind != kind_before:
            row += 1
        before, kind_before = last, kind
        yield (row, kind), hunk


def _lines(
    raw: str, starts: list[int], first: int, last: int, edits: list[Edit]
) -> tuple[Line, ...]:
    """The lines `first` to `last`, cut by their edits.

    What replaces text of several lines stands behind the last of it.
    """
    rows: list[list[Part]] = [[] for _ in range(first, last + 1)]
    ends = [*starts[first + 1 : last + 2], len(raw)][: last - first + 1]
    row, at = 0, starts[first]

    def take(kind: Kind, end: int) -> None:
        nonlocal row, at
        while at < end:
            if at == ends[row]:
                row += 1
            stop = min(end, ends[row])
            rows[row].append(Part(kind, raw[at:stop]))
            at = stop

    for edit in edits:
        take("kept", edit.raw_start)
        take("removed", edit.raw_end)
        if edit.inserted:
            # An insertion between two lines belongs to the second.
            if not edit.removed and at == ends[row] and row + 1 < len(rows):
                row += 1
            rows[row].append(Part("inserted", edit.inserted))
    take("kept", ends[-1])
    return tuple(Line(first + 1 + i, tuple(parts)) for i, parts in enumerate(rows))


# How far a line with words in it is looked for, to be shown beside a hunk.
NEIGHBOURS = 2


def _with_neighbours(raw: str, starts: list[int], found: list[Hunk]) -> Iterator[Hunk]:
    """The hunks with the unchanged lines next to them, none of them twice."""

    def nearest(indices: Iterable[int]) -> Line | None:
        for index in indices:
            end = starts[index + 1] if index + 1 < len(starts) else len(raw)
            if (text := raw[starts[index] : end]).strip():
                return Line(index + 1, (Part("kept", text),))
        return None

    shown = 0  # the number of the last line that was shown
    for index, hunk in enumerate(found):
        following = found[index + 1].lines[0].number - 1 if index + 1 < len(found) else len(starts)
        first, last = hunk.lines[0].number - 1, hunk.lines[-1].number
        before = nearest(range(first - 1, max(shown, first - NEIGHBOURS) - 1, -1))
        after = nearest(range(last, min(following, last + NEIGHBOURS)))
        yield replace(hunk, before=before, after=after)
        shown = after.number if after else last
