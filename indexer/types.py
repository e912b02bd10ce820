"""The core values of an index: what a report is made of once it is parsed.

Ids count from 0: within one report as long as it is in no index (its `document` is then 0), and
over all reports in an index.
"""

from __future__ import annotations

from dataclasses import dataclass

from .messages import Message


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets in a document's clean text."""

    start: int
    end: int


# The names of the properties of a report, in the order in which they are shown.
PROPERTIES = ("organisation", "names", "place", "period", "date", "author")


@dataclass(frozen=True, slots=True)
class Property:
    """Something that is known of a report as a whole."""

    name: str
    """One of `PROPERTIES`."""
    value: str
    """As it is written; several short names with commas between them."""
    source: str
    """Where it was found: "text", "title", "file" (its name) or "user"."""
    start: int = 0
    """Its first character in the clean text, where it stands there."""
    end: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A report in an index, without its text."""

    id: int
    """It counts from 0 in the order of the reports' paths."""
    path: str
    """Its file, as the user named it and as a citation names it."""
    title: str
    format: str
    """The name of its loader: "txt", "docx", "pdf" ..."""
    encoding: str | None
    """The encoding of its file; None for a format without one, such as PDF."""
    truncated: bool
    """Whether it breaks off inside its last sentence."""
    problems: tuple[Message, ...]
    """What could not be read, and what looks damaged."""
    characters: int
    """The length of its clean text."""
    passages: int
    """How many passages it has."""
    resolved: str = ""
    """The absolute path of its file, by which the index identifies it."""
    tags: tuple[str, ...] = ()
    """Tags that the user gave it."""
    modified: str = ""
    """The day on which its file was last written, as 2023-05-31."""
    pages: int = 0
    """How many pages it has; 0 in a format without pages."""
    about: tuple[Property, ...] = ()
    """What is known of it as a whole, each property at most once."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a list item or a table row, the unit that BM25 searches and an answer cites."""

    id: int
    document: int
    """The id of its document."""
    start: int
    """Its first character in the clean text."""
    end: int
    kind: str
    """"paragraph", "item" or "row"."""
    headings: tuple[str, ...]
    """The headings above it, outermost first, without the report's title."""
    text: str
    header: str = ""
    """The header row of a table's row."""
    lead: str = ""
    """What stands right above its list or table, such as a caption and a unit, a line each."""
    terms: str = ""
    """Its lexical terms, joined by spaces; set only while indexing, since a search needs no terms."""


@dataclass(frozen=True, slots=True)
class Window:
    """A run of whole sentences of a passage, the unit that is embedded.

    A window of kind "list" stands for a whole list: its vector is that of the heading, the
    sentence that introduces the list and the items' labels, and it is never quoted as such.
    """

    id: int
    passage: int
    """The id of its passage."""
    start: int
    """Its first character in the clean text."""
    end: int
    kind: str
    """"text" or "list"."""
    list: int | None = None
    """The id of the list that a window of kind "list" stands for; set only while indexing."""
    text: str = ""
    """What the encoder reads; set only while indexing."""


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of a report, or the sections of a chapter."""

    id: int
    document: int
    """The id of its document."""
    kind: str
    """"items", or "headings" where the items are the sections of a chapter."""
    headings: tuple[str, ...]
    """The headings above it, outermost first, without the report's title."""
    intro: Span | None
    """The sentence that introduces it."""
    items: tuple[Span, ...]
    """Each item as it is quoted."""
    labels: tuple[Span, ...]
    """The name of each item, without its number."""
    truncated: bool
    """Whether it breaks off with the report."""
