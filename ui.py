"""Build the web page from its parts in qa/web and serve it: `python ui.py`, or `yinju serve`.

Gradio is imported only when a page is built, so that the other commands of `yinju` start fast.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import typer

from indexer.config import read_config
from indexer.errors import YinjuError, reason_of
from qa.cli.main import IndexOption, ModelOption, RerankerOption, app, main

if TYPE_CHECKING:
    from qa.server.live_index import LiveIndex

__all__ = ["build_page", "main", "serve"]


@app.command(name="serve")
def serve_command(
    index: IndexOption = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")
    ] = 7860,
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Offer ask, search, read and reports as MCP tools too.")
    ] = False,
) -> None:
    """Open the web page."""
    from qa.server.live_index import LiveIndex

    serve(LiveIndex(read_config(index, model, reranker)), host, port, mcp=mcp)


def build_page(live_index: LiveIndex) -> tuple[Any, Callable[[], None]]:
    """Build the page over an index; `serve` adds theme, styles and head.

    Returns:
        The page, a `gradio.Blocks`, and a function that renews what a new page shows first. To be
        called once the model is ready: the page then begins with suggested questions.
    """
    import gradio as gr

    from qa.server.evaluation_runs import EvaluationRuns
    from qa.server.indexing_jobs import IndexingJobs
    from qa.web.api import add_api
    from qa.web.ask_tab import build_ask_tab
    from qa.web.assets import html_panel
    from qa.web.evaluation_tab import build_evaluation_tab
    from qa.web.events import INTERNAL
    from qa.web.reports_tab import build_reports_tab
    from qa.web.views.labels import labels
    from qa.web.views.source import header_html

    label, jobs = labels("zh"), IndexingJobs(live_index.config)
    page = gr.Blocks(title="引据", analytics_enabled=False, fill_width=True)
    with page:
        with gr.Row(elem_id="top"):
            header = html_panel(header_html("zh"), ("header",), "header")
            language = gr.Radio(
                [("中文", "zh"), ("English", "en")],
                value="zh",
                label="语言 Language",
                show_label=False,
                container=False,
                elem_id="language",
            )
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(label["tab_ask"], id="ask", render_children=True) as ask_tab:
                renew_ask_tab = build_ask_tab(live_index, page, ask_tab, language)
            with gr.Tab(label["tab_reports"], id="reports", render_children=True) as reports_tab:
                build_reports_tab(live_index, jobs, page, reports_tab, language)
            with gr.Tab(
                label["tab_evaluation"], id="evaluation", render_children=True
            ) as evaluation_tab:
                build_evaluation_tab(EvaluationRuns(live_index), page, evaluation_tab, language)
        tabs = [ask_tab, reports_tab, evaluation_tab]
        language.change(_translate_header, [language], [header, *tabs], **INTERNAL)
        add_api(live_index)

    def renew_page() -> None:
        renew_ask_tab()
        page.config = page.get_config_file()

    return page, renew_page


def _translate_header(language: str) -> tuple[Any, ...]:
    """Return the header and the names of the tabs in a language."""
    import gradio as gr

    from qa.web.views.labels import labels
    from qa.web.views.source import header_html

    label = labels(language)
    tabs = (gr.update(label=label[name]) for name in ("tab_ask", "tab_reports", "tab_evaluation"))
    return header_html(language), *tabs


def serve(live_index: LiveIndex, host: str, port: int, *, mcp: bool = False) -> None:
    """Serve the page until interrupted; with `mcp`, offer its functions as MCP tools too.

    Raises:
        YinjuError: the address cannot be listened on, the model cannot be loaded, or the package
            for MCP is missing.
    """
    _check_address(host, port)
    if mcp:
        _check_mcp()
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Gradio requests its own page once to see that it is up; that must not go through a proxy.
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    os.environ["no_proxy"] = f"{no_proxy},{host},localhost"
    from qa.web.assets import load_head, load_styles
    from qa.web.theme import make_theme

    # Build the page before the model is loaded in a thread: both at once would delay the page.
    page, renew_page = build_page(live_index)
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(_load_model, live_index)
        _, address, _ = page.launch(
            server_name=host,
            server_port=port,
            share=False,
            ssr_mode=False,
            pwa=False,
            quiet=True,
            prevent_thread_lock=True,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            mcp_server=mcp,
            max_file_size=live_index.config.limits.file_mb * 2**20,
            theme=make_theme(),
            css=load_styles(),
            head=load_head(),
        )
        print(f"引据 {address} (Ctrl+C to stop)", flush=True)
        try:
            loading.result()
            renew_page()
            threading.Event().wait()
        finally:
            page.close(verbose=False)


def _load_model(live_index: LiveIndex) -> None:
    """Load the model, so that the first question need not wait for it.

    Raises:
        YinjuError: the model cannot be loaded.
    """
    try:
        live_index.current()
    except YinjuError as error:  # no index: the page says so too, and takes uploads
        print(f"yinju: {error}", flush=True)
    else:
        live_index.load()


def _check_mcp() -> None:
    """Raise YinjuError if the package for MCP is missing."""
    if find_spec("mcp") is None:
        raise YinjuError("server.needs_mcp")


def _check_address(host: str, port: int) -> None:
    """Raise YinjuError if the address cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = reason_of(error)
        raise YinjuError("server.address", host=host, port=port, reason=reason) from error


if __name__ == "__main__":
    sys.argv[1:1] = ["serve"]
    main()
