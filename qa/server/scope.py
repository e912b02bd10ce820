"""The scope of a question: reports by path, all reports with a tag, or every report.

A scope is a list of values, "report:PATH" or "tag:TAG"; an empty one means every report, or those that
the question names. "any:" means every report whatever it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from indexer.types import Document

_REPORT, _TAG = "report:", "tag:"
# All reports, whichever the question names.
ANY = "any:"


def scope_choices(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """Return (label, value) of everything that can be chosen: tags first, then reports."""
    documents = list(documents)
    tags = sorted({tag for document in documents for tag in document.tags})
    return [(f"#{tag}", _TAG + tag) for tag in tags] + [
        (document.title, _REPORT + document.path) for document in documents
    ]


def scope_of_report(path: str) -> str:
    """Return the value that chooses one report."""
    return _REPORT + path


def name_of_scope(value: str) -> str:
    """Return the name of a value for people, without looking up the title of its report.

    >>> name_of_scope("report:a/b.txt"), name_of_scope("tag:2023")
    ('b.txt', '#2023')
    """
    if value.startswith(_TAG):
        return "#" + value.removeprefix(_TAG)
    return PurePath(value.removeprefix(_REPORT)).name


def select_documents(documents: Iterable[Document], scope: Sequence[str]) -> frozenset[int] | None:
    """Return the ids of the documents that any value of a scope chooses; None for an empty scope.

    A value whose report or tag is gone chooses nothing. Words that a user typed choose the reports
    whose titles contain them.
    """
    values = set(scope) - {ANY}
    if not values:
        return None
    typed = [value.lower() for value in values if not value.startswith((_REPORT, _TAG))]
    return frozenset(
        document.id
        for document in documents
        if _REPORT + document.path in values
        or any(_TAG + tag in values for tag in document.tags)
        or any(words in document.title.lower() for words in typed)
    )
