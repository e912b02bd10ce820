"""Numbers, years, units and times in folded text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.quantities import (
    COUNTED,
    FIGURE,
    QUANTITY,
    REPEATED_NUMBER,
    TIME_ONLY,
    asked_unit,
    figure_value,
    holds_number,
    holds_time,
    holds_unit,
    is_number_cell,
    is_rough,
    is_year,
    stated_count,
    years_in,
)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("从2015年到2020年", ("2015", "2020")),
        ("1898 年", ("1898",)),
        ("共2000万元", ()),
        ("2015.5", ()),
        ("到2025", ("2025",)),
        ("到1998", ()),
        ("12015年", ()),
        ("2019年,2019年", ("2019",)),
    ],
)
def test_years(text: str, years: tuple[str, ...]) -> None:
    assert years_in(text) == years


@given(st.integers(0, 9999))
def test_years_are_from_1800_to_2099(number: int) -> None:
    assert is_year(f"{number:04}") == (1800 <= number < 2100)


@pytest.mark.parametrize(
    ("text", "value", "unit", "rough"),
    [
        ("4.2万亿元", 4.2e12, "元", False),
        ("约3000万人次", 3e7, "人次", True),
        ("1,250台", 1250, "台", False),
        ("300多家", 300, "家", True),
        ("18个月", 18, "个月", False),
        ("27.8%", 27.8, "%", False),
        ("0.5个百分点", 0.5, "个百分点", False),
        ("5千瓦时左右", 5, "千瓦时", True),
        ("3万美元", 3e4, "美元", False),
    ],
)
def test_figures(text: str, value: float, unit: str, rough: bool) -> None:
    match = FIGURE.fullmatch(text)
    assert match is not None
    assert figure_value(match) == pytest.approx(value)
    assert (match["unit"], is_rough(match)) == (unit, rough)


@pytest.mark.parametrize(
    ("text", "number", "time"),
    [
        ("2.移动支付:2020年普及", False, True),
        ("2.移动支付:有8亿用户", True, False),
        ("增长三成", True, False),
        ("三方合作", False, False),
        ("三月开通", True, True),
        ("2021-03发布", True, True),
        ("改革之后", False, True),
    ],
)
def test_kinds_that_a_text_holds(text: str, number: bool, time: bool) -> None:
    assert (holds_number(text), holds_time(text)) == (number, time)


def test_a_unit_stands_behind_a_number_or_in_a_header() -> None:
    assert holds_unit("辆", "共有3万多辆")
    assert not holds_unit("辆", "车辆很多")
    assert holds_unit("元", "甲公司 41.6", "公司 收入(亿元) 甲公司 41.6")
    assert not holds_unit("年|月", "2019年发布")
    assert holds_unit("年|天", "当天到账")


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("有多少辆车", "辆"),
        ("需要多久", "年|月|天|日|小时|分钟|秒|周|星期"),
        ("花了多少亿元", "元"),
        ("占多大比例", "%|成|分之|倍|个百分点"),
        ("有几家企业", "家"),
        ("多少家庭", ""),
        ("规模有多大", ""),
    ],
)
def test_the_unit_that_a_question_asks_for(question: str, unit: str) -> None:
    assert asked_unit(question) == unit


def test_what_a_question_counts_is_none_of_its_words() -> None:
    assert COUNTED.sub(" ", "有多少辆车") == "有 车"
    assert REPEATED_NUMBER.findall("2015年增长27.8%,共350家,3项") == ["27.8%", "350"]


@pytest.mark.parametrize(
    ("text", "running"),
    [
        ("万家企业", True),
        ("人参加", True),
        ("人口", False),
        ("年的数据", True),
        ("年度报告", False),
        ("%以上", True),
        ("千米", True),
        ("背景", False),
        ("GB", True),
    ],
)
def test_what_makes_a_numbered_line_running_text(text: str, running: bool) -> None:
    assert bool(QUANTITY.match(text)) == running


@pytest.mark.parametrize(
    ("text", "count"),
    [("为此提出以下五项措施:", 5), ("手段有十一种:", 11), ("第三个月", 0), ("十几种", 0)],
)
def test_how_many_things_a_text_announces(text: str, count: int) -> None:
    assert stated_count(text) == count


@pytest.mark.parametrize("text", ["2020年", "到2019年上半年", "第三季度", "2021年3月的时候"])
def test_a_text_that_only_names_a_time(text: str) -> None:
    assert TIME_ONLY.fullmatch(text)
    assert not TIME_ONLY.fullmatch(f"{text}收入")


def test_cells() -> None:
    cells = ["1,250", "-3.5%", "2019", "2019年", "甲", ""]
    assert [is_number_cell(cell) for cell in cells] == [True, True, False, False, False, False]
