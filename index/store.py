"""Articles and passages go into one SQLite file, and come out of it by id and by row."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Passage, Provenance, Span
from index.errors import IndexDamaged
from index.filters import Filters

SCHEMA = """
create table article (id text primary key, file_digest text not null, text_digest text not null, title text not null,
    author text not null, publisher text not null, published text not null, url text not null, text text not null,
    headings text not null, asides text not null, pages text not null, provenance text not null) without rowid;
create table passage (row integer not null, article text not null, start integer not null, end integer not null,
    sentences text not null, primary key (article, start)) without rowid;
create table row_text (row integer primary key, digest blob not null);
"""
COLUMNS = "id, text, title, author, publisher, published, url, headings, asides, pages, provenance"
SUMMARY = (
    "id, file_digest, text_digest, title, published, length(text), (select count(*) from passage where article = id)"
)
# Lists go in as JSON, however long they are. "~" comes after every digit: "2016" ends after "2016-12-31".
ROWS = "select distinct row from passage where article in (select value from json_each(?)) order by row"
PASSING = """select id, publisher, author, title from article
    where (?1 = '' or (published != '' and substr(published || '~~~~~~~~~~', 1, 10) >= ?1))
    and (?2 = '' or (published != '' and published <= ?2))
    and (?3 = '[]' or publisher in (select value from json_each(?3)))
    and (?4 = '[]' or id in (select value from json_each(?4)))"""
AT_A_TIME = 1000  # rows of a long list


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What the index knows of a document's file: the digest of its bytes and of the text read from it."""

    id: str
    file_digest: str
    text_digest: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build must know of an article that it does not read again."""

    file: StoredFile
    title: str
    published: str
    characters: int
    passages: int

    @property
    def id(self) -> str:
        """The article's id."""
        return self.file.id


@dataclass(frozen=True)
class Place:
    """Where a passage's text stands: an article's id, the range, and the sentences in it that may be quoted."""

    article: str
    start: int
    end: int
    sentences: tuple[Span, ...]


class StoreWriter:
    """Writes a new store; nothing can be read from it before `finish`."""

    def __init__(self, file: Path) -> None:
        with _as_os_error():
            self._file = sqlite3.connect(file, isolation_level=None)
            self._file.executescript("pragma journal_mode=off; pragma synchronous=off;" + SCHEMA)
            self._file.execute("begin")

    def add(self, article: Article, stored: StoredFile, passages: Iterable[tuple[int, Passage]]) -> None:
        """Add an article with its passages, each with its row."""
        values = (
            article.id, stored.file_digest, stored.text_digest, article.title, article.author, article.publisher,
            article.published, article.url, article.text, _spans_json(article.headings), _spans_json(article.asides),
            json.dumps(article.pages), json.dumps(astuple(article.provenance)),
        )  # fmt: skip
        rows = [(row, article.id, each.start, each.end, _spans_json(each.sentences)) for row, each in passages]
        with _as_os_error():
            self._file.execute(f"insert into article values ({','.join('?' * len(values))})", values)
            self._file.executemany("insert into passage values (?,?,?,?,?)", rows)

    def name_row(self, row: int, digest: bytes) -> None:
        """Remember the digest of what was embedded for `row`."""
        with _as_os_error():
            self._file.execute("insert into row_text values (?,?)", (row, digest))

    def finish(self) -> None:
        """Commit and close the file."""
        with _as_os_error():
            self._file.execute("commit")
            self._file.execute("create index passage_row on passage (row, article)")
            self._file.close()


@contextmanager
def _as_os_error() -> Iterator[None]:
    """A full disk is one kind of error, whichever library meets it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise OSError(f"SQLite says: {error}") from error


class Store:
    """An opened store, read only; safe from several threads."""

    def __init__(self, file: Path) -> None:
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        self._name = f"{file.parent.name}/{file.name}"
        self._lock = threading.Lock()
        try:
            self._file = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def article(self, id: str) -> Article:
        """Return an article; raises KeyError where there is none of that id."""
        try:
            rows = self._rows(f"select {COLUMNS} from article where id = ?", id)
        except UnicodeEncodeError:  # a name that is no text names no article
            rows = []
        if not rows:
            raise KeyError(id)
        return _article(rows[0])

    def articles(self) -> Iterator[Article]:
        """Yield every article in the order of their ids."""
        return (self.article(str(id)) for (id,) in self._by_id("id"))

    def files(self) -> Iterator[StoredFile]:
        """Yield what is known of every document's file, in the order of their ids."""
        return (StoredFile(*row) for row in self._by_id("id, file_digest, text_digest"))

    def summaries(self) -> Iterator[Summary]:
        """Yield what a build must know of every article, in the order of their ids."""
        return (_summary(row) for row in self._by_id(SUMMARY))

    def summary(self, id: str) -> Summary | None:
        """Return what a build must know of an article; None where there is none of that id."""
        rows = self._rows(f"select {SUMMARY} from article where id = ?", id)
        return _summary(rows[0]) if rows else None

    def repeated_texts(self) -> dict[str, str]:
        """Return the id of the first article of each text that several have, by the text's digest."""
        query = "select text_digest, min(id) from article group by text_digest having count(*) > 1"
        return {str(digest): str(id) for digest, id in self._rows(query)}

    def passages(self, article: Article) -> list[Passage]:
        """Return the passages of an article, in order."""
        found = self._rows("select start, end, sentences from passage where article = ? order by start", article.id)
        return [Passage(article, start, end, _spans(spans)) for start, end, spans in found]

    def file_digest(self, id: str) -> str:
        """The digest of the file as it was indexed; "" where there is none of that id."""
        rows = self._rows("select file_digest from article where id = ?", id)
        return str(rows[0][0]) if rows else ""

    def places(self, row: int) -> list[Place]:
        """Return where the text of `row` stands, in the order of the articles' ids."""
        found = self._rows(
            "select article, start, end, sentences from passage where row = ? order by article, start", row
        )
        return [Place(id, start, end, _spans(spans)) for id, start, end, spans in found]

    def rows_of(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Return the rows of all passages of the articles named, in order."""
        found = self._rows(ROWS, json.dumps(list(ids)))
        return np.array([row for (row,) in found], dtype=np.int64)

    def ids(self, filters: Filters) -> frozenset[str]:
        """Return the ids of the articles that pass."""
        last = filters.before and filters.before.ljust(10, "~")
        any_of = (json.dumps(filters.publishers), json.dumps(filters.articles))
        found = self._rows(PASSING, filters.after, last, *any_of)
        word = " ".join(filters.source.split()).casefold()
        return frozenset(row[0] for row in found if not word or any(word in name.casefold() for name in row))

    def cards(self) -> list[Article]:
        """Return every article with its metadata, without its text and the places in it, in the order of their ids."""
        return [
            Article(id, "", title, author, publisher, published, url, provenance=_provenance(provenance))
            for id, title, author, publisher, published, url, provenance in self._rows(
                "select id, title, author, publisher, published, url, provenance from article order by id"
            )
        ]

    def row_digests(self) -> dict[bytes, int]:
        """Return the row of every embedded text by its digest."""
        return {bytes(digest): int(row) for row, digest in self._rows("select row, digest from row_text")}

    def _by_id(self, columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield these columns of every article in the order of ids, which come first, some at a time."""
        query = f"select {columns} from article where id > ? order by id limit {AT_A_TIME}"
        rows = self._rows(query, "")
        while rows:
            yield from rows
            rows = self._rows(query, rows[-1][0])

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._file.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def _damaged(self, error: sqlite3.Error) -> IndexDamaged:
        return IndexDamaged(f"{self._name} is damaged: {error}. Build the index anew.")


def _summary(row: tuple[Any, ...]) -> Summary:
    return Summary(StoredFile(*row[:3]), *row[3:])


def _article(row: tuple[Any, ...]) -> Article:
    id, text, title, author, publisher, published, url, headings, asides, pages, provenance = map(str, row)
    return Article(
        id, text, title, author, publisher, published, url, _spans(headings), _spans(asides),
        tuple(json.loads(pages)), _provenance(provenance),
    )  # fmt: skip


@lru_cache(1000)  # many articles have the same
def _provenance(text: str) -> Provenance:
    return Provenance(*json.loads(text))


def _spans_json(spans: Iterable[Span]) -> str:
    return json.dumps([(span.start, span.end) for span in spans])


def _spans(text: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(text))
