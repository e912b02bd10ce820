"""Messages for the user: a code with values; their words lie in locale/, one file for each language.

A code is `group.name`, for example `file.no_text`: a group of each locale file and a name within it.
Code that raises, reports or stores a message gives its code and values. Only code that shows it (the
command line, the page) chooses a language.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePath
from string import Formatter
from typing import Any

LANGUAGES = ("en", "zh")

# The words of a message in a locale file: one text, or a text for `count` 1 and one for other counts.
Template = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A code and the values that its words name.

    A value is a string, a number, a path, a message, or several of these as a tuple.
    """

    code: str
    """`group.name` in the locale files."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """By the names that the words use; `count` chooses between singular and plural."""

    def __str__(self) -> str:
        return say(self, "en")

    def __hash__(self) -> int:
        return hash(self.code)  # values are a dict, which has no hash


def message(code: str, /, **values: Any) -> Message:
    """Make a message.

    >>> str(message("file.no_text", path="空.txt"))
    '空.txt: holds no text'
    """
    return Message(code, values)


def say(msg: Message, language: str) -> str:
    """Put a message into words of a language.

    Messages among its values are put into words too. A tuple of values is joined by line ends, or by
    the format specification of its field: `{lines:, }` gives "a, b".

    >>> say(message("file.no_text", path="空.txt"), "zh")
    '空.txt：没有文字'

    Raises:
        KeyError: the locale has no such code, or its words name a value that is not given.
    """
    group, _, name = msg.code.partition(".")
    template: Template = load_locale(language)[group][name]
    if not isinstance(template, str):
        template = template["one" if msg.values.get("count") == 1 else "other"]
    text = ""
    for literal, field_name, spec, conversion in Formatter().parse(template):
        text += literal
        if field_name is not None:
            text += _format(msg.values[field_name], language, spec or "", conversion, text[-1:])
    return text


def _format(value: Any, language: str, spec: str, conversion: str | None, before: str) -> str:
    """Put a value into words.

    A message that begins in Latin letters gets a space after a Chinese character.

    Args:
        spec: the format specification of its field. conversion: "r" or None.
        before: the character before the field, "" at the start.
    """
    if isinstance(value, Message):
        text = say(value, language)
        apart = language == "zh" and text and text[0].isascii() and before.isalpha()
        return f" {text}" if apart else text
    if isinstance(value, tuple | list):
        return (spec or "\n").join(_format(part, language, "", conversion, "") for part in value)
    if conversion == "r":
        value = repr(str(value) if isinstance(value, PurePath) else value)
    return format(value, spec)


def change_texts(msg: Message, change: Callable[[str], str]) -> Message:
    """Apply a function to each text and path among the values of a message and of nested messages.

    >>> str(change_texts(message("file.no_text", path="/home/a/空.txt"), lambda text: text[-5:]))
    '空.txt: holds no text'
    """

    def changed(value: Any) -> Any:
        if isinstance(value, Message):
            return change_texts(value, change)
        if isinstance(value, tuple | list):
            return tuple(map(changed, value))
        return change(str(value)) if isinstance(value, str | PurePath) else value

    return Message(msg.code, {name: changed(value) for name, value in msg.values.items()})


@cache
def load_locale(language: str) -> Mapping[str, Mapping[str, Any]]:
    """Read the locale file of a language: group -> name -> words.

    Raises:
        KeyError: there is no such language.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    path = Path(__file__).parent / "locale" / f"{language}.json"
    groups: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return groups


def as_json(msg: Message) -> Any:
    """Return a message as JSON values: `[code, {name: value}]`, and likewise for nested messages."""
    return [msg.code, {name: _value_as_json(value) for name, value in msg.values.items()}]


def _value_as_json(value: Any) -> Any:
    if isinstance(value, Message):
        return as_json(value)
    if isinstance(value, tuple | list):
        return {"several": [_value_as_json(part) for part in value]}
    return str(value) if isinstance(value, PurePath) else value


def from_json(value: Any) -> Message:
    """Return the message that `as_json` wrote; keep the words of a bare string, as in older indexes.

    >>> from_json(as_json(message("file.no_text", path="空.txt")))
    Message(code='file.no_text', values={'path': '空.txt'})
    """
    if isinstance(value, str):
        return message("other.verbatim", text=value)
    code, values = value
    return Message(code, {name: _value_from_json(value) for name, value in values.items()})


def _value_from_json(value: Any) -> Any:
    if isinstance(value, list):
        return from_json(value)
    if isinstance(value, dict):
        return tuple(_value_from_json(part) for part in value["several"])
    return value
