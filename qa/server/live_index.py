"""The index of a folder as it is now: opened anew whenever another snapshot becomes current
or a title or tag changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from indexer.config import Config
from indexer.errors import YinjuError
from indexer.messages import Message, message
from indexer.store.snapshot import current_name
from indexer.store.titles_and_tags import titles_and_tags_file
from qa.index import Index
from qa.settings import DEFAULTS, Settings

from .background import BackgroundJob, Handle, JobQueue
from .suggestions import Suggestions

_BROKEN = message("server.model_broken")
_OPENING = message("stage.opening")


@dataclass(frozen=True, slots=True)
class _Loading(BackgroundJob):
    """The loading of a model."""

    snapshot: str
    """The name of the snapshot whose model it is."""


class LiveIndex:
    """Gives the current index, whoever wrote it: this page, another one, or `yinju index`."""

    def __init__(self, config: Config, settings: Settings = DEFAULTS) -> None:
        self.config = config
        self.settings = settings
        self._index: Index | None = None
        self._opened: tuple[str, int] | None = None
        self._lock = Lock()
        # The stage of a model that is prepared.
        self._stage = _OPENING
        # No daemon: a process that ends while a library of the model starts would crash.
        self._loading: JobQueue[_Loading] = JobQueue("loading", _BROKEN, daemon=False)
        self.suggestions = Suggestions()

    @classmethod
    def of(cls, index: Index) -> LiveIndex:
        """Begins with an index that is open already."""
        live = cls(index.config, index.settings)
        live._index = index
        live._opened = index.snapshot.name, live._shelf_changed()
        return live

    @property
    def folder(self) -> Path:
        """The index folder."""
        return self.config.index

    def load(self) -> None:
        """Loads the model of the current index and thinks of questions, so that nobody waits.

        Raises:
            YinjuError: there is no index, or the model cannot be loaded.
        """
        try:
            index = self.current()
            index.load(self._heard)
            self.suggestions.of_all(index)
        finally:
            self._stage = _OPENING

    def stage(self) -> Message | None:
        """The stage at which the model is; None when it is ready.

        A model that nobody loads is loaded from now on, in the background; one that could not be is
        tried again by the next question.

        Raises:
            YinjuError: there is no index, or the model could not be loaded.
        """
        index = self.current()
        if index.ready:
            return None
        with self._lock:
            name, latest = index.snapshot.name, self._loading.latest()
            if latest is not None and latest.error is not None and latest.snapshot == name:
                raise YinjuError(latest.error)
            if latest is None or not latest.active:
                self._loading.add(_Loading(name), self._load)
        return self._stage

    def _load(self, handle: Handle[_Loading]) -> dict[str, Any]:
        self.load()
        return {}

    def _heard(self, stage: Message) -> None:
        self._stage = stage

    def current_name(self) -> str:
        """The name of the current snapshot.

        Raises:
            YinjuError: there is no index.
        """
        return current_name(self.folder)

    def version(self) -> str:
        """What changes whenever the reports, their titles or tags do; "" as long as the model is not
        ready, and where there is no index.
        """
        try:
            ready = self.current().ready
            return f"{self.current_name()} {self._shelf_changed()}" if ready else ""
        except YinjuError:
            return ""

    def _shelf_changed(self) -> int:
        """When titles and tags were last changed, in ns; 0 where there are none."""
        try:
            return titles_and_tags_file(self.folder).stat().st_mtime_ns
        except OSError:
            return 0

    def current(self) -> Index:
        """The index of the current snapshot. One that was given out before stays usable.

        Raises:
            YinjuError: there is none, it is empty or damaged, or another model made it.
        """
        with self._lock:
            now = current_name(self.folder), self._shelf_changed()
            if self._index is None or self._opened != now:
                opened = Index.open(self.config, self.settings)
                if self._index is not None:
                    opened.take_models(self._index)
                self._index, self._opened = opened, now
            return self._index
