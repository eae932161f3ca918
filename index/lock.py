"""Two folders go in; the right to build the one's index in the other comes out, or why there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import BuildRefused

LOCK = "build.lock"
BUILDER = "build.by"


@contextmanager
def right_to_build(folder: Path, into: Path) -> Iterator[None]:
    """Hold the right to build the index `into` from `folder`. Raises BuildRefused where that cannot be."""
    if not folder.is_dir():
        raise BuildRefused(f"There is no folder {folder}. Name the folder that holds your articles.")
    if str(folder).encode("utf-8", "surrogateescape").decode("utf-8", "replace") != str(folder):
        raise BuildRefused("The name of the articles folder is not UTF-8. Rename the folder.")
    if into.resolve().is_relative_to(folder.resolve()):
        raise BuildRefused(f"The index {into} must not stand inside the articles folder. Name another with --index.")
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BuildRefused(f"The index folder {into} cannot be made: {error.strerror}.") from error
    with _lock(into):
        yield


@contextmanager
def refusing_a_full_disk(into: Path) -> Iterator[None]:
    """Turn what a full, read-only or broken disk raises into BuildRefused."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        lost = "What answered before is not lost."
        raise BuildRefused(f"The index in {into} could not be written: {why}. {lost}") from error


@contextmanager
def _lock(index_dir: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when a builder dies. Raises BuildRefused naming the other builder."""
    lock = FileLock(index_dir / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BuildRefused(f"{_other(index_dir)} is building this index. Try again when it is done.") from error
    try:
        now = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
        (index_dir / BUILDER).write_text(f"Process {os.getpid()}, since {now},")
        yield
    finally:
        with suppress(OSError):  # it only names the builder: whether there is one, the lock tells
            (index_dir / BUILDER).unlink()
        lock.release()


def builder(index_dir: Path) -> str:
    """Who says to be building the index ("Process 42, since 10:15:00,"), without touching the lock; "" where nobody
    does, or the process is no more."""
    try:
        told = (index_dir / BUILDER).read_text()
    except OSError:
        return ""
    number = told.removeprefix("Process ").partition(",")[0]
    return told if not number.isdecimal() or _is_alive(int(number)) else ""


def _is_alive(process: int) -> bool:
    if os.name != "posix":  # elsewhere asking in this way would end the process
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it is another user's
        return True
    return True


def _other(index_dir: Path) -> str:
    try:
        return (index_dir / BUILDER).read_text() or "Another process"
    except OSError:
        return "Another process"
