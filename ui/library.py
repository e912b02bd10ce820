"""The tab of reports: upload, progress, the list, one report's details, snapshots."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from indexer.errors import YinjuError
from indexer.history import list_snapshots, remove_documents, roll_back
from indexer.load import LOADERS
from indexer.shelf import retag, retitle
from qa.jobs import Jobs, keep_uploads
from qa.labels import LABELS
from qa.librarypage import jobs_html, library_html, report_html, snapshots_html, undo_html
from qa.live import LiveIndex
from qa.page import error_html
from qa.reading import document_at
from qa.scripts import LIBRARY_JS
from qa.trailpage import trail_html

from .parts import HIDDEN, Update, panel, sent

# How often the page asks how far indexing is, in seconds.
_TICK = 0.7


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
            return None, error_html(str(error), language), gr.skip()
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

    def on_act(self, chosen: str | None, language: str, event: gr.EventData) -> Update:
        """Does what a button says; the list and the details after it."""
        data = sent(event)
        report, value = str(data.get("report", "")), str(data.get("value", ""))
        try:
            done = self._act(str(data.get("act", "")), report, value, chosen, language)
        except YinjuError as error:
            told = error_html(str(error), language)
            return chosen, gr.skip(), told, gr.skip(), gr.skip()
        return done

    def _act(self, act: str, report: str, value: str, chosen: str | None, language: str) -> Update:
        if act == "cancel" and value.isdigit():  # there may be no index yet
            self.jobs.cancel(int(value))
            return (chosen, *(gr.skip(),) * 2, self.working(language), gr.skip())
        if act in ("undo", "rollback"):  # what is current may hold no report
            now, _, before = value.rpartition(" ")
            if now and now != self.live.current_name():
                raise YinjuError(LABELS[language]["too_late"])
            roll_back(self.live.folder, before)
            return chosen, *self.shown(chosen, language), "", gr.skip()
        index = self.live.current()
        if act == "trail":
            document = document_at(index.snapshot.catalogue, report)
            told = trail_html(document, index.snapshot.catalogue.trail(document.id), language)
            return chosen, gr.skip(), told, gr.skip(), gr.skip()
        working: Any = gr.skip()
        if act == "rename":
            retitle(self.live.folder, document_at(index.snapshot.catalogue, report).resolved, value)
        elif act == "retag":
            resolved = document_at(index.snapshot.catalogue, report).resolved
            retag(self.live.folder, resolved, value.replace("，", " ").replace(",", " ").split())
        elif act == "reindex":
            self.jobs.add([Path(document_at(index.snapshot.catalogue, report).resolved)])
            working = self.working(language)
        elif act == "delete":
            title = document_at(index.snapshot.catalogue, report).title
            remove_documents(self.live.folder, {report})
            now = self.live.current_name()
            working = undo_html(title, now, index.snapshot.name, language)
            chosen = None
        elif act == "open":
            chosen = report
        busy = gr.Timer(active=True) if self.jobs.busy() else gr.skip()
        return chosen, *self.shown(chosen, language), working, busy

    def working(self, language: str) -> str:
        """Batches at work."""
        return jobs_html(self.jobs.all(), time.monotonic(), language)

    def shown(self, chosen: str | None, language: str) -> tuple[str, str]:
        """The list with the snapshots, and the chosen report's details."""
        label = LABELS[language]
        try:
            index = self.live.current()
        except YinjuError as error:
            return "", error_html(str(error), language)
        documents = index.documents()
        document = next((d for d in documents if d.path == chosen), None)
        details = (
            report_html(document, index.snapshot.catalogue, language)
            if document
            else f'<div class="notice"><p>{label["choose"]}</p></div>'
        )
        kept = snapshots_html(list_snapshots(self.live.folder), language)
        return library_html(documents, chosen, language) + kept, details

    def on_language(self, chosen: str | None, language: str) -> Update:
        """Everything again, in another language."""
        label = LABELS[language]["upload"]
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
                label=LABELS["zh"]["upload"],
                height=130,
                elem_id="upload",
            )
            working = panel("", LIBRARY_JS, "working")
            listed = panel("", LIBRARY_JS, "listed")
        with gr.Column(elem_id="report"):
            details = panel("", LIBRARY_JS, "details")
    chosen, timer = gr.State(None), gr.Timer(_TICK, active=False)
    now, shown = [chosen, language], [working, listed, details]
    upload.upload(handlers.on_upload, [upload, language], [upload, working, timer], **HIDDEN)
    timer.tick(handlers.on_tick, now, [*shown, timer], queue=False, **HIDDEN)
    for event in (tab.select, page.load):
        event(handlers.on_show, now, [*shown, timer], queue=False, **HIDDEN)
    for one in (working, listed, details):
        one.act(handlers.on_act, now, [chosen, listed, details, working, timer], **HIDDEN)
    language.change(handlers.on_language, now, [upload, *shown], **HIDDEN)
