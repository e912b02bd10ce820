"""Text, Markdown and delimited text to lines."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from indexer.config import Limits
from indexer.document import LoadedFile, LoadedFileBuilder
from indexer.errors import YinjuError

from .decoding import read_text
from .package_check import refuse_binary
from .records import read_records, read_texts
from .table import Budget, find_delimiter, format_tables, read_delimited

_TABLE = re.compile(r"<table\b.*?</table>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HTML = re.compile(r"<(?:table\b|br\s*/?>)", re.IGNORECASE)
_FENCED = re.compile(r"(^(?:```|~~~).*?^(?:```|~~~)[ \t]*$)", re.MULTILINE | re.DOTALL)


def load_text(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a text file; of one that holds JSON objects the text in these."""
    decoded = read_text(data, path, limits)
    records = read_records(decoded.text)
    text = decoded.text if records is None else "\n".join(records)
    return LoadedFile(text, "txt", decoded.encoding, problems=decoded.problems)


def load_markdown(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a Markdown file, with its markup as it stands, but for tables and breaks in HTML."""
    decoded = read_text(data, path, limits)
    text = _read_html(decoded.text, path, limits)
    return LoadedFile(text, "md", decoded.encoding, problems=decoded.problems)


def _read_html(text: str, path: Path, limits: Limits) -> str:
    """Return Markdown with its HTML tables as rows with bars, and <br> as a line break; code stays."""
    if not _HTML.search(text):
        return text
    from .html.lines import write_page
    from .html.tree import parse_page

    parts = _FENCED.split(text)
    for at in range(0, len(parts), 2):  # code between fences stands at the odd places

        def to_rows(match: re.Match[str]) -> str:
            page = parse_page(match.group(), path, limits)
            lines = write_page(page.elements[0], Budget(path, limits), path.stem).lines
            return "\n\n" + "\n".join(lines) + "\n\n"

        parts[at] = _BREAK.sub("\n", _TABLE.sub(to_rows, parts[at]))
    return "".join(parts)


def load_csv(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a table of delimited text; the delimiter is detected."""
    return _load_delimited(path, data, "csv", None, limits)


def load_tsv(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a table of delimited text; tabs are preferred as delimiter."""
    return _load_delimited(path, data, "tsv", "\t", limits)


def _load_delimited(
    path: Path, data: bytes, format: str, preferred: str | None, limits: Limits
) -> LoadedFile:
    refuse_binary(path, data, path.suffix.lower())
    decoded = read_text(data, path, limits)
    if "\0" in decoded.text:
        raise YinjuError("file.null_bytes_in_table", path=path)
    builder = LoadedFileBuilder()
    rows = read_delimited(decoded.text, path, preferred, limits)
    texts = read_texts(decoded.text, find_delimiter(decoded.text, preferred))
    if texts is not None:
        for name, text in texts:
            first, _, rest = text.partition("\n")
            titled = first.strip() and first.strip() in name
            builder.add_line(first.strip() if titled else name, level=1)
            for line in (rest if titled else text).split("\n"):
                builder.add_line(line)
        return replace(
            builder.build(format, decoded.encoding, path.stem), problems=decoded.problems
        )
    for line in format_tables(rows, path.stem):
        builder.add_line(line)
    loaded = builder.build(format, decoded.encoding, path.stem)
    return replace(loaded, problems=decoded.problems)
