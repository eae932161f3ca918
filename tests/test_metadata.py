"""Who wrote it and when: cases written by hand, each with the right answer, which is empty where nothing is stated."""

from __future__ import annotations

import pytest

from index.reading.read import read_article

BODY = (
    "The ferry across the sound was laid up in autumn because its hull had been worn thin by ice over many winters.\n\n"
    "A new one was ordered from a yard in the north, which promised to deliver it in the spring of the next year."
)
HTML_BODY = "".join(f"<p>{part}</p>" for part in BODY.split("\n\n"))

# The lines between title and text, the author, the date.
LINES = [
    ("By Ada Lind\n\n12 May 2020", "Ada Lind", "2020-05-12"),
    ("By Ada Lind, 12 May 2020", "Ada Lind", "2020-05-12"),
    ("By Ada Lind | May 12, 2020", "Ada Lind", "2020-05-12"),
    ("By Ada Lind, The Coast News, 12 May 2020", "Ada Lind", "2020-05-12"),
    ("By Ada Lind, Chief Reporter, May 12, 2020", "Ada Lind", "2020-05-12"),
    ("By Ada Lind, staff writer", "Ada Lind", ""),
    ("Prepared by Ada Lind, managing director, 12 May 2020", "Ada Lind", "2020-05-12"),
    ("By Ada Lind, who sold it, on Monday", "", ""),
    ("By Monday, Bergen", "", ""),
    ("by Ada Lind and Tom Berg", "Ada Lind and Tom Berg", ""),
    ("By Ada Lind, Tom Berg and Eva Holm", "Ada Lind and Tom Berg and Eva Holm", ""),
    ("BY ADA LIND", "ADA LIND", ""),
    ("Ada Lind and Tom Berg", "Ada Lind and Tom Berg", ""),
    ("Written by Ada Lind", "Ada Lind", ""),
    ("Author: Ada Lind", "Ada Lind", ""),
    ("By Ludwig van der Berg", "Ludwig van der Berg", ""),
    ("By Zoë Šimić", "Zoë Šimić", ""),
    ("By J. R. O'Neill", "J. R. O'Neill", ""),
    ("By Ada Lind in Bergen", "Ada Lind", ""),
    ("By Ada Lind, MD", "Ada Lind", ""),
    ("Published 12 May 2020 by Ada Lind", "Ada Lind", "2020-05-12"),
    ("May 12th, 2020", "", "2020-05-12"),
    ("Tuesday, 12 May 2020", "", "2020-05-12"),
    ("Tue 12 May 2020 at 14:05 GMT", "", "2020-05-12"),
    ("Sept. 3, 2019", "", "2019-09-03"),
    ("3 Sept 2019", "", "2019-09-03"),
    ("2020-05-12", "", "2020-05-12"),
    ("2020/05/12", "", "2020-05-12"),
    ("12.05.2020", "", "2020-05-12"),
    ("25/12/2019", "", "2019-12-25"),
    ("12/25/2019", "", "2019-12-25"),
    ("5/5/2019", "", "2019-05-05"),
    ("Published: 12 May 2020\n\nUpdated: 14 May 2020", "", "2020-05-12"),
    ("Published 12 May 2020, updated 14 May 2020", "", "2020-05-12"),
    ("Posted on May 12, 2020", "", "2020-05-12"),
    # Nothing is stated, or it could be two things.
    ("3/4/2019", "", ""),
    ("Updated 14 May 2020", "", ""),
    ("Last updated: 14 May 2020", "", ""),
    ("31 February 2020", "", ""),
    ("12 May 20", "", ""),
    ("12 May 2199", "", ""),
    ("1200", "", ""),
    ("May 2020 was warm", "", ""),
    ("4 April 2017\n\nThe keel was laid.\n\n9 June 2018\n\nThe hull was launched.", "", ""),
    ("By the sea", "", ""),
    ("By Monday morning", "", ""),
    ("By Staff Reporter", "", ""),
    ("By admin", "", ""),
    ("By The Editors", "", ""),
    ("United States and Soviet Union", "", ""),
    ("Foreign Policy and National Security", "", ""),
]
# The lines between title and text, the author, the publisher, the date.
PAPERS = [
    ("By Ada Lind, The Coast News, 12 May 2020", "Ada Lind", "The Coast News", "2020-05-12"),
    ("By Ada Lind, Lantern Weekly, 4 May 2024", "Ada Lind", "Lantern Weekly", "2024-05-04"),
    ("By Ada Lind, Chief Reporter, Lantern Weekly", "Ada Lind", "Lantern Weekly", ""),
    ("By Ada Lind | Times of Bergen | 4 May 2024", "Ada Lind", "Times of Bergen", "2024-05-04"),
    ("By Ada Lind for the Coast News", "Ada Lind", "the Coast News", ""),
    ("By Ada Lind\n\nLantern Weekly\n\n4 May 2024", "Ada Lind", "Lantern Weekly", "2024-05-04"),
    ("By Ada Lind\n\n4 May 2024\n\nThe Daily Harbour", "Ada Lind", "The Daily Harbour", "2024-05-04"),
    ("Reuters, 4 May 2024", "", "Reuters", "2024-05-04"),
    ("Lantern Weekly | 4 May 2024", "", "Lantern Weekly", "2024-05-04"),
    ("Coast Courier, 4 May 2024. By Ada Lind.", "Ada Lind", "Coast Courier", "2024-05-04"),
    ("By Ada Lind, Bergen Wire, 4 May", "Ada Lind", "Bergen Wire", ""),
    ("By Ada Lind Jr. 4 May 2024", "Ada Lind Jr.", "", "2024-05-04"),
    ("12 May", "", "", ""),
    ("The Coast News | 12 May", "", "", ""),
    ("By Ada Lind | 12 May", "Ada Lind", "", ""),
    # No paper, or none that signs the article.
    ("By Ada Lind, field coordinator. 4 May 2024", "Ada Lind", "", "2024-05-04"),
    ("By Ada Lind. Published on 4 May 2024", "Ada Lind", "", "2024-05-04"),
    ("By Ada Lind, Sept. 12, 2020", "Ada Lind", "", "2020-09-12"),
    ("By Ada Lind, Chief Reporter, 12 May 2020", "Ada Lind", "", "2020-05-12"),
    ("By Ada Lind and Tom Berg, 12 May 2020", "Ada Lind and Tom Berg", "", "2020-05-12"),
    ("By Ada Lind\n\nThe hull and the ice\n\n4 May 2024", "Ada Lind", "", "2024-05-04"),
    ("Lantern Weekly", "", "", ""),
    ("World News\n\nBy Ada Lind", "Ada Lind", "", ""),
    ("Press Release\n\n4 May 2024", "", "", "2024-05-04"),
    ("Latest News | 4 May 2024", "", "", ""),
    ("By Ada Lind, Press Officer, 4 May 2024", "Ada Lind", "", "2024-05-04"),
    ("By Emily Post", "", "", ""),  # as before: it may be a paper
    (
        "By Ada Lind, Journal of the American Medical Association",
        "Ada Lind",
        "Journal of the American Medical Association",
        "",
    ),
]
# The page's head or top, the author, the date.
PAGES = [
    ('<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Person","name":"Ada Lind"},'
     '"datePublished":"2020-05-12T08:00:00+02:00","dateModified":"2021-01-01"}</script>', "Ada Lind", "2020-05-12"),
    ('<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"Coast"},{"@type":"Article","author":'
     '[{"name":"Ada Lind"},{"name":"Tom Berg"}],"datePublished":"2020-05"}]}</script>', "Ada Lind and Tom Berg", "2020-05"),
    ('<script type="application/ld+json">{"@type":"Article","dateModified":"2021-01-01"}</script>', "", ""),
    ('<script type="application/ld+json">{broken</script><meta name="author" content="Ada Lind">', "Ada Lind", ""),
    ('<meta name="author" content="Ada Lind"><meta property="article:published_time" content="2020-05-12T08:00Z">', "Ada Lind", "2020-05-12"),
    ('<meta name="author" content="admin">', "", ""),
    ('<meta property="article:author" content="https://www.example.org/people/ada">', "", ""),
    ('<meta name="author" content="@adalind">', "", ""),
    ('<meta property="article:modified_time" content="2021-01-01">', "", ""),
    ('<meta name="date" content="yesterday">', "", ""),
    ('<meta name="citation_author" content="Lind, Ada"><meta name="citation_author" content="Berg, Tom">'
     '<meta name="citation_publication_date" content="2020/05/12">', "Ada Lind and Tom Berg", "2020-05-12"),
    ('<meta name="DC.creator" content="Ada Lind"><meta name="DC.date.issued" content="2020-05-12">', "Ada Lind", "2020-05-12"),
    ('<meta name="date" content="03/04/2019">', "", ""),
    ('<p class="byline">By <a href="/ada">Ada Lind</a> | 12 May 2020</p>', "Ada Lind", "2020-05-12"),
    ('<a rel="author" href="/ada">Ada Lind</a> <time datetime="2020-05-12" pubdate>May 12</time>', "Ada Lind", "2020-05-12"),
    ('<span itemprop="author" itemscope><span itemprop="name">Ada Lind</span></span>', "Ada Lind", ""),
    ('<time datetime="2020-05-12">a year ago</time><time datetime="2018-01-02">long ago</time>', "", ""),
    ('<div class="author">Follow us</div>', "", ""),
    ('<div class="byline">Last updated January 7</div>', "", ""),
    ("<p>Copyright 2024 Coast News</p>", "", ""),
]  # fmt: skip
# Front matter, the author, the date.
FRONT = [
    ("author: Ada Lind\ndate: 2020-05-12", "Ada Lind", "2020-05-12"),
    ("authors: [Ada Lind, Tom Berg]\ndate: May 12, 2020", "Ada Lind and Tom Berg", "2020-05-12"),
    ("date: '03/04/2019'", "", ""),
    ("date: 2020", "", "2020"),
    ("modified: 2021-01-01", "", ""),
]


@pytest.mark.parametrize(("lines", "author", "published"), LINES)
@pytest.mark.parametrize("suffix", ["md", "txt"])
def test_in_the_text(lines: str, author: str, published: str, suffix: str) -> None:
    title = "# The old ferry" if suffix == "md" else "The old ferry"
    article = read_article(f"2011-01-01-a.{suffix}", f"{title}\n\n{lines}\n\n{BODY}\n".encode())
    assert (article.author, article.published) == (author, published)
    assert bool(article.provenance.author) == bool(author) and bool(article.provenance.published) == bool(published)


@pytest.mark.parametrize(("lines", "author", "publisher", "published"), PAPERS)
@pytest.mark.parametrize("suffix", ["md", "txt"])
def test_the_paper_in_the_text(lines: str, author: str, publisher: str, published: str, suffix: str) -> None:
    title = "# The old ferry" if suffix == "md" else "The old ferry"
    article = read_article(f"a.{suffix}", f"{title}\n\n{lines}\n\n{BODY}\n".encode())
    assert (article.author, article.publisher, article.published) == (author, publisher, published)
    assert article.provenance.publisher == ("byline" if publisher else "")
    quotable = {article.text[each.start : each.end] for each in article.asides} | {article.title}
    assert publisher == "" or any(publisher in each for each in quotable)  # it is never quoted as an answer


@pytest.mark.parametrize(("head", "author", "published"), PAGES)
def test_in_a_page(head: str, author: str, published: str) -> None:
    page = f"<html><head><title>The old ferry</title></head><body>{head}<main><h1>The old ferry</h1>{HTML_BODY}</main></body></html>"
    article = read_article("a.html", page.encode())
    assert (article.author, article.published) == (author, published)


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_labelled_lines_at_the_head_are_metadata_and_no_text(name: str) -> None:
    head = "Title: “It holds”: a talk with Ada Lind\nAuthor: Tom Berg\nPublisher: The Coast\nDate: 12 May 2020\nURL: https://coast.test/a"
    article = read_article(name, f"{head}\n\n{BODY}\n".encode())
    assert (article.title, article.author) == ("“It holds”: a talk with Ada Lind", "Tom Berg")
    assert (article.publisher, article.published) == ("The Coast", "2020-05-12")
    assert article.provenance.author == "labelled line" and article.text.strip() == BODY.strip()
    for text in (
        "Date: nobody knows it any more.",
        "Nora: Where is it?\nSource: A voice.",
        "Title: A play\nIt rains.\nBy: no one",
        "Date: 12 May 2020\nSite: The old bridge\nCause: loose bolts",
        "Date: in spring\nTitle: A flood",
        "Source: It fell.\nLink: Who says so?",
        "Author: A. Lind\nAuthor: T. Berg\nDate: 12 May 2020",
    ):
        assert text.split("\n")[0] in read_article(name, f"{text}\n\n{BODY}\n".encode()).text


def test_front_matter_may_stand_below_empty_lines() -> None:
    article = read_article("a.md", f"\n\n---\ntitle: The old ferry\nauthor: Ada Lind\n---\n\n{BODY}\n".encode())
    assert (article.title, article.author, article.text.strip()) == ("The old ferry", "Ada Lind", BODY.strip())


@pytest.mark.parametrize(("front", "author", "published"), FRONT)
def test_in_front_matter(front: str, author: str, published: str) -> None:
    article = read_article("a.md", f"---\ntitle: The old ferry\n{front}\n---\n\n{BODY}\n".encode())
    assert (article.author, article.published) == (author, published)


def test_title_byline_and_date_in_one_block_of_a_plain_text() -> None:
    article = read_article("a.txt", f"The old ferry\nBy Ada Lind\n12 May 2020\n\n{BODY}\n".encode())
    assert (article.title, article.author, article.published) == ("The old ferry", "Ada Lind", "2020-05-12")
    assert article.text.startswith("The old ferry\n\nBy Ada Lind\n\n12 May 2020\n\nThe ferry")


@pytest.mark.parametrize("byline", ["By Ada Lind, The Coast News, 12 May 2020", "Ada Lind | 12 May 2020"])
def test_a_plain_text_right_below_its_byline_is_no_part_of_it(byline: str) -> None:
    article = read_article("a.txt", f"The old ferry\n{byline}\n{BODY}".encode())
    assert (article.title, article.published) == ("The old ferry", "2020-05-12")
    assert article.text.startswith(f"The old ferry\n\n{byline}\n\nThe ferry")
    assert [article.text[each.start : each.end] for each in article.headings] == ["The old ferry"]


def test_whom_the_text_is_about_is_not_its_author() -> None:
    text = f"The old ferry\n\nAda Lind sold it.\n\n{BODY}\n\nAda Lind is a professor of ship building in the north."
    assert read_article("a.txt", text.encode()).author == ""


def test_a_date_in_the_address_is_doubtful() -> None:
    page = f"<html><head><link rel='canonical' href='https://coast.test/2020/05/12/ferry'></head><body><main>{HTML_BODY}</main></body></html>"
    article = read_article("a.html", page.encode())
    assert (article.published, article.provenance.published) == ("2020-05-12", "address, doubtful")
    assert (article.url, article.provenance.url) == ("https://coast.test/2020/05/12/ferry", "canonical link")


def test_publisher_title_and_where_they_come_from() -> None:
    head = '<title>The old ferry | Coast News</title><meta property="og:site_name" content="Coast News">'
    article = read_article("a.html", f"<html><head>{head}</head><body><main>{HTML_BODY}</main></body></html>".encode())
    assert (article.title, article.publisher) == ("The old ferry", "Coast News")
    assert (article.provenance.title, article.provenance.publisher) == ("page title", "meta og:site_name")


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.coast.test/2020/05/12/ferry", "coast.test"),
        ("http://m.Coast.co.uk/ferry", "coast.co.uk"),
        ("https://coast.test/ferry?ref=https://other.test/page", "coast.test"),
        ("https://archive.test/web/2020/https://www.coast.test/ferry", "coast.test"),
    ],
)
def test_without_a_publisher_the_site_is_named(address: str, site: str) -> None:
    page = f"<html><head><link rel='canonical' href='{address}'>%s</head><body><main>{HTML_BODY}</main></body></html>"
    article = read_article("a.html", (page % "").encode())
    assert (article.publisher, article.provenance.publisher) == (site, "address")
    named = '<meta property="og:site_name" content="Coast News">'
    assert read_article("a.html", (page % named).encode()).publisher == "Coast News"
