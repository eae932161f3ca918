"""A query goes in, the same query with the days that it asks about comes out, also those it counts from an event.

"What happened the day after the convoy was bombed?": the articles themselves are asked when the convoy was bombed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from index.filters import Filters
from index.opening import Index
from qa.confidence import ENOUGH
from qa.evidence.timing import days_told
from qa.judge import JUDGED_HITS, judge
from qa.query.conversation import Query, standing_alone
from qa.query.counting import COUNT, value_of
from qa.query.dates import MONTH, SLACK, UNITS, Days, days_in
from qa.retrieval import search

ALL = Filters()
EVENT = re.compile(
    rf"\b(?:(?P<count>the|{COUNT}) (?P<unit>day|week|month|year)s? )?"
    r"(?P<way>after|before|following|since)"
    r" (?P<event>(?!all\b|that\b|this\b|it\b|then\b|being\b|\w+ing\b)[^,?]{4,}?)(?=[,?]|$)",
    re.IGNORECASE,
)


def with_days(query: Query, index: Index, filters: Filters = ALL, *, as_typed: bool = False) -> Query:
    """Find the days that a query asks about; days that were counted are searched for too, and shown thereby.

    Only what passes the `filters` tells when an event was. `as_typed` leaves what is searched for as it is.
    """
    event = None if as_typed else EVENT.search(query.known)
    if event and (days := _counted(event, index, filters)):
        text = query.text if not event["unit"] else _with_date(query.text, days)
        return replace(query, text=text, days=(days,), is_anchored=True)
    found = days_in(query.known)
    text = query.text if as_typed or len(found) != 1 else _with_date(query.text, found[0])
    return replace(query, text=text, days=found)


def _counted(event: re.Match[str], index: Index, filters: Filters) -> Days | None:
    """The days after or before an event, by as much as is said; None where the articles do not tell its date."""
    named = days_in(event["event"])
    start = named[0] if named else _when(event["event"], index, filters)
    if start is None:
        return None
    way = -1 if event["way"].casefold() == "before" else 1
    if not event["unit"]:
        # "After 2016" is not in 2016, but what came after an event may have come on its day.
        is_within = not named or event["way"].casefold() == "since"
        first, last = (start.first, start.last) if is_within else (start.moved(1).last, start.moved(-1).first)
        return Days(date.min, last) if way < 0 else Days(first, date.max)
    unit = event["unit"].casefold()
    return start.moved(way * value_of(event["count"]) * UNITS[unit], SLACK[unit])


def _when(event: str, index: Index, filters: Filters) -> Days | None:
    """The day of an event, as the articles tell it; one that took longer than a month is no day to count from."""
    asked = f"when was {event}?"
    judgement = judge(standing_alone(asked), search(asked, JUDGED_HITS, index, filters), index)
    if judgement.confidence < ENOUGH:
        return None
    best = judgement.sentences[0]
    days = days_told(best.hit.passage)[best.span]
    return next((each for each in days if each.length <= MONTH), None)


def _with_date(text: str, days: Days) -> str:
    """The text with a day, or the month that the days lie in, where it does not name them itself."""
    first = days.first
    if (first.year, first.month) != (days.last.year, days.last.month):
        return text
    month = f"{first:%B} {first.year}"
    if month.casefold() in text.casefold() or (f"{first:%B}".casefold() in text.casefold() and str(first.year) in text):
        return text
    return f"{text} ({first.day} {month})" if first == days.last else f"{text} ({month})"
