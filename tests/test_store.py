"""The articles that pass filters and their rows, against plain Python; an article without its text; a full disk."""

from __future__ import annotations

import errno
import random
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import index.store
from index.article import Article, Passage, Provenance, Span
from index.filters import Filters
from index.store import Store, StoredFile, StoreWriter

DATES = ("", "2015", "2016", "2016-02", "2016-02-29", "2016-09", "2016-09-12", "2016-12-31", "2017-01-01")
ASKED = ("", "2016", "2016-02", "2016-02-29", "2016-09-13", "2017")


def test_articles_have_their_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = StoreWriter(tmp_path / "s")
    for number in range(9):  # every third text is that of the article before
        article = Article(f"{number}.txt", "Some text.")
        rows = [number - (number % 3 == 2), 20 + number]
        passages = [(row, Passage(article, place, place + 3)) for place, row in enumerate(rows)]
        writer.add(article, StoredFile(article.id, "f", "t"), passages)
    writer.finish()
    store = Store(tmp_path / "s")
    wanted = ["1.txt", "2.txt", "7.txt", "none.txt"]
    assert list(store.rows_of(wanted)) == [1, 7, 21, 22, 27] and store.rows_of(wanted).dtype == np.int64
    many = [*wanted, *(f"none/{number}.txt" for number in range(300_000))]  # more than SQLite has variables
    assert list(store.rows_of(many)) == [1, 7, 21, 22, 27] and list(store.rows_of([])) == []
    monkeypatch.setattr(index.store, "AT_A_TIME", 2)
    assert [each.id for each in store.files()] == [f"{number}.txt" for number in range(9)]
    assert [each.passages for each in store.summaries()] == [2] * 9 and store.repeated_texts() == {"t": "0.txt"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Store:
    file, rng = tmp_path_factory.mktemp("store") / "s", random.Random(4)
    writer = StoreWriter(file)
    for number in range(120):
        writer.add(_article(number, rng), StoredFile(f"{number}", "f", "t"), [])
    writer.finish()
    return Store(file)


def _article(number: int, rng: random.Random) -> Article:
    return Article(
        f"Ä {number}'.md", f"Text {number}", rng.choice(("The “Ferry”", "ÄPFEL", "[]", "")), rng.choice(("Ada", "")),
        rng.choice(("Herald", "herald", "Courier, \"Sunday\"", "")), rng.choice(DATES), "https://x.org",
        (Span(0, 4),), (Span(4, 5),), (0, 3), Provenance("heading", published="byline, doubtful"),
    )  # fmt: skip


def test_a_card_is_its_article_without_the_text_and_the_places_in_it(library: Store) -> None:
    articles = list(library.articles())
    assert len(articles) == 120 and articles[0].headings == (Span(0, 4),)
    assert library.cards() == [replace(each, text="", headings=(), asides=(), pages=()) for each in articles]


def test_a_full_disk_is_told_like_any_other(tmp_path: Path) -> None:
    writer = StoreWriter(tmp_path / "s")
    writer._file.execute("pragma max_page_count = 8")
    with pytest.raises(OSError, match="No space left on device") as raised:
        writer.add(Article("a.md", "Long. " * 20_000), StoredFile("a.md", "f", "t"), [])
    assert raised.value.errno == errno.ENOSPC


def _days(date: str) -> tuple[str, str]:
    """The first and the last day of a date, 31 of them in every month."""
    return date + "-01-01"[len(date) - 4 :], date + "-12-31"[len(date) - 4 :]


@pytest.mark.parametrize(("after", "before"), list(product(ASKED, ASKED)))
def test_dates_pass_where_any_of_their_days_does(library: Store, after: str, before: str) -> None:
    expected = {
        each.id
        for each in library.articles()
        if (each.published or not (after or before))
        and (not after or _days(each.published)[1] >= _days(after)[0])
        and (not before or _days(each.published)[0] <= _days(before)[1])
    }
    assert library.ids(Filters(after, before)) == expected


@pytest.mark.parametrize("source", ["äpfel", "FERRY", "ada", 'courier, "s', "ä 1", "[]", "%", "\ud800", "nobody"])
@pytest.mark.parametrize("publishers", [(), ("Herald",), ("herald", 'Courier, "Sunday"'), ("\ud800",), ("[]",)])
def test_names_pass_as_they_are_and_words_in_any_case(library: Store, source: str, publishers: tuple[str, ...]) -> None:
    expected = {
        each.id
        for each in library.articles()
        if (not publishers or each.publisher in publishers)
        and any(source.casefold() in name.casefold() for name in (each.publisher, each.author, each.title, each.id))
    }
    assert library.ids(Filters(source=source, publishers=publishers)) == expected
    few = ("Ä 7'.md", "Ä 99'.md", "none", "\ud800")
    assert library.ids(Filters(source=source, publishers=publishers, articles=few)) == expected & set(few)
