"""Questions for what made something fail, and sentences that tell it, each case written with its right reading."""

from __future__ import annotations

import pytest

from qa.query.failing import asked_plainly, tells_why_it_failed
from qa.query.unwrapping import unwrapped


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("What doomed the May truce?", "Why did the May truce fail?"),
        ("what ended the ceasefire", "Why did the ceasefire fail"),
        ("How did the truce come apart?", "Why did the truce fail?"),
        ("How were the talks derailed in May?", "Why did the talks fail in May?"),
        ("how come the truce of May 2016 didn't last", "Why did the truce of May 2016 fail"),
        ("How come the merger fell through?", "Why did the merger fail?"),
        ("What went wrong with the launch of the Arne?", "Why did the launch of the Arne fail?"),
        (
            "What killed the deal between Tarn and Norby in 2018?",
            "Why did the deal between Tarn and Norby in 2018 fail?",
        ),
        ("Please, what wrecked the talks?", "Please, why did the talks fail?"),
        ("How did the U.S.-brokered cease fire collapse?", "Why did the U.S.-brokered cease fire fail?"),
        ("What eventually ended the peace process?", "Why did the peace process fail?"),
    ],
)
def test_what_made_something_fail_is_searched_for_in_plain_words(question: str, plain: str) -> None:
    assert asked_plainly(question) == plain
    assert unwrapped(question).text == plain


@pytest.mark.parametrize(
    "question",
    [
        "How did the tower collapse?", "What killed the fish?", "What killed civilians during the truce?",
        "What ended up in the final deal?", "How did envoys keep the talks from collapsing?", "What went wrong?",
        "Why did the truce fail?", "How come the mayor resigned?", "How did the talks go?", "How did the truce begin?",
        "What killed the deal's author?", "What killed 12 people despite the truce?", "Who said what killed the deal?",
        "How did the deal with Tarn collapse the market?", "How did the deal fail to protect workers?",
        "How could the deal fail if Tarn withdraws?", "How come Lind resigned after the talks collapsed?",
        "What ended the peace talks in 1999 and who signed?", "Where and how did the talks break down?",
        "What went wrong with him?", "What sank the peace boat?", "How did Lind let the deal collapse?",
    ],
)  # fmt: skip
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert asked_plainly(question) == question


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The truce collapsed because nobody watched the border.", 2),
        ("The truce collapsed because the talks made no progress.", 2),
        ("The truce collapsed on 11 March, when a trawler fished on an odd day.", 2),
        ("The contract came to an end because the trains were late.", 2),
        ("Both sides shelled the road.", 1),
        ("The truce failed within a week.", 0),
        ("The convoy had forty lorries.", 0),
        ("The truce held for a month.", -1),
    ],
)
def test_what_tells_why_something_failed(sentence: str, expected: int) -> None:
    assert tells_why_it_failed(sentence) == expected
