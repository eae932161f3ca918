"""A conversation's id and its owner's request go in; the conversation comes out as a file, for no one else."""

from __future__ import annotations

import re
from collections.abc import Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from index.errors import QuotedError
from qa.conversations.export import export_bibtex, export_json, export_markdown
from qa.conversations.export_page import export_html
from qa.conversations.history import History, NoConversation
from qa.conversations.kept import KeptConversation
from qa.thumbs import question_lines
from qa.web.owner import owner_of

KINDS: dict[str, tuple[str, Callable[[KeptConversation], str]]] = {
    "md": ("text/markdown", export_markdown),
    "html": ("text/html", export_html),
    "json": ("application/json", export_json),
    "bib": ("application/x-bibtex", export_bibtex),
}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox"
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def add_downloads(app: FastAPI, history: History) -> None:
    """Add /conversations/<id>.md, .html, .json and .bib, and /thumbs.jsonl."""

    def conversation(name: str, request: Request) -> Response:
        id, _, ending = name.rpartition(".")
        if ending not in KINDS:
            return _nothing(NoConversation("A conversation can be had as .md, .html, .json or .bib."), 404)
        kind, export = KINDS[ending]
        try:
            kept = history.conversation(owner_of(request.headers), id)
            return _file(export(kept), kind, f"{_name(kept.title)}.{ending}")
        except NoConversation as error:
            return _nothing(error, 404)
        except QuotedError as error:
            return _nothing(error, 503)

    def thumbs(request: Request) -> Response:
        try:
            lines = [line for each in history.judged(owner_of(request.headers)) for line in question_lines(each)]
        except QuotedError as error:
            return _nothing(error, 503)
        return _file("".join(f"{line}\n" for line in lines), "application/jsonl", "thumbs.jsonl")

    app.get("/conversations/{name}")(conversation)
    app.get("/thumbs.jsonl")(thumbs)


def _name(title: str) -> str:
    """A title as the name of a file that any system takes."""
    return "-".join(re.findall(r"[a-z0-9]+", title.casefold()))[:60].strip("-") or "conversation"


def _file(text: str, kind: str, name: str) -> Response:
    saved = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode("utf-8", "replace"), media_type=f"{kind}; charset=utf-8", headers=HEADERS | saved)


def _nothing(error: QuotedError, status: int) -> PlainTextResponse:
    return PlainTextResponse(str(error), status, HEADERS)
