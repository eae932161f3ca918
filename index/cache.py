"""A name and a way to make it go in; a folder of the user's cache that holds it, made once and whole, comes out."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from index.files import file_digest

WHOLE = "sha256"  # the file that holds the digests of the others


def kept_folder(name: str, files: tuple[str, ...], make: Callable[[Path], None]) -> Path:
    """Return a folder with `files`, which `make` wrote there now or at an earlier start.

    Of two first starts, one makes it and the other waits. Where the cache cannot be written, it is made anew elsewhere.
    """
    kept = user_cache_path("quoted") / name
    if _is_whole(kept, files):
        return kept
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{kept}.lock"):
            if not _is_whole(kept, files):
                _make_anew(kept, files, make)
            return kept
    except OSError as error:
        warnings.warn(f"{kept.parent} cannot be written, so {name} is made anew ({error}).", stacklevel=2)
        aside = Path(tempfile.mkdtemp(prefix="quoted-"))
        make(aside)
        return aside


def _make_anew(kept: Path, files: tuple[str, ...], make: Callable[[Path], None]) -> None:
    for left in kept.parent.glob(f"{kept.name}-*"):  # by a start that was killed
        shutil.rmtree(left, ignore_errors=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{kept.name}-", dir=kept.parent))
    make(aside)
    (aside / WHOLE).write_text(_digests(aside, files))
    shutil.rmtree(kept, ignore_errors=True)
    aside.replace(kept)


def _is_whole(folder: Path, files: tuple[str, ...]) -> bool:
    try:
        return (folder / WHOLE).read_text() == _digests(folder, files)
    except OSError:
        return False


def _digests(folder: Path, files: tuple[str, ...]) -> str:
    return "".join(file_digest(folder / file) for file in files)
