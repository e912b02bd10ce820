"""The tab of reports: upload, indexing progress, the list, the details of a report, snapshots."""

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
from indexer.store.titles_and_tags import set_property, set_tags, set_title
from indexer.types import PROPERTIES, Document
from qa.context import find_document, find_place
from qa.server.indexing_jobs import IndexingJobs, save_uploads
from qa.server.live_index import LiveIndex
from qa.web.views.cleaning import trail_html
from qa.web.views.labels import labels
from qa.web.views.reports import (
    choose_html,
    jobs_html,
    report_html,
    report_list_html,
    snapshots_html,
    suggested_html,
    undo_html,
)
from qa.web.views.source import error_html, place_html

from .assets import html_panel
from .events import INTERNAL, POLL_INTERVAL, Update, event_data

# The scripts of the tab's panels.
_SCRIPTS = ("centre", "switch", "library")
_DETAILS_SCRIPTS = (*_SCRIPTS, "suggested")


# What saves a property of a report, and which one.
_PROPERTY_ACTS = {f"set_{name}": name for name in PROPERTIES}


@dataclass(frozen=True)
class _Action:
    """What the user does with a button or form of the tab."""

    name: str
    """What is done: the `data-act` of the button or form."""
    report: str
    """The path of the report that it is done to; "" for none."""
    value: str
    """What was typed or chosen; its form depends on the action."""
    language: str


def _keep_list(chosen: str | None, *, details: Any = None, working: Any = None) -> Update:
    """Return the outputs of `on_act` where the list stays as it is; None keeps a panel too."""
    panels = (gr.skip() if value is None else value for value in (details, working))
    return chosen, gr.skip(), *panels, gr.skip()


@dataclass(frozen=True)
class ReportsHandlers:
    """Handles the events of the tab. The chosen report of a session is passed as its path."""

    live_index: LiveIndex
    jobs: IndexingJobs

    def on_upload(self, files: list[str] | None, language: str) -> Update:
        """Save uploaded files and queue them to be indexed."""
        limit = self.live_index.config.limits.file_mb
        try:
            saved = save_uploads(
                self.live_index.folder, [Path(file) for file in files or ()], limit
            )
        except (YinjuError, OSError) as error:
            return None, error_html(message_of(error), language), gr.skip()
        if saved:
            self.jobs.add(saved)
        return None, self.render_jobs(language), gr.Timer(active=True)

    def on_tick(self, chosen: str | None, language: str) -> Update:
        """Show how far indexing is; once it has ended, also the new list and details."""
        if self.jobs.busy():
            return self.render_jobs(language), gr.skip(), gr.skip(), gr.skip()
        return (
            self.render_jobs(language),
            *self.render_reports(chosen, language),
            gr.Timer(active=False),
        )

    def on_show(self, chosen: str | None, language: str) -> Update:
        """Show everything when the tab is opened."""
        busy = gr.Timer(active=self.jobs.busy())
        return self.render_jobs(language), *self.render_reports(chosen, language), busy

    def on_load(self, language: str) -> Update:
        """Show the jobs on a new page. The list can be long, and so waits until the tab is opened."""
        return self.render_jobs(language), gr.Timer(active=self.jobs.busy())

    def on_act(self, chosen: str | None, language: str, event: gr.EventData) -> Update:
        """Do what a button or form says, and show the list and the details after it."""
        data = event_data(event)
        name, report, value = (str(data.get(key, "")) for key in ("act", "report", "value"))
        action = _Action(name, report, value, language)
        try:
            return self._do(action, chosen)
        except YinjuError as error:
            return _keep_list(chosen, details=error_html(error.message, language))

    def _do(self, action: _Action, chosen: str | None) -> Update:
        """Do an action that needs no report, or has its own outputs; else see `_do_with_report`.

        Raises:
            YinjuError: it cannot be done.
        """
        if action.name == "cancel":
            if action.value.isdigit():
                self.jobs.cancel(int(action.value))
            return _keep_list(chosen, working=self.render_jobs(action.language))
        if action.name in ("undo", "rollback"):  # before `current`, which refuses an empty index
            self._roll_back(action)
            return self._after(action, chosen, working="")
        if action.name in ("open", "close"):
            return self._open(action.report or chosen, action.language)
        return self._do_with_report(action, chosen)

    def _do_with_report(self, action: _Action, chosen: str | None) -> Update:
        """Show the cleaning or a section of a report, delete or change it.

        Raises:
            YinjuError: there is no such report, or it cannot be done.
        """
        catalogue = self.live_index.current().snapshot.catalogue
        document = find_document(catalogue, action.report)
        if action.name == "trail":
            trail = trail_html(document, catalogue.trail(document.id), action.language)
            return _keep_list(chosen, details=trail)
        if action.name == "section":
            start, _, end = action.value.partition(" ")
            bounds = (int(bound) if bound.isdecimal() else -1 for bound in (start, end))
            place = find_place(catalogue, document.path, *bounds)
            return _keep_list(chosen, details=place_html(place, action.language, browsed=True))
        if action.name == "delete":
            return self._after(action, None, working=self._remove(document, action.language))
        working = self._change(document, action)
        return self._after(action, chosen, working=working)

    def _open(self, chosen: str | None, language: str) -> Update:
        """Show the details of a report. A script marks it in the list, which can be long."""
        index = self.live_index.current()
        document = next((d for d in index.documents() if d.path == chosen), None)
        if document is None:  # the page's list is out of date
            return chosen, *self.render_reports(chosen, language), gr.skip(), gr.skip()
        return _keep_list(chosen, details=report_html(document, index.snapshot.catalogue, language))

    def on_details(self, chosen: str | None, language: str) -> Any:
        """Suggest questions of the report whose details are shown; wait for the model.

        They take seconds to make: as a part of the details they would hold up what the user does
        next, and an older list of reports could be shown after a newer one.
        """
        try:
            index = self.live_index.current()
            document = next((d for d in index.documents() if d.path == chosen), None)
            if document is None:
                return gr.skip()
            questions = self.live_index.suggestions.for_report(index, document)
        except YinjuError:  # the panels themselves say what is wrong
            return gr.skip()
        return suggested_html(document.path, questions, language)

    def _change(self, document: Document, action: _Action) -> Any:
        """Rename, tag or reindex a report; return the new panel of jobs."""
        if action.name == "rename":
            set_title(self.live_index.folder, document.resolved, action.value)
        elif action.name == "retag":
            set_tags(self.live_index.folder, document.resolved, re.split(r"[\s,，]+", action.value))
        elif action.name in _PROPERTY_ACTS:
            name = _PROPERTY_ACTS[action.name]
            set_property(self.live_index.folder, document.resolved, name, action.value)
        elif action.name == "reindex":
            self.jobs.add([Path(document.resolved)])
            return self.render_jobs(action.language)
        return gr.skip()

    def _roll_back(self, action: _Action) -> None:
        """Make an earlier snapshot current.

        Args:
            action: its value is the name of that snapshot; to undo a deletion, the name that must
                still be the current one stands before it.

        Raises:
            YinjuError: the index was changed since the deletion, or the snapshot is gone.
        """
        now, _, before = action.value.rpartition(" ")
        if now and now != self.live_index.current_name():
            raise YinjuError("server.index_changed")
        roll_back(self.live_index.folder, before)

    def _remove(self, document: Document, language: str) -> str:
        """Remove a report; return a panel that offers to undo it."""
        before = self.live_index.current_name()
        remove_documents(self.live_index.folder, {document.path})
        return undo_html(document.title, self.live_index.current_name(), before, language)

    def _after(self, action: _Action, chosen: str | None, working: Any = None) -> Update:
        """Show everything after a change."""
        timer = gr.Timer(active=True) if self.jobs.busy() else gr.skip()
        working = gr.skip() if working is None else working
        return chosen, *self.render_reports(chosen, action.language), working, timer

    def render_jobs(self, language: str) -> str:
        """Render the batches that are indexed."""
        return jobs_html(self.jobs.all(), time.monotonic(), language)

    def render_reports(self, chosen: str | None, language: str) -> tuple[str, str]:
        """Render the list with the snapshots, and the details of the chosen report."""
        try:
            index = self.live_index.current()
        except YinjuError as error:
            return "", error_html(error.message, language)
        documents = index.documents()
        document = next((d for d in documents if d.path == chosen), None)
        details = choose_html(language)
        if document:
            details = report_html(document, index.snapshot.catalogue, language)
        snapshots = snapshots_html(list_snapshots(self.live_index.folder), language)
        return report_list_html(documents, chosen, language) + snapshots, details

    def on_language(self, chosen: str | None, language: str) -> Update:
        """Show everything in another language."""
        label = labels(language)["upload"]
        return (
            gr.update(label=label),
            self.render_jobs(language),
            *self.render_reports(chosen, language),
        )


def build_reports_tab(
    live_index: LiveIndex, jobs: IndexingJobs, page: gr.Blocks, tab: gr.Tab, language: gr.Radio
) -> None:
    """Add the tab's components to the open block and connect their events."""
    handlers = ReportsHandlers(live_index, jobs)
    with gr.Row(elem_id="library"):
        with gr.Column(elem_id="shelf"):
            upload = gr.File(
                file_count="multiple",
                file_types=sorted(LOADERS),
                label=labels("zh")["upload"],
                height=130,
                elem_id="upload",
            )
            working = html_panel("", _SCRIPTS, "working")
            listed = html_panel("", _SCRIPTS, "listed")
        with gr.Column(elem_id="report"):
            details = html_panel("", _DETAILS_SCRIPTS, "details", "reader")
            suggested = html_panel("", _DETAILS_SCRIPTS[-1:], "suggested")
    chosen, timer = gr.State(None), gr.Timer(POLL_INTERVAL, active=False)
    session, panels = [chosen, language], [working, listed, details]
    upload.upload(handlers.on_upload, [upload, language], [upload, working, timer], **INTERNAL)
    timer.tick(handlers.on_tick, session, [*panels, timer], queue=False, **INTERNAL)
    tab.select(handlers.on_show, session, [*panels, timer], queue=False, **INTERNAL)
    page.load(handlers.on_load, [language], [working, timer], queue=False, **INTERNAL)
    for panel in panels:
        panel.act(handlers.on_act, session, [chosen, listed, details, working, timer], **INTERNAL)
    details.change(handlers.on_details, session, [suggested], **INTERNAL)
    language.change(handlers.on_language, session, [upload, *panels], **INTERNAL)
