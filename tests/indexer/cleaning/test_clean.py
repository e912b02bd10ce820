"""Cleaning whole reports: what is removed, what stays, and that the raw text can be rebuilt."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.cleaning.clean import clean
from indexer.cleaning.trail import Edit, rebuild_raw
from indexer.load import LoadedFile, Page
from indexer.report import CleanedReport, clean_report
from indexer.structure.outline import Node
from indexer.text.fold import fold_chars
from tests.conftest import ROOT

READING = re.compile(r"[\u3400-\u9fff]\([a-züāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]+\)")
NOISE = (
    "_第",
    "已阅读",
    "下载本文档",
    "版权说明",
    "版权声明",
    "文档简介",
    "温馨提示",
    "评论",
    "0/150",
)


@pytest.fixture(scope="module")
def seed(seed_file: Path) -> CleanedReport:
    return clean_report(seed_file)


@pytest.fixture(scope="module")
def shipped() -> CleanedReport:
    return clean_report(ROOT / "corpus/reports/internet-consumer-finance.txt")


def headings(report: CleanedReport) -> list[Node]:
    return [node for node in report.nodes if node.kind == "heading"]


def test_seed_annotations_are_gone_and_genuine_parentheses_stay(seed: CleanedReport) -> None:
    assert len(READING.findall(seed.loaded.text)) == 789
    assert READING.findall(seed.trail.text) == []
    assert "(SEO)" in seed.trail.text
    assert "(SEM)" in seed.trail.text


def test_seed_noise_lines_are_gone(seed: CleanedReport) -> None:
    folded = fold_chars(seed.trail.text)
    assert [noise for noise in NOISE if noise in folded] == []
    assert seed.trail.text.startswith(
        "中國互聯網消費金融行業報告\n\n一、前言\n\n(一)研究背景與目的"
    )
    assert seed.title == "中國互聯網消費金融行業報告"


def test_seed_bytes_out_of_step_are_repaired(seed: CleanedReport) -> None:
    assert "呈現出增長趨勢。跨境電商平臺通過提供跨境支付" in seed.trail.text


def test_seed_breaks_off_and_says_so(seed: CleanedReport) -> None:
    assert seed.truncated
    assert seed.trail.text.endswith("對產品和服務質量進行持續")


def test_seed_outline(seed: CleanedReport) -> None:
    top = [node.number for node in seed.nodes if node.parent is None]
    assert top == ["一、", "二、", "三、", "四、", "五、"]
    sections = [
        sum(seed.nodes[n.parent].number == t for n in headings(seed) if n.parent is not None)
        for t in top
    ]
    assert sections == [1, 4, 3, 3, 3]
    items = [node for node in seed.nodes if node.kind == "item"]
    parts = [i for i, n in enumerate(seed.nodes) if n.kind == "heading" and n.parent is not None]
    counts = [sum(node.parent == part for node in items) for part in parts]
    assert counts == [8, 0, 5, 5, 5, 0, 0, 4, 6, 2, 5, 8, 11, 8]
    assert [n.title for n in items if n.title.startswith("5G")] == ["5G技術"]


def test_seed_loses_nothing_genuine(seed: CleanedReport) -> None:
    """Between the notices, every line is the raw line less its readings, the damaged run aside."""
    raw = seed.loaded.text
    body = raw[raw.index("一、前言") : raw.index("溫馨提示")]
    expected = re.sub(r"\([a-züāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]+\)", "", body)
    expected = expected.replace("??缇畴娚唐脚_", "。跨境電商平臺").split()
    assert seed.trail.text.removeprefix(seed.title).split() == expected


def test_shipped_report_is_cleaned_to_its_source(shipped: CleanedReport) -> None:
    source = (ROOT / "corpus/sources/internet-consumer-finance.txt").read_text(encoding="utf-8")
    assert shipped.trail.text == source.strip("\n")
    assert shipped.truncated


def test_shipped_pdf_has_whole_sentences_and_no_running_lines() -> None:
    report = clean_report(ROOT / "corpus/reports/cold-chain.pdf")
    lines = report.trail.text.split("\n")
    assert "第二章 设施与技术" in lines
    assert not any(re.fullmatch(r"第 \d+ 页 共 \d+ 页", line) for line in lines)
    assert lines.count(report.title) == 1  # above the first chapter, and on no other page
    source = (ROOT / "corpus/sources/cold-chain.txt").read_text(encoding="utf-8").split("\n")
    paragraphs = [line.strip() for line in source if len(line) > 60]
    assert [p for p in paragraphs if p not in lines] == []


@pytest.mark.parametrize(
    "name", ["internet-consumer-finance.txt", "ev-charging.md", "cold-chain.pdf"]
)
def test_raw_text_is_rebuilt(name: str) -> None:
    report = clean_report(ROOT / "corpus/reports" / name)
    assert rebuild_raw(report.trail.text, report.trail.edits) == report.loaded.text


DAMAGE = st.sampled_from(
    [
        "聯(lián)網(wǎng)", "某報告_第3頁\n", "下載本文檔\n", "已閱讀5頁,還剩8頁未讀\n", "\r\n", "\u200b",
        "　　", "\n\n\n", "溫馨提示\n1. 本站上傳\n2. 本站下載\n", "評論\n0/150\n提交評論\n", "。??缇畴娚唐脚_",
        "某行業報告一、前言", "**粗**", "[甲](乙)", "一、背景\n", "1.甲:乙。\n", "市場增長,", "乙(SEO)。",
        "\ufeff", "\x00", "| 甲 | 乙 |\n", "2015年 1 2 3\n",
    ]
)  # fmt: skip


@given(st.lists(DAMAGE, max_size=25).map("".join), st.sampled_from(["txt", "md", "pdf"]))
@settings(max_examples=150, deadline=None)
def test_any_damage_can_be_undone(text: str, kind: str) -> None:
    trail = clean(LoadedFile(text, kind)).trail
    assert rebuild_raw(trail.text, trail.edits) == text
    assert all(trail.raw[e.raw_start : e.raw_end] == e.removed for e in trail.edits)


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_rebuilt(text: str) -> None:
    trail = clean(LoadedFile(text, "txt")).trail
    assert rebuild_raw(trail.text, trail.edits) == text


# --- each edit at its place, for texts with everything that damages a report at once

SENTENCES = st.sampled_from(
    [
        "近年來,中國互聯(lián)網(wǎng)消費金融市場快速增長,規(guī)模達到十萬億元。",
        "市场规模从2015年的1.2亿元增长到2020年的51亿元，年均增长率（CAGR）为35%。",
        "甯傚満瑙勬ā鎵╁ぇ，", "ä¸\xadå›½å¸‚åœº", "ÖÐ¹úÊÐ³¡ÔÚ2020Äê", "锟斤拷烫烫烫", "市\ufffd场\ufffd\ufffd",
        "呈現出增長趨勢??缇畴娚唐脚_通過提供跨境支付", "市 場 規 模 從 2 萬 億 元 增 長 至 今 。", "什么??我不知道。",
    ]
)  # fmt: skip
LINES = st.sampled_from(
    [
        "某行業報告_第{n}頁", "第 {n} 頁 共 40 頁", "- {n} -", "{n}", "已閱讀{n}頁,還剩8頁未讀", "登錄後查看全文",
        "下載本文檔", "版權說明:本文檔由用戶上傳,若有侵權,請舉報", "溫馨提示", "{n}. 本站文件請下載", "評論", "0/150",
        "提交評論", "某某文庫 www.example.com", "相關文檔推薦", "某行業分析報告.doc", "一、背景", "(二)現狀", "{n}.甲:乙。",
        "## 現狀", "| 年份 | 台數 |", "|---|---|", "2019年 {n} 70 41%", "某行業報告", "　　段落開始", "**粗**與[甲](乙)",
        "```", "- 項目", "1.{n} 小節 ........ {n}", "",
    ]
)  # fmt: skip
PLANTED = st.sampled_from(
    "\u200b \ufeff \x00 \ue123 \U000f0001 \u00ad \u3000 \xa0 \x0c \u2028 \x85 ？ Ａ ( ? * | \t".split(
        " "
    )
)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", " \n", "\n\n\n", ""])


@st.composite
def damaged(draw: st.DrawFn) -> LoadedFile:
    """A report of any format, noise among its sentences, cut into pages where it has pages."""
    pieces = []
    for number in range(draw(st.integers(0, 14))):
        piece = draw(SENTENCES | LINES).replace("{n}", str(number + 1))
        if draw(st.booleans()):
            at = draw(st.integers(0, len(piece)))
            piece = piece[:at] + draw(PLANTED) + piece[at:]
        pieces.append(piece * draw(st.sampled_from([1, 1, 1, 2])) + draw(ENDS))
    text = "".join(pieces)
    kind = draw(st.sampled_from(["txt", "md", "html", "docx", "pdf"]))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4))) if kind == "pdf" else []
    bounds = list(pairwise([0, *cuts, len(text)])) if kind == "pdf" else []
    pages = tuple(Page(n, start, end) for n, (start, end) in enumerate(bounds, 1))
    return LoadedFile(text, kind, pages=pages)


@given(damaged())
@settings(max_examples=200, deadline=None)
def test_any_report_can_be_rebuilt_and_each_place_found(loaded: LoadedFile) -> None:
    trail = clean(loaded).trail
    raw, text = loaded.text, trail.text
    assert rebuild_raw(text, trail.edits) == raw
    # Edits are in order, apart, and hold what stands there.
    raw_at = clean_at = 0
    for edit in (*trail.edits, Edit("", len(raw), len(raw), "", "")):
        assert raw_at <= edit.raw_start <= edit.raw_end
        assert raw[edit.raw_start : edit.raw_end] == edit.removed
        kept = edit.raw_start - raw_at
        assert raw[raw_at : edit.raw_start] == text[clean_at : clean_at + kept]
        # Each kept character maps there and back.
        for offset in range(kept):
            span = (raw_at + offset, raw_at + offset + 1)
            assert trail.raw_span(clean_at + offset, clean_at + offset + 1) == span
            assert trail.clean_position(span[0]) == clean_at + offset
        clean_at += kept
        if edit.inserted:
            inside = trail.raw_span(clean_at, clean_at + len(edit.inserted))
            assert inside == (edit.raw_start, edit.raw_end)
        clean_at += len(edit.inserted)
        raw_at = edit.raw_end
    assert clean_at == len(text)
    # A line, widened to whole edits, is what its raw span cleans to.
    for line in re.finditer(r"[^\n]+", text):
        start, end = trail.widen_to_edits(*line.span())
        assert trail.clean_raw_span(*trail.raw_span(start, end)) == text[start:end]
