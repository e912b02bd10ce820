"""Build the reports that ship (corpus/reports) from the texts we wrote (corpus/sources).

    python corpus/make.py                 # needs fpdf2, opencc, pypinyin and a CJK font
    python corpus/make.py --out DIR       # build somewhere else
    python corpus/make.py --no-pdf        # only the reports that need no font

* internet-consumer-finance.txt: damaged the way a document-sharing site's export is
* ev-charging.md: copied
* cold-chain.txt: set as a PDF

Every kind of damage is one pure function, text in and text out, so that tests can damage other
texts the same way. The same sources give the same bytes: the only choice left to chance, which
characters the site's converter "has no glyph for", comes from a seeded generator.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
REPORTS = HERE / "reports"

SEED = 2024
GLYPHLESS = 120  # different characters annotated; gives several hundred annotations
PAGES_READ, PAGES_LEFT = 5, 9  # the reading-progress line
# The first word of the sentence whose bytes get out of step. Its last byte must be ASCII, here
# 業 = 98 49, so that the text after it is back in step.
MISALIGNED = "金融科技企業"

# --- damage: a document-sharing site's export --------------------------------------------------


def is_han(char: str) -> bool:
    """True for a character of the basic CJK block."""
    return "\u4e00" <= char <= "\u9fff"


def glyphless(text: str, count: int, seed: int = SEED) -> frozenset[str]:
    """Choose `count` Traditional-only characters of `text` (all of them if it has fewer)."""
    simplify = OpenCC("t2s").convert
    candidates = sorted({char for char in text if is_han(char) and simplify(char) != char})
    return frozenset(random.Random(seed).sample(candidates, min(count, len(candidates))))


def annotate(text: str, chars: frozenset[str]) -> str:
    """Put the pinyin, with tone marks, in parentheses behind each of `chars`: 聯(lián).

    Readings are taken in context, on the Simplified text, which pypinyin's phrases are in.
    """
    simplified = OpenCC("t2s").convert(text)
    readings: list[str] = []
    for run in re.findall(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+", simplified):
        spoken = lazy_pinyin(run, style=Style.TONE) if is_han(run[0]) else [""] * len(run)
        readings.extend(spoken)
    if len(readings) != len(text):
        raise ValueError(f"{len(text)} characters but {len(readings)} readings")
    return "".join(
        f"{char}({reading})" if char in chars else char
        for char, reading in zip(text, readings, strict=True)
    )


def misalign(text: str, word: str) -> str:
    """Read the GBK bytes of `word`, which opens a sentence, out of step by one.

    The full stop before it and its lead byte are lost and shown as `??`; its last byte is ASCII,
    so what follows is intact: 。跨境電商平臺 -> ??缇畴娚唐脚_

    Raises ValueError if 。`word` does not occur exactly once, UnicodeDecodeError if the bytes
    out of step are not GBK.
    """
    if text.count("。" + word) != 1:
        raise ValueError(f"。{word} occurs {text.count('。' + word)} times, wanted once")
    tail = word.encode("gbk")[1:]
    if tail[-1] >= 0x80:
        raise ValueError(f"the last byte of {word} is not ASCII")
    return text.replace("。" + word, "??" + tail.decode("gbk"))


def glue_title(text: str) -> str:
    """Glue the title to the heading below it."""
    title, _, rest = text.partition("\n")
    return title + rest.lstrip("\n")


def page_lines(title: str, count: int = PAGES_READ) -> str:
    """The captions of the page images: 標題_第1頁 and so on."""
    return "\n".join(f"{title}_第{number}頁" for number in range(1, count + 1))


def site_head(title: str) -> str:
    """Everything such a site puts above a document."""
    return "\n\n".join(
        (
            f"{page_lines(title)}\n已閱讀{PAGES_READ}頁,還剩{PAGES_LEFT}頁未讀,登錄後可閱讀全文",
            "下載本文檔",
            "版權聲明:文檔由會員自行上傳,權利屬於原作者,如有侵害您權益之處,請通知本站刪除",
            "文檔簡介",
        )
    )


NOTICES = (
    "文檔在下載之前請先預覽,頁面所見即為文件的全部內容,不另附圖紙或源文件。",
    "打開文件需要辦公軟件或PDF閱讀器,壓縮包請用新版解壓工具打開,解壓失敗可更換瀏覽器重試。",
    "積分一經扣除不予退還,重複下載同一份文檔不再計費。",
    "本站只提供存儲空間,不對文檔的內容作任何修改,也不為其真實性擔保。",
    "禁止把下載的文檔轉售或用於其他營利活動,由此引起的糾紛由下載者自行負責。",
    "發現違法或侵權信息,請使用頁面下方的舉報按鈕,工作人員會在兩個工作日內處理。",
)


def site_foot(notices: Sequence[str] = NOTICES) -> str:
    """Everything such a site puts below a document: notices and the comment box."""
    bullets = "\n".join(f"  • {number}. {text}" for number, text in enumerate(notices, start=1))
    return f"溫馨提示\n\n{bullets}\n\n評論\n\n0/150\n\n提交評論\n"


def damage(text: str, word: str = MISALIGNED) -> str:
    """All kinds of damage at once, on a clean Traditional text whose first line is its title."""
    title = text.partition("\n")[0]
    body = glue_title(misalign(text, word)).rstrip("\n")
    page = "\n\n".join((site_head(title), body, site_foot()))
    return annotate(page, glyphless(text, GLYPHLESS))


# --- the PDF -----------------------------------------------------------------------------------

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")  # Debian: fonts-noto-cjk
FONT_FACE = 2  # Simplified Chinese within the collection
CREATED = datetime(2024, 3, 1, tzinfo=UTC)  # fixed, so that two builds are equal
BODY_SIZE, LINE_MM = 11.5, 7.0
NO_LINE_START = "，。、；：！？）》”％%"  # a line may not begin with one of these
KEEP_MM = 8 * LINE_MM  # room below a chapter or section heading, half below an item's
HEADINGS = (
    (re.compile(r"第[一二三四五六七八九十]+章 "), 16.0),
    (re.compile(r"第[一二三四五六七八九十]+节 "), 13.5),
    (re.compile(r"\d+\. "), 12.0),
)


def heading_size(line: str) -> float | None:
    """Type size in points for a heading line, None for running text."""
    return next((size for pattern, size in HEADINGS if pattern.match(line)), None)


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break `text` into lines of at most `width`, in the unit that `measure` returns.

    Closing punctuation stays with its character; a number such as 5,200 is not torn apart.
    """
    units = re.findall(rf"(?:[0-9A-Za-z.,]+|.)[{NO_LINE_START}]*", text)
    lines = [""]
    for unit in units:
        if lines[-1] and measure(lines[-1] + unit) > width:
            lines.append("")
        lines[-1] += unit
    return lines


class ReportPDF(FPDF):
    """A4 pages with the title above and `第 n 页 共 m 页` below."""

    def __init__(self, title: str, font: Path) -> None:
        super().__init__(format="A4")
        self.running_title = title
        self.set_title(title)
        self.set_creation_date(CREATED)
        self.set_margins(25, 24, 25)
        self.set_auto_page_break(True, margin=22)
        self.add_font("cjk", fname=font, collection_font_number=FONT_FACE)
        self.set_font("cjk", size=BODY_SIZE)

    def header(self) -> None:
        self.set_font("cjk", size=9)
        self.set_y(12)
        self.cell(0, 5, self.running_title, align="C", border="B")
        self.set_y(self.t_margin)

    def footer(self) -> None:
        self.set_font("cjk", size=9)
        self.set_y(-15)
        self.cell(0, 5, f"第 {self.page_no()} 页 共 {{nb}} 页", align="C")

    def line_of_text(self, text: str, height: float, align: str = "L") -> None:
        """One line, already short enough, then down to the next."""
        self.cell(0, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def block(self, text: str, size: float, align: str = "L") -> None:
        """A heading or paragraph at `size` points, kept inside the margins."""
        self.set_font("cjk", size=size)
        for line in wrap(text, self.epw - 2, self.get_string_width):
            self.line_of_text(line, LINE_MM * size / BODY_SIZE, align)

    def small_table(self, rows: Sequence[Sequence[str]]) -> None:
        """Ruled, columns as wide as their longest cell, never broken across pages."""
        self.set_font("cjk", size=9.5)
        longest = [max(map(self.get_string_width, column)) for column in zip(*rows, strict=True)]
        spare = (self.epw - sum(longest)) / len(longest)
        with self.unbreakable() as page:
            for row in rows:
                for value, width in zip(row, longest, strict=True):
                    page.cell(width + spare, 7, value, border=1, align="C")
                page.ln(7)


def set_pdf(text: str, font: Path = FONT) -> bytes:
    """Set a plain text: first line title, `第一章`/`第一节`/`1.` headings, tabs make a table."""
    title, *lines = [line for line in text.splitlines() if line.strip()]
    pdf = ReportPDF(title, font)
    pdf.add_page()
    pdf.block(title, 20.0, align="C")
    pdf.ln(6)
    while lines:
        if "\t" in lines[0]:
            rows = []
            while lines and "\t" in lines[0]:
                rows.append(lines.pop(0).split("\t"))
            pdf.small_table(rows)
            pdf.ln(2)
            continue
        line = lines.pop(0)
        size = heading_size(line)
        if size is None:
            pdf.block("　　" + line, BODY_SIZE)
        else:
            pdf.ln(2)
            if pdf.will_page_break(KEEP_MM if size > HEADINGS[-1][1] else KEEP_MM / 2):
                pdf.add_page()
            pdf.block(line, size)
        pdf.ln(1)
    return bytes(pdf.output())


# --- the build ---------------------------------------------------------------------------------


def text_reports(sources: Path = SOURCES) -> dict[str, str]:
    """The reports that are text, by file name."""
    finance = "internet-consumer-finance.txt"
    return {
        finance: damage((sources / finance).read_text(encoding="utf-8")),
        "ev-charging.md": (sources / "ev-charging.md").read_text(encoding="utf-8"),
    }


def pdf_report(sources: Path = SOURCES, font: Path = FONT) -> bytes:
    """The cold-chain report as a PDF."""
    return set_pdf((sources / "cold-chain.txt").read_text(encoding="utf-8"), font)


def main(argv: Sequence[str] | None = None) -> None:
    """Write all reports."""
    parser = argparse.ArgumentParser(description="build corpus/reports from corpus/sources")
    parser.add_argument("--out", type=Path, default=REPORTS)
    parser.add_argument("--font", type=Path, default=FONT, help="a CJK TrueType collection")
    parser.add_argument("--no-pdf", action="store_true", help="leave the PDF as it is")
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in text_reports().items():
        (options.out / name).write_bytes(text.encode("utf-8"))
    if not options.no_pdf:
        (options.out / "cold-chain.pdf").write_bytes(pdf_report(font=options.font))


if __name__ == "__main__":
    main()
