"""Follow-ups and questions that stand alone, each written here with its right reading."""

from __future__ import annotations

import pytest

from qa import BadQuestion
from qa.conversation import make_query

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
