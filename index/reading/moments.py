"""Blocks of text go in; lines of nothing but a day or a time, as chronicles and live blogs have them, become headings.

What stands below such a line is of that day or time: a heading tells it, and is never quoted for an answer itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise

from index.reading.block import Block
from index.reading.datestamp import MONTH, YEARLESS, iso_date

FEWEST = 2  # such lines of a text: a single one is the day on which it came out
MANY = 4  # times of which one may begin a new day
MOST_WORDS = 4  # of a day: "Monday, 4 May 2020"
LEVEL = 6  # of a day's heading; the deepest, so that it ends no section
ZONE = r"(?:GMT|UTC|[BI]ST|C?ES?T|EES?T|[ECMP][SD]T|[EP]T|Uhr|hrs?|h)"
# "06.15", "6:15 pm", "10:42 GMT"; "6.15" alone is a price, or a verse.
CLOCK = (
    r"(?:(?:[01]\d|2[0-3])[.:][0-5]\d|\d:[0-5]\d|(?:0?[1-9]|1[0-2])[.:][0-5]\d(?=\s*[ap]\.?m\b))"
    rf"(?:\s*[ap]\.?m\.?)?(?:\s*\(?{ZONE}\)?)?"
)
BETWEEN = " ,–—-:·|"  # a day and a time, or around them
DIGITS = re.compile(r"\d+")


def head_by_moments(blocks: tuple[Block, ...], others: Collection[int]) -> tuple[Block, ...]:
    """Make each line of a day or a time a heading; a time becomes the beginning of the heading that follows it.

    `others` are the numbers of blocks that are metadata. Times alone must follow on each other, or they may be prices.
    """
    places = [number for number in _lines_of_text(blocks) if number not in others and is_moment(blocks[number].text)]
    if len(places) < FEWEST or not _follow_on([blocks[place].text for place in places]):
        return blocks
    headed: list[Block] = []
    for number, block in enumerate(blocks):
        if block.kind == "heading" and number - 1 in places and _has_clock(blocks[number - 1].text):
            headed[-1] = _joined(headed[-1], block)
        else:
            headed.append(replace(block, kind="heading", level=LEVEL) if number in places else block)
    return tuple(headed)


def is_moment(text: str) -> bool:
    """Whether a line is nothing but a day, a time, or both: "15 March 2024", "06.15", "4 May, 10:20 am"."""
    plain = text.strip(BETWEEN)
    day = _without_clock(plain)
    return bool(plain) and any(not each or bool(iso_date(each) or YEARLESS.fullmatch(each)) for each in (day, plain))


def begins_with_day(heading: str) -> bool:
    """Whether a heading is of a day: "15 March 2024", "4 May, 10.20 The bridge is closed"."""
    words = heading.split()
    for count in range(2, min(MOST_WORDS, len(words)) + 1):
        first, behind = " ".join(words[:count]), words[count : count + 1]
        is_named = all(word[0].isupper() for word in words[:count] if word[0].isalpha())
        if is_named and re.search(MONTH, first, re.IGNORECASE) and is_moment(first):
            return not behind or not behind[0][0].islower()  # "5 May be enough" is no day
    return False


def _lines_of_text(blocks: tuple[Block, ...]) -> list[int]:
    """The numbers of the paragraphs that stand in no section aside, and below no question, which they would answer."""
    numbers, is_aside = [], False
    for number, block in enumerate(blocks):
        if block.level:
            is_aside = block.kind == "aside"
        is_answer = number > 0 and blocks[number - 1].text.endswith("?")
        if block.kind in ("paragraph", "aside") and not block.level and not is_aside and not is_answer:
            numbers.append(number)
    return numbers


def _follow_on(moments: list[str]) -> bool:
    """Whether lines name days, or times that rise or fall from one to the next, but for one midnight."""
    if any(_without_clock(each.strip(BETWEEN)) for each in moments):
        return True
    times = [tuple(map(int, DIGITS.findall(each)[:2])) for each in moments]
    rises = [late > early for early, late in pairwise(times)]
    midnights = int(len(times) > MANY)
    return len(set(times)) == len(times) and min(rises.count(True), rises.count(False)) <= midnights


def _without_clock(plain: str) -> str:
    return re.sub(rf"^{CLOCK}(?!\d)|(?<!\d){CLOCK}$", "", plain, count=1, flags=re.IGNORECASE).strip(BETWEEN)


def _has_clock(text: str) -> bool:
    plain = text.strip(BETWEEN)
    return _without_clock(plain) != plain


def _joined(moment: Block, heading: Block) -> Block:
    moved = len(moment.text) + 1
    breaks = moment.breaks + tuple(at + moved for at in heading.breaks)
    return replace(heading, text=f"{moment.text} {heading.text}", breaks=breaks)
