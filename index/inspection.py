"""An index folder goes in; how it stands, and whether every byte of it is as written, comes out."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from index.compare import changes
from index.errors import BuildRefused, IndexDamaged, IndexMissing
from index.generation import CURRENT, Damage, Manifest, check, current, folder_name, generations, in_turn, read_manifest
from index.places import ARTICLES_FILE
from index.rebuilding import index_option, rebuild
from index.report import Change, Status, Verification
from index.scan import Found, scan
from index.store import Store


def status(index_dir: Path) -> Status:
    """Tell how the current generation stands, and which documents have changed on the disk since.

    Reads the manifest and the articles' digests only: `verify` is what checks every byte.
    Where the current one cannot be read, an older one is told of, with a warning.
    Raises IndexMissing, IndexDamaged, or BuildRefused where articles.toml is no good.
    """
    named = current(index_dir)
    wrong: list[str] = []
    for number in in_turn(index_dir):
        try:
            manifest = read_manifest(index_dir / folder_name(number))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            wrong.append(f"{folder_name(number)} is damaged: {error}.")
            continue
        try:
            found = _status(index_dir, manifest)
        except IndexDamaged as error:
            wrong.append(str(error))
            continue
        if number != named:
            told = wrong[0] if wrong else f"{CURRENT} names no generation here."
            warnings.warn(f"{told} Generation {number} answers instead. {rebuild(index_dir)}", stacklevel=2)
        return found
    if current(index_dir) != named:  # a build has removed it meanwhile
        return status(index_dir)
    if wrong:
        raise IndexDamaged(f"{wrong[0]} {rebuild(index_dir)}")
    raise IndexMissing(f"No index in {index_dir}. Build it: python -m index build{index_option(index_dir)}")


def _status(index_dir: Path, manifest: Manifest) -> Status:
    folder = index_dir / folder_name(manifest.generation)
    return Status(
        generation=manifest.generation,
        built=manifest.built,
        articles=manifest.articles,
        index=str(index_dir.absolute()),
        encoder=manifest.encoder,
        documents=manifest.documents,
        passages=manifest.passages,
        bytes=sum(record.bytes for record in manifest.files),
        stale=_stale(manifest, folder),
        failures=manifest.failures,
    )


def verify(index_dir: Path) -> Verification:
    """Check every byte of every generation. Raises IndexMissing where there is none."""
    numbers = generations(index_dir)
    if not numbers:
        raise IndexMissing(f"No index in {index_dir}. Build it: python -m index build{index_option(index_dir)}")
    number = current(index_dir)
    damaged = [damage for each in numbers for damage in check(index_dir / folder_name(each), each)]
    if number not in numbers:
        damaged.insert(0, Damage(CURRENT, "It names no generation that is here."))
    return Verification(number if number is not None else numbers[0], not damaged, tuple(damaged))


def _stale(manifest: Manifest, folder: Path) -> tuple[Change, ...]:
    articles = Path(manifest.articles)
    store = Store(folder / ARTICLES_FILE)
    if not os.access(articles, os.R_OK):
        return tuple(Change(each.id, "deleted") for each in store.files())
    try:
        found = (entry for entry in scan(articles) if isinstance(entry, Found))
        return changes(found, store.files(), manifest.failures)
    except BuildRefused:
        if articles.is_dir():  # its articles.toml is no good: then nothing can be told of its documents
            raise
        return changes((), store.files(), manifest.failures)
