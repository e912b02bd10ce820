"""Which reports a question is asked of: some by name, all that have a tag, or all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from indexer.types import Document

_REPORT, _TAG = "report:", "tag:"


def scope_choices(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """(what is shown, value) of what can be chosen: tags first, then reports."""
    documents = list(documents)
    tags = sorted({tag for document in documents for tag in document.tags})
    return [(f"#{tag}", _TAG + tag) for tag in tags] + [
        (document.title, _REPORT + document.path) for document in documents
    ]


def report_value(path: str) -> str:
    """The value that chooses a report."""
    return _REPORT + path


def scope_name(value: str) -> str:
    """What a chosen value is called where its report's title is not at hand.

    >>> scope_name("report:a/b.txt"), scope_name("tag:2023")
    ('b.txt', '#2023')
    """
    if value.startswith(_TAG):
        return "#" + value.removeprefix(_TAG)
    return PurePath(value.removeprefix(_REPORT)).name


def documents_in(documents: Iterable[Document], chosen: Sequence[str]) -> frozenset[int] | None:
    """The documents, by id, that are chosen by any value; None where none is, which is all.

    A value whose report or tag is gone chooses nothing; words that a user typed choose the reports
    whose titles hold them.
    """
    if not chosen:
        return None
    wanted = set(chosen)
    typed = [value.lower() for value in chosen if not value.startswith((_REPORT, _TAG))]
    return frozenset(
        document.id
        for document in documents
        if _REPORT + document.path in wanted
        or any(_TAG + tag in wanted for tag in document.tags)
        or any(words in document.title.lower() for words in typed)
    )
