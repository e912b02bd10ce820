"""Chinese numerals are read as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.numerals import circled_number, parse_numeral, to_numeral

NUMBERS = st.integers(0, 9999)


@pytest.mark.parametrize(
    ("number", "text", "formal"),
    [
        (0, "零", "零"),
        (4, "四", "肆"),
        (10, "十", "壹拾"),
        (12, "十二", "壹拾贰"),
        (20, "二十", "贰拾"),
        (99, "九十九", "玖拾玖"),
        (105, "一百零五", "壹佰零伍"),
        (110, "一百一十", "壹佰壹拾"),
        (1001, "一千零一", "壹仟零壹"),
        (1010, "一千零一十", "壹仟零壹拾"),
        (2300, "二千三百", "贰仟叁佰"),
    ],
)
def test_a_number_in_words(number: int, text: str, formal: str) -> None:
    assert to_numeral(number) == text
    assert to_numeral(number, formal=True) == formal
    assert parse_numeral(text) == number


@given(NUMBERS)
def test_what_is_written_is_read_again(number: int) -> None:
    assert parse_numeral(to_numeral(number)) == number
    assert parse_numeral(str(number)) == number


@given(NUMBERS, NUMBERS)
def test_different_numbers_are_written_differently(one: int, other: int) -> None:
    assert (to_numeral(one) == to_numeral(other)) == (one == other)
    assert (to_numeral(one, True) == to_numeral(other, True)) == (one == other)


@given(st.text("零〇一二两三十百千0", max_size=6))
def test_what_is_read_is_a_numeral(text: str) -> None:
    number = parse_numeral(text)
    if number is not None and not text.isdigit():
        plain = text.translate(str.maketrans("两〇", "二零"))
        assert to_numeral(number) in (plain, plain.removeprefix("一"))


@pytest.mark.parametrize(
    "text", ["", "二三", "零五", "百", "一百五", "十十", "十1", "1十", "甲", "³"]
)
def test_what_is_no_numeral_is_none(text: str) -> None:
    assert parse_numeral(text) is None


def test_other_signs_for_the_same() -> None:
    assert [parse_numeral(text) for text in ("两", "〇", "一十二", "两百")] == [2, 0, 12, 200]


@pytest.mark.parametrize("number", [-1, 10_000])
def test_a_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 9999"):
        to_numeral(number)


def test_circled_numbers() -> None:
    assert [circled_number(sign) for sign in "①⑩⑳"] == [1, 10, 20]
