"""Articles go in one by one, a whole generation's files come out: text, vectors and words, each text embedded once."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.article import Article, Passage
from index.embedded import EmbeddedFile
from index.encode import Encoder, Vectors
from index.opening import Index
from index.places import ARTICLES_FILE, VECTORS_FILE, WORDS_FOLDER
from index.split import split
from index.store import StoredFile, StoreWriter
from index.vectors import write_vectors
from index.words import WordIndexWriter

CHUNK = 256  # texts embedded at a time; between chunks progress is told and Ctrl-C heard


class Draft:
    """A generation being written in a folder of its own.

    A vector is taken from `before`, an index by the same encoder, or from `embedded`, where one of the two has it.
    No text and no vector is held in memory beyond one chunk; of each passage there remain two digests and a number.
    """

    def __init__(self, folder: Path, encoder: Encoder, before: Index | None, embedded: EmbeddedFile) -> None:
        self._folder = folder
        self._encoder = encoder
        self._before = before
        self._known = before.row_digests() if before else {}
        self._kept = embedded
        self._store = StoreWriter(folder / ARTICLES_FILE)
        self._words = WordIndexWriter(folder / WORDS_FOLDER)
        self._rows: dict[bytes, int] = {}
        self._sources = array("q")  # of each row: its row in `before`, or -1 - its record in `embedded`
        self._waiting: list[tuple[int, bytes, str]] = []
        self.embedded = 0  # passages whose text was new

    @property
    def rows(self) -> int:
        """The number of different passages so far."""
        return len(self._rows)

    def add(self, article: Article, file_digest: str, passages: Sequence[Passage] | None = None) -> int:
        """Add an article with its passages, split anew where None is given; returns how many it has."""
        if passages is None:
            passages = split(article, self._encoder.count)
        placed = [(self._row(passage), passage) for passage in passages]
        self._store.add(article, StoredFile(article.id, file_digest, article.text_digest), placed)
        if len(self._waiting) >= CHUNK:
            self._embed()
        return len(passages)

    def finish(self) -> None:
        """Embed what is left and write every file."""
        self._embed()
        self._words.finish()
        self._store.finish()
        write_vectors(self._folder / VECTORS_FILE, self._encoder.card.dimension, self.rows, self._vectors())

    def _row(self, passage: Passage) -> int:
        """Return the row of a passage's text; only exactly equal texts share one, embedded under its first heading."""
        text = passage.text
        row = self._rows.get(_digest(text))
        if row is not None:
            return row
        row = self._rows[_digest(text)] = len(self._rows)
        heading = passage.heading
        embedded = f"{heading}\n{text}"
        self._sources.append(self._source(row, _digest(embedded), embedded))
        self._words.add(row, text, heading)
        self._store.name_row(row, _digest(embedded))
        return row

    def _source(self, row: int, digest: bytes, text: str) -> int:
        before, record = self._known.get(digest), self._kept.find(digest)
        if before is not None:
            return before
        if record is not None:
            return -1 - record
        self._waiting.append((row, digest, text))
        return 0

    def _embed(self) -> None:
        for start in range(0, len(self._waiting), CHUNK):
            chunk = self._waiting[start : start + CHUNK]
            vectors = self._encoder.encode([text for _, _, text in chunk])
            records = self._kept.append([digest for _, digest, _ in chunk], vectors)
            for (row, _, _), record in zip(chunk, records, strict=True):
                self._sources[row] = -1 - record
            self.embedded += len(chunk)
        self._waiting.clear()

    def _vectors(self) -> Iterator[Vectors]:
        for start in range(0, self.rows, CHUNK):
            sources = np.array(self._sources[start : start + CHUNK], dtype=np.int64)
            vectors = np.empty((len(sources), self._encoder.card.dimension), dtype=np.float32)
            old = sources >= 0
            if self._before and old.any():
                vectors[old] = self._before.vectors(sources[old])
            for place in np.flatnonzero(~old):
                vectors[place] = self._kept.vector(-1 - int(sources[place]))
            yield vectors


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()
