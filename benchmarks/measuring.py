"""Work goes in; what it costs in time and memory comes out, for the benchmarks of speed."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.attacking import PROJECT

ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}

Item = TypeVar("Item")


@dataclass(frozen=True)
class Cost:
    """One process: seconds of all its threads, the most memory it held in MiB, what it printed."""

    cpu: float
    wall: float
    memory: float
    out: str


def run(command: list[str], *, one_core: bool = True) -> Cost:
    """Run a program; the process that calls must be small, because a program is charged with what its parent held."""
    pinned = ["taskset", "-c", str(max(os.sched_getaffinity(0)))] if one_core else []
    environment = os.environ | {"HF_HUB_OFFLINE": "1"} | (ONE_THREAD if one_core else {})
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([*pinned, *command], cwd=PROJECT, stdout=out, stderr=errors, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), errors.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}\n{errors.read().decode()[-3000:]}")
        text = out.read().decode()
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss / 1024, text)


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
