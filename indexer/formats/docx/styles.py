"""What a Word file's styles say of paragraphs: heading, list, table of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .numbering import W

# The built-in names are English in the file whatever the program's language, but not where a file
# was converted or a style was made by hand.
_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])(?!\d)", re.IGNORECASE)
_TITLES = frozenset(("title", "标题", "標題", "文档标题"))
_CONTENTS = re.compile(
    r"(?:toc|contents|目录|目錄)\s*\d|toc heading|toc 标题|table of figures|图表目录|目录标题", re.I
)
_BODY_TEXT = 9  # the outline level of what is no heading
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Style:
    """level: of a heading, or 0. list: (numId, ilvl) as the style says, or None.

    owner: the style of the chain that names the list.
    """

    level: int = 0
    title: bool = False
    contents: bool = False
    list: tuple[str, int] | None = None
    owner: str | None = None


class Styles:
    """The styles of a document, each resolved once over what it is based on."""

    def __init__(self, root: Any) -> None:
        self._elements: dict[str, Any] = {}
        self._known: dict[str | None, Style] = {}
        self.default: str | None = None
        for style in root.iterchildren(f"{W}style") if root is not None else ():
            name = style.get(f"{W}styleId") or ""
            self._elements[name] = style
            default = style.get(f"{W}default") in ("1", "true", "on")
            if default and style.get(f"{W}type") == "paragraph":
                self.default = name

    def __getitem__(self, name: str | None) -> Style:
        """A style by its id; None is the default one."""
        if name not in self._known:
            self._known[name] = self._resolve(name if name is not None else self.default)
        return self._known[name]

    def lists(self) -> dict[str, str]:
        """Style id: the list that it stands for."""
        found = {}
        for name, style in self._elements.items():
            number = style.find(f"{W}pPr/{W}numPr/{W}numId")
            if number is not None:
                found[name] = number.get(f"{W}val") or ""
        return found

    def _resolve(self, name: str | None) -> Style:
        level: int | None = None
        title = contents = False
        numbers: tuple[str, int] | None = None
        owner = None
        for style_id, style in self._chain(name):
            told = style.find(f"{W}name")
            words = ((told.get(f"{W}val") if told is not None else "") or "").strip().lower()
            match = _HEADING.match(words)
            if level is None:
                level = outline_level(style.find(f"{W}pPr"))
            if level is None and match:
                level = int(match[1])
            title = title or (words in _TITLES and style_id == name)
            contents = contents or bool(_CONTENTS.match(words))
            if numbers is None:
                numbers = list_of(style.find(f"{W}pPr"))
                owner = style_id if numbers is not None else None
        return Style(level or 0, title, contents, numbers, owner)

    def _chain(self, name: str | None) -> list[tuple[str, Any]]:
        chain: list[tuple[str, Any]] = []
        while name in self._elements and len(chain) < _LONGEST_CHAIN:
            style = self._elements[name]
            chain.append((name, style))
            based = style.find(f"{W}basedOn")
            name = based.get(f"{W}val") if based is not None else None
        return chain


def outline_level(properties: Any) -> int | None:
    """The level of a heading that a paragraph's properties state; 0: none; None: nothing said."""
    found = properties.find(f"{W}outlineLvl") if properties is not None else None
    value = found.get(f"{W}val") if found is not None else None
    if not value or not value.isdigit():
        return None
    return int(value) + 1 if int(value) < _BODY_TEXT else 0


def list_of(properties: Any) -> tuple[str, int] | None:
    """(numId, ilvl) that properties state; the level is -1 where they do not say it."""
    numbers = properties.find(f"{W}numPr") if properties is not None else None
    if numbers is None:
        return None
    name, level = numbers.find(f"{W}numId"), numbers.find(f"{W}ilvl")
    if name is None:
        return None
    at = (level.get(f"{W}val") or "") if level is not None else ""
    return name.get(f"{W}val") or "", int(at) if at.isdigit() else -1
