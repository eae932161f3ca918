"""A number as it is written out goes in, its value comes out: "twenty-five" is 25, "an" is 1."""

from __future__ import annotations

import re

ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
VALUES = {name: n for n, name in enumerate(ONES, 1)} | {name: 10 * n for n, name in enumerate(TENS, 2)}
WRITTEN = rf"(?:(?:{'|'.join(TENS)})[- ](?:{'|'.join(ONES[:9])})|{'|'.join(VALUES)})"
COUNT = rf"(?:\d{{1,3}}|an?|{WRITTEN})"  # of days, weeks or years


def value_of(number: str) -> int:
    """The value of a number in digits or words; that of "a", "an" and "the" is 1."""
    if number.isdecimal():
        return int(number)
    return sum(VALUES.get(part, 1) for part in re.split("[- ]", number.casefold()))
