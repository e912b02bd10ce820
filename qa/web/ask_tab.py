"""The tab for questions: its components and what they call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from qa.server.live_index import LiveIndex
from qa.settings import DEFAULTS
from qa.web.views.labels import labels
from qa.web.views.why import cost_html

from .ask_handlers import Handlers
from .components import HIDDEN, IN_TURN, panel
from .theme import script

# A screen reader tells the cost of a threshold whenever it changes.
_COST_JS = "element.setAttribute('aria-live', 'polite');"
# How often the page looks whether the model is ready, in seconds.
_TICK = 0.7


def build_asking(
    live: LiveIndex, page: gr.Blocks, tab: gr.Tab, language: gr.Radio
) -> Callable[[], None]:
    """Puts the tab's components into the open block and wires them.

    Returns:
        What gives them the values that they begin with anew.
    """
    handlers = Handlers(live)
    conversation_now, source_now = handlers.show([], None, "zh")
    with gr.Row(elem_id="work"):
        with gr.Column(elem_id="left"):
            conversation = panel(
                conversation_now,
                script("centre", "asked", "peek", "copy", "conversation"),
                "conversation",
            )
            with gr.Row(elem_id="asking"):
                box, send, clear, export = _question_row(labels("zh"))
            scope = gr.Dropdown(
                handlers.choices(),
                value=[],
                label=labels("zh")["scope"],
                multiselect=True,
                # What was chosen may be gone since, and Gradio would then fail each question.
                allow_custom_value=True,
                min_width=0,
                elem_id="scope",
            )
            with gr.Row(elem_id="strictness"):
                generous, threshold, strict, cost = _threshold_row(labels("zh"))
        with gr.Column(elem_id="right"):
            source = panel(source_now, script("centre", "switch", "source"), "source", "reader")
    turns, place, timer = gr.State([]), gr.State(None), gr.Timer(_TICK, active=False)
    now, shown = [turns, place, language], [conversation, source]
    # Each question counts, however soon it follows the last: "once" would drop it.
    every: dict[str, Any] = {"trigger_mode": "multiple", **HIDDEN}
    shows = conversation.ask(
        handlers.on_question, [*now, threshold, scope], [conversation], queue=False, **every
    )
    answers = shows.then(handlers.on_turn, [turns, language], [place, *shown], **every, **IN_TURN)
    conversation.stop(handlers.on_stop, now, [conversation], queue=False, **HIDDEN)
    timer.tick(handlers.on_tick, [*now, scope], [conversation, timer], queue=False, **HIDDEN)
    scope.change(handlers.on_scope, [turns, language, scope], [conversation], **HIDDEN)
    answers.failure(handlers.on_failure, now, [conversation], **HIDDEN)
    conversation.judge(handlers.on_judge, now, [conversation], queue=False, **HIDDEN)
    conversation.open_place(handlers.on_open, [language], [place, source], **HIDDEN)
    source.open_trail(handlers.on_trail, [language], [source], **HIDDEN)
    source.open_page(handlers.on_page, [language], [source], **HIDDEN)
    source.close_trail(handlers.on_trail_closed, now, [source], **HIDDEN)
    # Makes the session before the first question: two at once would each make one of their own.
    page.load(lambda turns: None, [turns], queue=False, **HIDDEN)
    clear.click(handlers.on_clear, [turns, language, scope], [place, *shown], **HIDDEN)
    threshold.change(
        cost_html,
        [threshold, language],
        [cost],
        queue=False,
        trigger_mode="always_last",
        **HIDDEN,
    )
    # Other reports may be there by now.
    # No state, which the server keeps: it says what this browser's page was painted with.
    known = gr.Textbox("", visible=False)
    returned = [conversation, source, scope, timer, known]
    for event in (tab.select, page.load):
        event(handlers.on_return, [*now, scope, known], returned, queue=False, **HIDDEN)
    spoken = [box, send, clear, export, threshold, generous, strict, cost, scope]
    language.change(handlers.on_language, [*now, threshold], [*spoken, *shown], **HIDDEN)

    def renew() -> None:
        conversation.value, source.value = handlers.show([], None, "zh")
        scope.choices = list(handlers.choices())
        known.value = live.version()

    return renew


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
    cost = gr.HTML(cost_html(least, "zh"), js_on_load=_COST_JS, elem_id="cost")
    return generous, slider, strict, cost
