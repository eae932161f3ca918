"""The documents on the disk and those of the last generation go in; what is to be done with each comes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import attrgetter

from index.generation import Failure
from index.report import Change, DocumentStatus
from index.scan import Found
from index.store import StoredFile


@dataclass(frozen=True, slots=True)
class Planned:
    """A document that is not as it was, and what happened to it since the last generation."""

    found: Found
    status: DocumentStatus

    @property
    def id(self) -> str:
        """The document's id now."""
        return self.found.id


@dataclass(frozen=True)
class Comparison:
    """What differs from the last generation, each in the order of ids; what is unchanged is only counted.

    `gone` are the documents of the last generation that are no longer on the disk; `renamed` are the ids of those that
    are there under another name.
    """

    unchanged: int
    planned: tuple[Planned, ...]
    gone: tuple[StoredFile, ...]
    renamed: frozenset[str]


def compare(found: Iterable[Found], stored: Iterable[StoredFile]) -> Comparison:
    """Tell by content which documents are new, changed, renamed or unchanged; both come in the order of their ids."""
    unchanged = 0
    differing: list[tuple[Found, DocumentStatus]] = []
    gone: list[StoredFile] = []
    for here, before in _paired(found, stored):
        if here and before and here.digest == before.file_digest:
            unchanged += 1
        elif here:
            differing.append((here, "changed" if before else "new"))
        elif before:
            gone.append(before)
    planned, renamed = _find_renamed(differing, gone)
    return Comparison(unchanged, planned, tuple(gone), renamed)


def changes(
    found: Iterable[Found], stored: Iterable[StoredFile], failures: Iterable[Failure] = ()
) -> tuple[Change, ...]:
    """Tell which documents are no longer as indexed; both come in the order of their ids, and so do the changes.

    A document that failed and is still the same, or is not there, is not among them.
    """
    refused = {each.path: each.file_digest for each in failures}
    differing: list[Change] = []
    for here, before in _paired(found, stored):
        if here and refused.get(here.id) == here.digest:
            here = None
        if here and not before:
            differing.append(Change(here.id, "new"))
        elif here and before and here.digest != before.file_digest:
            differing.append(Change(here.id, "changed"))
        elif before and not here and before.id not in refused:
            differing.append(Change(before.id, "deleted"))
    return tuple(differing)


def _paired(found: Iterable[Found], stored: Iterable[StoredFile]) -> Iterator[tuple[Found | None, StoredFile | None]]:
    """Bring the two of each id together, holding no more than one of each."""
    for _, pair in groupby(merge(found, stored, key=attrgetter("id")), key=attrgetter("id")):
        here: Found | None = None
        before: StoredFile | None = None
        for each in pair:
            if isinstance(each, Found):
                here = each
            elif isinstance(each, StoredFile):
                before = each
        yield here, before


def _find_renamed(
    differing: list[tuple[Found, DocumentStatus]], gone: list[StoredFile]
) -> tuple[tuple[Planned, ...], frozenset[str]]:
    """A new document with the digest of one that is gone is that one, renamed."""
    by_digest = {each.file_digest: each.id for each in gone}
    planned: list[Planned] = []
    renamed: set[str] = set()
    for here, status in differing:
        if status == "new" and here.digest in by_digest:
            renamed.add(by_digest.pop(here.digest))
            status = "renamed"
        planned.append(Planned(here, status))
    return tuple(planned), frozenset(renamed)
