"""The catalogue: one SQLite file of documents, passages, windows and lists, written once."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from indexer.cleaning.trail import Edit, Trail
from indexer.document import Page
from indexer.messages import Message, as_json, from_json
from indexer.parsed_report import ParsedReport
from indexer.structure.outline import Node
from indexer.types import Document, ItemList, Passage, Span, Window

from .places import Places
from .titles_and_tags import EMPTY_SHELF, Shelf

# How many reports are kept unpacked: ten answers' worth, about a megabyte each at the most.
_TRAILS = 10
# How many reports' lines are kept, a few hundred bytes each.
_DOCUMENTS = 4096

# The columns of a `Window`.
_WINDOW = "id, passage, start, end, kind"

_SCHEMA = """
CREATE TABLE documents (id INTEGER PRIMARY KEY, path TEXT NOT NULL, resolved TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL, title TEXT NOT NULL, format TEXT NOT NULL, encoding TEXT,
    truncated INTEGER NOT NULL, problems TEXT NOT NULL, characters INTEGER NOT NULL,
    passages INTEGER NOT NULL, raw BLOB NOT NULL, edits BLOB NOT NULL, pages TEXT NOT NULL,
    outline BLOB NOT NULL, modified TEXT NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, kind TEXT NOT NULL, headings TEXT NOT NULL, text TEXT NOT NULL,
    header TEXT NOT NULL, terms TEXT NOT NULL);
CREATE TABLE lists (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, kind TEXT NOT NULL,
    headings TEXT NOT NULL, intro TEXT, items TEXT NOT NULL, labels TEXT NOT NULL, truncated INTEGER NOT NULL);
CREATE TABLE windows (id INTEGER PRIMARY KEY, passage INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, kind TEXT NOT NULL, list INTEGER, text TEXT NOT NULL);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX windows_by_passage ON windows (passage);
CREATE INDEX lists_by_document ON lists (document);
"""


def write_catalogue(path: Path, reports: Sequence[ParsedReport]) -> None:
    """Writes a new catalogue; ids count from 0 in the order of `reports`."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCHEMA)
        passages = windows = lists = 0
        for document, report in enumerate(reports):
            _insert(connection, "documents", [_document_row(document, report)])
            rows = [_passage_row(passage, passages, document) for passage in report.passages]
            _insert(connection, "passages", rows)
            rows = [_list_row(one, lists, document) for one in report.lists]
            _insert(connection, "lists", rows)
            rows = [_window_row(window, windows, passages, lists) for window in report.windows]
            _insert(connection, "windows", rows)
            passages += len(report.passages)
            windows += len(report.windows)
            lists += len(report.lists)
        connection.commit()
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        marks = ",".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _document_row(number: int, report: ParsedReport) -> tuple[Any, ...]:
    return (
        number,
        report.path,
        report.resolved,
        report.sha256,
        report.title,
        report.format,
        report.encoding,
        report.truncated,
        _json([as_json(problem) for problem in report.problems]),
        len(report.trail.text),
        len(report.passages),
        _pack(report.trail.raw),
        _pack(_json([_edit_row(e) for e in report.trail.edits])),
        _json([(p.number, p.start, p.end) for p in report.pages]),
        _pack(_json([[*asdict(node).values()] for node in report.nodes])),
        report.modified,
    )


def _passage_row(passage: Passage, first: int, document: int) -> tuple[Any, ...]:
    return (
        first + passage.id,
        document,
        passage.start,
        passage.end,
        passage.kind,
        _json(passage.headings),
        passage.text,
        passage.header,
        passage.terms,
    )


def _list_row(one: ItemList, first: int, document: int) -> tuple[Any, ...]:
    return (
        first + one.id,
        document,
        one.kind,
        _json(one.headings),
        one.intro and _json(_pair(one.intro)),
        _json([*map(_pair, one.items)]),
        _json([*map(_pair, one.labels)]),
        one.truncated,
    )


def _window_row(window: Window, first: int, first_passage: int, first_list: int) -> tuple[Any, ...]:
    return (
        first + window.id,
        first_passage + window.passage,
        window.start,
        window.end,
        window.kind,
        None if window.list is None else first_list + window.list,
        window.text,
    )


def _edit_row(edit: Edit) -> tuple[str, int, int, str]:
    return edit.rule, edit.raw_start, edit.raw_end, edit.inserted


class Catalogue:
    """Reads a catalogue. Safe to share between threads: calls take turns on one connection."""

    def __init__(self, path: Path, shelf: Shelf = EMPTY_SHELF) -> None:
        self._shelf = shelf
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        # An index of before reports had a date is read as it is.
        columns = {row[1] for row in self._rows("PRAGMA table_info(documents)")}
        self._modified = "modified" if "modified" in columns else "''"
        # A question looks at the same few reports many times; a snapshot never changes.
        self.trail = lru_cache(maxsize=_TRAILS)(self._trail)
        self._all_documents = lru_cache(maxsize=1)(lambda: self._documents("ORDER BY id"))
        self._one_document = lru_cache(maxsize=_DOCUMENTS)(self._document)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _by_ids(
        self, table: str, column: str, ids: Sequence[int], select: str = "*"
    ) -> list[tuple[Any, ...]]:
        if not ids:
            return []
        # json_each instead of a list of marks: SQLite limits how many a statement may have.
        sql = (
            f"SELECT {select} FROM {table} WHERE {column} IN "
            "(SELECT value FROM json_each(?)) ORDER BY id"
        )
        return self._rows(sql, (json.dumps([int(i) for i in ids]),))

    def count(self, table: str) -> int:
        """How many rows `documents`, `passages`, `windows` or `lists` has."""
        return int(self._rows(f"SELECT COUNT(*) FROM {table}")[0][0])

    def documents(self) -> list[Document]:
        """All documents, in order of their ids."""
        return list(self._all_documents())

    def _documents(self, tail: str, values: Sequence[Any] = ()) -> list[Document]:
        rows = self._rows(
            "SELECT id, path, title, format, encoding, truncated, problems, characters, passages, "
            f"resolved, {self._modified}, json_array_length(pages) FROM documents {tail}",
            values,
        )
        titles, tags = self._shelf.titles, self._shelf.tags
        return [
            Document(
                id=row[0],
                path=row[1],
                title=titles.get(row[9], row[2]),
                format=row[3],
                encoding=row[4],
                truncated=bool(row[5]),
                problems=_problems(row[6]),
                characters=row[7],
                passages=row[8],
                resolved=row[9],
                tags=tags.get(row[9], ()),
                modified=row[10],
                pages=row[11],
            )
            for row in rows
        ]

    def document(self, document: int) -> Document:
        """One document by id."""
        return self._one_document(document)

    def _document(self, document: int) -> Document:
        return self._documents("WHERE id = ?", (document,))[0]

    def _trail(self, document: int) -> Trail:
        """The raw text of a document with its edits."""
        ((raw, edits),) = self._rows("SELECT raw, edits FROM documents WHERE id = ?", (document,))
        text = _unpack(raw)
        return Trail(
            text,
            tuple(
                Edit(rule, start, end, text[start:end], inserted)
                for rule, start, end, inserted in json.loads(_unpack(edits))
            ),
        )

    def pages(self, document: int) -> tuple[Page, ...]:
        """The pages of a document, as spans of its raw text."""
        ((pages,),) = self._rows("SELECT pages FROM documents WHERE id = ?", (document,))
        return tuple(Page(*page) for page in json.loads(pages))

    def outline(self, document: int) -> tuple[Node, ...]:
        """The headings and items of a document."""
        ((outline,),) = self._rows("SELECT outline FROM documents WHERE id = ?", (document,))
        return tuple(Node(*node) for node in json.loads(_unpack(outline)))

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Passages by id."""
        select = "id, document, start, end, kind, headings, text, header"
        return {row[0]: _passage(*row) for row in self._by_ids("passages", "id", ids, select)}

    def places(self) -> Places:
        """Which window belongs to which passage, and which passage to which document."""
        documents = self._rows("SELECT document FROM passages ORDER BY id")
        windows = self._rows("SELECT passage, kind = 'list' FROM windows ORDER BY id")
        table = np.array(windows, dtype=np.int64).reshape(-1, 2)
        return Places.of(
            np.array(documents, dtype=np.int64).reshape(-1), table[:, 0], table[:, 1].astype(bool)
        )

    def windows(self, ids: Sequence[int]) -> dict[int, Window]:
        """Windows by id."""
        return {r[0]: Window(*r) for r in self._by_ids("windows", "id", ids, _WINDOW)}

    def windows_of(self, passages: Sequence[int]) -> list[Window]:
        """All windows of the named passages."""
        return [Window(*r) for r in self._by_ids("windows", "passage", passages, _WINDOW)]

    def window_texts(self) -> list[str]:
        """What the encoder read of each window, in order of their ids."""
        return [text for (text,) in self._rows("SELECT text FROM windows ORDER BY id")]

    def list_of(self, window: int) -> ItemList | None:
        """The list that a window of kind "list" stands for."""
        rows = self._rows(
            "SELECT l.* FROM lists l JOIN windows w ON w.list = l.id WHERE w.id = ?", (window,)
        )
        return _item_list(*rows[0]) if rows else None

    def hashes(self) -> dict[str, tuple[int, str]]:
        """resolved path -> (id, SHA-256 of the file when it was read)."""
        rows = self._rows("SELECT resolved, id, sha256 FROM documents")
        return {resolved: (number, digest) for resolved, number, digest in rows}

    def report(self, document: int) -> ParsedReport:
        """All that is kept of a document, as `parse_report` gave it."""
        (row,) = self._rows(
            "SELECT path, resolved, sha256, title, format, encoding, truncated, problems, "
            f"{self._modified} FROM documents WHERE id = ?",
            (document,),
        )
        path, resolved, sha256, title, kind, encoding, truncated, problems, modified = row
        passages = self._by_ids("passages", "document", [document])
        lists = self._by_ids("lists", "document", [document])
        windows = self._by_ids("windows", "passage", [p[0] for p in passages])
        first_passage = passages[0][0] if passages else 0
        first_window = windows[0][0] if windows else 0
        first_list = lists[0][0] if lists else 0
        return ParsedReport(
            path=path,
            resolved=resolved,
            sha256=sha256,
            title=title,
            format=kind,
            encoding=encoding,
            truncated=bool(truncated),
            problems=_problems(problems),
            trail=self.trail(document),
            pages=self.pages(document),
            nodes=self.outline(document),
            passages=tuple(_passage(i - first_passage, 0, *row) for i, _, *row in passages),
            windows=tuple(_window(row, first_window, first_passage, first_list) for row in windows),
            lists=tuple(_item_list(i - first_list, 0, *row) for i, _, *row in lists),
            modified=modified,
        )


def _passage(
    number: int,
    document: int,
    start: int,
    end: int,
    kind: str,
    headings: str,
    text: str,
    header: str,
    terms: str = "",
) -> Passage:
    return Passage(number, document, start, end, kind, _strings(headings), text, header, terms)


def _window(row: tuple[Any, ...], first: int, first_passage: int, first_list: int) -> Window:
    """Return a window with ids that count within its report."""
    number, passage, start, end, kind, in_list, text = row
    in_list = None if in_list is None else in_list - first_list
    return Window(number - first, passage - first_passage, start, end, kind, in_list, text)


def _item_list(
    number: int,
    document: int,
    kind: str,
    headings: str,
    intro: str | None,
    items: str,
    labels: str,
    truncated: int,
) -> ItemList:
    return ItemList(
        id=number,
        document=document,
        kind=kind,
        headings=_strings(headings),
        intro=Span(*json.loads(intro)) if intro else None,
        items=tuple(Span(*pair) for pair in json.loads(items)),
        labels=tuple(Span(*pair) for pair in json.loads(labels)),
        truncated=bool(truncated),
    )


def _problems(text: str) -> tuple[Message, ...]:
    return tuple(map(from_json, json.loads(text)))


def _strings(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pack(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def _unpack(data: bytes) -> str:
    return zlib.decompress(data).decode("utf-8", "surrogatepass")
