"""Clean text to a tree of headings and list items.

A line's level is not read off its numbering alone, since reports number as they like: the styles
of the headings above it are kept on a stack, a style seen before goes back to its place and a new
one opens a level below. What the format names (`#`, Word styles, `<h2>`) comes first.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Any

from .fold import fold_chars

_HAN = "一二三四五六七八九十百零"
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("markdown", re.compile(r"(?P<number>#{1,6})\s+(?P<title>\S.*)")),
    ("chapter", re.compile(rf"(?P<number>第[{_HAN}\d]+[章篇部])[\s::、]*(?P<title>.*)")),
    ("section", re.compile(rf"(?P<number>第[{_HAN}\d]+节)[\s::、]*(?P<title>.*)")),
    ("han", re.compile(rf"(?P<number>[{_HAN}]+、)\s*(?P<title>\S.*)")),
    ("han-paren", re.compile(rf"(?P<number>\([{_HAN}]+\))[\s、]*(?P<title>\S.*)")),
    (
        "dotted",
        re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})+)\.?(?:\s+|(?=[^\d\s.%]))(?P<title>\S.*)"),
    ),
    ("arabic", re.compile(r"(?P<number>\d{1,3}[.、])\s*(?P<title>(?!\d)\S.*)")),
    # `5.5G技术` is item 5 where item 4 came before, and a number anywhere else.
    ("arabic-next", re.compile(r"(?P<number>\d{1,3}[.、])(?P<title>\d+[a-zA-Z\u3400-\u9fff].*)")),
    ("arabic-paren", re.compile(r"(?P<number>\(?\d{1,2}\))[\s、]*(?P<title>\S.*)")),
    ("circled", re.compile(r"(?P<number>[①-⑳])\s*(?P<title>\S.*)")),
    ("bullet", re.compile(r"(?P<number>[-*+•·●▪])\s+(?P<title>\S.*)")),
)
# Numbered lines of these styles may be whole paragraphs: items of a list rather than headings.
_ITEM_STYLES = frozenset({"arabic", "arabic-paren", "circled", "bullet", "han-paren", "han"})
# `1.质量监控:建立质量` is an item even where it breaks off before a full stop.
_LABELLED = frozenset({"arabic", "arabic-paren", "circled"})
# A heading is short and is no sentence; the seed report's longest has 13 characters, and chapter
# titles of public reports that we looked at stay below 40.
_MAX_HEADING = 40
_SENTENCE = re.compile(r"[。;!?…]|[,:]$")
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


def build_outline(text: str, marks: tuple[tuple[int, int, int], ...] = ()) -> tuple[Node, ...]:
    """Headings and items in order of the text.

    Args:
        text: clean text.
        marks: (start, end, level) of lines that the file's format calls headings.
    """
    levels = {start: level for start, _, level in marks}
    folded = fold_chars(text)
    drafts: list[Node] = []
    stack: list[int] = []
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        stripped = folded[start : start + len(line)].strip()
        if not stripped:
            continue
        lead = len(line) - len(line.lstrip())
        found = _read_line(stripped, levels.get(start), _next_number(drafts))
        if found is None:
            continue
        kind, style, number, offset, length, rank = found
        stack = _pop(stack, drafts, style, rank)
        title_start = start + lead + offset
        drafts.append(
            Node(
                kind,
                style,
                rank or len(stack) + 1,
                number,
                text[title_start : title_start + length],
                start,
                start + len(line),
                title_start,
                title_start + length,
                len(text),
                stack[-1] if stack else None,
            )
        )
        stack.append(len(drafts) - 1)
    return _closed(drafts, text)


def _next_number(nodes: list[Node]) -> int | None:
    """The number that the list which is open at the end of `nodes` goes on with."""
    last = nodes[-1] if nodes else None
    return int(last.number[:-1]) + 1 if last is not None and last.style == "arabic" else None


def _read_line(
    line: str, level: int | None, next_number: int | None
) -> tuple[str, str, str, int, int, int] | None:
    """(kind, style, number, title offset, title length, rank or 0), or None for running text."""
    for style, pattern in _STYLES:
        match = pattern.fullmatch(line)
        if not match or not match["title"]:
            continue
        title, offset = match["title"].rstrip(), match.start("title")
        if style == "arabic-next":
            if next_number is None or int(match["number"][:-1]) != next_number:
                continue
            style = "arabic"
        if style == "markdown":
            return (
                "heading",
                style,
                match["number"],
                offset,
                len(title.rstrip("# ")),
                len(match["number"]),
            )
        is_heading = level is not None or _is_heading(title, style)
        if is_heading and style != "bullet":
            return "heading", style, match["number"], offset, len(title), level or 0
        if style in _ITEM_STYLES:
            label = _LABEL.match(title)
            return (
                "item",
                style,
                match["number"],
                offset,
                len(label["label"] if label else title),
                0,
            )
    return ("heading", f"h{level}", "", 0, len(line), level) if level is not None else None


def _is_heading(title: str, style: str) -> bool:
    if style in _LABELLED and ":" in title:
        return False
    return len(title) <= _MAX_HEADING and not _SENTENCE.search(title)


def _pop(stack: list[int], nodes: list[Node], style: str, rank: int) -> list[int]:
    """The open headings above a new line of this style (and of this rank, if its format says)."""
    if rank:
        return [i for i in stack if 0 < _rank(nodes[i]) < rank]
    for depth, index in enumerate(stack):
        if nodes[index].style == style:
            return stack[:depth]
    return [i for i in stack if nodes[i].kind == "heading" or nodes[i].style != "bullet"]


def _rank(node: Node) -> int:
    ranked = node.style == "markdown" or (node.style.startswith("h") and node.style[1:].isdigit())
    return node.level if ranked else 0


def _closed(nodes: list[Node], text: str) -> tuple[Node, ...]:
    """Sets where each node ends: at the next node that is not below it.

    A bare label (`1.政策支持` on its own line) holds the paragraphs behind it; an item that is a
    paragraph itself ends with its line, since what follows the last item is no part of it.
    """
    closed = []
    for index, node in enumerate(nodes):
        if node.kind == "item":
            close = node.end
        else:
            after = (
                n.start
                for i, n in enumerate(nodes[index + 1 :], index + 1)
                if not _is_below(nodes, i, index)
            )
            close = next(after, len(text))
        closed.append(replace(node, close=close))
    return tuple(closed)


def _is_below(nodes: list[Node], index: int, ancestor: int) -> bool:
    parent = nodes[index].parent
    while parent is not None and parent > ancestor:
        parent = nodes[parent].parent
    return parent == ancestor


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
