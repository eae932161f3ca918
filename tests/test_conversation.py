"""Follow-ups and questions that stand alone, each written here with its right reading."""

from __future__ import annotations

import pytest

from qa import BadQuestion
from qa.query.conversation import make_query
from qa.query.pointing import filled_in, points_back

HISTORY = ["When was the aid convoy bombed near Aleppo?"]


@pytest.mark.parametrize(
    "question",
    [
        "And who was blamed?",
        "Why?",
        "What did they say about it?",
        "what about Lavrov",
        "Did he deny that?",
        "How did it end?",
    ],
)
def test_a_follow_up_takes_over_what_it_is_about(question: str) -> None:
    query = make_query(question, HISTORY)
    assert query.typed == question and query.text.startswith(question)
    added = set(query.text.removeprefix(question).strip(" ()").split())
    assert "Aleppo" in added and added & {"aid", "convoy", "bombed"} and not added & {"When", "was", "the", "near"}


@pytest.mark.parametrize(
    "question",
    [
        "Why did Putin change his position on Assad?",
        "How do I bake bread?",
        "What is the truce that Russia and the United States negotiated?",
        "Is there any plan for elections in Syria?",
        "Who said that Russia would not negotiate before Aleppo fell?",
        "Which countries vetoed the resolution?",
        "When did the Geneva talks open?",
    ],
)
def test_a_question_that_stands_alone_is_not_changed(question: str) -> None:
    assert make_query(question, HISTORY).text == question


def test_without_history_nothing_is_a_follow_up() -> None:
    assert make_query("And who was blamed?", []).text == "And who was blamed?"


def test_a_pair_counts_by_its_question_and_chains_reach_back() -> None:
    query = make_query("And why?", [("Who bombed the convoy?", "An answer about bread."), ("And when?", "…")])
    assert "convoy" in query.text and "bread" not in query.text


def test_what_is_carried_is_bounded() -> None:
    query = make_query(
        "And why?", ["word%d " * 1 % n for n in range(100)] + [" ".join(f"subject{n}" for n in range(200))]
    )
    assert len(query.text.split()) < 20


def test_a_history_of_other_things_says_so() -> None:
    with pytest.raises(BadQuestion, match="history item"):
        make_query("And why?", [3])  # type: ignore[list-item]


def test_a_question_that_points_nowhere_back_takes_nothing_over() -> None:
    history = ["Why was the harbour bridge closed?", "How much will the repair of the bridge cost?"]
    assert make_query("How many people live in Brindle?", history).text == "How many people live in Brindle?"


@pytest.mark.parametrize(
    "question",
    [
        "How many people did it kill?",
        "Which country was held responsible for it by the council?",
        "What came out of it?",
        "Was the council asked about it?",
    ],
)
def test_a_pronoun_deep_in_a_question_of_one_clause_points_back(question: str) -> None:
    assert points_back(question)
    assert "Aleppo" in make_query(question, HISTORY).text


@pytest.mark.parametrize(
    "question",
    [
        "Why did the mayor close the bridge after the engineers inspected it?",
        "Which minister promised the harbour a ferry and later sold it?",
        "Which of the towns lost more people than the war took from it?",
        "How many people live in Brindle?",
        "What did Corvane charge the council for it?",  # Corvane may be another matter
    ],
)
def test_a_pronoun_in_another_clause_may_point_at_the_question_itself(question: str) -> None:
    assert not points_back(question)


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("And Putin?", "What did Obama say afterwards?", "What did Putin say afterwards?"),
        ("What about the Kremlin?", "What did the White House say?", "What did the Kremlin say?"),
        ("And Eva Holm?", "What was Tom Berg's view of Karlby?", "What was Eva Holm's view of Karlby?"),
        ("And Putin?", "What was Obama's view?", "What was Putin's view?"),
        ("and Boris Johnson?", "What did Obama say about Aleppo?", "What did Boris Johnson say about Aleppo?"),
        ("And about Homs?", "What did Obama say about Aleppo?", "What did Obama say about Homs?"),
        ("And in 2017?", "How many houses burned in 2016?", "How many houses burned in 2017?"),
        ("What about October?", "What did Berg do in September 2016?", "What did Berg do in October 2016?"),
        # Another kind of thing, two that it may stand for, a question of its own, the same again.
        ("What about Lavrov?", "When was the convoy bombed near Aleppo?", None),
        ("And Merkel?", "How long did Obama and Putin talk?", None),
        ("And who was blamed?", "What did Obama say?", None),
        ("And Why?", "What did Obama say?", None),
        ("And Obama?", "What did Obama say?", None),
        ("And in 2017?", "What did Obama say?", None),
        ("And Veil?", "What should I know about Kosk?", None),
        ("And Iraq?", "What did Iran say about Iranian oil?", "What did Iraq say about Iranian oil?"),
        ("And Yes?", "What did Obama say?", None),
        ("What about Thursday?", "When did the Truce begin?", None),
        ("And Wales?", "How many people died in England and Scotland?", None),
        ("And Kosk?", "What did the WHO say?", "What did Kosk say?"),
        ("And in October?", "Why did the September 2016 truce fail?", "Why did the October 2016 truce fail?"),
        ("And Putin?", "What did Obama say after the G20 meeting?", "What did Putin say after the G20 meeting?"),
        ("And Putin?", "What did Obama say the Kremlin wanted?", "What did Putin say the Kremlin wanted?"),
        ("And World War I?", "Who won World War II?", "Who won World War I?"),
    ],
)
def test_another_name_or_year_takes_the_place_of_that_in_the_question_before(
    question: str, before: str, meant: str | None
) -> None:
    assert filled_in(question, before) == (meant or question)


def test_names_are_put_into_the_question_before_also_behind_each_other() -> None:
    asked = ["Where did Obama and Putin meet in China?", "What did Obama say afterwards?", "And Putin?"]
    query = make_query("And Merkel?", asked)
    assert (query.typed, query.known) == ("And Merkel?", "What did Merkel say afterwards?")
    assert query.text.startswith(query.known) and query.before is not None
    assert query.before.asked[-1] == "What did Putin say afterwards?"
