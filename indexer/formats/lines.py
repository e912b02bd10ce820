"""Lines that a reader writes, with where each heading and removed part stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.document import LoadedFile, Mark

# What is longer is a paragraph that a site sets in a heading's type.
_LONGEST_HEADING = 120
_SPACE = re.compile(r"([ \t\n\r\f\v\xa0\u3000]+)")
_OWN_NUMBER = re.compile(
    r"\s*(?:[(（]?(?:\d{1,3}|[一二三四五六七八九十]+)[.、)）．]|第[一二三四五六七八九十\d]+[章节条]|[•·●▪①-⑳]|[-–—]\s)"
)


# Between two of these a line end of the source is no space.
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u201c\u201d\u3000-\u303f]")


@dataclass(slots=True)
class Lines:
    """Collects pieces of text into lines; white space is as a browser shows it."""

    text: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    around: list[tuple[int, int]] = field(default_factory=list)
    at: int = 0
    heading: tuple[str, int] | None = None  # the last one
    row: bool = False  # whether the last line is a row of a table
    prefix: str = ""  # a number that the next text gets before it
    pieces: list[tuple[str, bool]] = field(default_factory=list)

    def put(self, text: str, around: bool) -> None:
        """Goes on with the line."""
        if self.prefix and text.strip():
            if not _OWN_NUMBER.match(text):
                self.pieces.append((self.prefix, around))
            self.prefix = ""
        self.pieces.append((text, around))

    def end(self, level: int = 0, exact: bool = False) -> None:
        """Ends the line, unless nothing is in it."""
        if not self.pieces:
            return
        written: list[str] = []
        spans: list[tuple[int, int]] = []
        at, gap = self.at, ""
        for text, around in self.pieces:
            begins = at
            for index, part in enumerate([text] if exact else _SPACE.split(text)):
                if index % 2:
                    gap = gap + part if at > self.at else ""
                elif part:
                    if gap and not ("\n" in gap and _joins(written[-1], part)):
                        written.append(" ")
                        at += 1
                    gap = ""
                    written.append(part)
                    at += len(part)
            if around and at > begins:
                spans.append((begins, at))
        self.pieces = []
        line = "".join(written)
        if line.strip() or (exact and self.text):
            self._add(line, level, spans)

    def _add(self, line: str, level: int, spans: list[tuple[int, int]]) -> None:
        whole = bool(line.strip()) and sum(b - a for a, b in spans) >= len(line.rstrip())
        if whole:
            spans = [(self.at, self.at + len(line) + 1)]
        for start, end in spans:
            if self.around and self.around[-1][1] >= start:
                start = self.around.pop()[0]
            self.around.append((start, end))
        if level and not whole and len(line) <= _LONGEST_HEADING:
            self.marks.append(Mark(level, self.at, self.at + len(line)))
            self.heading = (line, level)
        if not whole:
            self.row = line.startswith("|")
        self.text.append(line)
        self.at += len(line) + 1

    def table(self, lines: Iterator[str], around: bool, name: str) -> None:
        """Adds a table; one directly below another has its heading once more between them."""
        self.prefix = ""
        row = self.row
        for line in lines:
            # In a page a caption is no heading, below which all that follows would stand.
            line = line.removeprefix("## ")
            if line.startswith("|") and row and not around:
                heading, level = self.heading or (name, 1)
                self.put(heading, False)
                self.end(level)
            row = False
            self.put(line, around)
            self.end()

    def loaded(self, format: str, encoding: str | None, title: str | None) -> LoadedFile:
        """The lines as one text."""
        text = "\n".join(self.text)
        around = tuple((a, min(b, len(text))) for a, b in self.around)
        return LoadedFile(text, format, encoding, title, marks=tuple(self.marks), around=around)


def _joins(before: str, after: str) -> bool:
    return bool(_WIDE.match(before[-1]) and _WIDE.match(after[0]))
