"""A file's bytes go in, what was read of it comes out of a worker process, which a bad file may kill without harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from types import TracebackType
from typing import Any

from index.article import Article, Provenance, Span
from index.places import PROJECT
from index.reading.block import Unreadable
from index.reading.read import MAX_BYTES, Reading, too_large

SECONDS = 9.0  # for one attempt; a document has two, and so costs less than 20 seconds
MEMORY = 1024**3  # bytes of address space that a worker may use
MAX_REPLY = 64 * 1024**2  # bytes


class Reader:
    """Reads documents one after another in a worker process of its own, which is started when it is needed.

    A document that kills the worker or takes too long is tried once more in a new one, alone, and then refused.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            _end(self._worker)
            self._worker = None

    def read(self, id: str, data: bytes) -> Reading:
        """Read one document. `id` is its path below the articles folder. Raises Unreadable."""
        if len(data) > MAX_BYTES:
            raise too_large()
        try:
            return self._ask(id, data)
        except _Lost:
            self.close()
        try:
            return self._ask(id, data)
        except _Lost:
            self.close()
            raise

    def _ask(self, id: str, data: bytes) -> Reading:
        worker = self._worker = self._worker or _start()
        late = threading.Event()

        def stop() -> None:
            late.set()
            worker.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.start()
        try:
            reply = _exchange(worker, id, data)
        except BrokenPipeError:
            reply = b""
        finally:
            timer.cancel()
        if reply.endswith(b"\n"):
            return _reading(reply)
        if len(reply) > MAX_REPLY:
            raise _Lost("output_limit", "Reading gave more than a document can hold.")
        if late.is_set():
            raise _Lost("timeout", f"Reading took longer than {self._seconds:.0f} seconds, twice.")
        raise _Lost("parser_crash", "The parser crashed on this file, twice.")


class _Lost(Unreadable):
    """A document that cost the worker."""


def _start() -> subprocess.Popen[bytes]:
    places = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-P", "-B", "-m", "index.reading.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": places},
    )


def _exchange(worker: subprocess.Popen[bytes], id: str, data: bytes) -> bytes:
    assert worker.stdin is not None and worker.stdout is not None
    worker.stdin.write(json.dumps({"id": id, "bytes": len(data)}).encode("ascii") + b"\n")
    worker.stdin.write(data)
    worker.stdin.flush()
    return worker.stdout.readline(MAX_REPLY + 1)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    for stream in (worker.stdin, worker.stdout):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:  # what was not yet written is for nobody
                continue
    worker.wait()


def _reading(reply: bytes) -> Reading:
    try:
        told: dict[str, Any] = json.loads(reply)
        if "reason" not in told:
            return Reading(_article(told["article"]), tuple(told["warnings"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("parser_crash", "The parser gave something that is no article.") from error
    kind = _Lost if told["reason"] == "memory_limit" else Unreadable
    raise kind(str(told["reason"]), str(told.get("detail")))


def _article(fields: dict[str, Any]) -> Article:
    spans = {name: tuple(Span(start, end) for start, end in fields[name]) for name in ("headings", "asides")}
    provenance = Provenance(**fields["provenance"])
    return Article(**fields | spans | {"pages": tuple(fields["pages"]), "provenance": provenance})
