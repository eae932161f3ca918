"""A query and its hits go in; the sentences that answer, each with its score, and how likely any does, come out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from index.opening import Index
from qa.answer import Hit
from qa.confidence import confidence_of
from qa.evidence.gathering import Gathered, gather
from qa.evidence.rarity import rarity_of, unnamed
from qa.evidence.weights import CONFIDENCE_WEIGHTS, FAILURE_WEIGHTS, WEIGHTS, Evidence, weighted
from qa.query.conversation import Query
from qa.query.need import Need, need_of
from qa.query.sources import HITS_OF_SOURCE

JUDGED_HITS = 6  # passages read for one question: more find no more, see "Composition" in benchmarks/README.md
TALK_JUDGED_HITS = 4  # read too in a conversation, for a question that need not be read both ways
# How far below the best score, in log odds, a further sentence may lie to be quoted too, in a long answer and in a
# short one: see "Composition" in benchmarks/README.md.
CLOSE = {True: 4.0, False: 2.5}
# What made something fail is told before or after the passage that says so, in other words than the question's: the
# passages beside so many of the best hits are read too.
WIDENED_HITS = 3
# Off the log odds that anything answers, where all that is asked about is named by no article: see "Confidence" in
# benchmarks/README.md.
UNNAMED = 5.0
MENTIONED = 0.9  # the least confidence where a topic is asked about that a sentence mentions, word for word


@dataclass(frozen=True)
class Scored(Gathered):
    """A sentence that may be quoted; `score` is higher where it answers better, and only compares within a question."""

    score: float


@dataclass(frozen=True)
class Judgement:
    """Every sentence read, best first, and the probability, 0 to 1, that they answer the question."""

    need: Need
    sentences: tuple[Scored, ...]
    confidence: float


def judge(query: Query, hits: list[Hit], index: Index) -> Judgement:
    """Score every sentence of the best hits that may be quoted; an article's own questions answer nothing."""
    need, rarity = need_of(query.known), rarity_of(query.text, index)
    need = replace(need, kind="list") if query.is_topic else need
    read = hits[: most_read(query)]
    if need.of_failure:
        read = [*read, *beside(read[:WIDENED_HITS], read, index)]
    gathered = gather(query, need, rarity, read, index, math.inf if need.of_failure else CLOSE[need.is_long])
    if not gathered:
        return Judgement(need, (), 0.0)
    scored = _in_order(need, gathered)
    if need.of_failure:
        gathered += gather(query, need, rarity, beside([scored[0].hit], read, index), index)
        scored = _in_order(need, gathered)
    best = max(weighted(CONFIDENCE_WEIGHTS, each.evidence) for each in gathered)
    best -= UNNAMED * unnamed(query, need, index)
    confidence = confidence_of(best, index.manifest.passages)
    if query.is_topic:  # by the words alone: another mayor, or another Pelham, reads like an answer too
        confidence = max(confidence, MENTIONED) if query.sources else 0.0
    return Judgement(need, tuple(scored), confidence)


def most_read(query: Query) -> int:
    """How many of a query's hits are read."""
    if query.is_topic:
        return max(JUDGED_HITS, HITS_OF_SOURCE * len(query.sources))
    of_talk = TALK_JUDGED_HITS if query.before and len(query.read) == 1 else 0
    return JUDGED_HITS + of_talk + HITS_OF_SOURCE * len(query.sources)


def _in_order(need: Need, gathered: list[Gathered]) -> list[Scored]:
    return in_order(gathered, FAILURE_WEIGHTS if need.of_failure else WEIGHTS)


def in_order(gathered: list[Gathered], weights: Evidence) -> list[Scored]:
    """Score sentences; the best comes first."""
    scored = [Scored(**vars(each), score=weighted(weights, each.evidence)) for each in gathered]
    return sorted(scored, key=lambda each: (-each.score, each.hit.passage.article.id, each.span.start))


def beside(hits: list[Hit], read: list[Hit], index: Index) -> list[Hit]:
    """The passages next to those of `hits` that were not read; each counts as near to the query as its neighbour."""
    known = {(hit.passage.article.id, hit.passage.start) for hit in read}
    found: list[Hit] = []
    for hit in hits:
        passages = index.passages(hit.passage.article)
        place = next(number for number, each in enumerate(passages) if each.start == hit.passage.start)
        for each in passages[max(0, place - 1) : place + 2]:
            if (each.article.id, each.start) not in known:
                known.add((each.article.id, each.start))
                found.append(replace(hit, passage=each, dense_rank=None, lexical_rank=None))
    return found
