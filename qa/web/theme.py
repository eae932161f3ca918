"""Nothing goes in; the look of the page comes out: system fonts, paper and ink, one colour for what can be clicked."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from gradio.themes.utils import colors, sizes

PAGE_STYLE = Path(__file__).parent / "page.css"
SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
MONO = ("ui-monospace", "Consolas", "monospace")
INK = colors.Color(
    name="ink",
    c50="#eef5f7",
    c100="#d8e8ec",
    c200="#b3d0d8",
    c300="#86b2be",
    c400="#5791a1",
    c500="#3a7586",
    c600="#2b5f6f",
    c700="#1f4d5c",
    c800="#183d49",
    c900="#122f39",
    c950="#0b1f26",
)


def quiet_theme() -> gr.themes.Base:
    """The theme; what it cannot say stands in page.css."""
    theme = gr.themes.Base(
        primary_hue=INK,
        secondary_hue=INK,
        neutral_hue=colors.stone,
        radius_size=sizes.radius_md,
        font=SANS,
        font_mono=MONO,
    )
    return theme.set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#16181a",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#1d2022",
        border_color_primary_dark="#34373a",
        block_border_color="*neutral_200",
        block_shadow="none",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
        input_border_color="*neutral_300",
        input_border_color_focus="*primary_500",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
    )
