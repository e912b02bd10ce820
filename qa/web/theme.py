"""The Gradio theme of the page: its colours, fonts and text sizes."""

from __future__ import annotations

from typing import Any

import gradio as gr

# System fonts with Chinese characters; nothing is downloaded.
_FONTS = ["-apple-system", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"]
_FONTS += ["Noto Sans SC", "system-ui", "sans-serif"]
_MONOSPACE = ["ui-monospace", "Consolas", "monospace"]

# The red of a seal in Gradio's eleven steps, from the lightest to the darkest.
_CINNABAR = (
    *("#fdf5f2", "#fae5de", "#f4c8bb", "#eba28f", "#df755a", "#c44c32"),
    *("#b03a24", "#922f1e", "#77291d", "#5f241b", "#35110c"),
)


def make_theme() -> Any:
    """Return Gradio's plain theme with the project's colour and the fonts of the user's system."""
    cinnabar = gr.themes.Color(*_CINNABAR, name="cinnabar")
    hues: dict[str, Any] = {"primary_hue": cinnabar, "secondary_hue": cinnabar}
    # In rem: text follows the font size of the browser and the page's control of text sizes.
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
