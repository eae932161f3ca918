"""What a question needs and a quotation go in; the words that answer come out, as spans of its article."""

from __future__ import annotations

import re

from index.article import Span
from index.words import words
from qa.composition import Quotation
from qa.evidence import MONTHS, Kind, Need

DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = re.compile(
    rf"\b(?:{DAY} )?(?:{MONTHS})\b(?:,? {DAY}\b)?(?:,? (?:19|20)\d\d)?|\b(?:1[5-9]|20)\d\d\b", re.IGNORECASE
)
FIGURE = re.compile(
    r"[$£€]?\d+(?:[.,:]\d+)*%?(?: (?:hundred|thousand|million|billion|per ?cent))*"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|a hundred|half|once|twice)\b(?:[ -](?:hundred|thousand|million|billion|dozen|per ?cent))*",
    re.IGNORECASE,
)
PROPER = re.compile(
    r"\b(?!(?:The|A|An|In|On|At|By|After|Before|He|She|It|They|But|And)\b)[A-Z][\w’'-]+"
    r"(?: (?:of |the |al-|de |van |von )?[A-Z][\w’'-]+)*"
)
OF_KIND: dict[Kind, re.Pattern[str]] = {"how_many": FIGURE, "when": DATE, "who": PROPER, "where": PROPER}


def mark(question: str, need: Need, quotation: Quotation) -> tuple[Span, ...]:
    """Mark figures, dates or names that the question does not hold itself; nothing for what is no such question."""
    pattern = OF_KIND.get(need.kind)
    if pattern is None:
        return ()
    asked, start = set(words(question)), quotation.span.start
    found = []
    for match in pattern.finditer(quotation.text):
        stems = set(words(match[0]))
        is_opening = pattern is PROPER and match.start() == 0 and " " not in match[0]
        if stems and not stems <= asked and not is_opening:
            found.append(Span(start + match.start(), start + match.end()))
    return tuple(found)
