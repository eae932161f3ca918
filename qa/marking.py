"""What was read and a quotation go in; the words of it that answer come out, as spans of its article."""

from __future__ import annotations

from index.article import Span
from qa.composition import Quotation, is_in
from qa.judge import Judgement, Scored
from qa.passage_reader import characters

# Log odds from which words are marked: see "Words that answer" in benchmarks/README.md.
SURE = 0.0


def mark(quotation: Quotation, judgement: Judgement) -> tuple[Span, ...]:
    """Mark in each sentence the words that answer, where the reader is sure; none where it takes sentences."""
    if judgement.need.is_long:
        return ()
    quoted = [each for each in judgement.sentences if is_in(each, quotation)]
    found = (_words(each) for each in sorted(quoted, key=lambda each: each.span.start))
    return tuple(dict.fromkeys(span for span in found if span))


def _words(sentence: Scored) -> Span | None:
    if sentence.words is None or sentence.words.odds < SURE:
        return None
    span = characters(sentence.text, sentence.words)
    return Span(sentence.span.start + span.start, sentence.span.start + span.end)
