"""A report as the catalogue keeps it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from indexer.cleaning.trail import Trail
from indexer.structure.outline import Node

from .document import Page
from .types import Span

# Changes whenever the same file would give other text, passages, windows or terms, so that an
# index made before is read again.
PIPELINE = 3


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """A passage with its headings, its header row and its lexical terms, joined by spaces."""

    span: Span
    kind: str
    headings: tuple[str, ...]
    text: str
    header: str
    terms: str


@dataclass(frozen=True, slots=True)
class WindowRecord:
    """A window: its passage (index in the record), span, kind, list (index) and encoder text."""

    passage: int
    span: Span
    kind: str
    list: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ListRecord:
    """A list of the report: see indexer.types.ItemList."""

    kind: str
    headings: tuple[str, ...]
    intro: Span | None
    items: tuple[Span, ...]
    labels: tuple[Span, ...]
    truncated: bool


@dataclass(frozen=True)
class Record:
    """A report as the catalogue keeps it.

    path: as named; resolved: absolute, its identity. modified: the day on which the file was last
    written, as 2023-05-31.
    """

    path: str
    resolved: str
    sha256: str
    title: str
    format: str
    encoding: str | None
    truncated: bool
    problems: tuple[str, ...]
    trail: Trail
    pages: tuple[Page, ...]
    nodes: tuple[Node, ...]
    passages: tuple[PassageRecord, ...]
    windows: tuple[WindowRecord, ...]
    lists: tuple[ListRecord, ...]
    modified: str = ""


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
