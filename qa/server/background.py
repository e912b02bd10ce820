"""Jobs that run in the background, one after the other, while the page shows how far they are."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread, main_thread
from typing import Any, Generic, TypeVar

from indexer.errors import YinjuError
from indexer.messages import Message

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundJob:
    """What is known of a job. Each kind of job adds its own fields: what it does, how far it is."""

    id: int = 0
    """Its number in its queue, from 1."""
    state: str = "waiting"
    """"waiting", "running", "done", "failed" or "cancelled"."""
    began: float = 0.0
    """When it began to run, in seconds of `time.monotonic`; 0 before."""
    ended: float = 0.0
    """When it ended, in the same seconds; 0 before."""
    error: Message | None = None
    """Why it failed."""

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")


J = TypeVar("J", bound=BackgroundJob)
# The work of a job: it gets a handle of its job and returns the job's fields that are its result.
Work = Callable[["Handle[J]"], Mapping[str, Any]]


class Cancelled(Exception):
    """Raised within the work of a job that was cancelled, when it next reports its progress."""


class Handle(Generic[J]):
    """A job as its own work sees it."""

    def __init__(self, queue: JobQueue[J], number: int, work: Work[J]) -> None:
        self.work = work
        self.stop = Event()
        self._queue = queue
        self._number = number

    @property
    def job(self) -> J:
        """The job as it is now."""
        return self._queue.job(self._number)

    def update(self, **fields: Any) -> None:
        """Change fields of the job, as its progress.

        Raises:
            Cancelled: the job was cancelled.
        """
        if self.stop.is_set():
            raise Cancelled
        self._queue.change(self._number, **fields)


class JobQueue(Generic[J]):
    """Jobs of one kind. A thread works on them as long as there are any, and then ends."""

    def __init__(self, name: str, broken: Message, *, daemon: bool = True) -> None:
        """Make an empty queue.

        Args:
            name: of the thread.
            broken: the error of a job that an error of the program ended.
            daemon: whether the process may end while a job runs.
        """
        self._name = name
        self._broken = broken
        self._daemon = daemon
        self._jobs: dict[int, J] = {}
        self._handles: dict[int, Handle[J]] = {}
        self._waiting: deque[int] = deque()
        self._lock = Lock()
        self._worker: Thread | None = None

    def add(self, job: J, work: Work[J]) -> J:
        """Queue a job, or run it now if no other does; return it with its id."""
        with self._lock:
            job = replace(job, id=len(self._jobs) + 1)
            self._jobs[job.id] = job
            self._handles[job.id] = Handle(self, job.id, work)
            self._waiting.append(job.id)
            if self._worker is None:
                first = self._next()
                self._worker = Thread(
                    target=self._work, args=[first], name=self._name, daemon=self._daemon
                )
                self._worker.start()
            return self._jobs[job.id]

    def all(self) -> tuple[J, ...]:
        """Return all jobs, the oldest first."""
        with self._lock:
            return tuple(self._jobs.values())

    def job(self, number: int) -> J:
        """Return a job by its id.

        Raises:
            KeyError: there is none.
        """
        with self._lock:
            return self._jobs[number]

    def latest(self) -> J | None:
        """Return the job that was added last."""
        with self._lock:
            return self._jobs[len(self._jobs)] if self._jobs else None

    def busy(self) -> bool:
        """Say whether any job waits or runs."""
        return any(job.active for job in self.all())

    def cancel(self, number: int) -> None:
        """Cancel a job: one that waits does not run, one that runs stops at its next progress."""
        with self._lock:
            if number not in self._jobs:
                return
            self._handles[number].stop.set()
            if number in self._waiting:
                self._waiting.remove(number)
                self._jobs[number] = replace(self._jobs[number], state="cancelled")

    def wait(self) -> None:
        """Wait until nothing is left to do."""
        worker = self._worker
        if worker is not None:
            worker.join()

    def change(self, number: int, **fields: Any) -> None:
        """Change fields of a job."""
        with self._lock:
            self._jobs[number] = replace(self._jobs[number], **fields)

    def _next(self) -> int | None:
        """Take the next job and mark it as running. Call it under the lock."""
        if not self._waiting:
            self._worker = None
            return None
        number = self._waiting.popleft()
        self._jobs[number] = replace(self._jobs[number], state="running", began=time.monotonic())
        return number

    def _work(self, number: int | None) -> None:
        while number is not None:
            fields = self._run(self._handles[number])
            with self._lock:  # in one step: a queue that is not busy runs a new job at once
                job = self._jobs[number]
                self._jobs[number] = replace(job, **fields, ended=time.monotonic())
                number = self._next()

    def _run(self, handle: Handle[J]) -> dict[str, Any]:
        """Run a job and return how it ended."""
        try:
            return {"state": "done", **handle.work(handle)}
        except Cancelled:
            return {"state": "cancelled"}
        except YinjuError as error:
            return {"state": "failed", "error": error.message}
        except BaseException:  # noqa: BLE001 - a panic of a Rust library is no Exception
            # The thread goes on: the jobs behind this one would wait for ever.
            if main_thread().is_alive():  # else the process ends, and the job with it
                _log.exception("%s: job %d failed", self._name, handle.job.id)
            return {"state": "failed", "error": self._broken}
