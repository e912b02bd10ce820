"""Evaluations started from the page: gold sets to choose from, one run at a time, runs kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from indexer.errors import YinjuError
from indexer.messages import change_texts, message
from qa.evaluation.gold import GoldQuestion, read_gold_questions
from qa.evaluation.run import run_gold
from qa.evaluation.saved_run import Run, load_run, save_run
from qa.evaluation.squad import model_name_of
from qa.index import Index

from .background import BackgroundJob, Handle, JobQueue
from .live_index import LiveIndex

# In the index folder: gold sets that were sent or made in the chat, and runs.
GOLD, RUNS = "gold", "runs"
# The gold questions that ship with the project, where its folder is the one that one is in.
SHIPPED = Path("corpus/gold")
_BROKEN = message("run.broken")


@dataclass(frozen=True, slots=True)
class Trial(BackgroundJob):
    """A run at work or ended; its state is "none" before the first."""

    gold: str = ""
    """The name of its gold set."""
    done: int = 0
    """How many questions are answered."""
    total: int = 0
    """How many questions the gold set has."""
    saved: str = ""
    """The name under which a run that is done is kept."""


class Trials:
    """The evaluations of an index."""

    def __init__(self, live: LiveIndex) -> None:
        self._live = live
        self._queue: JobQueue[Trial] = JobQueue("evaluating", _BROKEN)
        self._lock = Lock()

    def golds(self) -> dict[str, Path]:
        """Gold sets by name: those of the index folder, then those that ship."""
        own = self._live.folder / GOLD
        found = {path.stem: path for path in sorted(own.glob("*.jsonl"))} if own.is_dir() else {}
        shipped = sorted(SHIPPED.glob("*.jsonl")) if SHIPPED.is_dir() else []
        if shipped:
            found |= {SHIPPED.as_posix(): SHIPPED}
        return found | {f"{SHIPPED.as_posix()}/{path.name}": path for path in shipped}

    def keep_gold(self, file: Path) -> str:
        """Keeps a gold set that was sent and returns its name.

        Raises:
            YinjuError: it is none; then nothing is kept. It is named without its folder, which
                is none that its sender knows.
        """
        try:
            read_gold_questions(file)
        except YinjuError as error:
            shorten = lambda text: text.replace(str(file), file.name)
            raise YinjuError(change_texts(error.message, shorten)) from error
        name = re.sub(r"[^\w-]+", "_", file.stem) or "_"
        folder = self._live.folder / GOLD
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.jsonl").write_bytes(file.read_bytes())
        return name

    def runs(self) -> dict[str, Path]:
        """Runs by name, the newest first."""
        folder = self._live.folder / RUNS
        return {path.stem: path for path in sorted(folder.glob("*.json"), reverse=True)}

    def load(self, name: str) -> Run:
        """A run that was kept.

        Raises:
            YinjuError: there is none of that name, or it cannot be read.
        """
        path = self.runs().get(name)
        if path is None:
            raise YinjuError("run.unknown", name=name)
        return load_run(path)

    def now(self) -> Trial:
        """The run at work, or the last one."""
        return self._queue.latest() or Trial(state="none")

    def start(self, name: str) -> None:
        """Starts a run over a gold set.

        Raises:
            YinjuError: another runs, there is no such set or no index, or a question is none.
        """
        path = self.golds().get(name)
        if not name:
            raise YinjuError("gold.none_chosen")
        if path is None:
            raise YinjuError("gold.unknown", name=name)
        golds, index = read_gold_questions(path), self._live.current()
        with self._lock:
            if self._queue.busy():
                raise YinjuError("run.busy")
            work = partial(self._evaluate, index, golds)
            self._queue.add(Trial(gold=name, total=len(golds)), work)

    def cancel(self) -> None:
        """Stops the run at work."""
        self._queue.cancel(self.now().id)

    def _evaluate(
        self, index: Index, golds: list[GoldQuestion], handle: Handle[Trial]
    ) -> dict[str, Any]:
        """Ask all questions of a gold set and keep the run.

        Raises:
            Cancelled: the run was cancelled.
            YinjuError: the model cannot be loaded, or the run cannot be kept.
        """
        gold = handle.job.gold
        outcomes = run_gold(index, golds, lambda: handle.update(done=handle.job.done + 1))
        about: dict[str, Any] = {
            "kind": "gold",
            "questions": gold,
            "model": model_name_of(index),
            "reranker": index.config.reranker,
            "settings": {},
            "threshold": index.settings.answer.threshold,
        }
        folder = self._live.folder / RUNS
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{datetime.now():%Y%m%d-%H%M%S}-{Path(gold).stem}"
        save_run(folder / f"{name}.json", Run(about, tuple(outcomes)))
        return {"saved": name}
