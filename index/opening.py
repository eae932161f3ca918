"""An index folder goes in, an Index that is verified and ready to search comes out."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Passage
from index.correct import NONE, corrections
from index.encode import Encoder, Vectors, load_encoder
from index.errors import BuildRefused, EncoderUnavailable, IndexDamaged, IndexMismatch, IndexMissing
from index.filters import Filters
from index.find_model import encoder_digest
from index.generation import CURRENT, Damage, Manifest, check, current, folder_name, in_turn, read_manifest
from index.places import ARTICLES_FILE, VECTORS_FILE, WORDS_FOLDER, default_index_dir
from index.reading.block import Unreadable
from index.reading.read import SUFFIXES
from index.rebuilding import index_option, rebuild
from index.remember import Remembering
from index.scan import read_bytes
from index.store import Store, StoredFile, Summary
from index.vectors import Ranked, VectorFile
from index.words import WordIndex

DATED = Filters(after="0001")  # lets every article with a date pass
FILTERS = 4  # whose articles are remembered; of 100,000 articles that all pass 13 MB each
# Remembered, for what a question finds is read again to be judged and quoted; of the longest texts that are read 80 MB.
ARTICLES = 16


class Index:
    """One generation, opened; it never changes. Safe from several threads."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.generation = manifest.generation
        self.folder = folder
        self._store = Store(folder / ARTICLES_FILE)
        self._vectors = VectorFile(folder / VECTORS_FILE)
        self._words = WordIndex(folder / WORDS_FOLDER)
        # Nothing of a generation changes: a conversation asks with the same filters again and again.
        self._ids = lru_cache(FILTERS)(self._store.ids)
        self._rows_of = lru_cache(FILTERS)(self._store.rows_of)
        self._article = lru_cache(ARTICLES)(self._store.article)
        self._vectors_of = Remembering(lambda texts: self._encoder().encode(texts))
        self._vectors_of_questions = Remembering(lambda texts: self._encoder().encode_questions(texts))

    def encode(self, texts: list[str]) -> Vectors:
        """Return unit vectors, shape (n, dimension), of passages or sentences. Raises IndexMismatch."""
        return self._vectors_of.encode(texts)

    def encode_questions(self, questions: list[str]) -> Vectors:
        """Return unit vectors, shape (n, dimension), of questions, to compare with passages. Raises IndexMismatch."""
        return self._vectors_of_questions.encode(questions)

    def dense(self, vector: Vectors, k: int, rows: NDArray[np.int64] | None = None) -> list[Ranked]:
        """Return the `k` rows nearest to a unit vector by cosine, best first."""
        return self._vectors.search(vector, k, rows)

    def cosines(self, vector: Vectors, rows: list[int]) -> list[float]:
        """Return the cosine of a unit vector and that of each of `rows`."""
        return self._vectors.cosines(vector, rows)

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors of `rows`, shape (rows, dimension)."""
        return self._vectors.rows(rows)

    def lexical(self, query: str, k: int, rows: NDArray[np.int64] | None = None) -> list[Ranked]:
        """Return the `k` best rows by BM25, best first."""
        return self._words.search(query, k, rows)

    def frequency(self, term: str) -> int:
        """The number of passages that hold a stemmed term."""
        return self._words.frequency(term)

    def is_known(self, term: str) -> bool:
        """Tell whether any passage or heading holds a stemmed term."""
        return self._words.is_known(term)

    def rows_like(self, term: str, k: int) -> list[int]:
        """Return at most `k` rows that hold a term spelt nearly as `term`."""
        return self._words.rows_like(term, k)

    def passage(self, row: int, ids: frozenset[str] | None = None) -> Passage:
        """Return the passage of a row, from the first of its articles (of `ids` where given), the others in `also`."""
        places = self._store.places(row)
        chosen = next(place for place in places if ids is None or place.article in ids)
        others = (place.article for place in places if place.article != chosen.article)
        also = tuple(dict.fromkeys(id for id in others if ids is None or id in ids))
        return Passage(self._article(chosen.article), chosen.start, chosen.end, chosen.sentences, also)

    def ids(self, filters: Filters) -> frozenset[str]:
        """Return the ids of the articles that pass."""
        return self._ids(filters)

    def has_undated(self) -> bool:
        """Whether any article has no date, so that no filter by dates lets it pass."""
        return len(self.ids(DATED)) < self.manifest.documents

    def rows_of(self, ids: frozenset[str]) -> NDArray[np.int64]:
        """Return the rows of the articles named."""
        return self._rows_of(ids)

    def article(self, id: str) -> Article:
        """Return an article as indexed. Raises KeyError where there is none of that id."""
        return self._article(id)

    def passages(self, article: Article) -> list[Passage]:
        """Return the passages of an article of this index, in order."""
        return self._store.passages(article)

    def articles(self) -> Iterator[Article]:
        """Yield every article in the order of their ids."""
        return self._store.articles()

    def cards(self) -> list[Article]:
        """Return the metadata of every article, with an empty text, in the order of their ids."""
        return self._store.cards()

    def files(self) -> Iterator[StoredFile]:
        """Yield the digests of every document's file as indexed, in the order of their ids."""
        return self._store.files()

    def summaries(self) -> Iterator[Summary]:
        """Yield what a build must know of every document, in the order of their ids."""
        return self._store.summaries()

    def summary(self, id: str) -> Summary | None:
        """Return what a build must know of a document; None where there is none of that id."""
        return self._store.summary(id)

    def repeated_texts(self) -> dict[str, str]:
        """Return the id of the first document of each text that several have, by the text's digest."""
        return self._store.repeated_texts()

    def row_digests(self) -> dict[bytes, int]:
        """Return the row of each passage text by the digest of the text."""
        return self._store.row_digests()

    def is_stale(self, id: str) -> bool:
        """Tell whether the article's file has changed or gone since it was indexed."""
        return self.original(id) is None

    def original(self, id: str) -> bytes | None:
        """Return the bytes of the article's file; None where it has changed or gone since it was indexed."""
        folder = Path(self.manifest.articles)
        try:
            data = read_bytes(folder, id)
            digest = corrections(folder).get(id, NONE).digest(data)
        except (Unreadable, BuildRefused):
            return None
        return data if digest == self._store.file_digest(id) else None

    def check_encoder(self) -> None:
        """Raise IndexMismatch where the encoder of this index is not here as it was; nothing is loaded."""
        with _encoder_missing_is_a_mismatch():
            digest = encoder_digest(self.manifest.encoder.name)
        self._require(digest)

    def _encoder(self) -> Encoder:
        with _encoder_missing_is_a_mismatch():
            encoder = load_encoder(self.manifest.encoder.name)
        self._require(encoder.card.digest)
        return encoder

    def _require(self, digest: str) -> None:
        card = self.manifest.encoder
        if digest != card.digest:
            raise IndexMismatch(
                f"The index was made by another version of the encoder {card.name}. "
                f"{rebuild(self.folder.parent)} --replace"
            )


@contextmanager
def _encoder_missing_is_a_mismatch() -> Iterator[None]:
    try:
        yield
    except EncoderUnavailable as error:
        raise IndexMismatch(f"The index needs its encoder. {error}") from error


def open_index(index_dir: Path | str | None = None) -> Index:
    """Open the newest whole generation; where the current one is damaged, warn and open an older one.

    Raises IndexMissing, IndexDamaged or IndexMismatch (another format).
    """
    folder = Path(index_dir) if index_dir is not None else default_index_dir()
    while True:
        named = current(folder)
        index, damaged = _first_whole(folder)
        # A build may publish, and remove what is being looked at: damage then says nothing.
        if (index and not damaged) or current(folder) == named:
            break
    if index is None and not damaged:
        if _holds_articles(folder):
            raise IndexMissing(f"{folder} holds articles, no index. Give the folder of an index, or none.")
        raise IndexMissing(f"No index in {folder}. Build it: python -m index build{index_option(folder)}")
    if index is None:
        raise IndexDamaged(
            f"No generation in {folder} is whole: {damaged[0].file}: {damaged[0].detail} {rebuild(folder)}"
        )
    _warn(damaged, index, named)
    return index


def _holds_articles(folder: Path) -> bool:
    try:
        return folder.is_dir() and any(each.suffix.lower() in SUFFIXES for each in folder.iterdir())
    except OSError as error:
        raise IndexDamaged(f"{folder} cannot be read: {error.strerror}. Give yourself the right to read it.") from error


def _first_whole(folder: Path) -> tuple[Index | None, list[Damage]]:
    """The first generation that is whole, the current one first, then newest first; and what is wrong with others."""
    damaged: list[Damage] = []
    for number in in_turn(folder):
        place = folder / folder_name(number)
        found = check(place, number)
        if not found:
            try:
                return Index(place, read_manifest(place)), damaged
            except (OSError, RuntimeError, ValueError, IndexDamaged) as error:  # removed since: each library's own word
                found = [Damage(place.name, f"It cannot be opened: {error}.")]
        damaged.extend(found)
    return None, damaged


def _warn(damaged: list[Damage], index: Index, named: int | None) -> None:
    number = index.generation
    why = f"{damaged[0].file} is damaged ({damaged[0].detail})" if damaged else f"{CURRENT} names no generation here."
    if damaged or number != named:
        warnings.warn(f"{why} Generation {number} answers instead. {rebuild(index.folder.parent)}", stacklevel=3)
