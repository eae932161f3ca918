"""A passage and a query go in; the days that its sentences tell of, and whether others were asked for, come out."""

from __future__ import annotations

import re
from functools import lru_cache

from index.article import Article, Passage, Span
from index.reading.moments import begins_with_day
from index.words import words
from qa.query.conversation import Query
from qa.query.dates import FEW, MONTH, Days, apart, days_of
from qa.query.need import YEAR, Need, dates_in, disagrees, years

UNDATED = 0.75  # how far a sentence of no day may be of another, where it is asked what happened on one
ARTICLES = 64  # whose years are remembered
# "after the truce", "the day before the truce"
SIDE = re.compile(r"\b(?:(before)|after|since|following) (?:(?:the|that|this|its|their) )?([\w’'-]+)", re.IGNORECASE)


def days_told(passage: Passage) -> dict[Span, tuple[Days, ...]]:
    """The days that each sentence of a passage names, also those it counts from the ones before or from publication.

    Where it is not known when the article was published, the headings above may tell the year of "20 September". Below
    a heading of a day, as a chronicle has them, what names none is of that.
    """
    article, spans = passage.article, passage.sentences
    published = "" if "published" in article.provenance.doubtful else article.published
    is_headed = begins_with_day(passage.section)
    above = passage.section if is_headed else "" if published else passage.heading
    headed, *told = days_of([above, *(article.words(span) for span in spans)], published)
    return {span: days or (headed if is_headed else ()) for span, days in zip(spans, told, strict=True)}


def days_in_force(told: dict[Span, tuple[Days, ...]]) -> dict[Span, tuple[Days, ...]]:
    """The days that each sentence names, as `told` in their order; for one that names none, those named last before."""
    last: tuple[Days, ...] = ()
    in_force = {}
    for span, days in told.items():
        last = tuple(each for each in days if each.length <= MONTH) or last
        in_force[span] = days or last
    return in_force


def other_date(
    query: Query, need: Need, article: Article, sentence: str, told: tuple[Days, ...], in_force: tuple[Days, ...] = ()
) -> float:
    """How far a sentence tells of another date than asked: 1 of other days; 2 of other years, or its article does.

    `told` are the days of the sentence, `in_force` those named last before it, which are its own where it is asked what
    happened on a day or in a week that was counted. Names of months and years do not count where days were counted.
    What came before the event asked about did not come after it.
    """
    if _is_on_other_side(query.known, sentence):
        return 1
    if query.is_anchored:
        of = told or in_force
        return (UNDATED if not of else apart(query.days, of)) if is_of_days(query) else apart(query.days, told)
    asked, named = years(need.dates), dates_in(sentence)
    of_years = years(named) or _years_of(article)
    if asked and of_years and not asked & of_years:
        return 2
    return int(disagrees(need.dates, named) or apart(query.days, told))


def is_of_days(query: Query) -> bool:
    """Whether a query asks of a day or a week that was counted from an event."""
    return query.is_anchored and all(each.length <= FEW for each in query.days)


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
