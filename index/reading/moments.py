"""Blocks of text go in; lines of nothing but a day or a time, as chronicles and live blogs have them, become headings.

What stands below such a line is of that day or time: a heading tells it, and is never quoted for an answer itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from index.reading.block import Block
from index.reading.datestamp import MONTH, WEEKDAY, iso_date

FEWEST = 2  # such lines of a text: a single one is the day on which it came out
MOST_WORDS = 4  # of a day: "Monday, 4 May 2020"
LEVEL = 6  # of a day's heading; the deepest, so that it ends no section
CLOCK = r"(?:[01]?\d|2[0-3])[.:][0-5]\d(?:\s*[ap]\.?m\.?)?(?:\s*\(?[A-Z]{2,4}\)?)?"
BETWEEN = " ,–—-:·|"  # a day and a time, or around them
YEARLESS = re.compile(
    rf"{WEEKDAY}(?:\d{{1,2}}(?:st|nd|rd|th)?\.? (?:{MONTH})|(?:{MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?)", re.IGNORECASE
)


def head_by_moments(blocks: tuple[Block, ...], others: Collection[int]) -> tuple[Block, ...]:
    """Make each line of a day or a time a heading, or the beginning of the heading that follows it.

    `others` are the numbers of blocks that are metadata.
    """
    places = [number for number, block in enumerate(blocks) if number not in others and _is_moment(block)]
    if len(places) < FEWEST:
        return blocks
    headed: list[Block] = []
    for number, block in enumerate(blocks):
        before = headed[-1] if headed and number - 1 in places else None
        if before and block.kind == "heading":
            headed[-1] = _joined(before, block)
        else:
            headed.append(replace(block, kind="heading", level=LEVEL) if number in places else block)
    return tuple(headed)


def is_moment(text: str) -> bool:
    """Whether a line is nothing but a day, a time, or both: "15 March 2024", "06.15", "4 May, 10:20 am"."""
    plain = text.strip(BETWEEN)
    day = re.sub(rf"^{CLOCK}(?!\d)|(?<!\d){CLOCK}$", "", plain, count=1, flags=re.IGNORECASE).strip(BETWEEN)
    return bool(plain) and any(not each or bool(iso_date(each) or YEARLESS.fullmatch(each)) for each in (day, plain))


def begins_with_day(heading: str) -> bool:
    """Whether a heading is of a day: "15 March 2024", "4 May, 10.20 The bridge is closed"."""
    first = heading.split()[:MOST_WORDS]
    starts = (" ".join(first[:count]).strip(",:") for count in range(2, len(first) + 1))
    return any(is_moment(each) for each in starts if re.search(MONTH, each, re.IGNORECASE))


def _is_moment(block: Block) -> bool:
    return block.kind in ("paragraph", "aside") and not block.level and is_moment(block.text)


def _joined(moment: Block, heading: Block) -> Block:
    moved = len(moment.text) + 1
    breaks = moment.breaks + tuple(at + moved for at in heading.breaks)
    return replace(heading, text=f"{moment.text} {heading.text}", breaks=breaks)
