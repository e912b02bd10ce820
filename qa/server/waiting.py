"""The questions of all users that wait for their answers."""

from __future__ import annotations

import time
from threading import Lock

from indexer.errors import YinjuError

# More than this at once is no use of the page, or will not be answered while anybody waits.
MOST = 200
# A question whose browser went away is not answered; after this time, in seconds, it counts no more.
_FORGOTTEN = 60.0


class Line:
    """Who waits; a question is known by the key that its browser gave it."""

    def __init__(self) -> None:
        self._joined: dict[str, float] = {}
        self._lock = Lock()

    def join(self, key: str) -> int:
        """How many questions are before this one.

        Raises:
            YinjuError: they are too many.
        """
        now = time.monotonic()
        with self._lock:
            self._joined = {k: t for k, t in self._joined.items() if now - t < _FORGOTTEN}
            ahead = len(self._joined)
            if ahead >= MOST:
                raise YinjuError("server.busy", ahead=ahead)
            self._joined[key] = now
        return ahead

    def leave(self, key: str) -> None:
        """One is answered, or given up."""
        with self._lock:
            self._joined.pop(key, None)
