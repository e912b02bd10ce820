"""The result of a loader: the raw text, and the pages and headings that the file's format names."""

from __future__ import annotations

from dataclasses import dataclass

from .messages import Message

# The problems of a report that was read by OCR, wholly or in part.
_READ_BY_OCR = frozenset({"problem.scanned", "problem.scanned_pages"})


def is_read_by_ocr(problem: Message) -> bool:
    """Say whether a problem tells that text was read by OCR.

    An index that an older version wrote holds the English words instead of a code.
    """
    return problem.code in _READ_BY_OCR or "read by OCR" in str(problem.values.get("text", ""))


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a file."""

    number: int
    """From 1."""
    start: int
    """Its first character in the raw text."""
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that the file's own format names."""

    level: int
    """From 1."""
    start: int
    """Its first character in the raw text."""
    end: int


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file as its loader read it: the raw text, and what its format knows about it."""

    text: str
    """The raw decoded text, before it is cleaned."""
    format: str
    """The name of its loader: "txt", "docx", "pdf" ..."""
    encoding: str | None = None
    """The encoding of the file; None for a format that has none of its own, as PDF."""
    title: str | None = None
    """The title that the file's format names."""
    pages: tuple[Page, ...] = ()
    headings: tuple[Heading, ...] = ()
    """The headings that the file's format names."""
    boilerplate: tuple[tuple[int, int], ...] = ()
    """Spans of the text that are no part of the report according to the format, as a menu. Cleaning
    removes them."""
    problems: tuple[Message, ...] = ()
    """What could not be read."""


class LoadedFileBuilder:
    """Collects lines into one text, with its headings and the beginnings of its pages."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._headings: list[Heading] = []
        self._page_starts: list[int] = []
        self._length = 0

    def add_line(self, line: str, level: int = 0) -> None:
        """Add a line; with a level from 1 on it is a heading."""
        if level and line.strip():
            self._headings.append(Heading(level, self._length, self._length + len(line)))
        self._lines.append(line)
        self._length += len(line) + 1

    def start_page(self) -> None:
        """Begin a page with the next line."""
        self._page_starts.append(self._length)

    def build(self, format: str, encoding: str | None, title: str | None) -> LoadedFile:
        """Return the lines as one text."""
        text = "\n".join(self._lines)
        # The last line has no line end, so that the start of an empty last page is one too far.
        bounds = [min(start, len(text)) for start in (*self._page_starts, len(text))]
        pages = tuple(
            Page(number, bounds[number - 1], bounds[number]) for number in range(1, len(bounds))
        )
        return LoadedFile(text, format, encoding, title, pages, tuple(self._headings))
