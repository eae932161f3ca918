"""Who is served and what is given out: requests as an attacker would write them, byte for byte, to the real page."""

from __future__ import annotations

import argparse
import socket
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

import app
from qa.web.gate import names_a_file, policy
from qa.web.guard import LARGEST_BODY, Guard, client_of, refusal, rules_for
from qa.web.password import TRIES, WHILE, Password
from tests.conftest import Served
from tests.page_running import PROJECT, running

INFO = "/gradio_api/info"
CALL = "/gradio_api/call/status"
SEED = "/file/no-talks-before-aleppo-falls.md"
EMPTY = '{"data": []}'
FILE = '{"data": [{"path": "%s", "meta": {"_type": "gradio.FileData"}}]}'

HOSTS = [
    (["Host: 127.0.0.1:{port}"], 200),
    (["Host: localhost:{port}"], 200),
    (["Host: LocalHost"], 200),
    (["Host: [::1]:{port}"], 200),
    (["Host: 127.0.0.1:{port}", "X-Forwarded-Host: localhost"], 200),
    (["Host: evil.test"], 400),
    (["Host: evil.test:{port}"], 400),
    (["Host: 127.0.0.1.evil.test"], 400),
    (["Host: localhost.evil.test"], 400),
    (["Host: localhost@evil.test"], 400),
    (["Host: evil.test@localhost"], 400),
    (["Host: localhost:80:80"], 400),
    (["Host: localhost:evil"], 400),
    (["Host: localhost/evil"], 400),
    (["Host: localhost."], 400),
    (["Host: [::1"], 400),
    (["Host: 0.0.0.0:{port}"], 400),
    (["Host: 127.1"], 400),
    (["Host: 2130706433"], 400),
    (["Host: 192.168.1.5"], 400),
    (["Host: "], 400),
    ([], 400),
    (["Host: 127.0.0.1", "Host: evil.test"], 400),
    (["Host: evil.test", "Host: 127.0.0.1"], 400),
    (["Host: 127.0.0.1", "X-Forwarded-Host: evil.test"], 400),
]
ORIGINS = [
    ("POST", CALL, [], 200),
    ("POST", CALL, ["Origin: http://127.0.0.1:{port}"], 200),
    ("POST", CALL, ["Origin: http://127.0.0.1:{port}", "Sec-Fetch-Site: same-origin"], 200),
    ("POST", CALL, ["Origin: http://evil.test"], 403),
    ("POST", CALL, ["Origin: http://evil.test:{port}"], 403),
    ("POST", CALL, ["Origin: null"], 403),
    ("POST", CALL, ["Origin: http://localhost:{port}"], 403),
    ("POST", CALL, ["Origin: http://127.0.0.1:1"], 403),
    ("POST", CALL, ["Origin: http://127.0.0.1"], 403),
    ("POST", CALL, ["Origin: file://127.0.0.1:{port}"], 403),
    ("POST", CALL, ["Origin: http://127.0.0.1:{port}", "Origin: http://evil.test"], 403),
    ("POST", CALL, ["Sec-Fetch-Site: cross-site"], 403),
    ("POST", CALL, ["Sec-Fetch-Site: same-site"], 403),
    ("POST", CALL, ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"], 403),
    ("POST", "/gradio_api/queue/join", ["Origin: http://evil.test"], 403),
    ("POST", "/gradio_api/run/predict", ["Origin: null"], 403),
    ("POST", "/gradio_api/cancel", ["Origin: http://evil.test"], 403),
    ("GET", "/gradio_api/queue/data?session_hash=x", ["Origin: http://evil.test"], 403),
    ("GET", "/gradio_api/queue/data?session_hash=x", ["Sec-Fetch-Site: cross-site"], 403),
    ("GET", "/gradio_api/app_id", [], 200),  # a page whose server was gone asks whether it is back
    ("GET", "/gradio_api/heartbeat/x", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"], 403),
    ("GET", "/", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"], 403),
    ("GET", SEED, ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: image"], 403),
    ("GET", INFO, ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"], 200),
    ("GET", INFO, ["Sec-Fetch-Site: none"], 200),
    ("OPTIONS", CALL, ["Origin: http://evil.test", "Access-Control-Request-Method: POST"], 403),
]
DOORS = [
    ("GET", SEED, 200),
    ("HEAD", SEED, 200),
    ("POST", SEED, 404),
    ("GET", "/file/changed.txt", 410),
    ("GET", "/file/gone.txt", 410),
    ("GET", "/file/out.txt", 404),
    ("GET", "/file/empty.txt", 404),
    ("GET", "/file/.hidden.md", 404),
    ("GET", "/file/README.md", 404),
    ("GET", "/file/articles.toml", 404),
    ("GET", "/file/../secret.txt", 404),
    ("GET", "/file/..%2fsecret.txt", 404),
    ("GET", "/file/%2e%2e/secret.txt", 404),
    ("GET", "/file//etc/passwd", 404),
    ("GET", "/file/%2fetc%2fpasswd", 404),
    ("GET", "/file/no-talks-before-aleppo-falls.md%00.txt", 404),
    ("GET", "/file/%ff%fe", 404),
    ("GET", "/file/", 404),
    ("GET", "/gradio_api/file={articles}/no-talks-before-aleppo-falls.md", 404),
    ("GET", "/gradio_api/file=/etc/passwd", 404),
    ("GET", "/gradio_api%2ffile=/etc/passwd", 404),
    ("GET", "/gradio_api/file/etc/passwd", 404),
    ("GET", "//gradio_api/file=/etc/passwd", 404),
    ("GET", "/file=/etc/passwd", 404),
    ("GET", "/static/../../../../../etc/passwd", 404),
    ("GET", "/assets/..%2f..%2f..%2fetc%2fpasswd", 404),
    ("GET", "/custom_component/x/client/component/../../etc/passwd", 404),
    ("GET", "/gradio_api/proxy=https://evil.hf.space/", 404),
    ("GET", "/proxy=https://evil.hf.space/", 404),
    ("GET", "/gradio_api/deep_link?session_hash=x", 404),
    ("GET", "/gradio_api/stream/x/y/z/playlist-file", 404),
    ("GET", "/gradio_api/upload_progress?upload_id=x", 404),
    ("GET", "/gradio_api/openapi.json", 404),
    ("GET", "/gradio_api/runs", 404),
    ("GET", "/gradio_api/vibe-code", 404),
    ("GET", "/gradio_api/dev/reload", 404),
    ("GET", "/gradio_api/mcp/", 404),
    ("GET", "/monitoring", 404),
    ("GET", "/docs", 404),
    ("GET", "/login_check", 404),
    ("POST", "/gradio_api/upload", 404),
    ("POST", "/gradio_api/component_server", 404),
    ("POST", "/gradio_api/process_recording", 404),
    ("POST", "/gradio_api/run/ask", 404),
    ("POST", "/gradio_api/api/ask", 404),
    ("POST", "/gradio_api/call/answer", 404),
    ("POST", "/gradio_api/call/lambda", 404),
    ("POST", "/gradio_api/call/v2/answer", 404),
    ("POST", "/login", 404),
    ("PUT", CALL, 404),
    ("DELETE", SEED, 411),
]
BODIES = [
    ([], EMPTY, 200),
    (["Transfer-Encoding: chunked"], "0\r\n\r\n", 411),
    (["Content-Length: -1"], "", 400),
    (["Content-Length: 1e3"], "", 400),
    (["Content-Length: 999999999"], "", 413),
    ([f"Content-Length: {LARGEST_BODY + 1}"], "", 413),
    ([], "no json", 400),
    ([], "[" * 100_000, 400),
    ([], "[]", 400),
    ([], '{"data": {}}', 400),
    ([], FILE % "/etc/passwd", 400),
    ([], FILE % "http://127.0.0.1:{port}/", 400),
    ([], (FILE % "x").replace("meta", "m\\u0065ta"), 400),
    ([], '{"data": [1]}', 400),
]
# Options, and what is said against them; nothing is, where the page would start.
BINDINGS = [
    (["--host", "127.0.0.1"], ""),
    (["--host", "::1"], ""),
    (["--host", "localhost"], ""),
    (["--host", "127.0.0.7"], ""),
    (["--host", "0.0.0.0"], "--open-to-all"),
    (["--host", "::"], "--auth"),
    (["--host", ""], "--auth"),
    (["--host", "0"], "--auth"),
    (["--host", "192.168.1.5"], "--auth"),
    (["--host", "localhost.evil.test"], "--auth"),
    (["--host", "0.0.0.0", "--auth", "ann:secret"], ""),
    (["--host", "0.0.0.0", "--open-to-all"], ""),
    (["--host", "0.0.0.0", "--auth", "ann"], "USER:PASSWORD"),
    (["--auth", ":secret"], "USER:PASSWORD"),
    (["--auth", "ann:"], "USER:PASSWORD"),
]


def test_there_are_enough_cases() -> None:
    assert len(HOSTS) + len(ORIGINS) + len(DOORS) + len(BODIES) + len(BINDINGS) >= 60


@pytest.mark.model
@pytest.mark.parametrize(("lines", "status"), HOSTS)
def test_only_own_names_are_served(served: Served, lines: list[str], status: int) -> None:
    assert send(served, "GET", INFO, lines)[0] == status


@pytest.mark.model
@pytest.mark.parametrize(("method", "path", "lines", "status"), ORIGINS)
def test_other_sites_may_link_here_and_no_more(
    served: Served, method: str, path: str, lines: list[str], status: int
) -> None:
    body = EMPTY if method == "POST" else ""
    code, headers, _ = send(served, method, path, ["Host: 127.0.0.1:{port}", *lines], body)
    assert code == status
    assert "access-control-allow-origin" not in headers


@pytest.mark.model
@pytest.mark.parametrize(("method", "path", "status"), DOORS)
def test_only_what_is_needed_is_open(served: Served, method: str, path: str, status: int) -> None:
    body = EMPTY if method in ("POST", "PUT") else ""
    code, headers, text = send(served, method, path, ["Host: 127.0.0.1:{port}"], body)
    assert code == status
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert not any(secret in text for secret in ("root:", "secret words", "hidden note", "Traceback"))


@pytest.mark.model
@pytest.mark.parametrize(("lines", "body", "status"), BODIES)
def test_what_is_sent_is_bounded_and_names_no_file(served: Served, lines: list[str], body: str, status: int) -> None:
    code, _, text = send(served, "POST", CALL, ["Host: 127.0.0.1:{port}", *lines], body)
    assert code == status
    assert "Traceback" not in text


@pytest.mark.parametrize(("options", "said"), BINDINGS)
def test_another_address_needs_a_password_or_a_plain_word(options: list[str], said: str) -> None:
    given: argparse.Namespace = app._parser().parse_args(options)
    if not said:
        return app._check(given)
    with pytest.raises(app.NotStarted, match=said) as refused:
        app._check(given)
    assert refused.value.code == 2


def test_a_folder_without_an_index_is_told_how_to_get_one(tmp_path: Path) -> None:
    options = app._parser().parse_args([str(tmp_path / "my articles"), "--index", str(tmp_path / "none")])
    with pytest.raises(app.NotStarted) as refused:
        app._opened(options)
    command = f"python -m index build '{tmp_path / 'my articles'}' --index {tmp_path / 'none'}"
    assert refused.value.code == 3 and str(refused.value).endswith(command)


@pytest.mark.model
def test_a_file_comes_byte_for_byte_and_cannot_run_here(served: Served) -> None:
    code, headers, _ = send(served, "GET", SEED, ["Host: localhost"])
    with urllib.request.urlopen(served.address.rstrip("/") + SEED) as reply:
        assert reply.read() == (PROJECT / "seeds" / "no-talks-before-aleppo-falls.md").read_bytes()
    assert code == 200
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''no-talks-before-aleppo-falls.md"
    assert headers["content-security-policy"].startswith("sandbox")
    assert headers["content-type"] == "application/octet-stream"


@pytest.mark.model
def test_the_page_runs_its_own_scripts_only(served: Served) -> None:
    _, headers, page = send(served, "GET", "/", ["Host: localhost", "Accept-Encoding: gzip, br"])
    script_rule = headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
    assert "unsafe-inline" not in script_rule and "http" not in script_rule and "*" not in script_rule
    assert page.count("<script") > script_rule.count("sha256-") >= 2  # one comes from a file
    assert headers["content-security-policy"] == policy(page)


def test_a_listening_page_knows_its_names() -> None:
    for listening, host, served_there in (
        ("0.0.0.0", "192.168.1.5:7860", True),
        ("0.0.0.0", "evil.test", False),
        ("0.0.0.0", "answers.test", True),
        ("10.0.0.7", "10.0.0.7", True),
        ("10.0.0.7", "10.0.0.8", False),
        ("127.0.0.1", "Answers.test:443", True),
    ):
        rules = rules_for(listening, "", ["answers.test"])
        assert (refusal(rules, "GET", Headers({"host": host})) is None) == served_there


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"data": ["path", "meta"]}, False),
        ({"path": "x"}, False),
        ({"data": [[{"path": "x", "meta": {}}]]}, True),
        ({"event_data": {"a": {"path": 1, "meta": 2}}}, True),
    ],
)
def test_a_file_is_found_wherever_it_is_named(value: object, named: bool) -> None:
    assert names_a_file(value) is named


def test_a_password_cannot_be_found_by_trying() -> None:
    now = [0.0]
    password = Password("ann:pass:word", lambda: now[0])
    right, wrong = "Basic YW5uOnBhc3M6d29yZA==", "Basic YW5uOm5v"
    assert password.refusal(right, "1.1.1.1") is None
    assert password.refusal(right.replace("Basic", "bAsIc"), "1.1.1.1") is None
    assert _status(password, "", "1.1.1.1") == 401  # a browser's first request: no try
    tried = [_status(password, wrong, "1.1.1.1") for _ in range(TRIES + 5)]
    assert tried == [401] * TRIES + [429] * 5
    assert _status(password, right, "1.1.1.1") == 429  # right or wrong: nobody may tell
    assert _status(password, right, "2.2.2.2") == 200
    now[0] = WHILE + 1
    assert _status(password, right, "1.1.1.1") == 200


def test_an_ipv6_customer_is_one_address() -> None:
    password = Password("ann:word", lambda: 0.0)
    tried = [_status(password, "Basic é", f"2001:db8::{number}") for number in range(TRIES + 1)]
    assert tried[-1] == 429 and set(tried[:-1]) == {401}
    assert _status(password, "Basic x", "2001:db8:0:1::1") == 401


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("::1", ["10.0.0.1, 203.0.113.9"], "203.0.113.9"),  # the first was sent by the client
        ("127.0.0.1", ["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("127.0.0.1", ["x" * 9999], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9,"], "127.0.0.1"),
        ("192.0.2.4", ["203.0.113.9"], "192.0.2.4"),  # no proxy of ours
        ("", ["203.0.113.9"], ""),
    ],
)
def test_behind_a_proxy_of_this_machine_the_address_that_it_saw_counts(
    peer: str, forwarded: list[str], counted: str
) -> None:
    headers = Headers(raw=[(b"x-forwarded-for", each.encode()) for each in forwarded])
    assert client_of(peer, headers) == counted


def test_wrong_passwords_of_one_outsider_lock_out_nobody_else_behind_a_proxy() -> None:
    client = TestClient(Guard(PlainTextResponse("in"), rules_for("127.0.0.1", "ann:word")), client=("127.0.0.1", 5))

    def status(password: str, forwarded: str) -> int:
        return client.get(
            "/", auth=("ann", password), headers={"host": "localhost", "x-forwarded-for": forwarded}
        ).status_code

    assert [status("no", f"10.0.0.{number}, 203.0.113.9") for number in range(TRIES + 1)] == [401] * TRIES + [429]
    assert status("word", "203.0.113.9") == 429
    assert status("word", "198.51.100.7") == 200


@pytest.mark.model
def test_secrets_stay_out_of_the_log(tmp_path: Path) -> None:
    """Also of the most talkative level, which would print headers."""
    with (tmp_path / "log").open("w+") as log:
        with running(
            PROJECT / "seeds", tmp_path / "i", "--no-watch", "--auth", "ann:swordfish", log=log, level="trace"
        ) as address:
            port = int(address.rstrip("/").rpartition(":")[2])
            secrets = ["Authorization: Basic YW5uOnN3b3JkZmlzaA==", "Cookie: owner=cookiesecret"]
            for lines, status in ((secrets, 200), (["Authorization: Basic YW5uOndyb25ncGFzcw=="], 401), ([], 401)):
                for path in ("/", INFO):
                    assert send(port, "GET", path, ["Host: localhost", *lines])[0] == status
            assert send(port, "POST", CALL, ["Host: localhost", *secrets], "broken")[0] == 400
        log.seek(0)
        said = log.read()
    assert "Preparing the page" in said
    for secret in ("swordfish", "YW5u", "wrongpass", "cookiesecret"):
        assert secret not in said


def _status(password: Password, header: str, client: str) -> int:
    refused = password.refusal(header, client)
    return refused.status_code if refused else 200


def send(to: Served | int, method: str, path: str, lines: list[str], body: str = "") -> tuple[int, dict[str, str], str]:
    """Send a request as it stands, without a library that would mend it; returns status, headers and text."""
    port = to if isinstance(to, int) else to.port
    body = body.replace("{port}", str(port))
    if body and not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
        lines = [*lines, f"Content-Length: {len(body)}", "Content-Type: application/json"]
    if isinstance(to, Served):
        path = path.replace("{articles}", urllib.parse.quote(str(to.articles)))
    head = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""])
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall((head + body).replace("{port}", str(port)).encode("latin-1"))
        reply = b"".join(_pieces(connection)).decode("utf-8", "replace")
    start, _, text = reply.partition("\r\n\r\n")
    first, *rest = start.split("\r\n")
    return (
        int(first.split()[1]),
        {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)},
        text,
    )


def _pieces(connection: socket.socket) -> Iterator[bytes]:
    while piece := connection.recv(65536):
        yield piece
