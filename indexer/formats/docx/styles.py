"""Resolve the styles of a Word file: which paragraphs are headings, list items or contents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .numbering import W

# Built-in names are English in the file, whatever the program's language; names in a converted file
# or of a style made by hand are not.
_HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*([1-9])(?!\d)", re.IGNORECASE)
_TITLE_NAMES = frozenset(("title", "标题", "標題", "文档标题"))
_CONTENTS_NAME = re.compile(
    r"(?:toc|contents|目录|目錄)\s*\d|toc heading|toc 标题|table of figures|图表目录|目录标题", re.I
)
_BODY_TEXT = 9  # the outline level of paragraphs that are no heading
_MAX_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says about its paragraphs."""

    level: int = 0
    """The level of a heading; 0 if it is none."""
    title: bool = False
    """They are the document's title."""
    contents: bool = False
    """They belong to a table of contents."""
    list: tuple[str, int] | None = None
    """Their list and its level: (numId, ilvl)."""
    list_owner: str | None = None
    """The id of the style that names the list: this one, or one that it is based on."""


class Styles:
    """The styles of a document, each resolved once together with the styles that it is based on."""

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
        """Return a style by its id; None stands for the default style."""
        if name not in self._known:
            self._known[name] = self._resolve(name if name is not None else self.default)
        return self._known[name]

    def lists(self) -> dict[str, str]:
        """Return the list that each list style stands for, by the style's id."""
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
        list_owner = None
        for style_id, style in self._base_chain(name):
            name_element = style.find(f"{W}name")
            style_name = (
                ((name_element.get(f"{W}val") if name_element is not None else "") or "")
                .strip()
                .lower()
            )
            match = _HEADING_NAME.match(style_name)
            if level is None:
                level = read_outline_level(style.find(f"{W}pPr"))
            if level is None and match:
                level = int(match[1])
            title = title or (style_name in _TITLE_NAMES and style_id == name)
            contents = contents or bool(_CONTENTS_NAME.match(style_name))
            if numbers is None:
                numbers = read_list(style.find(f"{W}pPr"))
                list_owner = style_id if numbers is not None else None
        return Style(level or 0, title, contents, numbers, list_owner)

    def _base_chain(self, name: str | None) -> list[tuple[str, Any]]:
        chain: list[tuple[str, Any]] = []
        while name in self._elements and len(chain) < _MAX_CHAIN:
            style = self._elements[name]
            chain.append((name, style))
            based = style.find(f"{W}basedOn")
            name = based.get(f"{W}val") if based is not None else None
        return chain


def read_outline_level(properties: Any) -> int | None:
    """Return the heading level that properties state; 0: no heading; None: not stated."""
    found = properties.find(f"{W}outlineLvl") if properties is not None else None
    value = found.get(f"{W}val") if found is not None else None
    if not value or not value.isdigit():
        return None
    return int(value) + 1 if int(value) < _BODY_TEXT else 0


def read_list(properties: Any) -> tuple[str, int] | None:
    """Return the (numId, ilvl) that properties state, or None; ilvl is -1 if it is not stated."""
    numbers = properties.find(f"{W}numPr") if properties is not None else None
    if numbers is None:
        return None
    name, level = numbers.find(f"{W}numId"), numbers.find(f"{W}ilvl")
    if name is None:
        return None
    at = (level.get(f"{W}val") or "") if level is not None else ""
    return name.get(f"{W}val") or "", int(at) if at.isdigit() else -1
