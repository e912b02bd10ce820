"""What goes wrong, as a message for the user, and how long work reports its stages."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Mapping
from typing import Any

from .messages import Message, message

# Long work reports each of its stages through such a function; the caller decides where it is shown.
Progress = Callable[[Message], None]

# What operating systems say, by error number.
_SYSTEM: Mapping[int, Message] = {
    errno.ENOENT: message("system.enoent"),
    errno.EACCES: message("system.eacces"),
    errno.ENOSPC: message("system.enospc"),
    errno.EROFS: message("system.erofs"),
    errno.EEXIST: message("system.eexist"),
    errno.EISDIR: message("system.eisdir"),
    errno.ENOTDIR: message("system.enotdir"),
    errno.ENAMETOOLONG: message("system.enametoolong"),
    errno.EIO: message("system.eio"),
    errno.EADDRINUSE: message("system.eaddrinuse"),
}


class YinjuError(Exception):
    """A message for the user: what was found, what was expected, the command that mends it.

    `str` gives its English words; `indexer.messages.say(error.message, language)` any language's.
    """

    def __init__(self, code: str | Message, /, **values: Any) -> None:
        """Take a code of the locale files with its values, or a message that is made already."""
        super().__init__(code, values)
        if isinstance(code, Message):
            self.message = code
        else:
            self.message = Message(code, values)

    def __str__(self) -> str:
        return str(self.message)


def verbatim(text: str) -> Message:
    """Make a message of words that have no code, as those of a library; no language changes them."""
    return message("other.verbatim", text=text)


def reason_of(error: Exception) -> Message:
    """Say why an operation failed: what the operating system says, without number and file.

    What it says is given verbatim where it has no code here, and so is any other exception's text.
    """
    if not isinstance(error, OSError) or not error.strerror:
        return message_of(error)
    known = _SYSTEM.get(error.errno or 0)
    if known is not None and str(known) == error.strerror:
        return known
    return verbatim(error.strerror)


def message_of(error: Exception) -> Message:
    """Return the whole message of an exception: ours, the operating system's, else its own text."""
    if isinstance(error, YinjuError):
        return error.message
    if isinstance(error, OSError) and error.strerror:
        reason, number = reason_of(error), error.errno
        made = message("system.error", number=number, reason=reason)
        if error.filename is not None:
            file = error.filename
            made = message("system.error_of_file", number=number, reason=reason, file=file)
        if str(made) == str(error):
            return made
    return verbatim(str(error))


def named_message_of(error: Exception) -> Message:
    """Return the message of an exception that Python raises for bad data, with the type's name."""
    kind = type(error).__name__
    if isinstance(error, json.JSONDecodeError):
        return message("found.no_json", reason=str(error))
    if kind == "KeyError":
        return message("found.no_key", key=str(error))
    return message("found.exception", kind=kind, text=str(error))
