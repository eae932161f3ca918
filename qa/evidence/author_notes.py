"""An article goes in, the notes in it that tell who its authors are come out: of what it is about they tell nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from index.article import Article, Span
from index.reading.names import IS_ONE, ROLES
from index.split import PARAGRAPH
from index.words import words
from qa.evidence.naming import NAME_OR_NUMBER
from qa.query.sources import AUTHORS

OTHER_WORDS = 3  # of a question about an author, at most; "Why is the institute's author surprised …?" holds more
ARTICLES = 64  # whose notes are remembered
OPENING = 80  # characters of a note in which the author is named
NOTE = re.compile(rf"\b{IS_ONE}", re.IGNORECASE)
# Questions that such a note answers.
ASKS_FOR_IT = re.compile(
    r"\b(?:(?:who|what)(?:’s|'s| is| are| was| were)|tell me (?:more )?about) (?-i:[A-Z])"
    r"|\b(?:works?|working|job|role|background|stud(?:y|ied)|authors?|institut\w+|affiliat\w+|biograph\w+|fields?|degrees?"
    rf"|speciali\w+|ph\.?d|(?:{ROLES})s?)\b",
    re.IGNORECASE,
)


def is_beside_the_point(question: str, article: Article, span: Span) -> bool:
    """Whether a sentence stands in a note about an author of its article, and nothing is asked about that one.

    Where the question names somebody or something, the note must name it too.
    """
    note = next((each for each in _notes(article) if each.start <= span.start < each.end), None)
    if note is None:
        return False
    told = set(words(article.words(note)))
    named = {stem for name in NAME_OR_NUMBER.findall(question) for stem in words(name)[-1:]}
    is_of_others = bool(named) and named.isdisjoint(told)
    return is_of_others or not ASKS_FOR_IT.search(question) or _others(question, told) > OTHER_WORDS


def _others(question: str, told: set[str]) -> int:
    """How many words of a question a note does not hold, but for those that ask who somebody is."""
    return len(set(words(ASKS_FOR_IT.sub(" ", question))) - told)


@lru_cache(ARTICLES)
def _notes(article: Article) -> tuple[Span, ...]:
    """The paragraphs that begin with an author and what he or she is."""
    surnames = [name.split()[-1] for name in AUTHORS.split(article.author) if name.split()]
    return tuple(
        Span(match.start(), match.end())
        for match in PARAGRAPH.finditer(article.text)
        if any(name in match[0][:OPENING] for name in surnames) and NOTE.search(match[0])
    )
