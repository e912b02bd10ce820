"""Write the elements of a web page as lines, with their headings and the boilerplate's spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.formats.lines import LineWriter
from indexer.formats.list_numbers import format_number
from indexer.formats.table import Budget, Merge, Row, format_cell, format_tables
from indexer.text.patterns import IDEOGRAPH

from .tree import Element

# Elements that begin a line of their own. All others are parts of a line, also custom elements.
_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main"
    " menu nav ol optgroup option p pre section select summary table td th tr ul".split()
)
_HEADING = re.compile(r"h[1-6]")
_SUPERSCRIPT = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_SHORT_SUPERSCRIPT = re.compile(r"[+\-−]?\d{1,4}|n")
_LIST_TYPES = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
_CHINESE_LIST = re.compile(r"list-style(?:-type)?\s*:[^;]*(?:cjk-ideographic|chinese)", re.I)
_NO_LIST = re.compile(r"list-style(?:-type)?\s*:[^;]*none", re.I)
_MAX_SPAN = 1000  # the limit of browsers
# A table that only arranges the page has a cell with more characters than this, and more than this
# share of the table's text.
_LAYOUT_CELL, _LAYOUT_SHARE = 400, 0.6


@dataclass(slots=True)
class _List:
    """An open list with the number of its next item."""

    kind: str
    next: int = 1
    step: int = 1


def write_page(root: Element, budget: Budget, name: str) -> LineWriter:
    """Write the lines of a page.

    Args:
        root: the page's root element.
        budget: counts the cells of its tables.
        name: the heading to put between two tables with nothing between them.

    Raises:
        YinjuError: its tables are larger than the limits.
    """
    writer = _Writer(budget, name)
    for element, entering in _walk(root):
        if isinstance(element, str):
            writer.text(element)
        elif entering:
            writer.enter(element)
        else:
            writer.leave(element)
    writer.lines.end_line()
    return writer.lines


def _walk(root: Element) -> Iterator[tuple[Element | str, bool]]:
    """Yield each text, and each element at its start (True) and end (False).

    The content of a data table is left out: `_Writer` reads the table as a whole.
    """
    waiting: list[tuple[Element | str, bool]] = [(root, True)]
    while waiting:
        piece, entering = waiting.pop()
        if isinstance(piece, Element) and piece.tag == "sup":
            yield format_superscript(piece), True
            continue
        yield piece, entering
        if isinstance(piece, Element) and entering:
            waiting.append((piece, False))
            if not is_data_table(piece):
                waiting += [
                    (child, True)
                    for child in reversed(piece.children)
                    if isinstance(child, str) or not child.hidden
                ]


class _Writer:
    """Write elements into lines as they begin and end."""

    def __init__(self, budget: Budget, name: str) -> None:
        self.lines = LineWriter()
        self._budget = budget
        self._name = name
        self._boilerplate = [False]
        self._level = 0
        self._preformatted = 0
        self._lists: list[_List] = []

    def text(self, text: str) -> None:
        """Write a text of the open element."""
        if not self._preformatted:
            self.lines.add_text(text, self._boilerplate[-1])
            return
        first, *rest = text.split("\n")
        self.lines.add_text(first, self._boilerplate[-1])
        for line in rest:
            self.lines.end_line(preformatted=True)
            self.lines.add_text(line, self._boilerplate[-1])

    def enter(self, element: Element) -> None:
        """Begin an element."""
        tag = element.tag
        outside = self._boilerplate[-1]
        inside = (outside or element.boilerplate) and not element.keep
        if tag == "br":
            if self._level:
                self.lines.add_text(" ", outside)
            else:
                self.lines.end_line(preformatted=self._preformatted > 0)
        elif tag in _BLOCKS or (inside != outside and tag != "rt"):
            self.lines.end_line(self._level, self._preformatted > 0)
        if _HEADING.fullmatch(tag):
            self._level = int(tag[1])
            self.lines.prefix = ""
        self._preformatted += tag == "pre"
        if tag in ("ol", "ul"):
            self._lists.append(_start_list(element))
        elif tag == "li":
            self.lines.prefix = _next_number(element, self._lists)
        elif tag == "rt":
            reading = "".join(c for c in element.children if isinstance(c, str)).strip()
            inside = inside or bool(reading and not IDEOGRAPH.search(reading))
            self.lines.add_text("(", inside)
        elif _is_denominator(element):
            self.lines.add_text("/", inside)
        self._boilerplate.append(inside)
        if is_data_table(element):
            self._table(element, inside)

    def leave(self, element: Element) -> None:
        """End an element."""
        tag = element.tag
        inside = self._boilerplate.pop()
        if tag == "rt":
            self.lines.add_text(")", inside)
        elif tag in _BLOCKS or inside != self._boilerplate[-1]:
            self.lines.end_line(self._level, self._preformatted > 0)
        if _HEADING.fullmatch(tag):
            self._level = 0
        self._preformatted -= tag == "pre"
        if tag in ("ol", "ul"):
            self._lists.pop()
        if tag in ("li", "ol", "ul"):
            self.lines.prefix = ""

    def _table(self, element: Element, boilerplate: bool) -> None:
        rows, merges, caption = _read_cells(element, self._budget)
        if caption:
            self.lines.add_text(caption, boilerplate)
            self.lines.end_line()
        self.lines.add_table(format_tables(rows, self._name, merges), boilerplate, self._name)


def _start_list(element: Element) -> _List:
    style = element.attributes.get("style", "")
    if element.tag == "ul":
        return _List("none" if _NO_LIST.search(style) else "bullet")
    kind = _LIST_TYPES.get(element.attributes.get("type", ""), "decimal")
    if _CHINESE_LIST.search(style):
        kind = "chineseCounting"
    elif _NO_LIST.search(style):
        kind = "none"
    backwards = "reversed" in element.attributes
    items = sum(isinstance(c, Element) and c.tag == "li" for c in element.children)
    start = _to_int(element.attributes.get("start"), items if backwards else 1)
    return _List(kind, start, -1 if backwards else 1)


def _next_number(element: Element, lists: list[_List]) -> str:
    """Return what stands before an item's text, and count the item."""
    if not lists or lists[-1].kind == "bullet":
        return "- "
    current = lists[-1]
    number = _to_int(element.attributes.get("value"), current.next)
    current.next = number + current.step
    if current.kind == "none":
        return ""
    text = format_number(number, current.kind)
    return f"{text}、" if current.kind == "chineseCounting" else f"{text}. "


def _to_int(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value.strip()) else default


def is_data_table(element: Element) -> bool:
    """Return whether an element is a table of data, not one that only arranges the page."""
    if element.tag != "table" or element.attributes.get("role") in ("presentation", "none"):
        return False
    rows = list(_table_rows(element))
    cells = [cell for row in rows for cell in row]
    # A single row would become a header with nothing below it.
    if len(rows) < 2 or any(cell.has_structure for cell in cells):
        return False
    if element.has_data_table:
        return True
    if sum(len(row) > 1 for row in rows) * 2 < len(rows):
        return False
    largest = max(cell.chars for cell in cells)
    return not (largest > _LAYOUT_CELL and largest > _LAYOUT_SHARE * element.chars)


def _is_denominator(element: Element) -> bool:
    if element.parent is None or element.parent.tag != "mfrac":
        return False
    return element is not next(c for c in element.parent.children if isinstance(c, Element))


def _table_rows(table: Element) -> Iterator[list[Element]]:
    """Yield the cells of each row; cells outside of any <tr> form a row of their own."""
    row: list[Element] = []
    for child in table.children:
        if not isinstance(child, Element) or child.hidden:
            continue
        if child.tag == "tr":
            if row:
                yield row
            row = [
                c
                for c in child.children
                if isinstance(c, Element) and c.tag in ("td", "th") and not c.hidden
            ]
            if row:
                yield row
            row = []
        elif child.tag in ("td", "th"):
            row.append(child)
    if row:
        yield row


def _read_cells(table: Element, budget: Budget) -> tuple[list[Row], list[Merge], str]:
    """Return the rows, merged cells and caption of a data table."""
    rows: list[Row] = []
    merges: list[Merge] = []
    spanned: dict[int, int] = {}  # column: the last row that a cell from above reaches down to
    table_rows = list(_table_rows(table))
    for top, cells in enumerate(table_rows):
        row: Row = []
        for cell in cells:
            while spanned.get(len(row), -1) >= top:
                row.append("")
            left = len(row)
            wide = min(max(1, _to_int(cell.attributes.get("colspan"), 1)), _MAX_SPAN)
            tall = _to_int(cell.attributes.get("rowspan"), 1)
            bottom = (
                len(table_rows) - 1 if tall == 0 else min(top + max(1, tall), len(table_rows)) - 1
            )
            row += [format_cell(inner_text(cell)), *[""] * (wide - 1)]
            if wide > 1 or bottom > top:
                merges.append(Merge(top, left, bottom, left + wide - 1))
            if bottom > top:
                spanned.update(dict.fromkeys(range(left, left + wide), bottom))
        rows.append(budget.take(row))
    captions = [c for c in table.children if isinstance(c, Element) and c.tag == "caption"]
    return rows, merges, " ".join(format_cell(inner_text(c)) for c in captions if not c.hidden)


def inner_text(element: Element) -> str:
    """Return the text of an element, with a space where a line ends."""
    pieces: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            pieces.append(piece)
        elif piece.tag == "sup":
            pieces.append(format_superscript(piece))
        elif not piece.hidden and piece.tag != "rt":
            if piece.tag in _BLOCKS or piece.tag == "br":
                waiting.append(" ")
                pieces.append(" ")
            waiting += reversed(piece.children)
    # A line break of the source between two ideographs is no space.
    return re.sub(r"(?<=[\u3400-\u9fff])[ \t]*\n\s*(?=[\u3400-\u9fff])", "", "".join(pieces))


def format_superscript(element: Element) -> str:
    """Return a number in superscript characters, so that 10⁸ is not read as 108; else the text."""
    text = "".join(c if isinstance(c, str) else inner_text(c) for c in element.children)
    stripped = text.strip()
    return stripped.translate(_SUPERSCRIPT) if _SHORT_SUPERSCRIPT.fullmatch(stripped) else text
