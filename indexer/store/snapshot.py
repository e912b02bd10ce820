"""An index folder on disk: immutable snapshots, and one pointer file that names the current one.

    INDEX/CURRENT                   the current snapshot's name, replaced by rename
    INDEX/snapshots/000001/         manifest.json, catalogue.sqlite, lexical/, vectors.faiss and,
                                    where the user added words, vocabulary.json
    INDEX/terms.txt ...             words that the user adds: see indexer/text/vocabulary.py
    INDEX/shelf.json                titles and tags that the user gave: see titles_and_tags.py
    INDEX/lock                      locked by the one process that writes

A new snapshot is written beside the others under a name that no reader looks at, and gets its own
name when it is complete. A reader sees the old one or the new one (promise 5).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import YinjuError, message_of, reason_of, verbatim
from indexer.messages import Message, message
from indexer.parsed_report import PIPELINE, ParsedReport
from indexer.text.segment import Segmenter
from indexer.text.vocabulary import EMPTY, Vocabulary, parse_vocabulary

from .bm25 import Bm25Index, write_bm25
from .catalogue import Catalogue, write_catalogue
from .membership import Membership
from .titles_and_tags import read_titles_and_tags
from .vectors import VectorIndex, write_vectors

# Raise it whenever an older program could not read what a newer one writes, or the reverse.
FORMAT = 2
# How many snapshots are kept: the current one and the two before it, to roll back to.
KEEP = 3
_UNFINISHED = ".unfinished-"
_VOCABULARY = "vocabulary.json"


@dataclass(frozen=True, slots=True)
class Files:
    """The paths of an index folder, each named once, here."""

    index: Path

    @property
    def current(self) -> Path:
        """The pointer file, which holds the name of the current snapshot."""
        return self.index / "CURRENT"

    @property
    def lock(self) -> Path:
        """The file that the writing process locks."""
        return self.index / "lock"

    @property
    def snapshots(self) -> Path:
        """The folder of the snapshots."""
        return self.index / "snapshots"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a snapshot, its manifest.json."""

    format: int
    """The `FORMAT` of the program that wrote it."""
    pipeline: int
    """The `PIPELINE` that read its reports."""
    model: str | None
    """The name or path of the model that the user asked for; None for the default."""
    identity: str
    """The encoder's identity: the model's name and a hash of what decides its vectors."""
    dim: int
    """Components of a vector."""
    documents: int
    passages: int
    windows: int
    files: dict[str, tuple[int, str]]
    """Name -> (bytes, SHA-256)."""
    paths: tuple[str, ...]
    """The documents' resolved paths, so that even a program that cannot read the rest can index them
    again."""


@dataclass(frozen=True)
class Snapshot:
    """An open snapshot: all that a search reads."""

    name: str
    manifest: Manifest
    catalogue: Catalogue
    lexical: Bm25Index
    vectors: VectorIndex
    vocabulary: Vocabulary

    @cached_property
    def membership(self) -> Membership:
        """Which window belongs to which passage and document; read at the first question."""
        return self.catalogue.membership()

    @cached_property
    def segmenter(self) -> Segmenter:
        """The segmenter with the snapshot's vocabulary: it cuts questions as the passages were cut."""
        return Segmenter(self.vocabulary)


def read_manifest(index: Path, name: str | None = None) -> tuple[str, Manifest]:
    """Return the name and manifest of a snapshot.

    Of a snapshot of another format the manifest holds only its format, model and paths.

    Args:
        name: None for the current snapshot.

    Raises:
        YinjuError: there is no index, or its pointer or manifest is damaged.
    """
    files = Files(index)
    if name is None:
        name = current_name(index)
    path = files.snapshots / name / "manifest.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return name, _parse_manifest(values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged_error(index, message("found.manifest", reason=message_of(error))) from error


def current_name(index: Path) -> str:
    """Return the name of the current snapshot, which the pointer file gives.

    Raises:
        YinjuError: there is no pointer file, or it names no snapshot.
    """
    files = Files(index)
    try:
        name = files.current.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise YinjuError("index.missing", index=index) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = message_of(error)
        raise YinjuError("file.unreadable", path=files.current, reason=reason) from error
    if not name or "/" in name or name.startswith("."):
        raise _damaged_error(index, message("found.current", name=name))
    return name


def _parse_manifest(values: dict[str, Any]) -> Manifest:
    paths = tuple(str(path) for path in values.get("paths", ()))
    if int(values["format"]) != FORMAT:
        model = values.get("model")
        return Manifest(int(values["format"]), 0, model, "", 0, 0, 0, 0, {}, paths)
    files = {str(k): (int(v[0]), str(v[1])) for k, v in values["files"].items()}
    return Manifest(**{**values, "files": files, "paths": paths})


def open_snapshot(index: Path, name: str | None = None) -> Snapshot:
    """Open a snapshot and check that its parts belong together.

    Args:
        name: None for the current snapshot.

    Raises:
        YinjuError: there is no index, it has another format, or a part is missing, has another size
            or another number of entries.
    """
    name, manifest = read_manifest(index, name)
    if manifest.format != FORMAT:
        raise YinjuError("index.other_format", index=index, found=manifest.format, expected=FORMAT)
    folder = Files(index).snapshots / name
    for file, (size, _) in manifest.files.items():
        try:
            found = (folder / file).stat().st_size
        except FileNotFoundError:
            raise _damaged_error(index, message("found.missing_file", file=file)) from None
        if found != size:
            other_size = message("found.other_size", file=file, found=found, expected=size)
            raise _damaged_error(index, other_size)
    try:
        snapshot = Snapshot(
            name,
            manifest,
            Catalogue(folder / "catalogue.sqlite", read_titles_and_tags(index)),
            Bm25Index(folder / "lexical"),
            VectorIndex(folder / "vectors.faiss"),
            _read_vocabulary(folder / _VOCABULARY) if _VOCABULARY in manifest.files else EMPTY,
        )
        _check_counts(index, snapshot)
    except (
        sqlite3.DatabaseError,
        RuntimeError,
        ValueError,
        KeyError,
        TypeError,
        OSError,
    ) as error:
        raise _damaged_error(index, verbatim(str(error).splitlines()[0])) from error
    return snapshot


def _read_vocabulary(path: Path) -> Vocabulary:
    return parse_vocabulary(path.read_text(encoding="utf-8"))


def _check_counts(index: Path, snapshot: Snapshot) -> None:
    manifest = snapshot.manifest
    found = {
        "found.passages_in_catalogue": (snapshot.catalogue.count("passages"), manifest.passages),
        "found.windows_in_catalogue": (snapshot.catalogue.count("windows"), manifest.windows),
        "found.passages_in_lexical": (snapshot.lexical.size, manifest.passages),
        "found.vectors": (snapshot.vectors.size, manifest.windows),
        "found.components": (snapshot.vectors.dim, manifest.dim),
    }
    for code, (count, expected) in found.items():
        if count != expected:
            what = message(code)
            other_count = message("found.other_count", found=count, what=what, expected=expected)
            raise _damaged_error(index, other_count)


def _damaged_error(index: Path, found: Message) -> YinjuError:
    return YinjuError("index.damaged", index=index, found=found)


def verify(index: Path) -> None:
    """Read every file of the current snapshot and compare its checksum.

    Raises:
        YinjuError: there is no index, or a file differs from what was written.
    """
    name, manifest = read_manifest(index)
    folder = Files(index).snapshots / name
    for file, (_, digest) in manifest.files.items():
        if not (folder / file).is_file() or _digest(folder / file) != digest:
            raise _damaged_error(index, message("found.other_content", file=file))


@contextmanager
def writer_lock(index: Path) -> Iterator[None]:
    """Take the writer lock of an index and delete unfinished snapshots of a crashed process.

    Raises:
        YinjuError: another process is indexing into the same folder, or it cannot be written.
    """
    from filelock import FileLock, Timeout

    files = Files(index)
    try:
        files.snapshots.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise YinjuError("index.no_folder", index=index, reason=reason_of(error)) from error
    try:
        with FileLock(files.lock, timeout=0):
            for unfinished in files.snapshots.glob(f"{_UNFINISHED}*"):
                shutil.rmtree(unfinished)
            yield
    except Timeout:
        raise YinjuError("index.busy", index=index) from None


def write_snapshot(
    index: Path,
    reports: Sequence[ParsedReport],
    vectors: NDArray[np.float32],
    model: str | None,
    identity: str,
    vocabulary: Vocabulary = EMPTY,
    pipeline: int = PIPELINE,
) -> str:
    """Write a snapshot of `reports` and make it the current one. Call it inside `writer_lock`.

    Args:
        vectors: unit vectors of all windows, in the order of the reports, shape (windows, dim).
        model: the name or path that the user asked for, None for the default.
        identity: the identity of the encoder that made the vectors.
        vocabulary: the words that the reports' terms were cut with.
        pipeline: the `PIPELINE` that read the reports.

    Returns:
        The new snapshot's name.

    Raises:
        ValueError: there are not as many vectors as windows.
    """
    windows = sum(len(report.windows) for report in reports)
    if len(vectors) != windows:
        raise ValueError(f"{len(vectors)} vectors for {windows} windows")
    files = Files(index)
    folder = files.snapshots / f"{_UNFINISHED}{os.getpid()}"
    folder.mkdir()
    write_catalogue(folder / "catalogue.sqlite", reports)
    terms = (passage.terms for report in reports for passage in report.passages)
    write_bm25(folder / "lexical", enumerate(terms))
    write_vectors(folder / "vectors.faiss", vectors)
    if vocabulary:
        (folder / _VOCABULARY).write_text(vocabulary.to_json(), encoding="utf-8")
    manifest = Manifest(
        format=FORMAT,
        pipeline=pipeline,
        model=model,
        identity=identity,
        dim=vectors.shape[1],
        documents=len(reports),
        passages=sum(len(report.passages) for report in reports),
        windows=windows,
        files=_sizes_and_digests(folder),
        paths=tuple(report.resolved for report in reports),
    )
    _write_synced(folder / "manifest.json", json.dumps(asdict(manifest), ensure_ascii=False))
    name = f"{max([0, *map(int, list_names(index))]) + 1:06d}"
    os.replace(folder, files.snapshots / name)
    make_current(index, name)
    for old in list_names(index)[:-KEEP]:
        shutil.rmtree(files.snapshots / old)
    return name


def make_current(index: Path, name: str) -> None:
    """Point at another snapshot. Call it inside `writer_lock`."""
    _write_synced(Files(index).current, name)


def list_names(index: Path) -> list[str]:
    """Return the names of the snapshots, the oldest first."""
    return sorted(path.name for path in Files(index).snapshots.iterdir() if path.name.isdigit())


def _sizes_and_digests(folder: Path) -> dict[str, tuple[int, str]]:
    """Return (bytes, SHA-256) of each file, but not of tantivy's lock files: they have no content."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock"))
    return {p.relative_to(folder).as_posix(): (p.stat().st_size, _digest(p)) for p in paths}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_synced(path: Path, text: str) -> None:
    """Replace a small file so that after a crash it is the old one or the new one."""
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
