"""What cleaning changed, as the page shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indexer.cleaning.rules import RULES
from indexer.cleaning.trail import Edit, Trail
from indexer.messages import Message, from_json, load_locale
from indexer.report import TRUNCATED, clean_report
from indexer.types import Document
from qa.web.views.cleaning import rule_name, trail_html


def _document(problems: tuple[Message, ...] = (), truncated: bool = False) -> Document:
    return Document(1, "a<b>.txt", "某<i>报告", "txt", "utf-8", truncated, problems, 1, 1)


def _text(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def test_each_edit_is_marked_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("網(wǎng)路<b>普及。\n某報告_第1頁\n\n下一段文字。\n", encoding="utf-8")
    html = trail_html(_document(), clean_report(path).trail, "zh")
    assert "<del>(wǎng)</del>路&lt;b&gt;普及。" in html
    assert "某&lt;i&gt;报告" in html
    assert "拼音注音" in _text(html)
    assert "第 1 行" in _text(html)


def test_problems_are_told_in_the_language_of_the_page() -> None:
    document = _document((TRUNCATED, from_json("line 3: <x>")), truncated=True)
    html = trail_html(document, Trail("全文。", ()), "zh")
    assert str(TRUNCATED) not in html
    assert "此报告在结尾处中断" in html
    assert "line 3: &lt;x&gt;" in html
    assert "清洗没有改动这份报告" in html


def test_what_cannot_be_seen_is_made_visible() -> None:
    trail = Trail("甲\u200b乙\x1b", (Edit("invisible", 1, 2, "\u200b", ""),))
    html = trail_html(_document(), trail, "en")
    assert "<del>\\u200b</del>" in html
    assert "\\x1b" in html


def test_long_runs_and_many_places_are_cut_short() -> None:
    raw = "".join(f"第{n}行\n" for n in range(20)) + "正文。\n" * 1000
    edits = [Edit("page-line", 0, raw.index("正文"), raw[: raw.index("正文")], "")]
    at = raw.index("正文") + 8
    while at < len(raw):  # every other line, or they would be one place
        edits.append(Edit("indent", at, at + 1, raw[at], ""))
        at += 8
    html = trail_html(_document(), Trail(raw, tuple(edits)), "zh")
    assert "另有删去的 19 行" in html
    assert html.count('class="hunk"') == 300
    assert re.search(r"另有 \d+ 处没有列出", html)


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_rule_has_a_chinese_name(rule: str) -> None:
    assert rule in load_locale("zh")["rules"]
    assert rule_name(rule, "en") == rule
