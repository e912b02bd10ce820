"""The core values of an index: what a report is made of once it is cut."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets in a document's clean text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A report as it was indexed. id: its row in the snapshot; path: as it was named.

    resolved: its absolute path, by which it is known. tags: the user's own. modified: the day on
    which its file was last written, as 2023-05-31. pages: how many it has; 0 without any.
    """

    id: int
    path: str
    title: str
    format: str
    encoding: str | None
    truncated: bool
    problems: tuple[str, ...]
    characters: int
    passages: int
    resolved: str = ""
    tags: tuple[str, ...] = ()
    modified: str = ""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a list item or a table row.

    headings: the path above it, outermost first. header: the header row of a table's row.
    """

    id: int
    document: int
    start: int
    end: int
    kind: str  # "paragraph", "item" or "row"
    headings: tuple[str, ...]
    text: str
    header: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A run of whole sentences of a passage, the unit that is embedded.

    A window of kind "list" stands for a whole list: its vector is that of the heading, the
    sentence that introduces the list and the items' labels, and it is never quoted as such.
    """

    id: int
    passage: int
    start: int
    end: int
    kind: str  # "text" or "list"


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of a report: the headings above it, its items in order, what each is called.

    kind: "items", or "headings" where the items are the sections of a chapter. truncated: it
    breaks off with the report.
    """

    id: int
    document: int
    kind: str
    headings: tuple[str, ...]
    intro: Span | None
    items: tuple[Span, ...]
    labels: tuple[Span, ...]
    truncated: bool
