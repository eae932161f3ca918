"""An Article and the quotations from it go in, the reading view comes out: a whole HTML page with them marked."""

from __future__ import annotations

import base64
import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from index.article import DOUBTFUL, Article, Span
from qa.web.wording import article_address, count, day, escape, file_address

STYLE = (Path(__file__).parent / "reading.css").read_text(encoding="utf-8")
STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
STALE = "The file has changed or gone since it was indexed. This is its text as it was then."


@dataclass(frozen=True)
class Quotes:
    """The quotations of an answer from one article, in the article's order, none within another, and the one shown."""

    spans: tuple[Span, ...] = ()
    shown: int = 0

    @property
    def current(self) -> Span | None:
        """The quotation that the page opens at."""
        return self.spans[self.shown] if self.spans else None


def quotes_of(shown: Span | None, also: list[Span]) -> Quotes:
    """Put the quotation to show and the others in order; what overlaps one that is taken already is left out."""
    if shown is None:
        return Quotes()
    taken = [shown]
    for each in also:
        if all(each.end <= other.start or other.end <= each.start for other in taken):
            taken.append(each)
    taken.sort(key=lambda span: span.start)
    return Quotes(tuple(taken), taken.index(shown))


def article_page(article: Article, quotes: Quotes, is_stale: bool = False, notice: str = "") -> str:
    """The whole article; the quotations must lie within its text. A `notice` stands above it."""
    body = "".join(_block(article, block, quotes) for block in _blocks(article))
    notes = [STALE, notice] if is_stale else [notice]
    note = "".join(f"<p class='stale' role='note'>{escape(each)}</p>" for each in notes if each)
    text = f"{_head(article, is_stale)}{note}<div class='text'>{body}</div>"
    return _page(article.title or article.id, text, _steps(article, quotes))


def notice_page(text: str) -> str:
    """A page with one readable sentence instead of an article."""
    return _page("Quoted", f"<p class='notice'>{escape(text)}</p>", "")


def _page(title: str, body: str, steps: str) -> str:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        "<nav aria-label='Pages and quotations'><span class='pages'><a class='home' href='/'>Quoted</a>"
        f"<a href='/articles'>Articles</a></span>{steps}</nav>"
        f"<main>{body}</main></body></html>"
    )


def _steps(article: Article, quotes: Quotes) -> str:
    """The way to the quotation shown, to the one before it and the one after it."""
    if quotes.current is None:
        return ""
    page = article.page(quotes.current.start)
    where = [f"quote {quotes.shown + 1} of {len(quotes.spans)}"] if len(quotes.spans) > 1 else ["the quote"]
    where += [f"page {page}"] if page else []
    here = f"<a class='jump' href='#mark'>{', '.join(where).capitalize()}</a>"
    return (
        f"<span class='steps'>{_step(article, quotes, -1, '‹<span> Previous</span>')}{here}"
        f"{_step(article, quotes, 1, '<span>Next </span>›')}</span>"
    )


def _step(article: Article, quotes: Quotes, by: int, words: str) -> str:
    place = quotes.shown + by
    if not 0 <= place < len(quotes.spans):
        return ""
    span = quotes.spans[place]
    said = article.words(span)
    address = escape(article_address(article.id, span.start, span.end, quotes.spans, said))
    return f"<a class='step' href='{address}' rel='{'prev' if by < 0 else 'next'}'>{words}</a>"


def _head(article: Article, is_stale: bool) -> str:
    origin = article.provenance
    size = [count(len(article.pages), "page")] if article.pages else []
    size.append(count(len(article.text.split()), "word"))
    rows = (
        _row("Title", escape(article.title), origin.title) if origin.title else "",
        _row("Author", escape(article.author), origin.author),
        _row("Publisher", escape(article.publisher), origin.publisher),
        _row("Date", escape(day(article.published)), origin.published),
        _row("Original", _link(article.url), origin.url),
        _row("File", _file(article, is_stale), ""),
        _row("Length", ", ".join(size), ""),
    )
    return f"<header><h1>{escape(article.title or article.id)}</h1><dl>{''.join(rows)}</dl></header>"


def _row(label: str, value: str, origin: str) -> str:
    """One metadatum and where it comes from; nothing when it is unknown. `value` is HTML."""
    return f"<div><dt>{label}</dt><dd>{value}{_from(origin)}</dd></div>" if value else ""


def _from(origin: str) -> str:
    if not origin:
        return ""
    doubt = " <b class='doubt'>doubtful</b>" if origin.endswith(DOUBTFUL) else ""
    return f" <small>from {escape(origin.removesuffix(DOUBTFUL))}{doubt}</small>"


def _file(article: Article, is_stale: bool) -> str:
    if is_stale:
        return escape(article.id)
    return f"<a href='{escape(file_address(article.id))}' download>{escape(article.id)}</a>"


def _link(url: str) -> str:
    """A link only where it leads to the web; any other scheme could run something."""
    if not re.match(r"https?://", url, re.IGNORECASE):
        return escape(url)
    return f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{escape(url)}</a>"


def _blocks(article: Article) -> Iterator[Span]:
    """The paragraphs and headings: cut at blank lines and at the edges of headings; blank ones left out."""
    text = article.text
    edges = {0, len(text)} | {edge for span in article.headings for edge in (span.start, span.end)}
    edges |= {edge for gap in re.finditer(r"\n\s*\n", text) for edge in gap.span()}
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        if text[start:end].strip():
            yield Span(start, end)


def _block(article: Article, block: Span, quotes: Quotes) -> str:
    """One block as HTML, with a line before it where a page of the document begins."""
    first, next_one = bisect_left(article.pages, block.start), bisect_left(article.pages, block.end)
    page = "".join(f"<p class='page'>Page {number + 1}</p>" for number in range(first, next_one))
    if _within(block, article.headings):
        if not _quoted(block, quotes) and article.words(block).strip() == article.title:
            return page  # the head of the page shows it already
        tag, kind = "h2", ""
    else:
        tag, kind = "p", " class='aside'" if _within(block, article.asides) else ""
    return f"{page}<{tag}{kind}>{_marked(article.text, block, quotes)}</{tag}>"


def _marked(text: str, block: Span, quotes: Quotes) -> str:
    """The block's text with the parts of quotations in it marked; an id stands where the one shown begins."""
    html, done = "", block.start
    for span in quotes.spans:
        start, end = max(block.start, span.start), min(block.end, span.end)
        if start < end:
            html += f"{escape(text[done:start])}{_mark(text[start:end], span, start, quotes)}"
            done = end
    return html + escape(text[done : block.end])


def _mark(words: str, span: Span, start: int, quotes: Quotes) -> str:
    if span != quotes.current:
        return f"<mark class='other'>{escape(words)}</mark>"
    name = " id='mark'" if start == span.start else ""
    return f"<mark{name}>{escape(words)}</mark>"


def _quoted(block: Span, quotes: Quotes) -> bool:
    return any(span.start < block.end and block.start < span.end for span in quotes.spans)


def _within(block: Span, spans: tuple[Span, ...]) -> bool:
    """Whether one of the spans, which come in order and apart, holds the block; there may be thousands of both."""
    place = bisect_right(spans, block.start, key=lambda span: span.start)
    return place > 0 and block.end <= spans[place - 1].end
