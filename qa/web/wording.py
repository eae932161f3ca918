"""Bare values (dates, numbers, names) go in, the words that people read come out."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from urllib.parse import quote

from index import terminal
from index.article import Span
from index.filters import Filters
from index.reading.datestamp import MONTH_NAMES

OLD = 31  # days, from which on a moment is told by its date
MAX_ALSO = 20  # other quotations that an address carries
NONE: Mapping[str, str] = {}
NAMED = 3  # publishers or articles named in a sentence; the rest are counted
ISO_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def escape(text: str) -> str:
    """Text as HTML that shows exactly that text, also inside an attribute."""
    return html.escape(text, quote=True)


def day(date: str) -> str:
    """An ISO date of any precision as a person writes it: "6 April 2017", "April 2017", "2017"."""
    found = ISO_DATE.match(date)
    if found is None or int(found[2] or 1) not in range(1, 13):
        return date
    year, month, day_of_month = found.groups()
    named = month and MONTH_NAMES[int(month) - 1]
    return " ".join(filter(None, (day_of_month and str(int(day_of_month)), named, year)))


def minute(moment: str) -> str:
    """An ISO date and time as "22 November 2026, 15:30 UTC"; the zone is named because the reader's may differ."""
    clock = re.search(r"T(\d\d:\d\d)", moment)
    if clock is None:
        return day(moment)
    zone = " UTC" if re.search(r"(Z|[+-]00:?00)$", moment) else ""
    return f"{day(moment)}, {clock[1]}{zone}"


def age(moment: str, now: datetime) -> str:
    """How long ago an ISO moment was, as people say it; of what is older than a month, the moment itself."""
    try:
        is_old = (now - datetime.fromisoformat(moment)).days >= OLD
    except (ValueError, TypeError):
        return minute(moment)
    return minute(moment) if is_old else terminal.age(moment, now)


def byline(author: str, publisher: str, published: str) -> str:
    """Who said it, where and when, as one line; what is unknown is left out."""
    return " · ".join(filter(None, (author, publisher, day(published))))


def only(filters: Filters, titles: Mapping[str, str] = NONE) -> str:
    """Which articles were asked: "Only articles from Coast News, since May 2021"; "" for all.

    Articles are named by what `titles` has for their ids, else by the ids.
    """
    if not filters:
        return ""
    named = [f"“{' '.join(titles[id].split())}”" if titles.get(id) else id for id in filters.articles]
    which = f"Only {one_of(named)}" if named else "Only articles"
    which += f" from {one_of(filters.publishers)}" if filters.publishers else ""
    which += f" with “{filters.source}”" if filters.source else ""
    since = f"since {day(filters.after)}" if filters.after else ""
    until = f"until {day(filters.before)}" if filters.before else ""
    when = " ".join(filter(None, (since, until)))
    return f"{which}{' ' if which == 'Only articles' else ', '}{when}" if when else which


def one_of(names: Sequence[str]) -> str:
    """A choice in words: "a", "a or b", "a, b or 4 others"."""
    shown = [*names] if len(names) <= NAMED else [*names[: NAMED - 1], count(len(names) - NAMED + 1, "other")]
    return " or ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


SUREST = 0.99  # that is shown: nothing is certain


def confidence(probability: float) -> str:
    """How sure it is that the articles answer, in a word and a number."""
    word = "high" if probability >= 0.85 else "fair" if probability >= 0.6 else "low"
    return f"confidence {word} ({min(probability, SUREST):.0%})"


def took(seconds: float) -> str:
    """A duration as people read it."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def count(number: int, thing: str) -> str:
    """A number and its noun: "1 article", "2,400 articles"."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def article_address(article: str, start: int, end: int, also: Iterable[Span] = (), words: str = "") -> str:
    """The address of the reading view with a range marked, and with the answer's `also` other quotations from there.

    By the `words` of the range the view knows them again when the article has changed. An id may hold any character a
    file name may hold.
    """
    page = f"/article/{quote(article, safe='/')}"
    others = (span for span in also if span != Span(start, end))
    told = "".join(f"&also={span.start}-{span.end}" for span in islice(others, MAX_ALSO))
    known = f"&words={fingerprint(words)}" if words else ""
    return f"{page}?from={start}&to={end}{known}{told}#mark" if start < end else page


def fingerprint(words: str) -> str:
    """What words are known by in an address: the first twelve hexadecimal digits of their sha256."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:12]


def file_address(article: str) -> str:
    """The address of an article's original file."""
    return f"/file/{quote(article, safe='/')}"


def anchor(answer: str, number: int) -> str:
    """The id of an evidence card, which the [n] of the answer points to."""
    return f"cite-{re.sub(r'[^A-Za-z0-9-]', '', answer)}-{number}"
