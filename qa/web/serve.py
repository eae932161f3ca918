"""The Gradio page and the open index go in; one application with chat and reading view comes out, and is run."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, cast

import gradio as gr
import uvicorn
from fastapi import FastAPI, Query
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from qa.conversations.history import History
from qa.web.articles import Library, original_file, reading_view
from qa.web.downloads import add_downloads
from qa.web.endpoints import Endpoint
from qa.web.gate import Gate
from qa.web.guard import Guard, Rules
from qa.web.line import Line
from qa.web.owner import Owners
from qa.web.shelf import Shelf
from qa.web.theme import PAGE_STYLE, quiet_theme
from qa.web.tools import answer_in_json

LEAVE_AFTER = 2  # seconds that open connections get when the page is stopped
CONNECTIONS = 2000  # open at a time; an open page holds one or two
ICON = Path(__file__).parent / "icon.svg"
LOG_LEVELS = ("critical", "error", "warning", "info", "debug")  # "trace" would log headers, and passwords with them


def build_app(
    page: gr.Blocks,
    library: Callable[[], Library],
    rules: Rules,
    shelf: Shelf,
    history: History,
    line: Line,
    programs: Sequence[Endpoint] = (),
    is_mcp: bool = False,
) -> ASGIApp:
    """One application: articles, the page that lists them, downloads, the chat everywhere else, the guard before all.

    `programs` are the endpoints of the page that programs may call, in `line`; `is_mcp` offers them to MCP clients too.
    """
    app = FastAPI(title="Quoted", docs_url=None, redoc_url=None, openapi_url=None)
    _add_articles(app, library)
    app.include_router(shelf.router())
    add_downloads(app, history)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=quiet_theme(),
        css_paths=PAGE_STYLE,
        favicon_path=str(ICON),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        max_file_size=1,
        mcp_server=is_mcp,
    )
    if is_mcp:
        answer_in_json(page)
    mounted = cast(Mount, app.routes[-1])
    named = {each.__name__: each for each in programs}
    numbers = {number: str(each.api_name) for number, each in page.fns.items() if each.api_name in named}
    mounted.app = Gate(mounted.app, named, numbers, line, is_mcp)
    return Guard(Owners(app), rules)


def _add_articles(app: FastAPI, library: Callable[[], Library]) -> None:
    # `from` is a word of Python's, so the query is read by way of its aliases.
    @app.api_route("/article/{id:path}", methods=["GET", "HEAD"])
    def read(
        id: str,
        start: Annotated[str, Query(alias="from")] = "",
        end: Annotated[str, Query(alias="to")] = "",
        also: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI copies it
        words: str = "",
    ) -> Response:
        return reading_view(library, id, start, end, also, words)

    @app.api_route("/file/{id:path}", methods=["GET", "HEAD"])
    def file(id: str) -> Response:
        return original_file(library, id)


class _Server(uvicorn.Server):
    """Says so when the page can be used."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()


def run(app: ASGIApp, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until stopped; `ready` is called once, when the page can be used."""
    level = os.environ.get("QUOTED_LOG", "warning")
    config = uvicorn.Config(
        app,
        log_level=level if level in LOG_LEVELS else "warning",
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=LEAVE_AFTER,
        server_header=False,
        proxy_headers=False,
    )
    _Server(config, ready).run(sockets=[listener])
