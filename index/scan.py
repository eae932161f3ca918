"""An articles folder goes in, the documents found in it come out, and each entry that is none with its reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from index.correct import FILE, NONE, Correction, corrections
from index.errors import BuildRefused
from index.reading.block import Unreadable
from index.reading.read import MAX_BYTES, SUFFIXES

MAX_ENTRIES = 1_000_000  # files in one folder tree
NOT_ARTICLES = ("readme.md", FILE)


@dataclass(frozen=True, slots=True)
class Found:
    """A document on the disk: its id (the path below the folder, with /) and what articles.toml says of it.

    `digest` is the sha256 of its bytes and of that.
    """

    id: str
    digest: str
    correction: Correction = NONE


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that is no readable document: its reason code and one sentence."""

    id: str
    reason: str
    detail: str


def scan(folder: Path) -> Iterator[Found | Refused]:
    """Yield every document below `folder` in the order of their ids. Hidden files and README.md are passed over.

    Raises BuildRefused where there is no such folder, or its articles.toml is no good.
    """
    if not folder.is_dir():
        raise BuildRefused(f"There is no folder {folder}. Name the folder that holds your articles.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise BuildRefused(f"The folder {folder} may not be read. Change its permissions or name another.")
    told = corrections(folder)
    for count, (id, refused) in enumerate(_entries(folder)):
        if count >= MAX_ENTRIES:
            yield Refused(_printable(id), "too_many_entries", f"The folder holds more than {MAX_ENTRIES} files.")
            return
        try:
            if refused is not None:
                raise refused
            correction = told.get(_checked_id(id), NONE)
            yield Found(id, correction.digest(read_bytes(folder, id)), correction)
        except Unreadable as error:
            yield Refused(_printable(id), error.reason, error.detail)


def read_bytes(folder: Path, id: str) -> bytes:
    """Return the bytes of a document; never those of a device, a pipe or a file outside the folder.

    Raises Unreadable (not_regular_file, outside_root, permission_denied, vanished, too_large, unsupported_type).
    """
    path = folder / id
    if path.suffix.lower() not in SUFFIXES:
        raise Unreadable("unsupported_type", f"Only {', '.join(SUFFIXES)} files are read.")
    handle = _open(folder, path)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("not_regular_file", "This is a folder, a device or a pipe, not a file.")
        if status.st_size > MAX_BYTES:
            raise Unreadable("too_large", f"The file is larger than {MAX_BYTES // 1024**2} MiB.")
        with os.fdopen(handle, "rb", closefd=False) as stream:
            return stream.read(MAX_BYTES + 1)
    finally:
        os.close(handle)


def _open(folder: Path, path: Path) -> int:
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            raise Unreadable("outside_root", "The link leads out of the articles folder.")
        # O_NONBLOCK: opening a pipe must not wait for someone to write into it.
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except PermissionError as error:
        raise Unreadable("permission_denied", "The file may not be read.") from error
    except (FileNotFoundError, RuntimeError) as error:
        raise Unreadable("vanished", "The file is gone, or its link leads nowhere.") from error
    except OSError as error:
        raise Unreadable("not_regular_file", f"The file cannot be opened: {error.strerror}.") from error


def _entries(folder: Path) -> Iterator[tuple[str, Unreadable | None]]:
    """Yield the id of all that may be a document, in order, and that of each folder not looked into with the reason.

    Only the names in one folder, and in those that it lies in, are held at a time.
    """
    waiting = [iter(("",))]
    while waiting:
        id = next(waiting[-1], None)
        if id is None:
            waiting.pop()
        elif id and not id.endswith("/"):
            yield id, None
        elif id and (folder / id[:-1]).is_symlink():
            yield id[:-1], _linked(folder, folder / id)
        else:
            try:
                waiting.append(_names(folder, id))
            except FileNotFoundError:  # a folder that was removed meanwhile is simply gone
                continue
            except OSError as error:
                yield id[:-1], Unreadable("permission_denied", f"The folder cannot be read: {error.strerror}.")
                continue
            if PurePath(id).suffix.lower() in SUFFIXES:
                yield id[:-1], None  # reading it will say what it is


def _names(folder: Path, below: str) -> Iterator[str]:
    """The ids of what a folder holds, sorted; those of folders end in /, as the ids below them go on."""
    with os.scandir(folder / below) as entries:
        names = [f"{each.name}/" if _is_folder(each) else each.name for each in entries if each.name[0] != "."]
    return (below + name for name in sorted(names) if name.lower() not in NOT_ARTICLES)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in circles, for one
        return False


def _linked(folder: Path, link: Path) -> Unreadable:
    if link.resolve().is_relative_to(folder.resolve()):
        return Unreadable("not_regular_file", "This is a link to a folder, which is read where it stands.")
    return Unreadable("outside_root", "The link leads out of the articles folder.")


def _checked_id(id: str) -> str:
    try:
        id.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unreadable("name_not_encodable", "The file's name is not UTF-8. Rename the file.") from error
    return id


def _printable(id: str) -> str:
    return id.encode("utf-8", "backslashreplace").decode("utf-8")
