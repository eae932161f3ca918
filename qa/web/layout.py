"""Nothing goes in; the components of the chat page come out, laid out and named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa.web.panel import about
from qa.web.screen import Screen
from qa.web.script import HEAR


@dataclass(frozen=True)
class Parts:
    """The components that events read and write. What they hold is shown again from the history, never trusted."""

    head: gr.HTML
    new: gr.Button
    past: gr.HTML
    chat: gr.Chatbot
    as_typed: gr.Button
    narrowing: gr.HTML
    box: gr.Textbox
    evidence: gr.HTML
    copied: gr.Textbox
    conversation: gr.Textbox
    editing: gr.Textbox
    acts: gr.HTML

    @property
    def screen(self) -> list[Any]:
        """The components of a Screen, in its order."""
        return [getattr(self, name) for name in Screen._fields]


def lay_out() -> Parts:
    """Make the components; must be called inside gr.Blocks."""
    with gr.Row(elem_id="top"):
        head = _html("head", about(None))
        gr.Button("History", size="sm", elem_id="history")
        gr.Button("Copy with sources", size="sm", elem_id="copy")
        new = gr.Button("New chat", size="sm", elem_id="new")
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="past", min_width=0):
            past = _html("conversations")
        with gr.Column(elem_id="talk", min_width=0):
            chat = _chat()
            as_typed = gr.Button("Search exactly what I typed", size="sm", elem_id="as-typed", visible=False)
            narrowing = _html("narrowing")
            box = _box()
        with gr.Column(elem_id="side", min_width=0):
            evidence = _html("evidence")
    copied, conversation, editing = (_hidden(id) for id in ("copied", "conversation", "editing"))
    acts = gr.HTML(elem_id="acts", js_on_load=HEAR, apply_default_css=False, visible="hidden")
    return Parts(head, new, past, chat, as_typed, narrowing, box, evidence, copied, conversation, editing, acts)


def _hidden(id: str) -> gr.Textbox:
    return gr.Textbox(visible="hidden", elem_id=id)


def _html(id: str, value: str = "") -> gr.HTML:
    return gr.HTML(value, elem_id=id, js_on_load=None, apply_default_css=False)


def _chat() -> gr.Chatbot:
    # The chat takes HTML of ours, in which all quoted text is escaped: Markdown, where `*` and `$x$` in an article
    # would have to be disarmed one dialect at a time, stays off. Gradio's own buttons would edit and copy that HTML.
    return gr.Chatbot(
        elem_id="chat",
        show_label=False,
        label="Conversation",
        render_markdown=False,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        buttons=[],
        feedback_options=None,
        layout="bubble",
        height="auto",
        placeholder="",
    )


def _box() -> gr.Textbox:
    return gr.Textbox(
        elem_id="box",
        show_label=False,
        label="Question",
        placeholder="Ask a question about the articles",
        max_lines=6,
        submit_btn=True,
        autofocus=True,
        container=False,
    )
