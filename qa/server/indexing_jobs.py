"""Reports that are indexed in the background, one batch after the other, with their progress."""

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

# What is sent at once: more is a folder, which `yinju index` takes.
MOST_FILES = 200
# Where uploads are kept, in the index folder.
UPLOADS = "uploads"
_LONGEST_NAME = 120
_BROKEN = message("server.indexing_broken")
_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class Job(BackgroundJob):
    """A batch of files that is indexed."""

    files: tuple[Path, ...]
    stage: str = ""
    """"read" (counts files), "encode" (counts windows), or "" before either."""
    done: int = 0
    """How many files or windows of the stage are done."""
    total: int = 0
    """How many files or windows the stage has."""
    model: Message | None = None
    """The stage at which the model is, while it is prepared."""
    stage_began: float = 0.0
    """When the stage began, in seconds of `time.monotonic`."""
    summary: Summary | None = None
    """What a job that is done did."""

    def seconds_left(self, now: float) -> float | None:
        """How long the stage still takes, if it goes on as it went; None where that is not known."""
        if self.state != "running" or not self.done or not self.total:
            return None
        return (now - self.stage_began) / self.done * (self.total - self.done)


class Jobs:
    """The queue of an index. A job that is cancelled or fails leaves the index as it was."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._queue: JobQueue[Job] = JobQueue("indexing", _BROKEN)
        self.all = self._queue.all
        self.busy = self._queue.busy
        self.cancel = self._queue.cancel
        self.wait = self._queue.wait

    def add(self, files: Sequence[Path]) -> Job:
        """Queue files to be indexed."""
        return self._queue.add(Job(tuple(files)), self._index)

    def _index(self, handle: Handle[Job]) -> dict[str, Any]:
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


def keep_uploads(index: Path, files: Sequence[Path], file_mb: int) -> list[Path]:
    """Copies uploaded files into the index folder, under names that are safe on any system.

    One of the same name takes the old one's place, and so does its report.

    Raises:
        YinjuError: they are too many, or one is too large or of a kind that is not read; then none
            is kept.
    """
    if len(files) > MOST_FILES:
        raise YinjuError("server.too_many_files", found=len(files), most=MOST_FILES)
    for file in files:
        if file.suffix.lower() not in LOADERS:
            known = " ".join(sorted(LOADERS))
            raise YinjuError("server.file_kind", name=file.name, known=known)
        if file.stat().st_size > file_mb * 2**20:
            raise YinjuError("server.file_too_large", name=file.name, limit=file_mb)
    folder = index / UPLOADS
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for file in files:
        path = folder / safe_name(file.name)
        beside = path.with_name(f".{path.name}.new")
        shutil.copyfile(file, beside)
        beside.replace(path)
        kept.append(path)
    return kept


def safe_name(name: str) -> str:
    """A file's name without what a file system may not take, its kind kept.

    >>> safe_name("../年报:2023.pdf"), safe_name("...txt")
    ('_年报_2023.pdf', '_.txt')
    """
    path = Path(_NO_NAME.sub("_", unicodedata.normalize("NFC", name)))
    stem = path.stem.strip(" .")[:_LONGEST_NAME] or "_"
    return stem + path.suffix
