"""Load a Word file (.docx): its lines as a reader sees them, in the order of its body."""

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
from indexer.formats.lines import LineWriter
from indexer.formats.package_check import check_package, convert_library_errors
from indexer.formats.table import Budget, format_cell, format_tables

from .numbering import Numbering, W
from .styles import Styles, read_list, read_outline_level
from .tables import read_rows, read_table
from .text import MC, DocumentState, ParagraphText, format_note_mark, read_paragraph

# Elements that only contain others; a content control contains its own in sdtContent.
_WRAPPERS = frozenset(
    f"{W}{name}" for name in ("sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink")
)
_PLACEHOLDER_TITLE = re.compile(
    r"(?:microsoft )?word\b.*|文档\s*\d*|文件\s*\d*|document\s*\d*|新建.*|untitled.*|无标题|無標題|.*\.docx?|\d+",
    re.IGNORECASE,
)
# An entry of a table of contents is short. This bounds a contents field that never ends.
_MAX_CONTENTS_ENTRY = 120
_RELATED = frozenset(("styles", "numbering", "footnotes", "endnotes"))
_STRICT = b"http://purl.oclc.org/ooxml/"


def load_docx(path: Path, data: bytes, limits: Limits) -> LoadedFile:
    """Load a Word file.

    Headings are found by their style and have the numbers that Word displays; tables are rows;
    notes follow the paragraph that refers to them. Deleted text, comments, headers and footers are
    left out. `boilerplate` is the table of contents.
    """
    check_package(path, data, ".docx", limits)
    _refuse_strict(path, data)
    from docx import Document

    with convert_library_errors(path, ".docx"):
        document = Document(io.BytesIO(data))
        parts = _Parts.from_document(document)
        reader = _DocumentReader(path, parts, limits)
        reader.write_blocks(document.element.body)
        metadata_title = " ".join((document.core_properties.title or "").split())
        if _PLACEHOLDER_TITLE.fullmatch(metadata_title):
            metadata_title = ""
        title = reader.title or metadata_title or None
        loaded = reader.lines.to_loaded_file("docx", None, title)
        return replace(loaded, pages=reader.find_pages(len(loaded.text)))


def _refuse_strict(path: Path, data: bytes) -> None:
    """Refuse Strict Open XML: python-docx reads only the transitional kind, which is the default."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, convert_library_errors(path, ".docx"):
        if _STRICT in archive.read("_rels/.rels"):
            raise YinjuError("file.strict_docx", path=path)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a file that the body refers to."""

    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], Any]
    """By kind and id."""
    page_count: int
    """As Word counted when it saved the file; 0 if another program did."""

    @classmethod
    def from_document(cls, document: Any) -> _Parts:
        """Read the parts of a document of python-docx."""
        related = {}
        for relation in document.part.rels.values():
            name = relation.reltype.rsplit("/", 1)[-1]
            if name in _RELATED and not relation.is_external:
                related[name] = relation.target_part.blob
        styles = Styles(_parse_xml(related.get("styles")))
        notes = {}
        for kind, name in (("注", "footnote"), ("尾注", "endnote")):
            root = _parse_xml(related.get(f"{name}s"))
            for note in root.iterchildren(f"{W}{name}") if root is not None else ():
                notes[kind, note.get(f"{W}id") or ""] = note
        numbering = Numbering.read(_parse_xml(related.get("numbering")), styles.lists())
        return cls(styles, numbering, notes, _read_page_count(document))


def _parse_xml(blob: bytes | None) -> Any:
    from lxml import etree

    if blob is None:
        return None
    return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _read_page_count(document: Any) -> int:
    """Return how many pages Word counted when it saved the file; 0 if another program did."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            pages = re.search(rb"<Pages>(\d{1,6})</Pages>", part.blob)
            return int(pages[1]) if pages and b"<Application>Microsoft" in part.blob else 0
    return 0


@dataclass(slots=True)
class _DocumentReader:
    """Walks over a document and writes its lines."""

    path: Path
    parts: _Parts
    limits: Limits
    lines: LineWriter = field(default_factory=LineWriter)
    state: DocumentState = field(default_factory=DocumentState)
    title: str | None = None
    """The first paragraph in a title style."""
    breaks: list[int] = field(default_factory=list)
    """Where in the text a page began when the file was saved."""
    budget: Budget = field(init=False)

    def __post_init__(self) -> None:
        self.budget = Budget(self.path, self.limits)

    def write_blocks(self, holder: Any, contents: bool = False) -> None:
        """Write the paragraphs and tables of an element.

        Args:
            holder: an element that contains them.
            contents: whether they stand in a table of contents.
        """
        for block in _iterate_blocks(holder):
            tag = block.tag
            if tag == f"{W}p":
                self._write_paragraph(block, contents)
            elif tag == f"{W}tbl":
                self._write_table(block)
            elif tag == f"{W}sdt":
                gallery = block.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
                named = gallery.get(f"{W}val") if gallery is not None else ""
                content = block.find(f"{W}sdtContent")
                if content is not None:
                    self.write_blocks(content, contents or named == "Table of Contents")

    def _write_paragraph(self, paragraph: Any, contents: bool) -> None:
        properties = paragraph.find(f"{W}pPr")
        style = self.parts.styles[_read_style_id(properties)]
        direct = read_outline_level(properties)
        level = style.level if direct is None else direct
        in_contents = self.state.contents_depth is not None
        if level and not contents:
            self.state.contents_depth = None  # the field of the contents was never ended
        text = self._read_text(paragraph)
        listed = in_contents or self.state.contents_depth is not None
        entry = len(text.text) <= _MAX_CONTENTS_ENTRY and not text.text.rstrip().endswith("。")
        boilerplate = contents or style.contents or (listed and entry and not level)
        if style.title and not boilerplate and text.text.strip() and not level:
            level = 1
            self.title = self.title or " ".join(text.text.split())
        begins = self.lines.length
        self.breaks += [begins + at for at in text.breaks]
        if text.text.strip():
            visible = text.text.replace("\n", " ") if level else text.text
            for line in visible.split("\n"):
                self.lines.add_text(line, boilerplate)
                self.lines.end_line(0 if boilerplate else level, preformatted=True)
        for box in text.boxes:
            self.write_blocks(box)
        self._write_notes(text.notes)

    def _read_text(self, paragraph: Any) -> ParagraphText:
        """Read a paragraph's text, with the number that Word displays before it."""
        text = read_paragraph(paragraph, self.state)
        has_text = bool(text.text.strip())
        if not has_text and _is_deleted(paragraph):
            return text  # a deleted paragraph is not counted
        number = self._next_number(paragraph)
        if number and has_text:
            text.text = number + text.text.lstrip()
            text.breaks = [at + len(number) if at else 0 for at in text.breaks]
        return text

    def _next_number(self, paragraph: Any) -> str:
        properties = paragraph.find(f"{W}pPr")
        name = _read_style_id(properties)
        style = self.parts.styles[name]
        direct = read_list(properties)
        found = direct or style.list
        if found is None:
            return ""
        numbering = self.parts.numbering
        number, at = found
        if at < 0 or (direct is None and style.list is not None):
            owned = numbering.find_level(number, name) if name else None
            if owned is None:
                owned = numbering.find_level(number, style.list_owner)
            at = owned if owned is not None else max(at, 0)
        return numbering.next(number, at)

    def _write_notes(self, notes: list[tuple[str, str]]) -> None:
        """Write each note as a line of its own, so that it is found and quoted by itself."""
        for kind, name in notes:
            note = self.parts.notes.get((kind, name))
            if note is None:
                continue
            texts = (read_paragraph(p, DocumentState()).text for p in note.iter(f"{W}p"))
            text = " ".join(" ".join(texts).split())
            if text:
                self.lines.add_text(
                    f"{format_note_mark(kind, self.state.note_numbers[kind, name])} {text}", False
                )
                self.lines.end_line(preformatted=True)

    def _write_table(self, table: Any) -> None:
        rows = list(read_rows(table))
        if len(rows) == 1 or all(len(cells) <= 1 for _, cells in rows):
            # A frame around text, or text in columns.
            for _, cells in rows:
                for cell in cells:
                    self.write_blocks(cell)
            return
        notes: list[tuple[str, str]] = []
        inner: list[Any] = []
        broken: list[tuple[int, int]] = []

        def read_cell(row: int, cell: Any) -> str:
            pieces, breaks = [], 0
            for block in _iterate_cell_blocks(cell):
                if block.tag == f"{W}tbl":
                    inner.append(block)
                    continue
                text = self._read_text(block)
                pieces.append(text.text)
                notes.extend(text.notes)
                inner.extend(text.boxes)
                breaks += len(text.breaks)
            broken.extend([(row, breaks)] if breaks else [])
            return format_cell(" ".join(pieces))

        cells, merges = read_table(rows, read_cell, self.budget)
        begins = len(self.lines.lines)
        name = self.title or self.path.stem
        self.lines.add_table(format_tables(cells, name, merges), False, name)
        self._add_row_breaks(len(rows), begins, broken)
        self._write_notes(notes)
        for block in inner:
            if block.tag == f"{W}tbl":
                self._write_table(block)
            else:
                self.write_blocks(block)

    def _add_row_breaks(self, rows: int, begins: int, broken: list[tuple[int, int]]) -> None:
        """Record the pages that begin in rows of a table; several cells of a row have the break."""
        written = self.lines.lines[begins:]
        at = self.lines.length - sum(len(line) + 1 for line in written)
        starts = [at]
        for line in written:
            starts.append(starts[-1] + len(line) + 1)
        before = len(written) - rows
        most: dict[int, int] = {}
        for row, breaks in broken:
            most[row] = max(most.get(row, 0), breaks)
        for row, breaks in sorted(most.items()):
            self.breaks += [starts[min(max(row + before, 0), len(starts) - 1)]] * breaks

    def find_pages(self, length: int) -> tuple[Page, ...]:
        """Return the pages if the file says where each began when Word saved it; else none."""
        if not self.breaks or len(self.breaks) + 1 != self.parts.page_count:
            return ()
        bounds = [0, *(min(at, length) for at in self.breaks), length]
        return tuple(
            Page(number, bounds[number - 1], bounds[number]) for number in range(1, len(bounds))
        )


def _read_style_id(properties: Any) -> str | None:
    found = properties.find(f"{W}pStyle") if properties is not None else None
    name: str | None = found.get(f"{W}val") if found is not None else None
    return name


def _is_deleted(paragraph: Any) -> bool:
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    return mark is not None and any(
        mark.find(f"{W}{name}") is not None for name in ("del", "moveFrom")
    )


def _iterate_blocks(holder: Any) -> Iterator[Any]:
    """Yield paragraphs, tables and content controls, also those inside of wrappers."""
    for child in holder.iterchildren():
        if child.tag in (f"{W}p", f"{W}tbl", f"{W}sdt"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _iterate_blocks(child)
        elif child.tag == f"{MC}AlternateContent":
            chosen = child.find(f"{MC}Choice")
            yield from _iterate_blocks(chosen) if chosen is not None else ()


def _iterate_cell_blocks(holder: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables of a cell, also those in content controls."""
    for block in _iterate_blocks(holder):
        if block.tag == f"{W}sdt":
            content = block.find(f"{W}sdtContent")
            yield from _iterate_cell_blocks(content) if content is not None else ()
        else:
            yield block
