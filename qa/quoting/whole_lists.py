"""A span of an article goes in; where it is an item of a list, the whole list comes out.

Who asks what somebody demands wants every demand, and a list can be quoted as it stands: its items are neighbours.
"""

from __future__ import annotations

import re

from index.article import Article, Span
from index.split import PARAGRAPH

FEWEST = 3  # items of a list
LONGEST = 40  # words of an item
# What begins an item: "• ", "3. ", "(b) ".
MARK = re.compile(r"(?:[•·‣▪–—*-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s")
SPEECH = re.compile(r"[“”\"]")  # a talk has short paragraphs too
GOES_ON = re.compile(r"(?:[;,]|[;,]? (?:and|or))$")  # the last item but one


def whole_list(article: Article, span: Span, most_words: int) -> Span:
    """The list of which a span is an item, as far as `most_words` go; the span itself where it is of none."""
    items = _list_around(article, span)
    if len(items) < FEWEST:
        return span
    used, last = 0, 0
    for number, item in enumerate(items):
        used += len(article.words(item).split())
        if used > most_words:
            break
        last = number
    whole = Span(items[0].start, items[last].end)
    return whole if whole.start <= span.start and span.end <= whole.end else span


def _list_around(article: Article, span: Span) -> list[Span]:
    """The items that stand side by side around a span; none where it is no item itself."""
    no_text = {*article.headings, *article.asides}
    paragraphs = [Span(match.start(), match.end()) for match in PARAGRAPH.finditer(article.text)]
    run: list[Span] = []
    for each in paragraphs:
        if each not in no_text and _is_item(article.words(each), article.words(run[-1]) if run else ""):
            run.append(each)
        elif run and run[-1].end > span.start:
            break
        else:
            run = []
    return run if run and run[0].start <= span.start < run[-1].end else []


def _is_item(text: str, before: str) -> bool:
    is_short = len(text.split()) <= LONGEST and not SPEECH.search(text)
    return is_short and bool(MARK.match(text) or text[-1] not in '.!?:…”"' or GOES_ON.search(before))
