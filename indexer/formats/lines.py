"""Collect text into lines, and record where each heading and each boilerplate span stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.document import Heading, LoadedFile

# A longer text is a paragraph in a heading's tag.
_MAX_HEADING = 120
_SPACE = re.compile(r"([ \t\n\r\f\v\xa0\u3000]+)")
_TYPED_NUMBER = re.compile(
    r"\s*(?:[(（]?(?:\d{1,3}|[一二三四五六七八九十]+)[.、)）．]|第[一二三四五六七八九十\d]+[章节条]|[•·●▪①-⑳]|[-–—]\s)"
)


# Between two of these characters, a line break of the source is no space.
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u201c\u201d\u3000-\u303f]")


@dataclass(slots=True)
class LineWriter:
    """Collects texts into lines, with white space as a browser shows it."""

    lines: list[str] = field(default_factory=list)
    """The finished lines."""
    headings: list[Heading] = field(default_factory=list)
    boilerplate: list[tuple[int, int]] = field(default_factory=list)
    """Spans of the text that are no part of the report."""
    length: int = 0
    """The length of the finished lines, with a line end behind each."""
    last_heading: tuple[str, int] | None = None
    """Its text and level."""
    after_row: bool = False
    """Whether the last line is a table row."""
    prefix: str = ""
    """An item's number, written before the next text."""
    pending: list[tuple[str, bool]] = field(default_factory=list)
    """The texts of the open line, each with whether it is boilerplate."""

    def add_text(self, text: str, boilerplate: bool) -> None:
        """Add a text to the open line. An item's number is left out if the text begins with one."""
        if self.prefix and text.strip():
            if not _TYPED_NUMBER.match(text):
                self.pending.append((self.prefix, boilerplate))
            self.prefix = ""
        self.pending.append((text, boilerplate))

    def end_line(self, level: int = 0, preformatted: bool = False) -> None:
        """End the open line, if it has any text.

        Args:
            level: the level of the heading that the line is; 0 for other lines.
            preformatted: keep white space and blank lines as they are.
        """
        if not self.pending:
            return
        written: list[str] = []
        spans: list[tuple[int, int]] = []
        at, gap = self.length, ""
        for text, boilerplate in self.pending:
            begins = at
            for index, part in enumerate([text] if preformatted else _SPACE.split(text)):
                if index % 2:
                    gap = gap + part if at > self.length else ""
                elif part:
                    if gap and not ("\n" in gap and _joins_without_space(written[-1], part)):
                        written.append(" ")
                        at += 1
                    gap = ""
                    written.append(part)
                    at += len(part)
            if boilerplate and at > begins:
                spans.append((begins, at))
        self.pending = []
        line = "".join(written)
        if line.strip() or (preformatted and self.lines):
            self._append(line, level, spans)

    def _append(self, line: str, level: int, spans: list[tuple[int, int]]) -> None:
        whole = bool(line.strip()) and sum(b - a for a, b in spans) >= len(line.rstrip())
        if whole:
            spans = [(self.length, self.length + len(line) + 1)]
        for start, end in spans:
            if self.boilerplate and self.boilerplate[-1][1] >= start:
                start = self.boilerplate.pop()[0]
            self.boilerplate.append((start, end))
        if level and not whole and len(line) <= _MAX_HEADING:
            self.headings.append(Heading(level, self.length, self.length + len(line)))
            self.last_heading = (line, level)
        if not whole:
            self.after_row = line.startswith("|")
        self.lines.append(line)
        self.length += len(line) + 1

    def add_table(self, lines: Iterator[str], boilerplate: bool, name: str) -> None:
        """Add a table. Directly below another table, first repeat the last heading.

        Args:
            lines: of the table, as `table.format_tables` yields them.
            boilerplate: whether the table is boilerplate.
            name: the heading to use if there was none yet.
        """
        self.prefix = ""
        after_row = self.after_row
        for line in lines:
            # A caption is no heading here: all that follows would stand below it.
            line = line.removeprefix("## ")
            if line.startswith("|") and after_row and not boilerplate:
                heading, level = self.last_heading or (name, 1)
                self.add_text(heading, False)
                self.end_line(level)
            after_row = False
            self.add_text(line, boilerplate)
            self.end_line()

    def to_loaded_file(self, format: str, encoding: str | None, title: str | None) -> LoadedFile:
        """Return the lines as one text."""
        text = "\n".join(self.lines)
        boilerplate = tuple((a, min(b, len(text))) for a, b in self.boilerplate)
        return LoadedFile(
            text, format, encoding, title, headings=tuple(self.headings), boilerplate=boilerplate
        )


def _joins_without_space(before: str, after: str) -> bool:
    return bool(_WIDE.match(before[-1]) and _WIDE.match(after[0]))
