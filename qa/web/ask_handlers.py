"""What the tab for questions does: asks, opens places, keeps what a user says of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr

from indexer.errors import YinjuError
from indexer.messages import message
from qa.context import Place, document_at, place_of
from qa.index import LONGEST, Index
from qa.server.feedback import FROM_CHAT, VERDICTS, add_gold, add_review
from qa.server.live_index import LiveIndex
from qa.server.scope import documents_in, scope_choices
from qa.server.suggestions import Suggestion
from qa.server.turn import Turn
from qa.server.waiting import Line
from qa.settings import checked_threshold
from qa.web.page_image.view import picture_html
from qa.web.views.cleaning import trail_html
from qa.web.views.conversation import conversation_html
from qa.web.views.labels import labels
from qa.web.views.source import error_html, notice_html, place_html
from qa.web.views.why import cost_html

from .components import Update, sent

# How many questions a refusal suggests instead.
_SUGGESTED = 3
# What a page that is loaded anew asks again at most, and how long a conversation may get.
_MOST_ASKED, _MOST_TURNS = 30, 200

# A session's conversation: one list, changed in place, for questions come while one is answered.
Turns = list[Turn]
# What a question is asked of (`qa.server.scope`); nothing is all.
Scope = list[str] | None


def _said(value: object) -> str:
    """Text that a browser sent; a lone surrogate, as of half an emoji, is none."""
    return value.encode("utf-8", "replace").decode().strip() if isinstance(value, str) else ""


@dataclass(frozen=True)
class Handlers:
    """What the page's events call; the conversation and the open place are the session's own."""

    live: LiveIndex
    line: Line = field(default_factory=Line)

    def on_question(
        self,
        turns: Turns,
        place: Place | None,
        language: str,
        threshold: float,
        scope: Scope,
        event: gr.EventData,
    ) -> str:
        """Shows what was asked at once, behind what still waits; `on_turn` answers it."""
        asked = sent(event).get("asked")
        for one in asked[:_MOST_ASKED] if isinstance(asked, list) else ():
            if isinstance(one, dict) and _said(one.get("question")) and _said(one.get("key")):
                self._take(turns, one, threshold, scope)
        return self.show(turns, place, language)[0]

    def _take(self, turns: Turns, asked: dict[str, Any], threshold: float, scope: Scope) -> None:
        """Puts a question behind the others, once.

        Args:
            asked: as the browser sent it. threshold, scope: where it names none.
        """
        key = _said(asked["key"])
        if len(turns) >= _MOST_TURNS or any(turn.key == key for turn in turns):
            return
        # One that is too long is refused, and need not be kept whole for that.
        question = _said(asked["question"])[: 5 * LONGEST]
        named = asked.get("scope", scope)
        asked_of = tuple(map(_said, named)) if isinstance(named, list) else ()
        try:
            least = checked_threshold(asked.get("threshold", threshold))
            ahead = self.line.join(key)
            turns.append(Turn(question, None, None, key, least, asked_of, ahead=ahead))
        except YinjuError as error:
            turns.append(Turn(question, None, error.message, key, threshold, asked_of))

    def on_turn(self, turns: Turns, language: str) -> Iterator[Update]:
        """Answers all questions that wait, oldest first, and opens the first quotation's place."""
        shown = False
        while turn := next((t for t in turns if t.waits), None):
            history = [t.question for t in turns[: turns.index(turn)] if t.answer]
            place, answered = None, replace(turn, error=message("server.broken"))
            try:
                index = self.live.current()
                answered = self._answered(index, turn, history, language)
                answer = answered.answer
                if answer is not None and answer.citations:
                    first = answer.citations[0]
                    place = self.place(first.document, first.start, first.end)
            except YinjuError as error:
                answered = replace(turn, error=error.message)
            finally:  # whatever else goes wrong, it does not wait for ever
                self.line.leave(turn.key)
                at = next((i for i, t in enumerate(turns) if t is turn), None)
                if at is not None:  # else it was stopped, or the conversation cleared, meanwhile
                    turns[at] = answered
            if at is not None:
                shown = True
                yield place, *self.show(turns, place, language)
        if not shown:
            yield (gr.skip(),) * 3

    def _answered(self, index: Index, turn: Turn, history: list[str], language: str) -> Turn:
        """A turn with its answer; with a refusal, questions that the nearest report does answer."""
        answer = index.ask(
            turn.question,
            history,
            threshold=turn.threshold,
            language=language,
            only=documents_in(index.documents(), turn.scope),
        )
        near = answer.passages[0].path if answer.abstained and answer.passages else None
        suggested: list[Suggestion] = []
        if near:
            document = document_at(index.snapshot.catalogue, near)
            suggested = self.live.suggestions.of(index, document)[:_SUGGESTED]
        return replace(turn, answer=answer, suggested=tuple(suggested))

    def on_stop(self, turns: Turns, place: Place | None, language: str, event: gr.EventData) -> str:
        """Gives a question up; an answer that is found after all is dropped."""
        key = sent(event).get("key")
        for at, turn in enumerate(turns):
            if turn.key and turn.key == key and turn.waits:
                turns[at] = replace(turn, error=message("server.stopped"))
                self.line.leave(turn.key)
        return self.show(turns, place, language)[0]

    def on_tick(self, turns: Turns, place: Place | None, language: str, scope: Scope) -> Update:
        """How far the model is; the first questions once it is ready."""
        timer = self.timer()  # before: one that stops here must leave the page of a ready model
        return self.show(turns, place, language, scope)[0], timer

    def timer(self) -> gr.Timer:
        """Looks at the model as long as it is not ready."""
        try:
            return gr.Timer(active=self.live.stage() is not None)
        except YinjuError:
            return gr.Timer(active=False)

    def on_scope(self, turns: Turns, language: str, scope: Scope) -> Any:
        """Suggests questions to what was chosen, before the first is asked."""
        return gr.skip() if turns else self.show(turns, None, language, scope)[0]

    def on_open(self, language: str, event: gr.EventData) -> tuple[Any, str]:
        """Opens what a mark or card names."""
        data = sent(event)
        try:
            place = self.place(data.get("document"), data.get("start"), data.get("end"))
        except YinjuError as error:
            return None, error_html(error.message, language, "failed")
        return place, place_html(place, language)

    def on_trail(self, language: str, event: gr.EventData) -> str:
        """Shows what cleaning changed in a report."""
        try:
            catalogue = self.live.current().snapshot.catalogue
            document = document_at(catalogue, sent(event).get("document"))
        except YinjuError as error:
            return error_html(error.message, language)
        return trail_html(document, catalogue.trail(document.id), language)

    def on_page(self, language: str, event: gr.EventData) -> str:
        """Shows a page of a report's file."""
        data = sent(event)
        try:
            catalogue = self.live.current().snapshot.catalogue
            return picture_html(
                catalogue,
                data.get("document"),
                data.get("page"),
                language,
                data.get("start"),
                data.get("end"),
            )
        except YinjuError as error:
            return error_html(error.message, language)

    def on_trail_closed(self, turns: Turns, place: Place | None, language: str) -> str:
        """Shows again what was open before."""
        return self.show(turns, place, language)[1]

    def place(self, document: Any, start: Any, end: Any) -> Place:
        """The place of a span; what a browser sent is checked in there."""
        return place_of(self.live.current().snapshot.catalogue, document, start, end)

    def show(
        self, turns: Sequence[Turn], place: Place | None, language: str, scope: Scope = None
    ) -> tuple[str, str]:
        """Conversation and sources as HTML.

        scope: what questions to begin with are suggested for.
        """
        try:
            index = self.live.current()
            documents, stage = index.documents(), self.live.stage()
            examples: list[Suggestion] = []
            if not turns and stage is None:
                chosen = documents_in(documents, scope or ())
                examples = self.live.suggestions.of_all(index, chosen)
        except YinjuError as error:
            return conversation_html(turns, (), language), error_html(error.message, language)
        answer = next((turn.answer for turn in reversed(turns) if not turn.waits), None)
        refused = answer is not None and answer.abstained
        empty = "" if place else notice_html(language, documents, refused)
        source = place_html(place, language) if place else empty
        return conversation_html(turns, examples, language, place, stage), source

    def on_failure(self, turns: Turns, place: Place | None, language: str) -> str:
        """Shows what became of a question whose answer failed."""
        return conversation_html(turns, (), language, place)

    def on_language(
        self, turns: Turns, place: Place | None, language: str, threshold: float
    ) -> Update:
        """Everything again, in another language."""
        label = labels(language)
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

    def on_return(
        self, turns: Turns, place: Place | None, language: str, scope: Scope, known: str
    ) -> Update:
        """Shows what reports there are now, without touching what is open.

        known: the version of the index (`LiveIndex.version`) that the page shows already.
        """
        version = self.live.version()
        if version and version == known:
            return (gr.skip(),) * 5
        there = self.choices()
        left = [one for one in scope or () if any(one == value for _, value in there)]
        choices, timer = gr.update(choices=there, value=left), self.timer()
        if turns or place:
            return gr.skip(), gr.skip(), choices, timer, version
        return *self.show(turns, place, language, scope), choices, timer, version

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
        data, label = sent(event), labels(language)
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

    def on_clear(self, turns: Turns, language: str, scope: Scope = None) -> tuple[None, str, str]:
        """Begins a new conversation."""
        for turn in turns:
            self.line.leave(turn.key)
        turns.clear()
        return None, *self.show(turns, None, language, scope)
