"""The trail of cleaning: a raw text, its edits, and the maps between raw and clean offsets.

An edit replaces `removed`, which is `raw[raw_start:raw_end]`, by `inserted`. Raw text and edits
give the clean text; clean text and edits give the raw text back.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in the raw text."""

    rule: str
    """The rule that made it; `earlier+later` if several rules did."""
    raw_start: int
    raw_end: int
    removed: str
    """The raw text at `raw_start:raw_end`."""
    inserted: str
    """What stands in its place in the clean text."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule asks for: one replacement in the text that the rule was given."""

    start: int
    end: int
    inserted: str = ""
    """What replaces `start:end`."""


@dataclass(frozen=True)
class Trail:
    """A raw text with its edits."""

    raw: str
    edits: tuple[Edit, ...] = ()
    """In order of the text; they do not overlap."""

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
        """For each edit the start of its inserted text in the clean text."""
        starts, shift = [], 0
        for edit in self.edits:
            starts.append(edit.raw_start + shift)
            shift += len(edit.inserted) - len(edit.removed)
        return starts

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Map `start:end` of the clean text to the raw span that it came from.

        Text that was removed just before or after the span is left out. If a bound falls inside
        inserted text, the raw span takes in all that the edit replaced.

        Raises:
            ValueError: the span does not lie in the clean text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span {start}:{end} is outside the clean text of {len(self.text)}")
        raw_start = self._raw_at(start, after=True)
        return raw_start, max(raw_start, self._raw_at(end, after=False))

    def widen_to_edits(self, start: int, end: int) -> tuple[int, int]:
        """Widen `start:end` of the clean text, so that it cuts no inserted text in two."""
        for clean_start, edit in zip(self._clean_starts, self.edits, strict=True):
            clean_end = clean_start + len(edit.inserted)
            if clean_start < start < clean_end:
                start = clean_start
            if clean_start < end < clean_end:
                end = clean_end
        return start, end

    def clean_raw_span(self, raw_start: int, raw_end: int) -> str:
        """Return the clean text of a raw span: the edits that lie in it are applied.

        An edit that only inserts text at either bound belongs to the text around the span.
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
        """Map a clean offset to the raw text, behind the deletions there (`after`) or before them."""
        starts = self._clean_starts
        count = bisect_right(starts, position) if after else bisect_left(starts, position)
        if count == 0:
            return position
        edit, clean_start = self.edits[count - 1], starts[count - 1]
        offset = position - clean_start
        if offset < len(edit.inserted):  # inside inserted text, or at its start
            return edit.raw_start if after else edit.raw_end
        return edit.raw_end + offset - len(edit.inserted)

    def clean_position(self, raw_position: int) -> int:
        """Map a raw offset to the clean text; an offset inside removed text to its place there."""
        count = bisect_right(self._raw_ends, raw_position)
        shift = 0
        if count:
            last = self.edits[count - 1]
            shift = self._clean_starts[count - 1] + len(last.inserted) - last.raw_end
        if count < len(self.edits) and self.edits[count].raw_start < raw_position:
            return self._clean_starts[count]
        return raw_position + shift

    def apply(self, rule: str, changes: Iterable[Change]) -> Trail:
        """Return a new trail with further changes of the clean text.

        A change that overlaps text which an earlier rule inserted is merged with that edit, and
        the merged edit names both rules (`earlier+later`).

        Args:
            rule: the name of the rule that asks for the changes.
            changes: in any order, with offsets of the clean text.

        Raises:
            ValueError: changes overlap each other or lie outside the clean text.
        """
        ordered = sorted(changes, key=lambda change: (change.start, change.end))
        for first, second in pairwise(ordered):
            if second.start < first.end:
                raise ValueError(f"rule {rule}: changes overlap at {second.start}")
        if not ordered:
            return self
        if ordered[0].start < 0 or ordered[-1].end > len(self.text):
            raise ValueError(f"rule {rule}: a change leaves the text of {len(self.text)}")
        return Trail(self.raw, tuple(_merge_changes(self, rule, ordered)))


def rebuild_raw(clean: str, edits: Iterable[Edit]) -> str:
    """Return the raw text, from the clean text and the edits alone.

    Raises:
        ValueError: the clean text does not have an edit's inserted text at its place.
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


@dataclass(slots=True)
class _ChangeGroup:
    """Changes that overlap the same old edits, and so become one edit with them."""

    start: int
    """In the clean text, as `end`; widened to the old edits' inserted texts."""
    end: int
    first_edit: int
    """The old edits are `edits[first_edit:last_edit]`."""
    last_edit: int
    changes: list[Change]


def _merge_changes(trail: Trail, rule: str, changes: list[Change]) -> list[Edit]:
    """Return the edits of a trail with `changes`, which are ordered, in one pass over both."""
    merged: list[Edit] = []
    old, done = trail.edits, 0
    for group in _group_changes(trail, changes):
        merged += old[done : group.first_edit]
        raw_start = trail._raw_at(group.start, after=True)
        raw_end = max(raw_start, trail._raw_at(group.end, after=False))
        overlapped = old[group.first_edit : group.last_edit]
        if overlapped:
            raw_start = min(raw_start, overlapped[0].raw_start)
            raw_end = max(raw_end, overlapped[-1].raw_end)
        names = dict.fromkeys([*(edit.rule for edit in overlapped), rule])
        removed = trail.raw[raw_start:raw_end]
        merged.append(Edit("+".join(names), raw_start, raw_end, removed, _new_text(trail, group)))
        done = group.last_edit
    return merged + list(old[done:])


def _group_changes(trail: Trail, changes: list[Change]) -> list[_ChangeGroup]:
    """Widen each change to the old edits that it overlaps; join changes that overlap the same edit."""
    starts = trail._clean_starts
    ends = [start + len(edit.inserted) for start, edit in zip(starts, trail.edits, strict=True)]
    groups: list[_ChangeGroup] = []
    for change in changes:
        # An old edit overlaps if it ends behind the start of the change and starts before its end.
        # A deletion at a bound of the change, an empty span, is left alone.
        first = bisect_right(ends, change.start)
        last = max(first, bisect_left(starts, change.end))
        end = max([change.end, *ends[first:last][-1:]])
        if groups and first < last and groups[-1].last_edit > first:
            group = groups[-1]
            group.end, group.last_edit = max(group.end, end), last
            group.changes.append(change)
        else:
            start = min([change.start, *starts[first:last][:1]])
            groups.append(_ChangeGroup(start, end, first, last, [change]))
    return groups


def _new_text(trail: Trail, group: _ChangeGroup) -> str:
    """Return the clean text of a group after its changes."""
    pieces, at = [], group.start
    for change in group.changes:
        pieces += [trail.text[at : change.start], change.inserted]
        at = change.end
    return "".join(pieces) + trail.text[at : group.end]
