"""A date as people and programs write it goes in, the same as ISO comes out; "" for what is no date or could be two."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

MONTH_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
               "November", "December")  # fmt: skip
FULL = {name.casefold(): number for number, name in enumerate(MONTH_NAMES, 1)}
MONTHS = FULL | {name[:3]: number for name, number in FULL.items()} | {"sept": 9}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
TIME = r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s*[ap]\.?m\.?)?(?:\s*\(?[A-Z]{2,5}\)?)?)?"
YEARLESS = re.compile(
    rf"{WEEKDAY}(?:\d{{1,2}}(?:st|nd|rd|th)?\.? (?:{MONTH})|(?:{MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?)\.?", re.IGNORECASE
)
LABEL = r"(?:(?:first\s+)?(?:published|posted|date|on)(?:\s+(?:on|at))?:?\s+)?"
FORMS = tuple(
    re.compile(f"{LABEL}{WEEKDAY}{form}{TIME}", re.IGNORECASE)
    for form in (
        rf"(?P<month>{MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?P<month>{MONTH})\.?,?\s+(?P<year>\d{{4}})",
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",  # with dots the day always stands first
    )
)
SLASHED = re.compile(r"(?:date:?\s+|published:?\s+)?(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.IGNORECASE)
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:?\d\d.*|(\d{4})(\d\d)(\d\d)(?:T?\d{6}Z?)?", re.DOTALL)
PARTIAL = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")
FIRST_YEAR = 1450  # nothing was printed before
LONGEST = 80  # characters


def iso_date(text: str) -> str:
    """Return a date written in full as ISO ("Apr 6, 2017" gives "2017-04-06"); "" for anything else."""
    plain = " ".join(text.split())
    if not plain or len(plain) > LONGEST:
        return ""
    for form in FORMS:
        if match := form.fullmatch(plain):
            month = match["month"].lower()
            return _valid(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
    match = SLASHED.fullmatch(plain)
    return _slashed(*map(int, match.groups())) if match else ""


def stated_date(text: str) -> str:
    """Return what a file states as its date: a full date, also with a time behind it, or a year or month alone."""
    plain = text.strip()
    if match := PARTIAL.fullmatch(plain):
        return plain if _is_year(int(match[1])) else ""
    if match := TIMESTAMP.fullmatch(plain[:LONGEST]):
        return iso_date(match[1] or "-".join(match.groups()[1:]))
    return iso_date(plain)


def _slashed(first: int, second: int, year: int) -> str:
    """3/4/2017 is two different days to two different people: a date only where one of the numbers is no month."""
    if first == second or second > 12:
        return _valid(year, first, second)
    return _valid(year, second, first) if first > 12 else ""


def _valid(year: int, month: int, day: int) -> str:
    try:
        found = date(year, month, day)
    except ValueError:
        return ""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return found.isoformat() if _is_year(year) and found <= tomorrow else ""


def _is_year(year: int) -> bool:
    return FIRST_YEAR <= year <= datetime.now(UTC).year + 1
