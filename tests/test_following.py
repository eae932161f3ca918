"""The running page follows its folder: the real app, asked over its own API while files change under it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from filelock import FileLock

from index import Report, build_index
from index.documents import Progress
from index.generation import generations
from index.lock import LOCK
from qa.web.wording import age

pytestmark = pytest.mark.model

PROJECT = Path(__file__).resolve().parent.parent
QUESTION = "What did the lighthouse keeper paint?"
PATIENCE = 60  # seconds, on a busy machine


@contextmanager
def page(index_dir: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "app.py", "--index", str(index_dir), "--port", "0", *options]
    told = (index_dir.parent / "told").open("w")
    with told, subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=told, text=True) as app:
        assert app.stdout is not None
        try:
            yield app, app.stdout.readline().strip()
        finally:
            if app.poll() is None:
                app.send_signal(signal.SIGINT)
            app.wait(120)


def ask(url: str) -> dict[str, object]:
    data = json.dumps({"data": [QUESTION, []]}).encode()
    request = urllib.request.Request(url + "gradio_api/call/ask", data, {"Content-Type": "application/json"})
    event = json.load(urllib.request.urlopen(request))["event_id"]
    reply = urllib.request.urlopen(f"{url}gradio_api/call/ask/{event}").read().decode()
    answer: list[dict[str, object]] = json.loads(reply.split("data: ", 1)[1].splitlines()[0])
    return answer[0]


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.2)


def watchers(index_dir: Path) -> list[int]:
    """The processes that watch for this index, as the system lists them."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"watch" in words and os.fsencode(index_dir) in words:
            found.append(int(entry.name))
    return found


def test_a_running_page_answers_from_a_file_that_came_later(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "i"
    build_index(articles, into)
    (articles / "before.txt").write_text("Before the start\n\nThe brewery was sold while nobody was looking.")
    with page(into) as (_, url):
        wait_for(lambda: ask(url)["generation"] == 2)  # the comparison at the start
        (articles / "late.txt").write_text("A lighthouse\n\nThe lighthouse keeper painted his tower red and white.")
        wait_for(lambda: "painted his tower red" in str(ask(url)["text"]))
        (articles / "late.txt").unlink()
        wait_for(lambda: "painted" not in str(ask(url)))
    wait_for(lambda: not watchers(into))


def test_a_watcher_goes_with_a_page_that_is_killed(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "i"
    build_index(articles, into)
    with page(into) as (app, _):
        wait_for(lambda: len(watchers(into)) == 1)
        app.kill()
        wait_for(lambda: not watchers(into))


def test_no_watch_leaves_the_index_alone(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "i"
    build_index(articles, into)
    with page(into, "--no-watch") as (_, url):
        (articles / "late.txt").write_text("A lighthouse\n\nThe lighthouse keeper painted his tower red and white.")
        time.sleep(3)
        assert ask(url)["generation"] == 1 and not watchers(into)
    assert generations(into) == [1]


def test_a_build_that_is_refused_is_told_on_the_terminal_and_made_up_for(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "i"
    build_index(articles, into)
    with page(into) as (_, url):
        wait_for(lambda: "Generation 1: " in (tmp_path / "told").read_text())
        with FileLock(into / LOCK):
            (articles / "late.txt").write_text("A lighthouse\n\nThe lighthouse keeper painted his tower red.")
            wait_for(lambda: "not built: Another process is building" in (tmp_path / "told").read_text())
        wait_for(lambda: ask(url)["generation"] == 2)


def test_a_folder_that_is_replaced_is_still_followed(articles: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "index", "watch", str(articles), "--index", str(tmp_path / "i"), "--json"]
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as watcher:
        assert watcher.stdout is not None
        assert json.loads(watcher.stdout.readline())["new"] == 3
        articles.rename(tmp_path / "taken-away")
        time.sleep(3)
        (tmp_path / "taken-away").rename(articles)
        (articles / "late.txt").write_text("Late news\n\nThe lighthouse was painted red.")
        assert json.loads(watcher.stdout.readline())["new"] == 1
        (articles / "later.txt").write_text("Later news\n\nThe lighthouse was painted white.")
        assert json.loads(watcher.stdout.readline())["new"] == 1
        watcher.send_signal(signal.SIGINT)


def test_a_change_between_build_and_watch_is_not_missed(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file comes after the first build has read the folder, and before anybody could begin to watch."""
    import index.watch

    def build_and_write(folder: Path, index_dir: Path, progress: Progress) -> Report:
        report = build_index(folder, index_dir, progress=progress)
        (articles / "late.txt").write_text("Late news\n\nThe lighthouse was painted red.")
        return report

    monkeypatch.setattr(index.watch, "build_index", build_and_write)
    monkeypatch.setattr(index.watch, "COMPARE_AGAIN", 3600)
    stop = threading.Event()
    reports = index.watch.watch(articles, tmp_path / "i", stop)
    giving_up = threading.Timer(PATIENCE, stop.set)
    giving_up.start()
    assert [report.new for report in islice(reports, 2) if isinstance(report, Report)] == [3, 1]
    giving_up.cancel()
    stop.set()


def test_ages_are_told_as_people_tell_them() -> None:
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    ages = [timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=59), timedelta(hours=25), timedelta(days=40)]
    told = [age((now - each).isoformat(timespec="seconds"), now) for each in ages]
    assert told == ["just now", "1 minute ago", "59 minutes ago", "1 day ago", "25 March 2026, 12:00 UTC"]
