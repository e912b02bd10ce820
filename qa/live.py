"""The index of a folder as it is now: opened anew whenever another snapshot becomes current
or a title or tag changes."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from indexer.config import Config
from indexer.shelf import shelf_file
from indexer.snapshot import current_name

from .index import Index
from .settings import DEFAULTS, Settings


class LiveIndex:
    """Gives the current index, whoever wrote it: this page, another one, or `yinju index`."""

    def __init__(self, config: Config, settings: Settings = DEFAULTS) -> None:
        self.config = config
        self.settings = settings
        self._index: Index | None = None
        self._opened: tuple[str, int] | None = None
        self._lock = Lock()

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

    def current_name(self) -> str:
        """The name of the current snapshot.

        Raises:
            YinjuError: there is no index.
        """
        return current_name(self.folder)

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
