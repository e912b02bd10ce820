"""A web page to lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .decoding import decode
from .errors import YinjuError
from .limits import Limits
from .loaded import Builder, Loaded

# Blocks of HTML that are never the report.
_HTML_CHROME = ("script", "style", "noscript", "template", "nav", "footer", "aside")
_HTML_BLOCKS = {
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "blockquote",
    "pre",
    "section",
    "article",
    "table",
    "ul",
    "ol",
    "br",
    "title",
    "body",
    "dd",
    "dt",
}


def load_html(path: Path, data: bytes, limits: Limits) -> Loaded:
    """Reads a web page: its headings by their tags, its tables as rows."""
    from lxml import etree, html

    text, encoding = decode(data, path)
    try:
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError) as error:
        raise YinjuError(f"{path}: is not readable HTML: {error}") from error
    title = root.findtext(".//title")
    for element in list(root.iter(*_HTML_CHROME, "title", etree.Comment)):
        element.drop_tree()
    builder = Builder()
    for line, level in _html_lines(root):
        builder.add(line, level)
    return builder.loaded("html", encoding, (title or "").strip() or None)


def _html_lines(root: Any) -> Iterator[tuple[str, int]]:
    """(line, heading level or 0) in document order, without recursion: depth is the page's own."""
    line: list[str] = []
    level = 0

    def flush() -> Iterator[tuple[str, int]]:
        text = " ".join("".join(line).split())
        line.clear()
        if text:
            yield text, level

    from lxml import etree

    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _HTML_BLOCKS:
            yield from flush()
            heading = len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()
            level = int(tag[1]) if heading and event == "start" else 0
        if tag == "tr" and event == "start":
            line.append("| ")
        if event == "end" and tag in ("td", "th"):
            line.append(" | ")
        if tag == "li" and event == "start":
            line.append("- ")
        line.append((element.text if event == "start" else element.tail) or "")
    yield from flush()
