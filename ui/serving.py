"""Serves the page: its address, its looks, and the model ready before the first question."""

from __future__ import annotations

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

import gradio as gr

from indexer.errors import YinjuError
from qa.live import LiveIndex
from qa.look import CINNABAR, CSS, FONTS, MONOSPACE
from qa.scripts import HEAD

from .page import build_page


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
    with ThreadPoolExecutor(1) as pool:
        warm = pool.submit(_warm, live)
        page = build_page(live)
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
            theme=_theme(),
            css=CSS,
            head=HEAD,
        )
        print(f"引据 {address} (Ctrl+C to stop)", flush=True)
        try:
            warm.result()
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


def _theme() -> Any:
    """Gradio's plain theme with our colour and the fonts of the reader's own system."""
    cinnabar = gr.themes.Color(*CINNABAR, name="cinnabar")
    hues: dict[str, Any] = {"primary_hue": cinnabar, "secondary_hue": cinnabar}
    # Sizes follow the root's, and so what a browser is set to and what the page's own control says.
    sizes = gr.themes.sizes.Size(
        xxs=".5625rem", xs=".625rem", sm=".75rem", md=".875rem", lg="1rem", xl="1.375rem",
        xxl="1.625rem", name="text_rem",
    )  # fmt: skip
    fonts: dict[str, Any] = {"font": FONTS, "font_mono": MONOSPACE}
    base = gr.themes.Base(**hues, **fonts, neutral_hue="stone", text_size=sizes)
    return base.set(
        body_background_fill="*neutral_100",
        body_background_fill_dark="#151413",
        background_fill_primary_dark="#1e1c1b",
        background_fill_secondary="*neutral_100",
        background_fill_secondary_dark="#2a2826",
        border_color_primary_dark="#3a3734",
        body_text_color_subdued="*neutral_600",
        button_primary_background_fill="#b03a24",
        button_primary_background_fill_hover="#922f1e",
        button_primary_background_fill_dark="#b03a24",
        button_primary_background_fill_hover_dark="#c44c32",
    )


def _check_mcp() -> None:
    if find_spec("mcp") is None:
        raise YinjuError("--mcp needs the extra mcp; install it with: pip install 'yinju[mcp]'")


def _check_address(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise YinjuError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port or --host"
        ) from error
