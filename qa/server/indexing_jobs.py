"""Reports that are indexed in the background, one batch after the other, with their progress."""

from __future__ import annotations

import re
import shutil
import time
import unicodedata
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Lock, Thread

from indexer.build import Summary, build_index
from indexer.config import Config
from indexer.errors import YinjuError
from indexer.load import LOADERS

# What is sent at once: more is a folder, which `yinju index` takes.
MOST_FILES = 200
# Where uploads are kept, in the index folder.
UPLOADS = "uploads"
_LONGEST_NAME = 120
_BROKEN = "indexing stopped by an error of the program; the index is as it was"
_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class Job:
    """A batch of files. state: "waiting", "running", "done", "failed" or "cancelled".

    stage: "read" (counts files), "encode" (counts windows) or "". model: the stage at which the
    model is, while it is prepared (`qa.web.views.conversation.stage_html`). began, ended: seconds of a clock
    that only runs forwards; 0 before. error: what went wrong with all of it.
    """

    id: int
    files: tuple[Path, ...]
    state: str = "waiting"
    stage: str = ""
    done: int = 0
    total: int = 0
    model: str = ""
    began: float = 0.0
    stage_began: float = 0.0
    ended: float = 0.0
    summary: Summary | None = None
    error: str = ""

    def seconds_left(self, now: float) -> float | None:
        """How long the stage still takes, if it goes on as it went; None where that is not known."""
        if self.state != "running" or not self.done or not self.total:
            return None
        return (now - self.stage_began) / self.done * (self.total - self.done)


class Cancelled(Exception):
    """Raised within an indexing run whose job was cancelled; the index stays as it was."""


class Jobs:
    """The queue of an index; one thread works on it while there is something to do."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._jobs: dict[int, Job] = {}
        self._waiting: deque[int] = deque()
        self._stops: dict[int, Event] = {}
        self._lock = Lock()
        self._worker: Thread | None = None

    def add(self, files: Sequence[Path]) -> Job:
        """Queues files to be indexed."""
        with self._lock:
            job = Job(len(self._jobs) + 1, tuple(files))
            self._jobs[job.id] = job
            self._stops[job.id] = Event()
            self._waiting.append(job.id)
            if self._worker is None or not self._worker.is_alive():
                self._worker = Thread(target=self._work, name="indexing", daemon=True)
                self._worker.start()
        return job

    def all(self) -> tuple[Job, ...]:
        """All jobs, the oldest first."""
        with self._lock:
            return tuple(self._jobs.values())

    def busy(self) -> bool:
        """Whether any job waits or runs."""
        return any(job.state in ("waiting", "running") for job in self.all())

    def cancel(self, number: int) -> None:
        """Stops a job; what it did so far is dropped."""
        with self._lock:
            job = self._jobs.get(number)
            if job is None:
                return
            self._stops[number].set()
            if job.state == "waiting":
                self._waiting.remove(number)
                self._jobs[number] = replace(job, state="cancelled")

    def wait(self) -> None:
        """Waits until nothing is left to do."""
        worker = self._worker
        if worker is not None:
            worker.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._worker = None
                    return
                number = self._waiting.popleft()
                now = time.monotonic()
                self._jobs[number] = replace(self._jobs[number], state="running", began=now)
            outcome: dict[str, object] = {"state": "failed", "error": _BROKEN}
            try:
                outcome = self._run(number)
            finally:  # whatever else goes wrong, it does not run for ever
                self._change(number, **outcome, ended=time.monotonic())

    def _run(self, number: int) -> dict[str, object]:
        """Runs a job; what is new of it."""
        try:
            summary = build_index(
                self._config,
                list(self._jobs[number].files),
                on_progress=lambda stage, done, total: self._progress(number, stage, done, total),
                notify=lambda line: self._heard(number, line),
            )
        except Cancelled:
            return {"state": "cancelled"}
        except YinjuError as error:
            return {"state": "failed", "error": str(error)}
        return {"state": "done", "summary": summary}

    def _heard(self, number: int, line: str) -> None:
        if self._stops[number].is_set():
            raise Cancelled
        self._change(number, model=line)

    def _progress(self, number: int, stage: str, done: int, total: int) -> None:
        if self._stops[number].is_set():
            raise Cancelled
        job = self._jobs[number]
        began = job.stage_began if job.stage == stage else time.monotonic()
        self._change(number, stage=stage, done=done, total=total, stage_began=began, model="")

    def _change(self, number: int, **values: object) -> None:
        with self._lock:
            self._jobs[number] = replace(self._jobs[number], **values)  # type: ignore[arg-type]


def keep_uploads(index: Path, files: Sequence[Path], file_mb: int) -> list[Path]:
    """Copies uploaded files into the index folder, under names that are safe on any system.

    One of the same name takes the old one's place, and so does its report.

    Raises:
        YinjuError: they are too many, or one is too large or of a kind that is not read; then none
            is kept.
    """
    if len(files) > MOST_FILES:
        raise YinjuError(
            f"found {len(files)} files, expected {MOST_FILES} at most; send fewer at once"
        )
    for file in files:
        if file.suffix.lower() not in LOADERS:
            known = " ".join(sorted(LOADERS))
            raise YinjuError(f"{file.name}: is of a kind that is not read; expected {known}")
        if file.stat().st_size > file_mb * 2**20:
            raise YinjuError(f"{file.name}: is larger than {file_mb} MB; split it")
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
