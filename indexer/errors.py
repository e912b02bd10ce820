"""What goes wrong in words a user can act on, and how long work reports on itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .messages import Message

# Long work says one line per stage through such a function; the caller decides where it is shown.
Progress = Callable[[str], None]


class YinjuError(Exception):
    """A message for the user: what was found, what was expected, the command that mends it.

    `str` gives its English words; `indexer.messages.say(error.message, language)` any language's.
    """

    def __init__(self, code: str, /, **values: Any) -> None:
        super().__init__(code, values)
        coded = re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", code) is not None
        self.message = Message(code, values) if coded else Message("other.verbatim", {"text": code})

    def __str__(self) -> str:
        return str(self.message)
