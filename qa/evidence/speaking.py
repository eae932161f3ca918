"""An article and a span of it go in; who speaks there, where the words of the span do not tell it, comes out.

Of an interview only the first sentence of each turn holds the speaker's name, of a speech in quotation marks only the
one with "said": the others, quoted alone, would pass for the article's own words.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from index.article import Article, Span
from index.reading.names import CAPITAL, NO_PERSON
from qa.evidence.speakers import ADVERB, NAME, QUOTED, SAID
from qa.evidence.speakers import WORD as NAME_WORD

WORD = rf"{CAPITAL}[\w.’'-]*"
LABEL = re.compile(rf"^({WORD}(?: {WORD}){{0,3}})(?: \([^)\n]{{1,40}}\))?: (?=\S)", re.MULTILINE)
FEWEST = 2  # turns of each of two speakers at least, or it is no talk
ARTICLES = 64  # whose turns are remembered
OPENED = re.compile(r"[“”\"]")
SPOKE = re.compile(rf"\b{SAID} ({NAME})|({NAME})(?:, [^,.;”]{{2,60}},)?{ADVERB} {SAID}\b")


def speaker_of(article: Article, span: Span) -> str:
    """The name of who says the words of a span; "" where they tell it, where nobody is named, or where several speak.

    In an interview the name before the turn; in quotation marks the only one in the paragraph who "said" anything.
    """
    names = {turn_of(article, span.start), turn_of(article, span.end - 1)}
    name = names.pop() if len(names) == 1 else ""
    name = name or _quoted_speaker(article, span)
    is_told = name and name.split()[-1].casefold() in article.words(span).casefold()
    return "" if is_told else name


def turn_of(article: Article, at: int) -> str:
    """Whose turn a place of an interview is in, as "Eva Holm"; "" in any other text."""
    return _turns(article.text).get(article.text.rfind("\n", 0, at) + 1, "")


@lru_cache(ARTICLES)
def _turns(text: str) -> dict[int, str]:
    """Whose turn the paragraph that begins at a place is; what stands below it without a name may be the editor's."""
    found = [(match.start(), match[1]) for match in LABEL.finditer(text) if _is_name(match[1], text)]
    counts = Counter(label for _, label in found)
    speakers = {label for label, count in counts.items() if count >= FEWEST}
    if len(speakers) < FEWEST:
        return {}
    return {start: _in_small_letters(label) for start, label in found}


def _is_name(label: str, text: str) -> bool:
    """Whether a label is a person's: of two words, or behind another word of a name elsewhere; "ACTION" is none."""
    if NO_PERSON.search(label):
        return False
    return " " in label or bool(re.search(rf"\b{NAME_WORD} (?i:{re.escape(label)})\b", text))


def _in_small_letters(label: str) -> str:
    return label.title() if label.isupper() else label


def _quoted_speaker(article: Article, span: Span) -> str:
    start = article.text.rfind("\n", 0, span.start) + 1
    end = article.text.find("\n", span.end)
    paragraph = article.text[start : end if end >= 0 else None]
    quote = article.words(span)
    if "\n" in quote or not (_is_open(paragraph[: span.start - start]) or _is_only_speech(quote)):
        return ""
    spoke = {next(filter(None, match.groups())).rstrip(".") for match in SPOKE.finditer(QUOTED.sub("”", paragraph))}
    return spoke.pop() if len(spoke) == 1 else ""


def _is_open(before: str) -> bool:
    """Whether quotation marks are open behind a text."""
    is_open = False
    for mark in OPENED.findall(before):
        is_open = mark == "“" or (mark == '"' and not is_open)
    return is_open


def _is_only_speech(quote: str) -> bool:
    return not any(map(str.isalpha, QUOTED.sub("", quote)))
