"""Questions about what the articles say: what they ask, told by hand, and which made-up articles must be quoted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index import Index, build_index, open_index
from qa import ask
from qa.conversations.recall import recall
from qa.judge import MENTIONED
from qa.query.conversation import make_query
from qa.query.courtesy import LISTED, WHAT_I_DO, polite_line
from qa.query.unwrapping import Wish, unwrapped
from qa.render import as_json
from qa.web.message import message_steps

ARTICLES = {
    "ferry": "The ferry of Oslund runs again. Its captain, Mira Dahl, thanked the harbour for new boilers. "
    "The article in the Herald about Tarnish pirates was wrong, she said.",
    "boilers": "The foundry at Tarn casts boilers for ships. Mira Dahl ordered two of them in 2015. Iron has become dear.",
    "choir": "The choir of Oslund sang for the mayor. The article says little about the songs. Bread was handed out. Will the "
    "harbour master pay for it?",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder: Path = tmp_path_factory.mktemp("asked-of")
    (folder / "articles").mkdir()
    for name, text in ARTICLES.items():
        (folder / "articles" / f"{name}.md").write_text(f"# The {name} of the week\n\n{text}\n")
    build_index(folder / "articles", folder / "index")
    return open_index(folder / "index")


@pytest.mark.parametrize(
    "question",
    [
        "What do the articles say about the Kremlin?",
        "what does the article tell us about the Kremlin",
        "What else is said about the Kremlin in the articles?",
        "What do you know about the Kremlin?",
        "Which articles mention the Kremlin?",
        "Which of the articles are about the Kremlin?",
        "In which article is the Kremlin mentioned?",
        "How many articles mention the Kremlin?",
        "Who wrote about the Kremlin?",
        "is the Kremlin brought up in any of the texts",
        "Are there any articles about the Kremlin?",
        "Is there anything about the Kremlin in my documents?",
        "Did the article mention the Kremlin?",
        "Tell me more about the Kremlin, please.",
        "articles about the Kremlin",
        "give me some quotes about the Kremlin",
        "could you find articles which mention the Kremlin?",
        "I want to know what the articles say about the Kremlin",
        "Where is the Kremlin mentioned?",
        "Who wrote the article about the Kremlin?",
    ],
)
def test_a_topic_is_told_from_the_words_around_it(question: str) -> None:
    assert unwrapped(question) == Wish("the Kremlin", is_topic=True)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Do the articles say who bombed the convoy?", "who bombed the convoy?"),
        ("Does the article tell us whether Russia admitted it?", "Is it true that Russia admitted it?"),
        ("Do the articles say that Russia bombed it?", "Is it true that Russia bombed it?"),
        ("What do the articles say about why the truce failed?", "why the truce failed"),
        ("According to the article, why did it fail?", "why did it fail?"),
        ("In my documents, who is blamed?", "who is blamed?"),
        ("Give me quotes by Lavrov", "What did Lavrov say?"),
        ("quotes by Carl Innes about the mines", "What did Carl Innes say about the mines?"),
        ("Who is blamed, according to the articles?", "Who is blamed?"),
        (
            "What do the articles say about Russian and American plans for Syria?",
            "Russian and American plans for Syria",
        ),
    ],
)
def test_a_question_is_told_from_the_words_around_it(question: str, text: str) -> None:
    assert unwrapped(question) == Wish(text)


@pytest.mark.parametrize(
    "question",
    [
        "What did Putin say about Turkey?",
        "What do the articles say about it?",
        "Which documents are on the table?",
        "Who wrote on the wall?",
        "Is the bridge covered in ice?",
        "What is said in the UN report about Turkey?",
        "In the articles?",
        "Tell me about yourself",
        "Which countries are mentioned?",
        "What do the articles say about Kerry, and when did he meet Lavrov?",
        "Tell me about Kerry. When did he meet Lavrov?",
        "Which articles mention Kerry but not Lavrov?",
        "What is written on the astrolabe?",
        "Is there a document on the table?",
        "Is the astrolabe covered?",
        "Are there any people mentioned?",
        "What was found in the documents?",
        "According to the report of the inquiry, what failed?",
        "The statement on Syria remains flawed",
        "Some statements about the truce were false, which?",
        "A statement by the trust in June said what?",
        "quotes by her",
        "Do the articles explain why?",
        "Which articles mention it?",
        "What do the articles say about themselves?",
        "Tell me about its history",
        "Tell me more about the first one",
        "Is the Roadster related to the other cars we talked about?",
        "What do you know about the origin of it?",
        "Why did the article in the Herald anger the captain?",
    ],
)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert unwrapped(question) == Wish(question)


@pytest.mark.parametrize("topic", ["US sanctions", "IT firms"])
def test_a_name_written_like_a_pronoun_is_a_topic(topic: str) -> None:
    assert unwrapped(f"What do the articles say about {topic}?") == Wish(topic, is_topic=True)


def test_a_topic_takes_nothing_over_from_the_talk() -> None:
    query = make_query("What do the articles say about Turkey?", ["Who bombed the convoy?"])
    assert (query.text, query.is_topic) == ("Turkey", True)
    assert query.before is not None


def test_a_topic_without_a_name_leans_on_the_talk() -> None:
    talk = ["Which museum lost the astrolabe in Porto Vell?"]
    leaning, named = (make_query(f"Tell me about {topic}", talk) for topic in ("the director", "Kerry"))
    assert not leaning.is_topic and leaning.text.startswith("the director (")
    assert named.is_topic and named.text == "Kerry"


def test_the_question_before_is_read_without_the_words_around_it() -> None:
    query = make_query("And about Turkey?", ["What do the articles say about Russia?"])
    assert (query.known, query.is_topic) == ("Turkey", True)


@pytest.mark.model
@pytest.mark.parametrize("question", ["Which articles mention Mira Dahl?", "What do you know about Mira Dahl?"])
def test_every_article_that_mentions_a_topic_is_quoted_where_it_does(question: str, index: Index) -> None:
    answer = ask(question, index=index)
    assert {each.article for each in answer.citations} == {"ferry.md", "boilers.md"}
    assert all("Dahl" in each.quote for each in answer.citations)
    assert (answer.query, answer.coverage) == ("Mira Dahl", "full") and answer.confidence >= MENTIONED


@pytest.mark.model
def test_how_many_articles_mention_a_topic_is_told_as_far_as_they_are_quoted(index: Index) -> None:
    answer = ask("How many articles mention Mira Dahl?", index=index)
    assert answer.text.startswith("At least 2 of the articles.") and len(answer.citations) == 2


@pytest.mark.model
def test_an_article_is_quoted_where_it_mentions_a_topic_however_long_it_is(tmp_path: Path) -> None:
    about = "\n\n".join(f"# Part {n}\n\nThe harbour of Oslund pays for ferry number {n}." for n in range(30))
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "long.md").write_text(f"{about}\n\n# End\n\nOslund has a harbour ferry that Mira Dahl once sank.\n")
    (articles / "short.md").write_text("# Dahl\n\nMira Dahl came first in the ferry race of the Oslund harbour.\n")
    build_index(articles, tmp_path / "index")
    answer = ask("Which articles mention Dahl?", index=open_index(tmp_path / "index"))
    assert {each.article for each in answer.citations} == {"long.md", "short.md"}
    assert all("Dahl" in each.quote for each in answer.citations)


@pytest.mark.model
def test_what_no_article_mentions_is_said_not_to_be_mentioned(index: Index) -> None:
    answer = ask("Do the articles mention refugees?", index=index)
    assert not answer.found and answer.text.endswith("They do not mention “refugees”.")


@pytest.mark.model
@pytest.mark.parametrize("topic", ["Peter Dahl", "the mayor of Tarn", "the price of bread"])
def test_what_only_reads_like_the_topic_is_refused(topic: str, index: Index) -> None:
    answer = ask(f"What do the articles say about {topic}?", index=index)
    assert not answer.found and answer.passages


@pytest.mark.model
def test_words_of_one_family_mention_a_topic(index: Index) -> None:
    assert [each.article for each in ask("Which articles mention the captaincy?", index=index).citations] == [
        "ferry.md"
    ]
    assert not ask("Which articles mention the capital?", index=index).found


@pytest.mark.model
def test_a_sentence_about_some_article_is_no_answer(index: Index) -> None:
    answer = ask("What do the articles say about bread?", index=index)
    assert [each.quote for each in answer.citations] == ["Bread was handed out."]
    assert answer.text == "The choir of the week: “Bread was handed out.” [1]"
    *_, message = message_steps(recall(as_json(answer)))
    assert "<p class='source'>The choir of the week</p>" in message


@pytest.mark.model
def test_a_question_of_an_article_mentions_a_topic_too(index: Index) -> None:
    answer = ask("Do the articles mention the harbour master?", index=index)
    assert [each.quote for each in answer.citations] == ["Will the harbour master pay for it?"]


@pytest.mark.model
def test_what_was_typed_can_be_searched_for_as_it_is(index: Index) -> None:
    question = "Which articles  mention Mira Dahl?"
    assert ask(question, index=index, as_typed=True).query == "Which articles mention Mira Dahl?"


@pytest.mark.parametrize("question", ["What are the articles about?", "what can I ask you?"])
def test_what_can_be_asked_is_told_in_a_polite_line(question: str) -> None:
    assert polite_line(question) == WHAT_I_DO


@pytest.mark.parametrize(
    "question",
    [
        "List all the articles",
        "Which articles do you have?",
        "How many articles are there?",
        "who are the authors?",
        "Which article is the newest?",
        "When was the article by Ada Lind published?",
        "Who wrote the article?",
        "Who was the author of the article about the strike?",
        "Can you list all the articles, please?",
        "What is the latest article?",
        "Which article was published first?",
        "Which articles were published in 2024?",
        "show me articles by Mats Ferrow",
    ],
)
def test_where_the_articles_are_listed_is_told_in_a_polite_line(question: str) -> None:
    assert polite_line(question) == LISTED


def test_many_thanks_are_read_at_once() -> None:
    thanks = "from qa.query.courtesy import polite_line; assert not polite_line('thank you ' * 60 + 'for what?')"
    subprocess.run([sys.executable, "-c", thanks], check=True, timeout=60)  # tried in every way, it takes for ever


@pytest.mark.parametrize(
    "question",
    [
        "Who are the authors of the plan?",
        "Who wrote the documents about the plan?",
        "How many articles does the treaty have?",
        "When was the text of the agreement published?",
        "When were the files of the secret police published?",
        "What did the article by Ada Lind reveal?",
    ],
)
def test_questions_of_other_articles_are_searched_for(question: str) -> None:
    assert polite_line(question) == ""
