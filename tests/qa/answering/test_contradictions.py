"""Passages that contradict each other are both quoted, with a note; others are not."""

from __future__ import annotations

import pytest

from indexer.structure.passages import split_sentences
from indexer.text.segment import PLAIN
from qa.answering.figures import find_figures, find_row_figures, is_contradiction
from qa.index import Index
from tests.conftest import IndexTexts

NOTE = "两处数据不一致，请核对。"

REPORTS = {
    "lanhai": """蓝海研究院茶叶行业年报

一、产量与销售

2021年全国茶叶产量为306万吨,茶园面积为4,896万亩。2022年全国茶叶产量为318万吨。

茶叶出口量在2022年约为37万吨,其中绿茶占八成。

二、企业

青岭茶业2022年的营业收入为58亿元,员工共有3,200人。云溪茶业2022年的营业收入为41亿元。

青岭茶业成立于1998年,总部在江州市。

2022年江州市的茶馆有1,250家。

青岭茶业2022年的茶园面积为9,500亩。云溪茶业2022年的茶园面积为5,600亩。

三、设备

一台色选机的价格为26万元,使用寿命是8年。

报告预计2025年全国茶叶产量将达到340万吨。
""",
    "yuanshan": """远山咨询茶叶市场观察

第一章 总量

据统计,2022年全国茶叶产量达到335万吨,比上年略有增长。

2022年茶叶出口量为37.5万吨。

2022年海州市的茶馆有980家。

第二章 公司

青岭茶业2022年营业收入为58亿元。青岭茶业2021年的营业收入为52亿元。

青岭茶业成立于1996年。

色选机的使用寿命是8年,一台的租金为每月3,000元。

预计2025年全国茶叶产量将达到360万吨。

茶园面积与人数:

| 公司 | 2022年茶园面积(亩) | 门店(家) |
|---|---|---|
| 青岭茶业 | 8,200 | 310 |
| 云溪茶业 | 5,600 | 150 |

第三章 补充

青岭茶业2022年的员工共有3,900人。
""",
}


@pytest.fixture(scope="module")
def index(index_texts: IndexTexts) -> Index:
    """Two reports on one subject that agree in part."""
    return index_texts({f"{name}.txt": text for name, text in REPORTS.items()})


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("2022年全国茶叶产量是多少?", {"318万吨", "335万吨"}),
        ("青岭茶业2022年的员工有多少人?", {"3,200人", "3,900人"}),
        ("青岭茶业是哪一年成立的?", {"1998年", "1996年"}),
        ("预计2025年全国茶叶产量是多少?", {"340万吨", "360万吨"}),
        ("青岭茶业2022年的茶园面积是多少?", {"8,200", "9,500亩"}),
    ],
)
def test_both_figures_are_quoted_and_noted(index: Index, question: str, figures: set[str]) -> None:
    answer = index.ask(question)
    assert answer.note == NOTE
    assert len(answer.citations) == 2
    assert len({citation.document for citation in answer.citations}) == 2
    for figure in figures:
        assert any(figure in citation.quote for citation in answer.citations)
    assert "disagree" in index.ask(question, language="en").note


@pytest.mark.parametrize(
    "question",
    [
        "2021年全国茶叶产量是多少?",  # the other report has another year
        "2022年茶叶出口量是多少?",  # about 37 and 37.5
        "青岭茶业2022年的营业收入是多少?",  # the same figure twice, another firm, another year
        "云溪茶业2022年的营业收入是多少?",
        "江州市2022年有多少家茶馆?",  # the other report has another town
        "一台色选机的价格是多少?",  # a price and a rent
        "色选机的使用寿命是多少年?",
        "云溪茶业是哪一年成立的?",
        "云溪茶业2022年的茶园面积是多少亩?",
    ],
)
def test_what_agrees_or_is_of_another_thing_is_not_noted(index: Index, question: str) -> None:
    assert NOTE not in index.ask(question, threshold=0.0).note


def values(text: str) -> list[tuple[float, str, str]]:
    return [(f.value, f.unit, f.year) for f in find_figures(text, split_sentences(text), PLAIN)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018年收入为2,900亿元，2020年为3,800亿元。", [(2.9e11, "元", "2018"), (3.8e11, "元", "2020")]),
        ("损耗率由2018年的22%降到2023年的14%。", [(22, "%", "2018"), (14, "%", "2023")]),
        ("损耗率由12%降到8%。", []),  # which is of what year is not said
        ("面積為4,896萬畝。", [(4.896e7, "亩", "")]),
        ("2015年开始实行。", []),
    ],
)  # fmt: skip
def test_figures(text: str, expected: list[tuple[float, str, str]]) -> None:
    assert values(text) == expected


def test_figures_of_a_row() -> None:
    header, row = "| 企业 | 2021年收入(亿元) | 毛利率 | 备注 |", "| 甲公司 | 41.6 | 9.2% | 无 |"
    income, margin = find_row_figures(header, row, PLAIN)
    assert (income.value, income.unit, income.year) == (4.16e9, "元", "2021")
    assert (margin.value, margin.unit, margin.year) == (9.2, "%", "")
    assert find_row_figures(header, "| 甲公司 | 41.6 |", PLAIN) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("产量为4.2万吨", "产量为4.23万吨", False),
        ("产量为4.2万吨", "产量为4.9万吨", True),
        ("产量约为4.2万吨", "产量为4.5万吨", False),
        ("产量约4万吨", "产量为6万吨", True),
        ("产量为42000吨", "产量为4.2万吨", False),
    ],
)
def test_roughly_the_same_is_the_same(one: str, other: str, expected: bool) -> None:
    ((first,), (second,)) = (
        find_figures(text, split_sentences(text), PLAIN) for text in (one, other)
    )
    assert is_contradiction(first, second) is expected
