"""The event handlers of the tab for questions: ask, open places, show pages, take feedback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr

from indexer.errors import YinjuError
from indexer.messages import message
from qa.context import Place, find_document, find_place
from qa.index import MAX_QUESTION_LENGTH, Index
from qa.server.feedback import FROM_CHAT, VERDICTS, add_gold_question, add_review
from qa.server.live_index import LiveIndex
from qa.server.question_queue import QuestionQueue
from qa.server.scope import ANY, scope_choices, select_documents
from qa.server.suggestions import Suggestion
from qa.server.turn import Turn
from qa.settings import check_threshold
from qa.web.page_image.view import page_image_html
from qa.web.views.cleaning import trail_html
from qa.web.views.conversation import conversation_html
from qa.web.views.labels import labels
from qa.web.views.source import error_html, notice_html, place_html
from qa.web.views.why import cost_html

from .events import Update, event_data

# The most questions that a refusal suggests instead.
_MAX_SUGGESTED = 3
# The most questions of one event: a page that is reloaded asks its questions again together.
_MAX_ASKED = 30
# The most turns of a conversation.
_MAX_TURNS = 200

# The conversation of a session: one list, changed in place, because questions arrive while another
# one is answered.
Turns = list[Turn]
# The reports that are asked, as values of `qa.server.scope`; None or empty for all.
Scope = list[str] | None


def _to_text(value: object) -> str:
    """Return text that a browser sent, stripped; "" for anything else.

    A lone surrogate, as of half an emoji, becomes "?": it could not be encoded.
    """
    return value.encode("utf-8", "replace").decode().strip() if isinstance(value, str) else ""


@dataclass(frozen=True)
class AskHandlers:
    """Handles the events of the tab. Gradio passes the conversation and open place of the session."""

    live_index: LiveIndex
    queue: QuestionQueue = field(default_factory=QuestionQueue)
    """The questions of all sessions that wait."""

    def on_question(
        self,
        turns: Turns,
        place: Place | None,
        language: str,
        threshold: float,
        scope: Scope,
        event: gr.EventData,
    ) -> str:
        """Add the questions that the browser sent and show them at once; `on_turn` answers them."""
        asked = event_data(event).get("asked")
        for sent in asked[:_MAX_ASKED] if isinstance(asked, list) else ():
            if not isinstance(sent, dict):
                continue
            if _to_text(sent.get("question")) and _to_text(sent.get("key")):
                self._add_turn(turns, sent, threshold, scope)
        return self.show(turns, place, language)[0]

    def _add_turn(self, turns: Turns, sent: dict[str, Any], threshold: float, scope: Scope) -> None:
        """Append a question to the conversation, unless it is there already.

        Args:
            turns: the conversation.
            sent: the question as the browser sent it.
            threshold: for a question that names none.
            scope: for a question that names none.
        """
        key = _to_text(sent["key"])
        if len(turns) >= _MAX_TURNS or any(turn.key == key for turn in turns):
            return
        # A question that is too long will be refused; its whole text is not needed for that.
        question = _to_text(sent["question"])[: 5 * MAX_QUESTION_LENGTH]
        values = sent.get("scope", scope)
        asked_of = tuple(map(_to_text, values)) if isinstance(values, list) else ()
        try:
            checked = check_threshold(sent.get("threshold", threshold))
            ahead = self.queue.join(key)
            turns.append(Turn(question, None, None, key, checked, asked_of, ahead=ahead))
        except YinjuError as error:
            turns.append(Turn(question, None, error.message, key, threshold, asked_of))

    def on_turn(self, turns: Turns, language: str) -> Iterator[Update]:
        """Answer all questions that wait, the oldest first; open the place of the first quotation."""
        any_shown = False
        while turn := next((t for t in turns if t.is_waiting), None):
            history = [t.question for t in turns[: turns.index(turn)] if t.answer]
            place, answered = None, replace(turn, error=message("server.broken"))
            try:
                index = self.live_index.current()
                answered = self._answer(index, turn, history, language)
                answer = answered.answer
                if answer is not None and answer.citations:
                    first = answer.citations[0]
                    place = self._find_place(first.document, first.start, first.end)
            except YinjuError as error:
                answered = replace(turn, error=error.message)
            finally:  # after any other error too, or the question would wait for ever
                self.queue.leave(turn.key)
                at = next((i for i, t in enumerate(turns) if t is turn), None)
                if at is not None:  # None: it was stopped, or the conversation cleared, meanwhile
                    turns[at] = answered
            if at is not None:
                any_shown = True
                yield place, *self.show(turns, place, language)
        if not any_shown:
            yield (gr.skip(),) * 3

    def _answer(self, index: Index, turn: Turn, history: list[str], language: str) -> Turn:
        """Return a turn with its answer; after a refusal also with questions of the nearest report."""
        answer = index.ask(
            turn.question,
            history,
            threshold=turn.threshold,
            language=language,
            only=select_documents(index.documents(), turn.scope),
            by_name=ANY not in turn.scope,
        )
        suggested: list[Suggestion] = []
        if answer.abstained and answer.passages:
            nearest = find_document(index.snapshot.catalogue, answer.passages[0].path)
            suggested = self.live_index.suggestions.for_report(index, nearest)[:_MAX_SUGGESTED]
        return replace(turn, answer=answer, suggested=tuple(suggested))

    def on_stop(self, turns: Turns, place: Place | None, language: str, event: gr.EventData) -> str:
        """Give up a question that waits; `on_turn` drops an answer that is found after all."""
        key = event_data(event).get("key")
        for at, turn in enumerate(turns):
            if turn.key and turn.key == key and turn.is_waiting:
                turns[at] = replace(turn, error=message("server.stopped"))
                self.queue.leave(turn.key)
        return self.show(turns, place, language)[0]

    def on_tick(self, turns: Turns, place: Place | None, language: str, scope: Scope) -> Update:
        """Show how far the model is; once it is ready, the suggested questions."""
        # Before `show`: a timer that stops must leave the page as it is with a ready model.
        timer = self._timer(turns, scope)
        return self.show(turns, place, language, scope)[0], timer

    def _timer(self, turns: Turns, scope: Scope) -> gr.Timer:
        """Return a timer that runs until the model is ready, and what a new conversation suggests."""
        try:
            if self.live_index.stage() is not None:
                return gr.Timer(active=True)
            index = self.live_index.current()
            chosen = select_documents(index.documents(), scope or ())
            return gr.Timer(active=not turns and self.live_index.suggest(index, chosen) is None)
        except YinjuError:
            return gr.Timer(active=False)

    def on_scope(self, turns: Turns, language: str, scope: Scope) -> Any:
        """Suggest questions of the chosen reports, as long as none is asked."""
        return gr.skip() if turns else self.show(turns, None, language, scope, wait=True)[0]

    def on_open(self, language: str, event: gr.EventData) -> tuple[Any, str]:
        """Open the place that a mark or card names."""
        data = event_data(event)
        try:
            place = self._find_place(data.get("document"), data.get("start"), data.get("end"))
        except YinjuError as error:
            return None, error_html(error.message, language, "failed")
        return place, place_html(place, language)

    def on_trail(self, language: str, event: gr.EventData) -> str:
        """Show what cleaning changed in a report."""
        try:
            catalogue = self.live_index.current().snapshot.catalogue
            document = find_document(catalogue, event_data(event).get("document"))
        except YinjuError as error:
            return error_html(error.message, language)
        return trail_html(document, catalogue.trail(document.id), language)

    def on_page(self, language: str, event: gr.EventData) -> str:
        """Show a page of a report's file as an image."""
        data = event_data(event)
        try:
            catalogue = self.live_index.current().snapshot.catalogue
            return page_image_html(
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
        """Show again the place that was open before."""
        return self.show(turns, place, language)[1]

    def _find_place(self, document: Any, start: Any, end: Any) -> Place:
        """Return the place of a span.

        Raises:
            YinjuError: there is no such place; the browser may have sent anything.
        """
        return find_place(self.live_index.current().snapshot.catalogue, document, start, end)

    def show(
        self,
        turns: Sequence[Turn],
        place: Place | None,
        language: str,
        scope: Scope = None,
        *,
        wait: bool = False,
    ) -> tuple[str, str]:
        """Render the conversation and the panel of sources.

        Args:
            scope: the reports whose questions a new conversation suggests.
            wait: for the suggestions, which take seconds to make; else what is not made yet is left out.
        """
        try:
            index = self.live_index.current()
            documents, stage = index.documents(), self.live_index.stage()
            suggestions: list[Suggestion] = []
            if not turns and stage is None:
                chosen = select_documents(documents, scope or ())
                made = self.live_index.suggestions
                suggest = made.for_index if wait else self.live_index.suggest
                suggestions = suggest(index, chosen) or []
        except YinjuError as error:
            return conversation_html(turns, (), language), error_html(error.message, language)
        latest = next((turn.answer for turn in reversed(turns) if not turn.is_waiting), None)
        refused = latest is not None and latest.abstained
        source = place_html(place, language) if place else notice_html(language, documents, refused)
        return conversation_html(turns, suggestions, language, place, stage), source

    def on_failure(self, turns: Turns, place: Place | None, language: str) -> str:
        """Show the conversation after a handler failed: the question has its error by now."""
        return conversation_html(turns, (), language, place)

    def on_language(
        self, turns: Turns, place: Place | None, language: str, threshold: float
    ) -> Update:
        """Show everything in another language."""
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
            gr.update(label=label["scope"], info=None, choices=self.scope_choices()),
            *self.show(turns, place, language),
        )

    def on_return(
        self, turns: Turns, place: Place | None, language: str, scope: Scope, known: str
    ) -> Update:
        """Show the current reports when the user comes back to the tab; leave open what is open.

        Args:
            known: the version of the index (`LiveIndex.version`) that the page shows already.
        """
        version = self.live_index.version()
        if version and version == known:
            return (gr.skip(),) * 5
        offered = self.scope_choices()
        values = {value for _, value in offered}
        left = [value for value in scope or () if value in values]
        choices, timer = gr.update(choices=offered, value=left), self._timer(turns, left)
        if turns or place:
            return gr.skip(), gr.skip(), choices, timer, version
        return *self.show(turns, place, language, scope), choices, timer, version

    def scope_choices(self) -> list[tuple[str, str]]:
        """Return (label, value) of the reports and tags that can be asked."""
        try:
            return scope_choices(self.live_index.current().documents())
        except YinjuError:  # there is no index yet; the panel of sources says so
            return []

    def on_judge(
        self, turns: Turns, place: Place | None, language: str, event: gr.EventData
    ) -> str:
        """Save a review of an answer, or make its question a gold question."""
        data, label = event_data(event), labels(language)
        verdict = data.get("verdict")
        for at, turn in enumerate(turns):
            if not turn.key or turn.key != data.get("key") or turn.answer is None:
                continue
            history = [t.question for t in turns[:at] if t.answer]
            history = history if turn.answer.understood != turn.answer.question else []
            reply = label["thanks"]
            if verdict == "gold":
                reply = label["kept_gold"].format(name=FROM_CHAT)
                add_gold_question(self.live_index.folder, turn.answer, history)
            elif verdict in VERDICTS:
                reason = str(data.get("reason", ""))
                add_review(self.live_index.folder, turn.answer, history, str(verdict), reason)
            else:
                break
            turns[at] = replace(turn, feedback_reply=reply)
        return conversation_html(turns, (), language, place)

    def on_clear(self, turns: Turns, language: str, scope: Scope = None) -> tuple[None, str, str]:
        """Begin a new conversation."""
        for turn in turns:
            self.queue.leave(turn.key)
        turns.clear()
        return None, *self.show(turns, None, language, scope, wait=True)
