"""Reading, against texts written here whose right reading is written beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from index.article import Article
from index.reading.block import Block, Unreadable
from index.reading.datestamp import iso_date
from index.reading.mend import clean_text, mend
from index.reading.read import read_article
from index.reading.table_rows import told_rows


def read(text: str, name: str = "a.txt") -> Article:
    return read_article(name, text.encode("utf-8"))


def paragraphs(article: Article) -> list[str]:
    return article.text.split("\n\n")


def asides(article: Article) -> list[str]:
    return [article.text[span.start : span.end] for span in article.asides]


def headings(article: Article) -> list[str]:
    return [article.text[span.start : span.end] for span in article.headings]


def test_front_matter_gives_metadata_and_is_no_text() -> None:
    article = read(
        "---\ntitle: T\nauthor: [A B, C D]\npublished: 2020-01-02\nurl: https://x.org/a\n---\n\nBody text.", "a.md"
    )
    assert (article.title, article.author, article.published, article.url) == (
        "T",
        "A B and C D",
        "2020-01-02",
        "https://x.org/a",
    )
    assert article.provenance.author == "front matter"
    assert article.text == "Body text."


@pytest.mark.parametrize("front", ["---\n: : :\n- [\n---\n", "---\njust a line\n---\n"])
def test_malformed_front_matter_stays_in_the_text(front: str) -> None:
    assert "Body stays." in read(front + "\nBody stays.", "a.md").text


def test_link_targets_are_gone_and_link_texts_stay() -> None:
    article = read(
        "# Head\n\nHe [said \\(https://x.org/a?b=c\\)](https://x.org/a?b=c) that it [works](http://y.org) "
        "([https://z.org](https://z.org)) now, *really* so.",
        "a.md",
    )
    assert paragraphs(article)[1] == "He said that it works now, really so."


def test_words_broken_by_a_page_are_joined_where_the_whole_word_is_known() -> None:
    article = read(
        "# T\n\nThe states hoped for better rela-\n\ntions soon. Their post-\n\nUkraine ties had cooled.", "a.md"
    )
    assert paragraphs(article)[1] == "The states hoped for better relations soon. Their post-Ukraine ties had cooled."


def test_paragraphs_cut_by_a_page_are_joined_and_list_items_are_not() -> None:
    article = read(
        "# T\n\nThe plan asked for closer\n\ncooperation of all.\n\n- first of the many points\n- second of the points",
        "a.md",
    )
    assert paragraphs(article)[1:] == [
        "The plan asked for closer cooperation of all.",
        "first of the many points",
        "second of the points",
    ]


def test_the_places_where_pages_begin_stay_right_through_cleaning_and_joining() -> None:
    """Page 2 begins with "tions", page 3 was empty, page 4 begins with "The mill"."""
    first = Block("paragraph", "The two towns had hoped for co\u00adop\u00aderation and for better  rela-", breaks=(0,))
    second = Block("paragraph", "tions soon. It was too late. ❖", breaks=(0,))
    blocks = mend(
        [
            first,
            second,
            Block("paragraph", " ", breaks=(0,)),
            Block("paragraph", "The mill was sold by then.", breaks=(0,)),
        ]
    )
    assert blocks[0].text == "The two towns had hoped for cooperation and for better relations soon. It was too late."
    assert blocks[0].breaks == (0, blocks[0].text.index("tions soon"))
    assert blocks[1].breaks == (0, 0)


def test_address_lines_and_ornaments_are_not_quoted() -> None:
    article = read(
        "# T\n\nThe town kept its mill. ◆\n\nInstitute of Mills\nWeir Street 2\nPO Box 81, Bergen\nwww.mills.test | info@mills.test\n\n"
        "Write to info@mills.test for a list of mills.", "a.md",
    )  # fmt: skip
    assert "◆" not in article.text and len(asides(article)) == 1 and "PO Box" in asides(article)[0]


def test_references_and_navigation_can_be_found_but_not_quoted() -> None:
    article = read(
        "# T\n\nThe text ends here.\n\n## References\n\n- Smith (2016). Paper.\n\n## Next part\n\nMore text follows.\n\n"
        "Related article: [Another](http://x.org)\n\n## RECOMMENDED\n\n### [Other piece](#)\n\nFeb 1, 2020",
        "a.md",
    )
    assert asides(article) == [
        "References", "Smith (2016). Paper.", "Related article: Another", "RECOMMENDED", "Other piece", "Feb 1, 2020",
    ]  # fmt: skip
    assert "More text follows." not in asides(article)


def test_prose_behind_a_list_of_references_is_text_again() -> None:
    paid = "The work underlying this brief was financed by the ministry of mills through the project Weir."
    noted = "Smith, A. (2016). Paper about the many mills of the northern valleys, with a map and a list of weirs."
    article = read(
        f"# T\n\nThe text ends here.\n\n## References\n\n- Smith (2016). Paper.\n- Ng (2017).\n\n{paid}\n", "a.md"
    )
    assert asides(article) == ["References", "Smith (2016). Paper.", "Ng (2017)."]
    article = read(f"# T\n\nThe text ends here.\n\n## References\n\n{noted}\n\n{noted}\n", "a.md")
    assert asides(article) == ["References", noted, noted]
    article = read(f"# T\n\nThe text ends here.\n\n## Related articles\n\n- Mills\n\n{paid}\n", "a.md")
    assert paid in asides(article)


def test_title_byline_and_date_are_found_in_the_text() -> None:
    article = read(
        "## A long day\n\nby [Jane Q. Doe \\(/people/jane\\)](#)\n\nApr 6, 2017\n\nThe day began early. It ended late."
    )
    assert (article.title, article.author, article.published) == ("A long day", "Jane Q. Doe", "2017-04-06")
    assert (article.provenance.title, article.provenance.author, article.provenance.published) == (
        "heading",
        "byline",
        "date line",
    )
    assert asides(article) == ["by Jane Q. Doe", "Apr 6, 2017"]


def test_a_byline_and_a_date_in_one_block_are_both_found() -> None:
    for line in ("By Oskar Lind\n12 May 2020", "By Oskar Lind, 12 May 2020", "By Oskar Lind | 2020-05-12"):
        article = read(f"# The keeper\n\n{line}\n\nThe lighthouse stood alone. It shone.", "a.md")
        assert (article.author, article.published) == ("Oskar Lind", "2020-05-12"), line


def test_an_author_is_found_in_the_closing_note_and_a_title_in_the_first_line() -> None:
    article = read(
        "Why rivers flood\n\nRain fell for a week. The banks broke.\n\nMax P. Muster is a hydrology researcher at Town University."
    )
    assert (article.title, article.author) == ("Why rivers flood", "Max P. Muster")
    assert (article.provenance.title, article.provenance.author) == ("first line", "author note")


def test_nothing_is_invented() -> None:
    article = read("Some notes\n\nOn 4 April 2016 it rained. The photo was taken by the sea.")
    assert (article.author, article.published, article.publisher, article.url) == ("", "", "", "")


@pytest.mark.parametrize(
    ("written", "iso"),
    [("Apr 6, 2017", "2017-04-06"), ("November 17, 2017", "2017-11-17"), ("17 November 2017", "2017-11-17"),
     ("Published: 2016-09-12", "2016-09-12"), ("2016", ""), ("1200", ""), ("2020-02-30", ""), ("last week of 2016", ""),
     ("2016-09-12: the truce begins", ""), ("", "")],
)  # fmt: skip
def test_dates(written: str, iso: str) -> None:
    assert iso_date(written) == iso


def test_html_keeps_the_main_text_and_drops_scripts_and_navigation() -> None:
    article = read(
        "<html><head><title>Site | Page</title><meta property='og:title' content='The page'>"
        "<meta name='author' content='Ann Other'><meta property='article:published_time' content='2019-03-02T10:00:00Z'></head>"
        "<body><nav><a href='/'>Home</a><a href='/b'>Blog</a></nav><article><h1>The page</h1><h2>First part</h2>"
        "<p>The first paragraph is long enough to be taken for text, <script>alert(1)</script>with a <a href='http://x.org'>link</a> in it.</p>"
        "<p>The second paragraph also has some words, so that it counts as text.</p></article>"
        "<footer>Imprint and cookies</footer></body></html>",
        "a.html",
    )
    assert (article.title, article.author, article.published) == ("The page", "Ann Other", "2019-03-02")
    assert "with a link in it." in article.text
    assert not any(word in article.text for word in ("alert", "Blog", "cookies", "http"))


def test_text_is_clean() -> None:
    assert clean_text("co\u00adopera\u200btion \ufb01le e\u0301 \u202eabc\U000e0041") == "cooperation file \u00e9 abc"


@given(st.text())
def test_reading_any_text_gives_exact_spans_or_says_why_not(text: str) -> None:
    try:
        article = read_article("a.txt", text.encode("utf-8", "replace"))
    except Unreadable as error:
        assert error.reason in {"empty", "no_text", "type_mismatch"}
        return
    for span in (*article.headings, *article.asides):
        assert article.text[span.start : span.end] in paragraphs(article)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t ", "empty"),
        ("a.txt", b"%PDF-1.7 ...", "type_mismatch"),
        ("a.txt", b"\x00\x01\x02binary\x00", "type_mismatch"),
        ("a.txt", bytes(range(1, 32)) * 40 + b"\xff\xfe", "type_mismatch"),
        ("a.txt", b"\xff\xfe\x00", "bad_encoding"),
        ("a.md", b"***\n\n---\n", "no_text"),
        ("a.pdf", b"text", "type_mismatch"),
        ("a.odt", b"text", "unsupported_type"),
        ("a.html", b"<html></html>", "no_text"),
        ("a.txt", b"x" * (20 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_article(name, data)
    assert error.value.reason == reason
    assert error.value.detail.endswith(".")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings(encoding: str) -> None:
    text = "Café prices\n\nThe café’s coffee costs €5 in Zürich today. It was cheaper last year."
    assert "café’s coffee costs €5 in Zürich" in read_article("a.txt", text.encode(encoding)).text


def test_cyrillic_without_a_mark_is_guessed() -> None:
    text = "Новости города\n\nСегодня в городе открылся новый музей часов. Вход для детей бесплатный, для взрослых стоит четыре кроны."
    assert "открылся новый музей" in read_article("a.txt", text.encode("cp1251")).text


@pytest.mark.parametrize(
    ("declared", "published"),
    [("2016", "2016"), ("2016-09", "2016-09"), ("2016-13", ""), ("2019-03-02T10:00:00Z", "2019-03-02"), ("soon", "")],
)
def test_declared_dates(declared: str, published: str) -> None:
    assert read(f"---\ntitle: T\npublished: '{declared}'\n---\n\nSome text.", "a.md").published == published


@pytest.mark.parametrize(
    "text",
    [
        "# A profile\n\nMaria Ressa is a journalist in Manila who began early.\n\nOne.\n\nTwo went on.\n\nThree came.\n\nFour ended it.",
        "# A history\n\nUnited States and Soviet Union\n\nThe two powers met twice.",
        "# A year\n\n1200\n\nIn that year the town was founded.",
    ],
)
def test_subjects_are_not_taken_for_authors_or_dates(text: str) -> None:
    article = read(text, "a.md")
    assert (article.author, article.published) == ("", "")


@pytest.mark.parametrize(
    "paragraph",
    [
        "Subscribers left the union in 1990 and never came back to it.",
        "Sign up rates rose by a third in the spring, and the club had to close its doors to new members.",
    ],
)
def test_ordinary_text_is_not_set_aside(paragraph: str) -> None:
    article = read(
        f"# T\n\n{paragraph}\n\n## Related work on truces\n\nTruces were studied before.\n\n## Recommended actions\n\nAct now, they say.",
        "a.md",
    )
    assert asides(article) == []


@pytest.mark.parametrize(
    "text",
    ["T\n\n" + "a" * 300_000 + "\n\nmore", "T\n\n" + " " * 300_000 + "x", "T\n\n" + "(" * 100_000, "# T\n\n" + "[" * 20_000, "T\n\n" + "a-" * 200_000,
     "# T\n\n" + "> " * 5_000 + "x", "T\n\n" + "By A B " * 30_000, "---\na: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\n"
     "title: [*b, *b, *b, *b, *b, *b, *b, *b]\n---\n\nSome text."],
)  # fmt: skip
def test_odd_texts_are_read_in_no_time(text: str) -> None:
    """A pattern that backtracks would take minutes here; the runner's patience is the limit."""
    try:
        assert len(read(text, "a.md" if text.startswith(("#", "-")) else "a.txt").title) <= 500
    except Unreadable as error:
        assert error.reason in ("parser_crash", "no_text")


def test_a_wrong_encoding_name_costs_this_document_only() -> None:
    with pytest.raises(Unreadable) as error:
        read_article("a.html", b"<html><head><meta charset='undefined'></head><body><p>caf\xff</p></body></html>")
    assert error.value.reason == "bad_encoding"


TABLE = "| Year | Seeds planted | Cost |\n|---|---|---|\n| 2019 | 200,000 | £41,000 |\n| 2020 | | £61,000 |\n"
HTML_TABLE = (
    "<table><tr><th>Year</th><th>Seeds planted</th><th>Cost</th></tr>"
    "<tr><td>2019</td><td>200,000</td><td>£<b>41,000</b></td></tr><tr><td>2020</td><td></td><td>£61,000</td></tr></table>"
)


@pytest.mark.parametrize(("name", "table"), [("a.md", TABLE), ("a.html", HTML_TABLE)])
def test_each_row_of_a_table_tells_what_its_figures_count(name: str, table: str) -> None:
    text = "The report of the town was read by the council in May, and by everybody who cares for the meadow. " * 3
    page = f"# Seeds\n\n{text}\n\n{table}\n\n{text}" if name == "a.md" else (
        f"<html><body><article><h1>Seeds</h1><p>{text}</p>{table}<p>{text}</p></article></body></html>"
    )  # fmt: skip
    told = read_article(name, page.encode()).text
    assert "\n\nYear: 2019; Seeds planted: 200,000; Cost: £41,000\n\nYear: 2020; Cost: £61,000\n\n" in told


def test_a_cell_is_told_with_all_that_stands_in_it() -> None:
    table = "<table><tr><th>Dead</th><th>Where</th></tr><tr><td>12 <p>of whom <b>fi</b>ve children</p></td><td><p>Hill</p><ul><li>north</li><li>east</li></ul></td></tr></table>"
    assert told_rows(lxml_html.fromstring(table)) == ["Dead: 12 of whom five children; Where: Hill north east"]


def test_a_table_that_lays_out_a_page_stays_as_it_is() -> None:
    rows = "<table><tr><td>Left</td><td><p>A long story of the mill.</p></td></tr></table>"
    assert not told_rows(lxml_html.fromstring(rows))
    assert not told_rows(lxml_html.fromstring(HTML_TABLE.replace("200,000", "<a href='/x'>200,000</a>")))
    assert not told_rows(lxml_html.fromstring(HTML_TABLE.replace("<td>2019", "<td colspan='2'>2019")))


@pytest.mark.parametrize("line", ["The Coast Courier", "We use cookies.", "This website uses cookies to work."])
def test_what_is_no_part_of_the_article_is_never_quoted(line: str) -> None:
    text = "The old ferry sank at its moorings in the night, and nobody was hurt."
    article = read_article("a.txt", f"The old ferry\n\nBy Ada Lind\n\n{line}\n\n{text}\n\n{text}\n".encode())
    assert line in [article.text[each.start : each.end] for each in article.asides]


def test_lines_below_a_title_are_read_one_by_one() -> None:
    text = "The old ferry sank at its moorings in the night, and nobody was hurt."
    article = read(f"The old ferry\n\nBy Ada Lind\nThe Coast Courier\n12 May 2020\n\n{text}\n\n{text}\n")
    assert (article.author, article.published) == ("Ada Lind", "2020-05-12")
    assert asides(article) == ["By Ada Lind", "The Coast Courier", "12 May 2020"]
