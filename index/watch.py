"""An articles folder goes in; a report of each build comes out as the folder changes, until the watcher is stopped."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import watchfiles

from index.build import build_index
from index.documents import Progress
from index.errors import BuildRefused, QuotedError
from index.report import Report

SETTLE_MS = 500  # changes that come closer together than this are indexed by one build
LOOK_MS = 1000  # between two looks at the clock
# Some disks tell of no changes, so the whole folder is compared again at least this often: seconds, or 20 times as long
# as the comparison took, whichever is longer. What was refused is tried sooner.
COMPARE_AGAIN, TRY_AGAIN = 60, 5
GIVE_WAY = 10  # how much a watcher lowers its priority: questions come first


def watch(
    articles: Path,
    index_dir: Path,
    stop: threading.Event | None = None,
    progress: Progress = lambda doing, done, of: None,
) -> Iterator[Report | QuotedError]:
    """Build once, then after every change below `articles`, until `stop` is set.

    When a build has ended, `progress` is told that "" is being done.

    A build that was refused (another builder, an emptied folder) is yielded as its error and tried again. A comparison
    that finds nothing new is not told of.
    """
    if not articles.is_dir():
        raise BuildRefused(f"There is no folder {articles}. Name the folder that holds your articles.")
    told: object = None
    due = 0.0
    for may_have_changed in _looks(articles, stop or threading.Event()):
        started = time.monotonic()
        if may_have_changed or started >= due:
            found = _build(articles, index_dir, progress)
            ended = time.monotonic()
            wait = COMPARE_AGAIN if isinstance(found, Report) else TRY_AGAIN
            due = ended + max(wait, 20 * (ended - started))
            if _news(found) != told:
                told = _news(found)
                yield found


def give_way() -> None:
    """Lower this process's priority, once."""
    if hasattr(os, "nice"):
        os.nice(max(0, GIVE_WAY - os.nice(0)))


def stop_with_parent() -> None:
    """Interrupt this process when its standard input ends, as it does where the program that started it is killed."""

    # A page that was started in the background ignores it, and hands that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def wait() -> None:
        # Not through sys.stdin, whose lock Python cannot get at its end while this thread waits: it would abort.
        while os.read(sys.stdin.fileno(), 1):
            pass
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=wait, daemon=True).start()


def _looks(articles: Path, stop: threading.Event) -> Iterator[bool]:
    """Yield about once a second whether the folder may have changed; at first it may, once changes are being noted."""
    while not stop.is_set():
        watched = _identity(articles)
        new = True
        for changed in _changes(articles, stop):
            yield new or changed
            new = False
            if _identity(articles) != watched:  # another folder stands there, or none: what is watched is not it
                stop.wait(LOOK_MS / 1000)
                break


def _changes(articles: Path, stop: threading.Event) -> Iterator[bool]:
    try:
        for changes in watchfiles.watch(
            articles,
            debounce=SETTLE_MS,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=True,
            ignore_permission_denied=True,
        ):
            yield bool(changes)
    except (OSError, RuntimeError) as error:  # too many folders for the system, or the folder is gone
        if articles.is_dir():
            warnings.warn(f"{articles} cannot be watched, so it is compared every minute ({error}).", stacklevel=2)
        while not stop.wait(LOOK_MS / 1000):
            yield False


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _build(articles: Path, index_dir: Path, progress: Progress) -> Report | QuotedError:
    try:
        return build_index(articles, index_dir, progress=progress)
    except QuotedError as error:
        return error
    finally:
        progress("", 0, 0)


def _news(found: Report | QuotedError) -> object:
    return found.generation if isinstance(found, Report) else str(found)
