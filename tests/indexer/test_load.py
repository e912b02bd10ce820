"""Formats and encodings, and one clear line for what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from docx import Document

from indexer.errors import YinjuError
from indexer.load import find_reports, load
from indexer.report import clean_report, parse_report
from tests.conftest import ROOT

TEXT = (
    "近年來,中國互聯網消費金融市場呈現出快速增長的態勢。市場規模從一萬億元增長至十萬億元以上。\n"
    * 4
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode(encoding))
    loaded = load(path)
    assert loaded.text == TEXT
    assert loaded.encoding is not None


def test_docx_headings_and_tables(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("现状", level=1)
    document.add_paragraph("市场增长。")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["年份", "台数", "2021", "114"], strict=True):
        cell.text = text
    document.save(str(tmp_path / "a.docx"))
    report = clean_report(tmp_path / "a.docx")
    assert [(n.kind, n.title) for n in report.nodes] == [("heading", "现状")]
    assert "| 2021 | 114 |" in report.trail.text


def test_html_keeps_the_report_and_drops_the_page_around_it(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<title>某报告</title><nav>首页</nav><h1>现状</h1><p>市场<b>增长</b>。</p>"
        "<script>alert(1)</script><h2>问题</h2><p>成本上升。<!-- 注 --></p>",
        encoding="utf-8",
    )
    report = clean_report(path)
    assert report.title == "某报告"
    assert report.trail.text == "现状\n市场增长。\n问题\n成本上升。"
    assert [(n.level, n.title) for n in report.nodes] == [(1, "现状"), (2, "问题")]


def test_pdf_pages_are_spans_of_the_text() -> None:
    loaded = load(ROOT / "corpus/reports/cold-chain.pdf")
    assert [page.number for page in loaded.pages] == list(range(1, len(loaded.pages) + 1))
    assert loaded.pages[0].start == 0
    assert loaded.pages[-1].end == len(loaded.text)
    assert "第一章 总论" in loaded.text[loaded.pages[0].start : loaded.pages[0].end]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "holds no text"),
        ("a.txt", b" \n ", "holds no text"),
        ("a.exe", b"MZ", "cannot read a file of this kind"),
        ("a.pdf", b"not a pdf", "not a readable PDF"),
        ("a.docx", b"not a docx", "not a readable .docx"),
        ("a.txt", bytes(range(128, 256)) * 3 + b"\xff\xff\xff", "is not text"),
        ("a.txt", b"\xff\xfe\x00", "does not decode"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(YinjuError, match=message) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(YinjuError, match="no such file"):
        find_reports([tmp_path / "nope"])


def test_folders_give_their_reports_and_skip_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c.exe", ".hidden.txt", "sub/d.txt", "~$e.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = [p.relative_to(tmp_path).as_posix() for p in find_reports([tmp_path])]
    assert found == ["a.md", "b.txt", "sub/d.txt"]


def test_html_tables_and_lists_are_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<h1>数据</h1><table><tr><th>公司</th><th>收入</th></tr><tr><td>甲</td><td>22</td></tr></table>"
        "<p>措施有两点:</p><ul><li>降低成本。</li><li>提高质量。</li></ul>",
        encoding="utf-8",
    )
    report = parse_report(path)
    assert [(p.kind, p.text, p.header) for p in report.passages] == [
        ("row", "| 甲 | 22 |", "| 公司 | 收入 |"),
        ("paragraph", "措施有两点:", ""),
        ("item", "- 降低成本。", ""),
        ("item", "- 提高质量。", ""),
    ]
    assert len(report.lists[0].items) == 2


def test_a_path_that_is_neither_file_nor_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(YinjuError, match="neither a file nor a folder"):
        find_reports([tmp_path / "pipe.txt"])
