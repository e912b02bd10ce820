"""The index of a folder as it is now: opened anew whenever another snapshot becomes current
or a title or tag changes."""

from __future__ import annotations

from pathlib import Path
from threading import Lock, Thread

from indexer.config import Config
from indexer.errors import YinjuError
from indexer.store.snapshot import current_name
from indexer.store.titles_and_tags import shelf_file
from qa.index import Index
from qa.settings import DEFAULTS, Settings

from .suggestions import Suggestions

_BROKEN = "the model was not loaded, by an error of the program; its log says more"


class LiveIndex:
    """Gives the current index, whoever wrote it: this page, another one, or `yinju index`."""

    def __init__(self, config: Config, settings: Settings = DEFAULTS) -> None:
        self.config = config
        self.settings = settings
        self._index: Index | None = None
        self._opened: tuple[str, int] | None = None
        self._lock = Lock()
        # What is said of the model while it is prepared; why that of a snapshot was not loaded.
        self._stage = ""
        self._failed = "", ""
        self._loading: Thread | None = None
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
            self._stage = ""

    def stage(self) -> str | None:
        """The stage at which the model is, "" while one that is prepared is loaded; None when it
        is ready. A model that nobody loads is loaded from now on, in the background; one that could
        not be is tried again by the next question.

        Raises:
            YinjuError: there is no index, or the model could not be loaded.
        """
        index = self.current()
        if index.ready:
            return None
        with self._lock:
            name, failed = self._failed
            if failed and name == index.snapshot.name:
                raise YinjuError(failed)
            if self._loading is None or not self._loading.is_alive():
                # No daemon: a process that ends while a library of the model starts would crash.
                self._loading = Thread(target=self._try_load, args=[index.snapshot.name])
                self._loading.start()
        return self._stage

    def _try_load(self, name: str) -> None:
        failed = _BROKEN
        try:
            self.load()
            failed = ""
        except YinjuError as error:
            failed = str(error)
        finally:  # whatever else goes wrong, it is told and not tried for ever
            self._failed = name, failed

    def _heard(self, line: str) -> None:
        self._stage = line

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
            return shelf_file(self.folder).stat().st_mtime_ns
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
