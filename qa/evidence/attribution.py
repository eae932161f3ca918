"""An article and a span of it go in; who speaks there, where the words of the span do not tell it, comes out.

Of an interview only the first sentence of each turn holds the speaker's name, of a speech in quotation marks only the
one with "said": the others, quoted alone, would pass for the article's own words. A wrong name is worse than none, so
only what stands right beside the words counts.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from index.article import Article, Span
from index.reading.datestamp import MONTH
from index.reading.names import NO_PERSON, WORD
from qa.evidence.speakers import NAME, QUOTED
from qa.evidence.speakers import WORD as NAME_WORD

LABEL = re.compile(rf"^({WORD}(?: {WORD}){{0,3}})(?: \([^)\n]{{1,40}}\))?: (?=\S)(.*)$", re.MULTILINE)
FEWEST = 2  # turns of each of two speakers at least, or it is no talk
ARTICLES = 64  # whose turns are remembered
MARKS = re.compile(r"[“”\"]")
SAID = r"(?:said|says|added|adds|explained|explains|recalled|recalls)"
ASIDE = r"(?:, [^,.;”\"]{2,60},)?"  # "Eva Holm, who leads the union, said"
# Beside a quotation, of which nothing but its end is left: ” said Eva Holm. ” and ” Eva Holm said. ”
SPOKE = rf"[”\"]\s*(?:{SAID} (?P<after>{NAME})(?=[.,;]|$)|(?P<before>{NAME}){ASIDE} {SAID}(?=[.,;]|$))"
SPOKE_BEFORE = re.compile(rf"{SPOKE}(?:,? [^.!?”]*)?[.,;]?\s*”?\s*$")
SPOKE_BEHIND = re.compile(SPOKE)
INTRODUCED = re.compile(rf"(?:^|[.!?”] )(?P<before>{NAME}){ASIDE} {SAID}[,:]? ”\s*$")
NO_NAME = re.compile(rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|{MONTH})\.?$|.*[’']s$", re.IGNORECASE)


def speaker_of(article: Article, span: Span) -> str:
    """The name of who says the words of a span; "" where they tell it, where nobody is named, or where several speak.

    In an interview the name before the turn; in quotation marks whom the text says to have spoken, right beside them.
    """
    start = article.text.rfind("\n", 0, span.start) + 1
    end = article.text.find("\n", span.end)
    before, quote = article.text[start : span.start], article.words(span)
    if "\n" in quote:
        return ""
    is_open = _is_open(before)
    name = turn_of(article, span.start)
    if name:
        name = "" if is_open else name  # there somebody else may be quoted
    elif is_open or _is_only_speech(quote):
        behind = article.text[span.end : end if end >= 0 else None]
        name = _spoke_beside(before, behind, is_open=is_open, goes_on=_is_open(before + quote))
    is_told = name and name.split()[-1].casefold() in quote.casefold()
    return "" if is_told else name


def turn_of(article: Article, at: int) -> str:
    """Whose turn a place of an interview is in, as it is written there; "" in any other text."""
    return _turns(article.text).get(article.text.rfind("\n", 0, at) + 1, "")


@lru_cache(ARTICLES)
def _turns(text: str) -> dict[int, str]:
    """Whose turn the paragraph that begins at a place is; what stands below it without a name may be the editor's.

    In an interview one asks: "Opening hours: …" and "Ticket price: …" are nobody's.
    """
    found = [match for match in LABEL.finditer(text) if _is_name(match[1], text)]
    counts = Counter(match[1] for match in found)
    speakers = {label for label, count in counts.items() if count >= FEWEST}
    if len(speakers) < FEWEST or not any(match[2].rstrip().endswith("?") for match in found):
        return {}
    return {match.start(): match[1] for match in found if match[1] in speakers}


def _is_name(label: str, text: str) -> bool:
    """Whether a label is a person's: of two words, or behind another word of a name elsewhere; "ACTION" is none."""
    if NO_PERSON.search(label):
        return False
    return " " in label or bool(re.search(rf"\b{NAME_WORD} (?i:{re.escape(label)})\b", text))


def _spoke_beside(before: str, behind: str, *, is_open: bool, goes_on: bool) -> str:
    """Who spoke by what stands right before the words in their paragraph, or right behind the end of the speech.

    The speech may have been opened before the words, and may go on behind them.
    """
    head = QUOTED.sub("”", before)
    found = SPOKE_BEFORE.search(head) or (INTRODUCED.search(head) if is_open else None)
    if not found and goes_on and (closing := MARKS.search(behind)):
        found = SPOKE_BEHIND.match(behind, closing.start())
    name = next(filter(None, found.groupdict().values()), "").rstrip(".") if found else ""
    return "" if NO_NAME.match(name) else name


def _is_open(before: str) -> bool:
    """Whether quotation marks are open behind a text."""
    is_open = False
    for mark in MARKS.findall(before):
        is_open = mark == "“" or (mark == '"' and not is_open)
    return is_open


def _is_only_speech(quote: str) -> bool:
    return not any(map(str.isalpha, QUOTED.sub("", quote)))
