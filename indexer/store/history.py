"""The snapshots that an index keeps: list them, go back to one, leave a report out of the next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer.errors import YinjuError

from .snapshot import (
    Files,
    make_current,
    names,
    open_snapshot,
    read_manifest,
    write_snapshot,
    writing,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot that is kept. written: when, in UTC. readable: of the format that is read now."""

    name: str
    written: datetime
    documents: int
    passages: int
    current: bool
    readable: bool


def list_snapshots(index: Path) -> list[Kept]:
    """The snapshots of an index, the newest first.

    Raises:
        YinjuError: there is no index, or a manifest is damaged.
    """
    now, _ = read_manifest(index)
    found = []
    for name in reversed(names(index)):
        _, manifest = read_manifest(index, name)
        path = Files(index).snapshots / name / "manifest.json"
        found.append(
            Kept(
                name,
                datetime.fromtimestamp(path.stat().st_mtime, UTC),
                manifest.documents,
                manifest.passages,
                name == now,
                bool(manifest.files),
            )
        )
    return found


def roll_back(index: Path, name: str) -> None:
    """Makes a kept snapshot the current one. Others stay, so that this can be undone.

    Raises:
        YinjuError: it is not kept, is of another format or damaged, or another process is indexing.
    """
    with writing(index):
        kept = [one.name for one in list_snapshots(index) if one.readable]
        if name not in kept:
            raise YinjuError("index.no_snapshot", index=index, name=name, known=", ".join(kept))
        open_snapshot(index, name)
        make_current(index, name)


def remove_documents(index: Path, paths: Collection[str]) -> int:
    """Writes a snapshot without the documents indexed as `paths`; their files stay.

    Returns:
        How many documents are left.

    Raises:
        YinjuError: one of them is not in the index, or another process is indexing.
    """
    with writing(index):
        old = open_snapshot(index)
        documents = old.catalogue.documents()
        unknown = sorted(set(paths) - {document.path for document in documents})
        if unknown:
            raise YinjuError("index.no_report", path=unknown[0], index=index)
        stay = [document.id for document in documents if document.path not in paths]
        reports = [old.catalogue.report(number) for number in stay]
        windows = old.places.windows_in(stay)
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
