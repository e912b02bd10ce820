"""Headings and items by the numbering styles in use, and the paths they give."""

from __future__ import annotations

import pytest

from indexer.structure.outline import build_outline, heading_path, to_tree
from indexer.structure.passages import find_lists, find_passages
from indexer.structure.table_of_contents import find_contents_lines
from indexer.text.patterns import before_leader
from indexer.text.quantities import QUANTITY


def shape(text: str, marks: tuple[tuple[int, int, int], ...] = ()) -> list[tuple[int, str, str]]:
    return [(node.level, node.kind, node.title) for node in build_outline(text, marks)]


def test_three_levels_with_inline_items() -> None:
    text = "一、前言\n(一)背景\n正文。\n1.政策:國家支持。\n2.市場:需求增長。\n(二)目的\n二、趨勢"
    assert shape(text) == [
        (1, "heading", "前言"),
        (2, "heading", "背景"),
        (3, "item", "政策"),
        (3, "item", "市場"),
        (2, "heading", "目的"),
        (1, "heading", "趨勢"),
    ]


def test_other_orders_of_the_same_styles() -> None:
    assert shape("1、总论\n一、背景\n正文。\n二、方法\n2、结果") == [
        (1, "heading", "总论"),
        (2, "heading", "背景"),
        (2, "heading", "方法"),
        (1, "heading", "结果"),
    ]


def test_chapters_sections_and_full_width_parentheses() -> None:
    assert shape("第一章 总论\n第一节 说明\n（一）来源\n第二章 结论") == [
        (1, "heading", "总论"),
        (2, "heading", "说明"),
        (3, "heading", "来源"),
        (1, "heading", "结论"),
    ]


def test_markdown_levels_are_its_own() -> None:
    assert shape("# 报告\n## 1. 概念\n### 1.1 名词\n- 充电桩：设备。\n## 2. 现状") == [
        (1, "heading", "报告"),
        (2, "heading", "1. 概念"),
        (3, "heading", "1.1 名词"),
        (4, "item", "充电桩"),
        (2, "heading", "2. 现状"),
    ]


def test_headings_that_the_format_names() -> None:
    text = "概述\n正文第一段。\n细节\n正文第二段。"
    assert shape(text, ((0, 2, 1), (10, 12, 2))) == [(1, "heading", "概述"), (2, "heading", "细节")]


def test_an_item_may_begin_with_a_number_where_the_list_goes_on() -> None:
    assert [n.number for n in build_outline("4.云计算:好。\n5.5G技术:快。")] == ["4.", "5."]
    assert build_outline("共有\n5.5亿元人民币投入使用,增长迅速。") == ()


def test_numbers_and_sentences_are_no_headings() -> None:
    assert build_outline("2015年市场规模为1万亿元。\n3.5%的增长率,\n第一,要支持。") == ()


def test_an_item_that_breaks_off_is_an_item() -> None:
    (node,) = build_outline("8.實施質量監控:建立質量監控體系,對產品和服務質量進行持續")
    assert (node.kind, node.title) == ("item", "實施質量監控")


def test_paths_and_tree() -> None:
    text = "一、前言\n(一)背景\n正文。\n二、趨勢\n結語。"
    nodes = build_outline(text)
    assert [nodes[i].title for i in heading_path(nodes, text.index("正文"))] == ["前言", "背景"]
    assert [nodes[i].title for i in heading_path(nodes, text.index("結語"))] == ["趨勢"]
    tree = to_tree(nodes)
    assert [n["title"] for n in tree] == ["前言", "趨勢"]
    assert [n["title"] for n in tree[0]["children"]] == ["背景"]


def numbers(text: str) -> list[str]:
    """The numbers of the outline, each indented by two spaces a level."""
    nodes = build_outline(text)
    depths: list[int] = []
    for node in nodes:
        depths.append(0 if node.parent is None else depths[node.parent] + 1)
    return [" " * 2 * depth + node.number for depth, node in zip(depths, nodes, strict=True)]


NESTED = ["1", "  1.1", "    1.1.1", "    1.1.2", "  1.2", "2", "  2.1"]


@pytest.mark.parametrize(
    "text",
    [
        "1 总论\n1.1 背景\n1.1.1 来由\n正文。\n1.1.2 沿革\n正文。\n1.2 目的\n正文。\n2 方法\n2.1 问卷",
        "1. 总论\n1.1. 背景\n1.1.1. 来由\n正文。\n1.1.2. 沿革\n1.2. 目的\n正文。\n2. 方法\n2.1. 问卷",
        "1总论\n1.1背景\n1.1.1来由\n正文。\n1.1.2沿革\n正文。\n1.2目的\n正文。\n2方法\n2.1问卷",
        "１．總論\n１．１ 背景\n１．１．１ 來由\n正文。\n１．１．２ 沿革\n１．２ 目的\n２．方法\n２．１ 問卷",
    ],
)
def test_dotted_numbers_nest_by_their_parts(text: str) -> None:
    assert numbers(text) == NESTED


def test_dotted_sections_of_each_chapter_are_a_list_of_their_own() -> None:
    text = "1.1 水源\n正文。\n1.2 水质\n正文。\n2.1 管网\n正文。\n2.2 泵站\n正文。"
    nodes = build_outline(text)
    lists = find_lists(nodes, find_passages(text, nodes))
    assert [[nodes[i].title for i in g.items] for g in lists] == [
        ["水源", "水质"],
        ["管网", "泵站"],
    ]


def test_dotted_numbers_stand_below_chapters_and_above_lists() -> None:
    text = (
        "第三章 现状\n3.1 规模\n(一)总量\n正文。\n3.2 结构\n3.2.1 品类\n1)蔬菜\n正文。\n2)水果\n正文。"
        "\n①苹果\n正文。\n第四章 问题\n4.1 成本"
    )
    assert [n.strip() for n in numbers(text)] == [
        "第三章", "3.1", "(一)", "3.2", "3.2.1", "1)", "2)", "①", "第四章", "4.1",
    ]  # fmt: skip
    assert [node.level for node in build_outline(text)] == [1, 2, 3, 2, 3, 4, 4, 5, 1, 2]


def test_a_list_inside_a_section_counts_for_itself() -> None:
    text = (
        "1. 总论\n1.1 背景\n1. 甲项\n说明。\n2. 乙项\n说明。\n1.2 目的\n正文。\n2. 方法\n2.1 问卷\n"
        "1. 发放;\n2. 回收。\n3. 结论\n正文。"
    )
    assert numbers(text) == [
        "1", "  1.1", "    1.", "    2.", "  1.2", "2", "  2.1", "    1.", "    2.", "3",
    ]  # fmt: skip


def test_chapters_without_sections_among_others() -> None:
    text = (
        "1 引言\n正文。\n2 方法\n正文。\n3 结果\n3.1 床位\n正文。\n4 讨论\n正文。\n5 结论\n正文。"
    )
    assert numbers(text) == ["1", "2", "3", "  3.1", "4", "5"]
    assert numbers("1 市场\n平稳。\n\n2 用户\n年长。\n\n3 渠道\n下沉。") == ["1", "2", "3"]


def test_skipped_and_repeated_numbers_keep_their_places() -> None:
    text = "1 总论\n1.1.1 来由\n正文。\n1.3 目的\n正文。\n1.3 目的\n正文。\n4 方法\n4.2 问卷\n正文。\n4.2.2 回收"
    assert numbers(text) == ["1", "  1.1.1", "  1.3", "  1.3", "4.2", "  4.2.2"]


def test_a_dotted_line_that_is_a_sentence_is_an_item() -> None:
    text = "1 总则\n1.1 本办法适用于停车场。\n1.2停车场分为三类。\n2 建设\n2.1 规划\n2.1.1 规划由主管部门编制,报批后实施。"
    assert [(n.kind, n.number) for n in build_outline(text)] == [
        ("heading", "1"),
        ("item", "1.1"),
        ("item", "1.2"),
        ("heading", "2"),
        ("heading", "2.1"),
        ("item", "2.1.1"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "3.5亿元的收入用于管网改造",
        "3.5 亿元的收入用于管网改造",
        "2020年全市用水总量下降",
        "1.2万家企业参加了测试",
        "1.2 万家企业参加了测试",
        "12.5%的管网仍在漏损",
        "192.168.1.1 是平台的地址",
        "8.8.8.8 公共解析地址",
        "10.0.0.1网关地址",
        "4.2.1 版本的平台上线",
        "2.0 平台上线",
        "3.5寸硬盘涨价",
        "6.18 大促带动销量",
        "10.1 假期用电下降",
        "3.14159 是圆周率",
        "1.3至1.5倍的溢价",
        "3 个水源地已经关停",
        "25 岁以上的占一半",
        "1.2 35.4 41.0",
    ],
)
def test_a_line_that_begins_with_a_figure_stays_body(line: str) -> None:
    around = f"1 总论\n1.1 背景\n正文。\n{line}\n1.2 目的\n正文。"
    assert numbers(around) == ["1", "  1.1", "  1.2"]
    assert numbers(f"全年回顾\n{line}\n其余从略。") == []


def test_a_list_does_not_go_on_in_a_decimal() -> None:
    text = "1.市场:好。\n2.5亿元的收入来自东部\n2.5G技术:快。\n3.2020年规模:大。"
    assert [n.title for n in build_outline(text)] == ["市场", "5G技术", "2020年规模"]


def test_titles_that_begin_like_a_measure_are_titles() -> None:
    titles = [
        "个人消费",
        "年度报告",
        "人口结构",
        "元宇宙",
        "日常管理",
        "家电下乡",
        "欧元区",
        "股权",
    ]
    assert not [title for title in titles if QUANTITY.match(title)]
    assert numbers("\n".join(f"1.{i} {t}\n正文。" for i, t in enumerate(titles, 1)))[-1] == "1.8"
    assert numbers("1.1 2023年概况\n正文。\n1.2 5G技术\n正文。") == ["1.1", "1.2"]


BODY = "第一章 总论\n1.1 背景\n正文。\n1.2 目的\n正文。\n第二章 结论\n正文。"


@pytest.mark.parametrize(
    "contents",
    [
        "第一章 总论……1\n1.1 背景 ........ 3\n1.2 目的 . . . . 4\n第二章 结论 ------ 12",
        "目  录\n\n第一章 总论\t1\n1.1 背景\t3\n1.2 目的\t4\n第二章 结论\t12",
        "目录\n第一章 总论\n1.1背景\n1.2目的\n第二章 结论\n附录",
        "1.1 背景 3\n1.2 目的 4",
        "# 目录\n\n- 第一章 总论\n- 1.1 背景\n- 1.2 目的\n- 第二章 结论",
    ],
)
def test_a_table_of_contents_is_no_outline(contents: str) -> None:
    text = f"{contents}\n\n{BODY}"
    nodes = build_outline(text)
    assert [node.number for node in nodes] == ["第一章", "1.1", "1.2", "第二章"]
    assert nodes[0].start == len(contents) + 2
    lists = find_lists(nodes, find_passages(text, nodes))
    assert all(nodes[i].start > len(contents) for found in lists for i in found.items)
    # It stays in the text, and no entry that comes again is a passage: no answer quotes it.
    starts = [p.span.start for p in find_passages(text, nodes)]
    assert min(starts) >= text.find("附录") if "附录" in text else min(starts) > len(contents)


def test_where_a_table_of_contents_ends() -> None:
    repeated = ["目录", "第一章 甲", "1. 背景", "小结", "第二章 乙", "1. 背景", "小结", ""]
    body = ["第一章 甲", "1. 背景", "正文。", "小结", "第二章 乙", "1. 背景", "正文。", "小结"]
    assert sorted(find_contents_lines([*repeated, *body], ())) == list(range(7))
    # Nothing of it comes again: a chapter of that name, not a table of contents.
    assert not find_contents_lines(["目录", "一、书目", "二、篇目", "正文。"], ())
    # What the format calls a heading is one.
    assert sorted(find_contents_lines(["目录", "一、甲", "一、甲", "正文。"], {0, 2})) == [0, 1]


@pytest.mark.parametrize("line", ["增长了 3", "展望——2030", "他说……", "2019-2023", "13.5"])
def test_a_line_that_ends_in_a_figure_is_no_entry(line: str) -> None:
    assert before_leader(line) is None


def test_code_between_fences_has_no_headings() -> None:
    text = "# 报告\n```python\n# 注释\n1. 条目\n```\n## 甲\n~~~\n- 乙\n~~~\n```一行```\n## 丙\n```\n## 丁"
    assert [n.title for n in build_outline(text)] == ["报告", "甲", "丙", "丁"]


def test_numbered_headings_that_the_format_names_nest() -> None:
    text = "一、总论\n1.1 背景\n正文。\n二、结论"
    nodes = build_outline(text, ((0, 4, 1), (5, 11, 2), (16, 20, 1)))
    assert [(n.level, n.title, n.parent) for n in nodes] == [
        (1, "总论", None),
        (2, "背景", 0),
        (1, "结论", None),
    ]


def test_the_label_of_a_lone_item_is_without_its_number() -> None:
    for line in ("2 方法", "2.3 方法", "2.3方法", "4.1.2 方法"):
        assert [node.title for node in build_outline(line)] == ["方法"]
