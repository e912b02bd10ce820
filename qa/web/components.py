"""What the tabs share: how events are registered, panels of HTML, what a browser sent along."""

from __future__ import annotations

from typing import Any

import gradio as gr

# New values of an event's outputs, in their order.
Update = tuple[Any, ...]

# Events of the page itself: programs call the endpoints of `qa.web.api`.
HIDDEN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Questions of all users wait for one another: each keeps every core busy for some 30 ms.
IN_TURN: dict[str, Any] = {"concurrency_id": "encoder", "concurrency_limit": 1}


def sent(event: gr.EventData) -> dict[str, Any]:
    """What the browser sent along with an event, whatever it was."""
    return event._data if isinstance(event._data, dict) else {}


def panel(value: str, script: str, name: str, kind: str | None = None) -> gr.HTML:
    """A component of HTML with a script of its own. kind: a class of the style sheet."""
    return gr.HTML(
        value, js_on_load=script, elem_id=name, elem_classes=kind, apply_default_css=False
    )
