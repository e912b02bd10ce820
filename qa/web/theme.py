"""How the page looks and behaves in the browser: theme, style sheets and scripts, from `ui/static`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

_STATIC = Path(__file__).parent / "static"
# In this order; the last overrule the others.
_SHEETS = ("base", "chat", "why", "reading", "library", "evaluation", "narrow")

# System fonts that have the script; nothing is fetched.
_FONTS = ["-apple-system", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"]
_FONTS += ["Noto Sans SC", "system-ui", "sans-serif"]
_MONOSPACE = ["ui-monospace", "Consolas", "monospace"]

# The red of a seal, from the lightest to the darkest of eleven steps.
_CINNABAR = (
    *("#fdf5f2", "#fae5de", "#f4c8bb", "#eba28f", "#df755a", "#c44c32"),
    *("#b03a24", "#922f1e", "#77291d", "#5f241b", "#35110c"),
)


def styles() -> str:
    """All style sheets in one."""
    return "\n".join(_read(f"{name}.css") for name in _SHEETS)


def script(*names: str) -> str:
    """What a component runs once it is on the page: files one after the other, in one scope.

    Gradio hands `element`, `trigger` and `watch` to it: a click becomes an event with data, and a
    new value of the component calls back once it is shown.
    """
    return "\n".join(_read(f"{name}.js") for name in names)


def head() -> str:
    """What stands in the head of the document."""
    return _read("head.html")


def _read(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def theme() -> Any:
    """Gradio's plain theme with our colour and the fonts of the reader's own system."""
    cinnabar = gr.themes.Color(*_CINNABAR, name="cinnabar")
    hues: dict[str, Any] = {"primary_hue": cinnabar, "secondary_hue": cinnabar}
    # Sizes follow the root's, and so what a browser is set to and what the page's own control says.
    sizes = gr.themes.sizes.Size(
        xxs=".5625rem", xs=".625rem", sm=".75rem", md=".875rem", lg="1rem", xl="1.375rem",
        xxl="1.625rem", name="text_rem",
    )  # fmt: skip
    fonts: dict[str, Any] = {"font": _FONTS, "font_mono": _MONOSPACE}
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
