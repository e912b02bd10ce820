"""A Word file, since 2007, to lines as a reader sees them, in the order of its body."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from indexer.config import Limits
from indexer.document import LoadedFile, Page
from indexer.errors import YinjuError
from indexer.formats.lines import Lines
from indexer.formats.package_check import check_package, readable
from indexer.formats.table import Budget, cell_text, grid_lines

from .numbering import Numbering, W
from .styles import Styles, list_of, outline_level
from .tables import read_table, rows_of
from .text import MC, Story, Text, note_mark, paragraph_text

# Elements that only hold others; content controls hold theirs in sdtContent.
_WRAPPERS = frozenset(
    f"{W}{name}" for name in ("sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink")
)
_NO_TITLE = re.compile(
    r"(?:microsoft )?word\b.*|文档\s*\d*|文件\s*\d*|document\s*\d*|新建.*|untitled.*|无标题|無標題|.*\.docx?|\d+",
    re.IGNORECASE,
)
# A line of a table of contents is short; where its field never ends all would be one.
_LONGEST_ENTRY = 120
_RELATED = frozenset(("styles", "numbering", "footnotes", "endnotes"))
_STRICT = b"http://purl.oclc.org/ooxml/"


def load_docx(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Reads a Word file: headings by their style, with the numbers that Word displays; tables as
    rows; notes behind the paragraph that refers to them.

    Deleted text, comments, headers and footers are left out. `around` is a table of contents.
    """
    check_package(path, data, ".docx", limits)
    _refuse_strict(path, data)
    from docx import Document

    with readable(path, ".docx"):
        document = Document(io.BytesIO(data))
        parts = _Parts.of(document)
        reader = _Reader(path, parts, limits)
        reader.blocks(document.element.body)
        own = " ".join((document.core_properties.title or "").split())
        title = reader.title or (own if own and not _NO_TITLE.fullmatch(own) else None)
        loaded = reader.lines.loaded("docx", None, title)
        return replace(loaded, pages=reader.pages(len(loaded.text)))


def _refuse_strict(path: Path, data: bytes) -> None:
    """python-docx knows the names of the other kind only, which all programs save by default."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, readable(path, ".docx"):
        if _STRICT in archive.read("_rels/.rels"):
            raise YinjuError("file.strict_docx", path=path)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a file that the body refers to; notes: by kind and id."""

    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], Any]
    shown_pages: int

    @classmethod
    def of(cls, document: Any) -> _Parts:
        related = {}
        for relation in document.part.rels.values():
            name = relation.reltype.rsplit("/", 1)[-1]
            if name in _RELATED and not relation.is_external:
                related[name] = relation.target_part.blob
        styles = Styles(_root(related.get("styles")))
        notes = {}
        for kind, name in (("注", "footnote"), ("尾注", "endnote")):
            root = _root(related.get(f"{name}s"))
            for note in root.iterchildren(f"{W}{name}") if root is not None else ():
                notes[kind, note.get(f"{W}id") or ""] = note
        numbering = Numbering.read(_root(related.get("numbering")), styles.lists())
        return cls(styles, numbering, notes, _shown_pages(document))


def _root(blob: bytes | None) -> Any:
    from lxml import etree

    if blob is None:
        return None
    return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _shown_pages(document: Any) -> int:
    """How many pages Word counted when it saved the file; 0 where another program did."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            pages = re.search(rb"<Pages>(\d{1,6})</Pages>", part.blob)
            return int(pages[1]) if pages and b"<Application>Microsoft" in part.blob else 0
    return 0


@dataclass(slots=True)
class _Reader:
    """Walks over a document and writes its lines."""

    path: Path
    parts: _Parts
    limits: Limits
    lines: Lines = field(default_factory=Lines)
    story: Story = field(default_factory=Story)
    title: str | None = None
    breaks: list[int] = field(default_factory=list)
    budget: Budget = field(init=False)

    def __post_init__(self) -> None:
        self.budget = Budget(self.path, self.limits)

    def blocks(self, holder: Any, contents: bool = False) -> None:
        """Writes paragraphs and tables. contents: they stand in a table of contents."""
        for block in _blocks(holder):
            tag = block.tag
            if tag == f"{W}p":
                self._paragraph(block, contents)
            elif tag == f"{W}tbl":
                self._table(block)
            elif tag == f"{W}sdt":
                gallery = block.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
                named = gallery.get(f"{W}val") if gallery is not None else ""
                content = block.find(f"{W}sdtContent")
                if content is not None:
                    self.blocks(content, contents or named == "Table of Contents")

    def _paragraph(self, paragraph: Any, contents: bool) -> None:
        properties = paragraph.find(f"{W}pPr")
        style = self.parts.styles[_style_of(properties)]
        direct = outline_level(properties)
        level = style.level if direct is None else direct
        in_contents = self.story.contents is not None
        if level and not contents:
            self.story.contents = None  # the field of the contents was never ended
        text = self._text(paragraph)
        listed = in_contents or self.story.contents is not None
        entry = len(text.text) <= _LONGEST_ENTRY and not text.text.rstrip().endswith("。")
        around = contents or style.contents or (listed and entry and not level)
        if style.title and not around and text.text.strip() and not level:
            level = 1
            self.title = self.title or " ".join(text.text.split())
        begins = self.lines.at
        self.breaks += [begins + at for at in text.breaks]
        if text.text.strip():
            told = text.text.replace("\n", " ") if level else text.text
            for line in told.split("\n"):
                self.lines.put(line, around)
                self.lines.end(0 if around else level, exact=True)
        for box in text.boxes:
            self.blocks(box)
        self._notes(text.notes)

    def _text(self, paragraph: Any) -> Text:
        """A paragraph's text behind the number that it displays."""
        text = paragraph_text(paragraph, self.story)
        shown = bool(text.text.strip())
        if not shown and _is_deleted(paragraph):
            return text  # it is not counted
        number = self._number(paragraph)
        if number and shown:
            text.text = number + text.text.lstrip()
            text.breaks = [at + len(number) if at else 0 for at in text.breaks]
        return text

    def _number(self, paragraph: Any) -> str:
        properties = paragraph.find(f"{W}pPr")
        name = _style_of(properties)
        style = self.parts.styles[name]
        direct = list_of(properties)
        found = direct or style.list
        if found is None:
            return ""
        numbering = self.parts.numbering
        number, at = found
        if at < 0 or (direct is None and style.list is not None):
            owned = numbering.level_of(number, name) if name else None
            if owned is None:
                owned = numbering.level_of(number, style.owner)
            at = owned if owned is not None else max(at, 0)
        return numbering.next(number, at)

    def _notes(self, notes: list[tuple[str, str]]) -> None:
        """A note is a line of its own, so that it is found and quoted by itself."""
        for kind, name in notes:
            note = self.parts.notes.get((kind, name))
            if note is None:
                continue
            told = (paragraph_text(p, Story()).text for p in note.iter(f"{W}p"))
            text = " ".join(" ".join(told).split())
            if text:
                self.lines.put(f"{note_mark(kind, self.story.told[kind, name])} {text}", False)
                self.lines.end(exact=True)

    def _table(self, table: Any) -> None:
        rows = list(rows_of(table))
        if len(rows) == 1 or all(len(cells) <= 1 for _, cells in rows):
            # A frame around text, or text in columns.
            for _, cells in rows:
                for cell in cells:
                    self.blocks(cell)
            return
        notes: list[tuple[str, str]] = []
        inner: list[Any] = []
        broken: list[tuple[int, int]] = []

        def told(row: int, cell: Any) -> str:
            pieces, breaks = [], 0
            for block in _inner_blocks(cell):
                if block.tag == f"{W}tbl":
                    inner.append(block)
                    continue
                text = self._text(block)
                pieces.append(text.text)
                notes.extend(text.notes)
                inner.extend(text.boxes)
                breaks += len(text.breaks)
            broken.extend([(row, breaks)] if breaks else [])
            return cell_text(" ".join(pieces))

        cells, merges = read_table(rows, told, self.budget)
        begins = len(self.lines.text)
        name = self.title or self.path.stem
        self.lines.table(grid_lines(cells, name, merges), False, name)
        self._table_breaks(len(rows), begins, broken)
        self._notes(notes)
        for one in inner:
            if one.tag == f"{W}tbl":
                self._table(one)
            else:
                self.blocks(one)

    def _table_breaks(self, rows: int, begins: int, broken: list[tuple[int, int]]) -> None:
        """A row that a page begins in is broken in several of its cells."""
        written = self.lines.text[begins:]
        at = self.lines.at - sum(len(line) + 1 for line in written)
        starts = [at]
        for line in written:
            starts.append(starts[-1] + len(line) + 1)
        before = len(written) - rows
        most: dict[int, int] = {}
        for row, breaks in broken:
            most[row] = max(most.get(row, 0), breaks)
        for row, breaks in sorted(most.items()):
            self.breaks += [starts[min(max(row + before, 0), len(starts) - 1)]] * breaks

    def pages(self, length: int) -> tuple[Page, ...]:
        """The pages, if the file knows where each of them began when Word saved it."""
        if not self.breaks or len(self.breaks) + 1 != self.parts.shown_pages:
            return ()
        bounds = [0, *(min(at, length) for at in self.breaks), length]
        return tuple(
            Page(number, bounds[number - 1], bounds[number]) for number in range(1, len(bounds))
        )


def _style_of(properties: Any) -> str | None:
    found = properties.find(f"{W}pStyle") if properties is not None else None
    name: str | None = found.get(f"{W}val") if found is not None else None
    return name


def _is_deleted(paragraph: Any) -> bool:
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    return mark is not None and any(
        mark.find(f"{W}{name}") is not None for name in ("del", "moveFrom")
    )


def _blocks(holder: Any) -> Iterator[Any]:
    """Paragraphs, tables and content controls, through what only holds them."""
    for child in holder.iterchildren():
        if child.tag in (f"{W}p", f"{W}tbl", f"{W}sdt"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)
        elif child.tag == f"{MC}AlternateContent":
            chosen = child.find(f"{MC}Choice")
            yield from _blocks(chosen) if chosen is not None else ()


def _inner_blocks(holder: Any) -> Iterator[Any]:
    """The paragraphs and tables of a cell, those in content controls too."""
    for block in _blocks(holder):
        if block.tag == f"{W}sdt":
            content = block.find(f"{W}sdtContent")
            yield from _inner_blocks(content) if content is not None else ()
        else:
            yield block
