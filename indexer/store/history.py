"""The snapshots that an index keeps: list them, go back to one, leave reports out of the next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer.errors import YinjuError

from .snapshot import (
    Files,
    list_names,
    make_current,
    open_snapshot,
    read_manifest,
    write_snapshot,
    writer_lock,
)


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A snapshot of an index, as a list of snapshots shows it."""

    name: str
    written: datetime
    """When it was written, in UTC."""
    documents: int
    passages: int
    current: bool
    readable: bool
    """Whether it has the format that this program reads."""


def list_snapshots(index: Path) -> list[SnapshotInfo]:
    """Return the snapshots of an index, the newest first.

    Raises:
        YinjuError: there is no index, or a manifest is damaged.
    """
    current, _ = read_manifest(index)
    found = []
    for name in reversed(list_names(index)):
        _, manifest = read_manifest(index, name)
        path = Files(index).snapshots / name / "manifest.json"
        found.append(
            SnapshotInfo(
                name,
                datetime.fromtimestamp(path.stat().st_mtime, UTC),
                manifest.documents,
                manifest.passages,
                name == current,
                bool(manifest.files),
            )
        )
    return found


def roll_back(index: Path, name: str) -> None:
    """Make an older snapshot the current one. The others stay, so that this can be undone.

    Raises:
        YinjuError: there is no such snapshot, it has another format or is damaged, or another
            process is indexing.
    """
    with writer_lock(index):
        readable = [info.name for info in list_snapshots(index) if info.readable]
        if name not in readable:
            known = ", ".join(readable)
            raise YinjuError("index.no_snapshot", index=index, name=name, known=known)
        open_snapshot(index, name)
        make_current(index, name)


def remove_documents(index: Path, paths: Collection[str]) -> int:
    """Write a snapshot without the documents that are indexed as `paths`; their files stay.

    Returns:
        How many documents are left.

    Raises:
        YinjuError: one of them is not in the index, or another process is indexing.
    """
    with writer_lock(index):
        old = open_snapshot(index)
        documents = old.catalogue.documents()
        unknown = sorted(set(paths) - {document.path for document in documents})
        if unknown:
            raise YinjuError("index.no_report", path=unknown[0], index=index)
        left = [document.id for document in documents if document.path not in paths]
        reports = [old.catalogue.report(number) for number in left]
        windows = old.membership.windows_in(left)
        manifest = old.manifest
        write_snapshot(
            index,
            reports,
            old.vectors.rows(windows.tolist()),
            manifest.model,
            manifest.identity,
            old.vocabulary,
            manifest.pipeline,
        )
        return len(reports)
