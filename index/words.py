"""Passage texts go into a lexical index, rows ranked by BM25 come out; the only module that imports tantivy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.vectors import Ranked

WRITER_BYTES = 64_000_000  # memory of the writer before it spills to the disk
MAX_EDITS = 2  # of a misspelt word; tantivy allows no more
MAX_TERMS = 64  # of one query; a longer question is cut
ANALYZER = "quoted_en"
# Written in lower case "US" would be a stop word, and who asks about the one may read of the other.
NATION = re.compile(
    r"\b(?:(?P<us>U\. ?S\b(?!\. ?S\. ?R)(?:\. ?A\b)?\.?|USA?\b|United States(?: of America)?\b)"
    r"|U\. ?K\b\.?|UK\b|United Kingdom\b)"
)
# Two words for one thing, of which a question and an article often use different ones. Every text goes through it: it
# begins with letters, not with their boundary, because that is sought twice as fast.
TRUCE = re.compile(r"[cC](?<!\w[cC])(?i:ease(?:[-‐‑–]|\s+)?fires?)\b")


class WordIndexWriter:
    """Writes a lexical index into an empty folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        with _as_os_error():
            index = tantivy.Index(_schema(), path=str(folder))
            index.register_tokenizer(ANALYZER, _analyzer())
            self._writer = index.writer(WRITER_BYTES, num_threads=1)

    def add(self, row: int, text: str, heading: str) -> None:
        """Add the passage of `row`; the headings above it are searched too."""
        document = tantivy.Document(text=_indexed(text), heading=_indexed(heading))
        document.add_unsigned("row", row)
        with _as_os_error():
            self._writer.add_document(document)

    def finish(self) -> None:
        """Commit; after this the folder can be opened."""
        with _as_os_error():
            self._writer.commit()
            self._writer.wait_merging_threads()
        _remove_locks(self._folder)


def _remove_locks(folder: Path) -> None:
    """Nothing is written to what is published, so nothing need be locked; of another's lock there might be no right."""
    for lock in folder.glob("*.lock"):
        with suppress(OSError):
            lock.unlink()


@contextmanager
def _as_os_error() -> Iterator[None]:
    """tantivy tells of a full disk by a ValueError."""
    try:
        yield
    except ValueError as error:
        raise OSError(f"The lexical index says: {error}") from error


class WordIndex:
    """An opened lexical index. Searching is safe from several threads."""

    def __init__(self, folder: Path) -> None:
        try:
            self._open(folder)
        except ValueError:  # also where the folder may not be written: tantivy wants to put a lock there
            self._links = TemporaryDirectory(prefix="quoted-words-", ignore_cleanup_errors=True)
            for file in (each for each in folder.iterdir() if each.suffix != ".lock"):
                Path(self._links.name, file.name).symlink_to(file.absolute())
            self._open(Path(self._links.name))

    def search(self, query: str, k: int, rows: NDArray[np.int64] | None = None) -> list[Ranked]:
        """Return the `k` best rows (of `rows` where given) for the words of `query`, by BM25.

        The query is never parsed: quotes, brackets and AND are words like any other.
        """
        terms = words(query)[:MAX_TERMS]
        if not terms or (rows is not None and not len(rows)):
            return []
        wanted = self._query(terms)
        if rows is not None:
            allowed = tantivy.Query.term_set_query(self._schema, "row", [int(row) for row in rows])
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Must, wanted), (tantivy.Occur.Must, allowed)])
        found = self._searcher.search(wanted, limit=k, count=False).hits
        ranked = [Ranked(self._searcher.doc(address)["row"][0], float(score)) for score, address in found]
        return sorted(ranked, key=lambda each: (-each.score, each.row))

    def _open(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._index.register_tokenizer(ANALYZER, _analyzer())
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        _remove_locks(folder)

    def frequency(self, term: str) -> int:
        """The number of passages that hold `term`, one of those that `words` gives."""
        return int(self._searcher.doc_freq("text", term))

    def is_known(self, term: str) -> bool:
        """Tell whether any passage or heading holds `term`, one of those that `words` gives."""
        return any(self._searcher.doc_freq(field, term) for field in ("text", "heading"))

    def rows_like(self, term: str, k: int) -> list[int]:
        """Return at most `k` rows that hold a term within MAX_EDITS edits of `term`, in their text or headings."""
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.fuzzy_term_query(self._schema, field, term, distance=MAX_EDITS))
            for field in ("text", "heading")
        ]
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), limit=k, count=False).hits
        return [self._searcher.doc(address)["row"][0] for _, address in found]

    def _query(self, terms: Iterable[str]) -> tantivy.Query:
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, field, term))
            for term in terms
            for field in ("text", "heading")
        ]
        return tantivy.Query.boolean_query(clauses)


def words(text: str) -> list[str]:
    """The words of a text as they are searched: lower case, without accents and stop words, stemmed."""
    return list(_ANALYZER.analyze(_with_nations(TRUCE.sub("truce", text))))


def _indexed(text: str) -> str:
    """The text with each ceasefire named as a truce too; its own name stays, for who misspells that."""
    return _with_nations(TRUCE.sub(r"\g<0> truce", text))


def _with_nations(text: str) -> str:
    """The text with each of the two nations that are mostly abbreviated under one name."""
    return NATION.sub(lambda match: "usa" if match["us"] else "uk", text)


def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in (
        tantivy.Filter.remove_long(64),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.custom_stopword(QUESTION_WORDS.split()),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(each)
    return builder.build()


# Words of questions that say nothing of their subject, beside the engine's own short list of English stop words.
QUESTION_WORDS = (
    "what who whom whose when where why how which did does do doing done was were has have had having been being am is "
    "are can could should would will shall may might must about any some from so than too very s t i me my you your he "
    "she his her its our ours we them us also tell say says said according"
)
_ANALYZER = _analyzer()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=True, indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name=ANALYZER)
    builder.add_text_field("heading", tokenizer_name=ANALYZER)
    return builder.build()
