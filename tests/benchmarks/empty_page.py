"""Serve a minimal Gradio page, launched like ours: python -m tests.benchmarks.empty_page PORT."""

from __future__ import annotations

import os
import sys

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr


def main() -> None:
    """Serve the page until the process is ended."""
    with gr.Blocks(analytics_enabled=False) as page:
        gr.Textbox()
        gr.Button()
    page.launch(
        server_name="127.0.0.1",
        server_port=int(sys.argv[1]),
        share=False,
        ssr_mode=False,
        pwa=False,
        quiet=True,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
    )


if __name__ == "__main__":
    main()
