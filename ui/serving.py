"""Serves the page: its address, its looks, and the model ready before the first question."""

from __future__ import annotations

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

from indexer.errors import YinjuError
from qa.server.live_index import LiveIndex
from qa.web.theme import head, styles, theme

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
