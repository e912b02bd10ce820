"""Clean text to an outline: a tree of headings and list items.

The numbering of a line does not give its level alone, since reports number as they like. So the
numbering styles of the open headings are kept on a stack: a style that is on the stack goes back
to its level, and a new style opens a level below. A dotted number (1.2.3) names its own parents.
A level that the file's format gives (`#`, Word styles, `<h2>`) goes before all of these.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from indexer.text.fold import fold_chars
from indexer.text.quantities import QUANTITY

from .numbering import BARE, DOTTED, NUMERALS, Path, is_title, numbered_lines
from .table_of_contents import find_contents_lines, find_fenced_lines

# Numbering styles, the first that matches a folded line wins.
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("markdown", re.compile(r"(?P<number>#{1,6})\s+(?P<title>\S.*)")),
    ("chapter", re.compile(rf"(?P<number>第[{NUMERALS}\d]+[章篇部])[\s::、]*(?P<title>.*)")),
    ("section", re.compile(rf"(?P<number>第[{NUMERALS}\d]+节)[\s::、]*(?P<title>.*)")),
    ("article", re.compile(rf"(?P<number>第[{NUMERALS}\d]+条)(?:[\s::、]+(?P<title>\S.*))")),
    ("han", re.compile(rf"(?P<number>[{NUMERALS}]+、)\s*(?P<title>\S.*)")),
    ("han-paren", re.compile(rf"(?P<number>\([{NUMERALS}]+\))[\s、]*(?P<title>\S.*)")),
    ("arabic", re.compile(r"(?P<number>\d{1,3}[.、])\s*(?P<title>(?!\d)\S.*)")),
    # `5.5G技术` is item 5 if item 4 comes before it; elsewhere 5.5 is a number.
    ("arabic-next", re.compile(r"(?P<number>\d{1,3}[.、])(?P<title>\d+[a-zA-Z\u3400-\u9fff].*)")),
    ("arabic-paren", re.compile(r"(?P<number>\(\d{1,2}\))[\s、]*(?P<title>\S.*)")),
    ("arabic-close", re.compile(r"(?P<number>\d{1,2}\))[\s、]*(?P<title>\S.*)")),
    ("letter-paren", re.compile(r"(?P<number>\([a-zA-Z]\))\s*(?P<title>\S.*)")),
    ("letter-close", re.compile(r"(?P<number>[a-zA-Z]\))\s*(?P<title>\S.*)")),
    ("letter", re.compile(r"(?P<number>[A-Z][.、])\s*(?P<title>[\u3400-\u9fff“「《].*)")),
    ("circled", re.compile(r"(?P<number>[①-⑳])\s*(?P<title>\S.*)")),
    ("bullet", re.compile(r"(?P<number>[-*+•·●▪])\s+(?P<title>\S.*)")),
)
# Numbered lines of these styles may be whole paragraphs: then they are list items, not headings.
_ITEM_STYLES = frozenset(
    {"arabic", "arabic-paren", "arabic-close", "circled", "bullet", "han-paren", "han"}
    | {"letter-paren", "letter-close", "letter", "article"}
)
# Lines of these styles are items, however short, unless the file's format calls them headings.
_NEVER_HEADING = frozenset({"bullet", "letter-paren", "letter-close", "letter", "article"})
# In these styles a title with a colon is an item: `1.质量监控:建立质量` is one even if the line
# breaks off before its full stop.
_LABELLED_STYLES = frozenset({"arabic", "arabic-paren", "arabic-close", "circled"})
# The label of an item: the words before its colon, or its first clause.
_LABEL = re.compile(r"^(?P<label>[^:。;!?]{1,40}?)(?:[:。;!?]|——|$)")


@dataclass(frozen=True, slots=True)
class Node:
    """A heading or a list item. All offsets are offsets of the clean text."""

    kind: str
    """heading or item."""
    style: str
    """A name of `_STYLES`; dotted and the parent's number (dotted.1.2); or h1, h2 ... for a heading
    that only the file's format names."""
    level: int
    """Depth in the outline, from 1, or the level that the file's format gives."""
    number: str
    """The number as it is written, such as "(一)"; empty if the line has none."""
    title: str
    """The words of a heading without its number; the label of an item."""
    start: int
    """Start of the node's own line."""
    end: int
    """End of the node's own line."""
    title_start: int
    title_end: int
    close: int
    """End of all text that belongs to the node."""
    parent: int | None
    """Index of the node above, or None."""


@dataclass(frozen=True, slots=True)
class _OutlineLine:
    """A line that is a heading or an item, before it has a place in the outline."""

    kind: str
    """heading or item."""
    style: str
    number: str
    title_offset: int
    """Start of the title, in characters from the start of the stripped line."""
    title_length: int
    rank: int = 0
    """The level that the file's format gives, or 0."""
    path: Path = ()
    """The components of a dotted number; empty for any other style."""
    indent: int = 0
    """The spaces before a bullet: one that is indented further stands below the one before."""


def build_outline(text: str, marks: tuple[tuple[int, int, int], ...] = ()) -> tuple[Node, ...]:
    """Find the headings and list items of a text, in the order of the text.

    Args:
        text: clean text.
        marks: (start, end, level) of lines that the file's format calls headings.
    """
    levels = {start: level for start, _, level in marks}
    raw_lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in raw_lines)]
    lines = [line.strip() for line in fold_chars(text).split("\n")]
    marked = frozenset(index for index in range(len(lines)) if starts[index] in levels)
    skip = find_fenced_lines(lines) | find_contents_lines(lines, marked)
    paths = numbered_lines(lines, skip)
    nodes: list[Node] = []
    outline_lines: list[_OutlineLine] = []  # one for each node
    ancestors: list[int] = []  # indices of the open nodes, outermost first
    for index, line in enumerate(lines):
        if not line or index in skip:
            continue
        level = levels.get(starts[index])
        found = _read_dotted_line(line, paths.get(index), level)
        found = found or _read_styled_line(line, level, _next_number(nodes))
        if found is None:
            continue
        if found.style == "bullet":
            found = replace(found, indent=_count_indent(raw_lines[index]))
        ancestors = _find_ancestors(ancestors, outline_lines, found)
        nodes.append(_make_node(found, text, starts[index], raw_lines[index], ancestors))
        outline_lines.append(found)
        ancestors.append(len(nodes) - 1)
    return _set_closes(nodes, text)


def _make_node(
    found: _OutlineLine, text: str, start: int, raw_line: str, ancestors: list[int]
) -> Node:
    """Return the node of a line that begins at `start`; it is open until the end of the text."""
    title_start = start + len(raw_line) - len(raw_line.lstrip()) + found.title_offset
    title_end = title_start + found.title_length
    return Node(
        kind=found.kind,
        style=found.style,
        level=found.rank or len(ancestors) + 1,
        number=found.number,
        title=text[title_start:title_end],
        start=start,
        end=start + len(raw_line),
        title_start=title_start,
        title_end=title_end,
        close=len(text),
        parent=ancestors[-1] if ancestors else None,
    )


def _next_number(nodes: list[Node]) -> int | None:
    """Return the number that continues the list `1. 2. 3.` of the last node, if it is in one."""
    last = nodes[-1] if nodes else None
    return int(last.number[:-1]) + 1 if last is not None and last.style == "arabic" else None


def _read_dotted_line(line: str, path: Path | None, level: int | None) -> _OutlineLine | None:
    """Read a line with a dotted number, or with a plain number that stands above dotted ones.

    Args:
        line: folded and stripped.
        path: the components of its number if `numbered_lines` accepts the line, else None.
        level: the level that the file's format gives, or None; a line with a level is accepted.
    """
    match = DOTTED.fullmatch(line) or (BARE.fullmatch(line) if path else None)
    if not match or not (path or level):
        return None
    path = path or tuple(map(int, match["number"].split(".")))
    title, offset = match["title"].rstrip(), match.start("title")
    # The numbers of one list differ in their last component only.
    style = ".".join(("dotted", *map(str, path[:-1])))
    if level is not None or is_title(title):
        rank = level or 0
        return _OutlineLine("heading", style, match["number"], offset, len(title), rank, path)
    return _OutlineLine("item", style, match["number"], offset, _label_length(title), 0, path)


def _read_styled_line(line: str, level: int | None, next_number: int | None) -> _OutlineLine | None:
    """Read a folded, stripped line of any style that is not dotted; None for running text."""
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
            return _OutlineLine("heading", style, number, offset, length, len(number))
        is_heading = _is_heading(title, style) and style not in _NEVER_HEADING
        if is_heading or (level is not None and style != "bullet"):
            return _OutlineLine("heading", style, number, offset, len(title), level or 0)
        if style in _ITEM_STYLES:
            return _OutlineLine("item", style, number, offset, _label_length(title))
    if level is None:
        return None
    return _OutlineLine("heading", f"h{level}", "", 0, len(line), level)


def _count_indent(line: str) -> int:
    """Return how many columns a line is indented; a tab counts as four."""
    indent = line[: len(line) - len(line.lstrip())]
    return len(indent.replace("\t", "    "))


def _is_decimal(rest: str) -> bool:
    """Whether the text behind `3.` is the rest of a decimal: 5亿元, but not 5G技术 or 2020年."""
    match = re.match(r"\d{1,2}(?!\d)", rest)
    return bool(match and rest[match.end()] != "G" and QUANTITY.match(rest, match.end()))


def _label_length(title: str) -> int:
    label = _LABEL.match(title)
    return len(label["label"] if label else title)


def _is_heading(title: str, style: str) -> bool:
    return is_title(title) and not (style in _LABELLED_STYLES and ":" in title)


def _find_ancestors(
    open_nodes: list[int], outline_lines: list[_OutlineLine], new: _OutlineLine
) -> list[int]:
    """Return those open nodes that a new line stands under.

    The format's level decides, else the dotted number, else the numbering style.
    """
    if new.rank:
        return [i for i in open_nodes if 0 < outline_lines[i].rank < new.rank]
    if new.path:
        return _find_dotted_ancestors(open_nodes, outline_lines, new.path)
    for depth, index in enumerate(open_nodes):
        above = outline_lines[index]
        if above.style == new.style and above.indent >= new.indent:
            return open_nodes[:depth]
    return [
        i
        for i in open_nodes
        if outline_lines[i].kind == "heading" or outline_lines[i].style != "bullet" or new.indent
    ]


def _find_dotted_ancestors(
    open_nodes: list[int], outline_lines: list[_OutlineLine], path: Path
) -> list[int]:
    """Return the open nodes above a dotted number.

    1.1.1 stands under 1.1 and 1, and under chapters of other styles, but never under an item.
    """
    ancestors: list[int] = []
    for index in open_nodes:
        above = outline_lines[index].path
        if above and path[: len(above)] == above and len(above) < len(path):
            ancestors.append(index)
        elif above:
            break
        elif outline_lines[index].kind == "heading":
            ancestors.append(index)
    return ancestors


def _set_closes(nodes: list[Node], text: str) -> tuple[Node, ...]:
    """Set `close` of each node: a heading ends at the next node that is not below it.

    A bare label (`1.政策支持` on its own line) is a heading and has the paragraphs behind it. An
    item is a whole paragraph and ends with its line: the text after the last item of a list does
    not belong to that item.
    """
    closes = [len(text)] * len(nodes)
    open_nodes: list[int] = []  # the previous node and its ancestors
    for index, node in enumerate(nodes):
        while open_nodes and open_nodes[-1] != node.parent:
            closes[open_nodes.pop()] = node.start
        open_nodes.append(index)
    return tuple(
        replace(node, close=node.end if node.kind == "item" else close)
        for node, close in zip(nodes, closes, strict=True)
    )


def heading_path(nodes: tuple[Node, ...], position: int) -> tuple[int, ...]:
    """Return the indices of the headings above a position of the clean text, outermost first.

    Above a nested bullet stand the bullets that it belongs to as well.
    """
    previous = bisect_right(nodes, position, key=lambda node: node.start) - 1
    path: list[int] = []
    index: int | None = previous if previous >= 0 else None
    nested = index is not None and position <= nodes[index].end and nodes[index].style == "bullet"
    while index is not None:
        node = nodes[index]
        is_bullet_above = nested and node.style == "bullet" and index != previous
        if is_bullet_above or (node.kind == "heading" and position < node.close):
            path.insert(0, index)
        index = nodes[index].parent
    return tuple(path)


def to_tree(nodes: tuple[Node, ...]) -> list[dict[str, Any]]:
    """Return the outline as nested objects for JSON, the nodes below each in its `children`."""
    entries: list[dict[str, Any]] = []
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
        entries.append(entry)
        (roots if node.parent is None else entries[node.parent]["children"]).append(entry)
    return roots
