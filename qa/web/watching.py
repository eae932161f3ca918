"""An index goes in; it is kept up to date in the background, and how it stands to the articles folder comes out."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import QuotedError
from index.inspection import status
from index.report import Change
from index.terminal import NOT_BUILT, Step, step_in

PROJECT = Path(__file__).resolve().parent.parent.parent
LEAVE_AFTER = 5  # seconds that the watcher gets to stop in
START_AGAIN = 30  # seconds after which a watcher that ended is started again
COMPARE_EVERY = 10  # seconds; or 20 times as long as comparing took, whichever is longer


@dataclass(frozen=True)
class Standing:
    """How the generation of this number stands: files changed since, and what keeps it from being up to date, or "".

    `articles` is the folder that it was built from;
    `stale` names the files that have changed; `waits_for` is what an answer waits for, "" for nothing.
    """

    generation: int = 0
    changed: int = 0
    trouble: str = ""
    stale: tuple[Change, ...] = ()
    waits_for: str = ""
    articles: str = ""


def start_index(*arguments: str) -> subprocess.Popen[str]:
    """Start `python -m index …` as a process that goes when this one goes; what it says comes through one pipe."""
    return subprocess.Popen(
        [sys.executable, "-m", "index", *arguments, "--until-eof", "--progress", "json"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C on the terminal is for this process alone
        encoding="utf-8",
        errors="replace",
    )


class Watcher:
    """Runs `python -m index watch` as a process of its own, so that building never holds up an answer.

    The process stops when its standard input ends, so it goes with this one, even where this one is killed.
    """

    def __init__(self, articles: Path, index_dir: Path, tell: Callable[[str], None]) -> None:
        self._command = ("watch", str(articles.absolute()), "--index", str(index_dir.absolute()))
        self._tell = tell
        self._stopped = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self.trouble = ""
        self.step: Step | None = None  # how far the build is that it is in the middle of

    def start(self) -> None:
        """Begin in the background."""
        threading.Thread(target=self._keep_running, daemon=True).start()

    def stop(self) -> None:
        """End the process; a build that it is in the middle of costs nothing."""
        self._stopped.set()
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            process.wait(LEAVE_AFTER)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _keep_running(self) -> None:
        while not self._stopped.is_set():
            code = self._run()
            if not self._stopped.is_set():
                self.trouble = self.trouble or f"the watcher ended with exit code {code}; the terminal says more"
                self._stopped.wait(START_AGAIN)

    def _run(self) -> int:
        self._process = start_index(*self._command)
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._hear(line.rstrip("\n"))
        self.step = None
        return self._process.wait()

    def _hear(self, line: str) -> None:
        step = step_in(line)
        if step is not None:
            self.step = step if step.doing else None
            return
        if line.startswith(NOT_BUILT):
            self.trouble = line.removeprefix(NOT_BUILT)
        elif line.startswith("error: "):
            self.trouble = line.removeprefix("error: ")
        elif line.startswith("Generation "):
            self.trouble = ""
        if not self._stopped.is_set():
            self._tell(line)


class Comparison:
    """Compares the folder with the index again and again, by content, in a thread of its own."""

    def __init__(self, index_dir: Path) -> None:
        self._index_dir = index_dir
        self._stopped = threading.Event()
        self._asked = threading.Event()
        self._found = Standing()

    def start(self) -> None:
        """Begin in the background."""
        threading.Thread(target=self._keep_comparing, daemon=True).start()

    def stop(self) -> None:
        """Compare no more."""
        self._stopped.set()
        self._asked.set()

    def look(self) -> None:
        """Compare at once: the folder or the index has just been changed."""
        self._asked.set()

    def found(self) -> Standing:
        """What the last comparison found."""
        return self._found

    def _keep_comparing(self) -> None:
        while not self._stopped.is_set():
            started = time.monotonic()
            try:
                found = status(self._index_dir)
                self._found = Standing(found.generation, len(found.stale), stale=found.stale, articles=found.articles)
            except (QuotedError, OSError) as error:
                self._found = Standing(trouble=str(error))
            took = time.monotonic() - started
            self._asked.wait(max(COMPARE_EVERY, 20 * took))
            self._asked.clear()
