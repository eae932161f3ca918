"""A quotation and the judgement it came from go in; why it was chosen and what stands around it come out."""

from __future__ import annotations

import math
import re

from index.article import Passage, Span
from index.split import sentences
from index.words import words
from qa.answer import Around, Why
from qa.judge import Judgement
from qa.quoting.composition import Quotation, is_in

NEIGHBOUR = 400  # characters of the article looked at on either side of a passage
TOKEN = re.compile(r"\w+(?:[’'-]\w+)*")


def why(query: str, quotation: Quotation, judgement: Judgement) -> Why:
    """What spoke for a quotation, as it was found and judged."""
    hit = quotation.hit
    return Why(_matched(query, hit.passage), hit.dense_rank, hit.lexical_rank, hit.cosine, _reads(quotation, judgement))


def around(quotation: Quotation) -> Around:
    """The rest of the quotation's passage, and the sentences next to that passage."""
    passage, span = quotation.hit.passage, quotation.span
    text = passage.article.text
    start, end = min(passage.start, span.start), max(passage.end, span.end)
    return Around(
        before=text[start : span.start],
        after=text[span.end : end],
        earlier=_whole_sentences(text, max(0, start - NEIGHBOUR), start),
        later=_whole_sentences(text, end, min(len(text), end + NEIGHBOUR)),
    )


def _matched(query: str, passage: Passage) -> tuple[str, ...]:
    held = set(words(f"{passage.heading} {passage.text}"))
    matched = (token for token in TOKEN.findall(query) if words(token) and held.issuperset(words(token)))
    return tuple(dict.fromkeys(matched))


def _reads(quotation: Quotation, judgement: Judgement) -> float:
    odds = [each.evidence.reads for each in judgement.sentences if is_in(each, quotation)]
    return round(1 / (1 + math.exp(-max(odds))), 4)


def _whole_sentences(text: str, start: int, end: int) -> str:
    """The whole sentences of a range of a text; what its edges cut through is left out."""
    spans = [
        span for line in re.finditer(r"[^\n]+", text[start:end]) for span in sentences(line[0], start + line.start())
    ]
    whole = [span for span in spans if not _is_cut(text, span, start, end)]
    return text[whole[0].start : whole[-1].end] if whole else ""


def _is_cut(text: str, span: Span, start: int, end: int) -> bool:
    cut_before = span.start == start > 0 and not text[start - 1].isspace()
    cut_after = span.end == end < len(text) and not text[end].isspace()
    return cut_before or cut_after
