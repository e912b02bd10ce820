"""The page's functions for programs: an HTTP API, and the same as MCP tools."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api

from indexer.errors import YinjuError
from qa.labels import LABELS
from qa.live import LiveIndex
from qa.present import answer_object, document_object, passage_object
from qa.reading import place_of
from qa.whypage import checked_threshold

from .parts import IN_TURN

T = TypeVar("T")
Told = dict[str, Any]


def add_api(live: LiveIndex) -> None:
    """The same functions for programs: /ask, /search, /read and /reports."""

    def ask(
        question: str,
        history: list[str] | None = None,
        language: str = "zh",
        threshold: float | None = None,
    ) -> Told:
        """Answers with verbatim quotations and their citations; language: "zh" or "en".

        threshold: the confidence, 0..1, below which the answer is a refusal.
        """
        spoken = language if language in LABELS else "zh"

        def answered() -> Told:
            least = checked_threshold(threshold)
            answer = live.current().ask(question, history or (), threshold=least, language=spoken)
            return answer_object(answer)

        return _told(answered)

    def search(query: str, k: int = 10) -> list[dict[str, Any]]:
        """Ranks the best k passages, without an answer."""
        return _told(lambda: [passage_object(p) for p in live.current().search(query, k)])

    def read(document: str, start: int, end: int) -> Told:
        """Reads a passage of a report by its span in the clean text, with the section around it."""
        place = _told(lambda: place_of(live.current().snapshot.catalogue, document, start, end))
        section = "\n".join("".join(p.text for p in block.pieces) for block in place.blocks)
        found = {"quote": place.quote, "page": place.page, "section": section}
        return {**found, "headings": list(place.headings)}

    def reports() -> list[dict[str, Any]]:
        """Lists the reports of the index."""
        return _told(lambda: [document_object(d) for d in live.current().documents()])

    for function in (ask, search, read, reports):
        api(function, api_name=function.__name__, **IN_TURN)


def _told(call: Callable[[], T]) -> T:
    """Turns our errors into ones that Gradio passes on; it renders their text as HTML."""
    try:
        return call()
    except YinjuError as error:
        raise gr.Error(escape(str(error), quote=False), print_exception=False) from error
