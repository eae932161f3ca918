"""File names and article ids go in; files are put into the articles folder, removed from it and taken back.

What is removed moves to `.removed/TIME-CODE/` in the same folder, under the path that it had: that path is the record
of where it was. Nothing here overwrites a file that is there.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from index.errors import QuotedError
from index.files import sync_folder
from index.reading.read import SUFFIXES
from index.scan import NOT_ARTICLES

REMOVED = ".removed"
LONGEST_NAME = 200  # bytes; most systems allow 255
LISTED = 200  # removed files that are told of, the newest
ENTRY = re.compile(r"(\d{8}T\d{6})-[0-9a-f]{8}")
MOMENT = "%Y%m%dT%H%M%S"


class NotFiled(QuotedError):
    """A file that was not put, removed or taken back; says why."""


class NameTaken(NotFiled):
    """There is a file of that name already."""


@dataclass(frozen=True)
class Removed:
    """A removed file: its key for taking it back, the id that it had, and when it was removed, an ISO time in UTC."""

    key: str
    id: str
    removed: str


def clean_name(name: str) -> str:
    """The name under which a file that is called `name` elsewhere may stand in the folder. Raises NotFiled."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    plain = " ".join(visible.split()).strip(". ")
    suffix = PurePosixPath(plain).suffix
    if plain.lower() in NOT_ARTICLES:
        raise NotFiled(f"{plain} is no article. Give it another name.")
    if suffix.lower() not in SUFFIXES:
        raise NotFiled(f"Only {', '.join(SUFFIXES)} files can be read.")
    stem = plain.removesuffix(suffix).encode("utf-8")[: LONGEST_NAME - len(suffix)].decode("utf-8", "ignore")
    return f"{stem.rstrip()}{suffix}"


def free_name(folder: Path, name: str) -> str:
    """The name with the first number that is free: "tides.md" gives "tides (2).md"."""
    path = PurePosixPath(name)
    numbers = iter(range(2, 1_000_000))
    return next(free for number in numbers if not os.path.lexists(folder / (free := _numbered(path, number))))


def put(folder: Path, temporary: Path, name: str) -> None:
    """Make a file that lies in the folder under a hidden name an article. Raises NameTaken, NotFiled."""
    with _readable(name):
        _move(temporary, folder / name)


def replace(folder: Path, temporary: Path, name: str) -> None:
    """Put a file in the place of the one that is there, which can be taken back. Raises NotFiled."""
    key = remove(folder, name) if os.path.lexists(folder / name) else ""
    try:
        put(folder, temporary, name)
    except NotFiled:
        if key:
            restore(folder, key)
        raise


def remove(folder: Path, id: str) -> str:
    """Remove an article and return the key for taking it back. Raises NotFiled."""
    source = _place(folder, id)
    _require_file(source, id)
    key = f"{datetime.now(UTC).strftime(MOMENT)}-{secrets.token_hex(4)}"
    with _readable(id):
        target = _removed_folder(folder) / key / id
        target.parent.mkdir(parents=True)
        try:
            _move(source, target)
        except OSError:
            _tidy(folder / REMOVED / key, target.parent)
            raise
    return key


def restore(folder: Path, key: str) -> str:
    """Take a removed file back to where it was and return its id. Raises NameTaken, NotFiled."""
    removed = _find_removed(folder, key) if ENTRY.fullmatch(key) else None
    if removed is None:
        raise NotFiled("That file is not among the removed ones any more.")
    entry = _removed_folder(folder) / key
    source, target = entry / removed.id, _place(folder, removed.id, missing=True)
    _require_file(source, removed.id)
    with _readable(removed.id):
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(source, target)
        _tidy(entry, source.parent)
    return removed.id


def removed_files(folder: Path) -> list[Removed]:
    """What was removed and can be taken back, newest first; empty where it cannot be seen."""
    try:
        names = [entry.name for entry in _removed_folder(folder).iterdir()]
    except (OSError, NotFiled):
        return []
    keys = sorted(filter(ENTRY.fullmatch, names), reverse=True)[:LISTED]
    return [found for key in keys if (found := _find_removed(folder, key))]


def _find_removed(folder: Path, key: str) -> Removed | None:
    entry = folder / REMOVED / key
    try:
        moment = datetime.strptime(key.partition("-")[0], MOMENT).replace(tzinfo=UTC)
    except ValueError:  # a folder of another's making, named like ours
        return None
    for root, _, files in os.walk(entry):
        for name in files:
            return Removed(key, Path(root, name).relative_to(entry).as_posix(), moment.isoformat())
    return None


def _place(folder: Path, id: str, missing: bool = False) -> Path:
    """Where the article of this id lies, or would: always inside the folder, never hidden, never through a link out."""
    parts = id.split("/")
    if any(part in ("", "..") or part.startswith(".") or "\0" in part for part in parts) or id.lower() in NOT_ARTICLES:
        raise NotFiled(f"“{id}” is no article of this folder.")
    path = folder.joinpath(*parts)
    try:
        inside = path.parent.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:
        raise NotFiled(f"“{id}” cannot be reached.") from error
    if not inside or (not missing and not path.parent.is_dir()):
        raise NotFiled(f"“{id}” is not in this folder.")
    return path


def _require_file(path: Path, id: str) -> None:
    with _readable(id):
        if not stat.S_ISREG(path.lstat().st_mode):
            raise NotFiled(f"“{id}” is a link or no file; it is left alone.")


def _removed_folder(folder: Path) -> Path:
    """The folder of removed files, which must be one of its own and no link to another."""
    removed = folder / REMOVED
    if removed.is_symlink() or (removed.exists() and not removed.is_dir()):
        raise NotFiled(f"{REMOVED} in the articles folder is no folder. Take it away.")
    return removed


def _move(source: Path, target: Path) -> None:
    """Move a file and overwrite none, in one step where the disk knows hard links. Raises FileExistsError."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        source.rename(target)
    else:
        source.unlink()
    sync_folder(target.parent)


@contextmanager
def _readable(id: str) -> Iterator[None]:
    """Turn what the system says of a file into a NotFiled that a person can read."""
    try:
        yield
    except FileExistsError as error:
        raise NameTaken(f"There is a file “{id}” already.") from error
    except FileNotFoundError as error:
        raise NotFiled(f"“{id}” is not there any more.") from error
    except OSError as error:
        raise NotFiled(f"“{id}” was left as it was: {error.strerror or error}.") from error


def _tidy(entry: Path, deepest: Path) -> None:
    """Remove the empty folders from `deepest` up to `entry`."""
    with suppress(OSError):
        while deepest != entry.parent:
            deepest.rmdir()
            deepest = deepest.parent


def _numbered(path: PurePosixPath, number: int) -> str:
    return f"{path.stem} ({number}){path.suffix}"
