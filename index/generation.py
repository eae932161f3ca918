"""A folder of index files becomes a generation that answers: described by a manifest, verified, published by rename."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from index.encode import EncoderCard
from index.errors import IndexMismatch
from index.files import file_digest, replace_file, sync_folder, sync_tree, write_file

FORMAT = 1
MANIFEST = "manifest.json"
CURRENT = "CURRENT"
PREFIX = "generation-"
MAX_DIGITS = 12  # of a generation's number
ASIDE_PREFIX = ".building-"
REMOVED_PREFIX = ".removed-"


@dataclass(frozen=True)
class FileRecord:
    """One file of a generation as it must be."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Failure:
    """A document that was not indexed: reason code, one sentence, and the sha256 of its bytes where they were read."""

    path: str
    reason: str
    detail: str
    file_digest: str


@dataclass(frozen=True)
class Manifest:
    """What a generation is made of; `built` is an ISO time in UTC, `articles` the folder it was read from."""

    format: int
    generation: int
    built: str
    articles: str
    encoder: EncoderCard
    reading: int
    passage_tokens: int
    documents: int
    passages: int
    failures: tuple[Failure, ...]
    files: tuple[FileRecord, ...]


@dataclass(frozen=True)
class Damage:
    """A file of an index that is not as it was written."""

    file: str
    detail: str


@contextmanager
def workspace(index_dir: Path) -> Iterator[Path]:
    """Give a folder to write the next generation in; what killed builders left behind goes first."""
    with suppress(OSError):  # what cannot be removed is no reason not to build; pruning afterwards tells of it
        remove_leftovers(index_dir)
    aside = Path(tempfile.mkdtemp(prefix=ASIDE_PREFIX, dir=index_dir))
    aside.chmod(0o755)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def remove_leftovers(index_dir: Path) -> None:
    """Remove what builders that were killed did not finish: never a generation. Raises OSError where it cannot."""
    for prefix in (ASIDE_PREFIX, REMOVED_PREFIX):
        for old in index_dir.glob(f"{prefix}*"):
            shutil.rmtree(old)
    for old in index_dir.glob(f".{CURRENT}.*"):
        old.unlink()


def record_files(folder: Path) -> tuple[FileRecord, ...]:
    """Describe every file below `folder` as it stands on the disk."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(
        FileRecord(path.relative_to(folder).as_posix(), path.stat().st_size, file_digest(path)) for path in files
    )


def publish(aside: Path, index_dir: Path, manifest: Manifest) -> Path:
    """Write the manifest, read everything back, and make `aside` the generation that answers.

    Raises OSError where what is read back is not what was written.
    """
    body = json.dumps(asdict(manifest), indent=1, ensure_ascii=False)
    write_file(aside / MANIFEST, _signed(body).encode())
    sync_tree(aside)
    damaged = check(aside, manifest.generation)
    if damaged:
        raise OSError(f"{damaged[0].file} was not stored as written: {damaged[0].detail}")
    folder = index_dir / folder_name(manifest.generation)
    aside.rename(folder)
    sync_folder(index_dir)
    replace_file(index_dir / CURRENT, f"{folder.name}\n".encode())
    return folder


def prune(index_dir: Path, keep: int) -> None:
    """Remove all but the newest `keep` whole generations: a damaged one must not push out one that can answer.

    Raises OSError where something cannot be removed.
    """
    remove_leftovers(index_dir)
    kept = 0
    for number in generations(index_dir):
        if kept < keep and _is_whole(index_dir / folder_name(number), number):
            kept += 1
        elif number != current(index_dir):
            # In one step: neither a kill nor a reader must find half a generation.
            (index_dir / folder_name(number)).rename(index_dir / f"{REMOVED_PREFIX}{number}")
    sync_folder(index_dir)
    remove_leftovers(index_dir)


def generations(index_dir: Path) -> list[int]:
    """The numbers of the generations on the disk, newest first."""
    names = (path.name.removeprefix(PREFIX) for path in index_dir.glob(f"{PREFIX}*"))
    return sorted((int(name) for name in names if name.isdecimal() and len(name) <= MAX_DIGITS), reverse=True)


def in_turn(index_dir: Path) -> list[int]:
    """The numbers of the generations in the order in which they may answer: the current one, then newest first."""
    first = current(index_dir)
    return sorted(generations(index_dir), key=lambda number: (number != first, -number))


def current(index_dir: Path) -> int | None:
    """The number of the generation that CURRENT names; None where it names none."""
    try:
        name = (index_dir / CURRENT).read_text(encoding="ascii").strip().removeprefix(PREFIX)
    except (OSError, UnicodeDecodeError):
        return None
    return int(name) if name.isdecimal() and len(name) <= MAX_DIGITS else None


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest and check its own digest. Raises ValueError or OSError where it is not as written,
    IndexMismatch where it has another format."""
    value = json.loads(_checked((folder / MANIFEST).read_bytes().decode("utf-8")))
    if value.get("format") != FORMAT:
        raise IndexMismatch(
            f"{folder} has format {value.get('format')}; this program reads format {FORMAT}. "
            f"Rebuild it: python -m index build {quote(str(value.get('articles')))} "
            f"--index {quote(str(folder.parent))} --replace"
        )
    return _manifest(value)


def check(folder: Path, generation: int) -> list[Damage]:
    """Compare every byte of a generation with its manifest; an empty list means that it is whole."""
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [Damage(f"{folder.name}/{MANIFEST}", f"The manifest cannot be read: {error}.")]
    if manifest.generation != generation:
        return [Damage(f"{folder.name}/{MANIFEST}", f"The manifest is of generation {manifest.generation}.")]
    return [damage for record in manifest.files for damage in _check_file(folder, record)]


def _is_whole(folder: Path, generation: int) -> bool:
    try:
        return not check(folder, generation)
    except IndexMismatch:  # of another format: this program cannot answer from it
        return False


def folder_name(generation: int) -> str:
    """The name of a generation's folder."""
    return f"{PREFIX}{generation:06d}"


def _check_file(folder: Path, record: FileRecord) -> Iterator[Damage]:
    path = folder / record.name
    name = f"{folder.name}/{record.name}"
    try:
        if path.stat().st_size != record.bytes:
            yield Damage(name, f"The file has {path.stat().st_size} bytes instead of {record.bytes}.")
        elif file_digest(path) != record.sha256:
            yield Damage(name, "The file's digest does not match: its content has changed.")
    except OSError as error:
        yield Damage(name, f"The file cannot be read: {error.strerror}.")


def _manifest(value: dict[str, Any]) -> Manifest:
    value["encoder"] = EncoderCard(**value["encoder"])
    value["failures"] = tuple(Failure(**failure) for failure in value["failures"])
    value["files"] = tuple(FileRecord(**record) for record in value["files"])
    return Manifest(**value)


def _signed(body: str) -> str:
    """A JSON object with the sha256 of itself as its first member, on a line of its own."""
    return body.replace("{\n", f'{{\n "sha256": "{_text_digest(body)}",\n', 1)


def _checked(text: str) -> str:
    """The object that was signed. Raises ValueError where a byte of it, or of its digest, is not as written."""
    if text.startswith('{"sha256"'):  # on one line, the object as a text: as it was written at first
        body = str(json.loads(text)["manifest"])
        is_whole = json.dumps({"sha256": _text_digest(body), "manifest": body}) == text
    else:
        opening, _, below = text.partition("\n")
        _digest_line, _, rest = below.partition("\n")
        body = f"{opening}\n{rest}"
        is_whole = _signed(body) == text
    if not is_whole:
        raise ValueError("its digest does not match")
    return body


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
