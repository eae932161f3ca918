"""A question and its history go in, an Answer comes out: the one place where searching, judging and composing meet."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace

from index.article import Article
from index.opening import Index
from index.words import words
from qa.agreement import Relation, relate
from qa.anchoring import with_days
from qa.answer import Answer, Citation
from qa.composition import Quotation, compose
from qa.confidence import ENOUGH
from qa.conversation import Query, Turn, make_query
from qa.courtesy import polite_line
from qa.dates import PATTERN as DATES
from qa.earlier import find
from qa.following import newest_index
from qa.judge import JUDGED_HITS, Judgement, judge
from qa.marking import mark
from qa.reasons import around, why
from qa.refusing import NO_ARTICLE, refuse
from qa.retrieval import check_k, check_question, make_filters
from qa.telling import tell

# A capital letter at the beginning of a sentence tells of no name.
NAME_OR_NUMBER = re.compile(r"(?<!^)(?<![.?!:] )\b[A-Z][\w’'-]+|(?<!^)\b\d+(?:[.,]\d+)*")


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
    words are corrected, as `Answer.query` tells; `as_typed=True` searches exactly what was typed. Raises BadQuestion.
    """
    started = time.monotonic()
    check_question(question)
    check_k(k)
    filters = make_filters(after, before, source, publishers, articles)
    opened = newest_index(index)
    query = make_query(question, () if as_typed else history, None if as_typed else opened)
    query = with_days(query, opened, filters, as_typed=as_typed)
    hits = find(query, max(k, JUDGED_HITS), opened, filters)
    judgement = judge(query, hits, opened)
    line = polite_line(query.typed)
    found = judgement.confidence >= ENOUGH and not line
    quotations = compose(judgement) if found else []
    citations = _cite_all(query, quotations, judgement, opened)
    missing = _missing(query.known, quotations) if quotations else ()
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


def _cite_all(query: Query, quotations: list[Quotation], judgement: Judgement, index: Index) -> tuple[Citation, ...]:
    relations = relate(query.text, judgement.need, quotations, index)
    return tuple(
        replace(
            _cite(number, quotation, relation, index),
            marks=mark(query.text, judgement.need, quotation),
            why=why(query.text, quotation, judgement),
        )
        for number, (quotation, relation) in enumerate(zip(quotations, relations, strict=True), 1)
    )


def _missing(asked: str, quotations: list[Quotation]) -> tuple[str, ...]:
    """The names and numbers of a question that no passage quoted from holds; its dates are matters of the judge."""
    if asked.isupper():
        return ()
    passages = dict.fromkeys(each.hit.passage for each in quotations)
    held = set(words(" ".join(f"{each.heading} {each.text} {_about(each.article)}" for each in passages)))
    named = dict.fromkeys(NAME_OR_NUMBER.findall(DATES.sub(" ", asked)))
    return tuple(name for name in named if not held.issuperset(words(name)))


def _about(article: Article) -> str:
    return f"{article.title} {article.author} {article.publisher}"


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
