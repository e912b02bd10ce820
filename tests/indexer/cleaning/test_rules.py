"""Each rule does what its examples say, and genuine text stays."""

from __future__ import annotations

import pytest

from indexer.cleaning.clean import clean
from indexer.cleaning.rules import RULES, Rule
from indexer.load import LoadedFile, Page
from indexer.text.patterns import is_table_row

CASES = [(rule, before, after) for rule in RULES for before, after in rule.examples]


@pytest.mark.parametrize(
    ("rule", "before", "after"), CASES, ids=[f"{r.name}:{b[:12]!r}" for r, b, _ in CASES]
)
def test_examples(rule: Rule, before: str, after: str) -> None:
    kind = next(iter(sorted(rule.formats)), "txt")
    assert clean(LoadedFile(before, kind), (rule,)).trail.text == after


def test_names_are_unique_and_every_rule_says_why() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.why.endswith(".") for rule in RULES)


@pytest.mark.parametrize(
    "genuine",
    [
        "搜索引擎優化(SEO)和搜索引擎營銷(SEM)。",
        "本公司(lián)的讀音。",  # not a reading of 司
        "他問:「真的??」我說是。",
        "下載量:2023年下載本文檔所述應用的用戶有三億。",
        "版權說明是出版業的基本制度。",
        "1.版權:圖書須註明來源。\n2.上傳:作者自行上傳作品。",
        "評論\n\n業內評論認為價格偏高。",
        "第1頁到第3頁講的是背景。",
        "人人文庫是一家文檔分享網站,用戶可以下載本站文件。",
    ],
)
def test_genuine_text_stays(genuine: str) -> None:
    assert clean(LoadedFile(genuine, "txt")).trail.text == genuine


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("| a | b |", True),
        ("霜河物流 运输型 41.6 58.3 9.2% 11,400", True),
        ("企业 类型 2021年收入(亿元) 员工(人)", True),
        ("近年来,市场 快速 增长。", False),
        ("a b c d", False),
    ],
)
def test_is_row(line: str, expected: bool) -> None:
    assert is_table_row(line) is expected


def pages(*texts: str) -> LoadedFile:
    spans, at = [], 0
    for number, text in enumerate(texts, 1):
        spans.append(Page(number, at, at + len(text)))
        at += len(text)
    return LoadedFile("".join(texts), "pdf", pages=tuple(spans))


def test_running_lines_of_pages_go_and_rows_and_sentences_stay() -> None:
    body = "2019年 51 70 41%\n其中部分数据从略。\n"
    loaded = pages(*(f"某某报告\n{body}第 {n} 页 共 3 页\n" for n in (1, 2, 3)))
    assert clean(loaded).trail.text == (body * 3).rstrip("\n")


def test_two_pages_are_too_few_to_tell_running_lines() -> None:
    text = "年度数据\n2021年 20 30\n"
    assert clean(pages(text, text)).trail.text.count("2021年 20 30") == 2


def test_a_header_that_repeats_the_title_goes_on_two_pages_too() -> None:
    loaded = pages("某县年报\n某县年报\n一、供水\n全县供水86处，其中\n", "某县年报\n城区占六成。\n")
    assert clean(loaded).trail.text == "某县年报\n一、供水\n全县供水86处，其中城区占六成。"


def test_a_text_file_wrapped_at_a_page_width_is_joined() -> None:
    line = "在過去幾年裡市場規模保持了非常快速的增長勢頭並且還在繼續增長之中呢"
    text = f"報告\n\n{line}\n{line}\n{line}結束。\n\n{line}\n{line}\n{line}完。"
    assert (
        clean(LoadedFile(text, "txt")).trail.text == f"報告\n\n{line * 3}結束。\n\n{line * 3}完。"
    )


def test_lines_of_many_lengths_are_paragraphs() -> None:
    text = "\n".join("在過去幾年裡市場規模" * n for n in range(1, 12))
    assert clean(LoadedFile(text, "txt")).trail.text == text


def test_a_wrapped_text_keeps_its_dotted_headings_and_its_decimals_apart() -> None:
    full = "　　" + "这一行文字是写满了整行宽度的正文" * 2
    wrapped = (
        f"{full[:-1]}。\n1 总论\n{full}\n3.5 亿元投入到了{full[2:-12]}。\n1.1背景\n{full}\n{full}。"
    )
    lines = clean(LoadedFile(wrapped, "txt")).trail.text.split("\n")
    assert {"1 总论", "1.1背景"} <= set(lines)
    assert not any(line.startswith("3.5") for line in lines)


def test_a_number_that_counts_is_a_running_line_on_two_pages() -> None:
    body = "甲地的产量在增长。\n乙地的价格在下降。\n"
    loaded = pages(f"{body}第 1 页 内部资料\n", f"{body}第 2 页 内部资料\n")
    assert clean(loaded).trail.text == (body * 2).rstrip("\n")


def test_running_lines_take_time_in_proportion() -> None:
    """80,000 spaces or numbers on a page took minutes where time grew with the square."""
    for filler in (" " * 80_000, "1 " * 40_000):
        clean(pages(*(f"甲\n{filler}\n乙" for _ in range(3))))
