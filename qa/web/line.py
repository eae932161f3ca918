"""Work that takes a processor core goes in, its result comes out: twice as much at a time as there are cores."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import TypeVar

from index.errors import QuotedError
from index.run_model import cores

# Questions in work and in line: 50 people who ask all the time are never turned away, and the last of 64 waits a minute
# on two cores. See "Many people at once" in benchmarks/README.md.
LONGEST = 64
# While one question waits for nothing but Python, another computes, and batches that wait are shared (index/share.py):
# a seventh more answers than one a core, see "Many people at once" in benchmarks/README.md.
AT_ONCE = 2
HELD = 10  # seconds that a place is held for a question on its way; 64 of them reach the line within 3
Result = TypeVar("Result")


class Busy(QuotedError):
    """More people are asking than this machine can answer."""


class Line:
    """First come, first served, AT_ONCE for each core; whoever finds the line full is told so at once.

    `ready` returns when work can begin. Call the methods from one event loop only.
    """

    def __init__(self, longest: int = LONGEST, ready: Callable[[], None] | None = None) -> None:
        self._longest = longest
        self._inside = 0
        self._coming: deque[float] = deque()  # since when each place is held
        self._threads = ThreadPoolExecutor(AT_ONCE * cores(), "question", ready)

    def expect(self) -> None:
        """Hold a place for work that is on its way, until it has arrived. Raises Busy."""
        self._require_place()
        self._coming.append(monotonic())

    def arrive(self) -> None:
        """What was expected is here: its place is free for it to take."""
        if self._coming:
            self._coming.popleft()

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do the work when its turn comes; who leaves before gives it up. Raises Busy and what the work raises."""
        self._require_place()
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._inside -= 1

    def _require_place(self) -> None:
        while self._coming and monotonic() - self._coming[0] > HELD:  # it never came
            self._coming.popleft()
        if self._inside + len(self._coming) >= self._longest:
            raise Busy("Many questions are being answered right now. Ask again in a moment.")
