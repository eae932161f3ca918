"""A web page's element tree goes in; what it states of title, author, publisher, date and address comes out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from index.reading.block import NOTHING, Declared, Fact
from index.reading.datestamp import stated_date
from index.reading.names import names_in, written_names

MAX_JSON = 1_000_000  # characters of one script; a page's description is a few thousand
MAX_NODES = 2_000  # of a description, so that no nesting makes it endless
MAX_VALUE = 500  # characters of one metadatum
ARTICLE_TYPE = re.compile(r"(\w*Article|\w*Posting|Report|Review|FAQPage|QAPage|Chapter|WebPage|CreativeWork)$")
# Names of <meta> elements, the best first.
META = {
    "title": ("citation_title", "dc.title", "dcterms.title", "dcterm.title", "og:title", "weibo:article:title",
              "twitter:title", "parsely-title", "sailthru.title", "title"),
    "author": ("citation_author", "dc.creator", "dcterms.creator", "dcterm.creator", "parsely-author",
               "sailthru.author", "author", "byl", "article:author", "dc.contributor"),
    "publisher": ("citation_journal_title", "dc.publisher", "dcterms.publisher", "og:site_name", "publisher",
                  "application-name"),
    "published": ("article:published_time", "citation_publication_date", "citation_date", "dc.date.issued",
                  "dcterms.issued", "dcterms.created", "dc.date", "parsely-pub-date", "sailthru.date",
                  "og:published_time", "article:published", "pubdate", "publishdate", "publish_date", "publish-date",
                  "published_at", "datepublished", "date"),
    "url": ("og:url", "citation_public_url", "parsely-link"),
}  # fmt: skip
SEVERAL = ("citation_author", "dc.creator", "dcterms.creator")  # one element for each author
BYLINES = (
    "//*[contains(concat(' ', @itemprop, ' '), ' author ')]//*[@itemprop='name']",
    "//*[contains(concat(' ', @itemprop, ' '), ' author ')]",
    "//*[contains(concat(' ', @rel, ' '), ' author ')]",
    "//*[contains(concat(' ', translate(concat(@class, ' ', @id), 'BY', 'by'), ' '), 'byline')]",
    "//*[contains(concat(' ', @class, ' '), ' author ') or contains(@class, 'author-name') "
    "or contains(@class, 'author_name') or contains(@class, 'authorName') or contains(@class, 'post-author')]",
)
PUBLISHED_ELEMENTS = (
    "//*[contains(concat(' ', @itemprop, ' '), ' datePublished ')]",
    "//time[@pubdate or contains(@class, 'publish') or contains(@class, 'entry-date') or contains(@class, 'pubdate')]",
)
SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://\S+)")
PARTS_OF_TITLE = re.compile(r"\s+[|\-–—·•»:]+\s+")


def declare(page: Any) -> Declared:  # noqa: ANN401 - lxml has no types
    """Return what a page states of itself, each fact from the place that is most to be relied on."""
    described = list(_descriptions(page))
    meta = _meta(page)
    publisher = _first(_from_json(described, ("publisher",), _name), lambda: _from_meta(meta, "publisher"))
    return Declared(
        title=_title(page, described, meta, publisher.value),
        author=_first(
            _from_json(described, ("author", "creator"), _author_names),
            lambda: _meta_author(meta),
            lambda: _byline(page),
        ),
        publisher=publisher,
        published=_first(
            _from_json(described, ("datePublished",), lambda value: stated_date(_name(value))),
            lambda: _from_meta(meta, "published", stated_date),
            lambda: _date_element(page),
        ),
        url=_first(lambda: _canonical(page), lambda: _from_meta(meta, "url", _address), lambda: _saved_from(page)),
    )


def _first(*places: Callable[[], Fact]) -> Fact:
    return next((fact for place in places if (fact := place()).value), NOTHING)


def _descriptions(page: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Yield the JSON-LD objects that describe an article, the most telling first."""
    found: list[dict[str, Any]] = []
    for script in page.xpath("//script[contains(@type, 'ld+json')]"):
        text = script.text_content()
        if len(text) > MAX_JSON:
            continue
        try:
            waiting = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(MAX_NODES):
            if not waiting:
                break
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting.extend(node)
            elif isinstance(node, dict):
                waiting.extend(
                    value for key, value in node.items() if key in ("@graph", "mainEntity", "mainEntityOfPage")
                )
                found.append(node)
    typed = [node for node in found if ARTICLE_TYPE.match(_type(node))]
    yield from sorted(typed, key=lambda node: _type(node) in ("WebPage", "CreativeWork"))


def _type(node: dict[str, Any]) -> str:
    value = node.get("@type")
    return str(value[0] if isinstance(value, list) and value else value).rpartition("/")[2]


def _from_json(
    described: list[dict[str, Any]], keys: tuple[str, ...], read: Callable[[object], str]
) -> Callable[[], Fact]:
    def find() -> Fact:
        values = (read(node[key]) for node in described for key in keys if key in node)
        return Fact(next((value for value in values if value), ""), "json-ld")

    return find


def _name(value: object) -> str:
    """The name that a JSON-LD value holds: a string, an object with a name, or the first of a list."""
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            value = value.get("name", "")
    return _tidy(html.unescape(value)) if isinstance(value, str) else ""


def _author_names(value: object) -> str:
    names = [_name(each) for each in (value if isinstance(value, list) else [value])[:20]]
    return written_names(dict.fromkeys(name for each in names for name in names_in(each, stated=True)))


def _meta(page: Any) -> dict[str, list[str]]:  # noqa: ANN401
    """The contents of a page's <meta> elements by every name that they bear."""
    meta: dict[str, list[str]] = {}
    for element in page.xpath("//meta[@content]"):
        for attribute in ("name", "property", "itemprop"):
            for name in (element.get(attribute) or "").lower().split():
                meta.setdefault(name.replace("dc:", "dc.").replace("dcterms:", "dcterms."), []).append(
                    _tidy(html.unescape(element.get("content")))
                )
    return meta


def _from_meta(meta: dict[str, list[str]], field: str, read: Callable[[str], str] = lambda value: value) -> Fact:
    for name in META[field]:
        for value in meta.get(name, []):
            if told := read(value):
                return Fact(told, f"meta {name}")
    return NOTHING


def _meta_author(meta: dict[str, list[str]]) -> Fact:
    for name in META["author"]:
        values = meta.get(name, [])[: 20 if name in SEVERAL else 1]
        names = dict.fromkeys(name for value in values for name in names_in(value, stated=True))
        if names:
            return Fact(written_names(names), f"meta {name}")
    return NOTHING


def _byline(page: Any) -> Fact:  # noqa: ANN401
    """The names in the first element that is marked as a byline; a page that marks several different ones has none."""
    for path in BYLINES:
        texts = [" ".join(element.itertext()) for element in page.xpath(path)[:10]]
        told = list(dict.fromkeys(written_names(names_in(_tidy(text))) for text in texts))
        named = [names for names in told if names]
        if named:
            return Fact(named[0], "byline element", doubtful=len(named) > 1)
    return NOTHING


def _date_element(page: Any) -> Fact:  # noqa: ANN401
    for path in PUBLISHED_ELEMENTS:
        for element in page.xpath(path)[:10]:
            stated = element.get("datetime") or element.get("content") or " ".join(element.itertext())
            if date := stated_date(_tidy(stated)):
                return Fact(date, "time element")
    dates = {stated_date(_tidy(each)) for each in page.xpath("//time/@datetime")}
    alone = dates.pop() if len(dates) == 1 else ""
    return Fact(alone, "time element", doubtful=True) if alone else NOTHING


def _title(page: Any, described: list[dict[str, Any]], meta: dict[str, list[str]], site: str) -> Fact:  # noqa: ANN401
    head = _tidy(page.xpath("string(//title[not(ancestor::*[local-name()='svg'])])"))
    names = [_name(described[0][key]) for key in ("headline", "name") if described and key in described[0]]
    named = next((name for name in names if name and name in head), "".join(names[:1]))
    stated = _first(lambda: Fact(named, "json-ld"), lambda: _from_meta(meta, "title"))
    host = urlsplit(_canonical(page).value).hostname or ""
    if stated.value:
        return Fact(_without_site(stated.value, site, host), stated.origin)
    if head:
        return Fact(_without_site(head, site, host), "page title")
    return NOTHING


def _without_site(title: str, site: str, host: str) -> str:
    """A title without the name of the site behind it: "A long day | Coast News"."""
    parts = list(PARTS_OF_TITLE.finditer(title))
    if not parts or not parts[-1].start():
        return title
    tail = _letters(title[parts[-1].end() :])
    is_site = tail and (tail == _letters(site) or tail in (_letters(host), _letters(host.rpartition(".")[0])))
    return title[: parts[-1].start()] if is_site else title


def _letters(text: str) -> str:
    return "".join(char for char in text.lower().removeprefix("www.") if char.isalnum())


def _canonical(page: Any) -> Fact:  # noqa: ANN401
    links = page.xpath("//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")
    return Fact(next((address for each in links if (address := _address(each))), ""), "canonical link")


def _saved_from(page: Any) -> Fact:  # noqa: ANN401
    """The address that browsers write into a page when they save it."""
    comments = page.getroottree().xpath("//comment()")[:20]
    found = (SAVED_FROM.search(comment.text or "") for comment in comments)
    return Fact(next((match[1] for match in found if match), ""), "saved from")


def _address(value: str) -> str:
    value = value.strip()
    return value if re.match(r"https?://[^\s/]+", value) else ""


def _tidy(text: str) -> str:
    return " ".join(text.split())[:MAX_VALUE]
