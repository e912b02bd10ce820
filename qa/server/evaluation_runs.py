"""Evaluations started from the page: gold sets to choose from, one run at a time, runs kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from indexer.errors import YinjuError
from qa.evaluation.gold import read_golds
from qa.evaluation.run import run
from qa.evaluation.saved_run import Run, load_run, save_run
from qa.evaluation.squad import model_name

from .live_index import LiveIndex

# In the index folder: gold sets that were sent or made in the chat, and runs.
GOLD, RUNS = "gold", "runs"
# The gold questions that ship with the project, where its folder is the one that one is in.
SHIPPED = Path("corpus/gold")
_BROKEN = "the evaluation stopped by an error of the program; its log says more"


@dataclass(frozen=True, slots=True)
class Trial:
    """A run at work or ended. state: "none", "running", "done", "failed" or "cancelled"."""

    state: str = "none"
    gold: str = ""
    done: int = 0
    total: int = 0
    saved: str = ""
    error: str = ""


class Cancelled(Exception):
    """Raised within a run that was cancelled."""


class Trials:
    """The evaluations of an index."""

    def __init__(self, live: LiveIndex) -> None:
        self._live = live
        self._trial = Trial()
        self._lock = Lock()
        self._stop = Event()

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
            read_golds(file)
        except YinjuError as error:
            raise YinjuError(str(error).replace(str(file), file.name)) from error
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
            raise YinjuError(f"{name!r}: no such run is kept; choose another")
        return load_run(path)

    def now(self) -> Trial:
        """The run at work, or the last one."""
        with self._lock:
            return self._trial

    def start(self, name: str) -> None:
        """Starts a run over a gold set.

        Raises:
            YinjuError: another runs, there is no such set or no index, or a question is none.
        """
        path = self.golds().get(name)
        if path is None:
            raise YinjuError(f"{name!r}: no such gold set; choose another, or send one")
        golds, index = read_golds(path), self._live.current()
        with self._lock:
            if self._trial.state == "running":
                raise YinjuError("another evaluation is running; wait until it ends, or cancel it")
            self._trial = Trial("running", name, 0, len(golds))
            self._stop = Event()

        def ask() -> Run:
            outcomes = run(index, golds, self._counted)
            threshold = index.settings.answer.threshold
            about: dict[str, Any] = {
                "kind": "gold",
                "questions": name,
                "model": model_name(index),
                "reranker": index.config.reranker,
                "settings": {},
                "threshold": threshold,
            }
            return Run(about, tuple(outcomes))

        Thread(target=self._work, args=(ask,), name="evaluating", daemon=True).start()

    def cancel(self) -> None:
        """Stops the run at work."""
        self._stop.set()

    def _counted(self) -> None:
        if self._stop.is_set():
            raise Cancelled
        with self._lock:
            self._trial = replace(self._trial, done=self._trial.done + 1)

    def _work(self, ask: Callable[[], Run]) -> None:
        ended: dict[str, str] = {"state": "failed", "error": _BROKEN}
        try:
            made = ask()
            folder = self._live.folder / RUNS
            folder.mkdir(parents=True, exist_ok=True)
            name = f"{datetime.now():%Y%m%d-%H%M%S}-{Path(self.now().gold).stem}"
            save_run(folder / f"{name}.json", made)
            ended = {"state": "done", "saved": name}
        except Cancelled:
            ended = {"state": "cancelled"}
        except YinjuError as error:
            ended = {"state": "failed", "error": str(error)}
        finally:
            with self._lock:
                self._trial = replace(self._trial, **ended)  # type: ignore[arg-type]
