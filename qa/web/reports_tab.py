"""The tab of reports: upload, progress, the list, one report's details, snapshots."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from indexer.errors import YinjuError, message_of
from indexer.load import LOADERS
from indexer.store.history import list_snapshots, remove_documents, roll_back
from indexer.store.titles_and_tags import set_tags, set_title
from indexer.types import Document
from qa.context import document_at, place_of
from qa.index import Index
from qa.server.indexing_jobs import Jobs, keep_uploads
from qa.server.live_index import LiveIndex
from qa.web.views.cleaning import trail_html
from qa.web.views.labels import labels
from qa.web.views.reports import (
    choose_html,
    jobs_html,
    library_html,
    report_html,
    snapshots_html,
    undo_html,
)
from qa.web.views.source import error_html, place_html

from .components import HIDDEN, Update, panel, sent
from .theme import script

# How often the page asks how far indexing is, in seconds.
_TICK = 0.7


@dataclass(frozen=True)
class _Act:
    """What a button or form of the tab says."""

    name: str
    report: str
    value: str
    language: str


def _update(chosen: str | None, *, details: Any = None, working: Any = None) -> Update:
    """The outputs of `on_act`, where the list stays as it is."""
    told = (gr.skip() if one is None else one for one in (details, working))
    return chosen, gr.skip(), *told, gr.skip()


@dataclass(frozen=True)
class Library:
    """What the tab's events call. A chosen report is its path, and is the session's own."""

    live: LiveIndex
    jobs: Jobs

    def on_upload(self, files: list[str] | None, language: str) -> Update:
        """Keeps what was sent and queues it to be indexed."""
        limit = self.live.config.limits.file_mb
        try:
            kept = keep_uploads(self.live.folder, [Path(file) for file in files or ()], limit)
        except (YinjuError, OSError) as error:
            return None, error_html(message_of(error), language), gr.skip()
        if kept:
            self.jobs.add(kept)
        return None, self.working(language), gr.Timer(active=True)

    def on_tick(self, chosen: str | None, language: str) -> Update:
        """How far indexing is; when it has ended, what there is now."""
        if self.jobs.busy():
            return self.working(language), gr.skip(), gr.skip(), gr.skip()
        return self.working(language), *self.shown(chosen, language), gr.Timer(active=False)

    def on_show(self, chosen: str | None, language: str) -> Update:
        """All of it, as when the tab is opened."""
        busy = gr.Timer(active=self.jobs.busy())
        return self.working(language), *self.shown(chosen, language), busy

    def on_load(self, language: str) -> Update:
        """What is at work; the list comes with the tab, for of many reports it is long."""
        return self.working(language), gr.Timer(active=self.jobs.busy())

    def on_act(self, chosen: str | None, language: str, event: gr.EventData) -> Update:
        """Does what a button says; the list and the details after it."""
        data = sent(event)
        name, report, value = (str(data.get(key, "")) for key in ("act", "report", "value"))
        told = _Act(name, report, value, language)
        try:
            return self._do(told, chosen)
        except YinjuError as error:
            return _update(chosen, details=error_html(error.message, language))

    def _do(self, told: _Act, chosen: str | None) -> Update:
        if told.name == "cancel":
            if told.value.isdigit():
                self.jobs.cancel(int(told.value))
            return _update(chosen, working=self.working(told.language))
        if told.name in ("undo", "rollback"):  # what is current may hold no report
            self._go_back(told)
            return self._after(told, chosen, working="")
        catalogue = self.live.current().snapshot.catalogue
        if told.name in ("open", "close"):
            return self._opened(told.report or chosen, told.language)
        document = document_at(catalogue, told.report)
        if told.name == "trail":
            shown = trail_html(document, catalogue.trail(document.id), told.language)
            return _update(chosen, details=shown)
        if told.name == "section":
            start, _, end = told.value.partition(" ")
            bounds = (int(bound) if bound.isdecimal() else -1 for bound in (start, end))
            place = place_of(catalogue, document.path, *bounds)
            return _update(chosen, details=place_html(place, told.language, browsed=True))
        if told.name == "delete":
            return self._after(told, None, working=self._remove(document, told.language))
        working = self._change(document, told)
        return self._after(told, chosen, working=working)

    def _opened(self, chosen: str | None, language: str) -> Update:
        """A report's details; the page itself lights it in its list, which can be long."""
        index = self.live.current()
        document = next((d for d in index.documents() if d.path == chosen), None)
        if document is None:  # the list is old
            return chosen, *self.shown(chosen, language), gr.skip(), gr.skip()
        return _update(chosen, details=self._details(index, document, language))

    def _details(self, index: Index, document: Document, language: str) -> str:
        ready = self.live.stage() is None
        suggested = self.live.suggestions.of(index, document) if ready else ()
        return report_html(document, index.snapshot.catalogue, language, suggested)

    def _change(self, document: Document, told: _Act) -> Any:
        """Renames, tags or reindexes a report; what is at work after it."""
        if told.name == "rename":
            set_title(self.live.folder, document.resolved, told.value)
        elif told.name == "retag":
            set_tags(self.live.folder, document.resolved, re.split(r"[\s,，]+", told.value))
        elif told.name == "reindex":
            self.jobs.add([Path(document.resolved)])
            return self.working(told.language)
        return gr.skip()

    def _go_back(self, told: _Act) -> None:
        now, _, before = told.value.rpartition(" ")
        if now and now != self.live.current_name():
            raise YinjuError("server.index_changed")
        roll_back(self.live.folder, before)

    def _remove(self, document: Document, language: str) -> str:
        """Removes a report; the way back."""
        before = self.live.current_name()
        remove_documents(self.live.folder, {document.path})
        return undo_html(document.title, self.live.current_name(), before, language)

    def _after(self, told: _Act, chosen: str | None, working: Any = None) -> Update:
        """All of it after something was done."""
        timer = gr.Timer(active=True) if self.jobs.busy() else gr.skip()
        working = gr.skip() if working is None else working
        return chosen, *self.shown(chosen, told.language), working, timer

    def working(self, language: str) -> str:
        """Batches at work."""
        return jobs_html(self.jobs.all(), time.monotonic(), language)

    def shown(self, chosen: str | None, language: str) -> tuple[str, str]:
        """The list with the snapshots, and the chosen report's details."""
        try:
            index = self.live.current()
        except YinjuError as error:
            return "", error_html(error.message, language)
        documents = index.documents()
        document = next((d for d in documents if d.path == chosen), None)
        details = choose_html(language)
        if document:
            details = self._details(index, document, language)
        kept = snapshots_html(list_snapshots(self.live.folder), language)
        return library_html(documents, chosen, language) + kept, details

    def on_language(self, chosen: str | None, language: str) -> Update:
        """Everything again, in another language."""
        label = labels(language)["upload"]
        return gr.update(label=label), self.working(language), *self.shown(chosen, language)


def build_library(
    live: LiveIndex, jobs: Jobs, page: gr.Blocks, tab: gr.Tab, language: gr.Radio
) -> None:
    """Puts the tab's components into the open block and wires them."""
    handlers = Library(live, jobs)
    with gr.Row(elem_id="library"):
        with gr.Column(elem_id="shelf"):
            upload = gr.File(
                file_count="multiple",
                file_types=sorted(LOADERS),
                label=labels("zh")["upload"],
                height=130,
                elem_id="upload",
            )
            working = panel("", script("centre", "switch", "library"), "working")
            listed = panel("", script("centre", "switch", "library"), "listed")
        with gr.Column(elem_id="report"):
            details = panel("", script("centre", "switch", "library"), "details", "reader")
    chosen, timer = gr.State(None), gr.Timer(_TICK, active=False)
    now, shown = [chosen, language], [working, listed, details]
    upload.upload(handlers.on_upload, [upload, language], [upload, working, timer], **HIDDEN)
    timer.tick(handlers.on_tick, now, [*shown, timer], queue=False, **HIDDEN)
    tab.select(handlers.on_show, now, [*shown, timer], queue=False, **HIDDEN)
    page.load(handlers.on_load, [language], [working, timer], queue=False, **HIDDEN)
    for one in (working, listed, details):
        one.act(handlers.on_act, now, [chosen, listed, details, working, timer], **HIDDEN)
    language.change(handlers.on_language, now, [upload, *shown], **HIDDEN)
