"""The articles' dates and publishers go in; a timeline of them comes out as SVG, with the same figures as a table.

All places are percentages and all text has the size of the page's, so that the plot reads alike on a phone.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from qa.web.wording import count, day, escape

LANES = 8  # publishers shown by name, those with the most articles; the rest share a lane
NAMELESS = "No publisher named"
YEAR, MONTH, DAY = 4, 7, 10  # characters of an ISO date that tell the year, the month, the day
BY_DAY, BY_MONTH = 0.2, 4.0  # years that a plot spans at most to be told by day, by month
LANE, AXIS, LABEL = 48, 26, 16  # heights in pixels
SMALLEST, LARGEST = 4.0, 12.0  # radius of a dot in pixels
MARGIN = 3.0  # percent of the width left free on either side
TICKS, LAST_TICK = 5, 0.88  # how many at most, and where the last may stand, so that its text is not cut


@dataclass(frozen=True)
class Dated:
    """An article's date, an ISO date of any precision or "", and its publisher, or ""."""

    published: str
    publisher: str


@dataclass(frozen=True)
class Dot:
    """Articles of one publisher and one time: where that is, from 0 to 1, and how many they are."""

    when: str
    place: float
    articles: int


@dataclass(frozen=True)
class Lane:
    """The dots of one publisher, in the order of time."""

    publisher: str
    dots: tuple[Dot, ...]

    @property
    def articles(self) -> int:
        """How many they are together."""
        return sum(dot.articles for dot in self.dots)


@dataclass(frozen=True)
class Timeline:
    """The lanes, most articles first, the years at both ends, and how many articles have no date."""

    lanes: tuple[Lane, ...]
    first: float
    last: float
    undated: int


def timeline(articles: Iterable[Dated]) -> Timeline:
    """Sort the articles into lanes and dots."""
    listed = list(articles)
    dated = [each for each in listed if each.published]
    if not dated:
        return Timeline((), 0, 0, len(listed))
    moments = [moment(each.published) for each in dated]
    first, last = _ends(min(moments), max(moments))
    characters = _precision(max(moments) - min(moments))
    known = Counter(each.publisher or NAMELESS for each in dated)
    named = sorted(known, key=lambda name: (-known[name], name))
    shown = named if len(named) <= LANES else named[: LANES - 1]
    rest = f"{len(named) - len(shown)} other publishers"
    dots: dict[str, Counter[str]] = {name: Counter() for name in (*shown, rest)}
    for each in dated:
        name = each.publisher or NAMELESS
        dots[name if name in shown else rest][each.published[:characters]] += 1
    lanes = (Lane(name, _dots(times, first, last)) for name, times in dots.items() if times)
    return Timeline(tuple(lanes), first, last, len(listed) - len(dated))


def moment(date: str) -> float:
    """An ISO date as a year with a fraction: the middle of the day, month or year that it names."""
    year = int(date[:YEAR])
    if len(date) < MONTH:
        return year + 0.5
    month = int(date[YEAR + 1 : MONTH])
    if len(date) < DAY:
        return year + (month - 0.5) / 12
    return year + (month - 1 + (int(date[MONTH + 1 : DAY]) - 0.5) / monthrange(year, month)[1]) / 12


def timeline_page(found: Timeline) -> str:
    """The plot, what has no date, and the figures as a folded table."""
    undated = f"<p class='quiet'>{count(found.undated, 'article')} without a date.</p>" if found.undated else ""
    if not found.lanes:
        return f"<p class='quiet'>No article has a date yet.</p>{undated}"
    return f"{_svg(found)}{undated}<details><summary>The same as a table</summary>{_table(found)}</details>"


def _ends(first: float, last: float) -> tuple[float, float]:
    """Where the plot begins and ends: whole years, or whole months where all lies within a few."""
    step = 1.0 if last - first > BY_DAY else 1 / 12
    return math.floor(first / step + 1e-9) * step, (math.floor(last / step + 1e-9) + 1) * step


def _precision(years: float) -> int:
    return DAY if years <= BY_DAY else MONTH if years <= BY_MONTH else YEAR


def _dots(times: Counter[str], first: float, last: float) -> tuple[Dot, ...]:
    places = {when: (moment(when) - first) / (last - first) for when in times}
    return tuple(Dot(when, places[when], times[when]) for when in sorted(times, key=lambda when: (places[when], when)))


def _svg(found: Timeline) -> str:
    height = len(found.lanes) * LANE + AXIS
    largest = max(dot.articles for lane in found.lanes for dot in lane.dots)
    lanes = "".join(_lane(lane, number * LANE, largest) for number, lane in enumerate(found.lanes))
    return (
        f"<svg class='timeline' role='img' aria-labelledby='timeline-says' width='100%' height='{height}'>"
        f"<title id='timeline-says'>{escape(_says(found))}</title>{_axis(found, height)}{lanes}</svg>"
    )


def _says(found: Timeline) -> str:
    lanes = ", ".join(f"{lane.publisher}: {lane.articles}" for lane in found.lanes)
    times = [dot.when for lane in found.lanes for dot in (lane.dots[0], lane.dots[-1])]
    first, last = (day(end(times, key=moment)) for end in (min, max))
    total = count(sum(lane.articles for lane in found.lanes), "dated article")
    return f"{total} from {first} to {last}, by publisher. {lanes}."


def _lane(lane: Lane, top: int, largest: int) -> str:
    middle = top + LABEL + (LANE - LABEL) / 2
    dots = "".join(
        f"<circle cx='{_percent(dot.place)}' cy='{middle:g}' r='{_radius(dot.articles, largest):g}'>"
        f"<title>{escape(day(dot.when))}: {count(dot.articles, 'article')}</title></circle>"
        for dot in lane.dots
    )
    line = f"<line x1='0' x2='100%' y1='{middle:g}' y2='{middle:g}'/>"
    return f"{line}{dots}<text x='0' y='{top + LABEL - 3}'>{escape(_short(lane.publisher))} ({lane.articles})</text>"


def _axis(found: Timeline, height: int) -> str:
    """A few whole years, or months where the plot spans less than two years."""
    span = found.last - found.first
    months = span < 2
    units = round(span * 12) if months else round(span)
    every = math.ceil(units / TICKS)
    shares = (number / units for number in range(0, units, every))
    return "".join(
        f"<line x1='{_percent(share)}' x2='{_percent(share)}' y1='0' y2='{height - AXIS}'/>"
        f"<text class='tick' x='{_percent(share)}' y='{height - 6}'>{_tick(found.first + share * span, months)}</text>"
        for share in shares
        if share <= LAST_TICK
    )


def _tick(at: float, months: bool) -> str:
    year, month = divmod(round(at * 12), 12)
    return day(f"{year:04d}-{month + 1:02d}")[:3] + f" {year}" if months else str(year)


def _percent(place: float) -> str:
    return f"{MARGIN + place * (100 - 2 * MARGIN):.2f}%"


def _radius(articles: int, largest: int) -> float:
    """Areas, not widths, are as the numbers."""
    return round(SMALLEST + (LARGEST - SMALLEST) * math.sqrt((articles - 1) / max(1, largest - 1)), 1)


def _short(name: str, most: int = 40) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _table(found: Timeline) -> str:
    rows = "".join(_rows(lane) for lane in found.lanes)
    head = (
        "<thead><tr><th scope='col'>Publisher</th><th scope='col'>Time</th><th scope='col'>Articles</th></tr></thead>"
    )
    return f"<table class='figures'>{head}<tbody>{rows}</tbody></table>"


def _rows(lane: Lane) -> str:
    return "".join(
        f"<tr><td>{escape(lane.publisher)}</td><td>{escape(day(dot.when))}</td><td>{dot.articles}</td></tr>"
        for dot in lane.dots
    )
