"""A query and passages go in, what speaks for each of their sentences as an answer comes out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from index.article import Article, Span
from index.opening import Index
from qa.answer import Hit
from qa.evidence.abbreviations import asked_for, is_told
from qa.evidence.attribution import turn_of
from qa.evidence.author_notes import is_beside_the_point
from qa.evidence.earlier import answered_before, is_asked_again
from qa.evidence.mentioning import mentions
from qa.evidence.naming import missing_names
from qa.evidence.rarity import beside_failing, covered
from qa.evidence.speakers import is_of_another, speaker_asked
from qa.evidence.timing import days_in_force, days_told, is_of_days, other_date
from qa.evidence.weights import NEAR, SURE, WEIGHTS, Evidence, weighted
from qa.query.conversation import Before, Query
from qa.query.dates import Days, nearness
from qa.query.need import Need, cues, only_asks
from qa.query.sources import as_named
from qa.reader.passage_reader import AnswerWords, Reading, ReadPassage, read_passages

FIRST_COMPARED = 4  # sentences; those that cannot come close to the best of them any more are not compared at all
OTHERS_NUMBER = 2.0  # times as much counts against a number that a name of the question is missing beside it


@dataclass(frozen=True)
class Gathered:
    """A sentence of a hit, what speaks for it, and the words of it that would answer."""

    hit: Hit
    span: Span
    evidence: Evidence
    words: AnswerWords | None

    @property
    def text(self) -> str:
        """The sentence itself."""
        return _text(self.hit, self.span)


@dataclass(frozen=True)
class _Dated:
    """The days that a sentence names, and those named last before it."""

    told: tuple[Days, ...]
    in_force: tuple[Days, ...]


def gather(
    query: Query, need: Need, rarity: dict[str, float], read: list[Hit], index: Index, within: float = math.inf
) -> list[Gathered]:
    """Read passages and gather what speaks for each of their sentences.

    Sentences that cannot score `within` so much of the best one, whatever their cosine to the query, get none.
    """
    readings = _read(query.read, [_as_read(query, hit) for hit in read])
    gathered = [
        each for hit, reading in zip(read, readings, strict=True) for each in _of_hit(query, need, rarity, hit, reading)
    ]
    if not query.before or query.is_part or is_asked_again(query):
        return _compared(gathered, query, index, within)
    # What is marked next may lower the best one's score, and raise another's.
    return _marked(
        _compared(gathered, query, index, within + WEIGHTS.same_article - WEIGHTS.already_told), query.before, index
    )


def _of_hit(query: Query, need: Need, rarity: dict[str, float], hit: Hit, reading: Reading) -> Iterator[Gathered]:
    """The sentences of one passage that may answer, with all evidence but their cosine to the query."""
    told = days_told(hit.passage) if query.days else {}
    in_force = days_in_force(told) if is_of_days(query) else {}
    is_lacking = bool(missing_names(query.known, [hit.passage]))
    for span, odds, words in zip(hit.passage.sentences, reading.odds, reading.words, strict=True):
        if _may_answer(query, hit, span):
            days = _Dated(told.get(span, ()), in_force.get(span, ()))
            evidence = _evidence(query, need, rarity, hit, span, days, float(odds), is_lacking=is_lacking)
            yield Gathered(hit, span, evidence, words)


def _may_answer(query: Query, hit: Hit, span: Span) -> bool:
    """Whether a sentence mentions the topic, or spells the abbreviation, that is asked about; else, is no question."""
    if query.is_topic and query.sources:
        return mentions(query.known, hit.passage, span)
    if short := asked_for(query.known):
        return is_told(short, _text(hit, span))
    return not only_asks(_text(hit, span))


def _compared(gathered: list[Gathered], query: Query, index: Index, within: float) -> list[Gathered]:
    """Add the cosine to the query to the likeliest sentences, then to those others whose score it can bring close."""
    scores = [weighted(WEIGHTS, each.evidence) for each in gathered]
    order = sorted(range(len(gathered)), key=lambda place: -scores[place])
    near: dict[int, float] = {}
    lowest = -math.inf
    for places in (order[:FIRST_COMPARED], order[FIRST_COMPARED:]):
        able = [place for place in places if scores[place] + WEIGHTS.sentence_cosine >= lowest]
        texts = [_text(gathered[place].hit, gathered[place].span) for place in able]
        near |= zip(able, _cosines(query.text, texts, index), strict=True)
        lowest = (
            max((scores[place] + WEIGHTS.sentence_cosine * cosine for place, cosine in near.items()), default=0.0)
            - within
        )
    return [
        replace(each, evidence=replace(each.evidence, sentence_cosine=near.get(place, 0.0)))
        for place, each in enumerate(gathered)
    ]


def _read(forms: tuple[str, ...], passages: list[ReadPassage]) -> list[Reading]:
    """Read the passages with each form of the question: the mean of the log odds, and the words by the last form.

    That is the question alone: behind the one before it, what answers that is marked too.
    """
    by_form = [read_passages(form, passages) for form in forms]
    return [_together(readings) for readings in zip(*by_form, strict=True)]


def _together(readings: tuple[Reading, ...]) -> Reading:
    odds = np.stack([each.odds for each in readings]).mean(axis=0, dtype=np.float32)
    return Reading(odds, readings[-1].words)


def _marked(gathered: list[Gathered], before: Before, index: Index) -> list[Gathered]:
    """Mark the sentence that answered the question before, and those of its article."""
    texts = [_text(each.hit, each.span) for each in gathered]
    answered = answered_before(before, texts, [] if before.answer else _cosines(before.asked[-1], texts, index))
    if answered is None:
        return gathered
    article = gathered[answered].hit.passage.article.id
    is_here = [each.hit.passage.article.id == article for each in gathered]
    return [
        replace(each, evidence=replace(each.evidence, same_article=float(here), already_told=float(place == answered)))
        for place, (each, here) in enumerate(zip(gathered, is_here, strict=True))
    ]


def _as_read(query: Query, hit: Hit) -> ReadPassage:
    return ReadPassage(_heading(query, hit), tuple(_text(hit, span) for span in hit.passage.sentences))


def _heading(query: Query, hit: Hit) -> str:
    """The headings above a passage, behind its source and year where the question names them: no text tells its own."""
    article = hit.passage.article
    year = article.published[:4]
    of_year = year if year and year in query.known else ""
    is_asked = not query.is_topic and any(article.id in each for each in query.sources)
    source = f"{article.author} {as_named(article.publisher, query.known)}" if is_asked else ""
    return " ".join(filter(None, (source, of_year, hit.passage.heading)))


def _cosines(query: str, texts: list[str], index: Index) -> list[float]:
    if not texts:
        return []
    return [float(cosine) for cosine in index.encode(texts) @ index.encode_questions([query])[0]]


def _evidence(
    query: Query,
    need: Need,
    rarity: dict[str, float],
    hit: Hit,
    span: Span,
    days: _Dated,
    reads: float,
    *,
    is_lacking: bool,
) -> Evidence:
    """What speaks for a sentence but its cosine to the query."""
    sentence, before = _text(hit, span), _context(query, hit, span)
    cue = cues(need, sentence)
    # Of what failed by a stated cause it must be said that the question asks for it.
    states_cause = need.of_failure and cue > 1 and covered(beside_failing(query, rarity), before) >= 0.5
    return Evidence(
        reads=reads,
        sentence_cosine=0.0,
        passage_cosine=hit.cosine,
        word_overlap=covered(rarity, before),
        fits_kind=float(states_cause or (cue > 0 and not need.of_failure)),
        misses_kind=float(cue < 0 and not need.of_failure),
        other_date=float(other_date(query, need, hit.passage.article, sentence, days.told, days.in_force)),
        on_date=float(nearness(query.days, days.told)),
        adverse=float(states_cause or (cue == 1 and need.of_failure)),
        success=float(cue < 0 and need.of_failure),
        author_note=float(is_beside_the_point(query.text, hit.passage.article, span)),
        other_speaker=float(_is_of_another(query, hit.passage.article, span)),
        same_article=0.0,
        already_told=0.0,
        missing_name=is_lacking * (OTHERS_NUMBER if need.kind == "how_many" else 1.0),
        passage_far=max(0.0, NEAR - hit.cosine),
        over_sure=max(0.0, reads - SURE),
    )


def _is_of_another(query: Query, article: Article, span: Span) -> bool:
    speaker = speaker_asked(query.known)
    if not speaker:  # nor need an article be searched for turns of a talk
        return False
    return is_of_another(speaker, article.words(span), article.text, turn_of(article, span.start))


def _text(hit: Hit, span: Span) -> str:
    return hit.passage.article.words(span)


def _context(query: Query, hit: Hit, span: Span) -> str:
    """The sentence with its passage up to it and the headings above."""
    return f"{_heading(query, hit)} {hit.passage.article.text[hit.passage.start : span.end]}"
