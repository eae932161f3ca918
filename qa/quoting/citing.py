"""A question's parts and their judgements go in, the citations of its answer and what it misses come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.article import Span
from index.opening import Index
from qa.answer import Citation, Hit
from qa.evidence.attribution import speaker_of
from qa.evidence.naming import missing_names
from qa.judge import Judgement
from qa.query.conversation import Query
from qa.quoting.agreement import relate
from qa.quoting.composition import Quotation
from qa.quoting.marking import mark
from qa.quoting.reasons import around, why


@dataclass(frozen=True)
class Part:
    """One of the questions that were asked in one: what was found for it, how it was judged, what of it is quoted."""

    query: Query
    hits: list[Hit]
    judgement: Judgement
    quotations: list[Quotation]
    found: bool


def cite(parts: Sequence[Part], index: Index) -> tuple[Citation, ...]:
    """The quotations of all parts, numbered through."""
    cited: list[Citation] = []
    for part in parts:
        cited += _cite_part(part, len(cited), index)
    return tuple(cited)


def _cite_part(part: Part, before: int, index: Index) -> list[Citation]:
    query, judgement = part.query, part.judgement
    marks = [mark(quotation, judgement, query.known) for quotation in part.quotations]
    marked = [_marked(*each) for each in zip(part.quotations, marks, strict=True)]
    relations = relate(query.text, judgement.need, part.quotations, marked, index)
    return [
        replace(
            _cite(before + number, quotation, _also(quotation, judgement), index),
            repeats=None if relation.repeats is None else before + relation.repeats + 1,
            differs=relation.differs,
            marks=marks[number - 1],
            why=why(query.text, quotation, judgement),
        )
        for number, (quotation, relation) in enumerate(zip(part.quotations, relations, strict=True), 1)
    ]


def _marked(quotation: Quotation, marks: tuple[Span, ...]) -> str:
    return " ".join(quotation.hit.passage.article.words(span) for span in marks)


def _also(quotation: Quotation, judgement: Judgement) -> tuple[str, ...]:
    """The other articles that hold the very same passage, and those read that hold the very same words."""
    own = quotation.hit.passage
    alike = (each.hit.passage for each in judgement.sentences if each.text == quotation.text)
    ids = (id for each in alike for id in (each.article.id, *each.also))
    return tuple(id for id in dict.fromkeys((*own.also, *ids)) if id != own.article.id)


def what_is_missing(parts: Sequence[Part]) -> tuple[str, ...]:
    """The names in parts answered that nothing quoted from holds, and the parts that nothing answers, with a "?"."""
    quoted = [quotation for part in parts for quotation in part.quotations]
    passages = list(dict.fromkeys(each.hit.passage for each in quoted))
    names = (missing_names(part.query.known, passages) for part in parts if part.found)
    unanswered = (f"{part.query.typed.rstrip('?. ')}?" for part in parts if not part.found)
    return tuple(dict.fromkeys([*(name for each in names for name in each), *unanswered])) if quoted else ()


def _cite(number: int, quotation: Quotation, also: tuple[str, ...], index: Index) -> Citation:
    article, span = quotation.hit.passage.article, quotation.span
    return Citation(
        number=number,
        quote=article.words(span),
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
        also=also,
        doubtful=article.provenance.doubtful,
        provenance=article.provenance,
        around=around(quotation),
        text_digest=article.text_digest,
        speaker=speaker_of(article, span),
        section=quotation.hit.passage.section,
    )
