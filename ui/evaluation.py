"""The tab of evaluation: choose a gold set, run it, look at the run, compare it with another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from indexer.errors import YinjuError
from qa.compare import compare
from qa.labels import LABELS
from qa.page import error_html
from qa.scripts import LIBRARY_JS
from qa.trialpage import comparison_html, run_html, trial_html
from qa.trials import Trials

from .parts import HIDDEN, Update, panel, sent

_TICK = 0.7


@dataclass(frozen=True)
class Evaluation:
    """What the tab's events call."""

    trials: Trials

    def on_gold(self, file: str | None, language: str) -> Update:
        """Keeps a gold set that was sent."""
        try:
            name = self.trials.keep_gold(Path(file or ""))
        except YinjuError as error:
            return None, gr.skip(), error_html(str(error), language)
        return None, gr.update(choices=list(self.trials.golds()), value=name), gr.skip()

    def on_run(self, gold: str | None, language: str) -> Update:
        """Starts a run."""
        try:
            self.trials.start(gold or "")
        except YinjuError as error:
            return error_html(str(error), language), gr.skip()
        return trial_html(self.trials.now(), language), gr.Timer(active=True)

    def on_tick(self, language: str) -> Update:
        """How far a run is; when it has ended, its page."""
        trial = self.trials.now()
        told = trial_html(trial, language)
        if trial.state == "running":
            return told, gr.skip(), gr.skip(), gr.skip(), gr.skip()
        names = list(self.trials.runs())
        kept = gr.update(choices=names, value=trial.saved) if trial.saved else gr.skip()
        shown = self.on_choose(trial.saved, language) if trial.saved else gr.skip()
        return told, kept, gr.update(choices=names), shown, gr.Timer(active=False)

    def on_show(self, language: str) -> Update:
        """What there is to choose from, as when the tab is opened."""
        names, trial = list(self.trials.runs()), self.trials.now()
        return (
            trial_html(trial, language),
            gr.update(choices=list(self.trials.golds())),
            gr.update(choices=names),
            gr.update(choices=names),
            gr.Timer(active=trial.state == "running"),
        )

    def on_choose(self, name: str | None, language: str) -> str:
        """A run's page."""
        if not name:
            return ""
        try:
            return run_html(self.trials.load(name), language)
        except YinjuError as error:
            return error_html(str(error), language)

    def on_compare(self, after: str | None, before: str | None, language: str) -> str:
        """Two runs compared; where there is only one, its page."""
        if not after or not before:
            return self.on_choose(after or before, language)
        try:
            both = [self.trials.load(name).outcomes for name in (before, after)]
            return comparison_html(compare(*both), (before, after), language)
        except YinjuError as error:
            return error_html(str(error), language)

    def on_act(self, language: str, event: gr.EventData) -> str:
        """The run's own button."""
        if sent(event).get("act") == "cancel":
            self.trials.cancel()
        return trial_html(self.trials.now(), language)


def build_evaluation(trials: Trials, page: gr.Blocks, tab: gr.Tab, language: gr.Radio) -> None:
    """Puts the tab's components into the open block and wires them."""
    handlers, label = Evaluation(trials), LABELS["zh"]
    with gr.Column(elem_id="evaluation"):
        with gr.Row(elem_id="choosing"):
            gold = gr.Dropdown(list(trials.golds()), label=label["gold"], interactive=True)
            sending = gr.UploadButton(label["send_gold"], file_types=[".jsonl"])
            start = gr.Button(label["start"], variant="primary")
            names = list(trials.runs())
            chosen = gr.Dropdown(names, value=None, label=label["run"], interactive=True)
            earlier = gr.Dropdown(names, value=None, label=label["compare"], interactive=True)
        working = panel("", LIBRARY_JS, "trial")
        result = panel("", LIBRARY_JS, "result")
    timer = gr.Timer(_TICK, active=False)
    start.click(handlers.on_run, [gold, language], [working, timer], **HIDDEN)
    sending.upload(handlers.on_gold, [sending, language], [sending, gold, working], **HIDDEN)
    ticks = [working, chosen, earlier, result, timer]
    timer.tick(handlers.on_tick, [language], ticks, queue=False, **HIDDEN)
    for event in (tab.select, page.load):
        event(
            handlers.on_show,
            [language],
            [working, gold, chosen, earlier, timer],
            queue=False,
            **HIDDEN,
        )
    for one in (chosen, earlier):
        one.input(handlers.on_compare, [chosen, earlier, language], [result], **HIDDEN)
    working.act(handlers.on_act, [language], [working], **HIDDEN)
    spoken = {gold: "gold", chosen: "run", earlier: "compare"}
    language.change(
        lambda language: (
            *(gr.update(label=LABELS[language][name]) for name in spoken.values()),
            gr.update(label=LABELS[language]["send_gold"]),
            gr.update(value=LABELS[language]["start"]),
        ),
        [language],
        [*spoken, sending, start],
        **HIDDEN,
    )
