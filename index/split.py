"""An article goes in, its passages come out: whole sentences, never across a heading, within a token budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sentencex

from index.article import Article, Passage, Span

PASSAGE_TOKENS = 160  # word pieces; set by `benchmarks/README.md`, "Passage length"
MAX_SENTENCE = 4000  # characters; a model may take an endless word for one token
PARAGRAPH = re.compile(r"[^\n]+")  # reading puts every paragraph on one line
WORD = re.compile(r"\S+")

# What the splitter takes for a sentence's end, and is none: "a constable, Wm. Tate, …".
NO_END = re.compile(r"\b(?:Wm|Thos|Geo|Chas|Jas|Jno|Robt|Benj|Saml|Edw|Fredk|Messrs|[Aa]pprox)\.$")

Count = Callable[[list[str]], list[int]]


@dataclass(frozen=True)
class _Sentence:
    span: Span
    tokens: int
    quotable: bool


def split(article: Article, count: Count) -> list[Passage]:
    """Return the passages of `article` in order. `count` gives the number of tokens of each text of a list."""
    sections = [_sentences_of(article, section) for section in _sections(article)]
    # All of an article at once: a call costs more than a short text.
    lengths = iter(count([article.words(span) for section in sections for span, _ in section]))
    passages: list[Passage] = []
    for section in sections:
        passages.extend(_pack(article, _measure(article, section, lengths)))
    return passages


def sentences(text: str, offset: int = 0) -> list[Span]:
    """Return the spans of the sentences of one paragraph, each moved by `offset`, without white space at either end."""
    spans: list[Span] = []
    for bound in sentencex.get_sentence_boundaries("en", text):
        start, end = bound["start_index"], bound["end_index"]
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if spans and NO_END.search(text, spans[-1].start - offset, spans[-1].end - offset):
            start = spans.pop().start - offset
        if start < end:
            spans.append(Span(offset + start, offset + end))
    return spans


def _sections(article: Article) -> Iterator[list[tuple[Span, bool]]]:
    """Yield runs of paragraphs between headings, each paragraph with whether it may be quoted; asides stand alone."""
    headings, asides = set(article.headings), set(article.asides)
    section: list[tuple[Span, bool]] = []
    for match in PARAGRAPH.finditer(article.text):
        span = Span(match.start(), match.end())
        quotable = span not in asides
        if span in headings or (section and section[-1][1] != quotable):
            if section:
                yield section
            section = []
        if span not in headings:
            section.append((span, quotable))
    if section:
        yield section


def _sentences_of(article: Article, section: list[tuple[Span, bool]]) -> list[tuple[Span, bool]]:
    return [
        (span, quotable)
        for paragraph, quotable in section
        for span in sentences(article.words(paragraph), paragraph.start)
    ]


def _measure(article: Article, section: list[tuple[Span, bool]], lengths: Iterator[int]) -> list[_Sentence]:
    measured: list[_Sentence] = []
    for (span, quotable), tokens in zip(section, lengths, strict=False):
        if tokens <= PASSAGE_TOKENS and span.end - span.start <= MAX_SENTENCE:
            measured.append(_Sentence(span, tokens, quotable))
        else:
            measured.extend(_cut(article, span, tokens, quotable))
    return measured


def _cut(article: Article, span: Span, tokens: int, quotable: bool) -> Iterator[_Sentence]:
    """Cut a sentence that is longer than a passage at white space, or inside a word that alone is longer."""
    size = max(1, min(MAX_SENTENCE, (span.end - span.start) * PASSAGE_TOKENS // (2 * max(1, tokens))))
    start = end = span.start
    for word in WORD.finditer(article.text, span.start, span.end):
        if word.end() - start > size and end > start:
            yield _Sentence(Span(start, end), PASSAGE_TOKENS // 2, quotable)
            start = word.start()
        while word.end() - start > size:
            yield _Sentence(Span(start, start + size), PASSAGE_TOKENS // 2, quotable)
            start += size
        end = word.end()
    if start < span.end:
        yield _Sentence(Span(start, span.end), PASSAGE_TOKENS // 2, quotable)


def _pack(article: Article, measured: list[_Sentence]) -> Iterator[Passage]:
    run: list[_Sentence] = []
    held = 0
    for sentence in measured:
        if run and held + sentence.tokens > PASSAGE_TOKENS:
            yield _passage(article, run)
            run, held = [], 0
        run.append(sentence)
        held += max(1, sentence.tokens)
    if run:
        yield _passage(article, run)


def _passage(article: Article, run: list[_Sentence]) -> Passage:
    quotable = tuple(sentence.span for sentence in run if sentence.quotable)
    return Passage(article, run[0].span.start, run[-1].span.end, quotable)
