"""The tab of evaluation: run a gold set, look at a run, compare it with an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from indexer.errors import YinjuError
from qa.evaluation.compare import compare
from qa.server.evaluation_runs import EvaluationRuns
from qa.web.views.evaluation import (
    comparison_html,
    earlier_choices,
    failure_html,
    gold_choices,
    intro_html,
    run_choices,
    run_html,
    run_state_html,
)
from qa.web.views.labels import labels

from .assets import html_panel
from .events import INTERNAL, POLL_INTERVAL, Update, event_data

# The scripts of the tab's panels.
_SCRIPTS = ("centre", "switch", "library")


@dataclass(frozen=True)
class EvaluationHandlers:
    """Handles the events of the tab.

    Runs are passed by name: `chosen` is shown, and `earlier` compared with it; "" compares nothing.
    """

    runs: EvaluationRuns

    def on_gold(self, file: str | None, language: str) -> Update:
        """Save an uploaded gold set and choose it."""
        try:
            name = self.runs.save_gold_set(Path(file or ""))
        except YinjuError as error:
            return None, gr.skip(), failure_html(error.message, language)
        return None, gr.update(choices=self.gold_choices(language), value=name), ""

    def on_run(self, gold: str | None, language: str) -> Update:
        """Start a run over a gold set."""
        try:
            self.runs.start(gold or "")
        except YinjuError as error:
            return failure_html(error.message, language), gr.skip()
        return run_state_html(self.runs.latest(), language), gr.Timer(active=True)

    def on_tick(self, language: str) -> Update:
        """Show how far a run is; once it has ended, its result."""
        job = self.runs.latest()
        state = run_state_html(job, language)
        if job.state == "running":
            return state, gr.skip(), gr.skip(), gr.skip(), gr.skip()
        saved, idle = list(self.runs.saved_runs()), gr.Timer(active=False)
        earlier = gr.update(choices=earlier_choices(saved, language))
        if not job.saved:
            return state, gr.update(choices=run_choices(saved)), earlier, gr.skip(), idle
        # End a comparison that was shown before: it is not one with this run.
        earlier["value"] = ""
        chosen = gr.update(choices=run_choices(saved), value=job.saved)
        return state, chosen, earlier, self.render_result(job.saved, "", language), idle

    def on_show(self, chosen: str | None, earlier: str | None, language: str) -> Update:
        """Show the newest run when the tab is opened, unless one is shown already."""
        saved, run = list(self.runs.saved_runs()), chosen
        if chosen not in saved:
            run = saved[0] if saved else None
        result = gr.skip() if run and run == chosen else self.render_result(run, earlier, language)
        return *self.on_load(language), gr.update(choices=run_choices(saved), value=run), result

    def on_load(self, language: str) -> Update:
        """Show what can be chosen, and a run at work or failed; a run that is done is in the list."""
        job = self.runs.latest()
        return (
            run_state_html(job, language) if job.state in ("running", "failed") else "",
            gr.update(choices=self.gold_choices(language)),
            gr.update(choices=earlier_choices(list(self.runs.saved_runs()), language)),
            gr.Timer(active=job.state == "running"),
        )

    def render_result(self, chosen: str | None, earlier: str | None, language: str) -> str:
        """Render a run, or two runs compared, or, without any, what an evaluation is."""
        try:
            if chosen and earlier:
                both = [self.runs.load_run(name).outcomes for name in (earlier, chosen)]
                return comparison_html(compare(*both), (earlier, chosen), language)
            name = chosen or earlier
            return run_html(self.runs.load_run(name), language) if name else intro_html(language)
        except YinjuError as error:
            return failure_html(error.message, language)

    def gold_choices(self, language: str) -> list[tuple[str, str]]:
        """Return (label, name) of each gold set."""
        return gold_choices(list(self.runs.gold_sets()), language)

    def on_act(self, language: str, event: gr.EventData) -> str:
        """Cancel the run at work."""
        if event_data(event).get("act") == "cancel":
            self.runs.cancel()
        return run_state_html(self.runs.latest(), language)

    def on_language(self, chosen: str | None, earlier: str | None, language: str) -> Update:
        """Show everything in another language."""
        label, saved = labels(language), list(self.runs.saved_runs())
        return (
            gr.update(label=label["gold"], choices=self.gold_choices(language)),
            gr.update(label=label["send_gold"]),
            gr.update(value=label["start"]),
            gr.update(label=label["run"]),
            gr.update(label=label["compare"], choices=earlier_choices(saved, language)),
            self.on_load(language)[0],
            self.render_result(chosen, earlier, language),
        )


@dataclass(frozen=True)
class _Components:
    """The tab's components."""

    gold: gr.Dropdown
    upload: gr.UploadButton
    start: gr.Button
    chosen: gr.Dropdown
    earlier: gr.Dropdown
    working: gr.HTML
    result: gr.HTML
    timer: gr.Timer


def build_evaluation_tab(
    runs: EvaluationRuns, page: gr.Blocks, tab: gr.Tab, language: gr.Radio
) -> None:
    """Add the tab's components to the open block and connect their events."""
    handlers = EvaluationHandlers(runs)
    _connect(handlers, _add_components(handlers), page, tab, language)


def _add_components(handlers: EvaluationHandlers) -> _Components:
    label, saved = labels("zh"), list(handlers.runs.saved_runs())
    with gr.Column(elem_id="evaluation"):
        with gr.Row(elem_id="choosing"):
            gold = gr.Dropdown(
                handlers.gold_choices("zh"), label=label["gold"], interactive=True, elem_id="gold"
            )
            upload = gr.UploadButton(label["send_gold"], file_types=[".jsonl"], elem_id="send-gold")
            start = gr.Button(label["start"], variant="primary", elem_id="start")
            chosen = gr.Dropdown(
                run_choices(saved), value=None, label=label["run"], interactive=True, elem_id="run"
            )
            earlier = gr.Dropdown(
                earlier_choices(saved, "zh"),
                value="",
                label=label["compare"],
                interactive=True,
                elem_id="earlier",
            )
        working = html_panel("", _SCRIPTS, "trial")
        result = html_panel("", _SCRIPTS, "result")
    timer = gr.Timer(POLL_INTERVAL, active=False)
    return _Components(gold, upload, start, chosen, earlier, working, result, timer)


def _connect(
    handlers: EvaluationHandlers,
    components: _Components,
    page: gr.Blocks,
    tab: gr.Tab,
    language: gr.Radio,
) -> None:
    c = components
    session = [c.chosen, c.earlier, language]
    c.start.click(handlers.on_run, [c.gold, language], [c.working, c.timer], **INTERNAL)
    c.upload.upload(
        handlers.on_gold, [c.upload, language], [c.upload, c.gold, c.working], **INTERNAL
    )
    ticked = [c.working, c.chosen, c.earlier, c.result, c.timer]
    c.timer.tick(handlers.on_tick, [language], ticked, queue=False, **INTERNAL)
    loaded = [c.working, c.gold, c.earlier, c.timer]
    page.load(handlers.on_load, [language], loaded, queue=False, **INTERNAL)
    # Not on load: to render a run takes a moment, and most visitors come to ask.
    opened = [*loaded, c.chosen, c.result]
    tab.select(handlers.on_show, session, opened, queue=False, **INTERNAL)
    for dropdown in (c.chosen, c.earlier):
        dropdown.input(handlers.render_result, session, [c.result], **INTERNAL)
    c.working.act(handlers.on_act, [language], [c.working], **INTERNAL)
    translated = [c.gold, c.upload, c.start, c.chosen, c.earlier, c.working, c.result]
    language.change(handlers.on_language, session, translated, **INTERNAL)
