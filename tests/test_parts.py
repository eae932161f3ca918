"""Questions that join several: told apart by hand, answered part by part from articles of which the answers are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import Index, build_index, open_index
from qa import ask
from qa.conversations.recall import recall
from qa.query.parts import make_queries, parts_of
from qa.render import as_json, as_text
from qa.web.message import message_steps


@pytest.fixture
def index(articles: Path, tmp_path: Path) -> Index:
    build_index(articles, tmp_path / "i")
    return open_index(tmp_path / "i")


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When was it closed, and how many people used it?", ("When was it closed", "how many people used it?")),
        ("Who wrote it? And what does he argue?", ("Who wrote it?", "what does he argue?")),
        (
            "Why did it  fail and who was blamed and when was that?",
            ("Why did it fail", "who was blamed", "when was that?"),
        ),
    ],
)
def test_joined_questions_are_told_apart(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Why did the truce fail?",
        "When and where did they meet?",
        "Tell me how the war began and why it ended",
        "What happened and why?",
        "Explain what rust is and who found it.",
        "Who bought and sold the clocks and what?",
        "I read about rust. What does it do to a bridge?",
        "Who saw it and who did it and what was it and how much was it?",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert parts_of(question) == (question,)


def test_later_parts_are_read_with_the_first_and_the_history_is_kept() -> None:
    first, second = make_queries("When did it close and how many people use it?", ["Where is the bridge?"], None)
    assert first.before is not None and first.before.asked == ("Where is the bridge?",) and not first.is_part
    assert second.is_part and second.before is not None and second.before.asked == ("When did it close",)
    assert second.read == ("When did it close how many people use it?", "how many people use it?")


@pytest.mark.model
def test_each_part_is_answered_and_numbered_through(index: Index) -> None:
    answer = ask("When was the harbour bridge closed and what destroyed the apple harvest?", index=index)
    assert (answer.coverage, answer.missing) == ("full", ())
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert [citation.article for citation in answer.citations[:2]] == ["harbour.md", "orchard.txt"]
    assert "closed in May 2021" in answer.citations[0].quote and "late frost destroyed" in answer.citations[1].quote


@pytest.mark.model
def test_a_sentence_that_answers_two_parts_is_quoted_once(index: Index) -> None:
    answer = ask("When was the harbour bridge closed and why was the harbour bridge closed?", index=index)
    quoted = [citation.quote for citation in answer.citations]
    assert sum("rust had weakened" in quote for quote in quoted) == 1 and answer.coverage == "full"


@pytest.mark.model
def test_a_part_that_nothing_answers_is_named(index: Index) -> None:
    answer = ask("When was the harbour bridge closed and who won the chess championship in Oslo?", index=index)
    assert answer.found and answer.coverage == "partly" and answer.confidence >= 0.5
    assert answer.missing == ("who won the chess championship in Oslo?",)
    *_, message = message_steps(recall(as_json(answer)))
    for told in (message, as_text(answer)):
        assert "only in part: they do not tell “who won the chess championship in Oslo?”." in " ".join(told.split())
    neither = ask("Who won the chess championship in Oslo and what is the capital of Mongolia?", index=index)
    assert not neither.found and neither.citations == () and neither.confidence < 0.5
