"""Show progress on stderr: bars with counts and time left, and a line for each step of preparation."""

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


def _make_bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


@contextmanager
def show_progress() -> Iterator[tuple[Callable[[str, int, int], None], Notify]]:
    """Yield (on_progress, notify) for `build_index`; the bars are shown until the block ends."""
    bar = _make_bar(Console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def on_progress(stage: str, done: int, total: int) -> None:
        if not total:
            return
        if not tasks:  # no bar before the first step: an error then stands alone
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
def show_count(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Yield a function to call after each of `total` steps; the bar is shown until the block ends."""
    with _make_bar(Console(stderr=True)) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)
