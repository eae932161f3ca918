"""Builds beside the page: how far they are is told to programs, they wait for one another, and they can be stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from index import build_index
from index.lock import BUILDER, LOCK, builder, right_to_build
from index.terminal import Step, step_in
from qa.web.upkeep import AGAIN, STOPPED, Upkeep

PROJECT = Path(__file__).resolve().parent.parent


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


@pytest.mark.model
def test_a_build_tells_programs_how_far_it_is(articles: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "index", "build", str(articles), "--index", str(tmp_path / "i"), "--json"]
    done = subprocess.run([*command, "--progress", "json"], cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and json.loads(done.stdout)["new"] == 3
    told = [step for line in done.stderr.splitlines() if (step := step_in(line))]
    assert len(told) == len(done.stderr.splitlines())
    assert ("documents read and embedded", 3, 3) in [(each.doing, each.done, each.of) for each in told]
    assert told[-1] == Step("", 0, 0, 0.0)


def test_who_builds_is_known_without_touching_the_lock(articles: Path, tmp_path: Path) -> None:
    assert builder(tmp_path / "i") == ""
    with right_to_build(articles, tmp_path / "i"):
        assert builder(tmp_path / "i").startswith(f"Process {os.getpid()}, since ")
    assert builder(tmp_path / "i") == ""
    (tmp_path / "i" / BUILDER).write_text("Process 999999999999, since 10:00:00,")  # it was killed
    assert builder(tmp_path / "i") == ""


@pytest.mark.model
def test_a_rebuild_waits_for_another_builder(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    (articles / "late.txt").write_text("A lighthouse\n\nThe keeper painted his tower red.")
    heard: list[str] = []
    upkeep = Upkeep(articles, tmp_path / "i", False, heard.append)
    with FileLock(tmp_path / "i" / LOCK):
        assert upkeep.rebuild() and not upkeep.rebuild()
        wait_for(lambda: heard)
        assert "is building this index" in heard[0] and upkeep.building() is not None
    wait_for(lambda: upkeep.building() is None)
    assert upkeep.said().startswith("Generation 2: 1 new")
    upkeep.close()


@pytest.mark.model
def test_an_index_that_another_folder_took_over_is_told(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    other = tmp_path / "other"
    other.mkdir()
    (other / "late.txt").write_text("A lighthouse\n\nThe keeper painted his tower red.")
    upkeep = Upkeep(articles, tmp_path / "i", False, lambda line: None)
    upkeep.start()
    wait_for(lambda: upkeep.standing().generation == 1)
    assert upkeep.standing().trouble == ""
    with pytest.warns(UserWarning, match="was the index of"):
        build_index(other, tmp_path / "i", replace=True)
    upkeep.look()
    wait_for(lambda: upkeep.standing().generation == 2)
    assert upkeep.standing().trouble == f"the index is that of {other} now. {AGAIN}"
    upkeep.close()


@pytest.mark.model
def test_a_rebuild_that_is_stopped_says_so_and_goes_with_the_page(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    for number in range(500):
        (articles / f"{number}.txt").write_text(f"Note {number}\n\nThe clerk filed report {number} of the mill.")
    upkeep = Upkeep(articles, tmp_path / "i", False, lambda line: None)
    assert upkeep.rebuild()
    wait_for(lambda: (building := upkeep.building()) and building.step and building.step.of)
    upkeep.stop_rebuilding()
    wait_for(lambda: upkeep.building() is None)
    assert upkeep.said() == STOPPED
    assert upkeep.rebuild()
    wait_for(lambda: (building := upkeep.building()) and building.step and building.step.of)
    upkeep.close()
    wait_for(lambda: upkeep.building() is None)
    assert build_index(articles, tmp_path / "i").new == 500  # nothing was published, and nobody holds the lock


@pytest.mark.model
def test_a_watcher_goes_with_a_page_that_was_started_in_the_background(articles: Path, tmp_path: Path) -> None:
    code = "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); runpy.run_module('index', run_name='__main__')"
    command = [sys.executable, "-c", code, "watch", str(articles), "--index", str(tmp_path / "i"), "--until-eof"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as watcher:
        assert watcher.stdout is not None and "3 new" in watcher.stdout.readline()
        assert watcher.stdin is not None
        watcher.stdin.close()
        try:
            watcher.wait(120)
        finally:
            watcher.kill()


def test_a_process_that_goes_with_its_parent_ends_by_itself_without_a_word() -> None:
    """It ended with “Fatal Python error: could not acquire lock” while a thread still waited for its standard input."""
    code = "import time; from index.watch import stop_with_parent; stop_with_parent(); time.sleep(0.3)"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait()) == (b"", 0)
