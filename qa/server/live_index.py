"""The index of a running server, reopened whenever its snapshot, a title or a tag changes."""

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
from .suggestions import Suggestion, SuggestionCache

_BROKEN = message("server.model_broken")
_OPENING = message("stage.opening")


@dataclass(frozen=True, slots=True)
class _Loading(BackgroundJob):
    """The loading of a model in the background."""

    snapshot: str
    """The name of the snapshot that the model is loaded for."""


@dataclass(frozen=True, slots=True)
class _Suggesting(BackgroundJob):
    """The making of the suggestions of a new conversation in the background."""

    of: tuple[str, frozenset[int] | None]
    """The name of the snapshot, and the documents that will be asked."""


class LiveIndex:
    """Gives the current index of a folder, whoever wrote it last: this page, another server or
    `yinju index`. Its methods may be called from any thread.
    """

    def __init__(self, config: Config, settings: Settings = DEFAULTS) -> None:
        self.config = config
        self.settings = settings
        self._index: Index | None = None
        # The name of the opened snapshot, and when titles and tags had been changed, in ns.
        self._opened: tuple[str, int] | None = None
        self._lock = Lock()
        # The stage of the model that is being prepared.
        self._stage = _OPENING
        # Not a daemon thread: the process would crash if it ended while a library of the model
        # starts.
        self._loading: JobQueue[_Loading] = JobQueue("loading", _BROKEN, daemon=False)
        self._suggesting: JobQueue[_Suggesting] = JobQueue("suggesting", _BROKEN, daemon=False)
        self.suggestions = SuggestionCache()

    @classmethod
    def from_index(cls, index: Index) -> LiveIndex:
        """Begin with an index that is open already."""
        live_index = cls(index.config, index.settings)
        live_index._index = index
        live_index._opened = index.snapshot.name, live_index._titles_changed()
        return live_index

    @property
    def folder(self) -> Path:
        """The index folder."""
        return self.config.index

    def load(self) -> None:
        """Load the model of the current index and prepare suggestions, so that no user waits for them.

        Raises:
            YinjuError: there is no index, or the model cannot be loaded.
        """
        try:
            index = self.current()
            index.load(self._set_stage)
            self.suggestions.for_index(index)
        finally:
            self._stage = _OPENING

    def stage(self) -> Message | None:
        """Return the stage of the model's preparation; None when the model is ready.

        If nothing loads the model yet, start to load it in the background. After a failure it is
        not tried here again, only by the next question.

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

    def suggest(self, index: Index, only: frozenset[int] | None) -> list[Suggestion] | None:
        """Return the suggestions of a new conversation; None while they are made in the background.

        Where they cannot be made, there are none.

        Args:
            index: a current index with its model loaded.
            only: the ids of the documents that will be asked; None for all.
        """
        made = self.suggestions.made_for_index(index, only)
        if made is not None:
            return made
        with self._lock:
            of, latest = (index.snapshot.name, only), self._suggesting.latest()
            if latest is not None and latest.of == of and not latest.active:  # made now, or failed
                return self.suggestions.made_for_index(index, only) or []
            if latest is None or latest.of != of:
                job = _Suggesting(of)
                self._suggesting.add(job, lambda handle: self._make_suggestions(index, only))
        return None

    def _make_suggestions(self, index: Index, only: frozenset[int] | None) -> dict[str, Any]:
        self.suggestions.for_index(index, only)
        return {}

    def _set_stage(self, stage: Message) -> None:
        self._stage = stage

    def current_name(self) -> str:
        """Return the name of the current snapshot.

        Raises:
            YinjuError: there is no index.
        """
        return current_name(self.folder)

    def version(self) -> str:
        """Return a string that changes whenever reports, titles or tags change.

        It is "" where there is no index, or its model is not ready.
        """
        try:
            ready = self.current().ready
            return f"{self.current_name()} {self._titles_changed()}" if ready else ""
        except YinjuError:
            return ""

    def _titles_changed(self) -> int:
        """Return when titles and tags were last changed, in ns since the epoch; 0 if never."""
        try:
            return titles_and_tags_file(self.folder).stat().st_mtime_ns
        except OSError:
            return 0

    def current(self) -> Index:
        """Return the index of the current snapshot. Indexes that were returned before stay usable.

        Raises:
            YinjuError: there is no index, it is empty or damaged, or another model made it.
        """
        with self._lock:
            now = current_name(self.folder), self._titles_changed()
            if self._index is None or self._opened != now:
                opened = Index.open(self.config, self.settings)
                if self._index is not None:
                    opened.take_models(self._index)
                self._index, self._opened = opened, now
            return self._index
