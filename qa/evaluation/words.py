"""The words of an evaluation in each language, from the locale files.

A name that the locale files lack, such as a question type of a user's own gold set, is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from indexer.messages import load_locale


def evaluation_words(language: str) -> Mapping[str, str]:
    """Return the words of a run's report and of comparisons, by name."""
    return load_locale(language)["evaluation"]


def measure_name(key: str, language: str = "en") -> str:
    """Return the name of a measure, by its key."""
    return str(load_locale(language)["measures"][key])


def measure_explanation(key: str, language: str) -> str:
    """Return what a measure shows, in one sentence for a reader who is new to it."""
    return str(load_locale(language)["measures_explained"][key])


def type_name(type: str, language: str) -> str:
    """Return the name of a question type."""
    return str(load_locale(language)["question_types"].get(type, type))


def group_name(grouping: str, value: str, language: str) -> str:
    """Return the name of a group of questions.

    Args:
        grouping: "type", "wording" or "miss".
    """
    groups = {"type": "question_types", "wording": "wordings", "miss": "misses"}
    return str(load_locale(language)[groups[grouping]].get(value, value))


def type_explanation(type: str, language: str) -> str | None:
    """Return what questions of a type ask; None for a type that the shipped gold sets lack."""
    explanation = load_locale(language)["question_types_explained"].get(type)
    return None if explanation is None else str(explanation)


def state_name(state: str, language: str) -> str:
    """Return the name of an outcome's state or of a comparison's verdict."""
    return str(load_locale(language)["states"].get(state, state))
