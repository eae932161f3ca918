"""An Answer goes in; its evidence comes out as HTML: a card per citation, or the nearest passages when none answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.article import Article, Span
from qa.answer import Citation, Why
from qa.conversations.aging import GONE, Aging, Today, as_quoted
from qa.conversations.recall import Excerpt, Recalled
from qa.web.message import button
from qa.web.wording import anchor, article_address, byline, count, day, escape

NEAREST = 3  # passages shown when nothing answers
LIKELY, PERHAPS = 0.6, 0.2  # of how the judge reads a quotation, for words
ALSO = 5  # ids of other files named on a card; the rest are counted
DOUBTED = {"author": "author", "publisher": "publisher", "published": "date", "title": "title"}
SHELF = 30  # articles listed before the first question


def evidence(answer: Recalled, aging: Aging = as_quoted) -> str:
    """The cards of one answer; `aging` tells where its words stand today."""
    if answer.found:
        return "".join(_citation_card(answer, citation, aging) for citation in answer.citations)
    if not answer.passages:
        return "<p class='hint'>There was no passage to show.</p>"
    nearest = "".join(_passage_card(hit, aging) for hit in answer.passages[:NEAREST])
    return f"<p class='nearest'>Nearest passages (they do not answer)</p>{nearest}"


def shelf(articles: Sequence[Article]) -> str:
    """The articles that can be asked, each with a link to read it."""
    items = "".join(
        f"<li>{_link(article_address(article.id, 0, 0), article.title or article.id)}<p class='byline'>"
        f"{escape(byline(article.author, article.publisher, article.published))}</p></li>"
        for article in articles[:SHELF]
    )
    rest = f"<p class='hint'>and {count(len(articles) - SHELF, 'other')}</p>" if len(articles) > SHELF else ""
    return f"<ul class='shelf'>{items}</ul>{rest}"


def _citation_card(answer: Recalled, citation: Citation, aging: Aging) -> str:
    def today(each: Citation) -> Today:
        return aging(each.article, each.start, each.quote, each.text_digest)

    now = today(citation)
    is_here = now.note != GONE
    places = [(each, today(each).start) for each in answer.citations if each.article == citation.article]
    others = [Span(start, start + len(each.quote)) for each, start in places if start is not None]
    address = _address(now, citation.quote, others)
    back = ["<a class='back' href='#chat'>Back to the answer</a>"]  # a narrow screen has the answer far above
    return _card(
        start=f"<article class='card' id='{anchor(answer.id, citation.number)}'>",
        heading=f"<span class='number'>{citation.number}</span>{_link(address, citation.title or citation.article)}",
        source=_source(citation),
        body=f"{_section(citation)}{escape(citation.around.before)}<mark>{escape(citation.quote)}</mark>{escape(citation.around.after)}",
        foot=[*_open(address, now), *_notes(citation, bool(now.note)), *back],
        folded=_why(citation) + _neighbours(citation) + (_only(citation) if is_here else ""),
    )


def _passage_card(passage: Excerpt, aging: Aging) -> str:
    now = aging(passage.article, passage.start, passage.text, "")
    address = _address(now, passage.text)
    return _card(
        start="<article class='card'>",
        heading=_link(address, passage.title or passage.article),
        source=_source(passage),
        body=escape(passage.text),
        foot=[*_open(address, now), *_also(passage.also)],
    )


def _card(*, start: str, heading: str, source: str, body: str, foot: list[str], folded: str = "") -> str:
    """All but `source` is HTML already."""
    return (
        f"{start}<h3>{heading}</h3><p class='byline'>{escape(source)}</p><blockquote>{body}</blockquote>"
        f"<p class='foot'>{' <span>·</span> '.join(foot)}</p>{folded}</article>"
    )


def _source(each: Citation | Excerpt) -> str:
    """Who said it, where and when."""
    publisher = each.publisher if each.publisher != each.author else ""
    return " · ".join(filter(None, (each.author, publisher, day(each.published) or "no date stated")))


def _section(citation: Citation) -> str:
    """The heading above the passage, which may tell the day, or the question that it answers."""
    is_title = citation.section in ("", citation.title)
    return "" if is_title else f"<strong class='section'>{escape(citation.section)}</strong>"


def _why(citation: Citation) -> str:
    """Why it was chosen, folded away."""
    dated = [f"Its date is told by: {citation.provenance.published}."] if citation.provenance.published else []
    rows = [f"<li>{escape(reason)}</li>" for reason in [*_reasons(citation.why), *dated]]
    return f"<details><summary>Why this was chosen</summary><ul>{''.join(rows)}</ul></details>" if rows else ""


def _reasons(why: Why | None) -> Iterator[str]:
    if why is None:
        return
    matched = ", ".join(f"“{word}”" for word in why.words)
    yield f"It shares {matched} with what was searched for." if matched else "It shares no word with the question."
    ranks = [f"{_ordinal(rank)} by {way}" for rank, way in ((why.dense_rank, "meaning"), (why.lexical_rank, "words"))
             if rank is not None]  # fmt: skip
    came = f"Its passage came {' and '.join(ranks)}" if ranks else "Its passage stands beside one that was found"
    yield f"{came} (similarity {why.cosine:.2f})."
    looks = "looks like" if why.reads >= LIKELY else "may be" if why.reads >= PERHAPS else "hardly looks like"
    yield f"Read with the question, it {looks} an answer ({why.reads:.0%}); how near it stands counts too."


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _neighbours(citation: Citation) -> str:
    """What stands before and after the passage, folded away."""
    around = citation.around
    if not around.earlier and not around.later:
        return ""
    texts = [f"<blockquote>{escape(text)}</blockquote>" for text in (around.earlier, around.later) if text]
    gap = "<p class='gap'>… the passage above …</p>"
    inside = gap.join(texts) if len(texts) == 2 else texts[0] + gap if around.earlier else gap + texts[0]
    return f"<details><summary>What stands before and after</summary>{inside}</details>"


def _only(citation: Citation) -> str:
    return f"<p class='tools'>{button('only', citation.article, 'Ask only this article')}</p>"


def _link(address: str, words: str) -> str:
    """A link; the bare words where there is no address."""
    return (
        f"<a href='{escape(address)}' target='_blank' rel='noopener'>{escape(words)}</a>" if address else escape(words)
    )


def _address(now: Today, words: str, also: Sequence[Span] = ()) -> str:
    """Where the words stand today, else their article; "" where that is gone."""
    if now.start is None:
        return "" if now.note == GONE else article_address(now.article, 0, 0)
    return article_address(now.article, now.start, now.start + len(words), also, words)


def _open(address: str, now: Today) -> list[str]:
    """The way to the words, and what has become of them."""
    told = [f"<span class='stale'>{escape(now.note)}</span>"] if now.note else []
    return [_link(address, "Open the article"), *told] if address else told


def _notes(citation: Citation, is_aged: bool) -> list[str]:
    """What else is to be known; of a document that `is_aged`, nothing that was true of its file then."""
    page = [f"page {citation.page}"] if citation.page is not None and not is_aged else []
    stale = ["the file has changed since it was indexed"] if citation.stale and not is_aged else []
    again = [f"says the same as [{citation.repeats}]"] if citation.repeats else []
    doubtful = [f"{DOUBTED[name]} doubtful" for name in citation.doubtful if name in DOUBTED]
    return page + stale + doubtful + again + _also(citation.also)


def _also(others: tuple[str, ...]) -> list[str]:
    if not others:
        return []
    rest = [f"and {count(len(others) - ALSO, 'other')}"] if len(others) > ALSO else []
    return [escape("the same words also in " + ", ".join([*others[:ALSO], *rest]))]
