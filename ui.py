"""The web page: wiring only, no logic that qa or indexer could own."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from html import escape
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api

from indexer.errors import YinjuError
from qa.index import Index
from qa.labels import LABELS
from qa.look import CINNABAR, CONVERSATION_JS, COST_JS, CSS, FONTS, HEAD, HEADER_JS, SOURCE_JS
from qa.page import (
    Turn,
    conversation_html,
    error_html,
    header_html,
    notice_html,
    place_html,
)
from qa.present import answer_object, passage_object
from qa.reading import Place, document_at, example_questions, place_of
from qa.settings import DEFAULTS
from qa.trailpage import trail_html
from qa.whypage import checked_threshold, cost_html

# A session's conversation: one list, changed in place, for questions come while one is answered.
Turns = list[Turn]
# New values of an event's outputs, in their order.
Update = tuple[Any, ...]
T = TypeVar("T")
Told = dict[str, Any]

# Events of the page itself: programs call the endpoints of `add_api`.
_HIDDEN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Questions of all users wait for one another: each keeps every core busy for some 30 ms.
_IN_TURN: dict[str, Any] = {"concurrency_id": "encoder", "concurrency_limit": 1}


@dataclass(frozen=True)
class Handlers:
    """What the page's events call; the conversation and the open place are the session's own."""

    index: Index

    def on_question(
        self,
        turns: Turns,
        place: Place | None,
        language: str,
        threshold: float,
        event: gr.EventData,
    ) -> str:
        """Shows what was asked at once, behind what still waits; `on_turn` answers it."""
        question = str(_data(event).get("question", "")).strip()
        key = str(_data(event).get("key", ""))
        if question and not (key and any(turn.key == key for turn in turns)):
            turns.append(Turn(question, key=key, threshold=threshold))
        return self.show(turns, place, language)[0]

    def on_turn(self, turns: Turns, language: str) -> Iterator[Update]:
        """Answers all questions that wait, oldest first, and opens the first quotation's place."""
        shown = False
        while turn := next((t for t in turns if t.waits), None):
            history = [t.question for t in turns[: turns.index(turn)] if t.answer]
            place, answered = None, replace(turn, error=LABELS[language]["broken"])
            try:
                answer = self.index.ask(
                    turn.question, history, threshold=turn.threshold, language=language
                )
                answered = replace(turn, answer=answer)
                if answer.citations:
                    first = answer.citations[0]
                    place = self.place(first.document, first.start, first.end)
            except YinjuError as error:
                answered = replace(turn, error=str(error))
            finally:  # whatever else goes wrong, it does not wait for ever
                at = next((i for i, t in enumerate(turns) if t is turn), None)
                if at is not None:  # else the conversation was cleared meanwhile
                    turns[at] = answered
            if at is not None:
                shown = True
                yield place, *self.show(turns, place, language)
        if not shown:
            yield (gr.skip(),) * 3

    def on_open(self, language: str, event: gr.EventData) -> tuple[Any, str]:
        """Opens what a mark or card names."""
        data = _data(event)
        try:
            place = self.place(data.get("document"), data.get("start"), data.get("end"))
        except YinjuError as error:
            return None, error_html(str(error), language)
        return place, place_html(place, language)

    def on_trail(self, language: str, event: gr.EventData) -> str:
        """Shows what cleaning changed in a report."""
        catalogue = self.index.snapshot.catalogue
        try:
            document = document_at(catalogue, _data(event).get("document"))
        except YinjuError as error:
            return error_html(str(error), language)
        return trail_html(document, catalogue.trail(document.id), language)

    def on_trail_closed(self, turns: Turns, place: Place | None, language: str) -> str:
        """Shows again what was open before."""
        return self.show(turns, place, language)[1]

    def place(self, document: Any, start: Any, end: Any) -> Place:
        """The place of a span; what a browser sent is checked in there."""
        return place_of(self.index.snapshot.catalogue, document, start, end)

    def show(self, turns: Sequence[Turn], place: Place | None, language: str) -> tuple[str, str]:
        """Conversation and sources as HTML."""
        catalogue = self.index.snapshot.catalogue
        examples = [] if turns else example_questions(catalogue)
        answer = next((turn.answer for turn in reversed(turns) if not turn.waits), None)
        refused = answer is not None and answer.abstained
        empty = "" if place else notice_html(language, catalogue.documents(), refused)
        source = place_html(place, language) if place else empty
        return conversation_html(turns, examples, language, place), source

    def on_failure(self, turns: Turns, place: Place | None, language: str) -> str:
        """Shows what became of a question whose answer failed."""
        return conversation_html(turns, (), language, place)

    def on_language(
        self, turns: Turns, place: Place | None, language: str, threshold: float
    ) -> Update:
        """Everything again, in another language."""
        label = LABELS[language]
        return (
            header_html(language),
            gr.update(label=label["question"], placeholder=label["placeholder"]),
            gr.update(value=label["send"]),
            gr.update(value=label["clear"]),
            gr.update(label=label["threshold"]),
            label["generous"],
            label["strict"],
            cost_html(threshold, language),
            *self.show(turns, place, language),
        )

    def on_clear(self, turns: Turns, language: str) -> tuple[None, str, str]:
        """Begins a new conversation."""
        turns.clear()
        return None, *self.show(turns, None, language)


def _data(event: gr.EventData) -> dict[str, Any]:
    """What the browser sent along with an event, whatever it was."""
    return event._data if isinstance(event._data, dict) else {}


def add_api(index: Index) -> None:
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
            answer = index.ask(question, history or (), threshold=least, language=spoken)
            return answer_object(answer)

        return _told(answered)

    def search(query: str, k: int = 10) -> list[dict[str, Any]]:
        """Ranks the best k passages, without an answer."""
        return _told(lambda: [passage_object(p) for p in index.search(query, k)])

    def read(document: str, start: int, end: int) -> Told:
        """Reads a passage of a report by its span in the clean text, with the section around it."""
        place = _told(lambda: place_of(index.snapshot.catalogue, document, start, end))
        section = "\n".join("".join(p.text for p in block.pieces) for block in place.blocks)
        found = {"quote": place.quote, "page": place.page, "section": section}
        return {**found, "headings": list(place.headings)}

    def reports() -> list[dict[str, Any]]:
        """Lists the reports of the index."""
        return [
            {"document": d.path, "title": d.title, "characters": d.characters}
            for d in index.documents()
        ]

    for function in (ask, search, read, reports):
        api(function, api_name=function.__name__, **_IN_TURN)


def _told(call: Callable[[], T]) -> T:
    """Turns our errors into ones that Gradio passes on; it renders their text as HTML."""
    try:
        return call()
    except YinjuError as error:
        raise gr.Error(escape(str(error), quote=False), print_exception=False) from error


def build_page(index: Index) -> gr.Blocks:
    """The page over an index; `serve` launches it with its looks."""
    handlers = Handlers(index)
    conversation_now, source_now = handlers.show([], None, "zh")
    page = gr.Blocks(title="引据", analytics_enabled=False, fill_width=True)
    with page:
        with gr.Row(elem_id="top"):
            header = gr.HTML(header_html("zh"), js_on_load=HEADER_JS, elem_id="header")
            language = gr.Radio(
                [("中文", "zh"), ("English", "en")],
                value="zh",
                label="语言 Language",
                show_label=False,
                container=False,
                elem_id="language",
            )
        with gr.Row(elem_id="work"):
            with gr.Column(elem_id="left"):
                conversation = _panel(conversation_now, CONVERSATION_JS, "conversation")
                with gr.Row(elem_id="asking"):
                    box, send, clear = _question_row(LABELS["zh"])
                with gr.Row(elem_id="strictness"):
                    generous, threshold, strict, cost = _threshold_row(LABELS["zh"])
            with gr.Column(elem_id="right"):
                source = _panel(source_now, SOURCE_JS, "source")
        turns, place = gr.State([]), gr.State(None)
        now, shown = [turns, place, language], [conversation, source]
        # Each question counts, however soon it follows the last: "once" would drop it.
        every: dict[str, Any] = {"trigger_mode": "multiple", **_HIDDEN}
        shows = conversation.ask(
            handlers.on_question, [*now, threshold], [conversation], queue=False, **every
        )
        answers = shows.then(
            handlers.on_turn, [turns, language], [place, *shown], **every, **_IN_TURN
        )
        answers.failure(handlers.on_failure, now, [conversation], **_HIDDEN)
        conversation.open_place(handlers.on_open, [language], [place, source], **_HIDDEN)
        source.open_trail(handlers.on_trail, [language], [source], **_HIDDEN)
        source.close_trail(handlers.on_trail_closed, now, [source], **_HIDDEN)
        # Makes the session before the first question: two at once would each make one of their own.
        page.load(lambda turns: None, [turns], queue=False, **_HIDDEN)
        clear.click(handlers.on_clear, [turns, language], [place, *shown], **_HIDDEN)
        threshold.change(
            cost_html,
            [threshold, language],
            [cost],
            queue=False,
            trigger_mode="always_last",
            **_HIDDEN,
        )
        spoken = [header, box, send, clear, threshold, generous, strict, cost]
        language.change(handlers.on_language, [*now, threshold], [*spoken, *shown], **_HIDDEN)
        add_api(index)
    return page


def _panel(value: str, script: str, name: str) -> gr.HTML:
    return gr.HTML(value, js_on_load=script, elem_id=name, apply_default_css=False)


def _question_row(label: dict[str, str]) -> tuple[gr.Textbox, gr.Button, gr.Button]:
    box = gr.Textbox(
        label=label["question"],
        placeholder=label["placeholder"],
        show_label=False,
        container=False,
        lines=1,
        max_lines=6,
        autofocus=True,
        interactive=True,
        elem_id="box",
    )
    send = gr.Button(label["send"], variant="primary", elem_id="send")
    return box, send, gr.Button(label["clear"], elem_id="clear")


def _threshold_row(label: dict[str, str]) -> tuple[gr.HTML, gr.Slider, gr.HTML, gr.HTML]:
    """A slider between the words for its ends, and what its value costs."""
    least = DEFAULTS.answer.threshold
    generous = gr.HTML(label["generous"], elem_id="generous")
    slider = gr.Slider(
        0.05,
        0.95,
        least,
        step=0.01,
        label=label["threshold"],
        container=False,
        min_width=0,
        interactive=True,
        buttons=[],
        elem_id="threshold",
    )
    strict = gr.HTML(label["strict"], elem_id="strict")
    cost = gr.HTML(cost_html(least, "zh"), js_on_load=COST_JS, elem_id="cost")
    return generous, slider, strict, cost


def serve(index: Index, host: str, port: int) -> None:
    """Serves the page until interrupted.

    Raises:
        YinjuError: the address cannot be listened on, or the model cannot be loaded.
    """
    _check_address(host, port)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Gradio calls itself once to see that it is up; a proxy must not stand in between.
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    os.environ["no_proxy"] = f"{direct},{host},localhost"
    with ThreadPoolExecutor(1) as pool:
        warm = pool.submit(index.search, "引据", 1)
        page = build_page(index)
        _, address, _ = page.launch(
            server_name=host,
            server_port=port,
            share=False,
            ssr_mode=False,
            pwa=False,
            quiet=True,
            prevent_thread_lock=True,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            theme=_theme(),
            css=CSS,
            head=HEAD,
        )
        print(f"引据 {address} (Ctrl+C to stop)", flush=True)
        try:
            warm.result()
            threading.Event().wait()
        finally:
            page.close(verbose=False)


def _theme() -> Any:
    """Gradio's plain theme with our colour and the fonts of the reader's own system."""
    cinnabar = gr.themes.Color(*CINNABAR, name="cinnabar")
    hues: dict[str, Any] = {"primary_hue": cinnabar, "secondary_hue": cinnabar}
    return gr.themes.Base(**hues, neutral_hue="stone", font=FONTS).set(
        body_background_fill="*neutral_100",
        body_background_fill_dark="#151413",
        background_fill_primary_dark="#1e1c1b",
        background_fill_secondary="*neutral_100",
        background_fill_secondary_dark="#2a2826",
        border_color_primary_dark="#3a3734",
        body_text_color_subdued="*neutral_600",
        button_primary_background_fill="#b03a24",
        button_primary_background_fill_hover="#922f1e",
        button_primary_background_fill_dark="#b03a24",
        button_primary_background_fill_hover_dark="#c44c32",
    )


def _check_address(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise YinjuError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port or --host"
        ) from error
