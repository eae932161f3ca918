"""Bytes go to the disk and are there afterwards: files and folders written, fsynced and digested."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def write_file(file: Path, data: bytes) -> None:
    """Write `data` to `file` and wait until the disk holds it."""
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def replace_file(file: Path, data: bytes) -> None:
    """Put `data` in the place of `file` in one step: a reader sees the old bytes or the new, never a part."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    write_file(aside, data)
    aside.replace(file)
    sync_folder(file.parent)


def sync_tree(folder: Path) -> None:
    """Wait until the disk holds every file below `folder` and the folders' own entries."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the disk holds the entries of `folder` itself."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_digest(file: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
