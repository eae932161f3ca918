"""A topic and hits go in; the articles that tell of it come out, and whether a sentence does."""

from __future__ import annotations

from collections.abc import Iterable

from index.article import Passage, Span
from index.words import words
from qa.answer import Hit

MAX_ARTICLES = 5  # each is quoted with a sentence, and two passages of each are read


def articles_mentioning(topic: str, hits: Iterable[Hit]) -> tuple[frozenset[str], ...]:
    """The articles of which a sentence mentions a topic, the nearest first."""
    found = (
        hit.passage.article.id
        for hit in hits
        if any(mentions(topic, hit.passage, sentence) for sentence in hit.passage.sentences)
    )
    return tuple(frozenset({id}) for id in list(dict.fromkeys(found))[:MAX_ARTICLES])


def mentions(topic: str, passage: Passage, sentence: Span) -> bool:
    """Whether a sentence of a passage holds every word of a topic."""
    return set(words(passage.article.text[sentence.start : sentence.end])).issuperset(words(topic))
