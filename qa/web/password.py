"""Authorization headers go in; whether they hold the right name and password, and how soon to try again, comes out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.responses import PlainTextResponse

TRIES, WHILE = 10, 60  # wrong passwords from one address, and the seconds after which they are forgotten
ADDRESSES = 10_000  # whose wrong passwords are remembered; the oldest are forgotten first


class Password:
    """A "USER:PASSWORD", kept as a digest, so that no log or error can show it."""

    def __init__(self, credentials: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._salt = secrets.token_bytes(16)
        self._digest = self._digested("basic " + base64.b64encode(credentials.encode()).decode())
        self._clock = clock
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    def refusal(self, header: str, client: str) -> PlainTextResponse | None:
        """The answer to a request without the right password; None for one with it.

        After TRIES wrong ones from an address nothing more from there is looked at for a while, right or wrong:
        so nobody can find the password by trying.
        """
        wrong = [moment for moment in self._wrong.get(_neighbourhood(client), ()) if moment > self._clock() - WHILE]
        if len(wrong) >= TRIES:
            words = f"Too many wrong passwords. Wait {WHILE} seconds."
            return PlainTextResponse(words, 429, {"Retry-After": str(WHILE)})
        if hmac.compare_digest(self._digest, self._digested(_plain_scheme(header))):
            return None
        if header:
            self._remember(_neighbourhood(client), wrong)
        return PlainTextResponse("User name and password, please.", 401, {"WWW-Authenticate": 'Basic realm="Quoted"'})

    def _remember(self, where: str, wrong: list[float]) -> None:
        self._wrong[where] = [*wrong, self._clock()]
        self._wrong.move_to_end(where)
        if len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)

    def _digested(self, header: str) -> bytes:
        return hashlib.sha256(self._salt + header.encode("utf-8", "surrogateescape")).digest()


def _plain_scheme(header: str) -> str:
    """The header with the name of its scheme in small letters, for it may be written in any (RFC 9110)."""
    scheme, space, rest = header.partition(" ")
    return scheme.lower() + space + rest


def _neighbourhood(client: str) -> str:
    """An IPv4 address, or the 64 bits of an IPv6 address that one customer gets."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
