"""A question and its history go in, an Answer comes out: the one place where searching, judging and composing meet."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from index.filters import Filters
from index.opening import Index
from qa.anchoring import with_days
from qa.answer import Answer, Hit
from qa.confidence import ENOUGH
from qa.evidence.earlier import find, in_turn
from qa.evidence.mentioning import hits_mentioning
from qa.following import newest_index
from qa.judge import judge, most_read
from qa.query.conversation import Query, Turn, standing_alone
from qa.query.courtesy import NO_QUESTION, polite_line
from qa.query.parts import make_queries
from qa.query.sources import HITS_OF_SOURCE, may_name, sources_named
from qa.quoting.citing import Part, cite, what_is_missing
from qa.quoting.composition import CLOSE_NAMED, MAX_WORDS, compose
from qa.quoting.refusing import NO_ARTICLE, NO_DATE, is_language, refuse
from qa.quoting.telling import tell
from qa.retrieval import DEPTH, check_k, check_question, make_filters, search


def ask(
    question: str,
    history: Sequence[Turn] = (),
    index: Index | None = None,
    *,
    k: int = 10,
    after: str = "",
    before: str = "",
    source: str = "",
    publishers: Sequence[str] = (),
    articles: Sequence[str] = (),
    as_typed: bool = False,
) -> Answer:
    """Answer a question in the articles' own words; `history` holds the earlier questions of the conversation.

        answer = ask("And where was it going?", history=["When was the aid convoy bombed?"])
        print(answer.text, [citation.article for citation in answer.citations])

    What may answer is narrowed by `after` and `before` (ISO dates), `source` (words of publisher, author, title or id),
    `publishers` (names) and `articles` (ids).
    `index=None` uses the default index and follows its rebuilds. A follow-up is completed from the history and misspelt
    words are corrected, as `Answer.query` tells; a question that joins several is answered part by part.
    `as_typed=True` searches exactly what was typed. Raises BadQuestion.
    """
    started = time.monotonic()
    check_question(question)
    check_k(k)
    history = [] if history is None else history
    filters = make_filters(after, before, source, publishers, articles)
    opened = newest_index(index)
    line, queries = _queries(question, history, opened, as_typed=as_typed)
    parts = _examine_all([with_days(each, opened, filters, as_typed=as_typed) for each in queries], k, opened, filters)
    hits = _all_hits(parts) if parts else find(standing_alone(question), k, opened, filters)  # none is read
    answered = [part for part in parts if part.found]
    citations = cite(answered, opened)
    missing = what_is_missing(parts) if answered else ()
    return Answer(
        id=uuid.uuid4().hex,
        question=question,
        query="; ".join(part.query.text for part in parts) or standing_alone(question).text,
        found=bool(answered),
        coverage="none" if not citations else "partly" if missing else "full",
        confidence=_confidence(answered, parts) if parts else 0.0,
        text=tell(citations, question) or line or _refusal(parts[0], opened, filters),
        citations=citations,
        passages=tuple(hits[:k]),
        generation=opened.generation,
        seconds=round(time.monotonic() - started, 4),
        missing=missing,
    )


def _queries(question: str, history: Sequence[Turn], index: Index, *, as_typed: bool) -> tuple[str, list[Query]]:
    """What is to be searched for; where that is nothing, the polite line that says so."""
    if line := polite_line(question, is_first=not history):
        return line, []
    queries = [standing_alone(question)] if as_typed else make_queries(question, history, index)
    if any(is_language(f"{each.typed} {each.known}", index) for each in queries):
        return "", queries
    return NO_QUESTION, []  # nor does a talk make it a question


def _examine_all(queries: Sequence[Query], k: int, index: Index, filters: Filters) -> list[Part]:
    """Search and judge one part of a question after the other; the words of the answer are shared out among them."""
    parts: list[Part] = []
    for query in queries:
        whole, hits = _find(query, k, index, filters)
        parts.append(_examine(whole, hits, parts, index, MAX_WORDS // len(queries)))
    return parts


def _find(query: Query, k: int, index: Index, filters: Filters) -> tuple[Query, list[Hit]]:
    """The query with the articles of each source that it names, or that mention its topic; their hits, then others."""
    if query.is_topic:
        first = hits_mentioning(query.known, search(query.text, DEPTH, index, filters))
        sources = tuple(frozenset({id}) for id in dict.fromkeys(hit.passage.article.id for hit in first))
    else:
        sources = _sources_of(query, index, filters)
        chosen = (replace(filters, articles=tuple(sorted(source))) for source in sources)
        first = [hit for each in chosen for hit in find(query, HITS_OF_SOURCE, index, each)]
    whole = replace(query, sources=sources)
    hits = find(whole, max(k, most_read(whole)), index, filters)
    return whole, in_turn(first, hits) if first else hits


def _sources_of(query: Query, index: Index, filters: Filters) -> tuple[frozenset[str], ...]:
    """The articles of each author and publisher that a query names, of what is found for it at all."""
    if not may_name(query.known):  # the search, and reading a hundred articles, would be for nothing
        return ()
    found = {hit.passage.article.id: hit.passage.article for hit in search(query.text, DEPTH, index, filters)}
    return sources_named(query.known, found.values())


def _examine(query: Query, hits: list[Hit], before: Sequence[Part], index: Index, most_words: int) -> Part:
    """Judge what was found for one part of a question, and quote what those before it do not."""
    judgement = judge(query, hits, index)
    found = judgement.confidence >= ENOUGH
    told = [quotation for part in before for quotation in part.quotations]
    within = math.inf if query.is_topic else CLOSE_NAMED
    quotations = compose(judgement, told, most_words, query.sources, within) if found else []
    return Part(query, hits, judgement, quotations, found)


def _confidence(answered: Sequence[Part], parts: Sequence[Part]) -> float:
    """That of the least likely part that is answered, and where none is, of the likeliest."""
    chances = sorted(part.judgement.confidence for part in answered or parts)
    return round(chances[0] if answered else chances[-1], 4)


def _all_hits(parts: Sequence[Part]) -> list[Hit]:
    """The hits of one part as they are; those of several by turns."""
    if len(parts) == 1:
        return parts[0].hits
    return in_turn(*([hit] for by_rank in zip_longest(*(part.hits for part in parts)) for hit in by_rank if hit))


def _refusal(part: Part, index: Index, filters: Filters) -> str:
    said = NO_ARTICLE if filters and not part.hits else refuse(part.query, part.judgement, index)
    is_of_days = filters.after or filters.before
    return f"{said} {NO_DATE}" if is_of_days and index.has_undated() else said
