"""A report parsed into what an index keeps of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from indexer.cleaning.trail import Trail
from indexer.structure.outline import Node

from .document import Page
from .messages import Message
from .types import ItemList, Passage, Property, Window

# Raise it whenever the same file would give other text, passages, windows, terms or problems, so that
# the reports of an existing index are read again.
PIPELINE = 6


@dataclass(frozen=True)
class ParsedReport:
    """A report parsed into all that an index keeps of it.

    The ids of its passages, windows and lists count from 0 in the order of the fields below, and their
    document is 0.
    """

    path: str
    """Its file, as the user named it."""
    resolved: str
    """The absolute path of its file, by which the index identifies it."""
    sha256: str
    """SHA-256 of its file, hex; "" makes the next indexing run read it again."""
    title: str
    format: str
    encoding: str | None
    truncated: bool
    """Whether it breaks off inside its last sentence."""
    problems: tuple[Message, ...]
    """What could not be read, and what looks damaged."""
    trail: Trail
    """The raw text with the edits that clean it."""
    pages: tuple[Page, ...]
    nodes: tuple[Node, ...]
    """The outline: headings and list items."""
    passages: tuple[Passage, ...]
    windows: tuple[Window, ...]
    lists: tuple[ItemList, ...]
    modified: str = ""
    """The day on which its file was last written, as 2023-05-31."""
    about: tuple[Property, ...] = ()
    """What is known of it as a whole."""


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
