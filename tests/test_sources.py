"""Sources that questions name, against what a reader of the question would say."""

from __future__ import annotations

import pytest

from index.article import Article
from qa.query.sources import as_named, may_name, sources_named

ARTICLES = [
    Article("a", "…", author="Ada Lind", publisher="The Herald"),
    Article("b", "…", author="Ada Lind and Bo Stern", publisher="Echo"),
    Article("c", "…", author="Cy Noor", publisher="The Herald"),
    Article("d", "…", author="Di Johnson", publisher="Institute of Peace"),
    Article("e", "…", author="Eva White", publisher="news"),
    Article("f", "…", publisher="thecoastnews.co.uk"),
    Article("g", "…", publisher="edition.karl.test"),
]


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("How do Noor and Johnson see it?", [{"c"}, {"d"}]),
        ("Noor’s view and that of the Institute of Peace?", [{"c"}, {"d"}]),
        ("What do The Herald, Echo and the Institute of Peace say?", [{"a", "c"}, {"b"}, {"d"}]),
        ("How does Cy Noor’s view differ from Eva White’s?", [{"c"}, {"e"}]),
        ("What do Lind and Stern say?", [{"a", "b"}]),  # they wrote together
        ("What does Noor say in The Herald?", [{"a", "c"}]),
        ("What did the Herald write?", [{"a", "c"}]),
        ("What do Noor and the White House say?", [{"c"}]),
        ("What do Boris Johnson and Noor say?", [{"c"}]),
        ("Johnsonville and Noorland?", []),
        ("What news does Noor bring?", [{"c"}]),
        ("What does it say?", []),
        ("Does The Coast News contradict Noor?", [{"c"}, {"f"}]),
        ("What did the Coast News and Karl report?", [{"f"}, {"g"}]),
        ("What news came from the coast, what edition?", []),
    ],
)
def test_sources_are_told_apart(question: str, sources: list[set[str]]) -> None:
    assert [set(each) for each in sources_named(question, ARTICLES)] == sources


def test_a_site_is_read_as_the_question_names_it() -> None:
    assert as_named("thecoastnews.co.uk", "Does The Coast News contradict Noor?") == "The Coast News"
    assert as_named("thecoastnews.co.uk", "Does Noor contradict it?") == "thecoastnews.co.uk"
    assert as_named("The Herald", "Does The Herald contradict Noor?") == "The Herald"


def test_of_many_sources_three_are_read() -> None:
    articles = [Article(name, "…", author=f"Ada {name}") for name in ("Alda", "Borel", "Cerny", "Dorn")]
    assert len(sources_named("What do Alda, Borel, Cerny and Dorn say?", articles)) == 3


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What does Noor say?", True),
        ("what does NUPI say?", True),
        ("Noor on the bridge?", True),
        ("Why did the truce fail?", False),
        ("why did it fail?", False),
    ],
)
def test_a_question_without_a_name_is_told(question: str, names: bool) -> None:
    assert may_name(question) is names
