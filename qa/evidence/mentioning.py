"""A topic and hits go in; those that mention it come out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from index.article import Passage, Span
from index.words import words
from qa.answer import Hit
from qa.evidence.naming import is_kin
from qa.query.need import telling_words
from qa.query.sources import HITS_OF_SOURCE

MAX_ARTICLES = 5  # each is quoted with a sentence
STEM, ENDING = 4, 3  # letters of a word of the same family, at least, and of what the other has more, at most


def hits_mentioning(topic: str, hits: Iterable[Hit]) -> list[Hit]:
    """The hits of which a sentence mentions a topic, a few of each of the nearest articles; best first."""
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        if any(mentions(topic, hit.passage, sentence) for sentence in hit.passage.sentences):
            found.setdefault(hit.passage.article.id, []).append(hit)
    return [hit for of_article in list(found.values())[:MAX_ARTICLES] for hit in of_article[:HITS_OF_SOURCE]]


def mentions(topic: str, passage: Passage, sentence: Span) -> bool:
    """Whether a sentence of a passage holds every word of a topic, or one of its family: "failure", "fail"."""
    held = set(words(passage.article.words(sentence)))
    return all(term in held or any(_are_family(term, each) for each in held) for term in telling_words(topic))


@lru_cache(10_000)
def _are_family(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    is_longer_form = len(short) >= STEM and long.startswith(short) and len(long) - len(short) <= ENDING
    return is_longer_form or is_kin(one, other)
