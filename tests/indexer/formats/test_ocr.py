"""Scans and pictures: what is read by OCR, and one clear line for what cannot be."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import sys
import zlib
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from indexer.config import Limits
from indexer.errors import YinjuError
from indexer.formats.picture import load as picture
from indexer.formats.picture import ocr
from indexer.formats.picture.ocr import Reading, open_ocr, open_reader, read_upright, unify_brackets
from indexer.load import find_reports, load
from indexer.messages import message
from indexer.report import clean_report
from indexer.text.fold import fold_chars
from qa.web.page_image.view import page_image_html
from tests.conftest import ROOT, IndexFiles

LINES = (
    "一、总量与结构",
    "　　冷链物流是指让易腐货物从产地到餐桌始终处在规定温",
    "度之下的一整套储存、运输和交接活动。2023年收入达到",
    "5,200亿元，比上年增长12.5%。",
)
SENTENCE = "冷链物流是指让易腐货物从产地到餐桌始终处在规定温度之下的一整套储存、运输和交接活动。"


@pytest.fixture(scope="session")
def engine() -> None:
    if not ocr.is_ocr_installed():
        pytest.skip("the extra ocr is not installed")


@pytest.fixture(scope="session")
def font() -> ImageFont.FreeTypeFont:
    if not shutil.which("fc-match"):
        pytest.skip("no fc-match to find a Chinese font with")
    command = ["fc-match", "--format=%{lang}\n%{file}\n%{index}", ":lang=zh-cn"]
    languages, file, index = subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    if "zh-cn" not in languages.split("|"):
        pytest.skip("no Chinese font is installed")
    return ImageFont.truetype(file, 32, index=int(index) & 0xFFFF)


@pytest.fixture(scope="session")
def page(font: ImageFont.FreeTypeFont) -> Image.Image:
    return draw(LINES, font)


def draw(lines: tuple[str, ...], font: ImageFont.FreeTypeFont) -> Image.Image:
    """A sheet with lines of 26 characters, as a scanner sees it."""
    sheet = Image.new("RGB", (26 * 32 + 160, 60 * len(lines) + 160), "white")
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(lines):
        pen.text((80, 80 + 60 * number), line, font=font, fill="black")
    return sheet


def saved(sheet: Image.Image, path: Path, **options: Any) -> Path:
    sheet.save(path, **options)
    return path


SCANNED = message("problem.scanned")


def words(text: str) -> str:
    return "".join(fold_chars(text).split())


# --- with the real engine ---


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".bmp", ".webp"])
def test_a_picture_is_read(page: Image.Image, tmp_path: Path, suffix: str) -> None:
    loaded = load(saved(page, tmp_path / f"a{suffix}"))
    assert words(loaded.text) == words("".join(LINES))
    assert loaded.format == "image"
    assert loaded.problems == (SCANNED,)
    assert [page.number for page in loaded.pages] == [1]


@pytest.mark.usefixtures("engine")
def test_sentences_are_whole_after_cleaning(page: Image.Image, tmp_path: Path) -> None:
    report = clean_report(saved(page, tmp_path / "a.png"))
    assert fold_chars(SENTENCE) in fold_chars(report.trail.text)
    assert [node.title for node in report.nodes if node.kind == "heading"] == ["总量与结构"]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_on_its_side_is_turned(page: Image.Image, tmp_path: Path, degrees: int) -> None:
    turned = saved(page.rotate(degrees, expand=True), tmp_path / "a.png")
    assert words(load(turned).text) == words("".join(LINES))


@pytest.mark.usefixtures("engine")
def test_a_page_askew_keeps_its_lines_apart(page: Image.Image) -> None:
    askew = page.rotate(1.5, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    fragments = sorted(
        open_ocr(Path("a.png"))(np.asarray(askew)), key=lambda fragment: fragment.top
    )
    assert words("".join(fragment.text for fragment in fragments)) == words("".join(LINES))
    assert all(one.bottom < next.top + 8 for one, next in pairwise(fragments))
    assert all(0.8 * 32 < fragment.size < 1.3 * 32 for fragment in fragments)


@pytest.mark.usefixtures("engine")
def test_camera_orientation_and_transparency(page: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to the right
    photo = saved(page.rotate(90, expand=True), tmp_path / "a.jpg", exif=exif)
    assert words(load(photo).text) == words("".join(LINES))
    clear = page.convert("L").point(lambda value: 255 - value)
    ink = Image.new("RGBA", page.size, (0, 0, 0, 0))
    ink.putalpha(clear)
    assert words(load(saved(ink, tmp_path / "b.png")).text) == words("".join(LINES))


@pytest.mark.usefixtures("engine")
def test_each_image_of_a_tiff_is_a_page(font: ImageFont.FreeTypeFont, tmp_path: Path) -> None:
    sheets = [draw((f"第{n}章结论与建议", "行业收入持续增长。"), font) for n in "一二三"]
    path = tmp_path / "a.tiff"
    sheets[0].save(path, save_all=True, append_images=sheets[1:])
    loaded = load(path)
    texts = [loaded.text[page.start : page.end] for page in loaded.pages]
    assert [text[:3] for text in texts] == ["第一章", "第二章", "第三章"]
    with pytest.raises(YinjuError, match="its 3 pages are more than the limit of 2"):
        load(path, Limits(pages=2))


@pytest.mark.usefixtures("engine")
def test_a_long_screenshot_is_read_in_strips(font: ImageFont.FreeTypeFont, tmp_path: Path) -> None:
    lines = tuple(f"{number}、行业收入比上年增长百分之{number}。" for number in range(10, 80))
    loaded = load(saved(draw(lines, font), tmp_path / "a.png"))
    assert words(loaded.text) == words("".join(lines))
    assert len(loaded.pages) == 1


@pytest.mark.usefixtures("engine")
def test_a_blank_page_holds_no_text(tmp_path: Path) -> None:
    blank = saved(Image.new("L", (600, 800), 255), tmp_path / "a.png")
    with pytest.raises(YinjuError, match="holds no text"):
        load(blank)


@pytest.mark.usefixtures("engine")
def test_no_socket_is_opened_and_nothing_is_printed(page: Image.Image, tmp_path: Path) -> None:
    code = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError(f"a network connection was opened: {args}")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.create_connection = socket.getaddrinfo = refuse
from pathlib import Path
from indexer.load import load
assert "冷链物流" in load(Path(sys.argv[1])).text
"""
    result = subprocess.run(
        [sys.executable, "-c", code, str(saved(page, tmp_path / "a.png"))],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.usefixtures("engine")
def test_reading_twice_gives_the_same(page: Image.Image) -> None:
    read = open_reader(Path("a.png"))
    assert read(np.asarray(page)) == read(np.asarray(page))


# --- what cannot be read ---


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.png", b"", "is empty"),
        ("a.png", b"%PDF-1.7 and so on", "is not a readable picture"),
        ("a.jpg", b"\xff\xd8\xff\xe0 no more", "picture"),
        ("a.tif", b"II*\0\x08\0\0\0\xff\xff", "picture"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "picture"),
        ("a.png", png_header(100, 100), "is a broken picture"),
        ("a.png", png_header(14_000, 14_000), "more than the limit of 150 million"),
        ("a.png", png_header(60_000, 60_000), "more than the limit of 150 million"),
    ],
)
def test_what_is_no_picture_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, message: str
) -> None:
    monkeypatch.setattr(picture, "open_reader", lambda path: lambda image: Reading())
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(YinjuError, match=message) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_truncated_picture_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "open_reader", lambda path: lambda image: Reading())
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    for suffix, kind in ((".png", "PNG"), (".jpg", "JPEG"), (".tif", "TIFF"), (".webp", "WEBP")):
        whole = io.BytesIO()
        Image.fromarray(noise).save(whole, kind)
        for share in (0.01, 0.3, 0.9):
            path = tmp_path / f"a{suffix}"
            path.write_bytes(whole.getvalue()[: int(len(whole.getvalue()) * share)])
            with pytest.raises(YinjuError, match="picture"):
                load(path)


def test_without_the_extra_it_is_named(
    page: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    ocr._load_engine.cache_clear()
    path = saved(page, tmp_path / "a.png")
    with pytest.raises(YinjuError, match="without text of its own") as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert ocr.INSTALL in str(caught.value)
    assert "\n" not in str(caught.value)
    assert find_reports([path]) == [path]


# --- with an engine whose answer is known ---

HEAD = np.array([[10, 10], [200, 10], [200, 30], [10, 30]])


def answering(*answers: tuple[str, float]) -> Any:
    """An engine that sees one line, and at each further look reads it as the next answer."""
    waiting = list(answers)

    def engine(image: np.ndarray[Any, Any]) -> Any:
        text, score = waiting.pop(0)
        return SimpleNamespace(boxes=[HEAD], txts=(text,), scores=(score,))

    return engine


def test_the_surer_of_two_ways_up_is_taken() -> None:
    image = np.zeros((100, 300, 3), dtype=np.uint8)
    reading = read_upright(answering(("热校定", 0.5), ("结论", 0.99)), image)
    assert (reading.fragments[0].text, reading.rotation) == ("结论", 180)
    reading = read_upright(answering(("结论", 0.7), ("热校定", 0.5)), image)
    assert (reading.fragments[0].text, reading.rotation) == ("结论", 0)
    assert (reading.score, reading.doubtful_count) == (0.7, 1)


def test_small_type_on_a_large_sheet_gets_a_second_look() -> None:
    image = np.zeros((1000, 4000, 3), dtype=np.uint8)
    reading = read_upright(answering(("结沦", 0.85), ("结论", 0.99)), image)
    assert reading.fragments[0].text == "结论"
    # Shrunk to 2,000 pixels for the first look; not for the second.
    assert reading.fragments[0].left == HEAD[0, 0]


def test_doubtful_lines_are_told_and_a_page_of_them_refused(
    page: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(page, tmp_path / "a.png")

    def reads(score: float) -> None:
        engine = answering(*[("市场规模扩大", score)] * 2)
        monkeypatch.setattr(
            picture, "open_reader", lambda path: lambda image: read_upright(engine, image)
        )

    reads(0.86)
    assert tuple(map(str, load(path).problems)) == (
        str(SCANNED),
        "1 of 1 lines read with a score below 0.9, the worst (0.86) as '市场规模扩大'",
    )
    reads(0.4)
    with pytest.raises(YinjuError, match=r"cannot be made out .* 0\.40"):
        load(path)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16", "I", "F", "YCbCr"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    grey = Image.new("L", (40, 30), 255)
    grey.paste(0, (0, 0, 20, 30))
    if mode in ("I;16", "I"):
        values = np.asarray(grey).astype(np.uint16 if mode == "I;16" else np.int32) * 257
        sheet = Image.fromarray(values)
    else:
        sheet = grey.convert("RGBA" if mode == "RGBA" else "L").convert(mode)
    pixels = picture._read_pixels(sheet)
    assert pixels.shape == (30, 40, 3)
    assert pixels[:, :18].max() < 10
    assert pixels[:, 22:].min() > 245


def test_brackets_of_a_pair_get_one_width() -> None:
    assert unify_brackets("报告(2018—2023）") == "报告（2018—2023）"
    assert unify_brackets("用AI（人工智能),即 f(x）") == "用AI（人工智能）,即 f(x)"
    assert unify_brackets("(一)互联网,1)甲") == "(一)互联网,1)甲"


def test_fragments_and_scores_are_equally_many() -> None:
    with pytest.raises(ValueError, match="0 fragments but 1 scores"):
        Reading((), (0.5,))


# --- folders ---


@pytest.mark.parametrize("installed", [True, False])
def test_pictures_in_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    monkeypatch.setattr("indexer.formats.picture.ocr.is_ocr_installed", lambda: installed)
    names = ("a.docx", "scan.JPG", "web/b.html", "web/logo.png", "web/b_files/c.webp", "old/d.tif")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = [p.relative_to(tmp_path).as_posix() for p in find_reports([tmp_path])]
    pictures = ["old/d.tif", "scan.JPG"] if installed else []
    assert sorted(found) == sorted(["a.docx", "web/b.html", *pictures])
    logo = tmp_path / "web" / "logo.png"
    assert logo in find_reports([tmp_path, logo])


def test_an_answer_from_a_scan_says_so(
    page: Image.Image, engine: None, index_files: IndexFiles, tmp_path: Path
) -> None:
    """From the picture to the quotation, with the real model."""
    index = index_files(saved(page, tmp_path / "冷链.png"))
    answer = index.ask("2023年收入达到多少？")
    assert "5,200亿元" in answer.citations[0].quote
    assert answer.note == "[1] 出自用 OCR 识别的报告，请与原图核对。"
    place = answer.citations[0]
    shown = page_image_html(index.snapshot.catalogue, place.document, place.page or 1, "zh")
    assert shown.count("data:image/png;base64,") == 1
    (tmp_path / "冷链.png").write_bytes(b"")
    with pytest.raises(YinjuError, match="the file has changed since"):
        page_image_html(index.snapshot.catalogue, place.document, place.page or 1, "zh")
