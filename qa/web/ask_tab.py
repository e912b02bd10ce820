"""The tab for questions: its components and what they call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa.server.live_index import LiveIndex
from qa.settings import DEFAULTS
from qa.web.views.labels import labels
from qa.web.views.why import cost_html

from .ask_handlers import Handlers
from .components import HIDDEN, IN_TURN, panel
from .theme import script

# How often the page looks whether the model is ready, in seconds.
_TICK = 0.7


@dataclass(frozen=True)
class _Parts:
    """The tab's components."""

    conversation: gr.HTML
    source: gr.HTML
    box: gr.Textbox
    send: gr.Button
    clear: gr.Button
    export: gr.Button
    scope: gr.Dropdown
    generous: gr.HTML
    threshold: gr.Slider
    strict: gr.HTML
    cost: gr.HTML
    turns: gr.State
    place: gr.State
    timer: gr.Timer
    known: gr.Textbox
    """The version of the index that this browser's page was painted with. It is no state, which the
    server would keep."""


def build_asking(
    live: LiveIndex, page: gr.Blocks, tab: gr.Tab, language: gr.Radio
) -> Callable[[], None]:
    """Put the tab's components into the open block and wire them.

    Returns:
        A function that gives them anew the values that they begin with.
    """
    handlers = Handlers(live)
    parts = _components(handlers)
    _wire_questions(handlers, parts, page, language)
    _wire_source(handlers, parts, language)
    _wire_page(handlers, parts, page, tab, language)

    def renew() -> None:
        parts.conversation.value, parts.source.value = handlers.show([], None, "zh")
        parts.scope.choices = list(handlers.choices())
        parts.known.value = live.version()

    return renew


def _components(handlers: Handlers) -> _Parts:
    label = labels("zh")
    conversation_now, source_now = handlers.show([], None, "zh")
    with gr.Row(elem_id="work"):
        with gr.Column(elem_id="left"):
            scripts = script("centre", "asked", "peek", "copy", "conversation")
            conversation = panel(conversation_now, scripts, "conversation")
            with gr.Row(elem_id="asking"):
                question_row = _question_row(label)
            scope = gr.Dropdown(
                handlers.choices(),
                value=[],
                label=label["scope"],
                multiselect=True,
                # What was chosen may be gone since, and Gradio would then fail each question.
                allow_custom_value=True,
                min_width=0,
                elem_id="scope",
            )
            with gr.Row(elem_id="strictness"):
                threshold_row = _threshold_row(label)
        with gr.Column(elem_id="right"):
            source = panel(source_now, script("centre", "switch", "source"), "source", "reader")
    return _Parts(
        conversation,
        source,
        *question_row,
        scope,
        *threshold_row,
        turns=gr.State([]),
        place=gr.State(None),
        timer=gr.Timer(_TICK, active=False),
        known=gr.Textbox("", visible=False),
    )


def _wire_questions(handlers: Handlers, parts: _Parts, page: gr.Blocks, language: gr.Radio) -> None:
    """Wire what asks, answers, stops and judges."""
    turns, scope, conversation = parts.turns, parts.scope, parts.conversation
    now, shown = [turns, parts.place, language], [conversation, parts.source]
    # Each question counts, however soon it follows the last: "once" would drop it.
    every: dict[str, Any] = {"trigger_mode": "multiple", **HIDDEN}
    shows = conversation.ask(
        handlers.on_question, [*now, parts.threshold, scope], [conversation], queue=False, **every
    )
    answers = shows.then(
        handlers.on_turn, [turns, language], [parts.place, *shown], **every, **IN_TURN
    )
    conversation.stop(handlers.on_stop, now, [conversation], queue=False, **HIDDEN)
    timer = parts.timer
    timer.tick(handlers.on_tick, [*now, scope], [conversation, timer], queue=False, **HIDDEN)
    scope.change(handlers.on_scope, [turns, language, scope], [conversation], **HIDDEN)
    answers.failure(handlers.on_failure, now, [conversation], **HIDDEN)
    conversation.judge(handlers.on_judge, now, [conversation], queue=False, **HIDDEN)
    # Makes the session before the first question: two at once would each make one of their own.
    page.load(lambda turns: None, [turns], queue=False, **HIDDEN)
    cleared = [parts.place, *shown]
    parts.clear.click(handlers.on_clear, [turns, language, scope], cleared, **HIDDEN)


def _wire_source(handlers: Handlers, parts: _Parts, language: gr.Radio) -> None:
    """Wire what opens and closes places, pages and the record of cleaning."""
    source, now = parts.source, [parts.turns, parts.place, language]
    opened = [parts.place, source]
    parts.conversation.open_place(handlers.on_open, [language], opened, **HIDDEN)
    source.open_trail(handlers.on_trail, [language], [source], **HIDDEN)
    source.open_page(handlers.on_page, [language], [source], **HIDDEN)
    source.close_trail(handlers.on_trail_closed, now, [source], **HIDDEN)


def _wire_page(
    handlers: Handlers, parts: _Parts, page: gr.Blocks, tab: gr.Tab, language: gr.Radio
) -> None:
    """Wire the threshold, the language, and the return to the tab."""
    now, shown = [parts.turns, parts.place, language], [parts.conversation, parts.source]
    parts.threshold.change(
        cost_html,
        [parts.threshold, language],
        [parts.cost],
        queue=False,
        trigger_mode="always_last",
        **HIDDEN,
    )
    # Other reports may be there by now.
    asked = [*now, parts.scope, parts.known]
    returned = [*shown, parts.scope, parts.timer, parts.known]
    for event in (tab.select, page.load):
        event(handlers.on_return, asked, returned, queue=False, **HIDDEN)
    spoken = [parts.box, parts.send, parts.clear, parts.export, parts.threshold]
    spoken += [parts.generous, parts.strict, parts.cost, parts.scope]
    language.change(handlers.on_language, [*now, parts.threshold], [*spoken, *shown], **HIDDEN)


def _question_row(
    label: Mapping[str, str],
) -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Button]:
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
    clear = gr.Button(label["clear"], elem_id="clear")
    return box, send, clear, gr.Button(label["export"], elem_id="export")


def _threshold_row(label: Mapping[str, str]) -> tuple[gr.HTML, gr.Slider, gr.HTML, gr.HTML]:
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
    cost = gr.HTML(cost_html(least, "zh"), js_on_load=script("cost"), elem_id="cost")
    return generous, slider, strict, cost
