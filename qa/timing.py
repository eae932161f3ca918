"""A passage and a query go in; the days that its sentences tell of, and whether others were asked for, come out."""

from __future__ import annotations

import re
from functools import lru_cache

from index.article import Article, Passage, Span
from index.words import words
from qa.conversation import Query
from qa.dates import Days, apart, days_of
from qa.need import YEAR, Need, dates_in, disagrees, years

ARTICLES = 64  # whose years are remembered
# "after the truce", "the day before the truce"
SIDE = re.compile(r"\b(?:(before)|after|since|following) (?:(?:the|that|this|its|their) )?([\w’'-]+)", re.IGNORECASE)


def days_told(passage: Passage) -> dict[Span, tuple[Days, ...]]:
    """The days that each sentence of a passage names, also those it counts from the ones before or from publication.

    Where it is not known when the article was published, the headings above may tell the year of "20 September".
    """
    article, spans = passage.article, passage.sentences
    published = "" if "published" in article.provenance.doubtful else article.published
    _, *told = days_of(["" if published else passage.heading, *(article.words(span) for span in spans)], published)
    return dict(zip(spans, told, strict=True))


def other_date(query: Query, need: Need, article: Article, sentence: str, told: tuple[Days, ...]) -> int:
    """How far a sentence tells of another date than asked: 1 of other days; 2 of other years, or its article does.

    `told` are the days of the sentence. Names of months and years do not count where days were counted. What came
    before the event asked about did not come after it.
    """
    if _is_on_other_side(query.known, sentence):
        return 1
    if query.is_anchored:
        return int(apart(query.days, told))
    asked, named = years(need.dates), dates_in(sentence)
    of_years = years(named) or _years_of(article)
    if asked and of_years and not asked & of_years:
        return 2
    return int(disagrees(need.dates, named) or apart(query.days, told))


def _is_on_other_side(question: str, sentence: str) -> bool:
    asked = _sides(question)
    told = _sides(sentence) if asked else frozenset()
    return any((not is_before, event) in told for is_before, event in asked) and not asked & told


def _sides(text: str) -> frozenset[tuple[bool, str]]:
    """The events that a text names one side of, each with whether that is before it."""
    return frozenset((bool(match[1]), stem) for match in SIDE.finditer(text) for stem in words(match[2])[:1])


@lru_cache(ARTICLES)
def _years_of(article: Article) -> frozenset[str]:
    """The years that an article names, that of its publication, and the one before, which it may call the last."""
    published = int(article.published[:4]) if YEAR.fullmatch(article.published[:4]) else None
    around = () if published is None else (str(published), str(published - 1))
    return frozenset({*YEAR.findall(f"{article.title} {article.text}"), *around})
