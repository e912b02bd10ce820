"""The words of an evaluation; they lie in the locale files.

What a gold set names itself, such as a type of question that is not there, is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from indexer.messages import words


def evaluation_words(language: str) -> Mapping[str, str]:
    """Return the words of a run's report and of comparisons, by name."""
    return words(language)["evaluation"]


def measure_name(key: str, language: str = "en") -> str:
    """Return what a measure is called."""
    return str(words(language)["measures"][key])


def measure_explained(key: str, language: str) -> str:
    """Say what a measure tells, in a line for who meets it for the first time."""
    return str(words(language)["measures_explained"][key])


def type_name(name: str, language: str) -> str:
    """Return what a type of question is called."""
    return str(words(language)["question_types"].get(name, name))


def type_explained(name: str, language: str) -> str | None:
    """Say what a type of question asks; None where it is not one of those that ship."""
    told = words(language)["question_types_explained"].get(name)
    return None if told is None else str(told)


def state_name(name: str, language: str) -> str:
    """Return an outcome's state or a comparison's verdict in words."""
    return str(words(language)["states"].get(name, name))
