"""A page with MCP goes in; its tools give JSON, where Gradio would give Python's way of writing a value."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr


def answer_in_json(page: gr.Blocks) -> None:
    """Let the tools of a page that was mounted with MCP return one text each, the JSON of what the endpoint gives."""
    from mcp.types import TextContent

    def as_json(results: list[Any], root_url: str) -> list[TextContent]:
        return [TextContent(type="text", text=json.dumps(each, ensure_ascii=False)) for each in results]

    page.mcp_server_obj.postprocess_output_data = as_json  # type: ignore[union-attr, method-assign]
