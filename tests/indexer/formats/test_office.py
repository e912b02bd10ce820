"""Tables as text, workbooks, presentations, and what is refused of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook
from pptx import Presentation
from pptx.util import Inches

from indexer.config import LIMITS, Limits
from indexer.errors import YinjuError
from indexer.formats import package_check
from indexer.load import load
from indexer.report import parse_report

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _rows(path: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(p.text, p.header, p.headings) for p in parse_report(path).passages if p.kind == "row"]


def _workbook(path: Path, *rows: list[Any], merges: tuple[str, ...] = ()) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "产量"
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_encodings_of_csv(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "充电桩.csv"
    lines = [["城市", "充电桩数量", "增速"], ["杭州", "48200", "21.5%"], ["南京", "39700", "18.2%"]]
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    report = parse_report(path)
    assert (report.title, report.format) == ("充电桩", "csv")
    assert _rows(path) == [
        ("| 杭州 | 48200 | 21.5% |", "| 城市 | 充电桩数量 | 增速 |", ()),
        ("| 南京 | 39700 | 18.2% |", "| 城市 | 充电桩数量 | 增速 |", ()),
    ]


def test_tsv_parts_at_tabs_even_where_commas_are_more(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("公司\t产品\n甲\t钢,铁,铜\n乙\t铝,锌,锡\n", encoding="utf-8")
    assert [text for text, _, _ in _rows(path)] == ["| 甲 | 钢,铁,铜 |", "| 乙 | 铝,锌,锡 |"]


def test_quoted_cells_stay_one_and_open_quotes_take_nothing_with_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('名称,说明\n甲,"大,而\n全"\n乙,a|b\n', encoding="utf-8")
    assert [text for text, _, _ in _rows(path)] == ["| 甲 | 大,而 全 |", "| 乙 | a¦b |"]
    path.write_text('名称,尺寸\n"屏幕,5\n显示器,27\n', encoding="utf-8")
    assert [text for text, _, _ in _rows(path)] == ['| "屏幕 | 5 |', "| 显示器 | 27 |"]


def test_a_sheet_is_a_heading_and_its_table(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "各省产量"
    first.append([None, "省份", None, "日期", "产量", "占比", "完成"])
    first.append([None, "江苏", None, date(2023, 3, 15), 68.0, 0.1255, True])
    first.append([])
    first.append([None, "广东", None, datetime(2023, 3, 16, 8, 30), 0.1 + 0.2, 0.34, False])
    for row, shape in ((2, "0.0%"), (4, "0%")):
        first.cell(row, 6).number_format = shape
    second = book.create_sheet("说明")
    second.append(["产量按出厂口径统计。"])
    book.create_sheet("空")
    book.save(tmp_path / "年报.xlsx")
    report = parse_report(tmp_path / "年报.xlsx")
    assert report.title == "年报"
    assert report.trail.text == (
        "# 各省产量\n"
        "| 省份 | 日期 | 产量 | 占比 | 完成 |\n"
        "| 江苏 | 2023-03-15 | 68 | 12.6% | TRUE |\n"
        "| 广东 | 2023-03-16 08:30:00 | 0.3 | 34% | FALSE |\n"
        "# 说明\n"
        "产量按出厂口径统计。"
    )
    assert report.passages[0].header == "| 省份 | 日期 | 产量 | 占比 | 完成 |"
    assert [p.headings for p in report.passages] == [("各省产量",), ("各省产量",), ("说明",)]


def test_merged_cells_go_down_in_the_table_and_sideways_in_its_header(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "a.xlsx",
        ["各省产量统计表"],
        ["单位：万辆"],
        ["大区", "省份", "产量", None],
        [None, None, "2022年", "2023年"],
        ["华东", "江苏", 68, 92.5],
        [None, "浙江", 41, 60],
        ["合计", None, 109, 152.5],
        ["注：数据来自统计公报。"],
        merges=("A1:D1", "A3:A4", "B3:B4", "C3:D3", "A5:A6", "A7:B7"),
    )
    headings = ("产量", "各省产量统计表")
    header = "| 大区 | 省份 | 产量 2022年 | 产量 2023年 |"
    assert _rows(path) == [
        ("| 华东 | 江苏 | 68 | 92.5 |", header, headings),
        ("| 华东 | 浙江 | 41 | 60 |", header, headings),
        ("| 合计 |  | 109 | 152.5 |", header, headings),
    ]
    assert parse_report(path).passages[-1].text == "注：数据来自统计公报。"


def test_a_merge_in_the_header_takes_no_row_of_data_with_it(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "a.xlsx", ["省份", "产量", None], ["江苏", 68, 70], merges=("B1:C1",)
    )
    assert _rows(path) == [("| 江苏 | 68 | 70 |", "| 省份 | 产量 | 产量 |", ("产量",))]


def test_two_tables_of_a_sheet_have_their_own_headers(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "a.xlsx",
        ["省份", "2022年", "2023年"],
        ["江苏", 68, 92],
        [],
        ["企业", "员工"],
        ["甲公司", 300],
    )
    assert [(text, header) for text, header, _ in _rows(path)] == [
        ("| 江苏 | 68 | 92 |", "| 省份 | 2022年 | 2023年 |"),
        ("| 甲公司 | 300 |", "| 企业 | 员工 |"),
    ]


def _presentation(path: Path) -> Path:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "降低损耗的措施"
    slide.placeholders[1].text_frame.text = "建设预冷库"
    slide.placeholders[1].text_frame.add_paragraph().text = "推广周转箱"
    slide.notes_slide.notes_text_frame.text = "预冷库由供销社建设。"
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for at, rows in enumerate(
        ([["品类", "损耗率"], ["草莓", "11.2%"]], [["城市", "台数"], ["杭州", "9"]])
    ):
        shape = slide.shapes.add_table(2, 2, Inches(1), Inches(at + 1), Inches(4), Inches(1))
        for cell, text in zip(shape.table.iter_cells(), (*rows[0], *rows[1]), strict=True):
            cell.text = text
    group = slide.shapes.add_group_shape()
    box = group.shapes.add_textbox(Inches(1), Inches(4), Inches(4), Inches(1))
    box.text_frame.text = "来源:运营部。"
    deck.slides.add_slide(deck.slide_layouts[6])
    deck.save(str(path))
    return path


def test_slides_are_pages_with_title_bullets_tables_and_notes(tmp_path: Path) -> None:
    loaded = load(_presentation(tmp_path / "汇报.pptx"))
    assert loaded.title == "降低损耗的措施"
    assert [page.number for page in loaded.pages] == [1, 2, 3]
    pages = [loaded.text[page.start : page.end] for page in loaded.pages]
    assert pages == [
        "# 降低损耗的措施\n- 建设预冷库\n- 推广周转箱\n预冷库由供销社建设。\n",
        "# 降低损耗的措施\n| 品类 | 损耗率 |\n| 草莓 | 11.2% |\n"
        "# 降低损耗的措施\n| 城市 | 台数 |\n| 杭州 | 9 |\n来源:运营部。",
        "",
    ]


def test_tables_of_a_slide_have_their_own_headers(tmp_path: Path) -> None:
    report = parse_report(_presentation(tmp_path / "汇报.pptx"))
    assert [(p.kind, p.text, p.header) for p in report.passages] == [
        ("item", "- 建设预冷库", ""),
        ("item", "- 推广周转箱", ""),
        ("paragraph", "预冷库由供销社建设。", ""),
        ("row", "| 草莓 | 11.2% |", "| 品类 | 损耗率 |"),
        ("row", "| 杭州 | 9 |", "| 城市 | 台数 |"),
        ("paragraph", "来源:运营部。", ""),
    ]


def test_a_word_table_keeps_a_cell_of_several_lines_in_its_row(tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["年份", "台数", "2021", "114\n(预计)"], strict=True):
        cell.text = text
    document.save(str(tmp_path / "a.docx"))
    assert load(tmp_path / "a.docx").text == "| 年份 | 台数 |\n| 2021 | 114 (预计) |"


def _office(kind: str) -> bytes:
    data = io.BytesIO()
    if kind == "xlsx":
        book = Workbook()
        assert book.active is not None
        book.active.append(["年份", "台数"])
        book.save(data)
    elif kind == "docx":
        document = Document()
        document.add_paragraph("市场增长。")
        document.save(data)
    else:
        Presentation().save(data)
    return data.getvalue()


MAIN = {
    "xlsx": "xl/worksheets/sheet1.xml",
    "docx": "word/document.xml",
    "pptx": "ppt/presentation.xml",
}


def _with_part(kind: str, change: Callable[[bytes], bytes]) -> bytes:
    """An office file with its main part changed."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_office(kind))) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            content = source.read(part)
            target.writestr(
                part.filename, change(content) if part.filename == MAIN[kind] else content
            )
    return made.getvalue()


def _refused(path: Path, data: bytes, limits: Limits = LIMITS) -> str:
    path.write_bytes(data)
    with pytest.raises(YinjuError) as caught:
        load(path, limits)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_what_is_no_office_file_is_named(tmp_path: Path, kind: str) -> None:
    other = {"docx": "pptx", "xlsx": "docx", "pptx": "xlsx"}[kind]
    whole = _office(kind)
    for data, found, mend in (
        (b"", "an empty file", "copy it again"),
        ("市场".encode(), "something else", f"save it as .{kind}"),
        (b"%PDF-1.4", "a PDF", "rename it to .pdf"),
        (b"<html><table>", "HTML or XML", f"save it as .{kind}"),
        (whole[: len(whole) // 2], "cut off or damaged", "copy it again"),
        (_office(other), f"a .{other} file", f"rename it to .{other}"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "locked by a password", "password off"),
        (OLE + "WordDocument".encode("utf-16-le"), "(.doc)", f"save it as .{kind}"),
        (OLE + "Workbook".encode("utf-16-le"), "(.xls)", f"save it as .{kind}"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "(.ppt)", f"save it as .{kind}"),
        (OLE, "old office program", f"save it as .{kind}"),
        (_with_part(kind, lambda xml: xml[: len(xml) // 2]), "a damaged file", "anew"),
    ):
        message = _refused(tmp_path / f"a.{kind}", data)
        assert f"is not a readable .{kind} file" in message
        assert found in message
        assert mend in message


@pytest.mark.parametrize(("suffix", "other"), [("xls", "xlsx"), ("doc", "docx"), ("wps", "docx")])
def test_older_formats_are_sent_to_the_newer(tmp_path: Path, suffix: str, other: str) -> None:
    assert f"save it as .{other}" in _refused(tmp_path / f"a.{suffix}", OLE)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_zip_bombs_are_refused_before_they_are_unpacked(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_check, "RATIO_FROM", 1 << 20)
    bomb = _with_part(kind, lambda xml: bytes(20 << 20))
    path = tmp_path / f"a.{kind}"
    assert "as no report does" in _refused(path, bomb)
    monkeypatch.setattr(package_check, "MAX_RATIO", 1e9)
    assert "YINJU_MAX_PART_MB" in _refused(path, bomb, Limits(part_mb=10))
    assert "YINJU_MAX_UNPACKED_MB" in _refused(path, bomb, Limits(unpacked_mb=10))


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_entities_are_not_resolved(tmp_path: Path, kind: str) -> None:
    (tmp_path / "secret").write_text("秘密", encoding="utf-8")

    def inject(xml: bytes) -> bytes:
        body = xml.partition(b"?>")[2] if xml.startswith(b"<?xml") else xml
        doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
        return doctype.encode() + body.replace("市场增长。".encode(), b"&e;")

    assert "秘密" not in _refused(tmp_path / f"a.{kind}", _with_part(kind, inject))


@pytest.mark.parametrize("limits", [Limits(rows=9), Limits(cells=19), Limits(cells=1)])
def test_tables_beyond_the_limits_are_refused(tmp_path: Path, limits: Limits) -> None:
    text = "年份,台数\n" + "2021,114\n" * 9
    workbook = _workbook(tmp_path / "b.xlsx", *([2021, 114] for _ in range(10))).read_bytes()
    for name, data in (("a.csv", text.encode()), ("a.xlsx", workbook)):
        assert "are more than the limit of" in _refused(tmp_path / name, data, limits)


def test_a_few_cells_at_the_edges_of_a_sheet_are_no_large_sheet(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"], book.active["B1"], book.active["XFD300"] = "年份", "台数", 3
    book.save(tmp_path / "a.xlsx")
    assert load(tmp_path / "a.xlsx").text == "# Sheet\n| 年份 | 台数 |  |\n|  |  | 3 |"


def test_what_is_no_text_is_no_csv(tmp_path: Path) -> None:
    assert "a zip archive" in _refused(tmp_path / "a.csv", _office("xlsx"))
    assert "old Excel file" in _refused(tmp_path / "a.csv", OLE + "Workbook".encode("utf-16-le"))
    null = "年份,台数\n2021,1\x004\n".encode() + b"2022,120\n" * 40
    assert "null bytes" in _refused(tmp_path / "a.csv", null)
    assert "holds no text" in _refused(tmp_path / "a.csv", b"")
    long = '名称,尺寸\n"'.encode() + b"1" * 200_000
    assert "field limit" in _refused(tmp_path / "a.tsv", long)


def test_a_presentation_of_pictures_holds_no_text(tmp_path: Path) -> None:
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[6])
    deck.save(str(tmp_path / "b.pptx"))
    assert "holds no text" in _refused(tmp_path / "a.pptx", (tmp_path / "b.pptx").read_bytes())
