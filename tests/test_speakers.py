"""Whose words a question asks for, and whose a sentence tells, each case written with its right reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import build_index, open_index
from qa import ask
from qa.evidence.speakers import is_of_another, speaker_asked

ARTICLE = (
    "In Ruritania the mill was closed. The Mill Workers Union wept. Eva Holm called it a loss. Bo Stern said that nobody "
    "will miss it. Holm went home. Tarn was sad. In Tarn City it rained, and Ruritania slept."
)


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("How did Eva Holm judge the meeting?", "Eva Holm"), ("what did President Lind say about it", "President Lind"),
        ("What is Mr. Stern's view of the mill?", "Mr. Stern"),
        ("What did Holm first think of it?", "Holm"), ("Does Ursula van der Berg believe in it?", "Ursula van der Berg"),
        ("According to Bo Stern, why was it closed?", "Bo Stern"), ("How did Stern see the mill?", ""),
        ("When did Lind propose the wall?", ""), ("Why did Lind call off the vote?", ""), ("What did Lind's wife say?", ""),
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
        ("After the meeting, Stern also called it a success.", True),
        ("Stern, who came late, told the radio that it was a success.", True),
        ("Stern said that Holm had called it a loss.", False),
        ("She called it a loss.", False),
        ("She denied what Stern said of it.", False),
        ("“Stern said one thing and did another,” she added.", False),
        ("The crowds in Paris called for more.", False),
        ("Yesterday she said that the meeting was long.", False),
        ("When Stern called, she said no.", False),
        ("Holm’s claims were noted.", False),
        ("The meeting lasted an hour.", False),
        ("Eva Hölm called it a loss.", False),
    ],
)
def test_what_another_says_is_told_apart(sentence: str, is_so: bool) -> None:
    assert is_of_another("Holm", sentence, ARTICLE) is is_so


@pytest.mark.parametrize("speaker", ["Ruritania", "Tarn City", "Mill Workers Union", "EU", "Borel", ""])
def test_what_a_country_or_a_union_says_its_people_tell(speaker: str) -> None:
    assert not is_of_another(speaker, "Mr Stern said that nobody will miss it.", ARTICLE)


def test_who_has_a_lawyer_is_a_person_and_who_has_a_director_none() -> None:
    sentence = "“The deal is dead,” said Bo Stern."
    article = "Eva Holm met Stern. Holm smiled. A lawyer for Holm left, and the head of Holm’s union."
    assert is_of_another("Holm", sentence, article)
    assert is_of_another("Eva Holm", sentence, "Eva Holm, who leads the union, met Bo Stern.")
    assert not is_of_another("Norvane Water", sentence, "Bo Stern is director of Norvane Water. Water is dear.")


@pytest.mark.model
def test_one_speaker_is_not_quoted_for_another(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(
        "The meeting at Karlby\n\nBo Stern met Eva Holm at Karlby for three hours. Stern judged the meeting at Karlby "
        "favourably, telling reporters that it had been a success. Outside, farmers burned tyres. The police counted "
        "ninety tractors. Gaps remained, but the talks had been useful, Holm told the radio.\n"
    )
    build_index(tmp_path / "articles", tmp_path / "index")
    answer = ask("How did Holm judge the meeting at Karlby?", index=open_index(tmp_path / "index"))
    assert answer.citations[0].quote.startswith("Gaps remained")
