"""File to text and pages. Each format is one function; `LOADERS` says which suffix takes which."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .archive import refuse_binary
from .errors import YinjuError
from .grid import grid_lines, read_delimited
from .loaded import Builder, Loaded, Mark, Page
from .office import load_docx, load_pptx, load_xlsx

__all__ = ["LOADERS", "Loaded", "Mark", "Page", "decode", "find_reports", "load"]

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
# What programs save by other names: the format that each of them saves as too.
_SAVED_AS = {
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers"), ".xlsx"),
    **dict.fromkeys((".doc", ".docm", ".wps", ".odt", ".rtf", ".pages"), ".docx"),
    **dict.fromkeys((".ppt", ".pptm", ".pps", ".ppsx", ".dps", ".odp", ".key"), ".pptx"),
}
# A file that is larger than this is refused; a report of 1,000 pages is about 5 MB of text.
MAX_BYTES = 200 * 1024 * 1024


def load(path: Path) -> Loaded:
    """Reads a report.

    Raises:
        YinjuError: the file is missing, empty, too large, of an unknown kind, or cannot be read.
    """
    loader = LOADERS.get(path.suffix.lower())
    if loader is None:
        known = " ".join(sorted(LOADERS))
        other = _SAVED_AS.get(path.suffix.lower())
        raise YinjuError(
            f"{path}: cannot read a file of this kind ({path.suffix or 'no suffix'}); expected {known}"
            + (f"; open it and save it as {other}" if other else "")
        )
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise YinjuError(f"{path}: {size} bytes is more than the limit of {MAX_BYTES}")
        loaded = loader(path, path.read_bytes())
    except OSError as error:
        raise YinjuError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not loaded.text.strip():
        hint = "; a scanned PDF has to go through OCR first" if loaded.format == "pdf" else ""
        raise YinjuError(f"{path}: holds no text{hint}")
    return loaded


def find_reports(paths: list[Path]) -> list[Path]:
    """The files to index: a file as it is named, a folder's readable files below it, in order.

    Raises:
        YinjuError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in LOADERS)
            found.update(dict.fromkeys(p for p in files if p.is_file() and not _hidden(p, path)))
        elif path.is_file():
            found[path] = None
        elif path.exists():
            raise YinjuError(f"{path}: is neither a file nor a folder; give the path of a report")
        else:
            raise YinjuError(f"{path}: no such file or folder; give the path of a report")
    return list(found)


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)


def decode(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a file's bytes and the name of its encoding.

    A byte order mark decides; then strict UTF-8; then charset-normalizer between the encodings
    that Chinese text comes in.

    Raises:
        YinjuError: no encoding fits.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(name), name
            except UnicodeDecodeError as error:
                raise YinjuError(
                    f"{path}: begins like {name} but does not decode: {error.reason}"
                ) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _detect(data, path)
    if text.count("\0") > len(text) // 100:
        return _detect(data, path)
    return text, "utf-8"


def _detect(data: bytes, path: Path) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["gb18030", "big5", "utf_16_le", "utf_16_be"]).best()
    if best is None:
        raise YinjuError(f"{path}: is not text in UTF-8, UTF-16, GB18030 or Big5; save it as UTF-8")
    return data.decode(best.encoding), best.encoding.replace("_", "-")


def _load_text(path: Path, data: bytes) -> Loaded:
    text, encoding = decode(data, path)
    return Loaded(text, "txt", encoding)


def _load_markdown(path: Path, data: bytes) -> Loaded:
    text, encoding = decode(data, path)
    return Loaded(text, "md", encoding)


def _load_html(path: Path, data: bytes) -> Loaded:
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


def _load_pdf(path: Path, data: bytes) -> Loaded:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise YinjuError(
            f"{path}: is not a readable PDF, or is locked by a password: {error}"
        ) from error
    pieces: list[str] = []
    pages: list[Page] = []
    at = 0
    with document:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage().get_text_bounded().replace("\r\n", "\n").rstrip("\n") + "\n"
            pieces.append(text)
            pages.append(Page(number + 1, at, at + len(text)))
            at += len(text)
        title = document.get_metadata_dict().get("Title") or None
    return Loaded("".join(pieces), "pdf", None, title, tuple(pages))


def _load_csv(path: Path, data: bytes) -> Loaded:
    return _load_delimited(path, data, "csv", None)


def _load_tsv(path: Path, data: bytes) -> Loaded:
    return _load_delimited(path, data, "tsv", "\t")


def _load_delimited(path: Path, data: bytes, format: str, preferred: str | None) -> Loaded:
    refuse_binary(path, data, path.suffix.lower())
    text, encoding = decode(data, path)
    if "\0" in text:
        raise YinjuError(
            f"{path}: holds null bytes, expected a table as text; export it anew as CSV in UTF-8"
        )
    builder = Builder()
    for line in grid_lines(read_delimited(text, path, preferred), path.stem):
        builder.add(line)
    return builder.loaded(format, encoding, path.stem)


LOADERS: dict[str, Callable[[Path, bytes], Loaded]] = {
    ".txt": _load_text,
    ".md": _load_markdown,
    ".markdown": _load_markdown,
    ".html": _load_html,
    ".htm": _load_html,
    ".csv": _load_csv,
    ".tsv": _load_tsv,
    ".docx": load_docx,
    ".xlsx": load_xlsx,
    ".pptx": load_pptx,
    ".pdf": _load_pdf,
}
