"""What was read and a quotation go in; the words of it that answer come out, as spans of its article."""

from __future__ import annotations

import re

from index.article import Span
from index.words import words
from qa.judge import Judgement, Scored
from qa.query.counting import WRITTEN
from qa.query.need import YEAR
from qa.quoting.composition import Quotation, is_in
from qa.reader.passage_reader import characters

# Log odds from which words are marked: see "Words that answer" in benchmarks/README.md.
SURE = 0.0
COUNTED = re.compile(r"\bhow many ([\w’'-]+)", re.IGNORECASE)
NUMBER = rf"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*(?: (?:hundred|thousand|million|billion))?|{WRITTEN})"
# Words of a question that tell nothing of what is counted.
COMMON = "a an the of and or in on at to by for with from were was is are be been did do does have has had there"
VERB = re.compile(r"\w+ed|said|were|are|did|do|have|had|won|lost|can|will|got|went|came|took|left", re.IGNORECASE)
PART = re.compile(r" (?:out )?of\b")  # "40 of 3,000 members"
WHOLE = re.compile(rf"\bof (?:the |all |some |about )?{NUMBER}[^,]*,", re.IGNORECASE)
NUMBERED = re.compile(
    rf"{NUMBER}"
    r"(?= (?P<behind>[\w’'-]+(?: [\w’'-]+)?))",  # what is counted, or what it is like and then what is counted
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
    61 dams", where it is inspectors; else the one before most words of the question, "Of 90 voters, 60 said no"."""
    asked = COUNTED.search(question)
    if not asked:
        return None
    return _before_counted(asked, sentence, marked) or _before_most(question[asked.end() :], sentence, marked)


def _before_counted(asked: re.Match[str], sentence: str, marked: Span) -> Span | None:
    if VERB.fullmatch(asked[1]):  # "How many voted?" counts nothing that has a name
        return None
    stems = words(asked[1])
    numbered = [match for match in NUMBERED.finditer(sentence) if not YEAR.fullmatch(match["number"])]
    other = [match for match in numbered if match.start() < marked.end and marked.start < match.end("number")]
    found = [match for match in numbered if stems and stems[0] in words(match["behind"])]
    if len(stems) != 1 or len(found) != 1 or len(other) != 1 or other == found or not words(other[0]["behind"]):
        return None
    if PART.match(sentence, other[0].end("number")):
        return None
    return Span(*found[0].span("number"))


def _before_most(told: str, sentence: str, marked: Span) -> Span | None:
    """Where all of whom a part is told are marked, "Of 90 voters, 60 said no", the number before most words of the
    question."""
    whole = WHOLE.search(sentence)
    if not whole or not (whole.start("number") < marked.end and marked.start < whole.end("number")):
        return None
    asked = set(re.findall(r"\w+", told.casefold())).difference(COMMON.split())
    held: dict[Span, int] = {}
    for match in re.finditer(rf"{NUMBER}(?=(?P<behind>(?: [^\W\d]\w*){{1,3}}))", sentence, re.IGNORECASE):
        held[Span(*match.span("number"))] = len(asked & set(match["behind"].casefold().split()))
    most = max(held.values(), default=0)
    best = [span for span, count in held.items() if count == most]
    return best[0] if most and len(best) == 1 and best[0].start > whole.end() else None
