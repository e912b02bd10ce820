"""Indexing in the background: batches of files one after the other, with progress; saved uploads."""

from __future__ import annotations

import re
import shutil
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.build import Summary, build_index
from indexer.config import Config
from indexer.errors import YinjuError
from indexer.load import LOADERS
from indexer.messages import Message, message

from .background import BackgroundJob, Handle, JobQueue

# The most files of one upload. For more, `yinju index` takes a folder.
MAX_FILES = 200
# The folder of uploaded files in the index folder.
UPLOADS_FOLDER = "uploads"
# The most characters of a file name, without its extension.
_MAX_NAME = 120
_BROKEN = message("server.indexing_broken")
# Characters that a file name may not have on some system.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class IndexingJob(BackgroundJob):
    """A batch of files that is indexed."""

    files: tuple[Path, ...]
    stage: str = ""
    """"read" (counts files), "encode" (counts windows), or "" before either."""
    done: int = 0
    """How many files or windows of the stage are done."""
    total: int = 0
    """How many files or windows the stage has."""
    model: Message | None = None
    """The stage of the model's preparation, while it is prepared."""
    stage_began: float = 0.0
    """When the stage began, in seconds of `time.monotonic`."""
    summary: Summary | None = None
    """What was added, updated or failed, once the job is done."""

    def seconds_left(self, now: float) -> float | None:
        """Estimate the seconds that the stage still takes, at the speed so far.

        Args:
            now: in seconds of `time.monotonic`.

        Returns:
            None if the job does not run or nothing of the stage is done yet.
        """
        if self.state != "running" or not self.done or not self.total:
            return None
        return (now - self.stage_began) / self.done * (self.total - self.done)


class IndexingJobs:
    """The indexing jobs of an index. A job that is cancelled or fails leaves the index unchanged."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._queue: JobQueue[IndexingJob] = JobQueue("indexing", _BROKEN)
        self.all = self._queue.all
        self.busy = self._queue.busy
        self.cancel = self._queue.cancel
        self.wait = self._queue.wait

    def add(self, files: Sequence[Path]) -> IndexingJob:
        """Queue a batch of files to be indexed."""
        return self._queue.add(IndexingJob(tuple(files)), self._index)

    def _index(self, handle: Handle[IndexingJob]) -> dict[str, Any]:
        def on_progress(stage: str, done: int, total: int) -> None:
            job = handle.job
            began = job.stage_began if job.stage == stage else time.monotonic()
            handle.update(stage=stage, done=done, total=total, stage_began=began, model=None)

        summary = build_index(
            self._config,
            list(handle.job.files),
            on_progress=on_progress,
            notify=lambda stage: handle.update(model=stage),
        )
        return {"summary": summary}


def save_uploads(index: Path, files: Sequence[Path], file_mb: int) -> list[Path]:
    """Copy uploaded files into the index folder, under names that are safe on any system.

    A file replaces an earlier upload of the same name; once indexed, so does its report.

    Args:
        index: the index folder.
        files: the uploaded files.
        file_mb: the largest size of a file, in MB.

    Returns:
        The paths of the copies.

    Raises:
        YinjuError: there are too many files, or one is too large or of a format that is not read;
            then none is copied.
    """
    if len(files) > MAX_FILES:
        raise YinjuError("server.too_many_files", found=len(files), most=MAX_FILES)
    for file in files:
        if file.suffix.lower() not in LOADERS:
            known = " ".join(sorted(LOADERS))
            raise YinjuError("server.file_kind", name=file.name, known=known)
        if file.stat().st_size > file_mb * 2**20:
            raise YinjuError("server.file_too_large", name=file.name, limit=file_mb)
    folder = index / UPLOADS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for file in files:
        path = folder / to_safe_name(file.name)
        # Copy beside the old file first: a copy that fails leaves it as it was.
        copy = path.with_name(f".{path.name}.new")
        shutil.copyfile(file, copy)
        copy.replace(path)
        kept.append(path)
    return kept


def to_safe_name(name: str) -> str:
    """Replace what a file system may refuse in a file's name; keep the extension.

    >>> to_safe_name("../年报:2023.pdf"), to_safe_name("...txt")
    ('_年报_2023.pdf', '_.txt')
    """
    path = Path(_FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)))
    stem = path.stem.strip(" .")[:_MAX_NAME] or "_"
    return stem + path.suffix
