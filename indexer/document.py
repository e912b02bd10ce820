"""What a loader gives: raw text, and what the file's own format knew of pages and headings."""

from __future__ import annotations

from dataclasses import dataclass

# What the problems of a scan say.
READ_BY_OCR = "read by OCR"


@dataclass(frozen=True, slots=True)
class Page:
    """A page's number, from 1, and its span in the raw text."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A heading that the file's own format names: its level, from 1, and its span in raw text."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """The raw decoded text of a file, and what its format knew about it.

    around: spans of the text that its format says are no part of the report, as a menu; cleaning
    removes them. problems: what could not be read, a line each.
    """

    text: str
    format: str
    encoding: str | None = None
    title: str | None = None
    pages: tuple[Page, ...] = ()
    marks: tuple[Mark, ...] = ()
    around: tuple[tuple[int, int], ...] = ()
    problems: tuple[str, ...] = ()


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

    def loaded(self, format: str, encoding: str | None, title: str | None) -> Loaded:
        """The lines as one text."""
        text = "\n".join(self._lines)
        # The last line has no line end, so that a page without a line may begin one past it.
        bounds = [min(start, len(text)) for start in (*self._pages, len(text))]
        pages = tuple(
            Page(number, bounds[number - 1], bounds[number]) for number in range(1, len(bounds))
        )
        return Loaded(text, format, encoding, title, pages, tuple(self._marks))
