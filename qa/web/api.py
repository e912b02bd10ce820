"""The page's functions for programs: an HTTP API, and the same as MCP tools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api

from indexer.errors import YinjuError
from indexer.messages import LANGUAGES
from qa.context import document_at, place_of
from qa.index import Index
from qa.serialize import answer_to_json, document_to_json, passage_to_json
from qa.server.live_index import LiveIndex
from qa.settings import checked_threshold

from .components import IN_TURN

T = TypeVar("T")
Told = dict[str, Any]
# How many passages a search gives at most.
MOST = 100


@dataclass(frozen=True)
class _Functions:
    """The functions over an index; their docstrings are what programs are told of them."""

    live: LiveIndex

    def ask(
        self,
        question: str,
        history: list[str] | None = None,
        language: str = "zh",
        threshold: float | None = None,
        reports: list[str] | None = None,
    ) -> Told:
        """Answers with verbatim quotations and citations, or says that the reports do not say it.

        Args:
            question: The question, in Chinese, Simplified or Traditional.
            history: The questions asked before, oldest first, where this one follows up on them.
            language: Of the notes around the quotations, "zh" or "en".
            threshold: The confidence, 0 to 1, below which the answer is a refusal.
            reports: Look only into these reports, by their `document`.
        """
        spoken = language if language in LANGUAGES else "zh"

        def answered() -> Told:
            least = checked_threshold(threshold)
            index = self.live.current()
            only = _only(index, reports)
            answer = index.ask(question, history or (), threshold=least, language=spoken, only=only)
            return answer_to_json(answer)

        return _told(answered)

    def search(self, query: str, k: int = 10, reports: list[str] | None = None) -> list[Told]:
        """Ranks the passages of the reports that are nearest to a query, without an answer.

        Args:
            query: Words or a question.
            k: How many passages, 1 to 100.
            reports: Look only into these reports, by their `document`.
        """

        def found() -> list[Told]:
            index = self.live.current()
            best = index.search(query, max(1, min(MOST, k)), only=_only(index, reports))
            return [passage_to_json(one) for one in best]

        return _told(found)

    def read(self, document: str, start: int, end: int) -> Told:
        """Reads a passage of a report with the section around it.

        Args:
            document: The report, as `document` of a citation or passage names it.
            start: Where the passage begins in the clean text.
            end: Where it ends.
        """
        place = _told(
            lambda: place_of(self.live.current().snapshot.catalogue, document, start, end)
        )
        section = "\n".join("".join(p.text for p in block.pieces) for block in place.blocks)
        found = {"quote": place.quote, "page": place.page, "section": section}
        return {**found, "headings": list(place.headings)}

    def reports(self) -> list[Told]:
        """Lists the reports of the index, with their titles, sizes and what could not be read."""
        return _told(lambda: [document_to_json(d) for d in self.live.current().documents()])


def add_api(live: LiveIndex) -> None:
    """Offer the functions as endpoints of the open page."""
    functions = _Functions(live)
    for function in (functions.ask, functions.search, functions.read, functions.reports):
        api(function, api_name=function.__name__, **IN_TURN)


def _only(index: Index, reports: Sequence[str] | None) -> frozenset[int] | None:
    """The documents that are named, by id.

    Raises:
        YinjuError: the index has no such report.
    """
    if not reports:
        return None
    return frozenset(document_at(index.snapshot.catalogue, path).id for path in reports)


def _told(call: Callable[[], T]) -> T:
    """Turns our errors into ones that Gradio passes on; it renders their text as HTML."""
    try:
        return call()
    except YinjuError as error:
        raise gr.Error(escape(str(error), quote=False), print_exception=False) from error
