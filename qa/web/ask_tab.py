"""The tab for questions: its components and the handlers that their events call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa.server.live_index import LiveIndex
from qa.settings import DEFAULTS
from qa.web.views.labels import labels
from qa.web.views.why import cost_html

from .ask_handlers import AskHandlers
from .assets import html_panel, load_script
from .events import INTERNAL, ONE_AT_A_TIME, POLL_INTERVAL


@dataclass(frozen=True)
class _Components:
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
    """The version of the index that the page in this browser shows. It is a hidden text box and not
    a state: a state would be kept by the server."""


def build_ask_tab(
    live_index: LiveIndex, page: gr.Blocks, tab: gr.Tab, language: gr.Radio
) -> Callable[[], None]:
    """Add the tab's components to the open block and connect their events.

    Args:
        live_index: what is asked.
        page: the whole page.
        tab: the tab that is open as a block.
        language: the page's choice of language.

    Returns:
        A function that renews the first values of the components, which a new page shows.
    """
    handlers = AskHandlers(live_index)
    components = _add_components(handlers)
    _connect_questions(handlers, components, page, language)
    _connect_source(handlers, components, language)
    _connect_page(handlers, components, page, tab, language)

    def renew_first_values() -> None:
        components.conversation.value, components.source.value = handlers.show([], None, "zh")
        components.scope.choices = list(handlers.scope_choices())
        components.known.value = live_index.version()

    return renew_first_values


def _add_components(handlers: AskHandlers) -> _Components:
    label = labels("zh")
    first_conversation, first_source = handlers.show([], None, "zh")
    with gr.Row(elem_id="work"):
        with gr.Column(elem_id="left"):
            scripts = ("centre", "asked", "peek", "copy", "conversation")
            conversation = html_panel(first_conversation, scripts, "conversation")
            with gr.Row(elem_id="asking"):
                question_row = _add_question_row(label)
            scope = gr.Dropdown(
                handlers.scope_choices(),
                value=[],
                label=label["scope"],
                multiselect=True,
                # A chosen report may be removed meanwhile; Gradio would then refuse each question.
                allow_custom_value=True,
                min_width=0,
                elem_id="scope",
            )
            with gr.Row(elem_id="strictness"):
                threshold_row = _add_threshold_row(label)
        with gr.Column(elem_id="right"):
            source = html_panel(first_source, ("centre", "switch", "source"), "source", "reader")
    return _Components(
        conversation,
        source,
        *question_row,
        scope,
        *threshold_row,
        turns=gr.State([]),
        place=gr.State(None),
        timer=gr.Timer(POLL_INTERVAL, active=False),
        known=gr.Textbox("", visible=False),
    )


def _connect_questions(
    handlers: AskHandlers, components: _Components, page: gr.Blocks, language: gr.Radio
) -> None:
    """Connect the events that ask, answer, stop and judge."""
    turns, scope, conversation = components.turns, components.scope, components.conversation
    session, shown = [turns, components.place, language], [conversation, components.source]
    # Take each question, however soon it follows the last: "once" would drop it.
    multiple: dict[str, Any] = {"trigger_mode": "multiple", **INTERNAL}
    asked = [*session, components.threshold, scope]
    shows = conversation.ask(handlers.on_question, asked, [conversation], queue=False, **multiple)
    opened = [components.place, *shown]
    answers = shows.then(handlers.on_turn, [turns, language], opened, **multiple, **ONE_AT_A_TIME)
    conversation.stop(handlers.on_stop, session, [conversation], queue=False, **INTERNAL)
    timer = components.timer
    timer.tick(handlers.on_tick, [*session, scope], [conversation, timer], queue=False, **INTERNAL)
    scope.change(handlers.on_scope, [turns, language, scope], [conversation], **INTERNAL)
    answers.failure(handlers.on_failure, session, [conversation], **INTERNAL)
    conversation.judge(handlers.on_judge, session, [conversation], queue=False, **INTERNAL)
    # Create the session's list before the first question: two at once would each create their own.
    page.load(lambda turns: None, [turns], queue=False, **INTERNAL)
    components.clear.click(handlers.on_clear, [turns, language, scope], opened, **INTERNAL)


def _connect_source(handlers: AskHandlers, components: _Components, language: gr.Radio) -> None:
    """Connect the events that open and close places, pages and the record of cleaning."""
    source, session = components.source, [components.turns, components.place, language]
    opened = [components.place, source]
    components.conversation.open_place(handlers.on_open, [language], opened, **INTERNAL)
    source.open_trail(handlers.on_trail, [language], [source], **INTERNAL)
    source.open_page(handlers.on_page, [language], [source], **INTERNAL)
    source.close_trail(handlers.on_trail_closed, session, [source], **INTERNAL)


def _connect_page(
    handlers: AskHandlers, components: _Components, page: gr.Blocks, tab: gr.Tab, language: gr.Radio
) -> None:
    """Connect the threshold, the language, and the return to the tab."""
    session = [components.turns, components.place, language]
    shown = [components.conversation, components.source]
    components.threshold.change(
        cost_html,
        [components.threshold, language],
        [components.cost],
        queue=False,
        trigger_mode="always_last",
        **INTERNAL,
    )
    # The reports may have changed meanwhile.
    asked = [*session, components.scope, components.known]
    returned = [*shown, components.scope, components.timer, components.known]
    for event in (tab.select, page.load):
        event(handlers.on_return, asked, returned, queue=False, **INTERNAL)
    translated = [components.box, components.send, components.clear, components.export]
    translated += [components.threshold, components.generous, components.strict]
    translated += [components.cost, components.scope, *shown]
    language.change(handlers.on_language, [*session, components.threshold], translated, **INTERNAL)


def _add_question_row(
    label: Mapping[str, str],
) -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Button]:
    """Add the box for a question and the buttons that send, clear and export."""
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


def _add_threshold_row(label: Mapping[str, str]) -> tuple[gr.HTML, gr.Slider, gr.HTML, gr.HTML]:
    """Add the slider of the threshold between the words for its ends, and what its value costs."""
    default = DEFAULTS.answer.threshold
    generous = gr.HTML(label["generous"], elem_id="generous")
    slider = gr.Slider(
        0.05,
        0.95,
        default,
        step=0.01,
        label=label["threshold"],
        container=False,
        min_width=0,
        interactive=True,
        buttons=[],
        elem_id="threshold",
    )
    strict = gr.HTML(label["strict"], elem_id="strict")
    cost = gr.HTML(cost_html(default, "zh"), js_on_load=load_script("cost"), elem_id="cost")
    return generous, slider, strict, cost
