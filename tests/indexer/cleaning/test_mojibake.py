"""Text in a wrong encoding is repaired where it is proven, and nowhere else."""

from __future__ import annotations

import pytest

from indexer.cleaning.clean import clean
from indexer.cleaning.mojibake import find_mojibake
from indexer.cleaning.rule import RuleContext
from indexer.cleaning.trail import Trail
from indexer.load import LoadedFile

CHINESE = "市场规模从2015年的1万亿元增长，达到10%。监管政策，“合规”要求（见附件）。"


def repaired(text: str) -> str:
    return Trail(text).apply("mojibake", find_mojibake(text, RuleContext())).text


def as_windows(data: bytes) -> str:
    """Bytes as Windows-1252, the five that it lacks as control characters."""
    undefined = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    return "".join(chr(b) if b in undefined else bytes([b]).decode("cp1252") for b in data)


@pytest.mark.parametrize(
    "damaged",
    [
        CHINESE.encode().decode("latin-1"),
        as_windows(CHINESE.encode()),
        CHINESE.encode("gbk").decode("latin-1"),
        as_windows(CHINESE.encode("gbk")),
    ],
)
def test_a_whole_text_comes_back(damaged: str) -> None:
    assert repaired(damaged) == CHINESE
    trail = clean(LoadedFile(damaged, "txt")).trail
    assert trail.text == CHINESE
    start, end = trail.raw_span(CHINESE.index("增长"), CHINESE.index("增长") + 2)
    assert trail.clean_raw_span(start, end) == "增长"


def test_utf8_read_as_gbk_comes_back_as_far_as_its_bytes_are_there() -> None:
    damaged = "市场规模扩大".encode().decode("gbk")
    assert repaired(f"正文：{damaged}。") == "正文：市场规模扩大。"
    lost = "市场规模从2015年".encode().decode("gbk", errors="replace")
    assert repaired(lost).startswith("市场规模")
    assert "2015" in repaired(lost)


@pytest.mark.parametrize(
    "genuine",
    [
        CHINESE,
        "市場規模從2015年的1萬億元增長",
        "Müller à Genève, naïve café, Größe, ¼ §2 ±5 °C",
        "Ñandú ÄÖÜ ÀÉÎ",
        "鏡頭鍵盤鑰匙鈔票銀行鋼鐵錢幣",
        "锟斤拷烫烫烫屯屯屯",
        "α β γ Дом",
    ],
)
def test_genuine_text_stays(genuine: str) -> None:
    assert repaired(genuine) == genuine
