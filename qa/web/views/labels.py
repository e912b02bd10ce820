"""The words of the page, from the locale files."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.messages import load_locale


def labels(language: str) -> Mapping[str, str]:
    """Return the words of the page in a language, by name.

    Raises:
        KeyError: the page does not speak that language.
    """
    return load_locale(language)["labels"]
