"""The values of the index: an article as read, and the passages that are windows on it."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field, fields

MAX_HEADING = 500  # characters of a heading that are embedded with the passages below it
DOUBTFUL = ", doubtful"  # ends the provenance of what the document does not state for certain
FILE_NAME = "file name"  # the provenance of a title that the document itself does not state


@dataclass(frozen=True)
class Span:
    """A half-open range of Python code points of an article's text."""

    start: int
    end: int


@dataclass(frozen=True)
class Provenance:
    """Where each metadatum was found ("front matter", "byline", "heading", …); "" where the metadatum is empty."""

    title: str = ""
    author: str = ""
    publisher: str = ""
    published: str = ""
    url: str = ""

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The names of the metadata that the document does not state for certain."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name).endswith(DOUBTFUL))


@dataclass(frozen=True)
class Article:
    """One document as read. `id` is its path below the articles folder; `text` never changes after reading.

    `published` is an ISO date of any precision ("2016", "2016-09", "2016-09-12") or "". `headings` and `asides` are
    spans of `text`; asides (reference lists, navigation, bylines) can be found but are never quoted. `pages` holds the
    offset at which each page begins, for documents that have pages.
    """

    id: str
    text: str
    title: str = ""
    author: str = ""
    publisher: str = ""
    published: str = ""
    url: str = ""
    headings: tuple[Span, ...] = ()
    asides: tuple[Span, ...] = ()
    pages: tuple[int, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def text_digest(self) -> str:
        """The sha256 of the text in UTF-8, in hexadecimal; two files with the same are duplicates."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def words(self, span: Span) -> str:
        """The words that stand in a span of the text."""
        return self.text[span.start : span.end]

    def page(self, offset: int) -> int | None:
        """The number, from 1, of the page that holds `offset`; None for a document without pages."""
        if not self.pages:
            return None
        return sum(1 for start in self.pages if start <= offset)


@dataclass(frozen=True)
class Passage:
    """A window on an article: `text` is a slice of it, so a quote cannot differ from its article.

    `sentences` are the sentences that may be quoted, as spans of the article's text, in order; a reference list has
    none. `also` holds the ids of other articles with exactly the same passage.
    """

    article: Article
    start: int
    end: int
    sentences: tuple[Span, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words of the passage."""
        return self.article.text[self.start : self.end]

    @property
    def section(self) -> str:
        """The nearest heading above the passage; "" where there is none."""
        headings = self.article.headings
        above = bisect_right(headings, self.start, key=lambda span: span.end)
        return self.article.words(headings[above - 1])[:MAX_HEADING] if above else ""

    @property
    def heading(self) -> str:
        """The title of the article and the nearest heading above the passage: what a reader knows when reading it.

        A file's name is no title here: renaming a file must not change what is embedded.
        """
        title = "" if self.article.provenance.title == FILE_NAME else self.article.title
        nearest = self.section
        return nearest if nearest.startswith(title) else f"{title}. {nearest}".rstrip(". ")
