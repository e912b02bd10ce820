"""Parse the source of a web page into a tree of elements, in one pass and without recursion.

The parser reports each tag and text as it reads it, so that the limits on the depth and number of
elements apply before memory is spent: libxml2 itself has no limit, and reads 100,000 nested tags in
0.1 s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from indexer.config import Limits, beyond_limit
from indexer.errors import YinjuError
from indexer.messages import message

# Elements that a browser never shows as text of the page, or only where scripts are off.
_HIDDEN_TAGS = frozenset(
    "script style noscript template svg iframe object embed video audio canvas map textarea"
    " datalist rp annotation annotation-xml noframes input meta link base".split()
)
# Inline elements that say nothing about their text; their text is added to their parent.
_INLINE_TAGS = frozenset(
    "b strong i em font span u s strike del ins small big code tt kbd samp var cite dfn abbr q mark"
    " time label nobr wbr bdi bdo acronym data output rb rbc tbody thead tfoot colgroup img".split()
)
_USED_ATTRIBUTES = frozenset(
    "id class role itemprop type start value reversed colspan rowspan href style"
    " aria-hidden".split()
)
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.I)
_MAX_ATTRIBUTE = 300
_CHUNK = 1 << 16


@dataclass(slots=True, eq=False)
class Element:
    """An element of a page. `mark_boilerplate` sets the fields from `boilerplate` on."""

    tag: str
    parent: Element | None
    attributes: Mapping[str, str]
    children: list[Element | str] = field(default_factory=list)
    """Elements and texts, in order."""
    hidden: bool = False
    """Its own attributes say that it is not shown."""
    boilerplate: bool = False
    """It is no part of the report."""
    keep: bool = False
    """It is a part of the report although it stands in boilerplate."""
    chars: int = 0
    """How many characters it contains, without white space."""
    link_chars: int = 0
    """How many of `chars` are in links."""
    link_count: int = 0
    """How many links it contains."""
    inner_links: int = 0
    """How many of them lead to the page itself."""
    text_weight: int = 0
    """How many of `chars` are running text outside of links, or in table cells."""
    descendants: int = 0
    """How many elements it contains."""
    has_data_table: bool = False
    """It contains a table with a header or a caption."""
    in_data_table: bool = False
    """It stands in such a table, or is one."""
    has_structure: bool = False
    """It contains a table or a heading."""


@dataclass(frozen=True, slots=True)
class PageTree:
    """The elements and metadata of a page."""

    elements: list[Element]
    """All elements in the order of their start tags; the first is the root."""
    title: str
    """The text of <title>."""
    properties: Mapping[str, str]
    """The content of each <meta>, by its name in lower case, as og:title."""


def parse_page(text: str, path: Path, limits: Limits) -> PageTree:
    """Parse a page's source.

    Raises:
        YinjuError: it has more elements, or more deeply nested ones, than the limits allow.
    """
    from lxml import etree

    count = text.count("<") - text.count("</")
    if count > limits.cells:
        raise beyond_limit(path, "cells", message("size.tags", count=count), limits.cells)
    target = _Target(path, limits)
    if not text.strip():
        return PageTree(target.elements, "", {})
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    try:
        for start in range(0, len(text), _CHUNK):
            parser.feed(text[start : start + _CHUNK].encode("utf-8", "replace"))
        parser.close()
    except (etree.LxmlError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise YinjuError("file.bad_html", path=path, reason=reason) from error
    return PageTree(target.elements, "".join(target.title), target.properties)


class _Target:
    """Build the tree from the parser's events."""

    def __init__(self, path: Path, limits: Limits) -> None:
        root = Element("body", None, {})
        self.elements = [root]
        self.title: list[str] = []
        self.properties: dict[str, str] = {}
        self._path = path
        self._limits = limits
        # For an inline element, the stack holds the element that takes its text.
        self._stack = [root]
        self._hidden_depth = 0  # how many elements are open from the first hidden one on
        self._in_title = False
        self._has_title = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        if len(self._stack) + self._hidden_depth > self._limits.depth:
            most = self._limits.depth
            raise beyond_limit(self._path, "depth", message("size.depth", count=most), most)
        if self._hidden_depth or tag in _HIDDEN_TAGS:
            self._hidden_depth += 1
            if tag == "meta":
                name = attributes.get("property") or attributes.get("name") or ""
                content = attributes.get("content") or ""
                self.properties.setdefault(name.lower(), content[:_MAX_ATTRIBUTE])
            return
        if tag == "title":
            self._in_title, self._hidden_depth = not self._has_title, 1
            self._has_title = True
            return
        hidden = ("hidden" in attributes and attributes["hidden"] != "until-found") or bool(
            _DISPLAY_NONE.search((attributes.get("style") or "")[:_MAX_ATTRIBUTE])
        )
        if attributes.get("aria-hidden") == "true" and (tag in _INLINE_TAGS or tag == "a"):
            hidden = True  # an icon, or a second form of a formula
        parent = self._stack[-1]
        if tag in _INLINE_TAGS and not hidden:
            self._stack.append(parent)
            return
        used = {
            name: (value or "")[:_MAX_ATTRIBUTE]
            for name, value in attributes.items()
            if name in _USED_ATTRIBUTES
        }
        element = Element(tag, parent, used, hidden=hidden)
        parent.children.append(element)
        self.elements.append(element)
        self._stack.append(element)

    def end(self, tag: str) -> None:
        """Close an element."""
        if self._hidden_depth:
            self._hidden_depth -= 1
            self._in_title = self._in_title and self._hidden_depth > 0
        elif len(self._stack) > 1:
            self._stack.pop()

    def data(self, text: str) -> None:
        """Add a text, or a part of one."""
        if self._in_title:
            self.title.append(text)
        elif not self._hidden_depth:
            self._stack[-1].children.append(text)

    def comment(self, text: str) -> None:
        """Ignore a comment."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Ignore a processing instruction, as the declaration of XHTML."""

    def close(self) -> None:
        """End the source; nothing is left to do."""
