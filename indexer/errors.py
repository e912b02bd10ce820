"""What goes wrong in words a user can act on, and how long work reports on itself."""

from __future__ import annotations

from collections.abc import Callable

# Long work says one line per stage through such a function; the caller decides where it is shown.
Progress = Callable[[str], None]


class YinjuError(Exception):
    """A message for the user: what was found, what was expected, the command that mends it."""
