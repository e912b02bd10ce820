"""Numbers and dates match however they are written, and what is none stays as it is."""

from __future__ import annotations

import pytest

from indexer.text.canonical import canonical
from indexer.text.fold import fold, fold_strict
from indexer.text.quantities import years_in


@pytest.mark.parametrize(
    ("written", "one_form"),
    [
        ("女性23,876人", "女性23876人"),
        ("1,234,567.89元", "1234567.89元"),
        ("2021-06-30", "2021年6月30日"),
        ("2021.06.30,封顶", "2021年6月30日,封顶"),
        ("2021/6/30", "2021年6月30日"),
        ("2021年06月05日", "2021年6月5日"),
        ("二〇二一年六月三十日", "2021年6月30日"),
        ("一九九八年十月", "1998年10月"),
        ("增长百分之六点五", "增长6.5%"),
        ("百分之十二", "12%"),
        ("百分之6.5", "6.5%"),
        ("占五成五。", "占55%。"),
        ("近一成,", "近10%,"),
        ("一点七八万亿美元", "1.78万亿美元"),
        ("九千八百亿美元", "9800亿美元"),
        ("两万三千亿元", "23000亿元"),
        ("两万三千元", "23000元"),
        ("一万多家", "1万多家"),
    ],
)
def test_each_way_of_writing_has_one_form(written: str, one_form: str) -> None:
    assert canonical(written) == one_form
    assert canonical(one_form) == one_form


@pytest.mark.parametrize(
    "text",
    [
        "1,2,3季度",
        "2015,2016两年",
        "版本2021.06.30.1",
        "第一百万名",
        "三大任务",
        "千万不要",
        "完成一半",
        "万一",
        "一二三产业",
        "甲组成五人小组",
        "12,34",
    ],
)
def test_what_is_no_such_number_stays(text: str) -> None:
    assert canonical(text) == text


def test_folding_gives_the_one_form_and_comparing_quotations_does_not() -> None:
    assert fold("２３，８７６人") == "23876人"
    assert fold_strict("百分之六點五") == "百分之六点五"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("会员单位达到1987家", ()),
        ("培训2036人次", ()),
        ("2025年达到2036人次", ("2025",)),
        ("2020人口普查", ("2020",)),
        ("2015个人贷款", ("2015",)),
        ("比2019高", ("2019",)),
    ],
)
def test_a_count_that_looks_like_a_year_is_none(text: str, years: tuple[str, ...]) -> None:
    assert years_in(text) == years
