"""Tables: the highest and lowest of a column, whole tables, caption and unit; articles by their number."""

from __future__ import annotations

import pytest

from qa.index import Index
from tests.conftest import IndexTexts

SHOPS = """# 门店经营月报

## 一、各店情况

表1 各店经营指标

单位：万元

| 门店 | 营业额 | 同比（%） | 开业日期 |
|---|---|---|---|
| 河西店 | 128.5 | -3.2 | 2018-11-20 |
| 城南店 | 96.0 | 12.6 | 2021-03-08 |
| 湖滨店 | 1,045.0 | 1.1 | 2019-05-01 |
| 合计 | 1,269.5 | 2.0 | |

河西店的最大客流量为每日3,120人。

## 二、管理制度

第一条 店长每周盘点一次。

第二条 员工享有下列待遇：

（一）每月轮休六天；

（二）每年体检一次。
"""


@pytest.fixture(scope="module")
def shops(index_texts: IndexTexts) -> Index:
    return index_texts({"月报.md": SHOPS})


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("营业额最高的是哪家店?", "湖滨店"),  # not 合计
        ("营业额最低的门店是哪个?", "城南店"),
        ("哪家店营业额增长最快?", "城南店"),  # a change is no amount
        ("最早开业的是哪家店?", "河西店"),
    ],
)
def test_the_row_with_an_extreme(shops: Index, question: str, row: str) -> None:
    answer = shops.ask(question, threshold=0.0)
    assert [citation.quote.split(" | ")[0] for citation in answer.citations] == [f"| {row}"]


def test_a_superlative_in_a_name_asks_for_no_extreme(shops: Index) -> None:
    answer = shops.ask("河西店的最大客流量是多少?", threshold=0.0)
    assert "3,120人" in answer.citations[0].quote


def test_a_row_is_cited_with_caption_and_unit(shops: Index) -> None:
    (citation, *_) = shops.ask("河西店的营业额是多少?", threshold=0.0).citations
    assert citation.lead == "表1 各店经营指标\n单位：万元"
    assert "营业额" in citation.header


def test_a_question_for_a_list_is_answered_by_the_table_that_is_introduced(
    index_texts: IndexTexts,
) -> None:
    text = (
        "供水年报\n\n一、用户\n截至年末，用水量前三名单位如下：\n"
        "| 单位 | 用水量 |\n| 甲厂 | 30 |\n| 乙校 | 20 |\n| 丙院 | 10 |\n"
    )
    answer = index_texts({"年报.txt": text}).ask("用水量前三名单位有哪些?", threshold=0.0)
    assert [citation.quote for citation in answer.citations] == [
        "| 甲厂 | 30 |",
        "| 乙校 | 20 |",
        "| 丙院 | 10 |",
    ]


def test_an_article_by_its_number(shops: Index) -> None:
    answer = shops.ask("第二条规定了什么?")
    assert [citation.quote for citation in answer.citations] == [
        "第二条 员工享有下列待遇：",
        "（一）每月轮休六天；",
        "（二）每年体检一次。",
    ]
    assert shops.ask("第1条怎么规定的?").citations[0].quote == "第一条 店长每周盘点一次。"
    assert shops.ask("管理制度第一条规定了什么?").citations[0].quote.startswith("第一条")
    assert shops.ask("第九条规定了什么?").abstained


def test_a_short_follow_up_goes_with_the_question_before(shops: Index) -> None:
    answer = shops.ask("每年几次体检?", ["第二条规定员工享有哪些待遇?"])
    assert "每年体检一次" in "".join(citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("三家店各做了多少万的营业额?", ["河西店", "城南店", "湖滨店", "合计"]),
        ("河西店跟城南店的营业额各是多少?", ["河西店", "城南店"]),
        ("城南店的营业额是多少?", ["城南店"]),
    ],
)
def test_rows_that_a_question_asks_about(shops: Index, question: str, rows: list[str]) -> None:
    citations = shops.ask(question, threshold=0.0).citations
    firsts = [c.quote.split(" | ")[0].strip("| ") for c in citations if c.header]
    assert firsts == rows


def test_several_years_of_one_row_are_that_row(index_texts: IndexTexts) -> None:
    text = (
        "# 收支简报\n\n| 项目 | 2023年 | 2024年 |\n|---|---|---|\n"
        "| 贴息支出 | 421 | 491 |\n| 培训支出 | 88 | 95 |\n| 修路支出 | 730 | 655 |\n"
    )
    answer = index_texts({"简报.md": text}).ask("贴息支出23年24年各是多少?", threshold=0.0)
    assert [citation.quote for citation in answer.citations] == ["| 贴息支出 | 421 | 491 |"]


def test_a_list_is_the_one_that_the_answering_passage_introduces(index_texts: IndexTexts) -> None:
    text = (
        "# 储能建设指引\n\n## 一、安全\n\n"
        "综合国家标准与各地做法，本指引建议项目至少做到：\n\n"
        "1. 电池舱与民用建筑相距不小于30米；\n2. 单舱容量不超过5兆瓦时；\n3. 装可燃气体探测器。\n\n"
        "## 二、建议\n\n本指引对主管部门有下列建议：\n\n"
        "（一）建立县级聚合平台。\n\n（二）明确消防验收的部门。\n\n（三）设立运维保证金。\n"
    )
    answer = index_texts({"指引.md": text}).ask("储能项目至少要做到哪几条?", threshold=0.0)
    assert [citation.quote[:6] for citation in answer.citations] == [
        "1. 电池舱",
        "2. 单舱容",
        "3. 装可燃",
    ]
