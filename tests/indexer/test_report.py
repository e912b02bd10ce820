"""The title of a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.report import clean_report


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("某行业报告\n\n一、前言\n增长。", "某行业报告"),
        (
            "目 录\n一、前言 ........ 1\n二、结论 ........ 3\n\n一、前言\n增长。\n二、结论\n平稳。",
            "file",
        ),
        ("第一章 总论……………… 1\n第二章 现状……………… 9\n\n第一章 总论\n增长。", "file"),
        ("| 年份 | 台数 |\n|---|---|\n| 2019 | 51 |", "file"),
        ("近年来市场增长。\n\n一、前言", "file"),
    ],
)
def test_a_title_is_a_short_first_line(text: str, title: str, tmp_path: Path) -> None:
    file = tmp_path / "file.md"
    file.write_text(text, encoding="utf-8")
    assert clean_report(file).title == title
