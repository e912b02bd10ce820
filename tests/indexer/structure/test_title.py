"""The title of a report is the line at its top that looks like one."""

from __future__ import annotations

import pytest

from indexer.structure.outline import build_outline
from indexer.structure.title import find_title, is_placeholder


@pytest.mark.parametrize(
    ("text", "stem", "title"),
    [
        ("茶产业调查\n本次调查了12个县。", "a", "茶产业调查"),
        # Buttons and paths of a page that was saved.
        (
            "下载\n打印\n【字号：\n大\n】\n2026年岚浦市政府工作报告\n各位代表：",
            "a",
            "2026年岚浦市政府工作报告",
        ),
        (
            "首页 > 政务公开 > 工作报告\n字体：[大 中 小] 打印本页 分享到：\n岚浦市工作总结\n2026年，全市生产总值增长5%。",
            "a",
            "岚浦市工作总结",
        ),
        # What the file is called.
        ("内部资料\n望海渔港建设进展\n2025年9月", "望海渔港建设进展", "望海渔港建设进展"),
        # A firm, and what its report is on the next line.
        (
            "岭南重工股份有限公司\n2021年年度报告\n一、释义",
            "a",
            "岭南重工股份有限公司2021年年度报告",
        ),
        ('---\ntitle: "冷库观察"\ndate: 2024-05-16\n---\n\n# 别的\n', "a", "冷库观察"),
        ("今年1月，全市开工23个项目。\n茶产业报告", "a", None),
        ("目录\n一、总则……1", "a", None),
    ],
)
def test_title(text: str, stem: str, title: str | None) -> None:
    assert find_title(text, build_outline(text), stem) == title


@pytest.mark.parametrize(
    "title", ["填写标题", "（填写标准名称）", "标准名称", "股份有限公司", "Document1"]
)
def test_what_a_form_has_for_a_title_is_none(title: str) -> None:
    assert is_placeholder(title)


@pytest.mark.parametrize("title", ["噪声监测指南", "岭南重工股份有限公司", "2021年年度报告"])
def test_titles_are_no_placeholders(title: str) -> None:
    assert not is_placeholder(title)
