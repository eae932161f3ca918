"""Arrays of several callers go in, what is computed of them comes out; what waits and is alike is computed as one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Results = list[NDArray[np.float32]]
Compute = Callable[[list[Array]], Results]
# Where lengths differ by more, filling up to the longest costs more than computing together gains: see "Judge"
# in benchmarks/README.md.
ALIKE = 0.9
# Tokens, to a multiple of which every batch is filled up. What is left over by the blocks in which a processor computes
# is rounded otherwise in bf16: filled up, a text's numbers do not depend on the texts that are computed with it.
BLOCK = 16
MOST_TOKENS = 2048  # rows times length of what is computed together: more leaves the processor's caches


def filled(tokens: int) -> int:
    """The length to which a batch is filled up whose longest text has so many tokens."""
    return -(-tokens // BLOCK) * BLOCK


@dataclass(eq=False)
class _Job:
    """One caller's arrays, each of shape (rows, length, …), and where the results go."""

    inputs: tuple[Array, ...]
    results: Future[Results] = field(default_factory=Future)

    @property
    def length(self) -> int:
        return int(self.inputs[0].shape[1])


class Lanes:
    """Lanes that compute one batch at a time each, for any number of threads.

    Rows keep their places; of what was computed together, results may be longer behind the first axis than alone.
    """

    def __init__(self, lanes: Iterable[Compute]) -> None:
        self._free = list(lanes)
        self._waiting: list[_Job] = []
        self._changed = threading.Condition()

    def run(self, batches: Sequence[tuple[Array, ...]]) -> list[Results]:
        """Compute every batch, by turns with other callers; the results are in the batches' order."""
        jobs = [_Job(inputs) for inputs in batches]
        with self._changed:
            self._waiting += jobs
        while taken := self._take(jobs):
            self._compute(*taken)
        return [job.results.result() for job in jobs]

    def _take(self, jobs: list[_Job]) -> tuple[Compute, list[_Job]] | None:
        """Wait for a lane; take it, and the next of the jobs with all that is like it. None where others took all."""
        with self._changed:
            self._changed.wait_for(lambda: self._free or not self._left(jobs))
            left = self._left(jobs)
            if not left:
                return None
            together = _alike(left[0], self._waiting)
            self._waiting = [each for each in self._waiting if each not in together]
            return self._free.pop(), together

    def _left(self, jobs: list[_Job]) -> list[_Job]:
        return [job for job in jobs if job in self._waiting]

    def _compute(self, lane: Compute, jobs: list[_Job]) -> None:
        try:
            results = lane([_joined(arrays) for arrays in zip(*(job.inputs for job in jobs), strict=True)])
            ends = np.cumsum([len(job.inputs[0]) for job in jobs])[:-1]
            for job, *parts in zip(jobs, *(np.split(each, ends) for each in results), strict=True):
                job.results.set_result(parts)
        except BaseException as error:
            for job in jobs:
                job.results.set_exception(error)
        finally:
            with self._changed:
                self._free.append(lane)
                self._changed.notify_all()


def _alike(first: _Job, waiting: list[_Job]) -> list[_Job]:
    """The first job and those that wait and are about as long, as many as may be computed together."""
    together, rows, longest = [first], len(first.inputs[0]), first.length
    for job in waiting:
        length, more = max(longest, job.length), rows + len(job.inputs[0])
        is_alike = min(first.length, job.length) >= ALIKE * length
        if job is not first and is_alike and more * length <= MOST_TOKENS:
            together, rows, longest = [*together, job], more, length
    return together


def _joined(arrays: Sequence[Array]) -> Array:
    """Arrays one below the other, each filled up with zeros to the longest on every other axis."""
    if len(arrays) == 1:
        return arrays[0]
    shape = np.max([each.shape[1:] for each in arrays], axis=0)
    joined = np.zeros((sum(map(len, arrays)), *shape), dtype=arrays[0].dtype)
    start = 0
    for each in arrays:
        joined[(slice(start, start + len(each)), *map(slice, each.shape[1:]))] = each
        start += len(each)
    return joined
