"""Whose words a question asks for, and whose a sentence tells, each case written with its right reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import build_index, open_index
from qa import ask
from qa.speakers import is_of_another, speaker_asked

ARTICLE = "In Ruritania the mill was closed. Eva Holm called it a loss. Mr Stern said that nobody will miss it."


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("How did Eva Holm judge the meeting?", "Holm"), ("what did President Lind say about it", "Lind"),
        ("According to Stern, who closed the mill?", "Stern"), ("What is Mr. Stern's view of the mill?", "Stern"),
        ("What did Holm first think of it?", "Holm"), ("Does Ursula van der Berg believe in it?", "Berg"),
        ("What did the mayor say?", ""), ("Did British investigators think so?", ""), ("When did Lind leave?", ""),
        ("What was said of Eva Holm?", ""), ("Who closed the mill?", ""),
    ],
)  # fmt: skip
def test_whose_words_are_asked_for(question: str, speaker: str) -> None:
    assert speaker_asked(question) == speaker


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("Mr Stern said that nobody will miss it.", True),
        ("According to Bo Stern the meeting was long.", True),
        ("“Nobody will miss it,” said Stern.", True),
        ("Stern said that Holm had called it a loss.", False),
        ("She called it a loss.", False),
        ("The meeting lasted an hour.", False),
        ("Eva Holm called it a loss.", False),
    ],
)
def test_what_another_says_is_told_apart(sentence: str, is_so: bool) -> None:
    assert is_of_another("Holm", sentence, ARTICLE) is is_so


def test_what_a_country_says_its_people_tell() -> None:
    assert not is_of_another("Ruritania", "Mr Stern said that nobody will miss it.", ARTICLE)
    assert not is_of_another("EU", "Mr Stern said that nobody will miss it.", ARTICLE)
    assert not is_of_another("", "Mr Stern said that nobody will miss it.", ARTICLE)


@pytest.mark.model
def test_one_speaker_is_not_quoted_for_another(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(
        "The meeting at Karlby\n\nBo Stern and Eva Holm met at Karlby for three hours. Stern judged the meeting at Karlby "
        "favourably, telling reporters that it had been a success. Outside, farmers burned tyres. The police counted "
        "ninety tractors. Gaps remained, but the talks had been useful, Holm told the radio.\n"
    )
    build_index(tmp_path / "articles", tmp_path / "index")
    answer = ask("How did Holm judge the meeting at Karlby?", index=open_index(tmp_path / "index"))
    assert answer.citations[0].quote.startswith("Gaps remained")
