"""PDFs to text: the pages are made here, set by hand where a program's own order would help."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from indexer.cleaning.clean import clean
from indexer.config import LIMITS
from indexer.document import LoadedFile
from indexer.errors import YinjuError
from indexer.formats.layout.boxes import Fragment
from indexer.formats.pdf import probe
from indexer.formats.pdf.load import load_pdf
from indexer.formats.picture import ocr as ocr_module
from indexer.load import load
from indexer.report import clean_report

fpdf = pytest.importorskip("fpdf", reason="fpdf2 makes the PDFs of these tests")


@cache
def chinese_font() -> tuple[str, int]:
    """A file with a Simplified Chinese font, and its place in the file."""
    query = ["fc-match", "--format", "%{file}\n%{index}", "Noto Sans CJK SC:lang=zh-cn"]
    try:
        file, index = subprocess.run(query, capture_output=True, text=True).stdout.split("\n")
    except (OSError, ValueError):
        pytest.skip("no Chinese font is found; install fontconfig and fonts-noto-cjk")
    if "CJK" not in file or not Path(file).is_file():
        pytest.skip("no Chinese font is found; install fonts-noto-cjk")
    return file, int(index)


class Paper(fpdf.FPDF):  # type: ignore[misc]
    """A4 pages on which text is put where a test says, in points from the top left corner."""

    def __init__(self) -> None:
        super().__init__(format="A4", unit="pt")
        self.set_auto_page_break(False)
        file, index = chinese_font()
        self.add_font("zh", fname=file, collection_font_number=index)

    def put(self, x: float, y: float, text: str, size: float = 10) -> None:
        self.set_font("zh", size=size)
        self.text(x, y, text)

    def column(
        self, x: float, y: float, width: int, text: str, size: float = 10, indent: int = 2
    ) -> float:
        """A paragraph of `width` ideographs a line, its first line indented; gives the next y."""
        self.put(x + indent * size, y, text[: width - indent], size)
        y += 1.6 * size
        for at in range(width - indent, len(text), width):
            self.put(x, y, text[at : at + width], size)
            y += 1.6 * size
        return y

    def read(self, tmp_path: Path, name: str = "a.pdf") -> LoadedFile:
        return load(self.save(tmp_path, name))

    def save(self, tmp_path: Path, name: str = "a.pdf") -> Path:
        path = tmp_path / name
        path.write_bytes(bytes(self.output()))
        return path


NORTH = "北线车站全年检修三十次，站台照明改用节能灯具，夜班值守人数减少一半，乘客候车时间缩短，投诉数量随之下降。"
SOUTH = "南线隧道渗水得到治理，排水泵房增设备用电源，汛期停运天数由九天降为两天，沿线商铺营业没有受到明显影响。"
EAST = "东线高架桥更换支座，施工安排在凌晨两点之后，白天列车照常开行，工程比计划提前二十天完成并通过验收。"


def test_columns_are_read_one_after_the_other_whatever_the_order_in_the_file(
    tmp_path: Path,
) -> None:
    paper = Paper()
    paper.add_page()
    lines = [(310, NORTH), (60, SOUTH)]
    y = 200.0
    for x, text in lines:  # the right column first
        paper.column(x, y, 22, text)
    below = paper.column(310, y + 80, 22, EAST)
    paper.column(60, y + 80, 22, EAST.replace("东线", "西线"))
    paper.put(180, 80, "轨道交通年度检修报告", 22)
    paper.column(
        60,
        120,
        46,
        "本报告说明四条线路的检修情况，数据由各车站逐月上报，缺失的月份按照相邻两月的平均数补齐，全部数字均为示例。",
        10,
    )
    paper.column(
        60,
        below + 30,
        46,
        "以上四条线路的检修经费合计一百二十万元，其中材料费占六成，人工费占三成，其余用于租赁施工车辆和夜间照明设备。",
    )
    loaded = paper.read(tmp_path)
    told = [line.strip() for line in loaded.text.split("\n")]
    assert told[0] == "轨道交通年度检修报告"
    assert told[1].startswith("本报告说明")
    assert told[2:6] == [SOUTH, EAST.replace("东线", "西线"), NORTH, EAST]
    assert told[6].startswith("以上四条线路")
    assert loaded.title == "轨道交通年度检修报告"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four pages: headers odd and even, page numbers, headings, a table over two pages."""
    paper = Paper()
    paper.set_title("Microsoft Word - 报告终稿.doc")
    rows = [("线路", "检修次数", "费用"), ("北线", "30", "41.5"), ("南线", "26", "38.2")]
    more = [rows[0], ("东线", "19", "22.7"), ("西线", "12", "15.9")]
    for number in (1, 2, 3, 4):
        paper.add_page()
        even = number % 2 == 0
        paper.put(60, 40, f"{number}" if even else "轨道交通检修报告", 8)
        paper.put(470 if even else 520, 40, "城市交通研究所" if even else f"{number}", 8)
        paper.put(260, 815, f"第 {number} 页 共 4 页", 8)
        if number == 1:
            paper.put(150, 110, "城市轨道交通检修", 24)
            paper.put(190, 150, "情况年度报告", 24)
        elif number == 2:
            paper.put(60, 90, "第一章 检修情况", 16)
            paper.put(60, 120, "一、车站", 13)
            y = paper.column(60, 150, 46, NORTH + SOUTH)
            paper.put(80, y, "施工人员按照班次轮换，材料由中心仓库统一配送，每周", 10)
            table(paper, 700, rows)
        elif number == 3:
            table(paper, 70, more)
            paper.put(60, 200, "二、隧道", 13)
            paper.column(60, 230, 46, (SOUTH + NORTH)[:90])
        else:
            paper.put(60, 90, "电时间，其余安排照旧执行。", 10)
            paper.put(60, 130, "第二章 结论", 16)
            paper.column(60, 160, 46, EAST)
    return paper.save(tmp_path_factory.mktemp("report"))


def table(paper: Paper, y: float, rows: Sequence[Sequence[str]]) -> None:
    """A ruled table, each cell drawn as a box."""
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            paper.rect(60 + 120 * column, y + 18 * at, 120, 18)
            paper.put(70 + 120 * column, y + 13 + 18 * at, cell)


def test_pages_are_spans_and_headings_are_marks(report: Path) -> None:
    loaded = load(report)
    assert [p.number for p in loaded.pages] == [1, 2, 3, 4]
    assert "第 3 页 共 4 页" in loaded.text[loaded.pages[2].start : loaded.pages[2].end]
    assert loaded.title == "城市轨道交通检修情况年度报告"
    marks = [(m.level, loaded.text[m.start : m.end]) for m in loaded.headings]
    assert marks == [
        (1, "城市轨道交通检修情况年度报告"),
        (1, "第一章 检修情况"),
        (2, "一、车站"),
        (2, "二、隧道"),
        (1, "第二章 结论"),
    ]


def test_cleaning_takes_out_what_the_pages_added(report: Path) -> None:
    read = clean_report(report)
    text = read.trail.text
    for noise in ("轨道交通检修报告", "城市交通研究所", "第 2 页", "共 4 页"):
        assert noise not in text
    assert {"running-line", "repeated-header"} <= {e.rule.split("+")[0] for e in read.trail.edits}
    assert "| 南线 | 26 | 38.2 |\n| 东线 | 19 | 22.7 |" in text.replace("\n\n", "\n")
    assert text.count("| 线路 | 检修次数 | 费用 |") == 1
    headings = [(node.level, node.number + node.title) for node in read.nodes]
    assert headings[1:] == [
        (1, "第一章检修情况"),
        (2, "一、车站"),
        (2, "二、隧道"),
        (1, "第二章结论"),
    ]
    # Page 3 ends inside a sentence and page 4 goes on with it.
    assert (SOUTH + NORTH)[:90] + "电时间，其余安排照旧执行。" in text


def test_paragraphs_words_and_look_alikes(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    y = paper.column(60, 80, 28, NORTH)
    y = paper.column(60, y, 28, SOUTH)
    for line in (
        "The committee on maintenance reviewed the annual rail infor-",
        "mation and the costs of each line in the northern districts",
        "before the ﬁnal vote.",
    ):
        paper.put(60, y, line)
        y += 16
    paper.put(60, y + 20, "⼀号线⽤⽔量减少")
    loaded = paper.read(tmp_path)
    lines = [line.strip() for line in loaded.text.split("\n")]
    assert lines[:2] == [NORTH, SOUTH]
    text = clean(loaded).trail.text
    assert (
        "information and the costs of each line in the northern districts before the final vote."
        in text
    )
    assert "一号线用水量减少" in text


def test_an_open_table_is_read_by_rows_and_prose_is_none(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    paper.column(60, 80, 40, NORTH)
    rows = (
        ("线路", "次数", "费用"),
        ("北线", "30", "41"),
        ("南线", "26", "38"),
        ("东线", "19", "22"),
    )
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            paper.put(80 + 130 * column, 160 + 18 * at, cell)
    paper.column(60, 250, 40, SOUTH)
    text = paper.read(tmp_path).text
    assert "| 线路 | 次数 | 费用 |\n| 北线 | 30 | 41 |\n| 南线 | 26 | 38 |" in text
    assert text.count("|") == 16


def test_a_merged_header_names_its_columns_and_lines_of_a_cell_are_one(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    with paper.local_context():
        paper.put(70, 93, "线路")
        paper.put(270, 93, "检修")
        paper.put(190, 113, "次数")
        paper.put(310, 113, "费用")
        paper.put(70, 133, "北线")
        paper.put(190, 133, "30")
        paper.put(305, 131, "包括材料")
        paper.put(305, 145, "和人工")
    for y in (80, 120, 150):
        paper.line(60, y, 420, y)
    paper.line(180, 100, 420, 100)
    for x in (60, 180, 420):
        paper.line(x, 80, x, 150)
    paper.line(300, 100, 300, 150)
    assert paper.read(tmp_path).text.split("\n") == [
        "| 线路 | 检修 次数 | 检修 费用 |",
        "| 北线 | 30 | 包括材料和人工 |",
    ]


def test_a_turned_page_is_read_and_a_watermark_is_not(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    with paper.rotation(90, 300, 400):
        paper.column(60, 300, 30, NORTH)
    with paper.rotation(45, 300, 400):
        paper.put(100, 400, "内部资料严禁外传", 48)
    assert paper.read(tmp_path).text.strip() == NORTH


def test_a_contents_page_is_no_outline(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    paper.put(250, 80, "目 录", 18)
    for at, (title, page) in enumerate((("第一章 检修", 2), ("第二章 费用", 2))):
        paper.put(60, 120 + 24 * at, title, 13)
        paper.put(150, 120 + 24 * at, "." * 90, 13)
        paper.put(520, 120 + 24 * at, str(page), 13)
    paper.add_page()
    for at, (title, text) in enumerate((("第一章 检修", NORTH), ("第二章 费用", SOUTH))):
        paper.put(60, 80 + 120 * at, title, 16)
        paper.column(60, 110 + 120 * at, 40, text)
    read = clean_report(paper.save(tmp_path))
    assert [node.title for node in read.nodes if node.kind == "heading"] == ["检修", "费用"]


# --- scans ---


def scan(paper: Paper) -> None:
    from PIL import Image

    paper.add_page()
    picture = io.BytesIO()
    Image.new("L", (60, 80), 200).save(picture, "PNG")
    paper.image(picture, 0, 0, paper.w, paper.h)


def fake(path: Path) -> Callable[[np.ndarray], list[Fragment]]:
    def read(image: np.ndarray) -> list[Fragment]:
        height, width, channels = image.shape
        assert (channels, image.dtype) == (3, np.uint8)
        assert 2300 < height < 2400  # A4 at 200 dpi
        assert 1600 < width < 1700
        return [
            Fragment("二号线停运两天。", 200, 300, 520, 340, 40),
            Fragment("一号线检修完毕。", 200, 200, 520, 240, 40),
        ]

    return read


def missing(path: Path) -> Callable[[np.ndarray], list[Fragment]]:
    raise YinjuError("file.needs_ocr", path=path, install="pip", reason="no module")


def test_scans_are_read_by_ocr_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Paper()
    paper.add_page()
    paper.column(60, 80, 40, NORTH)
    scan(paper)
    scan(paper)
    path = paper.save(tmp_path)
    monkeypatch.setattr(ocr_module, "open_ocr", fake)
    loaded = load(path)
    second = loaded.text[loaded.pages[1].start : loaded.pages[1].end]
    assert second == "一号线检修完毕。\n二号线停运两天。\n"
    assert tuple(map(str, loaded.problems)) == (
        "pages 2-3 are scans, read by OCR; check quotations against the page",
    )
    monkeypatch.setattr(ocr_module, "open_ocr", missing)
    loaded = load(path)
    assert loaded.text.strip() == NORTH
    assert len(loaded.pages) == 3
    assert tuple(map(str, loaded.problems)) == (
        "pages 2-3 are scans without text and were not read; "
        "install the OCR extra: pip install 'yinju[ocr]'",
    )


def test_a_pdf_of_scans_alone_needs_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper()
    scan(paper)
    monkeypatch.setattr(ocr_module, "open_ocr", missing)
    with pytest.raises(YinjuError, match="install the extra ocr"):
        paper.read(tmp_path)


# --- what cannot be read ---


def plain(pages: int = 1) -> fpdf.FPDF:
    pdf = fpdf.FPDF()
    pdf.set_font("helvetica", size=12)
    for number in range(pages):
        pdf.add_page()
        pdf.cell(0, 10, f"Page {number} of a report that is long enough to be read.")
    return pdf


def locked() -> bytes:
    pdf = plain()
    pdf.set_encryption(owner_password="owner", user_password="user")
    return bytes(pdf.output())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (locked, "locked by a password, expected a PDF; open it with the password"),
        (lambda: b" \r\n", "found an empty file"),
        (lambda: b"%PDF-1.4\n" + bytes(plain().output())[9:300], "found a PDF that is cut off"),
        (lambda: b"%PDF-1.4\nnothing\n%%EOF", "found a damaged PDF"),
        (lambda: b"<!DOCTYPE html><html></html>", "found HTML or XML"),
        (lambda: b"PK\x03\x04....word/document.xml", "found a .docx file.*rename it to .docx"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old office program"),
        (lambda: b"\x89PNG\r\n", "a PNG picture.*rename"),
        (lambda: "第一章".encode(), "a text without %PDF"),
    ],
)
def test_what_is_no_readable_pdf_says_what_it_is(
    tmp_path: Path, make: Callable[[], bytes], message: str
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make())
    with pytest.raises(YinjuError, match=message) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_limits_are_kept_before_all_is_read() -> None:
    data = bytes(plain(3).output())
    with pytest.raises(YinjuError, match=r"its 3 pages are more than the limit of 2"):
        load_pdf(Path("a.pdf"), data, replace(LIMITS, pages=2))
    with pytest.raises(YinjuError, match=r"up to page 2 are more than the limit of 60"):
        load_pdf(Path("a.pdf"), data, replace(LIMITS, chars=60))


def test_a_broken_page_is_named_and_the_others_are_read() -> None:
    data = bytes(plain(3).output())
    assert data.count(b"/Type /Page\n") == 3
    at = data.index(b"/Type /Page\n", data.index(b"/Type /Page\n") + 1)
    broken = data[:at] + b"/Type /Pxge\n" + data[at + 12 :]
    loaded = load_pdf(Path("a.pdf"), broken, LIMITS)
    assert len(loaded.pages) == 3
    assert "Page 0" in loaded.text
    assert "Page 2" in loaded.text


def nested(depth: int) -> bytes:
    """A page with an array in an array in an array."""
    body = b"[" * depth + b"]" * depth
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/A " + body + b">>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )


def test_nested_arrays_and_a_tree_that_is_a_ring_end() -> None:
    with pytest.raises(YinjuError, match=r"^a\.pdf: .*none of whose pages can be read"):
        load_pdf(Path("a.pdf"), nested(10).replace(b"Kids[3 0 R]", b"Kids[2 0 R]"), LIMITS)
    assert len(load_pdf(Path("a.pdf"), nested(100_000), LIMITS).pages) == 1


def test_pages_that_stop_pdfium_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(plain(3).output())
    assert probe.find_failing_pages(data) == []
    # A page that has PDFium fill 2.5 GB takes seconds: here a process ends as at such a page.
    ends = iter([(-6, b"0\n1\n"), (0, b"2\n3\n")])

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, *next(ends))

    monkeypatch.setattr(probe.subprocess, "run", run)
    loaded = load_pdf(Path("a.pdf"), data, LIMITS)
    assert tuple(map(str, loaded.problems)) == ("page 2 is damaged and could not be read",)
    assert "Page 1" not in loaded.text
    ends = iter([(-6, b"")])
    with pytest.raises(YinjuError, match="take all memory or never end"):
        load_pdf(Path("a.pdf"), data, LIMITS)
