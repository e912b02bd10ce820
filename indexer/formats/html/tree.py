"""A web page's source to a tree of elements, in one pass and without recursion.

The parser reports tags and text as it meets them, so that depth and number of elements are bounded
before they cost anything: libxml2 itself has no bound, and reads 100,000 tags inside one another
in 0.1 s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from indexer.config import Limits, beyond_limit
from indexer.errors import YinjuError
from indexer.messages import message

# What a browser never shows as text of the page. What it shows only without scripts is such too.
_UNSHOWN = frozenset(
    "script style noscript template svg iframe object embed video audio canvas map textarea"
    " datalist rp annotation annotation-xml noframes input meta link base".split()
)
# Marks within a line that say nothing about what their text is; their text is their parent's.
_PLAIN = frozenset(
    "b strong i em font span u s strike del ins small big code tt kbd samp var cite dfn abbr q mark"
    " time label nobr wbr bdi bdo acronym data output rb rbc tbody thead tfoot colgroup img".split()
)
_KEPT_ATTRIBUTES = frozenset(
    "id class role itemprop type start value reversed colspan rowspan href style"
    " aria-hidden".split()
)
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.I)
_LONGEST_ATTRIBUTE = 300
_CHUNK = 1 << 16


@dataclass(slots=True, eq=False)
class Element:
    """An element: its children are elements and texts, in order.

    hidden: its own attributes say that it is not shown. around: it is no part of the report.
    kept: it is, though it stands in what is around. chars, linked: ink in it, and the part of it
    in links; links: how many; inward: of them to the page itself; weight: ink of running text and of cells; size: elements in it;
    data: a table with a header or a caption is in it, or around it (in_data); framed: any table or
    heading is in it.
    """

    tag: str
    parent: Element | None
    attributes: Mapping[str, str]
    children: list[Element | str] = field(default_factory=list)
    hidden: bool = False
    around: bool = False
    kept: bool = False
    chars: int = 0
    linked: int = 0
    links: int = 0
    inward: int = 0
    weight: int = 0
    size: int = 0
    data: bool = False
    in_data: bool = False
    framed: bool = False


@dataclass(frozen=True, slots=True)
class PageTree:
    """elements: all of a page in order of their beginnings, the first one above all others.

    title: what <title> says; properties: what <meta> says, by name, as og:title.
    """

    elements: list[Element]
    title: str
    properties: Mapping[str, str]


def parse_page(text: str, path: Path, limits: Limits) -> PageTree:
    """Reads a page's source.

    Raises:
        YinjuError: it has more elements, or more of them inside one another, than the limits.
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
    """Takes the parser's events."""

    def __init__(self, path: Path, limits: Limits) -> None:
        root = Element("body", None, {})
        self.elements = [root]
        self.title: list[str] = []
        self.properties: dict[str, str] = {}
        self._path = path
        self._limits = limits
        # A mark within a line stands on the stack as the element that takes its text.
        self._stack = [root]
        self._unshown = 0  # how many elements are open from the first that is not shown
        self._in_title = False
        self._titled = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if len(self._stack) + self._unshown > self._limits.depth:
            most = self._limits.depth
            raise beyond_limit(self._path, "depth", message("size.depth", count=most), most)
        if self._unshown or tag in _UNSHOWN:
            self._unshown += 1
            if tag == "meta":
                name = attributes.get("property") or attributes.get("name") or ""
                content = attributes.get("content") or ""
                self.properties.setdefault(name.lower(), content[:_LONGEST_ATTRIBUTE])
            return
        if tag == "title":
            self._in_title, self._unshown = not self._titled, 1
            self._titled = True
            return
        hidden = ("hidden" in attributes and attributes["hidden"] != "until-found") or bool(
            _DISPLAY_NONE.search((attributes.get("style") or "")[:_LONGEST_ATTRIBUTE])
        )
        if attributes.get("aria-hidden") == "true" and (tag in _PLAIN or tag == "a"):
            hidden = True  # an icon, or a formula once more
        above = self._stack[-1]
        if tag in _PLAIN and not hidden:
            self._stack.append(above)
            return
        kept = {
            name: (value or "")[:_LONGEST_ATTRIBUTE]
            for name, value in attributes.items()
            if name in _KEPT_ATTRIBUTES
        }
        element = Element(tag, above, kept, hidden=hidden)
        above.children.append(element)
        self.elements.append(element)
        self._stack.append(element)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._unshown:
            self._unshown -= 1
            self._in_title = self._in_title and self._unshown > 0
        elif len(self._stack) > 1:
            self._stack.pop()

    def data(self, text: str) -> None:
        """Text, or a part of it."""
        if self._in_title:
            self.title.append(text)
        elif not self._unshown:
            self._stack[-1].children.append(text)

    def comment(self, text: str) -> None:
        """A comment of the source is no text."""

    def pi(self, target: str, data: str | None = None) -> None:
        """As the declaration of XHTML."""

    def close(self) -> None:
        """The source ends."""
