"""What was asked before, in hits made by hand and in answers whose right sentence is plain."""

from __future__ import annotations

import pytest

from index import Index, build_index, open_index
from index.article import Article, Passage
from index.filters import Filters
from qa import ask
from qa.answer import Hit
from qa.evidence.earlier import answered_before, find, in_turn
from qa.judge import judge
from qa.query.conversation import Before, make_query, standing_alone
from qa.retrieval import search

LIGHTHOUSE = (
    "The lighthouse at Skarvik was hit by a trawler on the night of 3 March. "
    "The company that owns the trawler blamed the fog. "
    "Repairs to the tower will take until the autumn."
)
BAKERY = "The bakery at Norby was hit by a lorry in May. The driver's firm blamed the brakes. Repairs took a week."
ASKED = "What happened to the lighthouse at Skarvik?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("talk")
    (folder / "articles").mkdir()
    for name, text in (("lighthouse.txt", LIGHTHOUSE), ("bakery.txt", BAKERY)):
        (folder / "articles" / name).write_text(text)
    for number, thing in enumerate(("mill", "school", "ferry", "market", "chapel", "quarry")):
        text = f"The {thing} at Holm opened again. Nobody was blamed for the delay of the {thing}."
        (folder / "articles" / f"other-{number}.txt").write_text(text)
    build_index(folder / "articles", folder / "index")
    return open_index(folder / "index")


def hit(name: str) -> Hit:
    return Hit(Passage(Article(name, "One. Two."), 0, 9, ()), 0.5, 1, 1, 0.5)


def test_rankings_stand_one_behind_the_other_and_no_passage_twice() -> None:
    turns = in_turn([hit("a"), hit("b")], [hit("c"), hit("a")], [hit("d")])
    assert [each.passage.article.id for each in turns] == ["a", "b", "c", "d"]
    assert [each.score for each in turns] == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])


def test_what_answered_before_is_what_the_answer_quotes_first() -> None:
    texts, cosines = ["One thing.", "Another\nthing.", "A third."], [0.1, 0.2, 0.9]
    told = "“Another thing.” [1] “One thing.” [2]"
    assert answered_before(Before(("What?",), told), texts, cosines) == 1
    assert answered_before(Before(("What?",), ""), texts, cosines) == 2
    assert answered_before(Before(("What?",), "The articles do not answer this."), texts, cosines) is None
    assert answered_before(Before(("What?",), ""), [], []) is None


@pytest.mark.model
def test_the_hits_of_the_talk_follow_the_first_ones_of_the_question(index: Index) -> None:
    """“Was anybody blamed?” alone is nearer to six other articles."""
    query, talk = standing_alone("Was anybody blamed?"), make_query("Was anybody blamed?", [ASKED], index)
    alone, together = find(query, 6, index, Filters()), find(talk, 7, index, Filters())
    assert alone == search(query.text, 6, index, Filters())
    assert talk.text == talk.typed and [each.passage for each in together[:6]] == [each.passage for each in alone[:6]]
    assert "lighthouse.txt" not in {each.passage.article.id for each in alone}
    assert together[6].passage.article.id == "lighthouse.txt"


@pytest.mark.model
@pytest.mark.parametrize("before", [ASKED, (ASKED, f"“{LIGHTHOUSE.partition('. ')[0]}.” [1]")], ids=["asked", "told"])
def test_a_follow_up_is_not_answered_by_what_was_answered_before(index: Index, before: str | tuple[str, str]) -> None:
    answer = ask("And who was blamed?", history=[before], index=index)
    assert answer.citations[0].quote == "The company that owns the trawler blamed the fog."


@pytest.mark.model
def test_the_sentence_and_the_article_that_answered_before_are_marked(index: Index) -> None:
    query = make_query("And who was blamed?", [ASKED], index)
    sentences = judge(query, find(query, 10, index, Filters()), index).sentences
    assert {each.text for each in sentences if each.evidence.already_told} == {f"{LIGHTHOUSE.partition('. ')[0]}."}
    assert {each.hit.passage.article.id for each in sentences if each.evidence.same_article} == {"lighthouse.txt"}


@pytest.mark.model
@pytest.mark.parametrize(
    "asked",
    [
        "When was the aid convoy bombed?",
        "What does Lavrov think of the sanctions?",
        "Which countries joined the talks?",
    ],
)
def test_a_new_topic_is_answered_as_without_the_talk(seeds_index: Index, asked: str) -> None:
    alone = ask(asked, index=seeds_index)
    after = ask(asked, history=["What does the Da Nang statement say?"], index=seeds_index)
    assert after.query == asked and after.found and after.citations[0].quote == alone.citations[0].quote
