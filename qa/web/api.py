"""The functions that the page offers to programs: endpoints of an HTTP API and tools of MCP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api

from indexer.errors import YinjuError
from indexer.messages import LANGUAGES
from qa.context import find_document, find_place
from qa.index import Index
from qa.serialize import answer_to_json, document_to_json, passage_to_json
from qa.server.live_index import LiveIndex
from qa.settings import check_threshold

from .events import ONE_AT_A_TIME

T = TypeVar("T")
JsonObject = dict[str, Any]
# The most passages of a search.
MAX_PASSAGES = 100


@dataclass(frozen=True)
class _Functions:
    """The functions over an index. Programs are given their names, arguments and docstrings."""

    live_index: LiveIndex

    def ask(
        self,
        question: str,
        history: list[str] | None = None,
        language: str = "zh",
        threshold: float | None = None,
        reports: list[str] | None = None,
    ) -> JsonObject:
        """Answer with verbatim quotations and citations, or say that the reports do not say it.

        Args:
            question: The question, in Chinese, Simplified or Traditional.
            history: The questions asked before, oldest first, if this one follows up on them.
            language: The language of the notes around the quotations, "zh" or "en".
            threshold: The confidence, 0 to 1, below which the answer is a refusal.
            reports: Search only these reports, by their `document`.
        """
        known_language = language if language in LANGUAGES else "zh"

        def answer_question() -> JsonObject:
            checked = check_threshold(threshold)
            index = self.live_index.current()
            answer = index.ask(
                question,
                history or (),
                threshold=checked,
                language=known_language,
                only=_document_ids(index, reports),
            )
            return answer_to_json(answer)

        return _with_gradio_errors(answer_question)

    def search(self, query: str, k: int = 10, reports: list[str] | None = None) -> list[JsonObject]:
        """Rank the passages of the reports that are nearest to a query, without an answer.

        Args:
            query: Words or a question.
            k: The number of passages, 1 to 100.
            reports: Search only these reports, by their `document`.
        """

        def find_passages() -> list[JsonObject]:
            index = self.live_index.current()
            only = _document_ids(index, reports)
            passages = index.search(query, max(1, min(MAX_PASSAGES, k)), only=only)
            return [passage_to_json(passage) for passage in passages]

        return _with_gradio_errors(find_passages)

    def read(self, document: str, start: int, end: int) -> JsonObject:
        """Read a passage of a report with the section around it.

        Args:
            document: The report, by `document` of a citation or passage.
            start: Where the passage begins in the clean text.
            end: Where it ends.
        """
        place = _with_gradio_errors(
            lambda: find_place(self.live_index.current().snapshot.catalogue, document, start, end)
        )
        section = "\n".join("".join(p.text for p in block.pieces) for block in place.blocks)
        return {
            "quote": place.quote,
            "page": place.page,
            "section": section,
            "headings": list(place.headings),
        }

    def reports(self) -> list[JsonObject]:
        """List the reports of the index, with their titles, sizes and what could not be read."""
        return _with_gradio_errors(
            lambda: [
                document_to_json(document) for document in self.live_index.current().documents()
            ]
        )


def add_api(live_index: LiveIndex) -> None:
    """Add the functions to the open page as endpoints."""
    functions = _Functions(live_index)
    for function in (functions.ask, functions.search, functions.read, functions.reports):
        api(function, api_name=function.__name__, **ONE_AT_A_TIME)


def _document_ids(index: Index, reports: Sequence[str] | None) -> frozenset[int] | None:
    """Return the ids of the named reports; None for all.

    Raises:
        YinjuError: the index has no such report.
    """
    if not reports:
        return None
    return frozenset(find_document(index.snapshot.catalogue, path).id for path in reports)


def _with_gradio_errors(call: Callable[[], T]) -> T:
    """Call a function and turn its errors into those that Gradio passes on to the program.

    Gradio renders the text of an error as HTML, and so it is escaped.

    Raises:
        gr.Error: the function raised a YinjuError.
    """
    try:
        return call()
    except YinjuError as error:
        raise gr.Error(escape(str(error), quote=False), print_exception=False) from error
