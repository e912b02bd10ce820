"""Compute the automatic numbers that Word displays before paragraphs.

A .docx file does not contain the 一、 or 1.1 of its headings, only a list, a level and the way that
the level counts. Citations and the outline need the numbers that a reader sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from indexer.formats.list_numbers import format_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
# No space follows a number that ends with one of these: 一、前言 and （一）背景.
_NO_SPACE_AFTER = "、）)。：】"


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list counts."""

    start: int = 1
    kind: str = "decimal"
    """The number format, by Word's name for it."""
    text: str = ""
    """The text around the number, as 第%1章."""
    suffix: str = "tab"
    """What follows the number: tab, space or nothing."""
    style: str | None = None
    """The style of the paragraphs that it numbers."""
    restart: int | None = None
    """The level (from 1) that restarts this one; None: any level above; 0: none."""
    legal: bool = False
    """Show all levels in plain digits."""


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted so far."""

    levels: dict[str, list[Level]] = field(default_factory=dict)
    """The levels of each abstract list, by its id."""
    lists: dict[str, str] = field(default_factory=dict)
    """The abstract list of each list, by id."""
    start_overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    """The starts of levels that a list states itself, by its id and the level."""
    level_overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    """The levels that a list states itself, by its id and the level."""
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    """The last number of each level of an abstract list."""
    _begun: set[str] = field(default_factory=set)
    """The lists that have numbered a paragraph."""

    @classmethod
    def read(cls, root: Any, style_lists: dict[str, str]) -> Numbering:
        """Read numbering.xml.

        Args:
            root: its root element, or None.
            style_lists: the list that a list style stands for, by the style's id.
        """
        numbering = cls()
        if root is None:
            return numbering
        linked: dict[str, str] = {}
        for abstract in root.iterchildren(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId") or ""
            link = _read_value(abstract, "numStyleLink")
            if link:
                linked[name] = link
            numbering.levels[name] = [Level()] * _LEVELS
            for level in abstract.iterchildren(f"{W}lvl"):
                at = _to_int(level.get(f"{W}ilvl"), 0)
                if 0 <= at < _LEVELS:
                    numbering.levels[name][at] = _read_level(level)
        for number in root.iterchildren(f"{W}num"):
            numbering._read_list(number)
        for name, style in linked.items():
            other = numbering.lists.get(style_lists.get(style, ""))
            if other in numbering.levels and other not in linked:
                numbering.levels[name] = numbering.levels[other]
        return numbering

    def _read_list(self, number: Any) -> None:
        name = number.get(f"{W}numId") or ""
        self.lists[name] = _read_value(number, "abstractNumId") or ""
        for override in number.iterchildren(f"{W}lvlOverride"):
            at = _to_int(override.get(f"{W}ilvl"), 0)
            start = _read_value(override, "startOverride")
            if start is not None:
                self.start_overrides.setdefault(name, {})[at] = _to_int(start, 1)
            level = override.find(f"{W}lvl")
            if level is not None:
                self.level_overrides.setdefault(name, {})[at] = _read_level(level)

    def find_level(self, name: str, style: str | None) -> int | None:
        """Return the level of a list that numbers the paragraphs of a style; None if none does."""
        levels = self.levels.get(self.lists.get(name, ""), [])
        return next((at for at, one in enumerate(levels) if style and one.style == style), None)

    def next(self, name: str, at: int) -> str:
        """Count a paragraph and return what Word displays before its text, with the space.

        Args:
            name: the id of the list.
            at: the level, from 0.
        """
        abstract = self.lists.get(name)
        if abstract is None or abstract not in self.levels or not 0 <= at < _LEVELS:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        start_overrides = self.start_overrides.get(name, {})
        if name not in self._begun:
            self._begun.add(name)
            for level in start_overrides:
                if 0 <= level < _LEVELS:
                    counts[level] = None
        levels = [
            self.level_overrides.get(name, {}).get(i, default)
            for i, default in enumerate(self.levels[abstract])
        ]
        for level in range(at):
            if counts[level] is None:
                counts[level] = start_overrides.get(level, levels[level].start)
        current = counts[at]
        start = start_overrides.get(at, levels[at].start)
        counts[at] = start if current is None else current + 1
        for deeper in range(at + 1, _LEVELS):
            restart = levels[deeper].restart
            if restart is None or (restart and at < restart):
                counts[deeper] = None
        return _format_number(levels, counts, at)


def _format_number(levels: list[Level], counts: list[int | None], at: int) -> str:
    level = levels[at]
    if level.kind == "bullet":
        return "- "

    def number(match: re.Match[str]) -> str:
        of = int(match[1]) - 1
        kind = "decimal" if level.legal else levels[of].kind
        return format_number(counts[of] or levels[of].start, kind) if of <= at else ""

    text = _PLACEHOLDER.sub(number, level.text).strip()
    if not text:
        return ""
    return text if level.suffix == "nothing" or text[-1] in _NO_SPACE_AFTER else f"{text} "


def _read_level(level: Any) -> Level:
    legal = level.find(f"{W}isLgl")
    restart = _read_value(level, "lvlRestart")
    return Level(
        start=_to_int(_read_value(level, "start"), 0 if _read_value(level, "start") else 1),
        kind=_read_kind(level),
        text=_read_value(level, "lvlText") or "",
        suffix=_read_value(level, "suff") or "tab",
        style=_read_value(level, "pStyle"),
        restart=None if restart is None else _to_int(restart, 0),
        legal=legal is not None and legal.get(f"{W}val") not in ("0", "false"),
    )


def _read_kind(level: Any) -> str:
    """Return the number format; a newer one stands in an element for newer versions of Word."""
    found = level.find(f".//{W}numFmt")
    return (found.get(f"{W}val") if found is not None else None) or "decimal"


def _read_value(element: Any, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    value: str | None = child.get(f"{W}val") if child is not None else None
    return value


def _to_int(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,9}", value) else default
