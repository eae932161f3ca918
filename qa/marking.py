"""What was read and a quotation go in; the words of it that answer come out, as spans of its article."""

from __future__ import annotations

import re

from index.article import Span
from index.words import words
from qa.composition import Quotation, is_in
from qa.counting import WRITTEN
from qa.judge import Judgement, Scored
from qa.need import YEAR
from qa.passage_reader import characters

# Log odds from which words are marked: see "Words that answer" in benchmarks/README.md.
SURE = 0.0
COUNTED = re.compile(r"\bhow many ([\w’'-]+)", re.IGNORECASE)
NUMBERED = re.compile(
    rf"\b(?P<number>\d+(?:[.,]\d+)*(?: (?:hundred|thousand|million|billion))?|{WRITTEN})"
    r" (?P<behind>[\w’'-]+(?: [\w’'-]+)?)",  # what is counted, or what it is like and then what is counted
    re.IGNORECASE,
)


def mark(quotation: Quotation, judgement: Judgement, question: str = "") -> tuple[Span, ...]:
    """Mark in each sentence the words that answer, where the reader is sure; none where it takes sentences."""
    if judgement.need.is_long:
        return ()
    quoted = [each for each in judgement.sentences if is_in(each, quotation)]
    found = (_words(each, question) for each in sorted(quoted, key=lambda each: each.span.start))
    return tuple(dict.fromkeys(span for span in found if span))


def _words(sentence: Scored, question: str) -> Span | None:
    if sentence.words is None or sentence.words.odds < SURE:
        return None
    span = characters(sentence.text, sentence.words)
    span = _counted(question, sentence.text, span) or span
    if not words(sentence.text[span.start : span.end]):  # "I" and "He" answer nothing
        return None
    return Span(sentence.span.start + span.start, sentence.span.start + span.end)


def _counted(question: str, sentence: str, marked: Span) -> Span | None:
    """The only number before what a question counts, where one before something else is marked: "two inspectors for
    61 dams", where it is inspectors."""
    asked = COUNTED.search(question)
    stems = words(asked[1]) if asked else []
    numbered = [match for match in NUMBERED.finditer(sentence) if not YEAR.fullmatch(match["number"])]
    other = [match for match in numbered if match.start() < marked.end and marked.start < match.end("number")]
    found = [match for match in numbered if stems and stems[0] in words(match["behind"])]
    if len(stems) != 1 or len(found) != 1 or len(other) != 1 or other == found or not words(other[0]["behind"]):
        return None
    return Span(*found[0].span("number"))
