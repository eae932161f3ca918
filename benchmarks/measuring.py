"""Work goes in; what it costs in time and memory comes out, for the benchmarks of speed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")


def own_memory() -> float:
    """The memory of this process that no file stands behind, in MiB."""
    return _kilobytes("RssAnon") / 1024


def most_memory() -> float:
    """The most memory that this process ever held, files that it has mapped included, in MiB."""
    return _kilobytes("VmHWM") / 1024


def median_ms(work: Callable[[Item], object], items: Iterable[Item]) -> float:
    """The median of the milliseconds that the work takes for each of the items."""
    times = []
    for item in items:
        started = time.perf_counter()
        work(item)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
