"""What a loader gives: raw text, and what the file's own format knew of pages and headings."""

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
class Mark:
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
    marks: tuple[Mark, ...] = ()
    """The headings that the file's format names."""
    around: tuple[tuple[int, int], ...] = ()
    """Spans of the text that its format says are no part of the report, as a menu; cleaning
    removes them."""
    problems: tuple[Message, ...] = ()
    """What could not be read."""


class Builder:
    """Collects lines into one text and remembers which are headings and where pages begin."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._marks: list[Mark] = []
        self._pages: list[int] = []
        self._at = 0

    def add(self, line: str, level: int = 0) -> None:
        """Adds a line; one with a level is a heading."""
        if level and line.strip():
            self._marks.append(Mark(level, self._at, self._at + len(line)))
        self._lines.append(line)
        self._at += len(line) + 1

    def page(self) -> None:
        """Begins the next page with the next line."""
        self._pages.append(self._at)

    def loaded(self, format: str, encoding: str | None, title: str | None) -> LoadedFile:
        """The lines as one text."""
        text = "\n".join(self._lines)
        # The last line has no line end, so that a page without a line may begin one past it.
        bounds = [min(start, len(text)) for start in (*self._pages, len(text))]
        pages = tuple(
            Page(number, bounds[number - 1], bounds[number]) for number in range(1, len(bounds))
        )
        return LoadedFile(text, format, encoding, title, pages, tuple(self._marks))
