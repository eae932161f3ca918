"""An index and its articles folder go in; they are kept in step by processes beside the page, and how far comes out."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from index.documents import COMPARING
from index.lock import builder
from index.places import is_same_folder
from index.terminal import Step, step_in
from qa.web.watching import LEAVE_AFTER, Comparison, Standing, Watcher, start_index

REFUSED = "is building this index"  # what a build says that finds another one at work
TRIES, WAIT = 10, 1  # how often a build is begun that finds another one at work, and seconds between
AGAIN = "Start the page again"  # where the index has become that of another folder
STOPPED = "Stopped. What answered before still answers, and the next build goes on from here."


@dataclass(frozen=True)
class Building:
    """A build that is under way: who builds, how far it is where that is known, and whether the page can stop it."""

    who: str
    step: Step | None = None
    is_ours: bool = False


class Rebuilder:
    """Runs `python -m index build` as a process of its own when asked to, one at a time."""

    def __init__(self, articles: Path, index_dir: Path, tell: Callable[[str], None]) -> None:
        self._command = ("build", str(articles.absolute()), "--index", str(index_dir.absolute()))
        self._tell = tell
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self.step: Step | None = None  # None: it does not run
        self.said = ""  # how the last one ended

    def start(self, ended: Callable[[], None]) -> bool:
        """Begin in the background, and call `ended` afterwards; False where one runs already."""
        with self._lock:
            if self.step is not None:
                return False
            self.step, self.said = Step("starting"), ""
            self._stopped.clear()
        threading.Thread(target=self._build, args=(ended,), daemon=True).start()
        return True

    def stop(self) -> None:
        """Interrupt the build; what it has embedded is kept for the next one."""
        with self._lock:
            self._stopped.set()
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()

    def close(self) -> None:
        """End the process with the page."""
        self.stop()
        process = self._process
        if process is not None:
            try:
                process.wait(LEAVE_AFTER)
            except subprocess.TimeoutExpired:
                process.kill()

    def _build(self, ended: Callable[[], None]) -> None:
        """Build; the watcher may hold the lock for the moment in which it compares, so wait a little for it."""
        said, tries = REFUSED, 0
        while REFUSED in said and tries < TRIES and not self._stopped.wait(tries and WAIT):
            said = self._run()
            tries += 1
        self.said = STOPPED if self._stopped.is_set() else said
        self.step = None
        ended()

    def _run(self) -> str:
        """Run the process and return how it says that it ended."""
        with self._lock:
            if self._stopped.is_set():
                return STOPPED
            self._process = process = start_index(*self._command)
        said = ""
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                step = step_in(line)
                if step is None:
                    self._tell(line.rstrip("\n"))
                    said = _said(line) or said
                elif step.doing:
                    self.step = step
        code = process.wait()
        return said or f"The build ended with exit code {code}; the terminal says more."


class Upkeep:
    """The watcher, the comparison and the rebuilder of one page."""

    def __init__(self, articles: Path, index_dir: Path, is_watching: bool, tell: Callable[[str], None]) -> None:
        self.articles = articles
        self.index_dir = index_dir
        self.is_watching = is_watching
        self._comparison = Comparison(index_dir)
        self._watcher = Watcher(articles, index_dir, tell)
        self._rebuilder = Rebuilder(articles, index_dir, tell)

    def start(self) -> None:
        """Begin in the background."""
        self._comparison.start()
        if self.is_watching:
            self._watcher.start()

    def close(self) -> None:
        """End all that runs."""
        self._comparison.stop()
        self._rebuilder.close()
        self._watcher.stop()

    def standing(self) -> Standing:
        """How the index stands, as far as is known."""
        found, trouble = self._comparison.found(), self._watcher.trouble
        if found.articles and not self.is_of(found.articles):
            return replace(found, trouble=f"the index is that of {found.articles} now. {AGAIN}")
        if self._rebuilder.step is not None and REFUSED in trouble:
            trouble = ""
        return replace(found, trouble=trouble or found.trouble)

    def is_of(self, articles: str) -> bool:
        """Whether an index of this folder is that which is kept up here: another folder may have taken it over."""
        return is_same_folder(articles, self.articles)

    def building(self) -> Building | None:
        """The build that is under way, whoever runs it."""
        if self._rebuilder.step is not None:
            return Building("This page", self._rebuilder.step, is_ours=True)
        step = self._watcher.step
        if step is not None:  # comparing is no building yet
            return Building("The watcher", step) if step.doing != COMPARING else None
        other = builder(self.index_dir).rstrip(",")
        return Building(other) if other and not self.is_watching else None

    def rebuild(self) -> bool:
        """Begin a build; False where one is under way."""
        return self.building() is None and self._rebuilder.start(self._comparison.look)

    def stop_rebuilding(self) -> None:
        """Stop a build that was begun here."""
        self._rebuilder.stop()

    def said(self) -> str:
        """How the last build that was begun here ended; "" where there was none."""
        return self._rebuilder.said

    def look(self) -> None:
        """The folder or the index has just been changed: compare them."""
        self._comparison.look()


@contextmanager
def keeping_up(articles: Path, index_dir: Path, is_watching: bool, tell: Callable[[str], None]) -> Iterator[Upkeep]:
    """Keep the index up to date while the page runs."""
    upkeep = Upkeep(articles, index_dir, is_watching, tell)
    upkeep.start()
    try:
        yield upkeep
    finally:
        upkeep.close()


def _said(line: str) -> str:
    """The words of a line that tell how a build ended; "" for any other line."""
    told = line.strip()
    if told.startswith("error: "):
        return told.removeprefix("error: ")
    return told if told.startswith("Generation ") else ""
