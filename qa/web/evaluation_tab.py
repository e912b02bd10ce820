"""The tab of evaluation: choose a gold set, run it, look at the run, compare it with another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from indexer.errors import YinjuError
from qa.evaluation.compare import compare
from qa.server.evaluation_runs import Trials
from qa.web.views.evaluation import (
    comparison_html,
    earlier_choices,
    failure_html,
    gold_choices,
    intro_html,
    run_choices,
    run_html,
    trial_html,
)
from qa.web.views.labels import labels

from .components import HIDDEN, Update, panel, sent
from .theme import script

_TICK = 0.7


@dataclass(frozen=True)
class Evaluation:
    """What the tab's events call. A run is its name; none to compare with is an empty one."""

    trials: Trials

    def on_gold(self, file: str | None, language: str) -> Update:
        """Keeps a gold set that was sent."""
        try:
            name = self.trials.keep_gold(Path(file or ""))
        except YinjuError as error:
            return None, gr.skip(), failure_html(error.message, language)
        return None, gr.update(choices=self.golds(language), value=name), ""

    def on_run(self, gold: str | None, language: str) -> Update:
        """Starts a run."""
        try:
            self.trials.start(gold or "")
        except YinjuError as error:
            return failure_html(error.message, language), gr.skip()
        return trial_html(self.trials.now(), language), gr.Timer(active=True)

    def on_tick(self, language: str) -> Update:
        """How far a run is; when it has ended, its page."""
        trial = self.trials.now()
        told = trial_html(trial, language)
        if trial.state == "running":
            return told, gr.skip(), gr.skip(), gr.skip(), gr.skip()
        runs, idle = list(self.trials.runs()), gr.Timer(active=False)
        earlier = gr.update(choices=earlier_choices(runs, language))
        if not trial.saved:
            return told, gr.update(choices=run_choices(runs)), earlier, gr.skip(), idle
        # What was compared before says nothing of this run.
        earlier["value"] = ""
        chosen = gr.update(choices=run_choices(runs), value=trial.saved)
        return told, chosen, earlier, self.shown(trial.saved, "", language), idle

    def on_show(self, chosen: str | None, earlier: str | None, language: str) -> Update:
        """The tab as it is opened: the newest run, unless one is shown already."""
        runs, held = list(self.trials.runs()), chosen
        if chosen not in runs:
            held = runs[0] if runs else None
        result = gr.skip() if held and held == chosen else self.shown(held, earlier, language)
        return *self.on_load(language), gr.update(choices=run_choices(runs), value=held), result

    def on_load(self, language: str) -> Update:
        """What there is to choose from. A run that ended well is told by its page alone."""
        trial = self.trials.now()
        return (
            trial_html(trial, language) if trial.state in ("running", "failed") else "",
            gr.update(choices=self.golds(language)),
            gr.update(choices=earlier_choices(list(self.trials.runs()), language)),
            gr.Timer(active=trial.state == "running"),
        )

    def shown(self, chosen: str | None, earlier: str | None, language: str) -> str:
        """A run's page, two runs compared, or, where there is none, what an evaluation is."""
        try:
            if chosen and earlier:
                both = [self.trials.load(name).outcomes for name in (earlier, chosen)]
                return comparison_html(compare(*both), (earlier, chosen), language)
            name = chosen or earlier
            return run_html(self.trials.load(name), language) if name else intro_html(language)
        except YinjuError as error:
            return failure_html(error.message, language)

    def golds(self, language: str) -> list[tuple[str, str]]:
        """Gold sets to choose from."""
        return gold_choices(list(self.trials.golds()), language)

    def on_act(self, language: str, event: gr.EventData) -> str:
        """The run's own button."""
        if sent(event).get("act") == "cancel":
            self.trials.cancel()
        return trial_html(self.trials.now(), language)

    def on_language(self, chosen: str | None, earlier: str | None, language: str) -> Update:
        """Everything again, in another language."""
        label, runs = labels(language), list(self.trials.runs())
        return (
            gr.update(label=label["gold"], choices=self.golds(language)),
            gr.update(label=label["send_gold"]),
            gr.update(value=label["start"]),
            gr.update(label=label["run"]),
            gr.update(label=label["compare"], choices=earlier_choices(runs, language)),
            self.on_load(language)[0],
            self.shown(chosen, earlier, language),
        )


def build_evaluation(trials: Trials, page: gr.Blocks, tab: gr.Tab, language: gr.Radio) -> None:
    """Puts the tab's components into the open block and wires them."""
    handlers, label, runs = Evaluation(trials), labels("zh"), list(trials.runs())
    with gr.Column(elem_id="evaluation"):
        with gr.Row(elem_id="choosing"):
            gold = gr.Dropdown(
                handlers.golds("zh"), label=label["gold"], interactive=True, elem_id="gold"
            )
            sending = gr.UploadButton(
                label["send_gold"], file_types=[".jsonl"], elem_id="send-gold"
            )
            start = gr.Button(label["start"], variant="primary", elem_id="start")
            chosen = gr.Dropdown(
                run_choices(runs), value=None, label=label["run"], interactive=True, elem_id="run"
            )
            earlier = gr.Dropdown(
                earlier_choices(runs, "zh"),
                value="",
                label=label["compare"],
                interactive=True,
                elem_id="earlier",
            )
        working = panel("", script("centre", "switch", "library"), "trial")
        result = panel("", script("centre", "switch", "library"), "result")
    timer, now = gr.Timer(_TICK, active=False), [chosen, earlier, language]
    start.click(handlers.on_run, [gold, language], [working, timer], **HIDDEN)
    sending.upload(handlers.on_gold, [sending, language], [sending, gold, working], **HIDDEN)
    ticks = [working, chosen, earlier, result, timer]
    timer.tick(handlers.on_tick, [language], ticks, queue=False, **HIDDEN)
    loaded = [working, gold, earlier, timer]
    page.load(handlers.on_load, [language], loaded, queue=False, **HIDDEN)
    # Only now: to make a run's page takes a moment, and most visitors come to ask.
    tab.select(handlers.on_show, now, [*loaded, chosen, result], queue=False, **HIDDEN)
    for one in (chosen, earlier):
        one.input(handlers.shown, now, [result], **HIDDEN)
    working.act(handlers.on_act, [language], [working], **HIDDEN)
    spoken = [gold, sending, start, chosen, earlier, working, result]
    language.change(handlers.on_language, now, spoken, **HIDDEN)
