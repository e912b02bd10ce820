"""The tab for questions: conversation on the left, sources on the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from indexer.errors import YinjuError
from qa.labels import LABELS
from qa.live import LiveIndex
from qa.page import Turn, conversation_html, error_html, notice_html, place_html
from qa.pagepicture import picture_html
from qa.reading import Place, document_at, example_questions, place_of
from qa.review import FROM_CHAT, VERDICTS, add_gold, add_review
from qa.scope import documents_in, scope_choices
from qa.scripts import CONVERSATION_JS, COST_JS, SOURCE_JS
from qa.settings import DEFAULTS
from qa.trailpage import trail_html
from qa.whypage import cost_html

from .parts import HIDDEN, IN_TURN, Update, panel, sent

# A session's conversation: one list, changed in place, for questions come while one is answered.
Turns = list[Turn]


@dataclass(frozen=True)
class Handlers:
    """What the page's events call; the conversation and the open place are the session's own."""

    live: LiveIndex

    def on_question(
        self,
        turns: Turns,
        place: Place | None,
        language: str,
        threshold: float,
        scope: list[str] | None,
        event: gr.EventData,
    ) -> str:
        """Shows what was asked at once, behind what still waits; `on_turn` answers it."""
        question = str(sent(event).get("question", "")).strip()
        key = str(sent(event).get("key", ""))
        if question and not (key and any(turn.key == key for turn in turns)):
            asked_of = tuple(scope or ())
            turns.append(Turn(question, key=key, threshold=threshold, scope=asked_of))
        return self.show(turns, place, language)[0]

    def on_turn(self, turns: Turns, language: str) -> Iterator[Update]:
        """Answers all questions that wait, oldest first, and opens the first quotation's place."""
        shown = False
        while turn := next((t for t in turns if t.waits), None):
            history = [t.question for t in turns[: turns.index(turn)] if t.answer]
            place, answered = None, replace(turn, error=LABELS[language]["broken"])
            try:
                index = self.live.current()
                answer = index.ask(
                    turn.question,
                    history,
                    threshold=turn.threshold,
                    language=language,
                    only=documents_in(index.documents(), turn.scope),
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
        data = sent(event)
        try:
            place = self.place(data.get("document"), data.get("start"), data.get("end"))
        except YinjuError as error:
            return None, error_html(str(error), language)
        return place, place_html(place, language)

    def on_trail(self, language: str, event: gr.EventData) -> str:
        """Shows what cleaning changed in a report."""
        try:
            catalogue = self.live.current().snapshot.catalogue
            document = document_at(catalogue, sent(event).get("document"))
        except YinjuError as error:
            return error_html(str(error), language)
        return trail_html(document, catalogue.trail(document.id), language)

    def on_page(self, language: str, event: gr.EventData) -> str:
        """Shows a page of a report's file."""
        data = sent(event)
        try:
            catalogue = self.live.current().snapshot.catalogue
            return picture_html(catalogue, data.get("document"), data.get("page"), language)
        except YinjuError as error:
            return error_html(str(error), language)

    def on_trail_closed(self, turns: Turns, place: Place | None, language: str) -> str:
        """Shows again what was open before."""
        return self.show(turns, place, language)[1]

    def place(self, document: Any, start: Any, end: Any) -> Place:
        """The place of a span; what a browser sent is checked in there."""
        return place_of(self.live.current().snapshot.catalogue, document, start, end)

    def show(self, turns: Sequence[Turn], place: Place | None, language: str) -> tuple[str, str]:
        """Conversation and sources as HTML."""
        try:
            catalogue = self.live.current().snapshot.catalogue
        except YinjuError as error:
            return conversation_html(turns, (), language), error_html(str(error), language)
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
            gr.update(label=label["question"], placeholder=label["placeholder"]),
            gr.update(value=label["send"]),
            gr.update(value=label["clear"]),
            gr.update(value=label["export"]),
            gr.update(label=label["threshold"]),
            label["generous"],
            label["strict"],
            cost_html(threshold, language),
            gr.update(label=label["scope"], info=None, choices=self.choices()),
            *self.show(turns, place, language),
        )

    def on_return(self, turns: Turns, place: Place | None, language: str) -> Update:
        """Shows what reports there are now, without touching what is open."""
        choices = gr.update(choices=self.choices())
        if turns or place:
            return gr.skip(), gr.skip(), choices
        return *self.show(turns, place, language), choices

    def choices(self) -> list[tuple[str, str]]:
        """What a question can be asked of."""
        try:
            return scope_choices(self.live.current().documents())
        except YinjuError:  # there is no index yet, which the panel of sources says
            return []

    def on_judge(
        self, turns: Turns, place: Place | None, language: str, event: gr.EventData
    ) -> str:
        """Keeps what a user says of an answer, or makes its question a gold question."""
        data, label = sent(event), LABELS[language]
        verdict = data.get("verdict")
        for at, turn in enumerate(turns):
            if not turn.key or turn.key != data.get("key") or turn.answer is None:
                continue
            history = [t.question for t in turns[:at] if t.answer]
            history = history if turn.answer.understood != turn.answer.question else []
            said = label["thanks"]
            if verdict == "gold":
                said = label["kept_gold"].format(name=FROM_CHAT)
                add_gold(self.live.folder, turn.answer, history)
            elif verdict in VERDICTS:
                reason = str(data.get("reason", ""))
                add_review(self.live.folder, turn.answer, history, str(verdict), reason)
            else:
                break
            turns[at] = replace(turn, judged=said)
        return conversation_html(turns, (), language, place)

    def on_clear(self, turns: Turns, language: str) -> tuple[None, str, str]:
        """Begins a new conversation."""
        turns.clear()
        return None, *self.show(turns, None, language)


def build_asking(live: LiveIndex, page: gr.Blocks, tab: gr.Tab, language: gr.Radio) -> None:
    """Puts the tab's components into the open block and wires them."""
    handlers = Handlers(live)
    conversation_now, source_now = handlers.show([], None, "zh")
    with gr.Row(elem_id="work"):
        with gr.Column(elem_id="left"):
            conversation = panel(conversation_now, CONVERSATION_JS, "conversation")
            with gr.Row(elem_id="asking"):
                box, send, clear, export = _question_row(LABELS["zh"])
            scope = gr.Dropdown(
                handlers.choices(),
                value=[],
                label=LABELS["zh"]["scope"],
                multiselect=True,
                min_width=0,
                elem_id="scope",
            )
            with gr.Row(elem_id="strictness"):
                generous, threshold, strict, cost = _threshold_row(LABELS["zh"])
        with gr.Column(elem_id="right"):
            source = panel(source_now, SOURCE_JS, "source")
    turns, place = gr.State([]), gr.State(None)
    now, shown = [turns, place, language], [conversation, source]
    # Each question counts, however soon it follows the last: "once" would drop it.
    every: dict[str, Any] = {"trigger_mode": "multiple", **HIDDEN}
    shows = conversation.ask(
        handlers.on_question, [*now, threshold, scope], [conversation], queue=False, **every
    )
    answers = shows.then(handlers.on_turn, [turns, language], [place, *shown], **every, **IN_TURN)
    answers.failure(handlers.on_failure, now, [conversation], **HIDDEN)
    conversation.judge(handlers.on_judge, now, [conversation], queue=False, **HIDDEN)
    conversation.open_place(handlers.on_open, [language], [place, source], **HIDDEN)
    source.open_trail(handlers.on_trail, [language], [source], **HIDDEN)
    source.open_page(handlers.on_page, [language], [source], **HIDDEN)
    source.close_trail(handlers.on_trail_closed, now, [source], **HIDDEN)
    # Makes the session before the first question: two at once would each make one of their own.
    page.load(lambda turns: None, [turns], queue=False, **HIDDEN)
    clear.click(handlers.on_clear, [turns, language], [place, *shown], **HIDDEN)
    threshold.change(
        cost_html,
        [threshold, language],
        [cost],
        queue=False,
        trigger_mode="always_last",
        **HIDDEN,
    )
    # Other reports may be there by now.
    returned = [conversation, source, scope]
    for event in (tab.select, page.load):
        event(handlers.on_return, now, returned, queue=False, **HIDDEN)
    spoken = [box, send, clear, export, threshold, generous, strict, cost, scope]
    language.change(handlers.on_language, [*now, threshold], [*spoken, *shown], **HIDDEN)


def _question_row(
    label: dict[str, str],
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
