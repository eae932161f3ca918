"""Adding pages by URL, against a listener on this computer that counts every connection."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from index import fetch as fetching
from index.__main__ import main
from index.fetch import fetch
from index.reading.block import Unreadable
from index.reading.read import MAX_BYTES

PAGE = (
    "<html><head><title>The weir</title><meta property='article:published_time' content='2020-05-01'></head><body><article>"
    "<h1>The weir</h1><p>The weir above the mill was rebuilt in 2019 after the flood had carried half of it away.</p>"
    "<p>It now lets salmon pass by a ladder of seven steps.</p></article></body></html>"
)


class Listener:
    """A web server on 127.0.0.1 that remembers what it was asked; `hits` counts connections, also silent ones."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[str] = []
        self.hits = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                listener.hits += 1
                super().setup()

            def do_GET(self) -> None:
                listener.asked.append(self.path)
                listener.answer(self)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path
        if path.startswith("/to/"):
            request.send_response(302)
            request.send_header("Location", path.removeprefix("/to/"))
            request.end_headers()
            return
        if path.startswith("/again"):
            request.send_response(302)
            request.send_header("Location", path + "x")
            request.end_headers()
            return
        body = {"/large": b"x" * (MAX_BYTES + 1)}.get(path, PAGE.encode())
        kind = {"/picture": "image/png", "/packed": "text/html"}.get(path, "text/html; charset=utf-8")
        request.send_response({"/gone": 404, "/secret": 403, "/ill": 503}.get(path, 200))
        request.send_header("Content-Type", kind)
        if path == "/packed":
            request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        if path != "/drip":
            request.wfile.write(body)
            return
        with suppress(BrokenPipeError, ConnectionResetError):  # we hope to be hung up on
            for byte in body:
                request.wfile.write(bytes([byte]))
                request.wfile.flush()
                threading.Event().wait(0.1)


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.server.shutdown()
    found.server.server_close()


HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.127.127.127",
    "0", "0.0.0.0", "0x0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::80ff:fffe]", "[fe80::1]", "[fd00:ec2::254]", "[fc00::1]",
    "[ff02::1]", "localhost", "LOCALHOST", "localhost.", "ip6-localhost", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254",
    "192.168.0.1", "192.168.1.1", "169.254.169.254", "169.254.1.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "①②⑦.⓪.⓪.①", "127。0。0。1",
    "127.0.0.1.", "%31%32%37.0.0.1", "user@127.0.0.1", "user:word@localhost", "example.org@127.0.0.1", "127.0.0.1%00.example.org", "127.0.0.1%20",
]  # fmt: skip
WHOLE = [
    "file:///etc/passwd", "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_GET", "data:text/html,<p>text</p>", "javascript:alert(1)", "//127.0.0.1:{port}/",
    "127.0.0.1:{port}", "http:127.0.0.1:{port}", "http:/127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}\\", "http://example.org\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\r\nHost: example.org/", " http://127.0.0.1:{port}/", "http://127.0.0.1:{port}/#@example.org/", "http://127.0.0.1:{port}?@example.org/", "", "http://",
]  # fmt: skip


@pytest.mark.parametrize("trick", [*(f"http://{host}:{{port}}/page" for host in HOSTS), *WHOLE])
def test_no_trick_reaches_this_computer(trick: str, listener: Listener) -> None:
    with pytest.raises(Unreadable) as error:
        fetch(trick.format(port=listener.port))
    assert error.value.reason in ("url_blocked", "vanished") and listener.hits == 0


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "0.0.0.0", "10.0.0.1", "100.100.100.200", "169.254.169.254", "168.63.129.16", "192.0.0.192", "224.0.0.1", "240.0.0.1",
     "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::80ff:fffe",
     "fe80::1", "fd00:ec2::254", "ff02::1"],
)  # fmt: skip
def test_no_address_of_this_list_is_public(address: str) -> None:
    assert not fetching._is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "64:ff9b::5db8:d70e"])
def test_these_are_public(address: str) -> None:
    assert fetching._is_public(ipaddress.ip_address(address))


def answering(monkeypatch: pytest.MonkeyPatch, answers: dict[str, list[str]]) -> list[str]:
    """Let names of our own resolve to addresses of our choice, one after another; tells which names were looked up."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def lookup(host: str, port: int, *rest: object, **more: object) -> object:
        if host not in answers:
            return real(host, port, *rest, **more)  # type: ignore[arg-type]
        asked.append(host)
        told = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in told.split()]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


@pytest.mark.parametrize("told", ["127.0.0.1", "93.184.215.14 127.0.0.1", "10.1.2.3", "169.254.169.254"])
def test_no_name_leads_here(told: str, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, {"news.test": [told]})
    with pytest.raises(Unreadable) as error:
        fetch(f"http://news.test:{listener.port}/")
    assert error.value.reason == "url_blocked" and listener.hits == 0


def test_a_name_that_changes_its_address_is_looked_up_once(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer is public, every later one is this computer: only what was checked may be connected to."""
    asked = answering(monkeypatch, {"news.test": ["192.0.2.1", "127.0.0.1"]})
    monkeypatch.setattr(fetching, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(fetching, "_is_public", lambda address: str(address) != "127.0.0.1")
    with pytest.raises(Unreadable):
        fetch(f"http://news.test:{listener.port}/")
    assert asked == ["news.test"] and listener.hits == 0


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/",
        "file:///etc/passwd",
        "http://0xa9fea9fe/",
        "ftp://127.0.0.1/",
    ],
)
def test_no_redirect_leads_into_a_private_network(target: str, listener: Listener) -> None:
    with pytest.raises(Unreadable) as error:
        fetch(f"{listener.url}/to/{target}", allow_loopback=True)
    assert error.value.reason == "url_redirect_blocked"


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/large", "url_too_large"), ("/picture", "url_type"), ("/packed", "url_type"), ("/gone", "vanished"), ("/again", "url_redirect_blocked"),
     ("/secret", "permission_denied"), ("/ill", "url_timeout"), ("/drip", "url_timeout")],
)  # fmt: skip
def test_limits(path: str, reason: str, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 2.0 if path == "/drip" else 30.0)
    with pytest.raises(Unreadable) as error:
        fetch(listener.url + path, allow_loopback=True)
    assert error.value.reason == reason


def test_a_certificate_that_is_not_valid_is_an_error(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "1",
         "-subj", "/CN=localhost"], capture_output=True,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl is not here")
    listener = Listener()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener.server.socket = context.wrap_socket(listener.server.socket, server_side=True)
    with pytest.raises(Unreadable) as error:
        fetch(f"https://localhost:{listener.port}/", allow_loopback=True)
    listener.server.shutdown()
    assert error.value.reason == "url_blocked" and not listener.asked


@pytest.mark.model
def test_a_page_is_added_cited_and_added_again_without_doubling(
    articles: Path, tmp_path: Path, listener: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    from index import open_index
    from qa import ask

    options = ["--index", str(tmp_path / "i"), "--articles", str(articles), "--allow-loopback", "--json"]
    url = f"{listener.url}/news/the-weir.html"
    assert main(["add", url, *options]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 4
    citation = ask("how do salmon pass the weir?", index=open_index(tmp_path / "i")).citations[0]
    assert (citation.url, citation.title, citation.published) == (url, "The weir", "2020-05-01")
    assert "ladder of seven steps" in citation.quote and (articles / citation.article).read_bytes() == PAGE.encode()
    assert main(["add", url, *options]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["new"], report["unchanged"], report["duplicate"]) == (0, 4, 0)
    assert main(["add", f"http://10.0.0.1:{listener.port}/", *options]) == 2
    assert "url_blocked" in capsys.readouterr().err
