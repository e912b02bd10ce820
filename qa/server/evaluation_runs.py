"""Evaluation runs that the page starts, one at a time; the gold sets and saved runs of an index."""

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

# Folders in the index folder: gold sets that were uploaded or made in the chat, and saved runs.
GOLD_FOLDER, RUNS_FOLDER = "gold", "runs"
# The gold questions that ship with the project; found only where the process runs in its folder.
SHIPPED_GOLD = Path("corpus/gold")
_BROKEN = message("run.broken")


@dataclass(frozen=True, slots=True)
class EvaluationJob(BackgroundJob):
    """An evaluation run that waits, runs or has ended; its state is "none" before the first."""

    gold: str = ""
    """The name of the gold set."""
    done: int = 0
    """How many questions are answered."""
    total: int = 0
    """How many questions the gold set has."""
    saved: str = ""
    """The name of the saved run, once it is done; "" before."""


class EvaluationRuns:
    """Starts evaluation runs over an index, and finds its gold sets and saved runs."""

    def __init__(self, live_index: LiveIndex) -> None:
        self._live_index = live_index
        self._queue: JobQueue[EvaluationJob] = JobQueue("evaluating", _BROKEN)
        self._lock = Lock()

    def gold_sets(self) -> dict[str, Path]:
        """Return gold sets by name: those of the index folder, then those that ship.

        The folder of those that ship comes before its files: it stands for all of them together.
        """
        own = self._live_index.folder / GOLD_FOLDER
        found = {path.stem: path for path in sorted(own.glob("*.jsonl"))} if own.is_dir() else {}
        shipped = sorted(SHIPPED_GOLD.glob("*.jsonl")) if SHIPPED_GOLD.is_dir() else []
        if shipped:
            found |= {SHIPPED_GOLD.as_posix(): SHIPPED_GOLD}
        return found | {f"{SHIPPED_GOLD.as_posix()}/{path.name}": path for path in shipped}

    def save_gold_set(self, file: Path) -> str:
        """Save an uploaded gold set in the index folder and return its name.

        Raises:
            YinjuError: the file is no gold set; then nothing is saved. The error names the file
                without its folder, which the user does not know.
        """
        try:
            read_gold_questions(file)
        except YinjuError as error:
            shorten = lambda text: text.replace(str(file), file.name)
            raise YinjuError(change_texts(error.message, shorten)) from error
        name = re.sub(r"[^\w-]+", "_", file.stem) or "_"
        folder = self._live_index.folder / GOLD_FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.jsonl").write_bytes(file.read_bytes())
        return name

    def saved_runs(self) -> dict[str, Path]:
        """Return the saved runs by name, the newest first."""
        folder = self._live_index.folder / RUNS_FOLDER
        return {path.stem: path for path in sorted(folder.glob("*.json"), reverse=True)}

    def load_run(self, name: str) -> Run:
        """Load a saved run.

        Raises:
            YinjuError: there is none of that name, or it cannot be read.
        """
        path = self.saved_runs().get(name)
        if path is None:
            raise YinjuError("run.unknown", name=name)
        return load_run(path)

    def latest(self) -> EvaluationJob:
        """Return the run at work, or the last one."""
        return self._queue.latest() or EvaluationJob(state="none")

    def start(self, name: str) -> None:
        """Start a run over a gold set.

        Raises:
            YinjuError: another run is at work, there is no gold set of that name, it cannot be
                read, or there is no index.
        """
        path = self.gold_sets().get(name)
        if not name:
            raise YinjuError("gold.none_chosen")
        if path is None:
            raise YinjuError("gold.unknown", name=name)
        golds, index = read_gold_questions(path), self._live_index.current()
        with self._lock:
            if self._queue.busy():
                raise YinjuError("run.busy")
            work = partial(self._evaluate, index, golds)
            self._queue.add(EvaluationJob(gold=name, total=len(golds)), work)

    def cancel(self) -> None:
        """Cancel the run at work."""
        self._queue.cancel(self.latest().id)

    def _evaluate(
        self, index: Index, golds: list[GoldQuestion], handle: Handle[EvaluationJob]
    ) -> dict[str, Any]:
        """Ask all questions of a gold set, save the run and return its name.

        Raises:
            Cancelled: the run was cancelled.
            YinjuError: the model cannot be loaded, or the run cannot be saved.
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
        folder = self._live_index.folder / RUNS_FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{datetime.now():%Y%m%d-%H%M%S}-{Path(gold).stem}"
        save_run(folder / f"{name}.json", Run(about, tuple(outcomes)))
        return {"saved": name}
