"""Lines that look like an outline and are none: a table of contents, and code between fences."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from indexer.text.patterns import before_leader

_CONTENTS_HEADING = re.compile(
    r"#{0,6}\s*(?:目\s*[录次]|(?:table of )?contents)\s*:?", re.IGNORECASE
)
_PAGE_NUMBER = re.compile(r"\s+\d{1,4}$")
# Marks of a heading or an item before the words.
_MARK_BEFORE = re.compile(r"^(?:#{1,6}|[-*+•·●▪])\s+")
# Left out of titles when they are compared.
_IGNORED = re.compile(r"[\s.、,:]+")
# An entry is a title: it has no end of a sentence, and at most so many characters (a long heading
# and a page number).
_SENTENCE_END = re.compile(r"[。;!?]")
_MAX_ENTRY = 60
# The report begins where one of the first entries comes again: the very first may be missing there.
_FIRST_ENTRIES = 3
_DIAGRAM = re.compile(r"mermaid\b", re.IGNORECASE)
_FENCE = re.compile(r"(`{3,}|~~~(?!~))(.*)")


def find_contents_lines(lines: Sequence[str], marked: Container[int]) -> frozenset[int]:
    """Return the indices of the lines of a table of contents, its own heading included.

    Args:
        lines: folded, without space around them.
        marked: indices of lines that the file's format calls headings.

    >>> lines = ["目录", "一、前言", "二、结论", "一、前言", "甲。", "二、结论"]
    >>> sorted(find_contents_lines(lines, ()))
    [0, 1, 2]
    """
    last: dict[str, int] = {_key(line): index for index, line in enumerate(lines) if line}
    found: set[int] = set()
    for index, line in enumerate(lines):
        # `1.1 背景 3` is an entry if `1.1 背景` comes later; an entry with leaders always is one.
        if before_leader(line) is not None or _recurs_without_page(line, last, index):
            found.add(index)
        elif _CONTENTS_HEADING.fullmatch(line):
            found |= _find_block(lines, last, marked, index)
    return frozenset(found)


def _find_block(
    lines: Sequence[str], last: dict[str, int], marked: Container[int], opening: int
) -> set[int]:
    """Return the lines from the heading 目录 to the start of the report.

    The set is empty if fewer than half of the titles come again below: then it is a chapter.

    Args:
        last: for each line's key, the index of the last line that has it.
        opening: index of the heading.
    """
    entries: list[int] = []
    for index in range(opening + 1, len(lines)):
        line = lines[index]
        if not line:
            continue
        if index in marked or line.startswith("#") or _CONTENTS_HEADING.fullmatch(line):
            break
        words = before_leader(line) or line
        if len(words) > _MAX_ENTRY or _SENTENCE_END.search(words):
            break
        entries.append(index)
    titles = [_title_key(lines[index]) for index in entries]
    recurring = [_recurs(lines[index], last, index) for index in entries]
    size = max((at + 1 for at, recurs in enumerate(recurring) if recurs), default=0)
    for at, title in enumerate(titles[:_FIRST_ENTRIES]):
        if title in titles[at + 1 :]:
            size = titles.index(title, at + 1) - at
            break
    if not size or sum(recurring[:size]) * 2 < size:
        return set()
    return {opening, *entries[:size]}


def _recurs(line: str, last: dict[str, int], index: int) -> bool:
    """Whether an entry's title comes again below, or the entry has leaders and needs no proof."""
    if before_leader(line) is not None:
        return True
    return last[_key(line)] > index or _recurs_without_page(line, last, index)


def _recurs_without_page(line: str, last: dict[str, int], index: int) -> bool:
    """Whether a line ends in a page number and its words without the number come again below."""
    if len(line) > _MAX_ENTRY or not _PAGE_NUMBER.search(line):
        return False
    return last.get(_title_key(line), -1) > index


def _title_key(line: str) -> str:
    """Return the key of an entry without its page number, which may be a year of the title."""
    words = before_leader(line)
    return _key(_PAGE_NUMBER.sub("", line[:_MAX_ENTRY]) if words is None else words)


def _key(line: str) -> str:
    """Return the words by which titles are compared: no marks of lists or headings, no points."""
    return _IGNORED.sub("", _MARK_BEFORE.sub("", line)).lower()


def find_fenced_lines(lines: Sequence[str]) -> frozenset[int]:
    """Return the indices of Markdown code between fences, the lines of the fences included.

    A fence that is never closed is an ordinary line: reports draw rules with such marks.

    >>> sorted(find_fenced_lines(["甲", "```sh", "# 乙", "```", "# 丙"]))
    [1, 2, 3]
    """
    return frozenset(i for lines_of, _ in _find_fences(lines) for i in lines_of)


def find_diagram_lines(lines: Sequence[str]) -> frozenset[int]:
    """Return the indices of the lines that draw a diagram: their words are no sentences.

    >>> sorted(find_diagram_lines(["```mermaid", "pie", "```", "```sh", "ls", "```"]))
    [0, 1, 2]
    """
    fences = _find_fences(lines)
    return frozenset(i for lines_of, info in fences if _DIAGRAM.match(info) for i in lines_of)


def _find_fences(lines: Sequence[str]) -> list[tuple[range, str]]:
    """Return the lines of each fenced code, and what stands behind its first fence."""
    found: list[tuple[range, str]] = []
    opened: tuple[int, str, str] | None = None  # index, marks and info of the open fence
    for index, line in enumerate(lines):
        match = _FENCE.fullmatch(line)
        if not match:
            continue
        marks, info = match.groups()
        if opened is None:
            # ```code``` on one line opens nothing.
            opened = None if "`" in info else (index, marks, info.strip())
        elif marks.startswith(opened[1]) and not info.strip():
            found.append((range(opened[0], index + 1), opened[2]))
            opened = None
    return found
