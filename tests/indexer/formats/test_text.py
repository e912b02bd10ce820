"""Text files that hold JSON objects, and HTML inside Markdown."""

from __future__ import annotations

from pathlib import Path

from indexer.load import load


def test_objects_a_line_are_read_as_the_text_in_them(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        '{"page": 1, "type": "text", "inside": "某公司年度报告"}\n'
        '{"page": 1, "type": "text", "inside": "全年收入12亿元。"}\n'
        '{"page": 2, "type": "excel", "inside": "[\'项目\', \'2020年\']"}\n',
        encoding="utf-8",
    )
    assert load(path).text.split("\n") == [
        "某公司年度报告",
        "全年收入12亿元。",
        "| 项目 | 2020年 |",
    ]


def test_a_text_that_only_begins_with_a_brace_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text('{"a": 1}\n正文。\n{坏\n', encoding="utf-8")
    assert load(path).text == '{"a": 1}\n正文。\n{坏\n'


def test_html_tables_and_breaks_in_markdown(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    table = (
        '<table><tr><th rowspan="2">能源</th><th colspan="2">用量</th></tr>'
        "<tr><th>2021年</th><th>2022年</th></tr><tr><td>电力</td><td>12</td><td>13</td></tr></table>"
    )
    code = "```html\n<table><tr><td>码</td></tr></table>\n```"
    path.write_text(f"# 年报\n\n{table}\n\n{code}\n\n甲，<br>乙。\n", encoding="utf-8")
    text = load(path).text
    assert "| 能源 | 用量 2021年 | 用量 2022年 |\n| 电力 | 12 | 13 |" in text
    assert code in text
    assert "甲，\n乙。" in text
