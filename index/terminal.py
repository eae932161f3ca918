"""A command's work goes in, its exit code comes out; results go to standard output, all else to standard error."""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import Any, TextIO

from tqdm import tqdm

from index.errors import IndexDamaged, IndexMismatch, IndexMissing, QuotedError

DONE, SOME_FAILED, NOTHING_DONE, NO_INDEX, INTERRUPTED = 0, 1, 2, 3, 130

TELL_EVERY = 0.2  # seconds between two lines about the same step
NOT_BUILT = "not built: "  # begins the line in which a watcher tells that a build was refused


def run(work: Callable[[], int]) -> int:
    """Run a command; what goes wrong on purpose becomes one line and an exit code, never a traceback."""
    warnings.showwarning = _show_warning
    # What was closed (">&-") has no stream at all, and what is said goes nowhere.
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return work()
    except (IndexMissing, IndexDamaged, IndexMismatch) as error:
        return _fail(error, NO_INDEX)
    except QuotedError as error:
        return _fail(error, NOTHING_DONE)
    except BrokenPipeError:  # the reader of our output, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        return _fail(f"The result could not be written: {error.strerror or error}.", NOTHING_DONE)
    except KeyboardInterrupt:
        return _fail("Interrupted; nothing that answered is lost.", INTERRUPTED)


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - it lives as long as the process


def say(line: str) -> None:
    """Write a line of the result."""
    sys.stdout.write(printable(f"{line}\n"))
    sys.stdout.flush()


def say_pieces(pieces: Iterable[str]) -> None:
    """Write a result that is too long to stand in memory."""
    for piece in pieces:
        sys.stdout.write(printable(piece))
    sys.stdout.flush()


def note(line: str) -> None:
    """Write a line that is not the result."""
    sys.stderr.write(printable(f"{line}\n"))


def printable(text: str) -> str:
    """Return a text that every terminal and pipe can take: control characters of articles never reach a terminal."""
    return "\n".join(line if line.isprintable() else _shown(line) for line in text.split("\n"))


def _shown(line: str) -> str:
    shown = "".join(char if char == "\t" or char.isprintable() else "\ufffd" for char in line)
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")


def json_line(value: object, indent: int | None = None) -> str:
    """Return a dataclass, or what is made of them, as JSON; what no terminal may see stands there as \\uXXXX."""
    text = json.dumps(value, default=_fields, ensure_ascii=False, indent=indent)
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)


def age(moment: str, now: datetime) -> str:
    """How long before `now`, a moment in UTC, an ISO moment was: "just now", "1 minute ago", "40 days ago"."""
    seconds = (now - datetime.fromisoformat(moment)).total_seconds()
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "just now"


class ProgressBar:
    """Shows how far a build is, one bar for each thing done, on standard error."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._doing = ""

    def __call__(self, doing: str, done: int, of: int) -> None:
        """Show that `done` of `of` are done (0: not known)."""
        if not done and not of:  # something that cannot be counted
            tqdm.write(printable(f"{doing} …"), file=sys.stderr)  # above the bar, not in it
            return
        if self._bar is None or self._doing != doing:
            self.close()
            self._doing = doing
            self._bar = tqdm(desc=doing, total=of or None, file=sys.stderr, mininterval=0.5, leave=True, unit=" ")
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the bar that is shown."""
        if self._bar is not None:
            self._bar.close()


@dataclass(frozen=True)
class Step:
    """How far a build is: what it does ("": nothing, it has ended), how many are done of how many (0: not known), and
    for how many seconds it has been doing that."""

    doing: str
    done: int = 0
    of: int = 0
    seconds: float = 0.0


class ProgressLines:
    """Tells programs how far a build is: each line on standard error is a Step as JSON."""

    def __init__(self) -> None:
        self._doing = ""
        self._began = self._told = 0.0

    def __call__(self, doing: str, done: int, of: int) -> None:
        """Tell that `done` of `of` are done, a few times a second at most."""
        now = time.monotonic()
        if doing != self._doing:
            self._doing, self._began = doing, now
        elif now - self._told < TELL_EVERY and done != of:
            return
        self._told = now
        note(json_line(Step(doing, done, of, round(now - self._began, 2))))
        sys.stderr.flush()

    def close(self) -> None:
        """Tell that the build has ended."""
        self("", 0, 0)


def step_in(line: str) -> Step | None:
    """The Step that a line tells; None for a line of another kind."""
    if not line.startswith('{"doing"'):
        return None
    try:
        told = Step(**json.loads(line))
    except (ValueError, TypeError):
        return None
    return told if isinstance(told.doing, str) and isinstance(told.seconds, int | float) else None


def _fields(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _fail(error: object, code: int) -> int:
    note(f"error: {' '.join(str(error).split())}")
    return code


def _show_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    if category is UserWarning:
        note(f"warning: {message}")
