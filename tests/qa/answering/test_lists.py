"""Lists: their count, those told inside a paragraph, sections by name, rows of a table."""

from __future__ import annotations

import pytest

from indexer.text.patterns import split_cells
from indexer.text.quantities import stated_count
from qa.answering.inline_lists import find_inline_lists, read_item_label, split_enumeration
from qa.answering.notes import Miscount, compare_counts, describe_counts
from qa.answering.sections import find_section_title
from qa.index import Index
from tests.conftest import IndexTexts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("为此提出以下五项措施:", 5),
        ("四大挑战", 4),
        ("共有三种", 3),
        ("主要包括以下几个方面:", 0),
        ("可供选用的手段有十一种:", 11),
        ("分為兩類:", 2),
        ("第三个月", 0),
        ("过去两个月里有三个原因:", 3),
        ("增长了5个百分点", 0),
        ("一项措施", 0),
    ],
)
def test_stated_count(text: str, count: int) -> None:
    assert stated_count(text) == count


@pytest.mark.parametrize(
    ("intro", "heading", "asked", "quoted", "expected"),
    [
        ("前两项不变。为此提出五项建议:", "建议", 0, 5, None),
        ("为此提出五项建议:", "建议", 0, 4, Miscount("report", 5, 4)),
        ("为此提出五项建议:", "建议", 4, 4, Miscount("report", 5, 4)),
        ("主要有以下几点:", "四大挑战", 0, 3, Miscount("report", 4, 3)),
        ("主要有以下几点:", "挑战", 5, 4, Miscount("question", 5, 4)),
        ("这两方面的要求正在变成硬约束。", "要求", 0, 3, None),  # it introduces no list
    ],
)
def test_miscount(
    intro: str, heading: str, asked: int, quoted: int, expected: Miscount | None
) -> None:
    assert compare_counts(intro, heading, asked, quoted) == expected


def test_notes_of_a_miscount() -> None:
    counts = [Miscount("report", 5, 4), Miscount("question", 3, 5)]
    assert describe_counts(counts, "zh") == [
        "报告称共五项，这里列出四项。",
        "问的是三项，这里列出五项。",
    ]
    assert describe_counts(counts, "en") == [
        "The report speaks of 5 items; 4 are quoted here.",
        "The question speaks of 3 items; 5 are quoted here.",
    ]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("原因有三:一是人少;二是钱少,难以维持;三是路远。此后有所好转。", ["一是人少;", "二是钱少,难以维持;", "三是路远。"]),
        ("要做三件事。第一，降本。第二，培训。第三，监督。", ["第一，降本。", "第二，培训。", "第三，监督。"]),
        ("可見兩點。第一，價高。高在於稅。第二，量少。少在天旱。", ["第一，價高。高在於稅。", "第二，量少。少在天旱。"]),
        ("包括（1）建制度；（2）强培训；（3）勤检查。", ["（1）建制度；", "（2）强培训；", "（3）勤检查。"]),
        ("首先，降本。其次，提质。最后，增收。", ["首先，降本。", "其次，提质。", "最后，增收。"]),
        ("分为三种：甲种便宜；乙种耐用；丙种轻便。", ["甲种便宜；", "乙种耐用；", "丙种轻便。"]),
        ("经历两代：第一代用纸；第二代用芯片。", ["第一代用纸；", "第二代用芯片。"]),
    ],
)  # fmt: skip
def test_lists_told_in_turn(text: str, items: list[str]) -> None:
    (told,) = find_inline_lists(text)
    assert [text[span.start : span.end] for span in told.items] == items


@pytest.mark.parametrize(
    "text",
    [
        "他们首先看距离，其次才看价格。",  # inside a clause
        "第一季度增长，第二季度下降。",
        "这是第一次。",
        "一是。",
        "平日很少；假期：排队四小时；夜里空闲。",  # not as many as it says
        "第三，价格高。第五，数量少。",
    ],
)
def test_what_is_no_list_told_in_turn(text: str) -> None:
    assert find_inline_lists(text) == []


def test_labels() -> None:
    assert read_item_label("二是进入门槛低，一辆二手车就能接单；") == "进入门槛低"
    assert read_item_label("1.技術挑戰:需要新技術。") == "技術挑戰"
    assert read_item_label("第二代是带存储器的标签，需要读卡器；") == "第二代是带存储器的标签"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("冷库分为产地库、中转库和前置库三种。", ["产地库", "中转库", "前置库"]),
        ("困难集中在三处：电不足、没有车位、物业不愿。", ["电不足", "没有车位", "物业不愿"]),
        ("可以归为三类：运输型，仓储型，以及自营型。", ["运输型", "仓储型", "自营型"]),
        ("原因有掉线、磨損與失靈，其中掉线最多。", ["掉线", "磨損", "失靈"]),
        ("没有什么可说的。", []),
    ],
)
def test_parts_of_a_sentence(text: str, parts: list[str]) -> None:
    assert split_enumeration(text) == parts


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("“问题与对策”这一章讲了什么?", "问题与对策"),
        ("〈现实挑战〉一章包括哪些内容?", "现实挑战"),
        ("安全隐患一节讲了什么?", "安全隐患"),
        ("报告的主要问题这一部分谈了哪些方面?", "主要问题"),
        ("第三章讲了什么?", "第三章"),
        ("“绿电”是什么?", None),
        ("报告的第三部分提出的三项建议有多少企业支持?", None),
        ("市场有哪些部分?", None),
        ("一章多少页?", None),
    ],
)
def test_section_titles(question: str, title: str | None) -> None:
    assert find_section_title(question) == title


def test_cells() -> None:
    assert split_cells("| 2019 | 51 | 41% |") == ["2019", "51", "41%"]
    assert split_cells("甲公司 运输型 4,100") == ["甲公司", "运输型", "4,100"]


REPORT = """山城茶馆经营报告

一、五大难题

茶馆经营面临以下五项难题:

1.租金上涨:三年里租金涨了四成。

2.客源老化:年轻人更爱喝咖啡。

3.工艺失传:会点茶的师傅不足百人。

4.同质竞争:一条街上的茶单大同小异。

二、经营办法

茶馆扭亏的办法有三:一是减少座位,把临街的一半改作零售;二是延长时段,早晨供应早点;三是合办活动,与书店分担场租。

茶叶仓库的温区分为三种:常温区放红茶;冷藏区放绿茶;冷冻区放抹茶。

三、门店

下表是三家门店的经营数字。

| 门店 | 座位(个) | 月租(元) | 客单价(元) |
|---|---|---|---|
| 江北店 | 60 | 18,000 | 45 |
| 江南店 | 42 | 12,500 | 38 |
| 山顶店 | 25 | 6,000 | 72 |
"""


@pytest.fixture(scope="module")
def index(index_texts: IndexTexts) -> Index:
    """A small report with a list that is one short of what it says."""
    return index_texts({"tea.txt": REPORT})


def quotes(index: Index, question: str, *history: str) -> list[str]:
    answer = index.ask(question, history)
    for citation in answer.citations:
        assert citation.quote in REPORT
    return [citation.quote for citation in answer.citations]


def test_a_list_that_is_short_says_so(index: Index) -> None:
    answer = index.ask("茶馆经营面临哪些难题?")
    assert [c.quote[:6] for c in answer.citations] == ["1.租金上涨", "2.客源老化", "3.工艺失传", "4.同质竞争"]  # fmt: skip
    assert answer.note == "报告称共五项，这里列出四项。"
    english = index.ask("茶馆经营面临哪些难题?", language="en")
    assert english.note == "The report speaks of 5 items; 4 are quoted here."


def test_clauses_are_cited_one_by_one(index: Index) -> None:
    found = quotes(index, "茶馆扭亏的办法有哪些?")
    assert [quote[:6] for quote in found] == ["一是减少座位", "二是延长时段", "三是合办活动"]
    assert index.ask("茶馆扭亏的办法有哪些?").note == ""
    assert index.ask("茶馆扭亏的办法有哪四种?").note == "问的是四项，这里列出三项。"


def test_clauses_are_what_an_ordinal_points_at(index: Index) -> None:
    answer = index.ask("第三个具体怎么做?", ["茶馆扭亏的办法有哪些?"])
    assert answer.understood == "合办活动具体怎么做?"
    assert "与书店分担场租" in answer.citations[0].quote


def test_a_question_about_one_clause_is_not_answered_with_all(index: Index) -> None:
    assert len(quotes(index, "冷藏区放哪些茶?")) == 1
    assert len(quotes(index, "仓库分为哪三种温区?")) == 3


def test_two_items_of_a_list(index: Index) -> None:
    found = quotes(index, "前两个呢?", "茶馆经营面临哪些难题?")
    assert [quote[:6] for quote in found] == ["1.租金上涨", "2.客源老化"]
    assert index.ask("前两个呢?", ["茶馆经营面临哪些难题?"]).note == ""


def test_a_section_by_its_name(index: Index) -> None:
    assert len(quotes(index, "“五大难题”这一章讲了什么?")) == 4
    assert quotes(index, "经营办法一章讲了什么?")[0].startswith("茶馆扭亏的办法")


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("三家门店分别有多少座位?", ["江北店", "江南店", "山顶店"]),
        ("各门店的月租是多少?", ["江北店", "江南店", "山顶店"]),
        ("江北店和山顶店的客单价分别是多少?", ["江北店", "山顶店"]),
        ("江南店的月租是多少?", ["江南店"]),
    ],
)
def test_rows_of_a_table(index: Index, question: str, rows: list[str]) -> None:
    answer = index.ask(question)
    assert [split_cells(citation.quote)[0] for citation in answer.citations] == rows
    assert all("月租" in citation.header for citation in answer.citations)
