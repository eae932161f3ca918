"""Requests for Gradio go in; only those that the page and programs need reach it, as it should get them.

Gradio brings some 90 routes (uploads, files, proxies, direct runs, deep links, monitoring, …); all others are closed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import BadQuestion
from qa.web.endpoints import IN_LINE, Endpoint, arguments
from qa.web.line import Busy, Line

FILE = r"(?!.*\.\.)[\w./-]+"
READ = re.compile(
    rf"/|/config/?|/theme\.css|/favicon\.ico|/pwa_icon(?:/\d{{1,4}})?|/manifest\.json|/(?:assets|static|svelte)/{FILE}"
    rf"|/custom_component/{FILE}|/gradio_api/(?:info|app_id|startup-events|theme\.css|queue/data|heartbeat/\w+)/?",
    re.ASCII,
)
WRITE = re.compile(r"/gradio_api/(?:queue/join|run/predict|cancel)/?", re.ASCII)
CALL = re.compile(r"/gradio_api/call/(v2/)?(\w+)/?", re.ASCII)
CALLED = re.compile(r"/gradio_api/call/(?:v2/)?(\w+)/\w+", re.ASCII)
MCP = re.compile(r"/gradio_api/mcp/?", re.ASCII)
SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
RETRY = {"Retry-After": "5"}  # seconds
NUMBER = re.compile(r"\d{1,9}", re.ASCII)
# Gradio makes functions of the `js` of events, and writes styles into elements; all else comes from its own files.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Gate:
    """Stands in front of Gradio; `programs` are the endpoints that programs may call, `is_mcp` opens them to MCP.

    `numbers` has the name of each under the number by which Gradio's own clients call it. Calls that find the `line`
    full are refused here: Gradio spends 40 ms on each before it runs anything.
    """

    gradio: ASGIApp
    programs: Mapping[str, Endpoint]
    numbers: Mapping[int, str]
    line: Line
    is_mcp: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            return await self.gradio(scope, receive, send)
        if not self._is_open(scope["method"], scope["path"]):
            return await PlainTextResponse("There is no such door here.", 404)(scope, receive, send)
        if scope["method"] == "POST":
            return await self._pass_post(scope, receive, send)
        if scope["path"] == "/":
            return await self._page(scope, receive, send)
        await self.gradio(scope, receive, send)

    def _is_open(self, method: str, path: str) -> bool:
        if self.is_mcp and MCP.fullmatch(path):
            return method in ("GET", "POST", "DELETE")
        call = (CALL if method == "POST" else CALLED).fullmatch(path)
        if call:
            return call.groups()[-1] in self.programs
        allowed = {"GET": READ, "HEAD": READ, "POST": WRITE}.get(method)
        return bool(allowed and allowed.fullmatch(path))

    async def _pass_post(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a call that names a file, which Gradio would fetch; fill in the arguments that a call leaves out."""
        try:
            body = json.loads(await Request(scope, receive).body() or b"{}")
            if names_a_file(body):
                raise BadQuestion("Files are not taken here.")
            body = numbered(body)
            call = CALL.fullmatch(scope["path"])
            if call:
                body = complete(self.programs[call[2]], body, is_named=bool(call[1]))
            if self._called(call, body) in IN_LINE:
                self.line.expect()
        except ClientDisconnect:
            return None
        except Busy as error:
            return await JSONResponse({"error": str(error)}, 503, RETRY)(scope, receive, send)
        except (BadQuestion, ValueError, RecursionError) as error:
            said = str(error) if isinstance(error, BadQuestion) else "The body of the request is no JSON."
            return await JSONResponse({"error": said}, 400)(scope, receive, send)
        await self.gradio(*_with_body(scope, receive, json.dumps(body).encode()), send)

    def _called(self, call: re.Match[str] | None, body: Any) -> str | None:  # noqa: ANN401 - any JSON
        """The endpoint that is called, by name or by number."""
        number = body.get("fn_index") if isinstance(body, dict) else None
        return call[2] if call else None if number is None else self.numbers.get(number)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The page with a policy that lets its own inline scripts run, known by their digests, and no others."""
        plain = {**scope, "headers": [each for each in scope["headers"] if each[0] != b"accept-encoding"]}
        started: list[Message] = []
        parts: list[bytes] = []

        async def gather(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            else:
                parts.append(message.get("body", b""))

        await self.gradio(plain, receive, gather)
        body = b"".join(parts)
        start = started[0]
        MutableHeaders(scope=start)["Content-Security-Policy"] = policy(body.decode("utf-8", "replace"))
        await send(start)
        await send({"type": "http.response.body", "body": body})


def policy(page: str) -> str:
    """The policy of a page, with the digests of the scripts that stand in it."""
    digests = (hashlib.sha256(script.encode()).digest() for script in SCRIPT.findall(page))
    return POLICY.format(scripts=" ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests))


def names_a_file(value: object) -> bool:
    """Whether JSON holds what Gradio takes for a file; it would copy it, or fetch it from its address."""
    if isinstance(value, dict):
        return ("path" in value and "meta" in value) or any(names_a_file(each) for each in value.values())
    return isinstance(value, list) and any(names_a_file(each) for each in value)


def numbered(body: Any) -> Any:  # noqa: ANN401 - any JSON
    """The body with a number where it calls by number: Gradio takes "3" for one too. Raises BadQuestion."""
    number = body.get("fn_index") if isinstance(body, dict) else None
    if number is None or type(number) is int:
        return body
    if isinstance(number, str) and NUMBER.fullmatch(number):
        return body | {"fn_index": int(number)}
    raise BadQuestion("fn_index must be a whole number.")


def complete(endpoint: Endpoint, body: Any, *, is_named: bool) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """The body of a call with every argument of the endpoint. Raises BadQuestion."""
    if not isinstance(body, dict) or not isinstance(body.get("data", []), list):
        raise BadQuestion('The body must be {"data": [arguments in their order]}; to /call/v2/ {"argument": value}.')
    filled = arguments(endpoint, body if is_named else body.get("data", []))
    return filled if is_named else body | {"data": list(filled.values())}


def _with_body(scope: Scope, receive: Receive, body: bytes) -> tuple[Scope, Receive]:
    """The request with this body instead of its own, which has been read."""
    headers = [each for each in scope["headers"] if each[0] != b"content-length"]
    given = iter([{"type": "http.request", "body": body}])

    async def receive_it() -> Message:
        return next(given, None) or await receive()

    return {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}, receive_it
