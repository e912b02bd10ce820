"""The questions of all users that wait for an answer: how many are ahead, and when it is too many."""

from __future__ import annotations

import time
from threading import Lock

from indexer.errors import YinjuError

# So many questions at once are misuse of the page, or nobody would wait for the last of them.
MAX_WAITING = 200
# When a browser goes away, its question is never answered; forget it after this time, in seconds.
_EXPIRY = 60.0


class QuestionQueue:
    """Counts the questions that wait. A question is known by the key that its browser gave it."""

    def __init__(self) -> None:
        # When each question joined, in seconds of `time.monotonic`, by its key.
        self._joined: dict[str, float] = {}
        self._lock = Lock()

    def join(self, key: str) -> int:
        """Add a question and return how many are ahead of it.

        Raises:
            YinjuError: too many questions wait already; the question is not added.
        """
        now = time.monotonic()
        with self._lock:
            self._joined = {k: t for k, t in self._joined.items() if now - t < _EXPIRY}
            ahead = len(self._joined)
            if ahead >= MAX_WAITING:
                raise YinjuError("server.busy", ahead=ahead)
            self._joined[key] = now
        return ahead

    def leave(self, key: str) -> None:
        """Remove a question that is answered or given up; do nothing where there is none."""
        with self._lock:
            self._joined.pop(key, None)
