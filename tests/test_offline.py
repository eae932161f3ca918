"""No connection leaves this machine: every way of using the project runs where each outside connection is refused and told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

PROJECT = Path(__file__).resolve().parent.parent

# An audit hook sees every look-up and connection of the process, also those of libraries' own threads.
GUARD = """
import os, sys
def guard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        target = arguments[1][0] if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple) else arguments[0]
        if isinstance(arguments[1], (str, bytes)) and event in ("socket.connect", "socket.sendto"):
            return
        if str(target) not in ("127.0.0.1", "localhost", "::1", "None", "0.0.0.0"):
            with open(os.environ["TOLD"], "a") as told:
                told.write(f"{event} {target}\\n")
            raise ConnectionRefusedError(f"outside connection: {target}")
sys.addaudithook(guard)
"""


def run(tmp_path: Path, *command: str) -> str:
    (tmp_path / "guard").mkdir(exist_ok=True)
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    told = tmp_path / "told"
    settings = os.environ | {
        "PYTHONPATH": str(tmp_path / "guard"), "TOLD": str(told), "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }  # fmt: skip
    for name in ("CI", "HF_HUB_OFFLINE"):  # telemetry is silent under CI; the project itself must keep it silent
        settings.pop(name, None)
    done = subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=settings, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert not told.exists(), told.read_text()
    return done.stdout


def test_the_guard_tells(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="outside connection"):
        run(tmp_path, "-c", "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)")


def test_converting_building_and_asking_connect_to_nothing(tmp_path: Path) -> None:
    """From an empty cache, so that sentence-transformers, torch and the conversion run too."""
    into = str(tmp_path / "i")
    run(tmp_path, "-m", "index", "build", str(PROJECT / "seeds"), "--index", into)
    assert list((tmp_path / "cache" / "quoted").glob("*/openvino_model.xml"))
    assert "[1]" in run(tmp_path, "-m", "qa", "why did the September 2016 truce fail?", "--index", into)


def test_the_page_connects_to_nothing(tmp_path: Path, seeds_index_dir: Path) -> None:
    """The real app, asked one question over its own API; the guard sees the server's every connection."""
    script = f"""
import json, os, signal, subprocess, sys, urllib.request
app = subprocess.Popen([sys.executable, "app.py", "--index", {str(seeds_index_dir)!r}, "--port", "0"], stdout=subprocess.PIPE, text=True)
try:
    url = app.stdout.readline().strip()
    data = json.dumps({{"data": ["why did the September 2016 truce fail?", []]}}).encode()
    request = urllib.request.Request(url + "gradio_api/call/ask", data, {{"Content-Type": "application/json"}})
    event = json.load(urllib.request.urlopen(request))["event_id"]
    print(urllib.request.urlopen(url + "gradio_api/call/ask/" + event).read().decode())
finally:
    app.send_signal(signal.SIGINT)
    app.wait(20)
"""
    assert "bombed Syrian Army positions" in run(tmp_path, "-c", script)
