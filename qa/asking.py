"""A question and its history go in, an Answer comes out: the one place where searching, judging and composing meet."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace

from index.opening import Index
from index.words import words
from qa.agreement import Relation, relate
from qa.anchoring import with_days
from qa.answer import Answer, Citation
from qa.composition import Quotation, compose
from qa.confidence import ENOUGH
from qa.conversation import Query, Turn, make_query
from qa.courtesy import polite_line
from qa.following import newest_index
from qa.judge import JUDGED_HITS, Judgement, judge
from qa.marking import mark
from qa.reasons import around, why
from qa.refusing import NO_ARTICLE, refuse
from qa.retrieval import check_k, check_question, make_filters, search
from qa.telling import tell

NAME_OR_NUMBER = re.compile(r"(?<!^)\b(?:[A-Z][\w’'-]+|\d[\d.,]*)")


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

        answer = ask("And who was blamed?", history=["When was the aid convoy bombed?"])
        print(answer.text, [citation.article for citation in answer.citations])

    What may answer is narrowed by `after` and `before` (ISO dates), `source` (words of publisher, author, title or id),
    `publishers` (names) and `articles` (ids).
    `index=None` uses the default index and follows its rebuilds. A follow-up is completed from the history and misspelt
    words are corrected, as `Answer.query` tells; `as_typed=True` searches exactly what was typed. Raises BadQuestion.
    """
    started = time.monotonic()
    check_question(question)
    check_k(k)
    filters = make_filters(after, before, source, publishers, articles)
    opened = newest_index(index)
    query = make_query(question, () if as_typed else history, None if as_typed else opened)
    query = with_days(query, opened, as_typed=as_typed)
    hits = search(query.text, max(k, JUDGED_HITS), opened, filters)
    judgement = judge(query, hits, opened)
    line = polite_line(query.typed)
    found = judgement.confidence >= ENOUGH and not line
    citations = _cite_all(query, judgement, opened) if found else ()
    missing = _missing(query.text, citations, judgement) if citations else ()
    return Answer(
        id=uuid.uuid4().hex,
        question=question,
        query=query.text,
        found=found,
        coverage="none" if not citations else "partly" if missing else "full",
        confidence=0.0 if line else round(judgement.confidence, 4),
        text=tell(citations) if found else line or _refusal(query, judgement, opened, bool(filters) and not hits),
        citations=citations,
        passages=tuple(hits[:k]),
        generation=opened.generation,
        seconds=round(time.monotonic() - started, 4),
        missing=missing,
    )


def _refusal(query: Query, judgement: Judgement, index: Index, is_filtered_out: bool) -> str:
    return NO_ARTICLE if is_filtered_out else refuse(query, judgement, index)


def _cite_all(query: Query, judgement: Judgement, index: Index) -> tuple[Citation, ...]:
    quotations = compose(judgement)
    relations = relate(query.text, judgement.need, quotations, index)
    return tuple(
        replace(
            _cite(number, quotation, relation, index),
            marks=mark(query.text, judgement.need, quotation),
            why=why(query.text, quotation, judgement),
        )
        for number, (quotation, relation) in enumerate(zip(quotations, relations, strict=True), 1)
    )


def _missing(query: str, citations: tuple[Citation, ...], judgement: Judgement) -> tuple[str, ...]:
    """The names and numbers of the query that the passages quoted from do not hold."""
    cited = {citation.article for citation in citations}
    passages = [each.hit.passage for each in judgement.sentences if each.hit.passage.article.id in cited]
    held = set(words(" ".join(dict.fromkeys(f"{passage.heading} {passage.text}" for passage in passages))))
    named = dict.fromkeys(NAME_OR_NUMBER.findall(query))
    return tuple(name for name in named if not held.issuperset(words(name)))


def _cite(number: int, quotation: Quotation, relation: Relation, index: Index) -> Citation:
    article, span = quotation.hit.passage.article, quotation.span
    return Citation(
        number=number,
        quote=article.text[span.start : span.end],
        article=article.id,
        title=article.title,
        author=article.author,
        publisher=article.publisher,
        published=article.published,
        url=article.url,
        start=span.start,
        end=span.end,
        page=article.page(span.start),
        stale=index.is_stale(article.id),
        also=quotation.hit.passage.also,
        repeats=None if relation.repeats is None else relation.repeats + 1,
        differs=relation.differs,
        doubtful=article.provenance.doubtful,
        provenance=article.provenance,
        around=around(quotation),
        text_digest=article.text_digest,
    )
