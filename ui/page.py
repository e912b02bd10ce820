"""The page: a header and a tab for each kind of work."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from qa.server.evaluation_runs import Trials
from qa.server.indexing_jobs import Jobs
from qa.server.live_index import LiveIndex
from qa.web.api import add_api
from qa.web.ask_tab import build_asking
from qa.web.components import HIDDEN, Update, panel
from qa.web.evaluation_tab import build_evaluation
from qa.web.reports_tab import build_library
from qa.web.theme import script
from qa.web.views.labels import LABELS
from qa.web.views.source import header_html


def build_page(live: LiveIndex) -> tuple[gr.Blocks, Callable[[], None]]:
    """The page over an index, which `serve` launches with its looks, and a function that renews
    what a browser paints first: once the model is ready there are questions in it.
    """
    label, jobs = LABELS["zh"], Jobs(live.config)
    page = gr.Blocks(title="引据", analytics_enabled=False, fill_width=True)
    with page:
        with gr.Row(elem_id="top"):
            header = panel(header_html("zh"), script("header"), "header")
            language = gr.Radio(
                [("中文", "zh"), ("English", "en")],
                value="zh",
                label="语言 Language",
                show_label=False,
                container=False,
                elem_id="language",
            )
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(label["tab_ask"], id="ask", render_children=True) as asking:
                renew = build_asking(live, page, asking, language)
            with gr.Tab(label["tab_reports"], id="reports", render_children=True) as library:
                build_library(live, jobs, page, library, language)
            with gr.Tab(label["tab_evaluation"], id="evaluation", render_children=True) as trying:
                build_evaluation(Trials(live), page, trying, language)
        language.change(_spoken, [language], [header, asking, library, trying], **HIDDEN)
        add_api(live)

    def freshen() -> None:
        renew()
        page.config = page.get_config_file()

    return page, freshen


def _spoken(language: str) -> Update:
    """The header and the names of the tabs."""
    label = LABELS[language]
    named = (gr.update(label=label[name]) for name in ("tab_ask", "tab_reports", "tab_evaluation"))
    return header_html(language), *named
