"""Set a report as Markdown or plain text, with what copying and exporting does to a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.training.blocks import Block, spelled_out

_CHROME = (
    "首页 > 政务公开 > 政府信息公开 > 政府工作报告",
    "字体：[大 中 小]　打印本页　下载　分享到：",
)
_FOOT = (
    "扫一扫在手机打开当前页",
    "相关附件",
    "上一篇：没有了",
    "网站地图 | 联系我们 | 隐私声明",
    "主办单位办公室承办",
)
LINES_A_PAGE = 38
CHARS_A_LINE = 38


def to_markdown(blocks: Sequence[Block]) -> str:
    """Return Markdown; a table with merged cells repeats their text."""
    parts = []
    for block in blocks:
        if block.kind == "table":
            rows = ["| " + " | ".join(row) + " |" for row in spelled_out(block)]
            # Markdown has one header row: further ones are rows of the body.
            rows.insert(1, "|" + "---|" * len(block.rows[0]))
            parts.append("\n".join(rows))
        else:
            mark = {"heading": "#" * block.level + " ", "bullet": "- "}.get(block.kind, "")
            parts.append(mark + block.text)
    return "\n\n".join(parts) + "\n"


def to_text(blocks: Sequence[Block]) -> str:
    """Return plain text: a block a line, the cells of a row parted by tabs."""
    return "\n".join(text_lines(blocks)) + "\n"


def text_lines(blocks: Sequence[Block]) -> list[str]:
    """Return the lines of plain text, an empty one above each heading."""
    lines: list[str] = []
    for block in blocks:
        if block.kind == "table":
            lines += ["\t".join(row) for row in spelled_out(block)]
        elif block.kind == "heading":
            lines += [block.text] if block.level == 1 else ["", block.text]
        else:
            lines.append(("●" if block.kind == "bullet" else "") + block.text)
    return lines


def to_web_copy(blocks: Sequence[Block]) -> str:
    """Return what a crawler keeps of a web page: its chrome above and below, indented paragraphs."""
    title, *body = to_text(blocks).splitlines()
    indented = [line if not line or "\t" in line else "　　" + line for line in body]
    lines = [*_CHROME, title, "发布时间：　来源：　浏览次数：", *indented, "", *_FOOT]
    return "\n".join(lines) + "\n"


def to_paged_text(blocks: Sequence[Block], running: str) -> str:
    """Return the text of a paged document: lines cut at a width, a running header and page numbers.

    Args:
        running: the header of each page.
    """
    lines: list[str] = []
    for line in text_lines(blocks):
        lines += wrap_text(line, CHARS_A_LINE) if "\t" not in line else [line]
    pages = [lines[at : at + LINES_A_PAGE] for at in range(0, len(lines), LINES_A_PAGE)]
    return "\n".join(
        "\n".join([running, *page, f"1-1-{number}"]) for number, page in enumerate(pages, start=87)
    )


def to_wrapped_text(blocks: Sequence[Block]) -> str:
    """Return plain text whose paragraphs are broken at a width, with a space before each paragraph."""
    lines: list[str] = []
    for line in text_lines(blocks):
        if "\t" in line or not line:
            lines.append(line)
        else:
            lines += wrap_text("  " + line, CHARS_A_LINE)
    return "\n".join(lines) + "\n"


def wrap_text(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` characters, closing punctuation kept on its line."""
    units = re.findall(r"(?:[0-9A-Za-z.,%]+|.)[，。、；：！？）》”％]*", text)
    lines = [""]
    for unit in units:
        if lines[-1] and len(lines[-1]) + len(unit) > width:
            lines.append("")
        lines[-1] += unit
    return lines
