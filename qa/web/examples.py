"""The articles of an index go in, a few questions that they are known to answer come out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from index.article import Article
from index.errors import QuotedError
from index.filters import Filters
from qa.web.conversation import Asker
from qa.web.panel import Library

EXAMPLES = 4
TRIED = 12  # questions asked to find four that are answered
SURE = 0.85  # confidence of an answer that is worth showing first
LONGEST_TITLE = 80

# Each belongs to one seed article and is shown only while that article is in the index.
SEED_QUESTIONS = {
    "strategic-partners-against-terrorism.md": "Why did the September 2016 truce fail?",
    "khan-sheikhoun-game-changer.md": "Did the attack on Khan Sheikhoun change Russia's calculations?",
    "no-talks-before-aleppo-falls.md": "Why does Russia want Aleppo to fall before talks?",
    "us-russia-statement-remains-flawed.md": "What is wrong with the statement of Da Nang?",
}


def written_questions(library: Library) -> tuple[str, ...]:
    """The questions that were written for articles at hand."""
    ids = {article.id for article in library.cards()}
    return tuple(question for id, question in SEED_QUESTIONS.items() if id in ids)[:EXAMPLES]


def possible_questions(articles: Sequence[Article]) -> Iterator[tuple[str, Article]]:
    """Questions made from titles and authors, one article after the other, each with the article it is about."""
    some = [each for each in _spread(articles) if each.title and each.id not in SEED_QUESTIONS]
    for make in (_by_author, _by_title):
        yield from ((make(each), each) for each in some)


@dataclass
class Examples:
    """Asks possible questions in the background, once for each generation, and keeps those that are well answered.

    `ready` returns when questions can be asked.
    """

    ask: Asker
    ready: Callable[[], None]
    _generation: int = field(default=0, init=False)
    _known: tuple[str, ...] = field(default=(), init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def of(self, library: Library) -> tuple[str, ...]:
        """Questions to begin with; those found so far, and fewer than four where the articles answer no more."""
        written, generation = written_questions(library), library.manifest.generation
        with self._lock:
            if generation != self._generation and len(written) < EXAMPLES:
                self._generation, self._known = generation, ()
                threading.Thread(target=self._find, args=(generation, library.cards()), daemon=True).start()
            return tuple(dict.fromkeys(written + self._known))[:EXAMPLES]

    def _find(self, generation: int, articles: Sequence[Article]) -> None:
        self.ready()
        told: set[str] = set()
        for question, article in islice(possible_questions(articles), TRIED):
            if len(told) >= EXAMPLES or self._generation != generation:
                return
            if article.id not in told and self._is_answered(question, article):
                told.add(article.id)
                with self._lock:
                    self._known += (question,) if self._generation == generation else ()

    def _is_answered(self, question: str, article: Article) -> bool:
        """Whether it is answered from the article that it is about, surely and in full."""
        try:
            answer = self.ask(question, [], False, Filters())
        except QuotedError:
            return False
        is_sure = answer.confidence >= SURE and answer.coverage == "full"
        return is_sure and answer.citations[0].article == article.id


def _by_author(article: Article) -> str:
    asked = f"What does {article.author} say" if article.author else "What is said"
    return f"{asked} about “{_title(article)}”" + ("" if article.title.endswith("?") else "?")


def _by_title(article: Article) -> str:
    return _title(article).rstrip("?.!") + "?"


def _title(article: Article) -> str:
    return article.title if len(article.title) <= LONGEST_TITLE else article.title[:LONGEST_TITLE].rstrip() + "…"


def _spread(articles: Sequence[Article]) -> Iterable[Article]:
    """Some articles from all over the list, so that a folder sorted by name does not show four of a kind."""
    return articles[:: max(1, len(articles) // (TRIED // 2))][: TRIED // 2]
