"""The error that is shown to the user, and messages made of exceptions."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Mapping
from typing import Any

from .messages import Message, message

# A function that long work calls with each of its stages; the caller decides where to show them.
Progress = Callable[[Message], None]

# The reasons that operating systems give, by error number.
_SYSTEM_REASONS: Mapping[int, Message] = {
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
    """An error for the user: what was found, what was expected, and the command that mends it.

    `str` gives its English words, `indexer.messages.say(error.message, language)` those of any
    language.
    """

    def __init__(self, code: str | Message, /, **values: Any) -> None:
        """Take a code of the locale files with its values, or a finished message."""
        super().__init__(code, values)
        if isinstance(code, Message):
            self.message = code
        else:
            self.message = Message(code, values)

    def __str__(self) -> str:
        return str(self.message)


def verbatim(text: str) -> Message:
    """Make a message of words that have no code, such as a library's; they are never translated."""
    return message("other.verbatim", text=text)


def reason_of(error: Exception) -> Message:
    """Return why an operation failed: the operating system's reason, without error number and file.

    A reason without a code in here, and the text of any other exception, stay as they are.
    """
    if not isinstance(error, OSError) or not error.strerror:
        return message_of(error)
    known = _SYSTEM_REASONS.get(error.errno or 0)
    if known is not None and str(known) == error.strerror:
        return known
    return verbatim(error.strerror)


def message_of(error: Exception) -> Message:
    """Return the whole message of an exception.

    It is the error's own message for a `YinjuError`, that of the operating system with error number
    and file for an `OSError`, and the exception's text for all others.
    """
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
    """Return the message of an exception that Python raises for bad data; it names the type."""
    kind = type(error).__name__
    if isinstance(error, json.JSONDecodeError):
        return message("found.no_json", reason=str(error))
    if kind == "KeyError":
        return message("found.no_key", key=str(error))
    return message("found.exception", kind=kind, text=str(error))
