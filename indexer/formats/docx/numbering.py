"""Numbers as they are displayed, and those that Word puts before paragraphs by itself.

A .docx file does not hold the 一、 or 1.1 of its headings but a list, a level and how the level
counts; citations and the outline need what a reader sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from indexer.formats.list_numbers import formatted

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
# Behind these no space is written: 一、前言 and （一）背景.
_CLOSED = "、）)。：】"


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list counts. text: as 第%1章. style: of the paragraphs that it numbers."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    style: str | None = None
    # The level above which starts this one anew; by default any, at 0 none.
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted, in order of its paragraphs."""

    levels: dict[str, list[Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    own: dict[str, dict[int, Level]] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, root: Any, style_lists: dict[str, str]) -> Numbering:
        """Reads numbering.xml.

        Args:
            root: its root element, or None.
            style_lists: style id: the list that a style of lists stands for.
        """
        made = cls()
        if root is None:
            return made
        linked: dict[str, str] = {}
        for abstract in root.iterchildren(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId") or ""
            link = _value(abstract, "numStyleLink")
            if link:
                linked[name] = link
            made.levels[name] = [Level()] * _LEVELS
            for level in abstract.iterchildren(f"{W}lvl"):
                at = _whole(level.get(f"{W}ilvl"), 0)
                if 0 <= at < _LEVELS:
                    made.levels[name][at] = _read_level(level)
        for number in root.iterchildren(f"{W}num"):
            made._read_list(number)
        for name, style in linked.items():
            other = made.lists.get(style_lists.get(style, ""))
            if other in made.levels and other not in linked:
                made.levels[name] = made.levels[other]
        return made

    def _read_list(self, number: Any) -> None:
        name = number.get(f"{W}numId") or ""
        self.lists[name] = _value(number, "abstractNumId") or ""
        for override in number.iterchildren(f"{W}lvlOverride"):
            at = _whole(override.get(f"{W}ilvl"), 0)
            start = _value(override, "startOverride")
            if start is not None:
                self.overrides.setdefault(name, {})[at] = _whole(start, 1)
            level = override.find(f"{W}lvl")
            if level is not None:
                self.own.setdefault(name, {})[at] = _read_level(level)

    def level_of(self, name: str, style: str | None) -> int | None:
        """The level of a list that numbers the paragraphs of a style."""
        levels = self.levels.get(self.lists.get(name, ""), [])
        return next((at for at, one in enumerate(levels) if style and one.style == style), None)

    def next(self, name: str, at: int) -> str:
        """Counts a paragraph, and gives what is displayed before its text, space included."""
        abstract = self.lists.get(name)
        if abstract is None or abstract not in self.levels or not 0 <= at < _LEVELS:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        overrides = self.overrides.get(name, {})
        if name not in self._begun:
            self._begun.add(name)
            for level in overrides:
                if 0 <= level < _LEVELS:
                    counts[level] = None
        levels = [self.own.get(name, {}).get(i, one) for i, one in enumerate(self.levels[abstract])]
        for level in range(at):
            if counts[level] is None:
                counts[level] = overrides.get(level, levels[level].start)
        current = counts[at]
        start = overrides.get(at, levels[at].start)
        counts[at] = start if current is None else current + 1
        for deeper in range(at + 1, _LEVELS):
            restart = levels[deeper].restart
            if restart is None or (restart and at < restart):
                counts[deeper] = None
        return _shown(levels, counts, at)


def _shown(levels: list[Level], counts: list[int | None], at: int) -> str:
    level = levels[at]
    if level.kind == "bullet":
        return "- "

    def number(match: re.Match[str]) -> str:
        of = int(match[1]) - 1
        kind = "decimal" if level.legal else levels[of].kind
        return formatted(counts[of] or levels[of].start, kind) if of <= at else ""

    told = _PLACEHOLDER.sub(number, level.text).strip()
    if not told:
        return ""
    return told if level.suffix == "nothing" or told[-1] in _CLOSED else f"{told} "


def _read_level(level: Any) -> Level:
    legal = level.find(f"{W}isLgl")
    restart = _value(level, "lvlRestart")
    return Level(
        start=_whole(_value(level, "start"), 0 if _value(level, "start") else 1),
        kind=_kind(level),
        text=_value(level, "lvlText") or "",
        suffix=_value(level, "suff") or "tab",
        style=_value(level, "pStyle"),
        restart=None if restart is None else _whole(restart, 0),
        legal=legal is not None and legal.get(f"{W}val") not in ("0", "false"),
    )


def _kind(level: Any) -> str:
    """The format; one that only newer versions know stands in a part for them."""
    found = level.find(f".//{W}numFmt")
    return (found.get(f"{W}val") if found is not None else None) or "decimal"


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    value: str | None = child.get(f"{W}val") if child is not None else None
    return value


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,9}", value) else default
