"""What looks like an outline and is none: a table of contents and code between fences."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from indexer.text.patterns import before_leader

_OPENING = re.compile(r"#{0,6}\s*(?:目\s*[录次]|(?:table of )?contents)\s*:?", re.IGNORECASE)
_PAGE = re.compile(r"\s+\d{1,4}$")
_BEFORE = re.compile(r"^(?:#{1,6}|[-*+•·●▪])\s+")
_BETWEEN = re.compile(r"[\s.、,:]+")
# An entry is a title: no sentence, and no longer than a long heading and a page number.
_SENTENCE = re.compile(r"[。;!?]")
_LONGEST = 60
# The report begins where an entry's title comes again; the first may be missing there.
_FIRST_ENTRIES = 3
_FENCE = re.compile(r"(`{3,}|~~~(?!~))(.*)")


def contents_lines(lines: Sequence[str], marked: Container[int]) -> frozenset[int]:
    """Indices of the lines that are a table of contents, its own heading included.

    Args:
        lines: folded, without space around them.
        marked: indices of lines that the file's format calls headings.

    >>> sorted(contents_lines(["目录", "一、前言", "二、结论", "一、前言", "甲。", "二、结论"], ()))
    [0, 1, 2]
    """
    last: dict[str, int] = {_key(line): index for index, line in enumerate(lines) if line}
    found: set[int] = set()
    for index, line in enumerate(lines):
        # `1.1 背景 3` is an entry where the report has `1.1 背景`; what has leaders always is.
        if before_leader(line) is not None or _recurs_without_page(line, last, index):
            found.add(index)
        elif _OPENING.fullmatch(line):
            found |= _block(lines, last, marked, index)
    return frozenset(found)


def _block(
    lines: Sequence[str], last: dict[str, int], marked: Container[int], opening: int
) -> set[int]:
    """The lines from 目录 to where the report begins; none if its titles do not come again."""
    run: list[int] = []
    for index in range(opening + 1, len(lines)):
        line = lines[index]
        if not line:
            continue
        if index in marked or line.startswith("#") or _OPENING.fullmatch(line):
            break
        words = before_leader(line) or line
        if len(words) > _LONGEST or _SENTENCE.search(words):
            break
        run.append(index)
    titles = [_title_key(lines[index]) for index in run]
    again = [_recurs(lines[index], last, index) for index in run]
    size = max((at + 1 for at, comes in enumerate(again) if comes), default=0)
    for at, title in enumerate(titles[:_FIRST_ENTRIES]):
        if title in titles[at + 1 :]:
            size = titles.index(title, at + 1) - at
            break
    if not size or sum(again[:size]) * 2 < size:
        return set()
    return {opening, *run[:size]}


def _recurs(line: str, last: dict[str, int], index: int) -> bool:
    if before_leader(line) is not None:
        return True
    return last[_key(line)] > index or _recurs_without_page(line, last, index)


def _recurs_without_page(line: str, last: dict[str, int], index: int) -> bool:
    if len(line) > _LONGEST or not _PAGE.search(line):
        return False
    return last.get(_title_key(line), -1) > index


def _title_key(line: str) -> str:
    """An entry's words without its page number, which may be a year that the title ends with."""
    words = before_leader(line)
    return _key(_PAGE.sub("", line[:_LONGEST]) if words is None else words)


def _key(line: str) -> str:
    """A title as it is compared: without marks of lists and headings, space and points."""
    return _BETWEEN.sub("", _BEFORE.sub("", line)).lower()


def fenced_lines(lines: Sequence[str]) -> frozenset[int]:
    """Indices of the lines of Markdown code between fences, the fences included.

    A fence that is never closed is taken for a line of its own: reports draw rules with such marks.

    >>> sorted(fenced_lines(["甲", "```sh", "# 乙", "```", "# 丙"]))
    [1, 2, 3]
    """
    found: set[int] = set()
    opened: tuple[int, str] | None = None
    for index, line in enumerate(lines):
        match = _FENCE.fullmatch(line)
        if not match:
            continue
        marks, info = match.groups()
        if opened is None:
            # ```code``` in one line opens nothing.
            opened = None if "`" in info else (index, marks)
        elif marks.startswith(opened[1]) and not info.strip():
            found.update(range(opened[0], index + 1))
            opened = None
    return frozenset(found)
