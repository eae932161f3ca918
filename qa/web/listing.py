"""An index and how its folder stands go in; a row for each document comes out, searched, sorted and cut into pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from index.article import Article
from index.generation import Failure, Manifest
from index.store import Summary
from qa.web.watching import Standing

PAGE = 50  # rows shown at once
LONGEST_SEARCH = 200  # characters
State = Literal["indexed", "duplicate", "failed", "changed", "new", "deleted"]
COLUMNS = ("title", "author", "publisher", "published", "passages", "state")
STATES: Mapping[State, str] = {
    "indexed": "indexed",
    "duplicate": "duplicate",
    "failed": "failed",
    "changed": "changed since",
    "new": "new, not yet indexed",
    "deleted": "deleted since",
}
UNSEEN = ("name_not_encodable", "permission_denied")  # such a document is not looked for on the disk


class Library(Protocol):
    """What a list needs of an open index."""

    @property
    def manifest(self) -> Manifest:
        """What is known of the generation."""

    def cards(self) -> Sequence[Article]:
        """The metadata of all articles, by id."""

    def summaries(self) -> Iterable[Summary]:
        """Digests and sizes of all articles, by id."""


@dataclass(frozen=True)
class Row:
    """One document; `remark` says why it failed or what it duplicates, `is_readable` whether its article is indexed."""

    id: str
    title: str
    state: State = "indexed"
    author: str = ""
    publisher: str = ""
    published: str = ""
    doubtful: tuple[str, ...] = ()
    passages: int = 0
    remark: str = ""
    is_readable: bool = True


@dataclass(frozen=True)
class Wish:
    """What a reader wants to see: words, a state, the column to sort by, and which page, from 1."""

    words: str = ""
    state: str = ""
    column: str = "title"
    is_descending: bool = False
    page: int = 1


@dataclass(frozen=True)
class Cut:
    """The rows of one page, how many there are on all pages, and which page of how many this is."""

    rows: tuple[Row, ...]
    found: int
    page: int
    pages: int


def wish(words: str, state: str, column: str, direction: str, page: str) -> Wish:
    """A wish from what an address says; what it cannot mean is left out."""
    return Wish(
        " ".join(words[:LONGEST_SEARCH].split()),
        state if state in STATES else "",
        column if column in COLUMNS else "title",
        direction == "desc",
        int(page) if re.fullmatch(r"[1-9]\d{0,8}", page, re.ASCII) else 1,
    )


def list_documents(library: Library, standing: Standing) -> tuple[Row, ...]:
    """A row for each document that is indexed, failed, or has changed in the folder since."""
    manifest = library.manifest
    known = standing.stale if standing.generation == manifest.generation else ()
    since = {each.path: each.change for each in known}
    failed = {each.path: each for each in manifest.failures}
    rows = [_indexed(card, each.passages, failed.get(card.id), since.get(card.id, ""), same)
            for card, each, same in _with_duplicates(library)]  # fmt: skip
    here = {row.id for row in rows}
    rows += [_failed(each, since, Path(manifest.articles)) for each in failed.values() if each.path not in here]
    rows += [Row(id, _name(id), "new", is_readable=False) for id in since if id not in here and id not in failed]
    return tuple(rows)


def cut(rows: Iterable[Row], wanted: Wish) -> Cut:
    """The rows that hold every word, in the order wanted; what is unknown comes last in either direction."""
    words = wanted.words.casefold().split()
    found = [row for row in rows if _fits(row, words, wanted.state)]
    found.sort(key=lambda row: (row.title.casefold(), row.id))
    found.sort(key=lambda row: _key(row, wanted.column), reverse=wanted.is_descending)
    found.sort(key=lambda row: getattr(row, wanted.column) in ("", 0))
    pages = max(1, -(-len(found) // PAGE))
    page = min(wanted.page, pages)
    return Cut(tuple(found[(page - 1) * PAGE : page * PAGE]), len(found), page, pages)


def _with_duplicates(library: Library) -> Iterable[tuple[Article, Summary, str]]:
    """Every article with the id of the first that has the same text, "" for that one itself."""
    first: dict[str, str] = {}
    for card, summary in zip(library.cards(), library.summaries(), strict=True):
        same = first.setdefault(summary.file.text_digest, card.id)
        yield card, summary, same if same != card.id else ""


def _indexed(card: Article, passages: int, failure: Failure | None, change: str, same: str) -> Row:
    state: State = "duplicate" if same else "indexed"
    remark = f"The same text as {same}." if same else ""
    if failure is not None:
        state, remark = "failed", _why(failure)
    if change:
        state = "deleted" if change == "deleted" else "changed"
    return Row(
        card.id, card.title or _name(card.id), state, card.author, card.publisher, card.published,
        card.provenance.doubtful, passages, remark,
    )  # fmt: skip


def _failed(failure: Failure, since: Mapping[str, str], folder: Path) -> Row:
    state: State = "changed" if failure.path in since else "failed"
    if failure.reason not in UNSEEN and _is_gone(folder / failure.path):
        state = "deleted"
    return Row(failure.path, _name(failure.path), state, remark=_why(failure), is_readable=False)


def _why(failure: Failure) -> str:
    return f"{failure.reason}: {failure.detail}"


def _is_gone(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _name(id: str) -> str:
    return id.rpartition("/")[2]


def _fits(row: Row, words: Sequence[str], state: str) -> bool:
    if state and row.state != state:
        return False
    told = "\n".join((row.title, row.author, row.publisher, row.published, row.id, STATES[row.state], row.remark))
    return all(word in told.casefold() for word in words)


def _key(row: Row, column: str) -> str | int:
    value = getattr(row, column)
    return value.casefold() if isinstance(value, str) else int(value)
