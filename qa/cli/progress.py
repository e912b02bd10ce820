"""Progress on stderr: a bar with counts and time left, and a line for each step of preparation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from indexer.errors import Progress as Notify
from indexer.messages import message

_STAGES = {"read": message("stage.read"), "encode": message("stage.encode")}


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


@contextmanager
def shown_progress() -> Iterator[tuple[Callable[[str, int, int], None], Notify]]:
    """Gives (on_progress, notify) for `build_index`, shown until the block ends."""
    bar = _bar(Console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def on_progress(stage: str, done: int, total: int) -> None:
        if not total:
            return
        if not tasks:  # an error before the first step is to stand alone
            bar.start()
        if stage not in tasks:
            tasks[stage] = bar.add_task(str(_STAGES.get(stage, stage)), total=total)
        bar.update(tasks[stage], completed=done, total=total)

    try:
        yield (
            on_progress,
            lambda stage: bar.console.print(str(stage), markup=False, highlight=False),
        )
    finally:
        if tasks:
            bar.stop()


@contextmanager
def counted(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Gives a function to call once for each of `total` steps."""
    with _bar(Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
