"""The web page put together and started: `python ui.py`, or `yinju serve`.

The parts of the page lie in qa/web. Gradio is imported only when a page is built, so that the other
commands of `yinju` start without it.
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


def build_page(live: LiveIndex) -> tuple[Any, Callable[[], None]]:
    """The page over an index, which `serve` launches with its looks, and a function that renews
    what a browser paints first: once the model is ready there are questions in it.
    """
    import gradio as gr

    from qa.server.evaluation_runs import Trials
    from qa.server.indexing_jobs import Jobs
    from qa.web.api import add_api
    from qa.web.ask_tab import build_asking
    from qa.web.components import HIDDEN, panel
    from qa.web.evaluation_tab import build_evaluation
    from qa.web.reports_tab import build_library
    from qa.web.theme import script
    from qa.web.views.labels import labels
    from qa.web.views.source import header_html

    label, jobs = labels("zh"), Jobs(live.config)
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


def _spoken(language: str) -> tuple[Any, ...]:
    """The header and the names of the tabs."""
    import gradio as gr

    from qa.web.views.labels import labels
    from qa.web.views.source import header_html

    label = labels(language)
    named = (gr.update(label=label[name]) for name in ("tab_ask", "tab_reports", "tab_evaluation"))
    return header_html(language), *named


def serve(live: LiveIndex, host: str, port: int, *, mcp: bool = False) -> None:
    """Serves the page until interrupted; with `mcp` also its functions as MCP tools.

    Raises:
        YinjuError: the address cannot be listened on, the model cannot be loaded, or the package
            for MCP is missing.
    """
    _check_address(host, port)
    if mcp:
        _check_mcp()
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Gradio calls itself once to see that it is up; a proxy must not stand in between.
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    os.environ["no_proxy"] = f"{direct},{host},localhost"
    from qa.web.theme import head, styles, theme

    with ThreadPoolExecutor(1) as pool:
        warm = pool.submit(_warm, live)
        page, freshen = build_page(live)
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
            max_file_size=live.config.limits.file_mb * 2**20,
            theme=theme(),
            css=styles(),
            head=head(),
        )
        print(f"引据 {address} (Ctrl+C to stop)", flush=True)
        try:
            warm.result()
            freshen()
            threading.Event().wait()
        finally:
            page.close(verbose=False)


def _warm(live: LiveIndex) -> None:
    """Loads the model, so that the first question does not wait for it."""
    try:
        live.current()
    except YinjuError as error:  # the page says so too, and takes reports
        print(f"yinju: {error}", flush=True)
    else:
        live.load()


def _check_mcp() -> None:
    if find_spec("mcp") is None:
        raise YinjuError("server.needs_mcp")


def _check_address(host: str, port: int) -> None:
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
