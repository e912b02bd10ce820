"""What belongs together: terms and definitions, items and reasons, lists and tables with what leads to them."""

from __future__ import annotations

import pytest

from indexer.structure.leads import find_leads
from indexer.structure.outline import build_outline
from indexer.structure.passages import find_lists, find_passages


def passages_of(text: str) -> list[str]:
    return [text[p.span.start : p.span.end] for p in find_passages(text, build_outline(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The term of a standard, with its note.
        (
            "3.1\n堆肥 compost\n有机物经发酵得到的产物。\n注1：不含污泥。\n后文。",
            ["3.1\n堆肥 compost\n有机物经发酵得到的产物。\n注1：不含污泥。", "后文。"],
        ),
        # Without a number the English name shows a term.
        ("静压 static pressure\n空气静止时的压力。", ["静压 static pressure\n空气静止时的压力。"]),
        ("总体情况\n全年运行平稳。", ["总体情况", "全年运行平稳。"]),
        # A reason belongs to the item above it, and no remark to a row.
        ("1）删去附录。\n理由：已有新标准。", ["1）删去附录。\n理由：已有新标准。"]),
        ("| 甲 | 乙 |\n| 丙 | 3 |\n注：丙为估计。", ["| 丙 | 3 |", "注：丙为估计。"]),
        # Each line says something by itself if the first is long.
        ("甲" * 300 + "。\n注：乙。", ["甲" * 300 + "。", "注：乙。"]),
    ],
)
def test_lines_that_are_one_passage(text: str, expected: list[str]) -> None:
    assert passages_of(text) == expected


@pytest.mark.parametrize(
    ("text", "intro", "labels"),
    [
        (
            "评价人员分为：\na) 技术人员；\nb) 管理人员；\nc) 其他",
            "评价人员分为：",
            ["技术人员", "管理人员", "其他"],
        ),
        (
            "5.1 概述\n5.2 要素包括：\n(a) 设计；\n(b) 老化。",
            "5.2 要素包括：",
            ["设计", "老化"],
        ),
        ("- 门\n  - 层门\n  - 轿门\n- 绳", "- 门", ["层门", "轿门"]),
        ("- 门\n  - 层门\n  - 轿门\n- 绳", None, ["门", "绳"]),
        (
            "第一条 养护单位负责：\n（一）编制计划；\n（二）巡查。\n第二条 本办法即日起施行。",
            "第一条 养护单位负责：",
            ["编制计划", "巡查"],
        ),
    ],
)
def test_lists_by_letter_indent_and_article(
    text: str, intro: str | None, labels: list[str]
) -> None:
    nodes = build_outline(text)
    found = [
        (
            text[one.intro.start : one.intro.end] if one.intro else None,
            [nodes[i].title for i in one.items],
        )
        for one in find_lists(nodes, find_passages(text, nodes))
    ]
    assert (intro, labels) in found


def test_what_leads_to_a_table_and_to_a_list() -> None:
    text = "表1 产量\n单位：万吨\n| 年 | 产量 |\n| 甲 | 3 |\n| 乙 | 4 |\n应当：\n1. 记账，报账。\n2. 对账，查账。"
    nodes = build_outline(text)
    passages = find_passages(text, nodes)
    leads = [
        [text[s.start : s.end] for s in spans]
        for p, spans in zip(passages, find_leads(passages, nodes), strict=True)
        if p.kind != "paragraph"
    ]
    assert leads == [["表1 产量", "单位：万吨"]] * 2 + [["应当："]] * 2


def test_headers_of_tables() -> None:
    text = (
        "| 项目 | 2022年 |\n| 收入 | 8 |\n| 项目 | 2022年末 |\n| 资产 | 9 |\n正文。\n"
        "| 员工数 | 86 |\n| 子公司 | 7 |"
    )
    rows = [p for p in find_passages(text, ()) if p.kind == "row"]
    headers = [text[p.header.start : p.header.end] if p.header else None for p in rows]
    assert headers == ["| 项目 | 2022年 |", "| 项目 | 2022年末 |", None, None]
