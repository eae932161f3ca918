"""A text and the day it was published on go in; the days that it names come out, also where it only points at them.

Understood: "19 September 2016", "September 19", "in September", "2016", "spring 2016", "early September", "the last
week of 2016", and, where the day of publication is known, "yesterday", "on Monday", "last month", "three days ago".
"The next day" and "two weeks later" count from the date named last before them.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from index.reading.datestamp import MONTH_NAMES, MONTHS
from qa.query.counting import COUNT, value_of

WEEKDAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the month in which each begins
UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}  # days; "a month later" is not meant to the day
SLACK = {"day": 0, "week": 1, "month": 10, "year": 90}  # days by which what is counted in such units may be off

FEW, MONTH = 10, 31  # days

# "may" is a month only with a capital letter.
OTHER_MONTHS = "|".join(name for name in MONTH_NAMES if name != "May")
_MONTH = rf"(?:(?i:{OTHER_MONTHS})|May|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
A_YEAR = r"(?:1[89]\d\d|20\d\d)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_PART = (
    r"(?i:early|mid|late|(?:the )?(?:beginning|start|middle|end) of"
    r"|(?:the )?(?:first|last|final) (?:week|days) (?:of|in))"
)
PATTERN = re.compile(
    rf"\b(?P<iso>{A_YEAR}-\d\d-\d\d)\b"
    rf"|(?:\b(?P<part>{_PART})[ -])?(?:"
    rf"\b(?P<d1>{_DAY})(?: of)? (?P<m1>{_MONTH}),?(?: (?P<y1>{A_YEAR}))?\b"
    rf"|\b(?P<m2>{_MONTH}) (?P<d2>{_DAY})\b(?:,? (?P<y2>{A_YEAR})\b)?"
    rf"|\b(?P<m3>{_MONTH})(?:,?(?: of)? (?P<y3>{A_YEAR}))?(?!\w)"
    rf"|\b(?P<season>(?i:spring|summer|autumn|winter)|(?i:fall)(?= of)) (?:of )?(?P<ys>{A_YEAR})\b"
    rf"|\b(?P<y>{A_YEAR})\b)"
    rf"|\b(?P<near>(?i:yesterday|today|tonight))\b"
    rf"|\b(?:(?i:on|last|late|early|since|until|by) )(?P<weekday>(?i:{'|'.join(WEEKDAYS)}))\b"
    rf"|\b(?i:(?P<this>last|this) (?P<span>week|month|year))\b"
    rf"|\b(?P<ago>(?i:{COUNT})) (?P<ago_unit>(?i:day|week|month|year))s? (?i:ago)\b"
    rf"|\b(?P<later>(?i:{COUNT})) (?P<later_unit>(?i:day|week|month|year))s? (?P<way>(?i:later|earlier|afterwards))\b"
    rf"|\b(?i:the (?P<next>next|following|same|previous) (?P<next_unit>day|week|month|year))\b"
    rf"|\b(?P<that>(?i:the day (?:after|before)|that (?:same )?day))\b"
)


@dataclass(frozen=True)
class Days:
    """A span of days, both ends inclusive."""

    first: date
    last: date

    def meets(self, other: Days) -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last

    @property
    def length(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1

    def moved(self, days: int, slack: int = 0) -> Days:
        """The span so many days later, wider by `slack` on both sides."""
        return Days(_later(self.first, days - slack), _later(self.last, days + slack))


def days_in(text: str, published: str = "") -> tuple[Days, ...]:
    """The days that one text names, in its order."""
    return days_of([text], published)[0]


def days_of(sentences: Iterable[str], published: str = "") -> list[tuple[Days, ...]]:
    """The days that each sentence of a passage names. `published` is an ISO date of any precision, "" if unknown."""
    reader = _Reader(published)
    return [tuple(reader.read(sentence)) for sentence in sentences]


def nearness(asked: tuple[Days, ...], told: tuple[Days, ...]) -> int:
    """How a text stands to a day or week asked for: 1 where it tells of it, -1 where only of others, else 0."""
    narrow = [each for each in asked if each.length <= FEW]
    near = [each for each in told if each.length <= MONTH]
    if not narrow or not near:
        return 0
    return 1 if any(one.meets(other) for one in narrow for other in near) else -1


def apart(asked: tuple[Days, ...], told: tuple[Days, ...]) -> bool:
    """Whether a text tells of days, and of none that was asked for."""
    return bool(asked and told) and not any(one.meets(other) for one in asked for other in told)


class _Reader:
    """Reads sentence after sentence and remembers the days named last, from which later ones may be counted."""

    def __init__(self, published: str) -> None:
        self._now = date.fromisoformat(published) if re.fullmatch(r"\d{4}-\d\d-\d\d", published) else None
        self._last: Days | None = None

    def read(self, sentence: str) -> Iterable[Days]:
        for match in PATTERN.finditer(sentence):
            try:
                days = self._days(match)
            except ValueError:  # the thirtieth of February
                continue
            if days is not None:
                self._last = days
                yield days

    def _days(self, match: re.Match[str]) -> Days | None:
        if match["iso"]:
            return _day(date.fromisoformat(match["iso"]))
        if match["near"] or match["weekday"] or match["this"] or match["ago"]:
            return self._from_now(match)
        if match["later"] or match["next"] or match["that"]:
            return self._from_last(match)
        days = self._named(match)
        return _part(match["part"].casefold(), days) if days and match["part"] else days

    def _named(self, match: re.Match[str]) -> Days | None:
        if match["season"]:
            begins = date(int(match["ys"]), SEASONS[match["season"].casefold()], 1)
            return Days(begins, _month(begins.year + begins.month // 11, (begins.month + 1) % 12 + 1).last)
        name = match["m1"] or match["m2"] or match["m3"]
        if not name:
            return Days(date(int(match["y"]), 1, 1), date(int(match["y"]), 12, 31))
        month = MONTHS[name.casefold().rstrip(".")]
        year = self._year(match["y1"] or match["y2"] or match["y3"], month)
        day = re.match(r"\d+", match["d1"] or match["d2"] or "")
        if year is None:
            return None
        return _day(date(year, month, int(day[0]))) if day else _month(year, month)

    def _year(self, named: str | None, month: int) -> int | None:
        """The year named; else that of the date before; else the last one in which the month had come."""
        if named:
            return int(named)
        if self._last is not None:
            return self._last.first.year
        return None if self._now is None else self._now.year - (month > self._now.month)

    def _from_now(self, match: re.Match[str]) -> Days | None:
        if self._now is None:
            return None
        if match["near"]:
            return _day(_later(self._now, -(match["near"].casefold() == "yesterday")))
        if match["weekday"]:
            return _day(_later(self._now, -((self._now.weekday() - WEEKDAYS[match["weekday"].casefold()]) % 7)))
        if match["ago"]:
            return _counted(_day(self._now), match["ago"], match["ago_unit"], -1)
        return _whole(self._now, match["span"].casefold(), match["this"].casefold() == "last")

    def _from_last(self, match: re.Match[str]) -> Days | None:
        if self._last is None:
            return None
        if match["later"]:
            back = match["way"].casefold() == "earlier"
            return _counted(self._last, match["later"], match["later_unit"], -1 if back else 1)
        if match["that"]:
            that = match["that"].casefold()
            return self._last.moved(("after" in that) - ("before" in that))
        way = {"same": 0, "previous": -1}.get(match["next"].casefold(), 1)
        return _counted(self._last, "1", match["next_unit"], way) if way else self._last


def _counted(start: Days, count: str, unit: str, way: int) -> Days:
    return start.moved(way * value_of(count) * UNITS[unit.casefold()], SLACK[unit.casefold()])


def _part(part: str, days: Days) -> Days:
    """The part of a month or year: its first or last third, or week, or its middle."""
    length = (days.last - days.first).days + 1
    size = timedelta(days=6 if "week" in part or "days" in part else length // 3)
    part = part.removeprefix("the ")
    if part.startswith(("early", "beginning", "start", "first")):
        return Days(days.first, days.first + size)
    if part.startswith(("late", "end", "last", "final")):
        return Days(days.last - size, days.last)
    return Days(days.first + size, days.last - size)


def _whole(now: date, unit: str, is_last: bool) -> Days:
    """This or the last week, month or year."""
    if unit == "week":
        monday = now - timedelta(days=now.weekday() + 7 * is_last)
        return Days(monday, monday + timedelta(days=6))
    if unit == "month":
        day = now.replace(day=1) - timedelta(days=1) if is_last else now
        return _month(day.year, day.month)
    return Days(date(now.year - is_last, 1, 1), date(now.year - is_last, 12, 31))


def _day(day: date) -> Days:
    return Days(day, day)


def _month(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _later(day: date, days: int) -> date:
    """The day so many days later, kept within what a date can tell."""
    ordinal = min(max(day.toordinal() + days, date(MINYEAR, 1, 1).toordinal()), date(MAXYEAR, 12, 31).toordinal())
    return date.fromordinal(ordinal)
