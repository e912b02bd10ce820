"""Clean text to a tree of headings and list items.

A line's level is not read off its numbering alone, since reports number as they like: the styles
of the headings above it are kept on a stack, a style seen before goes back to its place and a new
one opens a level below. Dotted numbers say themselves what they stand under. What the format names
(`#`, Word styles, `<h2>`) comes first.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from indexer.text.fold import fold_chars
from indexer.text.patterns import QUANTITY

from .numbering import BARE, DOTTED, HAN, Path, is_title, numbered_lines
from .table_of_contents import contents_lines, fenced_lines

_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("markdown", re.compile(r"(?P<number>#{1,6})\s+(?P<title>\S.*)")),
    ("chapter", re.compile(rf"(?P<number>第[{HAN}\d]+[章篇部])[\s::、]*(?P<title>.*)")),
    ("section", re.compile(rf"(?P<number>第[{HAN}\d]+节)[\s::、]*(?P<title>.*)")),
    ("han", re.compile(rf"(?P<number>[{HAN}]+、)\s*(?P<title>\S.*)")),
    ("han-paren", re.compile(rf"(?P<number>\([{HAN}]+\))[\s、]*(?P<title>\S.*)")),
    ("arabic", re.compile(r"(?P<number>\d{1,3}[.、])\s*(?P<title>(?!\d)\S.*)")),
    # `5.5G技术` is item 5 where item 4 came before, and a number anywhere else.
    ("arabic-next", re.compile(r"(?P<number>\d{1,3}[.、])(?P<title>\d+[a-zA-Z\u3400-\u9fff].*)")),
    ("arabic-paren", re.compile(r"(?P<number>\(\d{1,2}\))[\s、]*(?P<title>\S.*)")),
    ("arabic-close", re.compile(r"(?P<number>\d{1,2}\))[\s、]*(?P<title>\S.*)")),
    ("circled", re.compile(r"(?P<number>[①-⑳])\s*(?P<title>\S.*)")),
    ("bullet", re.compile(r"(?P<number>[-*+•·●▪])\s+(?P<title>\S.*)")),
)
# Numbered lines of these styles may be whole paragraphs: items of a list rather than headings.
_ITEM_STYLES = frozenset(
    {"arabic", "arabic-paren", "arabic-close", "circled", "bullet", "han-paren", "han"}
)
# `1.质量监控:建立质量` is an item even where it breaks off before a full stop.
_LABELLED = frozenset({"arabic", "arabic-paren", "arabic-close", "circled"})
# What an item is called: the words before its colon, or its first clause.
_LABEL = re.compile(r"^(?P<label>[^:。;!?]{1,40}?)(?:[:。;!?]|——|$)")


@dataclass(frozen=True, slots=True)
class Node:
    """A heading or an item of a list.

    start, end: its own line in the clean text. title_start, title_end: its words without number;
    of an item, its label. close: where what stands under it ends. parent: index, or None.
    """

    kind: str  # "heading" or "item"
    style: str
    level: int
    number: str
    title: str
    start: int
    end: int
    title_start: int
    title_end: int
    close: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What a line is: offset and length are its title's; rank: the format's level, or 0.

    path: of a dotted number its parts, else empty.
    """

    kind: str
    style: str
    number: str
    offset: int
    length: int
    rank: int = 0
    path: Path = ()


def build_outline(text: str, marks: tuple[tuple[int, int, int], ...] = ()) -> tuple[Node, ...]:
    """Headings and items in order of the text.

    Args:
        text: clean text.
        marks: (start, end, level) of lines that the file's format calls headings.
    """
    levels = {start: level for start, _, level in marks}
    raw = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in raw)]
    lines = [line.strip() for line in fold_chars(text).split("\n")]
    marked = frozenset(index for index in range(len(lines)) if starts[index] in levels)
    skip = fenced_lines(lines) | contents_lines(lines, marked)
    paths = numbered_lines(lines, skip)
    drafts: list[Node] = []
    seen: list[_Found] = []
    stack: list[int] = []
    for index, line in enumerate(raw):
        if not lines[index] or index in skip:
            continue
        start, level = starts[index], levels.get(starts[index])
        found = _read_dotted(lines[index], paths.get(index), level)
        found = found or _read_line(lines[index], level, _next_number(drafts))
        if found is None:
            continue
        stack = _pop(stack, seen, found)
        title_start = start + len(line) - len(line.lstrip()) + found.offset
        title_end = title_start + found.length
        drafts.append(
            Node(
                found.kind,
                found.style,
                found.rank or len(stack) + 1,
                found.number,
                text[title_start:title_end],
                start,
                start + len(line),
                title_start,
                title_end,
                len(text),
                stack[-1] if stack else None,
            )
        )
        seen.append(found)
        stack.append(len(drafts) - 1)
    return _closed(drafts, text)


def _next_number(nodes: list[Node]) -> int | None:
    """The number that the list which is open at the end of `nodes` goes on with."""
    last = nodes[-1] if nodes else None
    return int(last.number[:-1]) + 1 if last is not None and last.style == "arabic" else None


def _read_dotted(line: str, path: Path | None, level: int | None) -> _Found | None:
    """A line whose number is dotted, or stands above dotted ones; what the format marks is one."""
    match = DOTTED.fullmatch(line) or (BARE.fullmatch(line) if path else None)
    if not match or not (path or level):
        return None
    path = path or tuple(map(int, match["number"].split(".")))
    title, offset = match["title"].rstrip(), match.start("title")
    # The numbers of one list differ in their last part only.
    style = ".".join(("dotted", *map(str, path[:-1])))
    if level is not None or is_title(title):
        return _Found("heading", style, match["number"], offset, len(title), level or 0, path)
    return _Found("item", style, match["number"], offset, _label_length(title), 0, path)


def _read_line(line: str, level: int | None, next_number: int | None) -> _Found | None:
    """A line of any other style, or None for running text."""
    for style, pattern in _STYLES:
        match = pattern.fullmatch(line)
        if not match or not match["title"]:
            continue
        title, offset = match["title"].rstrip(), match.start("title")
        number = match["number"]
        if style == "arabic-next":
            if next_number is None or int(number[:-1]) != next_number or _is_decimal(title):
                continue
            style = "arabic"
        if style == "markdown":
            length = len(title.rstrip("# "))
            return _Found("heading", style, number, offset, length, len(number))
        is_heading = level is not None or _is_heading(title, style)
        if is_heading and style != "bullet":
            return _Found("heading", style, number, offset, len(title), level or 0)
        if style in _ITEM_STYLES:
            return _Found("item", style, number, offset, _label_length(title))
    return _Found("heading", f"h{level}", "", 0, len(line), level) if level is not None else None


def _is_decimal(rest: str) -> bool:
    """Whether what stands behind `3.` is the rest of a decimal: 5亿元, and not 5G技术 or 2020年."""
    match = re.match(r"\d{1,2}(?!\d)", rest)
    return bool(match and rest[match.end()] != "G" and QUANTITY.match(rest, match.end()))


def _label_length(title: str) -> int:
    label = _LABEL.match(title)
    return len(label["label"] if label else title)


def _is_heading(title: str, style: str) -> bool:
    return is_title(title) and not (style in _LABELLED and ":" in title)


def _pop(stack: list[int], seen: list[_Found], new: _Found) -> list[int]:
    """The open headings above a new line: by the format's rank, by its number, or by its style."""
    if new.rank:
        return [i for i in stack if 0 < seen[i].rank < new.rank]
    if new.path:
        return _pop_dotted(stack, seen, new.path)
    for depth, index in enumerate(stack):
        if seen[index].style == new.style:
            return stack[:depth]
    return [i for i in stack if seen[i].kind == "heading" or seen[i].style != "bullet"]


def _pop_dotted(stack: list[int], seen: list[_Found], path: Path) -> list[int]:
    """1.1.1 stands under 1.1 and 1, and under chapters of other styles, never under an item."""
    kept: list[int] = []
    for index in stack:
        above = seen[index].path
        if above and path[: len(above)] == above and len(above) < len(path):
            kept.append(index)
        elif above:
            break
        elif seen[index].kind == "heading":
            kept.append(index)
    return kept


def _closed(nodes: list[Node], text: str) -> tuple[Node, ...]:
    """Sets where each node ends: at the next node that is not below it.

    A bare label (`1.政策支持` on its own line) holds the paragraphs behind it; an item that is a
    paragraph itself ends with its line, since what follows the last item is no part of it.
    """
    closes = [len(text)] * len(nodes)
    opened: list[int] = []  # the node before and all that it stands under
    for index, node in enumerate(nodes):
        while opened and opened[-1] != node.parent:
            closes[opened.pop()] = node.start
        opened.append(index)
    return tuple(
        replace(node, close=node.end if node.kind == "item" else close)
        for node, close in zip(nodes, closes, strict=True)
    )


def heading_path(nodes: tuple[Node, ...], position: int) -> tuple[int, ...]:
    """Indices of the headings that a position of the clean text stands under, outermost first."""
    at = bisect_right(nodes, position, key=lambda node: node.start) - 1
    path: list[int] = []
    index: int | None = at if at >= 0 else None
    while index is not None:
        if nodes[index].kind == "heading" and position < nodes[index].close:
            path.insert(0, index)
        index = nodes[index].parent
    return tuple(path)


def as_tree(nodes: tuple[Node, ...]) -> list[dict[str, Any]]:
    """The outline as nested objects, for JSON: number, title, kind, start, end, children."""
    made: list[dict[str, Any]] = []
    roots: list[dict[str, Any]] = []
    for node in nodes:
        entry: dict[str, Any] = {
            "kind": node.kind,
            "level": node.level,
            "number": node.number.strip("#"),
            "title": node.title,
            "start": node.start,
            "end": node.end,
            "children": [],
        }
        made.append(entry)
        (roots if node.parent is None else made[node.parent]["children"]).append(entry)
    return roots
