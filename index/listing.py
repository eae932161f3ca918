"""Reports of documents go in one by one; a sequence of them comes out that holds them packed, or on the disk."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import overload
from weakref import finalize

from index.report import DocumentReport, Report

IN_MEMORY = 4_000_000  # bytes of all reports, some 40,000 of them; what is more lies in a file without a name


class Listing(Sequence[DocumentReport]):
    """The reports of a build in the order of their documents; a million take no more memory than some thousands."""

    def __init__(self) -> None:
        self._lines = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it lives as long as the listing
        finalize(self, self._lines.close)
        self._starts = array("q", [0])
        self._lock = Lock()
        self._counts: Counter[str] = Counter()  # documents by status
        self.indexed = 0  # documents that the index holds

    def append(self, report: DocumentReport) -> None:
        """Add the report of the next document."""
        values = [getattr(report, name) for name in DocumentReport.__slots__]
        with self._lock:
            self._lines.seek(self._starts[-1])
            size = self._lines.write(json.dumps(values).encode())
            self._starts.append(self._starts[-1] + size)
        self._counts[report.status] += 1
        self.indexed += report.passages > 0 or report.characters > 0

    def report(self, generation: int, passages: int, embedded: int, seconds: float) -> Report:
        """Tell of the whole build: the documents are counted by what became of them."""
        return Report(
            generation=generation,
            new=self._counts["new"],
            changed=self._counts["changed"],
            renamed=self._counts["renamed"],
            deleted=self._counts["deleted"],
            unchanged=self._counts["unchanged"],
            duplicate=self._counts["duplicate"],
            failed=self._counts["failed"],
            passages=passages,
            embedded=embedded,
            seconds=round(seconds, 3),
            documents=self,
        )

    def __deepcopy__(self, memo: dict[int, object]) -> tuple[DocumentReport, ...]:
        """All reports at once, which is what `dataclasses.asdict` asks for."""
        return tuple(self)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[DocumentReport]:
        return (self._report(number) for number in range(len(self)))

    @overload
    def __getitem__(self, place: int) -> DocumentReport: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[DocumentReport]: ...

    def __getitem__(self, place: int | slice) -> DocumentReport | Sequence[DocumentReport]:
        if isinstance(place, slice):
            return [self._report(number) for number in range(len(self))[place]]
        return self._report(range(len(self))[place])

    def _report(self, number: int) -> DocumentReport:
        start, end = self._starts[number], self._starts[number + 1]
        with self._lock:
            self._lines.seek(start)
            line = self._lines.read(end - start)
        return DocumentReport(*json.loads(line))
