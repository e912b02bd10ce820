"""Settings and values of Gradio events that the tabs share."""

from __future__ import annotations

from typing import Any

import gradio as gr

# The new values of an event's outputs, in the order of the outputs.
Update = tuple[Any, ...]

# Settings of an event of the page itself. Programs call the endpoints of `qa.web.api` instead.
INTERNAL: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Settings of an event that answers questions, one at a time over all users: each question keeps every
# core busy for some 30 ms.
ONE_AT_A_TIME: dict[str, Any] = {"concurrency_id": "encoder", "concurrency_limit": 1}
# How often the page asks the server how far some work is, in seconds.
POLL_INTERVAL = 0.7


def event_data(event: gr.EventData) -> dict[str, Any]:
    """Return the data that the browser sent with an event; {} if it sent anything else."""
    return event._data if isinstance(event._data, dict) else {}
