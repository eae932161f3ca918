"""The values that tell of an index: what a build did, how an index stands, what verifying found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.encode import EncoderCard
from index.generation import Damage, Failure

DocumentStatus = Literal["new", "changed", "renamed", "deleted", "unchanged", "failed", "duplicate"]


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What became of one document; `reason` is a reason code and `detail` one sentence where it was not indexed."""

    path: str
    status: DocumentStatus
    reason: str = ""
    detail: str = ""
    title: str = ""
    published: str = ""
    characters: int = 0
    passages: int = 0


@dataclass(frozen=True)
class Report:
    """What a build did. `embedded` counts the passages whose text was new; `documents` come in the order of paths."""

    generation: int
    new: int
    changed: int
    renamed: int
    deleted: int
    unchanged: int
    duplicate: int
    failed: int
    passages: int
    embedded: int
    seconds: float
    documents: Sequence[DocumentReport]


@dataclass(frozen=True)
class Change:
    """A document whose file is no longer as indexed: "new", "changed" or "deleted"."""

    path: str
    change: Literal["new", "changed", "deleted"]


@dataclass(frozen=True)
class Status:
    """How an index stands; `built` is an ISO time in UTC, `bytes` its size on the disk.

    `failures` are the documents that could not be indexed, as they were at the last build.
    """

    generation: int
    built: str
    articles: str
    index: str
    encoder: EncoderCard
    documents: int
    passages: int
    bytes: int
    stale: tuple[Change, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Verification:
    """What checking every byte of an index found."""

    generation: int
    ok: bool
    damaged: tuple[Damage, ...]
