"""Words for the user: a message is a code with values, its words lie in locale/, one file a language.

A code is `group.name`, as `file.no_text`: the name within its group in the file of each language.
Whoever raises, reports or keeps a message names its code and values; only what shows it (the command
line, the page) chooses a language.
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

# What a locale file holds of a message: its words, or words for `count` 1 and for any other.
Template = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A code and the values that its words name.

    A value is a string, a number, a path, a message, or several of these as a tuple.
    """

    code: str
    """`group.name` in the locale files."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """By the names that the words use; `count` chooses between one and many."""

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


def say(one: Message, language: str) -> str:
    """Put a message into words of a language.

    Messages among its values are put into words too. Of several values each is a line, or they are
    joined by the format specification of their field: `{lines:, }` is "a, b".

    >>> say(message("file.no_text", path="空.txt"), "zh")
    '空.txt：没有文字'

    Raises:
        KeyError: the locale has no such code, or its words name a value that is not given.
    """
    group, _, name = one.code.partition(".")
    template: Template = words(language)[group][name]
    if not isinstance(template, str):
        template = template["one" if one.values.get("count") == 1 else "other"]
    said = ""
    for literal, name_, spec, conversion in Formatter().parse(template):
        said += literal
        if name_ is not None:
            said += _said(one.values[name_], language, spec or "", conversion, said[-1:])
    return said


def _said(value: Any, language: str, spec: str, conversion: str | None, before: str) -> str:
    """Put a value into words.

    A message that begins in Latin letters is set apart from the Chinese character before it.
    """
    if isinstance(value, Message):
        words_ = say(value, language)
        apart = language == "zh" and words_ and words_[0].isascii() and before.isalpha()
        return f" {words_}" if apart else words_
    if isinstance(value, tuple | list):
        return (spec or "\n").join(_said(part, language, "", conversion, "") for part in value)
    if conversion == "r":
        value = repr(str(value) if isinstance(value, PurePath) else value)
    return format(value, spec)


def change_texts(one: Message, change: Callable[[str], str]) -> Message:
    """Apply a function to each text and path among the values of a message, also of nested ones.

    >>> str(change_texts(message("file.no_text", path="/home/a/空.txt"), lambda text: text[-5:]))
    '空.txt: holds no text'
    """

    def changed(value: Any) -> Any:
        if isinstance(value, Message):
            return change_texts(value, change)
        if isinstance(value, tuple | list):
            return tuple(map(changed, value))
        return change(str(value)) if isinstance(value, str | PurePath) else value

    return Message(one.code, {name: changed(value) for name, value in one.values.items()})


@cache
def words(language: str) -> Mapping[str, Mapping[str, Any]]:
    """The groups of a language's words, each by name.

    Raises:
        KeyError: there is no such language.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    path = Path(__file__).parent / "locale" / f"{language}.json"
    groups: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return groups


def as_json(one: Message) -> Any:
    """A message as JSON values: `[code, {name: value}]`, messages among the values likewise."""
    return [one.code, {name: _plain(value) for name, value in one.values.items()}]


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return as_json(value)
    if isinstance(value, tuple | list):
        return {"several": [_plain(part) for part in value]}
    return str(value) if isinstance(value, PurePath) else value


def from_json(value: Any) -> Message:
    """The message that `as_json` wrote; a bare string, as older indexes hold it, stays as it is.

    >>> from_json(as_json(message("file.no_text", path="空.txt")))
    Message(code='file.no_text', values={'path': '空.txt'})
    """
    if isinstance(value, str):
        return message("other.verbatim", text=value)
    code, values = value
    return Message(code, {name: _unplain(one) for name, one in values.items()})


def _unplain(value: Any) -> Any:
    if isinstance(value, list):
        return from_json(value)
    if isinstance(value, dict):
        return tuple(_unplain(part) for part in value["several"])
    return value
