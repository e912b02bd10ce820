"""The trail of cleaning: a raw text, the edits made to it, and the maps between the two.

An edit says that `raw[raw_start:raw_end]`, which is `removed`, reads `inserted` in the clean text.
Raw text plus edits give the clean text; clean text plus edits give the raw text back (promise 2).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Edit:
    """`removed` at `raw_start:raw_end` of the raw text reads `inserted` in the clean text."""

    rule: str
    raw_start: int
    raw_end: int
    removed: str
    inserted: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule asks for: replace `start:end` of the text that it was shown by `inserted`."""

    start: int
    end: int
    inserted: str = ""


@dataclass(frozen=True)
class Trail:
    """A raw text with its edits, in order and free of overlaps."""

    raw: str
    edits: tuple[Edit, ...] = ()

    @cached_property
    def text(self) -> str:
        """The clean text."""
        pieces, at = [], 0
        for edit in self.edits:
            pieces += [self.raw[at : edit.raw_start], edit.inserted]
            at = edit.raw_end
        pieces.append(self.raw[at:])
        return "".join(pieces)

    @cached_property
    def _raw_ends(self) -> list[int]:
        return [edit.raw_end for edit in self.edits]

    @cached_property
    def _clean_starts(self) -> list[int]:
        """Where each edit's inserted text begins in the clean text."""
        starts, shift = [], 0
        for edit in self.edits:
            starts.append(edit.raw_start + shift)
            shift += len(edit.inserted) - len(edit.removed)
        return starts

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Maps `start:end` of the clean text to the raw span that it came from.

        The raw span begins at the first kept character and ends after the last one, so that text
        removed just before or after is left out; where a bound falls inside inserted text, the
        whole edit is taken in.

        Raises:
            ValueError: the span does not lie in the clean text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span {start}:{end} is outside the clean text of {len(self.text)}")
        raw_start = self._raw_at(start, after=True)
        return raw_start, max(raw_start, self._raw_at(end, after=False))

    def whole_edits(self, start: int, end: int) -> tuple[int, int]:
        """Widens `start:end` of the clean text where it cuts into inserted text, to all of it."""
        for clean_start, edit in zip(self._clean_starts, self.edits, strict=True):
            clean_end = clean_start + len(edit.inserted)
            if clean_start < start < clean_end:
                start = clean_start
            if clean_start < end < clean_end:
                end = clean_end
        return start, end

    def clean_of(self, raw_start: int, raw_end: int) -> str:
        """What a raw span reads once the edits that lie in it are made.

        What was only inserted at either bound belongs to the text around the span.
        """
        pieces, at = [], raw_start
        first = bisect_left(self.edits, raw_start, key=lambda edit: edit.raw_start)
        for edit in self.edits[first:]:
            if edit.raw_end > raw_end:
                break
            if edit.raw_start == edit.raw_end and edit.raw_start in (raw_start, raw_end):
                continue
            pieces += [self.raw[at : edit.raw_start], edit.inserted]
            at = edit.raw_end
        return "".join(pieces) + self.raw[at:raw_end]

    def _raw_at(self, position: int, *, after: bool) -> int:
        """The raw offset of a clean position: past deletions there (`after`), or before them."""
        starts = self._clean_starts
        count = bisect_right(starts, position) if after else bisect_left(starts, position)
        if count == 0:
            return position
        edit, clean_start = self.edits[count - 1], starts[count - 1]
        into = position - clean_start
        if into < len(edit.inserted):  # inside inserted text, or at its very beginning
            return edit.raw_start if after else edit.raw_end
        return edit.raw_end + into - len(edit.inserted)

    def clean_position(self, raw_position: int) -> int:
        """Maps a raw offset to the clean text; inside removed text, to where it was removed."""
        count = bisect_right(self._raw_ends, raw_position)
        shift = 0
        if count:
            last = self.edits[count - 1]
            shift = self._clean_starts[count - 1] + len(last.inserted) - last.raw_end
        if count < len(self.edits) and self.edits[count].raw_start < raw_position:
            return self._clean_starts[count]
        return raw_position + shift

    def apply(self, rule: str, changes: Iterable[Change]) -> Trail:
        """A new trail with `changes`, given in offsets of the clean text, made on top.

        A change that overlaps text which an earlier rule inserted is merged with that edit, and
        the merged edit names both rules (`earlier+later`).

        Raises:
            ValueError: changes overlap each other or leave the clean text.
        """
        ordered = sorted(changes, key=lambda change: (change.start, change.end))
        for first, second in pairwise(ordered):
            if second.start < first.end:
                raise ValueError(f"rule {rule}: changes overlap at {second.start}")
        if not ordered:
            return self
        if ordered[0].start < 0 or ordered[-1].end > len(self.text):
            raise ValueError(f"rule {rule}: a change leaves the text of {len(self.text)}")
        return Trail(self.raw, tuple(_merge(self, rule, ordered)))


def rebuild_raw(clean: str, edits: Iterable[Edit]) -> str:
    """The raw text, from the clean text and the edits alone.

    Raises:
        ValueError: the clean text does not hold an edit's inserted text at its place.
    """
    pieces: list[str] = []
    raw_at = clean_at = 0
    for edit in edits:
        kept = edit.raw_start - raw_at
        pieces += [clean[clean_at : clean_at + kept], edit.removed]
        clean_at += kept
        if clean[clean_at : clean_at + len(edit.inserted)] != edit.inserted:
            raise ValueError(f"edit {edit.rule} at raw {edit.raw_start} does not fit the text")
        clean_at += len(edit.inserted)
        raw_at = edit.raw_end
    return "".join(pieces) + clean[clean_at:]


def _merge(trail: Trail, rule: str, changes: list[Change]) -> list[Edit]:
    """One sweep over old edits and new changes, both in order of the clean text."""
    merged: list[Edit] = []
    old, at = trail.edits, 0
    for start, end, inserted, first, last in _groups(trail, changes):
        merged += old[at:first]
        raw_start = trail._raw_at(start, after=True)
        raw_end = max(raw_start, trail._raw_at(end, after=False))
        absorbed = old[first:last]
        if absorbed:
            raw_start = min(raw_start, absorbed[0].raw_start)
            raw_end = max(raw_end, absorbed[-1].raw_end)
        names = dict.fromkeys([*(edit.rule for edit in absorbed), rule])
        removed = trail.raw[raw_start:raw_end]
        merged.append(Edit("+".join(names), raw_start, raw_end, removed, inserted))
        at = last
    return merged + list(old[at:])


def _groups(trail: Trail, changes: list[Change]) -> Iterable[tuple[int, int, str, int, int]]:
    """Changes widened to whole old edits, as (start, end, inserted, first edit, last edit + 1).

    Changes that reach into the same old edit come out as one.
    """
    starts = trail._clean_starts
    ends = [start + len(edit.inserted) for start, edit in zip(starts, trail.edits, strict=True)]
    groups: list[tuple[int, int, int, int, list[Change]]] = []
    for change in changes:
        # An old edit overlaps where it ends after our start and starts before our end; a deletion
        # at our own edge (empty, at start or end) is left alone.
        first = bisect_right(ends, change.start)
        last = max(first, bisect_left(starts, change.end))
        start = min([change.start, *starts[first:last][:1]])
        end = max([change.end, *ends[first:last][-1:]])
        if groups and first < last and groups[-1][3] > first:
            g_start, g_end, g_first, _, members = groups[-1]
            groups[-1] = (g_start, max(g_end, end), g_first, last, [*members, change])
        else:
            groups.append((start, end, first, last, [change]))
    for start, end, first, last, members in groups:
        pieces, here = [], start
        for change in members:
            pieces += [trail.text[here : change.start], change.inserted]
            here = change.end
        yield start, end, "".join(pieces) + trail.text[here:end], first, last
