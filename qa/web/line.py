"""Work that takes a processor core goes in, its result comes out: as much at a time as there are cores, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from index.errors import QuotedError
from index.run_model import cores

# Questions in work and in line: 50 people who ask all the time are never turned away, and the last of 64 waits a minute
# on two cores. See "Many people at once" in benchmarks/README.md.
LONGEST = 64
Result = TypeVar("Result")


class Busy(QuotedError):
    """More people are asking than this machine can answer."""


class Line:
    """First come, first served, by one thread for each core; whoever finds the line full is told so at once."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._inside = 0
        self._threads = ThreadPoolExecutor(cores(), "question")

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do the work when its turn comes; who leaves before gives up the place. Raises Busy, and what the work raises.

        Call it from one event loop only.
        """
        if self._inside >= self._longest:
            raise Busy("Many questions are being answered right now. Ask again in a moment.")
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._inside -= 1
