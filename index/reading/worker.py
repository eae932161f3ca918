"""Documents come in on standard input, one at a time, and what was read of each goes out: the process parsers run in.

A request is a line of JSON {"id", "bytes"} and so many bytes; a reply is a line of JSON of at most `MAX_REPLY` bytes.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from index.reading.block import Unreadable
from index.reading.isolate import MAX_REPLY, MEMORY
from index.reading.read import Reading, read_document

PROCESSOR_SECONDS = 15  # for one document; ends a worker that hangs after its parent was killed
OPEN_FILES = 64
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "os.kill",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate",
    "shutil.", "ftplib.", "http.client.", "smtplib.", "urllib.",
)  # fmt: skip


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair, which then ends us
    requests, replies = _private(sys.stdin.fileno(), "rb"), _private(sys.stdout.fileno(), "wb")
    _limit()
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["bytes"])
        _allow_time()
        reply = _reply(request["id"], data)
        replies.write(reply + b"\n")
        replies.flush()


def _private(handle: int, mode: str) -> BinaryIO:
    """Take a standard stream for ourselves: what a library prints goes nowhere."""
    taken = os.dup(handle)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, handle)
    os.close(nowhere)
    return os.fdopen(taken, mode)  # type: ignore[return-value]


def _limit() -> None:
    """Give up what reading does not need: memory without end, writing files, the network, other processes."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING
    if (writes and arguments[0] != os.devnull) or event.startswith(FORBIDDEN):
        raise PermissionError(f"A parser must not do this: {event}.")


def _allow_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + PROCESSOR_SECONDS, hard))


def _reply(id: str, data: bytes) -> bytes:
    try:
        told = _as_json(read_document(id, data))
    except Unreadable as error:
        told = {"reason": error.reason, "detail": error.detail}
    except MemoryError:
        told = {"reason": "memory_limit", "detail": f"Reading needed more than {MEMORY // 1024**2} MiB of memory."}
    reply = json.dumps(told).encode("ascii")
    if len(reply) > MAX_REPLY:
        return json.dumps({"reason": "output_limit", "detail": "The text is too long."}).encode("ascii")
    return reply


def _as_json(reading: Reading) -> dict[str, Any]:
    article = asdict(reading.article)
    for name in ("headings", "asides"):
        article[name] = [(span["start"], span["end"]) for span in article[name]]
    return {"article": article, "warnings": reading.warnings}


if __name__ == "__main__":
    main()
