"""Jobs in the background: one after the other, cancelled, failed, and what is known of each."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest

from indexer.errors import YinjuError
from indexer.messages import Message, message
from qa.server.background import BackgroundJob, Handle, JobQueue

BROKEN = message("run.broken")
NO_TEXT = message("file.no_text", path="a.txt")


@dataclass(frozen=True, slots=True)
class Count(BackgroundJob):
    to: int = 0
    done: int = 0
    result: str = ""


class Gate:
    """Work that begins, waits until it is let go, and then counts."""

    def __init__(self) -> None:
        self.began, self.go_on = Event(), Event()

    def __call__(self, handle: Handle[Count]) -> dict[str, Any]:
        self.began.set()
        assert self.go_on.wait(10)
        return count(handle)


def count(handle: Handle[Count]) -> dict[str, Any]:
    for number in range(handle.job.to):
        handle.update(done=number + 1)
    return {"result": f"{handle.job.done} counted"}


@pytest.fixture
def queue() -> Iterator[JobQueue[Count]]:
    made: JobQueue[Count] = JobQueue("counting", BROKEN)
    yield made
    made.wait()
    assert not [thread for thread in threading.enumerate() if thread.name == "counting"]


def test_a_job_runs_at_once_and_gives_its_result(queue: JobQueue[Count]) -> None:
    assert queue.latest() is None
    gate = Gate()
    job = queue.add(Count(to=3), gate)
    assert (job.id, job.state, queue.busy()) == (1, "running", True)
    gate.go_on.set()
    queue.wait()
    job = queue.job(1)
    assert (job.state, job.done, job.result, job.error) == ("done", 3, "3 counted", None)
    assert 0 < job.began <= job.ended
    assert not queue.busy()
    assert queue.latest() == job


def test_jobs_run_one_after_the_other_in_one_thread(queue: JobQueue[Count]) -> None:
    gates = [Gate(), Gate()]
    threads: list[str] = []
    for gate in gates:
        queue.add(Count(), gate)
    queue.add(Count(), lambda handle: threads.append(threading.current_thread().name) or {})
    assert gates[0].began.wait(10)
    assert not gates[1].began.is_set()
    assert [job.state for job in queue.all()] == ["running", "waiting", "waiting"]
    for gate in gates:
        gate.go_on.set()
    queue.wait()
    assert [job.state for job in queue.all()] == ["done"] * 3
    assert threads == ["counting"]


def test_a_queue_that_was_empty_works_again(queue: JobQueue[Count]) -> None:
    for expected in range(1, 20):
        assert queue.add(Count(to=1), count).id == expected
        if expected % 2:
            queue.wait()
    queue.wait()
    assert {job.state for job in queue.all()} == {"done"}


def test_cancelling_stops_what_runs_and_drops_what_waits(queue: JobQueue[Count]) -> None:
    gate = Gate()
    running, waiting, last = (queue.add(Count(to=1), gate) for _ in range(3))
    assert gate.began.wait(10)
    queue.cancel(running.id)
    queue.cancel(waiting.id)
    queue.cancel(99)
    gate.go_on.set()
    queue.wait()
    assert [job.state for job in queue.all()] == ["cancelled", "cancelled", "done"]
    assert queue.job(waiting.id).began == 0
    queue.cancel(last.id)
    assert queue.job(last.id).state == "done"


class Panic(BaseException):
    """As the libraries in Rust raise: no Exception."""


@pytest.mark.parametrize(
    ("error", "expected", "logged"),
    [
        (YinjuError(NO_TEXT), NO_TEXT, 0),
        (ZeroDivisionError(), BROKEN, 1),
        (Panic(), BROKEN, 1),
    ],
)
def test_a_job_that_fails_says_why_and_the_next_runs(
    queue: JobQueue[Count],
    caplog: pytest.LogCaptureFixture,
    error: BaseException,
    expected: Message,
    logged: int,
) -> None:
    gate = Gate()

    def fail(handle: Handle[Count]) -> dict[str, Any]:
        gate(handle)
        raise error

    with caplog.at_level(logging.ERROR):
        queue.add(Count(), fail)
        queue.add(Count(to=2), count)
        gate.go_on.set()
        queue.wait()
    first, second = queue.all()
    assert (first.state, first.error) == ("failed", expected)
    assert first.ended > 0
    assert (second.state, second.done) == ("done", 2)
    assert len(caplog.records) == logged


def test_the_process_waits_for_a_job_that_is_no_daemon() -> None:
    queue: JobQueue[Count] = JobQueue("counting", BROKEN, daemon=False)
    daemon: list[bool] = []
    queue.add(Count(), lambda handle: daemon.append(threading.current_thread().daemon) or {})
    queue.wait()
    assert daemon == [False]
