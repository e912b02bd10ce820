"""The trail: composing edits, mapping spans, and rebuilding the raw text, for any input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.cleaning.trail import Change, Edit, Trail, rebuild_raw


def test_spans_map_around_a_deletion() -> None:
    trail = Trail("聯(lián)網").apply("pinyin", [Change(1, 7)])
    assert trail.text == "聯網"
    assert trail.edits == (Edit("pinyin", 1, 7, "(lián)", ""),)
    assert trail.raw_span(0, 1) == (0, 1)
    assert trail.raw_span(1, 2) == (7, 8)
    assert trail.raw_span(0, 2) == (0, 8)


def test_a_span_that_cuts_into_inserted_text_takes_in_the_whole_edit() -> None:
    trail = Trail("甲??乙").apply("repair", [Change(1, 3, "。丙丁")])
    assert trail.text == "甲。丙丁乙"
    assert trail.raw_span(2, 3) == (1, 3)
    assert trail.raw_span(4, 5) == (3, 4)
    assert trail.raw_span(0, 1) == (0, 1)


def test_a_later_rule_that_reaches_into_an_edit_is_merged_with_it() -> None:
    trail = Trail("甲XX乙").apply("one", [Change(1, 3, "AB")]).apply("two", [Change(2, 4)])
    assert trail.text == "甲A"
    assert trail.edits == (Edit("one+two", 1, 4, "XX乙", "A"),)


def test_two_changes_inside_one_old_edit() -> None:
    trail = Trail("甲XX乙").apply("one", [Change(1, 3, "ABC")])
    trail = trail.apply("two", [Change(1, 2, "a"), Change(3, 4, "c")])
    assert trail.text == "甲aBc乙"
    assert rebuild_raw(trail.text, trail.edits) == "甲XX乙"


def test_overlapping_changes_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Trail("甲乙丙").apply("rule", [Change(0, 2), Change(1, 3)])


def test_a_span_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        Trail("甲").raw_span(0, 2)


@st.composite
def edited(draw: st.DrawFn) -> Trail:
    trail = Trail(draw(st.text("甲乙丙ab\n", max_size=30)))
    for number in range(draw(st.integers(0, 4))):
        cuts = sorted(draw(st.lists(st.integers(0, len(trail.text)), max_size=8)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        changes = [Change(a, b, draw(st.text("xyz", max_size=3))) for a, b in pairs]
        trail = trail.apply(f"rule{number}", changes)
    return trail


@given(edited())
def test_raw_is_rebuilt_and_edits_are_in_order(trail: Trail) -> None:
    assert rebuild_raw(trail.text, trail.edits) == trail.raw
    at = 0
    for edit in trail.edits:
        assert at <= edit.raw_start <= edit.raw_end
        assert trail.raw[edit.raw_start : edit.raw_end] == edit.removed
        at = edit.raw_end


@given(edited(), st.data())
def test_a_kept_span_maps_to_raw_text_that_cleans_to_it(trail: Trail, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(trail.text)))
    end = data.draw(st.integers(start, len(trail.text)))
    raw_start, raw_end = trail.raw_span(start, end)
    inside = [e for e in trail.edits if raw_start <= e.raw_start and e.raw_end <= raw_end]
    partial = Trail(
        trail.raw[raw_start:raw_end],
        tuple(
            Edit(e.rule, e.raw_start - raw_start, e.raw_end - raw_start, e.removed, e.inserted)
            for e in inside
        ),
    )
    assert trail.text[start:end] in partial.text


@given(edited())
def test_clean_positions_grow_with_raw_positions(trail: Trail) -> None:
    positions = [trail.clean_position(i) for i in range(len(trail.raw) + 1)]
    assert positions == sorted(positions)
    assert all(0 <= p <= len(trail.text) for p in positions)


def test_a_span_that_cuts_a_repair_is_widened_to_all_of_it() -> None:
    trail = Trail("甲??乙").apply("repair", [Change(1, 3, "丙丁戊")])
    assert trail.widen_to_edits(2, 3) == (1, 4)
    assert trail.widen_to_edits(0, 1) == (0, 1)
    start, end = trail.widen_to_edits(0, 2)
    assert trail.clean_raw_span(*trail.raw_span(start, end)) == "甲丙丁戊"
