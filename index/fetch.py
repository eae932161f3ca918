"""A URL goes in, the bytes behind it come out; no address but a public one is ever connected to."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, LocationParseError, SSLError
from urllib3.util import Timeout, connection, parse_url

from index.reading.block import Unreadable
from index.reading.read import MAX_BYTES

SECONDS = 30.0  # for a page with its redirects
ANSWER_SECONDS = 10.0  # for one answer to begin
REDIRECTS = 5
CHUNK = 64 * 1024  # bytes
MAX_URL = 2_000  # characters
TYPES = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/plain": ".txt",
    "text/markdown": ".md", "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}  # fmt: skip
HEADERS = {
    "User-Agent": "Quoted/0.1 (reads one page for a person)",
    "Accept": ", ".join(TYPES),
    "Accept-Encoding": "identity",
}
# What Python takes for public, at least before 3.11.10, and is not, and addresses behind which clouds serve what is
# meant for the machine alone.
NOT_PUBLIC = [ipaddress.ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")]
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 addresses in IPv6, and the same for private use
TRANSLATED_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Fetched:
    """What an address gave: its bytes and the suffix of their type."""

    data: bytes
    suffix: str


class _Blocked(Exception):
    """An address that must not be connected to."""


def fetch(url: str, allow_loopback: bool = False) -> Fetched:
    """Fetch a page. `allow_loopback` is for tests: it lets through this computer's own addresses, and no others.

    Raises Unreadable: url_blocked, url_redirect_blocked, url_timeout, url_too_large, url_type, permission_denied, or
    vanished (no such host or page).
    """
    with _Deadline(SECONDS) as deadline:
        return _follow(url, deadline, allow_loopback)


class _Deadline:
    """Ends every connection when the time is up: a server that sends a byte now and then cannot keep us."""

    def __init__(self, seconds: float) -> None:
        self._connections: list[socket.socket] = []
        self.is_over = False
        self._timer = threading.Timer(seconds, self._end)

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for each in self._connections:
            each.close()

    def watch(self, connected: socket.socket) -> None:
        """Take a connection among those that end; at once where the time is up already."""
        self._connections.append(socket.socket(fileno=os.dup(connected.fileno())))
        if self.is_over:
            self._end()

    def _end(self) -> None:
        self.is_over = True
        for each in self._connections:
            with suppress(OSError):  # ended already
                each.shutdown(socket.SHUT_RDWR)


def _follow(url: str, deadline: _Deadline, allow_loopback: bool) -> Fetched:
    for hop in range(REDIRECTS + 1):
        try:
            answer = _get(_checked(url), deadline, allow_loopback)
        except _Blocked as error:
            raise Unreadable("url_redirect_blocked" if hop else "url_blocked", str(error)) from error
        try:
            location = answer.headers.get("Location") if answer.status in (301, 302, 303, 307, 308) else None
            if location is None:
                return Fetched(_body(answer, deadline), _suffix(answer, url))
            url = urljoin(url, location)
        finally:
            answer.close()
    raise Unreadable("url_redirect_blocked", f"The address leads on more than {REDIRECTS} times.")


def _checked(url: str) -> str:
    """The address as it will be asked for; raises _Blocked for one that is not plainly http or https."""
    if (
        len(url) > MAX_URL
        or re.search(r"[\s\\\x00-\x20\x7f]", url)
        or not re.match(r"https?://[^/?#]", url, re.IGNORECASE)
    ):
        raise _Blocked("Only plain http and https addresses are fetched.")
    try:
        parsed = parse_url(url)
    except (LocationParseError, ValueError) as error:
        raise _Blocked("This is no address.") from error
    if not parsed.host or parsed.auth is not None:
        raise _Blocked("An address may hold no user name and must hold a host.")
    return parsed._replace(fragment=None).url


def _get(url: str, deadline: _Deadline, allow_loopback: bool) -> Any:  # noqa: ANN401 - urllib3's answer
    timeout = Timeout(connect=ANSWER_SECONDS, read=ANSWER_SECONDS)
    pools = urllib3.PoolManager(timeout=timeout, retries=False, cert_reqs="CERT_REQUIRED")
    pools.pool_classes_by_scheme = _guarded(deadline, allow_loopback)
    try:
        return pools.request("GET", url, headers=HEADERS, redirect=False, preload_content=False)
    except _Blocked:
        raise
    except (SSLError, ssl.SSLError) as error:
        raise Unreadable("url_blocked", "The connection is not safe: the server's certificate is not valid.") from error
    except (urllib3.exceptions.TimeoutError, TimeoutError) as error:
        raise _late() from error
    except (HTTPError, OSError, UnicodeError, ValueError) as error:
        if deadline.is_over:
            raise _late() from error
        raise Unreadable("vanished", "The server cannot be found or reached. Check the address.") from error


def _guarded(deadline: _Deadline, allow_loopback: bool) -> dict[str, Any]:
    """urllib3's pools with connections that look their host up once, check every address, and connect to the first."""

    def connect(self: HTTPConnection) -> socket.socket:
        address = _allowed(self._dns_host, self.port, allow_loopback)
        connected = connection.create_connection((address, self.port), self.timeout)
        deadline.watch(connected)
        return connected

    plain = type("Plain", (HTTPConnection,), {"_new_conn": connect})
    safe = type("Safe", (HTTPSConnection,), {"_new_conn": connect})
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SafePool", (HTTPSConnectionPool,), {"ConnectionCls": safe}),
    }


def _allowed(host: str, port: int, allow_loopback: bool) -> str:
    """The first address of a host; raises _Blocked where any of its addresses is not public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        if not _is_public(address) and not (allow_loopback and address.is_loopback):
            raise _Blocked("The address leads into a private network or to this computer.")
    return str(addresses[0])


def _is_public(address: Address) -> bool:
    inner = _embedded(address)
    if inner is not None and (address in TRANSLATED or not _is_public(inner)):
        return _is_public(inner)
    known = address.is_global and not address.is_multicast and not address.is_reserved
    return known and not any(address in network for network in NOT_PUBLIC)


def _embedded(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if address.version == 4:
        return None
    if address in TRANSLATED or address in TRANSLATED_LOCAL or not int(address) >> 32:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _body(answer: Any, deadline: _Deadline) -> bytes:  # noqa: ANN401
    if answer.status in (401, 402, 403, 407, 451):
        raise Unreadable("permission_denied", f"The server does not give the page (status {answer.status}).")
    if answer.status >= 500:
        raise Unreadable("url_timeout", f"The server cannot answer now (status {answer.status}). Try later.")
    if answer.status != 200:
        raise Unreadable("vanished", f"There is no such page (status {answer.status}).")
    _suffix(answer, "")
    parts: list[bytes] = []
    size = 0
    try:
        while part := answer.read1(CHUNK):
            size += len(part)
            parts.append(part)
            if size > MAX_BYTES:
                raise Unreadable("url_too_large", f"The page is larger than {MAX_BYTES // 1024**2} MiB.")
    except (HTTPError, OSError) as error:
        raise _late() from error
    if deadline.is_over:
        raise _late()
    return b"".join(parts)


def _suffix(answer: Any, url: str) -> str:  # noqa: ANN401
    kind = (answer.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    encoding = (answer.headers.get("Content-Encoding") or "identity").lower()
    if kind not in TYPES or encoding != "identity":
        raise Unreadable(
            "url_type", f"Only pages and documents are added; this is {kind or 'of no type'} ({encoding})."
        )
    return ".md" if kind == "text/plain" and url.lower().endswith((".md", ".markdown")) else TYPES[kind]


def _late() -> Unreadable:
    return Unreadable("url_timeout", f"The server did not answer in time ({SECONDS:.0f} seconds in all).")
