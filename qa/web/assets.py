"""Style sheets, scripts and the document's head, from qa/web/static; panels of HTML with scripts."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

_STATIC = Path(__file__).parent / "static"
# In the order of the cascade: a later sheet overrides an earlier one.
_SHEETS = ("base", "chat", "why", "reading", "library", "evaluation", "narrow")


def load_styles() -> str:
    """Return all style sheets as one."""
    return "\n".join(_read(f"{name}.css") for name in _SHEETS)


def load_script(*names: str) -> str:
    """Return the script of a component: the named files one after the other, in one scope.

    Gradio runs it once the component is on the page, with `element`, `trigger` (sends an event with
    data) and `watch` (calls back when a new value of the component is shown).
    """
    return "\n".join(_read(f"{name}.js") for name in names)


def load_head() -> str:
    """Return what stands in the head of the document."""
    return _read("head.html")


def html_panel(value: str, scripts: tuple[str, ...], name: str, css: str | None = None) -> gr.HTML:
    """Make a component of HTML without Gradio's own style.

    Args:
        value: the HTML.
        scripts: the names of its scripts, as for `load_script`.
        name: the id of its element.
        css: a class of the style sheets.
    """
    return gr.HTML(
        value,
        js_on_load=load_script(*scripts),
        elem_id=name,
        elem_classes=css,
        apply_default_css=False,
    )


def _read(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")
