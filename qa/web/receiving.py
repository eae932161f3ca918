"""The body of an upload goes in piece by piece, its files into the articles folder; what became of each comes out.

Each file is written under a hidden name in that folder and renamed when it is whole, so that nobody meets half of one.
"""

from __future__ import annotations

import math
import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from typing import Literal

from python_multipart.multipart import MultipartParser, parse_options_header

from index.filing import NameTaken, NotFiled, clean_name, free_name, put, replace
from index.reading.read import MAX_BYTES

MAX_FILES = 100  # of one upload
MAX_TOTAL = 200 * 1024 * 1024  # bytes of one upload
MAX_BODY = MAX_TOTAL + 1024 * 1024  # with what stands between the files
MIN_FREE = MAX_TOTAL  # bytes of the disk that uploads leave free: an index of them has to be written too
LONGEST_GIVEN = 1000  # characters of a name as it was sent
PREFIX = ".upload-"
LEFT_OVER = 3600  # seconds after which what a killed upload left is removed
LIMITS = (
    f"One upload has at most {MAX_FILES} files of {MAX_BYTES // 1024**2} MiB each, {MAX_TOTAL // 1024**2} MiB in all."
)

Clash = Literal["ask", "replace", "both"]  # what to do where a file of that name is there


@dataclass(frozen=True)
class Received:
    """What became of one file: the name it was sent under, the one it has now, and what happened in a sentence."""

    sent: str
    name: str
    outcome: Literal["saved", "taken", "refused"]
    detail: str


def boundary_in(content_type: str) -> bytes:
    """What stands between the parts of a form with files; nothing where the body is no such form."""
    kind, options = parse_options_header(content_type)
    return options.get(b"boundary", b"") if kind == b"multipart/form-data" else b""


class Receiver:
    """Takes one upload. A refused file costs none of the others."""

    def __init__(self, folder: Path, boundary: bytes, clash: Clash) -> None:
        self._folder = folder
        self._clash = clash
        self._headers: dict[str, bytes] = {}
        self._header = self._value = b""
        self._arriving: _Arriving | None = None
        self._total = 0
        self.received: list[Received] = []
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._read_header,
                "on_header_value": self._read_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._open,
                "on_part_data": self._write,
                "on_part_end": self._close,
            },
        )
        _remove_leftovers(folder)

    def take(self, piece: bytes) -> None:
        """Take the next piece of the body. Raises ValueError where it is not as browsers send it."""
        self._parser.write(piece)

    def abort(self) -> None:
        """Forget the file that was arriving."""
        if self._arriving is not None:
            self._arriving.forget()
            self._arriving = None

    def _begin(self) -> None:
        self._headers = {}

    def _read_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _read_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._header.decode("latin-1").lower()] = self._value
        self._header = self._value = b""

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", b""))
        if b"filename" in options:  # other fields of the form are none of ours
            name = options[b"filename"].replace(b"%22", b'"')  # as browsers write it: html.spec.whatwg.org, form data
            sent = name.decode("utf-8", "replace")[:LONGEST_GIVEN]
            self._arriving = _Arriving(self._folder, sent, self._why_not(sent))

    def _why_not(self, sent: str) -> str:
        if len(self.received) >= MAX_FILES:
            return f"One upload has at most {MAX_FILES} files. Send the rest in another."
        try:
            clean_name(sent)
        except NotFiled as error:
            return str(error)
        return ""

    def _write(self, data: bytes, start: int, end: int) -> None:
        self._total += end - start
        if self._arriving is not None and self._total > MAX_TOTAL:
            self._arriving.refuse(f"One upload has at most {MAX_TOTAL // 1024**2} MiB. Send the rest in another.")
        elif self._arriving is not None:
            self._arriving.write(data[start:end])

    def _close(self) -> None:
        if self._arriving is not None:
            self.received.append(self._arriving.finish(self._clash))
            self._arriving = None


class _Arriving:
    """One file on its way into the folder; `refused` says why it will not stand there."""

    def __init__(self, folder: Path, sent: str, refused: str) -> None:
        self._folder = folder
        self._sent = sent
        self.refused = refused
        self._size = 0
        self._temporary = folder / f"{PREFIX}{secrets.token_hex(8)}"
        self._stream: BufferedWriter | None = None

    def write(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > MAX_BYTES:
            self.refuse(f"The file is larger than {MAX_BYTES // 1024**2} MiB.")
        if not self.refused and _free(self._folder) < MIN_FREE + len(data):
            self.refuse(f"The disk is nearly full: uploads leave {MIN_FREE // 1024**2} MiB of it free.")
        if not self.refused:
            self._try(lambda: self._open().write(data))

    def refuse(self, why: str) -> None:
        self.refused = self.refused or why
        self.forget()

    def finish(self, clash: Clash) -> Received:
        if not self._size:
            self.refuse("The file is empty.")
        if not self.refused:
            self._try(self._store)
        if self.refused:
            return Received(self._sent, "", "refused", self.refused)
        try:
            return self._place(clean_name(self._sent), clash)
        except NameTaken as error:
            return Received(self._sent, clean_name(self._sent), "taken", str(error))
        except NotFiled as error:
            return Received(self._sent, "", "refused", str(error))
        finally:
            self.forget()

    def forget(self) -> None:
        """Leave nothing of it."""
        with suppress(OSError):  # a full disk: what could not be written is not there
            if self._stream is not None:
                self._stream.close()
        with suppress(OSError):
            self._temporary.unlink(missing_ok=True)

    def _open(self) -> BufferedWriter:
        if self._stream is None:
            self._stream = self._temporary.open("xb")
        return self._stream

    def _store(self) -> None:
        stream = self._open()
        stream.flush()
        os.fsync(stream.fileno())
        stream.close()

    def _place(self, name: str, clash: Clash) -> Received:
        if clash == "replace":
            replace(self._folder, self._temporary, name)
            return Received(self._sent, name, "saved", f"Saved as “{name}”.")
        try:
            put(self._folder, self._temporary, name)
        except NameTaken:
            if clash == "ask":
                raise
            name = free_name(self._folder, name)
            put(self._folder, self._temporary, name)
        return Received(self._sent, name, "saved", f"Saved as “{name}”.")

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except OSError as error:
            self.refuse(f"It could not be stored: {error.strerror or error}.")


def _free(folder: Path) -> float:
    """How many bytes the folder's disk still takes from us; what cannot be told is told by the writing."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return math.inf


def _remove_leftovers(folder: Path) -> None:
    with suppress(OSError):
        for old in folder.glob(f"{PREFIX}*"):
            if time.time() - old.lstat().st_mtime > LEFT_OVER:
                old.unlink()
