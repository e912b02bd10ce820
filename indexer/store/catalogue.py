"""The catalogue: one SQLite file of documents, passages, windows and lists, written once."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from indexer.cleaning.trail import Edit, Trail
from indexer.document import Page
from indexer.messages import Message, as_json, from_json
from indexer.parsed_report import ParsedReport
from indexer.structure.outline import Node
from indexer.text.fold import fold
from indexer.types import PROPERTIES, Document, ItemList, Passage, Property, Span, Window

from .membership import Membership
from .titles_and_tags import NO_TITLES_AND_TAGS, TitlesAndTags

# How many trails are kept unpacked: those of ten answers, about a megabyte each at the most.
_CACHED_TRAILS = 10
# How many `Document`s are kept, a few hundred bytes each.
_CACHED_DOCUMENTS = 4096

# The columns of a `Window`.
_WINDOW_COLUMNS = "id, passage, start, end, kind"

_SCHEMA = """
CREATE TABLE documents (id INTEGER PRIMARY KEY, path TEXT NOT NULL, resolved TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL, title TEXT NOT NULL, format TEXT NOT NULL, encoding TEXT,
    truncated INTEGER NOT NULL, problems TEXT NOT NULL, characters INTEGER NOT NULL,
    passages INTEGER NOT NULL, raw BLOB NOT NULL, edits BLOB NOT NULL, pages TEXT NOT NULL,
    outline BLOB NOT NULL, modified TEXT NOT NULL, about TEXT NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, kind TEXT NOT NULL, headings TEXT NOT NULL, text TEXT NOT NULL,
    header TEXT NOT NULL, lead TEXT NOT NULL, terms TEXT NOT NULL);
CREATE TABLE lists (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, kind TEXT NOT NULL,
    headings TEXT NOT NULL, intro TEXT, items TEXT NOT NULL, labels TEXT NOT NULL, truncated INTEGER NOT NULL);
CREATE TABLE windows (id INTEGER PRIMARY KEY, passage INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, kind TEXT NOT NULL, list INTEGER, text TEXT NOT NULL);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX windows_by_passage ON windows (passage);
CREATE INDEX lists_by_document ON lists (document);
"""


def write_catalogue(path: Path, reports: Sequence[ParsedReport]) -> None:
    """Write a new catalogue; ids count from 0 in the order of `reports`."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCHEMA)
        passages = windows = lists = 0
        for document, report in enumerate(reports):
            _insert(connection, "documents", [_document_row(document, report)])
            rows = [_passage_row(passage, passages, document) for passage in report.passages]
            _insert(connection, "passages", rows)
            rows = [_list_row(item_list, lists, document) for item_list in report.lists]
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
        _to_json([as_json(problem) for problem in report.problems]),
        len(report.trail.text),
        len(report.passages),
        _pack(report.trail.raw),
        _pack(_to_json([_edit_row(e) for e in report.trail.edits])),
        _to_json([(p.number, p.start, p.end) for p in report.pages]),
        _pack(_to_json([[*asdict(node).values()] for node in report.nodes])),
        report.modified,
        _to_json([astuple(property) for property in report.about]),
    )


def _passage_row(passage: Passage, first: int, document: int) -> tuple[Any, ...]:
    return (
        first + passage.id,
        document,
        passage.start,
        passage.end,
        passage.kind,
        _to_json(passage.headings),
        passage.text,
        passage.header,
        passage.lead,
        passage.terms,
    )


def _list_row(item_list: ItemList, first: int, document: int) -> tuple[Any, ...]:
    return (
        first + item_list.id,
        document,
        item_list.kind,
        _to_json(item_list.headings),
        item_list.intro and _to_json(_span_pair(item_list.intro)),
        _to_json([*map(_span_pair, item_list.items)]),
        _to_json([*map(_span_pair, item_list.labels)]),
        item_list.truncated,
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
    """A reader of a catalogue, safe to share between threads: calls take turns on one connection."""

    def __init__(self, path: Path, titles_and_tags: TitlesAndTags = NO_TITLES_AND_TAGS) -> None:
        self._titles_and_tags = titles_and_tags
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        # An index that was written before reports had a date and properties lacks the columns.
        columns = {row[1] for row in self._rows("PRAGMA table_info(documents)")}
        self._modified = "modified" if "modified" in columns else "''"
        self._about = "about" if "about" in columns else "'[]'"
        # Cache what is read: a question looks at the same few reports many times, and a snapshot
        # never changes.
        self.trail = lru_cache(maxsize=_CACHED_TRAILS)(self._read_trail)
        self.folded_headings = lru_cache(maxsize=1)(self._read_headings)
        self._all_documents = lru_cache(maxsize=1)(lambda: self._read_documents("ORDER BY id"))
        self._document = lru_cache(maxsize=_CACHED_DOCUMENTS)(self._read_document)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _by_ids(
        self, table: str, column: str, ids: Sequence[int], select: str = "*"
    ) -> list[tuple[Any, ...]]:
        if not ids:
            return []
        # Use json_each and not a list of "?": SQLite limits how many a statement may have.
        sql = (
            f"SELECT {select} FROM {table} WHERE {column} IN "
            "(SELECT value FROM json_each(?)) ORDER BY id"
        )
        return self._rows(sql, (json.dumps([int(i) for i in ids]),))

    def count(self, table: str) -> int:
        """Return how many rows `documents`, `passages`, `windows` or `lists` has."""
        return int(self._rows(f"SELECT COUNT(*) FROM {table}")[0][0])

    def documents(self) -> list[Document]:
        """Return all documents, in order of their ids."""
        return list(self._all_documents())

    def _read_documents(self, tail: str, values: Sequence[Any] = ()) -> list[Document]:
        rows = self._rows(
            "SELECT id, path, title, format, encoding, truncated, problems, characters, passages, "
            f"resolved, {self._modified}, json_array_length(pages), {self._about} FROM documents {tail}",
            values,
        )
        titles, tags = self._titles_and_tags.titles, self._titles_and_tags.tags
        mended = self._titles_and_tags.about
        return [
            Document(
                id=row[0],
                path=row[1],
                title=titles.get(row[9], row[2]),
                format=row[3],
                encoding=row[4],
                truncated=bool(row[5]),
                problems=_read_problems(row[6]),
                characters=row[7],
                passages=row[8],
                resolved=row[9],
                tags=tags.get(row[9], ()),
                modified=row[10],
                pages=row[11],
                about=_mend(_read_about(row[12]), mended.get(row[9], {})),
            )
            for row in rows
        ]

    def document(self, document: int) -> Document:
        """Return a document by id."""
        return self._document(document)

    def _read_document(self, document: int) -> Document:
        return self._read_documents("WHERE id = ?", (document,))[0]

    def _read_trail(self, document: int) -> Trail:
        """Return the raw text of a document with the edits that clean it."""
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
        """Return the pages of a document, as spans of its raw text."""
        ((pages,),) = self._rows("SELECT pages FROM documents WHERE id = ?", (document,))
        return tuple(Page(*page) for page in json.loads(pages))

    def outline(self, document: int) -> tuple[Node, ...]:
        """Return the headings and list items of a document."""
        ((outline,),) = self._rows("SELECT outline FROM documents WHERE id = ?", (document,))
        return tuple(Node(*node) for node in json.loads(_unpack(outline)))

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Return the given passages by id, without their terms."""
        select = "id, document, start, end, kind, headings, text, header, lead"
        return {row[0]: _read_passage(*row) for row in self._by_ids("passages", "id", ids, select)}

    def _read_headings(self) -> str:
        """Return all headings above passages, folded, a chain of them a line."""
        rows = self._rows("SELECT DISTINCT headings FROM passages")
        return fold("\n".join(row[0] for row in rows))

    def membership(self) -> Membership:
        """Return which window belongs to which passage, and which passage to which document."""
        documents = self._rows("SELECT document FROM passages ORDER BY id")
        windows = self._rows("SELECT passage, kind = 'list' FROM windows ORDER BY id")
        table = np.array(windows, dtype=np.int64).reshape(-1, 2)
        return Membership.from_columns(
            np.array(documents, dtype=np.int64).reshape(-1), table[:, 0], table[:, 1].astype(bool)
        )

    def windows(self, ids: Sequence[int]) -> dict[int, Window]:
        """Return the given windows by id, without their lists and texts."""
        return {r[0]: Window(*r) for r in self._by_ids("windows", "id", ids, _WINDOW_COLUMNS)}

    def windows_of(self, passages: Sequence[int]) -> list[Window]:
        """Return all windows of the given passages, in order of their ids."""
        return [Window(*r) for r in self._by_ids("windows", "passage", passages, _WINDOW_COLUMNS)]

    def window_texts(self) -> list[str]:
        """Return the text that the encoder read of each window, in order of their ids."""
        return [text for (text,) in self._rows("SELECT text FROM windows ORDER BY id")]

    def list_of_window(self, window: int) -> ItemList | None:
        """Return the list that a window of kind "list" stands for; None for any other window."""
        rows = self._rows(
            "SELECT l.* FROM lists l JOIN windows w ON w.list = l.id WHERE w.id = ?", (window,)
        )
        return _read_list(*rows[0]) if rows else None

    def lists_introduced_at(self, document: int, start: int) -> list[ItemList]:
        """Return the lists of a document whose introduction begins at a place of its text."""
        sql = "SELECT * FROM lists WHERE document = ? AND intro LIKE ?"
        return [_read_list(*row) for row in self._rows(sql, (document, f"[{start},%"))]

    def file_hashes(self) -> dict[str, tuple[int, str]]:
        """Return resolved path -> (id, SHA-256 of the file when it was read)."""
        rows = self._rows("SELECT resolved, id, sha256 FROM documents")
        return {resolved: (number, digest) for resolved, number, digest in rows}

    def report(self, document: int) -> ParsedReport:
        """Return all that the catalogue holds of a document, as `parse_report` returned it."""
        (row,) = self._rows(
            "SELECT path, resolved, sha256, title, format, encoding, truncated, problems, "
            f"{self._modified}, {self._about} FROM documents WHERE id = ?",
            (document,),
        )
        path, resolved, sha256, title, kind, encoding, truncated, problems, modified, about = row
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
            problems=_read_problems(problems),
            trail=self.trail(document),
            pages=self.pages(document),
            nodes=self.outline(document),
            passages=tuple(_read_passage(i - first_passage, 0, *row) for i, _, *row in passages),
            windows=tuple(
                _read_window(row, first_window, first_passage, first_list) for row in windows
            ),
            lists=tuple(_read_list(i - first_list, 0, *row) for i, _, *row in lists),
            modified=modified,
            about=_read_about(about),
        )


def _read_about(text: str) -> tuple[Property, ...]:
    return tuple(Property(*row) for row in json.loads(text))


def _mend(found: Sequence[Property], given: Mapping[str, str]) -> tuple[Property, ...]:
    """Return the properties of a report with those that the user gave, in their order."""
    known = {p.name: p for p in found} | {n: Property(n, v, "user") for n, v in given.items()}
    return tuple(known[name] for name in PROPERTIES if name in known)


def _read_passage(
    number: int,
    document: int,
    start: int,
    end: int,
    kind: str,
    headings: str,
    text: str,
    header: str,
    lead: str,
    terms: str = "",
) -> Passage:
    above = _read_strings(headings)
    return Passage(number, document, start, end, kind, above, text, header, lead, terms)


def _read_window(row: tuple[Any, ...], first: int, first_passage: int, first_list: int) -> Window:
    """Return a window of a row, with ids that count within its report."""
    number, passage, start, end, kind, in_list, text = row
    in_list = None if in_list is None else in_list - first_list
    return Window(number - first, passage - first_passage, start, end, kind, in_list, text)


def _read_list(
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
        headings=_read_strings(headings),
        intro=Span(*json.loads(intro)) if intro else None,
        items=tuple(Span(*pair) for pair in json.loads(items)),
        labels=tuple(Span(*pair) for pair in json.loads(labels)),
        truncated=bool(truncated),
    )


def _read_problems(text: str) -> tuple[Message, ...]:
    return tuple(map(from_json, json.loads(text)))


def _read_strings(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _span_pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pack(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def _unpack(data: bytes) -> str:
    return zlib.decompress(data).decode("utf-8", "surrogatepass")
