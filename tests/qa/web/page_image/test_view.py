"""Pages as pictures: each box lies over the characters of the quotation, and over no others."""

from __future__ import annotations

import ctypes
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdfium2 import raw

from indexer.cleaning.trail import Change, Trail
from indexer.errors import YinjuError
from indexer.formats.pdf.origins import find_origins
from indexer.parsed_report import ParsedReport
from indexer.report import parse_report
from qa.index import Index
from qa.web.page_image import draw as draw_module
from qa.web.page_image.draw import PageRequest, draw_page
from qa.web.page_image.highlight import HighlightBox, find_boxes, find_quoted_spans
from qa.web.page_image.view import page_image_html
from tests.conftest import ROOT
from tests.indexer.formats.test_pdf import EAST, NORTH, SOUTH, Paper, table

REPORT = ROOT / "corpus" / "reports" / "cold-chain.pdf"
QUESTION = "一支疫苗从工厂到接种点的冷链费用平均是多少？"


def lit_pages(
    file: Path, report: ParsedReport, start: int, end: int
) -> list[tuple[tuple[HighlightBox, ...] | None, str]]:
    """The boxes of each page that `start:end` of the clean text stands on, and what is in them."""
    spans = find_quoted_spans(report.trail, start, end)
    found = []
    with pdfium.PdfDocument(file) as document:
        for page in report.pages:
            text = report.trail.raw[page.start : page.end]
            here = [
                (max(a, page.start) - page.start, min(b, page.end) - page.start) for a, b in spans
            ]
            here = [(a, b) for a, b in here if a < b]
            if any(text[a:b].strip() for a, b in here):
                boxes = find_boxes(document[page.number - 1], text, here)
                found.append((boxes, under(document[page.number - 1], boxes or ())))
    return found


def under(page: Any, boxes: tuple[HighlightBox, ...]) -> str:
    """The characters of a page whose middle lies in a box, as PDFium tells them."""
    found = []
    across, down = ctypes.c_int(), ctypes.c_int()
    text = page.get_textpage()
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index, loose=True)
        middle = ((left + right) / 2, (bottom + top) / 2)
        raw.FPDF_PageToDevice(page.raw, 0, 0, 100_000, 100_000, 0, *middle, across, down)
        x, y = across.value / 1000, down.value / 1000
        if any(
            box.left <= x <= box.left + box.width and box.top <= y <= box.top + box.height
            for box in boxes
        ):
            found.append(chr(raw.FPDFText_GetUnicode(text.raw, index)))
    return "".join("".join(found).split())


def lit_text(file: Path, report: ParsedReport, start: int, end: int) -> str:
    """What stands under the boxes of a quotation."""
    return "".join(text for _, text in lit_pages(file, report, start, end))


def written(text: str) -> str:
    """A text without white space and without the bars that a table's row is given."""
    return "".join(text.replace("|", "").split())


def lit(file: Path, quote: str) -> str:
    report = parse_report(file)
    start = report.trail.text.index(quote)
    return lit_text(file, report, start, start + len(quote))


def test_every_passage_of_the_report_that_ships_is_lit_exactly() -> None:
    report = parse_report(REPORT)
    wrong = [
        passage.text
        for passage in report.passages
        if lit_text(REPORT, report, passage.start, passage.end) != written(passage.text)
    ]
    print(f"{len(report.passages) - len(wrong)} of {len(report.passages)} passages are lit exactly")
    assert wrong == []
    over = [p for p in report.passages if len(lit_pages(REPORT, report, p.start, p.end)) > 1]
    assert over, "no passage goes over a page break"


def test_every_sentence_is_lit_exactly() -> None:
    report = parse_report(REPORT)
    text = report.trail.text
    for match in re.finditer(r"[^。\n#|]{8,}。", text):
        assert lit_text(REPORT, report, *match.span()) == written(match.group())


def test_columns_that_the_file_names_in_another_order(tmp_path: Path) -> None:
    """What stands in both columns is lit in the one that is quoted."""
    paper = Paper()
    paper.add_page()
    both = "同一句话在左右两栏都有。"
    paper.column(310, 200, 22, NORTH + both)  # the right column first
    paper.column(60, 200, 22, SOUTH + both + EAST)
    file = paper.save(tmp_path)
    for quote in (SOUTH, NORTH, SOUTH + both + EAST, NORTH + both):
        assert lit(file, quote) == quote
    report = parse_report(file)
    places = [m.span() for m in re.finditer(both, report.trail.text)]
    first, second = ([b.left for b in lit_pages(file, report, *p)[0][0] or ()] for p in places)
    assert first
    assert max(first) < 50 < min(second)


def test_a_cell_is_lit_in_its_own_row(tmp_path: Path) -> None:
    paper = Paper()
    paper.add_page()
    rows = [
        ("线路", "检修次数", "费用"),
        ("北线", "22", "22"),
        ("南线", "22", "12"),
        ("东线", "12", "22"),
    ]
    table(paper, 200, rows)
    file = paper.save(tmp_path)
    report = parse_report(file)
    tops = []
    for row in rows[1:]:
        quote = f"| {' | '.join(row)} |"
        start = report.trail.text.index(quote)
        assert lit(file, quote) == "".join(row)
        ((boxes, _),) = lit_pages(file, report, start, start + len(quote))
        assert boxes
        assert len(boxes) == 3
        assert len({box.top for box in boxes}) == 1
        tops.append(boxes[0].top)
    assert tops == sorted(set(tops))


def test_a_paragraph_over_a_page_break_is_lit_on_both_pages(tmp_path: Path) -> None:
    paper = Paper()
    text = (NORTH + SOUTH) * 2
    for number, part in ((1, text[:94]), (2, text[94:])):
        paper.add_page()
        paper.put(260, 815, f"第 {number} 页 共 2 页", 8)
        paper.column(60, 735 if number == 1 else 90, 47, part, indent=0)
        paper.column(60, 300, 46, EAST)
    file = paper.save(tmp_path)
    report = parse_report(file)
    start = report.trail.text.index(text)
    pages = lit_pages(file, report, start, start + len(text))
    assert [told for _, told in pages] == [text[:94], text[94:]]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_boxes_follow_a_turned_and_cut_page(tmp_path: Path, turned: int) -> None:
    """On the picture itself: what is dark lies in the boxes, and nowhere else."""
    paper = Paper()
    paper.add_page()
    quote = NORTH + SOUTH
    paper.column(80, 200, 40, quote)
    file = tmp_path / "turned.pdf"
    with pdfium.PdfDocument(paper.save(tmp_path)) as document:
        document[0].set_cropbox(50, 300, 560, 800)
        document[0].set_rotation(turned)
        document.save(file)
    report = parse_report(file)
    start, end = report.trail.raw_span(0, len(report.trail.text))
    assert written(report.trail.text) == quote
    drawn = draw_page(PageRequest(str(file), "pdf", 1, report.trail.raw, ((start, end),)))
    assert drawn.boxes
    image = np.asarray(Image.open(io.BytesIO(drawn.png)).convert("L"))
    assert image.shape == (drawn.height, drawn.width)
    dark = image < 128
    inside = np.zeros_like(dark)
    for box in drawn.boxes:
        left, top = box.left * drawn.width / 100, box.top * drawn.height / 100
        right = left + box.width * drawn.width / 100
        bottom = top + box.height * drawn.height / 100
        across = slice(max(0, int(left) - 2), int(right) + 3)
        down = slice(max(0, int(top) - 2), int(bottom) + 3)
        assert dark[down, across].any()
        inside[down, across] = True
    assert dark.sum() > 1000
    assert not (dark & ~inside).any()
    assert inside.mean() < 0.2


def test_what_cleaning_removed_inside_a_quotation_is_not_lit() -> None:
    trail = Trail("甲乙\n第3页\n丙丁")
    assert find_quoted_spans(trail, 0, 9) == ((0, 9),)
    cut = trail.apply("page-number", [Change(2, 7, "")])
    assert cut.text == "甲乙丙丁"
    assert find_quoted_spans(cut, 0, 4) == ((0, 2), (7, 9))
    assert find_quoted_spans(cut, 2, 4) == ((7, 9),)
    mended = trail.apply("look-alike", [Change(1, 2, "已")])
    assert find_quoted_spans(mended, 0, 2) == ((0, 2),)


def test_another_text_than_the_page_has_is_not_lit() -> None:
    with pdfium.PdfDocument(REPORT) as document:
        assert find_boxes(document[0], "由 OCR 读出的文字", [(0, 5)]) is None


def test_a_page_of_too_many_characters_is_not_lit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.formats.pdf.origins._MAX_CHARS", 10)
    with pdfium.PdfDocument(REPORT) as document:
        assert find_origins(document[0]) is None


@pytest.mark.parametrize("size", [(14_400, 14_400), (14_400, 10), (3, 3)])
def test_a_page_of_any_size_is_drawn_in_bounds(tmp_path: Path, size: tuple[int, int]) -> None:
    file = tmp_path / "size.pdf"
    with pdfium.PdfDocument.new() as document:
        document.new_page(*size)
        document.save(file)
    drawn = draw_page(PageRequest(str(file), "pdf", 1))
    assert max(drawn.width, drawn.height) <= 1600
    assert drawn.boxes == ()


def test_a_file_that_cannot_be_drawn_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF-1.4 nothing")
    for kind in ("pdf", "image"):
        with pytest.raises(YinjuError, match="page 1 cannot be shown") as caught:
            draw_page(PageRequest(str(file), kind, 1))
        assert "\n" not in str(caught.value)
    monkeypatch.setattr(draw_module, "_MAX_SECONDS", 0.001)
    with pytest.raises(YinjuError, match="too much memory or time"):
        draw_page(PageRequest(str(REPORT), "pdf", 1))


def test_a_scan_is_shown_without_a_box(tmp_path: Path) -> None:
    file = tmp_path / "scan.png"
    Image.new("RGB", (300, 200), "white").save(file)
    assert draw_page(PageRequest(str(file), "image", 1, "文字", ((0, 2),))).boxes is None
    assert draw_page(PageRequest(str(file), "image", 1)).boxes == ()


# --- the panel ---


def test_the_panel_lights_the_quotation_and_leads_to_other_pages(corpus_index: Index) -> None:
    citation = corpus_index.ask(QUESTION).citations[0]
    catalogue = corpus_index.snapshot.catalogue
    span = (citation.start, citation.end)
    assert citation.page == 6
    shown = page_image_html(catalogue, citation.document, 6, "zh", *span)
    assert shown.count("<mark ") == 3
    assert "第 6 页，共 6 页" in shown
    assert 'alt="第 6 页"' in shown
    assert re.search(r'data-step="next_page"[^>]* disabled>下一页', shown)
    assert re.search(r'data-step="previous_page" data-page="5"[^>]*"\d+">上一页', shown)
    before = page_image_html(catalogue, citation.document, 5, "en", *span)
    assert "<mark " not in before
    assert 'class="unlit"' not in before
    assert "page 5 of 6" in before
    assert page_image_html(catalogue, citation.document, 6, "zh").count("<mark ") == 0


@pytest.mark.parametrize(
    ("page", "start", "end"),
    [(0, 0, 9), (7, 0, 9), ("6", 0, 9), (6, 5, 5), (6, -1, 9), (6, 0, 10**9), (6, None, 3)],
)
def test_what_a_browser_made_up_is_refused_in_words(
    corpus_index: Index, page: object, start: object, end: object
) -> None:
    catalogue = corpus_index.snapshot.catalogue
    path = next(d.path for d in corpus_index.documents() if d.format == "pdf")
    with pytest.raises(YinjuError, match=r"has no page|is no passage"):
        page_image_html(catalogue, path, page, "zh", start, end)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_place_that_cannot_be_marked_is_said_to_be_so(
    corpus_index: Index, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    citation = corpus_index.ask(QUESTION).citations[0]
    unlit = draw_module.PageImage(b"", 3, 4, None)
    monkeypatch.setattr("qa.web.page_image.view.draw_page", lambda wanted: unlit)
    catalogue = corpus_index.snapshot.catalogue
    shown = page_image_html(catalogue, citation.document, 6, language, citation.start, citation.end)
    assert 'class="unlit"' in shown
    assert "<mark " not in shown
