"""Problems as the loaders word them, in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.report import TRUNCATED, parse_report
from qa.web.views.messages import told_problem


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (TRUNCATED, "此报告在结尾处中断"),
        ("page 2 is damaged and could not be read", "第 2 页已损坏，没有读出"),
        (
            "pages 3-5, 9 are scans without text and were not read; "
            "install the OCR extra: pip install 'yinju[ocr]'",
            "第 3-5, 9 页是没有文字的扫描页，没有读出；安装 OCR：pip install 'yinju[ocr]'",
        ),
        ("something new", "something new"),
    ],
)
def test_problems_in_chinese(problem: str, told: str) -> None:
    assert told_problem(problem, "zh") == told
    assert told_problem(problem, "en") == problem


def test_what_the_loaders_say_is_known(tmp_path: Path) -> None:
    """Files with damage of each kind: no problem of theirs is left in English."""
    text = "一、背景\n市场在增长，规模已经很大。\n" * 40
    damaged = bytearray(text.encode())
    damaged[300] = 0xFF
    mixed = text.encode() + ("二、现状\n价格在下降，成本也在下降。\n" * 40).encode("gb18030")
    told = []
    for name, data in (
        ("a.txt", bytes(damaged)),
        ("b.txt", mixed),
        ("c.txt", (text + "这里有锟斤拷锟斤拷乱码。\n").encode()),
        ("d.txt", (text + "甲\ue123乙丙。\n" * 30).encode()),
    ):
        (tmp_path / name).write_bytes(data)
        told += [told_problem(one, "zh") for one in parse_report(tmp_path / name).problems]
    assert len(told) > 3
    assert not [one for one in told if one.startswith(("line", "page", "the ", "more"))]
    assert not [one for one in told if " lines " in one or " are " in one]
