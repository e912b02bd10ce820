"""Headings and items by the numbering styles in use, and the paths they give."""

from __future__ import annotations

from indexer.outline import as_tree, build_outline, heading_path


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
    tree = as_tree(nodes)
    assert [n["title"] for n in tree] == ["前言", "趨勢"]
    assert [n["title"] for n in tree[0]["children"]] == ["背景"]
