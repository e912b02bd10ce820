"""What no rule could repair is told with its place, and genuine text is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indexer.cleaning.clean import clean
from indexer.cleaning.damage import MAX_LINES, damage_problems, find_damage
from indexer.load import LoadedFile
from indexer.report import TRUNCATED, parse_report
from indexer.text.patterns import line_numbers
from tests.conftest import ROOT


def found(text: str) -> list[str]:
    """The spans that are left in the clean text of a report."""
    cleaned = clean(LoadedFile(text, "txt")).trail.text
    return [cleaned[damage.start : damage.end] for damage in find_damage(cleaned)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市场锟斤拷规模", ["锟斤拷"]),
        ("市場錕斤拷錕斤拷規模", ["錕斤拷錕斤拷"]),
        ("烫烫烫烫，屯屯屯屯", ["烫烫烫烫", "屯屯屯屯"]),
        ("市场\ufffd\ufffd规模", ["\ufffd\ufffd"]),
        ("市场规模Ã¤Â¸Ã¥Â›Â½。", ["Ã¤Â¸Ã¥Â›Â½"]),
        ("市场规??扩大。", ["??"]),
        ("消費者權??保護問題。", ["??"]),
        ("市场增长锛?规模扩大", ["锛?"]),
        ("鐝忕惇鐟滃┓公司", ["鐝忕惇鐟滃┓"]),
    ],
)
def test_what_cannot_be_read_is_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "genuine",
    [
        "什么??我不知道。",
        "真的??他问。",
        "你確定??他點頭。",
        "為何市場規模會擴大??消費者認為有三點。",
        "市场规模会怎样？？",
        "张锟说，汤烫烫手，屯田屯兵。",
        "Müller à Genève, naïve café, Größe, ¼ §2 ±5 °C, ÄÖÜ",
        "鏡頭鍵盤鑰匙鈔票銀行鋼鐵錢幣",
        "α β γ Дом",
        "甯傚満瑙勬ā鎵╁ぇ",  # repaired
        "價格「?」「??」",
        "??",
    ],
)
def test_genuine_text_is_not(genuine: str) -> None:
    assert found(genuine) == []


@pytest.mark.parametrize("path", sorted((ROOT / "corpus/reports").glob("*")), ids=lambda p: p.name)
def test_shipped_reports_have_none(path: Path) -> None:
    problems = parse_report(path).problems
    assert [p for p in problems if p.code.startswith("problem.damage")] == []


def test_the_seed_report_has_none(seed_file: Path) -> None:
    """Its one damaged place is repaired; that it breaks off is told as before."""
    (problem,) = parse_report(seed_file).problems
    assert problem == TRUNCATED


def test_a_place_is_told_by_raw_line_and_section(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        "某行業報告\r\n\r\n下載本文檔\r\n一、前言\r\n市場擴大。\r\n二、現狀\r\n"
        "市場錕斤拷規模，權??保護。\r\n三、展望\r\n平穩。\r\n".encode()
    )
    assert tuple(map(str, parse_report(path).problems)) == (
        "line 7: 市場錕斤拷規模，權? and 1 more in this line cannot be read: characters were lost "
        "when the file was converted (section 二、現狀)",
    )


def test_a_run_inside_other_text_is_repaired_where_it_is_proven() -> None:
    damaged = "收入增长".encode().decode("gbk")
    trail = clean(LoadedFile(f"行业{damaged}快，平稳。", "txt")).trail
    assert trail.text == "行业收入增长快，平稳。"
    assert find_damage(trail.text) == []


def test_many_lines_are_counted() -> None:
    trail = clean(LoadedFile("\n".join(f"第{n}年市场\ufffd扩大。" for n in range(30)), "txt")).trail
    told = [str(problem) for problem in damage_problems(trail, ())]
    assert len(told) == MAX_LINES + 1
    assert [int(re.findall(r"\d+", line)[0]) for line in told[:-1]] == [*range(1, MAX_LINES + 1)]
    assert told[-1] == "20 more lines have text that cannot be read"


def test_a_long_run_is_shown_shortened() -> None:
    (told,) = damage_problems(clean(LoadedFile("前" + "锟斤拷" * 500 + "后", "txt")).trail, ())
    assert len(str(told)) < 140


def test_line_numbers_are_those_of_editors() -> None:
    assert line_numbers("a\nb\r\nc\rd", [0, 1, 2, 5, 7]) == [1, 1, 2, 3, 4]
