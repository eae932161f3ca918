"""A request goes in, the owner of its conversations comes out: a random id in a cookie, one for each browser."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "quoted_owner"
ID = re.compile(r"[A-Za-z0-9_-]{43}")
KEPT = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
# A SameSite=Strict cookie is not sent where another site's link led here. A new one would then replace it, so the page
# is asked for once more, by itself.
ONCE_MORE = "<!doctype html><title>Quoted</title><meta http-equiv='refresh' content='0'>"


@dataclass(frozen=True)
class Owners:
    """A layer of the application that gives each browser its cookie with the page."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with a cookie where the browser has none."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        is_page = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/"
        if not is_page or _cookie(headers):
            return await self.app(scope, receive, send)
        if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return await HTMLResponse(ONCE_MORE, headers={"Cache-Control": "no-store"})(scope, receive, send)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                value = f"{COOKIE}={secrets.token_urlsafe(32)}; Max-Age={KEPT}; Path=/; HttpOnly; SameSite=Strict"
                MutableHeaders(scope=message).append("Set-Cookie", value)
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def owner_of(headers: Mapping[str, str], page: str = "") -> str:
    """The owner that a request names; a browser that takes no cookies owns what it asks on this one page.

    A request that names none is of an owner of its own: two of them never meet. It is a digest of the cookie, so that
    the file of conversations does not hold what would open them.
    """
    cookie = _cookie(headers)
    named = f"cookie {cookie}" if cookie else f"page {page}" if page else f"nobody {secrets.token_hex(32)}"
    return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()


def _cookie(headers: Mapping[str, str]) -> str:
    value = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
    return value if ID.fullmatch(value) else ""
