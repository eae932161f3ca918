"""The reading view: every quotation of an answer in its article, step by step, and what is told of the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, SupportsIndex

import pytest
from playwright.sync_api import Browser, Page

from index import build_index, open_index
from index.article import Article, Provenance, Span
from qa.web.articles import original_file, reading_view
from qa.web.reading import STALE, Quotes, article_page, quotes_of
from qa.web.wording import MAX_ALSO, article_address
from tests.page_running import chromium, running
from tests.pdf_writing import pdf_of

TEXT = "First & foremost.\n\nA heading\n\nThe <b>second</b> paragraph. It ends."
ARTICLE = Article("a/b c#?.md", TEXT, title="A <i>title</i>", url="javascript:run()", headings=(Span(19, 28),))
WORDS = [f"Sentence number {number} tells of the lighthouse in the bay and of its keeper." for number in range(60)]


@dataclass(frozen=True)
class Shelf:
    """A library of one article."""

    stale: bool = False

    def article(self, id: str) -> Article:
        return {ARTICLE.id: ARTICLE}[id]

    def is_stale(self, id: str) -> bool:
        return self.stale

    def original(self, id: str) -> bytes | None:
        return None if self.stale else b"bytes"


@pytest.mark.parametrize(
    ("start", "end", "status", "marked"),
    [
        ("0", "17", 200, "<mark id='mark'>First &amp; foremost.</mark>"),
        ("-3", "5", 200, "<mark id='mark'>First</mark>"),
        ("50", "9999999999999999999", 200, "</mark>"),
        ("9", "3", 200, ""),
        ("", "", 200, ""),
        ("x", "3", 400, ""),
        ("1", "", 400, ""),
        ("9" * 5000, "3", 400, ""),
    ],
)
def test_the_range_is_cut_to_the_text(start: str, end: str, status: int, marked: str) -> None:
    reply = reading_view(Shelf, ARTICLE.id, start, end)
    assert reply.status_code == status
    body = bytes(reply.body).decode()
    assert marked in body
    assert bool(marked) == ("<mark" in body)


@pytest.mark.parametrize(
    ("also", "status", "marks"),
    [
        (["6-7"], 200, 2),
        (["6-7", "6-7"], 200, 2),
        (["3-9"], 200, 1),
        (["9-6"], 200, 1),
        (["6"], 400, 0),
        (["x-y"], 400, 0),
        (["-5--3"], 400, 0),
        ([f"{number}-{number + 1}" for number in range(6, 60)], 200, MAX_ALSO + 1),
    ],
)
def test_the_other_quotes_of_an_address_are_bounded_and_checked(also: list[str], status: int, marks: int) -> None:
    reply = reading_view(Shelf, ARTICLE.id, "0", "5", also)
    assert reply.status_code == status
    assert len(set(re.findall(r"Quote 1 of (\d+)", bytes(reply.body).decode()))) == (1 if marks > 1 else 0)
    if marks > 1:
        assert f"Quote 1 of {marks}" in bytes(reply.body).decode()


def test_a_mark_runs_through_paragraphs_and_begins_once() -> None:
    page = article_page(ARTICLE, quotes_of(Span(0, len(TEXT)), []))
    assert page.count("<mark") == 3
    assert page.count("id='mark'") == 1
    assert "<h2><mark>A heading</mark></h2>" in page


def test_every_quote_is_marked_and_the_next_is_one_step_away() -> None:
    quotes = quotes_of(Span(19, 28), [Span(30, 40), Span(0, 5), Span(25, 33)])
    assert quotes == Quotes((Span(0, 5), Span(19, 28), Span(30, 40)), 1)
    page = article_page(ARTICLE, quotes)
    assert re.sub("<[^>]*>", "", page.partition("<div class='text'>")[2]).startswith("First &amp; foremost.")
    assert "<mark class='other'>First</mark>" in page and "<mark id='mark'>A heading</mark>" in page
    before, after = (
        article_address(ARTICLE.id, start, end, quotes.spans, ARTICLE.text[start:end])
        for start, end in ((0, 5), (30, 40))
    )
    assert f"href='{before.replace('&', '&amp;')}' rel='prev'" in page
    assert f"href='{after.replace('&', '&amp;')}' rel='next'" in page
    first = article_page(ARTICLE, Quotes(quotes.spans, 0))
    assert "rel='prev'" not in first and "rel='next'" in first


def test_a_page_shows_everything_as_text() -> None:
    page = article_page(ARTICLE, Quotes())
    assert "The &lt;b&gt;second&lt;/b&gt; paragraph." in page
    assert "<h1>A &lt;i&gt;title&lt;/i&gt;</h1>" in page
    assert "href='javascript" not in page
    assert "href='/file/a/b%20c%23%3F.md'" in page


class Looked(tuple[Any, ...]):
    """A tuple that counts how often one of its values is looked at, for all such tuples together."""

    looks = 0

    def __iter__(self) -> Iterator[Any]:
        for value in super().__iter__():
            Looked.looks += 1
            yield value

    def __getitem__(self, place: SupportsIndex | slice) -> object:  # type: ignore[override]
        Looked.looks += 1
        return super().__getitem__(place)


def looks_at(blocks: int) -> int:
    """How often headings, asides and pages are looked at for an article of so many blocks, headings at every other."""
    text = "Some words here\n\n" * blocks
    spans = [Span(start, start + 15) for start in range(0, len(text), 17)]
    article = Article(
        "a.pdf", text, headings=Looked(spans[::2]), asides=Looked(spans[1::4]), pages=Looked(range(0, len(text), 51))
    )
    before = Looked.looks
    page = article_page(article, Quotes())
    assert [page.count(each) for each in ("<h2>", "<p class='aside'>", "<p class='page'>")] == [
        blocks // 2, blocks // 4, -(-blocks // 3)
    ]  # fmt: skip
    return Looked.looks - before


def test_four_times_as_many_headings_and_pages_cost_about_four_times_as_much() -> None:
    assert looks_at(2000) < 6 * looks_at(500)


def test_it_says_where_each_metadatum_comes_from_and_what_is_doubtful() -> None:
    origin = Provenance("heading", "byline", "meta <tag>", "time element, doubtful", "head")
    article = Article("a.html", TEXT, "T", "Ann", "News", "2017-04-06", "http://a.test/?a=1&b='2'", provenance=origin)
    page = article_page(article, Quotes())
    assert "Ann <small>from byline</small>" in page and "<small>from heading</small>" in page
    assert "from meta &lt;tag&gt;" in page
    assert "6 April 2017 <small>from time element <b class='doubt'>doubtful</b></small>" in page
    assert page.count("doubtful</b>") == 1
    assert "<a href='http://a.test/?a=1&amp;b=&#x27;2&#x27;' target='_blank' rel='noopener noreferrer'>" in page


def test_a_changed_file_is_told_and_not_offered() -> None:
    fresh, stale = (
        bytes(reading_view(partial(Shelf, changed), ARTICLE.id, "", "").body).decode() for changed in (False, True)
    )
    assert STALE not in fresh and "href='/file/" in fresh
    assert STALE in stale and "href='/file/" not in stale
    refused = original_file(lambda: Shelf(True), ARTICLE.id)
    assert refused.status_code == 410 and b"has changed or gone" in refused.body


@pytest.mark.model
def test_the_pages_of_a_pdf_are_numbered(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    blocks = [(1, "The lighthouse")] + [(0, " ".join(WORDS[place : place + 4])) for place in range(0, 60, 4)]
    (folder / "tower.pdf").write_bytes(pdf_of(blocks))
    build_index(folder, tmp_path / "index")
    index = open_index(tmp_path / "index")
    article = index.article("tower.pdf")
    start = article.text.index("number 55 tells")
    assert len(article.pages) > 1 and article.page(start) == len(article.pages)
    page = bytes(reading_view(lambda: index, "tower.pdf", str(start), str(start + 15)).body).decode()
    assert f"The quote, page {len(article.pages)}" in page and f"{len(article.pages)} pages" in page
    assert [int(number) for number in re.findall(r">Page (\d+)<", page)] == list(range(1, len(article.pages) + 1))
    assert original_file(lambda: index, "tower.pdf").body == (folder / "tower.pdf").read_bytes()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.browser
@pytest.mark.model
def test_a_permalink_survives_a_restart_and_steps_lead_through_the_quotes(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "tower & bay.txt").write_text("The lighthouse\n\n" + "\n\n".join(WORDS))
    for visit in range(2):
        with running(folder, tmp_path / "index", "--no-watch") as address:
            text = open_index(tmp_path / "index").article("tower & bay.txt").text
            spans = [Span(text.index(each), text.index(each) + len(each)) for each in (WORDS[3], WORDS[30], WORDS[58])]
            link = article_address("tower & bay.txt", spans[0].start, spans[0].end, spans)
            for width, height in ((1440, 900), (390, 844)):
                for scheme in ("light", "dark")[visit:]:
                    with browser.new_context(
                        viewport={"width": width, "height": height},
                        color_scheme="dark" if scheme == "dark" else "light",
                    ) as context:
                        _walk(context.new_page(), address.rstrip("/") + link, [WORDS[3], WORDS[30], WORDS[58]])


def _walk(page: Page, link: str, quotes: list[str]) -> None:
    """Open the first quotation and step to the last and back: each is in view, marked, and exactly its words."""
    page.goto(link)
    for number, quote in enumerate(quotes, 1):
        _assert_at(page, quote, f"Quote {number} of {len(quotes)}")
        if number < len(quotes):
            page.click("a[rel=next]")
    page.click("a[rel=prev]")
    _assert_at(page, quotes[-2], f"Quote {len(quotes) - 1} of {len(quotes)}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _assert_at(page: Page, quote: str, where: str) -> None:
    page.wait_for_selector(f"nav .jump >> text={where}")
    assert page.locator("#mark").text_content() == quote
    page.wait_for_function(
        "() => { const box = document.querySelector('#mark').getBoundingClientRect();"
        "  const bar = document.querySelector('nav').getBoundingClientRect();"
        "  return box.top >= bar.bottom && box.bottom <= innerHeight; }"
    )
