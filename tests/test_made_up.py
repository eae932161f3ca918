"""Answers from a few articles made up for it: stated causes, agreeing and differing articles, questions asked again."""

from __future__ import annotations

import pytest

from index import Index, build_index, open_index
from qa import Answer, ask

pytestmark = pytest.mark.model

ARTICLES = {
    "flood.md": (
        "Flood at Karlby", "Ada Lind", "The Herald", "2016-12-30",
        "The river rose over its banks at Karlby on 27 December 2016. The flood at Karlby killed 14 people. "
        "On the next day soldiers brought blankets to the school.",
    ),
    "dead.md": (
        "Karlby counts its dead", "Ada Lind", "The Herald", "2017-01-04",
        "A week later Karlby counts what it has lost. The flood at Karlby killed 19 people, the hospital said. "
        "Insurers expect claims of 40 million crowns.",
    ),
    "report.md": (
        "What the engineers found", "Bo Stern", "Daily Post", "2017-01-10",
        "The engineers have spoken. The dike at Karlby failed because its pumps had stood still for years. "
        "The council attacked the engineers and rejected their report. The flood at Karlby killed 19 people.",
    ),
    "merger.md": (
        "No merger of Alda and Borel", "Cy Noor", "Weekly Review", "2017-02-01",
        "The merger of Alda and Borel is off. It fell apart because the regulator expected prices to rise. "
        "The chief of Alda threatened to sue a newspaper. Shareholders of Borel disputed the wages of its directors.",
    ),
    "bridge.md": (
        "The bridge at Tarn", "Di Ross", "Echo", "2016-11-02",
        "The bridge at Tarn was opened in 1961. It had cost 12 million crowns. Rust in its cables brought the bridge "
        "down. Two workers were killed. A strike at the harbour had ended the week before.",
    ),
    "toll.md": (
        "Toll at Tarn", "Eva Holm", "Coast News", "2017-03-02",
        "The company that takes the toll reported a loss. The bridge at Tarn was opened in 1961. "
        "The bridge at Tarn had cost 15 million crowns.",
    ),
    "herring.md": (
        "The herring truce", "Marta Velle", "Courier", "2024-03-18",
        "The boats of Skarvik and those of Holmsund have fought over herring for a decade. Nets were cut, and engines were "
        "sabotaged.\n\n## How it ended\n\nThe truce collapsed on 11 March, when a trawler from Holmsund was caught fishing on "
        "an odd day. Nobody was hurt, but the insurers have refused to pay.",
    ),
    "undated.md": (
        "The truce of May 2014", "Tom Berg", "Valley Letter", "",
        "On 20 May the mill of the valley was burned down. On 21 May the millers called a strike.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("made-up")
    (folder / "articles").mkdir()
    for name, (title, author, publisher, published, text) in ARTICLES.items():
        date = f"published: {published}\n" if published else ""
        head = f"---\ntitle: {title}\nauthor: {author}\npublisher: {publisher}\n{date}---\n\n"
        (folder / "articles" / name).write_text(f"{head}{text}\n")
    build_index(folder / "articles", folder / "index")
    return open_index(folder / "index")


def first(answer: Answer) -> str:
    return answer.citations[0].quote if answer.citations else ""


@pytest.mark.parametrize(
    ("question", "cause"),
    [
        ("Why did the dike at Karlby fail?", "its pumps had stood still"),
        ("What went wrong with the merger of Alda and Borel?", "the regulator expected prices to rise"),
        ("Why did the merger of Alda and Borel collapse?", "the regulator expected prices to rise"),
        ("Why did the bridge at Tarn collapse?", "Rust in its cables"),
        ("Why did the truce between Skarvik and Holmsund fail?", "fishing on an odd day"),
        ("What ended the herring ceasefire?", "fishing on an odd day"),
    ],
)
def test_a_stated_cause_comes_before_hostile_events(question: str, cause: str, index: Index) -> None:
    assert cause in first(ask(question, index=index))


def test_the_very_same_sentence_of_another_article_is_counted(index: Index) -> None:
    (citation,) = ask("When was the bridge at Tarn opened?", index=index).citations
    assert {citation.article, *citation.also} == {"bridge.md", "toll.md"}


@pytest.mark.parametrize(
    "question", ["How many people did the flood at Karlby kill?", "What was the death toll of the flood at Karlby?"]
)
def test_articles_that_give_different_figures_are_told_apart(question: str, index: Index) -> None:
    answer = ask(question, index=index)
    assert any(each.differs for each in answer.citations) and "different figures" in answer.text
    assert "14 people" in answer.text and "19 people" in answer.text


def test_articles_of_one_author_are_told_apart_by_their_titles(index: Index) -> None:
    text = ask("How many people did the flood at Karlby kill, says Ada Lind?", index=index, source="Lind").text
    assert "Ada Lind (The Herald), Flood at Karlby: " in text
    assert "Ada Lind (The Herald), Karlby counts its dead: " in text


def test_a_question_asked_again_is_answered_as_before(index: Index) -> None:
    question = "Who rejected the report of the engineers at Karlby?"
    before = ask(question, index=index)
    again = ask(question, [(question, before.text)], index=index)
    assert before.found and first(again) == first(before)


def test_no_words_are_marked_that_answer_the_question_before(seeds_index: Index) -> None:
    answer = ask("And where was it going?", ["When was the aid convoy bombed?"], index=seeds_index)
    told = [
        each.quote[span.start - each.start : span.end - each.start] for each in answer.citations for span in each.marks
    ]
    assert "on its way to besieged Aleppo" in first(answer) and not any("September" in words for words in told)


def test_the_heading_tells_the_year_where_the_article_has_no_date(index: Index) -> None:
    answer = ask("What happened the day after the mill of the valley was burned down?", index=index)
    assert "(21 May 2014)" in answer.query and first(answer).startswith("On 21 May the millers")


@pytest.mark.parametrize(
    "question",
    ["Why did the rocket launch fail?", "Why did the peace talks with Ruritania collapse?",
     "How many people did the earthquake at Port Ellis kill?"],
)  # fmt: skip
def test_another_event_of_the_same_kind_is_no_answer(question: str, index: Index) -> None:
    answer = ask(question, index=index)
    assert not answer.found and answer.passages


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("How do Ada Lind and Bo Stern differ about the flood at Karlby?", {"dead.md", "report.md"}),
        ("What did the bridge at Tarn cost, according to Echo and Coast News?", {"bridge.md", "toll.md"}),
        ("When was the bridge at Tarn opened, according to Ross and Holm?", {"bridge.md", "toll.md"}),
    ],
)
def test_each_of_several_sources_that_are_named_is_quoted(question: str, articles: set[str], index: Index) -> None:
    answer = ask(question, index=index)
    assert articles <= {each.article for each in answer.citations} and answer.coverage == "full"


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("What does Bo Stern write about the dike?", {"report.md"}),
        ("What did the Coast News report on the toll?", {"toll.md"}),
        ("According to Di Ross, what did the bridge cost?", {"bridge.md"}),
    ],
)
def test_what_a_source_that_is_named_writes_is_found(question: str, articles: set[str], index: Index) -> None:
    answer = ask(question, index=index)
    assert answer.citations and answer.citations[0].article in articles


def test_an_author_is_not_said_to_be_unknown(index: Index) -> None:
    answer = ask("What did Ada Lind write about bananas?", index=index)
    assert not answer.found and "Lind" not in answer.text


@pytest.mark.parametrize("question", ["What happened at Karlby in 2016?", "What did the insurers expect in 2017?"])
def test_a_year_of_which_the_articles_tell_is_answered(question: str, index: Index) -> None:
    assert ask(question, index=index).found


@pytest.mark.parametrize("question", ["What happened at Karlby in 2031?", "Who was killed by the flood in 1975?"])
def test_a_year_of_which_no_article_tells_is_not_answered_by_another(question: str, index: Index) -> None:
    answer = ask(question, index=index)
    assert not answer.found and "They do not mention “" in answer.text


def test_a_year_of_which_an_article_is_is_not_said_to_be_unknown(index: Index) -> None:
    answer = ask("Which opera was sung on stage in 2017?", index=index)
    assert not answer.found and "2017" not in answer.text


def test_a_number_of_another_year_is_no_answer(index: Index) -> None:
    assert ask("How many people did the flood at Karlby kill in 2016?", index=index).found
    assert not ask("How many people did the flood at Karlby kill in 2014?", index=index).found


def test_a_question_for_the_day_after_is_a_follow_up(index: Index) -> None:
    answer = ask("What happened the day after?", ["When was the mill of the valley burned down?"], index=index)
    assert "mill" in answer.query and "On 21 May the millers called a strike." in first(answer)


def test_a_date_of_ones_own_stands_against_that_of_the_question_before(index: Index) -> None:
    answer = ask("And in 2017?", ["What happened at Karlby in 2016?"], index=index)
    assert "Karlby" in answer.query and "2016" not in answer.query


def test_the_second_of_two_questions_leans_on_the_first_not_on_the_talk(index: Index) -> None:
    asked = "When was the bridge at Tarn opened and how much did it cost?"
    query = ask(asked, ["How many people did the flood at Karlby kill?"], index=index).query
    assert "Karlby" not in query and "flood" not in query


def test_a_history_that_is_no_text_is_read_as_far_as_it_is(index: Index) -> None:
    assert ask("And where was it?", [("The bridge \ud800 at Tarn?", "a \ud800")], index=index).citations is not None


def test_a_greeting_in_a_conversation_takes_nothing_over(index: Index) -> None:
    answer = ask("hello", ["When was the bridge at Tarn opened?"], index=index)
    assert (answer.query, answer.found) == ("hello", False) and "welcome" in answer.text
