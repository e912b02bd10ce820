"""Sentences, passages, windows, lists, and whether a report breaks off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.structure.outline import build_outline
from indexer.structure.passages import (
    MAX_WINDOW,
    find_lists,
    find_passages,
    find_windows,
    is_truncated,
    split_sentences,
)


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市场增长。需求上升!为什么?", ["市场增长。", "需求上升!", "为什么?"]),
        ("他说:「好。走吧。」然后离开。", ["他说:「好。走吧。」然后离开。"]),
        ("见《甲。乙》一书。", ["见《甲。乙》一书。"]),
        ("增长3.5%,达到1.2万亿元。", ["增长3.5%,达到1.2万亿元。"]),
        ("他说:“走吧。”她笑了。再见。", ["他说:“走吧。”她笑了。", "再见。"]),
        ("没有句号", ["没有句号"]),
        ("  \n ", []),
        ("「没有关上。这是第二句。", ["「没有关上。", "这是第二句。"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text("甲乙。!?「」《》“”;1.\n ", max_size=80))
def test_sentences_leave_out_white_space_only(text: str) -> None:
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


def test_passages_know_their_headings_and_rows_their_header() -> None:
    text = "一、现状\n正文一段。\n| 年份 | 台数 |\n|---|---|\n| 2021 | 114 |\n| 2022 | 180 |\n1.甲:乙。"
    nodes = build_outline(text)
    passages = find_passages(text, nodes)
    shown = [(p.kind, text[p.span.start : p.span.end]) for p in passages]
    assert shown == [
        ("paragraph", "正文一段。"),
        ("row", "| 2021 | 114 |"),
        ("row", "| 2022 | 180 |"),
        ("item", "1.甲:乙。"),
    ]
    header = passages[1].header
    assert header is not None
    assert text[header.start : header.end] == "| 年份 | 台数 |"
    assert all([nodes[i].title for i in p.path] == ["现状"] for p in passages)


def windows(text: str) -> list[str]:
    (passage,) = find_passages(text, ())
    return [text[span.start : span.end] for span in find_windows(text, passage)]


def test_a_short_paragraph_is_one_window() -> None:
    assert windows("市场增长。需求上升。") == ["市场增长。需求上升。"]


def test_windows_are_whole_sentences_of_about_a_hundred_characters() -> None:
    sentence = "市场规模在过去几年里保持了非常快速的增长势头并且还在继续。"
    found = windows(sentence * 9)
    assert all(text.endswith("。") and len(text) <= MAX_WINDOW for text in found)
    assert all(len(text) >= 80 for text in found[:-1])
    assert set("".join(found)) == set(sentence)


def test_a_short_rest_takes_a_sentence_along() -> None:
    sentence = "市场规模在过去几年里保持了非常快速的增长势头并且还在继续。"
    assert windows(sentence * 4 + "完。")[-1] != "完。"


def test_lists_have_intro_and_items_in_order() -> None:
    text = "(一)背景\n主要包括以下方面:\n1.政策:甲。\n2.市场:乙。\n目的有两点:\n1.分析:丙。\n2.建议:丁。"
    nodes = build_outline(text)
    lists = find_lists(nodes, find_passages(text, nodes))
    found = [
        (g.intro and text[g.intro.start : g.intro.end], [nodes[i].title for i in g.items])
        for g in lists
    ]
    assert found == [
        ("主要包括以下方面:", ["政策", "市场"]),
        ("目的有两点:", ["分析", "建议"]),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("正文。\n8.質量監控:建立體系,對產品和服務質量進行持續", True),
        ("正文。", False),
        ("正文。\n某某研究院", False),
        ("正文。\n编制单位:某某研究院,二〇二三年五月北京", False),
        ("正文。\n二〇二三年十二月三十一日于北京", False),
        ("", False),
    ],
)
def test_truncation(text: str, expected: bool) -> None:
    assert is_truncated(text) is expected


def test_a_line_without_a_stop_is_cut_into_bounded_windows() -> None:
    assert all(len(window) <= 400 for window in windows("甲乙丙丁，" * 1000))
    assert all(len(window) <= 400 for window in windows("甲" * 5000))


@pytest.mark.parametrize("whole", ["1,234,567.89", "《甲、乙 条例》", "「丙，丁」", "Commonwealth"])
@pytest.mark.parametrize("between", ["", "，"])
def test_no_cut_falls_inside_a_number_a_title_or_a_quotation(whole: str, between: str) -> None:
    for before in range(380, 405):
        found = windows("甲" * before + between + whole + "乙" * 500)
        assert [window for window in found if whole in window], before
