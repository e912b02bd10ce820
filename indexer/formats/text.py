"""Text, Markdown and delimited text to lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from indexer.config import Limits
from indexer.document import LoadedFile, LoadedFileBuilder
from indexer.errors import YinjuError

from .decoding import read_text
from .package_check import refuse_binary
from .table import format_tables, read_delimited


def load_text(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a text file."""
    decoded = read_text(data, path, limits)
    return LoadedFile(decoded.text, "txt", decoded.encoding, problems=decoded.problems)


def load_markdown(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a Markdown file, with its markup as it stands."""
    decoded = read_text(data, path, limits)
    return LoadedFile(decoded.text, "md", decoded.encoding, problems=decoded.problems)


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
    for line in format_tables(read_delimited(decoded.text, path, preferred, limits), path.stem):
        builder.add_line(line)
    loaded = builder.build(format, decoded.encoding, path.stem)
    return replace(loaded, problems=decoded.problems)
