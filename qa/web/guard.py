"""Requests go in; those from elsewhere, without the password or too large are refused, the others get safe headers."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.password import Password
from qa.web.receiving import MAX_BODY

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LARGEST_BODY = 256 * 1024
LARGEST_BODIES = {"/articles/upload": MAX_BODY}  # of the routes that need more
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:@/\\\s]+)(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
# For what brings no policy of its own: text and errors, which need nothing.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
FEATURES = (
    "accelerometer camera display-capture geolocation gyroscope hid magnetometer microphone midi payment "
    "publickey-credentials-get screen-wake-lock serial usb xr-spatial-tracking"
)
DEFAULT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES.split()),
}
# What lets another site read an answer; Gradio sends it to pages of any port of this machine.
SHARING_HEADERS = ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods",
                   "Access-Control-Allow-Headers")  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """Whom to serve: host names, any address where the page listens on all of them, and a password or None."""

    hosts: frozenset[str]
    any_address: bool = False
    password: Password | None = None


def rules_for(host: str, credentials: str, names: Iterable[str] = ()) -> Rules:
    """The rules of a page that listens on `host`, and is also known under `names`."""
    own = {host.casefold()}
    everywhere = host in ("0.0.0.0", "::", "")
    if everywhere:
        own = {socket.gethostname().casefold(), socket.getfqdn().casefold()}
    hosts = LOOPBACK | own | {name.casefold() for name in names}
    return Rules(hosts, everywhere, Password(credentials) if credentials else None)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def client_of(peer: str, headers: Headers) -> str:
    """The address whose wrong passwords are counted: behind a proxy on this machine, the one that the proxy saw.

    A proxy appends it to what the client sent, so only the last is to be believed.
    """
    last = ",".join(headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(last)) if is_loopback(peer) else peer
    except ValueError:
        return peer


@dataclass(frozen=True)
class Guard:
    """The outermost layer of the application."""

    app: ASGIApp
    rules: Rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        headers = Headers(scope=scope)
        client = client_of((scope.get("client") or ("",))[0], headers)
        refused = refusal(self.rules, scope["method"], headers, client, scope["path"])

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in SHARING_HEADERS:
                    del headers[name]
                for name, value in DEFAULT_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await (refused or self.app)(scope, receive, send_safely)


def refusal(rules: Rules, method: str, headers: Headers, client: str = "", path: str = "") -> PlainTextResponse | None:
    """The answer to a request that is not served; None for one that is."""
    if not _is_addressed_here(rules, headers):
        return PlainTextResponse("This host name is not served here.", 400)
    if not _comes_from_here(method, headers):
        return PlainTextResponse("Requests from other sites are not served.", 403)
    refused = rules.password.refusal(headers.get("authorization", ""), client) if rules.password else None
    return refused or _too_large(method, headers, LARGEST_BODIES.get(path, LARGEST_BODY))


def _is_addressed_here(rules: Rules, headers: Headers) -> bool:
    """A name that another site made to point here (DNS rebinding) is not among ours; an address cannot be made to."""
    hosts = headers.getlist("host")
    forwarded = headers.getlist("x-forwarded-host")  # Gradio makes addresses of it
    return len(hosts) == 1 and all(_known(rules, host) for host in hosts + forwarded)


def _known(rules: Rules, host: str) -> bool:
    found = HOST.fullmatch(host)
    name = found[1].strip("[]").casefold() if found else ""
    if name in rules.hosts:
        return True
    try:
        return rules.any_address and bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _comes_from_here(method: str, headers: Headers) -> bool:
    """Other sites may link to a page, and no more: they send no form, start no question and open no stream.

    Programs name no origin, so they pass; browsers name it with every request that could do harm.
    """
    origins = headers.getlist("origin")
    host = headers.get("host", "").casefold()
    if any(origin.casefold() not in (f"http://{host}", f"https://{host}") for origin in origins):
        return False
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return True
    follows_a_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return method in SAFE_METHODS and follows_a_link


def _too_large(method: str, headers: Headers, largest: int) -> PlainTextResponse | None:
    if method in SAFE_METHODS:
        return None
    length = headers.get("content-length", "")
    if not length.isdecimal() or "transfer-encoding" in headers:  # a chunked body may be longer than it says
        return PlainTextResponse("The request must tell its length.", 411)
    return PlainTextResponse("The request is too large.", 413) if int(length[:20]) > largest else None
