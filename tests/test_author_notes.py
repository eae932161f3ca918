"""Notes about authors, in an article made up for it: they answer who somebody is, and nothing else."""

from __future__ import annotations

import pytest

from index.article import Article, Span
from index.split import sentences
from qa.evidence.author_notes import is_beside_the_point

TEXT = """Ada Lind went to the harbour.

The ferry is an old editor's favourite, she writes.

Ada Lind is a senior research fellow at the Institute of Ships. She holds a degree in rope making.

Tom Berg is the harbour's cat.

Dr Eva Holm, who wrote this with her, is an Analyst of Tides."""
ARTICLE = Article("a.txt", TEXT, author="Ada Lind and Eva Holm")
NOTES = ("Ada Lind is a senior", "She holds", "Dr Eva Holm")


def test_of_what_an_article_is_about_its_notes_on_authors_tell_nothing() -> None:
    question = "What does Ada Lind think of the ferry?"
    beside = [TEXT[each.start : each.end] for each in all_sentences() if is_beside_the_point(question, ARTICLE, each)]
    assert len(beside) == len(NOTES) and all(map(str.startswith, beside, NOTES))


@pytest.mark.parametrize(
    ("question", "beside"),
    [
        ("Who is Ada Lind?", NOTES[2:]),
        ("Where does Ada Lind work?", NOTES[2:]),
        ("Where did she study? (Ada Lind)", NOTES[2:]),
        ("What did Eva Holm study?", NOTES[:2]),
        ("Who at the Institute of Ships studied ropes?", NOTES[2:]),
        ("Who are the authors?", ()),
        ("Tell me about Eva Holm", NOTES[:2]),
        ("What does Ada Lind say about Karlby?", NOTES),
        ("Where does Bo Stern work?", NOTES),
    ],
)
def test_who_somebody_is_the_notes_about_that_one_answer(question: str, beside: tuple[str, ...]) -> None:
    found = [TEXT[each.start : each.end] for each in all_sentences() if is_beside_the_point(question, ARTICLE, each)]
    assert len(found) == len(beside) and all(map(str.startswith, found, beside))


def test_without_an_author_there_is_no_note() -> None:
    article = Article("a.txt", TEXT)
    assert not any(is_beside_the_point("What happened?", article, each) for each in all_sentences())


def all_sentences() -> list[Span]:
    found: list[Span] = []
    start = 0
    for paragraph in TEXT.split("\n"):
        found += sentences(paragraph, start)
        start += len(paragraph) + 1
    return found
