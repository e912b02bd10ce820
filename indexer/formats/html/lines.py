"""The elements of a web page to lines, with their headings and what is around the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.formats.lines import Lines
from indexer.formats.list_numbers import formatted
from indexer.formats.table import Budget, Merge, Row, cell_text, grid_lines
from indexer.text.patterns import IDEOGRAPH

from .tree import Element

# All other elements are parts of a line, those of Word's and of a site's own making too.
_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main"
    " menu nav ol optgroup option p pre section select summary table td th tr ul".split()
)
_HEADING = re.compile(r"h[1-6]")
_SUPERSCRIPT = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_RAISED = re.compile(r"[+\-−]?\d{1,4}|n")
_LIST_TYPES = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
_CHINESE_LIST = re.compile(r"list-style(?:-type)?\s*:[^;]*(?:cjk-ideographic|chinese)", re.I)
_NO_LIST = re.compile(r"list-style(?:-type)?\s*:[^;]*none", re.I)
_MAX_SPAN = 1000  # as browsers have it
# A table of layout has a cell with most of its text, and much of it.
_LAYOUT_CELL, _LAYOUT_SHARE = 400, 0.6


@dataclass(slots=True)
class _List:
    """An open list: what its next item's number is."""

    kind: str
    next: int = 1
    step: int = 1


def page_lines(root: Element, budget: Budget, name: str) -> Lines:
    """The lines of a page. `name` is put between two tables that nothing else parts.

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
    writer.lines.end()
    return writer.lines


def _walk(root: Element) -> Iterator[tuple[Element | str, bool]]:
    """Elements as they begin and end, and texts; what stands in a table of data is left to it."""
    waiting: list[tuple[Element | str, bool]] = [(root, True)]
    while waiting:
        piece, entering = waiting.pop()
        if isinstance(piece, Element) and piece.tag == "sup":
            yield raised(piece), True
            continue
        yield piece, entering
        if isinstance(piece, Element) and entering:
            waiting.append((piece, False))
            if not is_data(piece):
                waiting += [
                    (child, True)
                    for child in reversed(piece.children)
                    if isinstance(child, str) or not child.hidden
                ]


class _Writer:
    """Writes elements into lines as they begin and end."""

    def __init__(self, budget: Budget, name: str) -> None:
        self.lines = Lines()
        self._budget = budget
        self._name = name
        self._around = [False]
        self._level = 0
        self._exact = 0
        self._lists: list[_List] = []

    def text(self, text: str) -> None:
        """Text of the element that is open."""
        if not self._exact:
            self.lines.put(text, self._around[-1])
            return
        first, *others = text.split("\n")
        self.lines.put(first, self._around[-1])
        for line in others:
            self.lines.end(exact=True)
            self.lines.put(line, self._around[-1])

    def enter(self, element: Element) -> None:
        """An element begins."""
        tag = element.tag
        above = self._around[-1]
        inner = (above or element.around) and not element.kept
        if tag == "br":
            if self._level:
                self.lines.put(" ", above)
            else:
                self.lines.end(exact=self._exact > 0)
        elif tag in _BLOCKS or (inner != above and tag != "rt"):
            self.lines.end(self._level, self._exact > 0)
        if _HEADING.fullmatch(tag):
            self._level = int(tag[1])
            self.lines.prefix = ""
        self._exact += tag == "pre"
        if tag in ("ol", "ul"):
            self._lists.append(_open_list(element))
        elif tag == "li":
            self.lines.prefix = _number(element, self._lists)
        elif tag == "rt":
            reading = "".join(c for c in element.children if isinstance(c, str)).strip()
            inner = inner or bool(reading and not IDEOGRAPH.search(reading))
            self.lines.put("(", inner)
        elif _is_denominator(element):
            self.lines.put("/", inner)
        self._around.append(inner)
        if is_data(element):
            self._table(element, inner)

    def leave(self, element: Element) -> None:
        """An element ends."""
        tag = element.tag
        inner = self._around.pop()
        if tag == "rt":
            self.lines.put(")", inner)
        elif tag in _BLOCKS or inner != self._around[-1]:
            self.lines.end(self._level, self._exact > 0)
        if _HEADING.fullmatch(tag):
            self._level = 0
        self._exact -= tag == "pre"
        if tag in ("ol", "ul"):
            self._lists.pop()
        if tag in ("li", "ol", "ul"):
            self.lines.prefix = ""

    def _table(self, element: Element, around: bool) -> None:
        rows, merges, caption = _cells(element, self._budget)
        if caption:
            self.lines.put(caption, around)
            self.lines.end()
        self.lines.table(grid_lines(rows, self._name, merges), around, self._name)


def _open_list(element: Element) -> _List:
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
    start = _whole(element.attributes.get("start"), items if backwards else 1)
    return _List(kind, start, -1 if backwards else 1)


def _number(element: Element, lists: list[_List]) -> str:
    """What stands before an item's text."""
    if not lists or lists[-1].kind == "bullet":
        return "- "
    one = lists[-1]
    number = _whole(element.attributes.get("value"), one.next)
    one.next = number + one.step
    if one.kind == "none":
        return ""
    told = formatted(number, one.kind)
    return f"{told}、" if one.kind == "chineseCounting" else f"{told}. "


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value.strip()) else default


def is_data(element: Element) -> bool:
    """Whether an element is a table of data, and no means to place the parts of a page."""
    if element.tag != "table" or element.attributes.get("role") in ("presentation", "none"):
        return False
    rows = list(_rows(element))
    cells = [cell for row in rows for cell in row]
    # Of a single row the passages would make a header with nothing below it.
    if len(rows) < 2 or any(cell.framed for cell in cells):
        return False
    if element.data:
        return True
    if sum(len(row) > 1 for row in rows) * 2 < len(rows):
        return False
    largest = max(cell.chars for cell in cells)
    return not (largest > _LAYOUT_CELL and largest > _LAYOUT_SHARE * element.chars)


def _is_denominator(element: Element) -> bool:
    if element.parent is None or element.parent.tag != "mfrac":
        return False
    return element is not next(c for c in element.parent.children if isinstance(c, Element))


def _rows(table: Element) -> Iterator[list[Element]]:
    """The rows of a table as lists of cells; a cell without a row is in the one before it."""
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


def _cells(table: Element, budget: Budget) -> tuple[list[Row], list[Merge], str]:
    """Rows, merged cells and the caption of a table of data."""
    rows: list[Row] = []
    merges: list[Merge] = []
    taken: dict[int, int] = {}  # column: the last row that a cell from above reaches down to
    listed = list(_rows(table))
    for top, cells in enumerate(listed):
        row: Row = []
        for cell in cells:
            while taken.get(len(row), -1) >= top:
                row.append("")
            left = len(row)
            wide = min(max(1, _whole(cell.attributes.get("colspan"), 1)), _MAX_SPAN)
            tall = _whole(cell.attributes.get("rowspan"), 1)
            bottom = len(listed) - 1 if tall == 0 else min(top + max(1, tall), len(listed)) - 1
            row += [cell_text(inner_text(cell)), *[""] * (wide - 1)]
            if wide > 1 or bottom > top:
                merges.append(Merge(top, left, bottom, left + wide - 1))
            if bottom > top:
                taken.update(dict.fromkeys(range(left, left + wide), bottom))
        rows.append(budget.take(row))
    captions = [c for c in table.children if isinstance(c, Element) and c.tag == "caption"]
    return rows, merges, " ".join(cell_text(inner_text(c)) for c in captions if not c.hidden)


def inner_text(element: Element) -> str:
    """The text of an element, with a space where a line ends."""
    pieces: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            pieces.append(piece)
        elif piece.tag == "sup":
            pieces.append(raised(piece))
        elif not piece.hidden and piece.tag != "rt":
            if piece.tag in _BLOCKS or piece.tag == "br":
                waiting.append(" ")
                pieces.append(" ")
            waiting += reversed(piece.children)
    # A line end of the source between two ideographs is no space.
    return re.sub(r"(?<=[\u3400-\u9fff])[ \t]*\n\s*(?=[\u3400-\u9fff])", "", "".join(pieces))


def raised(element: Element) -> str:
    """A superscript, since 10 to the 8th is not 108; a note's number or words stay as they are."""
    text = "".join(c if isinstance(c, str) else inner_text(c) for c in element.children)
    told = text.strip()
    return told.translate(_SUPERSCRIPT) if _RAISED.fullmatch(told) else text
