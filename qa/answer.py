"""The values of an answer: what was found (Hit), what is quoted (Citation), and the whole (Answer)."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.article import Passage, Provenance, Span


@dataclass(frozen=True)
class Hit:
    """A passage that was found.

    `score` orders hits, higher is better; ranks count from 1, None where one search missed it; `cosine` is that of the
    query's and the passage's vectors, -1 to 1.
    """

    passage: Passage
    score: float
    dense_rank: int | None
    lexical_rank: int | None
    cosine: float


@dataclass(frozen=True)
class Why:
    """Why a quotation was chosen.

    `words` are those of the query that its passage, or a heading above, holds; ranks and `cosine` are its hit's;
    `reads` is how surely, 0 to 1, the judge reads its best sentence as an answer, rather than nothing in the passage.
    """

    words: tuple[str, ...]
    dense_rank: int | None
    lexical_rank: int | None
    cosine: float
    reads: float


@dataclass(frozen=True)
class Around:
    """What stands around a quotation: `before` and `after` in its passage, `earlier` and `later` beyond it."""

    before: str = ""
    after: str = ""
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True)
class Citation:
    """One contiguous run of whole sentences of one article: `article.text[start:end] == quote`, always.

    `number` is the n of its [n] mark, from 1. `article` is the article's id; `page` is None where there are no pages;
    `stale` says that the file has changed or gone since it was indexed; `also` holds the ids of other articles with the
    very same passage or, of those read, with the very words quoted. `repeats` is the number of an earlier citation, of
    another article, that says the same; `differs` that it gives other figures than one of another article. `marks` are
    the words that answer, as spans of the article. `doubtful` names the metadata ("published", …) that the document
    does not state for certain; `provenance` tells where each was found. `text_digest` is the sha256 of the article's
    text. `speaker` is who says the words, where they do not tell it themselves, as in an interview;
    `section` is the nearest heading above them.
    """

    number: int
    quote: str
    article: str
    title: str
    author: str
    publisher: str
    published: str
    url: str
    start: int
    end: int
    page: int | None
    stale: bool
    also: tuple[str, ...]
    repeats: int | None = None
    differs: bool = False
    marks: tuple[Span, ...] = ()
    doubtful: tuple[str, ...] = ()
    why: Why | None = None
    around: Around = field(default_factory=Around)
    provenance: Provenance = field(default_factory=Provenance)
    text_digest: str = ""
    speaker: str = ""
    section: str = ""


@dataclass(frozen=True)
class Answer:
    """The reply to one question.

    `query` is what was searched for; `coverage` is "full", "partly" or "none", and `missing`, where it is partly, names
    what of the query no passage quoted from holds, and which of several questions asked in one nothing answers (with
    its "?"). `confidence` is the probability, 0 to 1, that the articles answer the question, of several the least
    likely of those answered. `text` holds the quotes in “”, each followed by its [n]; when nothing
    answers (`found` is False) it says so, and what is missing where that can be told, and `citations` is empty.
    `passages` are the hits in final order, best first, also when nothing answers. `generation` names the index that
    answered; `seconds` is the time it took.
    """

    id: str
    question: str
    query: str
    found: bool
    coverage: str
    confidence: float
    text: str
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    generation: int
    seconds: float
    missing: tuple[str, ...] = ()
