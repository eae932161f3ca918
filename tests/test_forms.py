"""Documents that are no plain reports (interviews, chronicles, questions and answers, lists), each written here with its
right reading and its right answer beside it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from index import Index, build_index, open_index
from index.article import Article, Span
from index.reading.block import Block
from index.reading.mend import mend
from index.reading.moments import begins_with_day, is_moment
from index.reading.read import read_article
from qa import Answer, ask
from qa.evidence.attribution import speaker_of, turn_of
from qa.evidence.timing import days_told
from qa.quoting.whole_lists import whole_list

CHRONICLE = """# The flood at Orvik: a chronology

Compiled from the files of the river board in the winter after the flood.

3 May 2021

- 22:10 – Rain sets in over the upper valley and the board is told of it.
- 23:55 – The siren of the weir fails.

4 May 2021

- 02:20 – The old bridge is swept away.
- 05:10 – The water stands in the church.
"""
LIVE = """<html><head><title>Flood at Orvik live</title></head><body><article><h1>Flood at Orvik live</h1>
<p>Ola Kint reports from the valley through the night, as long as there is something to report from it.</p>
<time>06.15</time><h3>Schools closed</h3><p>All schools in the valley are closed today, the county says to parents.</p>
<time>04.30</time><h3>River still rising</h3><p>The river stands at four metres and rises by a hand every hour.</p>
</article></body></html>"""
QUESTIONS = """# The fund: your questions answered

## Is the payment taxed?

No.

## How much is the fee?

£4.50

Share
"""
INTERVIEW = """# "I rang at once": an interview with Ingrid Solberg

PETRA VANCE: When did you first see that something was wrong?

INGRID SOLBERG: In November. There was a crack in the third slab, about as long as my arm.

PETRA VANCE: And what did you do?

INGRID SOLBERG: I rang the board at once. They asked me to spell Orvik.

DASH OMDAL: I regret the eleven minutes. I should have rung the police.

The interview was shortened.
"""
LETTER = """# An open letter to the board

We are people of Orvik, and we wrote this letter in the hall of the school on a cold evening.

## What we demand

- a public inquiry, led by a judge
- full payment within a year
- a siren in every village below a dam

## What we shall do

If we have no answer by June we shall withhold our bills.
"""


def words_of(article: Article, spans: tuple[Span, ...]) -> list[str]:
    return [article.words(span) for span in spans]


def span_of(article: Article, words: str) -> Span:
    start = article.text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("line", "is_so"),
    [
        ("06.15", True), ("3 May 2021", True), ("15 Mar 2024 04.30", True), ("10:42 GMT", True), ("Monday 4 May", True),
        ("4 May, 10:20 am", True), ("10:20 am, 4 May 2021", True), ("May", False), ("In May 2021", False), ("1234", False),
        ("12.50 euros", False), ("25.10", False), ("3.16", False), ("9.50 EUR", False), ("6.15 pm", True), ("", False), ("3 May 2021 – Work begins.", False),
    ],
)  # fmt: skip
def test_a_day_or_a_time_alone_is_told_from_text(line: str, is_so: bool) -> None:
    assert is_moment(line) is is_so


def test_a_heading_of_a_day_is_told_from_one_of_a_time() -> None:
    assert begins_with_day("15 March 2024 01.26 Bridge gone") and begins_with_day("4 May")
    for heading in ("06.15 Schools closed", "March of the miners 2024", "5 may not be enough", "10 May be too many"):
        assert not begins_with_day(heading)


@pytest.mark.parametrize(
    "text",
    [
        "When does it open?\n\n09.30\n\nWhen does it close?\n\n17.00",
        "12.50\n\nfor the fish\n\n10.30\n\nfor the meat\n\n13.40\n\nfor all",
        "## References\n\n- Smith\n\n12 May 2019\n\n- Ng\n\n14 May 2020",
    ],
)
def test_prices_answers_and_references_are_no_days(text: str) -> None:
    head = "# T\n\nThe mill of Orvik was sold today to a company from the south, which will grind no corn in it.\n\n"
    article = read_article("a.md", f"{head}{text}\n".encode())
    assert not {each for each in words_of(article, article.headings) if is_moment(each)}


def test_a_day_that_ends_a_section_is_not_that_of_the_next() -> None:
    text = "The mill of Orvik was sold today to a company from the south."
    article = read_article(
        "a.md", f"# T\n\n## One\n\n{text}\n\n12 May 2019\n\n## Two\n\n{text}\n\n14 May 2019\n\n{text}\n".encode()
    )
    assert words_of(article, article.headings) == ["T", "One", "12 May 2019", "Two", "14 May 2019"]


def test_the_days_of_a_chronicle_are_headings_of_what_happened_on_them() -> None:
    article = read_article("a.md", CHRONICLE.encode())
    assert words_of(article, article.headings)[1:] == ["3 May 2021", "4 May 2021"]
    assert article.published == ""  # there are two


def test_the_time_above_a_post_s_heading_is_its_own() -> None:
    article = read_article("a.html", LIVE.encode())
    assert words_of(article, article.headings)[1:] == ["06.15 Schools closed", "04.30 River still rising"]


def test_a_single_date_below_the_title_stays_that_of_publication() -> None:
    article = read_article(
        "a.md", b"# The mill\n\n3 May 2021\n\nThe mill was sold in the spring, and nobody wept for it.\n"
    )
    assert article.published == "2021-05-03" and words_of(article, article.headings) == ["The mill"]


def test_a_short_answer_below_its_question_is_text_and_a_label_elsewhere_is_none() -> None:
    article = read_article("a.md", QUESTIONS.encode())
    assert words_of(article, article.asides) == ["Share"]


def test_a_marked_up_paragraph_without_an_end_mark_is_whole_and_a_plain_one_may_be_cut() -> None:
    head = Block("paragraph", "The engineer who built the mill and four others and lived to see one of them break")
    text = Block("paragraph", "Tobias Ren was the last of them.")
    assert [each.text for each in mend([head, text], is_marked_up=True)] == [head.text, text.text]
    assert [each.text for each in mend([head, text])] == [f"{head.text} {text.text}"]


def test_a_table_s_caption_tells_the_unit_of_its_rows() -> None:
    table = "<table><caption>Results (£ million)</caption><tr><th></th><th>2024</th></tr><tr><td>Revenue</td><td>74.5</td></tr></table>"
    text = "<p>The company told its owners in May what it had earned, and they were content with it.</p>" * 3
    article = read_article(
        "a.html", f"<html><body><article><h1>Results</h1>{text}{table}{text}</article></body></html>".encode()
    )
    assert "\n\nResults (£ million): Revenue; 2024: 74.5\n\n" in article.text


@pytest.mark.parametrize(
    ("head", "title", "published"),
    [
        ("FOR IMMEDIATE RELEASE\n\nThe mill is sold\n\nORVIK, 12 May 2021 – ", "The mill is sold", "2021-05-12"),
        ("The mill is sold\n\nOrvik, 2 May 2021\n\n", "The mill is sold", "2021-05-02"),
        ("The mill is sold\n\nUpdated 2 May 2021\n\n", "The mill is sold", ""),
        ("The mill is sold\n\nORVIK — ", "The mill is sold", ""),
        ("The mill is sold\n\nOn 4 July 1976 – a hot day – ", "The mill is sold", ""),
        ("The mill is sold\n\nEva Holm (12 May 1950) – who sold it – ", "The mill is sold", ""),
        ("The mill is sold\n\nPhoto, 12 May 2020\n\n", "The mill is sold", ""),
    ],
)
def test_press_releases_and_letters_tell_their_day(head: str, title: str, published: str) -> None:
    text = "The mill of Orvik was sold today to a company from the south, which will grind no corn in it any more."
    article = read_article("a.txt", f"{head}{text}\n\n{text}\n".encode())
    assert (article.title, article.published) == (title, published)
    assert article.provenance.doubtful == (("published",) if published else ())


def test_a_section_further_down_does_not_name_the_article() -> None:
    text = "The mill of Orvik was sold today to a company from the south, which will grind no corn in it any more."
    sections = f"# Background\n\n{text}\n\n# Reasons\n\n{text}\n"
    article = read_article("a.md", f"The mill is sold\n\n{text}\n\n{sections}".encode())
    assert article.title == "The mill is sold"
    page = f"<html><body><article><p>From the coast</p><p>{text}</p><h1>The mill is sold</h1><p>{text}</p></article></body></html>"
    assert read_article("a.html", page.encode()).title == "The mill is sold"
    article = read_article("a.md", f"The Coast\n\n# The mill is sold\n\n{text}\n\n# Background\n\n{text}\n".encode())
    assert article.title == "The mill is sold"


def test_the_raised_number_of_a_note_is_no_part_of_a_pdf_s_text() -> None:
    target = BytesIO()
    page = Canvas(target, invariant=1)
    for row, (words, raised) in enumerate(
        [("It was cleaned in 2004.", "3"), ("The lake has 12 km", "2"), ("By Ada Lindqvist", "1")]
    ):
        page.setFont("Times-Roman", 10)
        page.drawString(50, 700 - 40 * row, words)
        page.setFont("Times-Roman", 6)
        page.drawString(50 + page.stringWidth(words, "Times-Roman", 10), 704 - 40 * row, raised)
    page.showPage()
    page.save()
    text = read_article("a.pdf", target.getvalue()).text
    assert "2004.3" not in text and "in 2004." in text and "km2" in text and "Lindqvist1" not in text


def test_who_speaks_in_an_interview_is_known_for_every_sentence() -> None:
    article = read_article("a.md", INTERVIEW.encode())
    assert speaker_of(article, span_of(article, "There was a crack in the third slab")) == "INGRID SOLBERG"
    assert speaker_of(article, span_of(article, "INGRID SOLBERG: In November.")) == ""  # it tells it itself
    assert speaker_of(article, span_of(article, "They asked me to spell Orvik.")) == "INGRID SOLBERG"
    assert turn_of(article, article.text.index("The interview was")) == ""  # the editor's
    both = Span(article.text.index("They asked"), article.text.index(" I should"))
    assert speaker_of(article, both) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Present: Ada Lind\n\nAction: paint the door?\n\nVote: for\n\nAction: sell the mill\n\nVote: against\n",
        "Opening Hours: nine\n\nTicket Price: ten. Children pay half.\n\nOpening Hours: eight\n\nTicket Price: six.\n",
    ],
)
def test_labels_of_minutes_and_notices_are_no_speakers(text: str) -> None:
    article = Article("a.txt", text)
    assert {turn_of(article, place) for place in range(len(text))} == {""}


@pytest.mark.parametrize(
    ("paragraph", "words", "speaker"),
    [
        ("“It holds,” said Eva Holm, who leads the union. “It will not break.”", "“It will not break.”", "Eva Holm"),
        ('"It holds," Eva Holm said. "It will not break."', '"It will not break."', "Eva Holm"),
        ("Bo Stern said: “It holds. It will not break. We saw to it.”", "It will not break.", "Bo Stern"),
        ("“It holds. It will not break,” said Bo Stern.", "“It holds.", "Bo Stern"),
        ("“It holds,” said Eva Holm. It will not break.", "It will not break.", ""),
        ("“You won,” the judge told Bo Stern. “It is over.”", "“It is over.”", ""),
        ("“We had no idea.” The police said Eva Holm had fled.", "“We had no idea.”", ""),
        ("“No,” a spokesman for Bo Stern said. “Never.”", "“Never.”", ""),
        ("“No,” said the wife of Bo Stern. “Never.”", "“Never.”", ""),
        ("“No,” says Holm’s report. “Never.”", "“Never.”", ""),
        ("“No,” said Eva Holm. The mayor disagreed. “Yes.”", "“Yes.”", ""),
        ("A banner read “Bread. Bread for all.” Eva Holm described it.", "Bread for all.", ""),
        ("“I was there.” Eva Holm denied it.", "“I was there.”", ""),
        ("“It holds,” said Eva Holm. “No,” said Bo Stern. “It will break.”", "“It will break.”", "Bo Stern"),
        ("“It holds,” she said. “It will not break.”", "“It will not break.”", ""),
        ("“It holds,” said Eva Holm. “Holm knows it.”", "“Holm knows it.”", ""),
    ],
)  # fmt: skip
def test_who_speaks_in_quotation_marks(paragraph: str, words: str, speaker: str) -> None:
    article = Article("a.txt", f"The dam\n\n{paragraph}\n\nIt rained.")
    assert speaker_of(article, span_of(article, words)) == speaker


def test_the_whole_of_a_list_is_quoted_as_far_as_there_is_room() -> None:
    article = read_article("a.md", LETTER.encode())
    second = span_of(article, "full payment within a year")
    assert article.words(whole_list(article, second, 120)).split("\n\n") == [
        "a public inquiry, led by a judge", "full payment within a year", "a siren in every village below a dam",
    ]  # fmt: skip
    assert article.words(whole_list(article, second, 12)).endswith("within a year")
    assert whole_list(article, second, 5) == second
    talk = Article(
        "b.txt", "He spoke for long that day,\n\n“We want it,” he said,\n\n“And we,” she said,\n\nand all went home,"
    )
    assert whole_list(talk, span_of(talk, "“And we,” she said,"), 120) == span_of(talk, "“And we,” she said,")
    outside = span_of(article, "If we have no answer by June we shall withhold our bills.")
    assert whole_list(article, outside, 120) == outside


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder: Path = tmp_path_factory.mktemp("forms")
    (folder / "articles").mkdir()
    for name, text in {"a.md": CHRONICLE, "b.html": LIVE, "c.md": QUESTIONS, "d.md": INTERVIEW, "e.md": LETTER}.items():
        (folder / "articles" / name).write_text(text)
    build_index(folder / "articles", folder / "index")
    return open_index(folder / "index")


def quoted(answer: Answer) -> str:
    return " | ".join(each.quote for each in answer.citations)


@pytest.mark.model
def test_below_the_heading_of_a_day_everything_is_of_that_day(forms: Index) -> None:
    first = ask("What happened in Orvik on 4 May 2021?", index=forms).citations[0]
    assert first.quote.startswith(("02:20", "05:10"))
    passage = next(each for each in forms.passages(forms.article("a.md")) if "old bridge" in each.text)
    assert {str(days.first) for told in days_told(passage).values() for days in told} == {"2021-05-04"}


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What do the people of Orvik demand?", "full payment within a year"),
        ("Is the payment taxed?", "No."),
        ("When was the old bridge swept away?", "02:20"),
    ],
)
def test_forms_answer(forms: Index, question: str, words: str) -> None:
    assert words in quoted(ask(question, index=forms))


@pytest.mark.model
def test_the_speaker_stands_behind_what_does_not_tell_it(forms: Index) -> None:
    answer = ask("What did the board ask Solberg when she rang?", index=forms)
    told = next(each for each in answer.citations if "spell Orvik" in each.quote)
    assert f"”  [{told.number}]".replace("  ", " ") in answer.text
    assert told.speaker == ("" if "SOLBERG" in told.quote else "INGRID SOLBERG")
