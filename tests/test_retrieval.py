"""Retrieval, against plain numpy and hand-computed sums."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path

import pytest

from index import Index, build_index, open_index
from index.vectors import Ranked
from qa import BadQuestion, ask, retrieve
from qa.retrieval import fuse

QUESTION = "why did the September 2016 truce fail?"


def test_fusion_adds_up_the_shares_of_the_highest_cosine_and_of_the_highest_bm25() -> None:
    dense = [Ranked(7, 0.8), Ranked(3, 0.6), Ranked(5, 0.4)]
    lexical = [Ranked(3, 9.0), Ranked(8, 4.5)]
    fused = fuse(dense, lexical, {7: 0.8, 3: 0.6, 5: 0.4, 8: -0.2}, k=4)
    expected = {3: 0.5 * 0.75 + 0.5 * 1.0, 7: 0.5 * 1.0, 5: 0.5 * 0.5, 8: 0.5 * -0.25 + 0.5 * 0.5}
    assert [each.row for each in fused] == [3, 7, 5, 8]
    assert {each.row: each.score for each in fused} == pytest.approx(expected)
    assert [(each.dense_rank, each.lexical_rank) for each in fused] == [(2, 1), (1, None), (3, None), (None, 2)]
    assert fuse(dense, lexical, {7: 0.8, 3: 0.6, 5: 0.4, 8: -0.2}, k=2) == fused[:2]


def test_equal_sums_come_in_the_order_of_their_rows_and_cosines_below_zero_do_no_harm() -> None:
    fused = fuse([Ranked(9, -0.1), Ranked(4, -0.1), Ranked(2, -0.3)], [], {9: -0.1, 4: -0.1, 2: -0.3}, k=3)
    assert [each.row for each in fused] == [4, 9, 2] and fuse([], [], {}, k=3) == []


@pytest.mark.model
def test_ranks_are_those_of_the_two_searches(seeds_index: Index) -> None:
    hits = retrieve(QUESTION, 20, seeds_index)
    vector = seeds_index.encode([QUESTION])[0]
    dense = [seeds_index.passage(each.row).text for each in seeds_index.dense(vector, 100)]
    lexical = [seeds_index.passage(each.row).text for each in seeds_index.lexical(QUESTION, 100)]
    for hit in hits:
        assert hit.dense_rank == dense.index(hit.passage.text) + 1
        assert hit.lexical_rank == (lexical.index(hit.passage.text) + 1 if hit.passage.text in lexical else None)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.text for hit in hits}) == len(hits)


@pytest.mark.model
def test_the_truce_is_found(seeds_index: Index) -> None:
    assert "strategic-partners" in retrieve(QUESTION, 1, seeds_index)[0].passage.article.id


@pytest.mark.model
def test_k_may_be_larger_than_the_index(seeds_index: Index) -> None:
    assert len(retrieve(QUESTION, 1000, seeds_index)) == seeds_index.manifest.passages
    assert len(retrieve(QUESTION, 3, seeds_index)) == 3


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "k"),
    [("", 10), (" \n", 10), ("x" * 1_000_000, 10), ("\ud800", 10), (QUESTION, 0), (QUESTION, -1), (QUESTION, 10**6)],
)
def test_bad_questions_say_so(seeds_index: Index, question: str, k: int) -> None:
    with pytest.raises(BadQuestion) as error:
        retrieve(question, k, seeds_index)
    assert isinstance(error.value, ValueError) and len(str(error.value)) < 200


@pytest.mark.model
@pytest.mark.parametrize(
    "question", ['"', "AND OR NOT", "c++ (truce", "*", "🙂", "a" * 2000, "SELECT * FROM passage; --", "\x00"]
)
def test_odd_questions_are_harmless(seeds_index: Index, question: str) -> None:
    assert len(retrieve(question, 5, seeds_index)) == 5


def dated(folder: Path) -> Index:
    folder.mkdir()
    for name, date, source in [
        ("a", "2016-09-12", "Herald"),
        ("b", "2016-10", "Courier"),
        ("c", "2017", "Herald"),
        ("d", "", "Herald"),
    ]:
        when = f"published: '{date}'\n" if date else ""
        (folder / f"{name}.md").write_text(
            f"---\ntitle: Ferry {name}\npublisher: {source}\n{when}---\n\nFerry {name} crossed the bay twice."
        )
    build_index(folder, folder.with_name("index"))
    return open_index(folder.with_name("index"))


@pytest.mark.model
@pytest.mark.parametrize(
    ("after", "before", "source", "expected"),
    [
        ("", "", "", "abcd"),
        ("2016-09-12", "", "", "abc"),
        ("2016-09-13", "", "", "bc"),
        ("", "2016-09-12", "", "a"),
        ("2016-10-15", "2016-10-20", "", "b"),  # "October 2016" may be any of its days
        ("2018", "", "", ""),
        ("", "2016", "", "ab"),
        ("", "", "herald", "acd"),
        ("", "", "HERALD", "acd"),
        ("", "", "ferry b", "b"),
        ("", "", "  Herald ", "acd"),
        ("", "", "herald b.md", ""),
        ("2016-01-01", "", "herald", "ac"),
        ("", "", "b.md", "b"),
    ],
)
def test_filters(tmp_path: Path, after: str, before: str, source: str, expected: str) -> None:
    index = dated(tmp_path / "f")
    hits = retrieve("Which ferry crossed the bay?", 10, index, after=after, before=before, source=source)
    assert sorted(hit.passage.article.id for hit in hits) == [f"{name}.md" for name in expected]
    shutil.rmtree(tmp_path / "f")


@pytest.mark.model
@pytest.mark.parametrize("date", ["yesterday", "12.09.2016", "2016-13", "2016-02-30", "20160912", "2016-W10-1", "٢٠١٦"])
def test_a_filter_that_is_no_date_says_so(seeds_index: Index, date: str) -> None:
    with pytest.raises(BadQuestion, match="no ISO date"):
        retrieve(QUESTION, 3, seeds_index, after=date)


@pytest.mark.model
def test_two_dates_that_no_day_passes_are_told(seeds_index: Index) -> None:
    with pytest.raises(BadQuestion, match="Exchange the two dates"):
        retrieve(QUESTION, 3, seeds_index, after="2025", before="2020-03")
    assert retrieve(QUESTION, 3, seeds_index, after="2017-04", before="2017") is not None


@pytest.mark.model
def test_the_default_index_is_followed(tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTED_INDEX", str(tmp_path / "i"))
    build_index(articles, tmp_path / "i")
    assert retrieve("rust in the bridge", 1)[0].passage.article.id == "harbour.md"
    (articles / "harbour.md").unlink()
    build_index(articles, tmp_path / "i")
    assert retrieve("rust in the bridge", 1)[0].passage.article.id != "harbour.md"


@pytest.mark.model
def test_publishers_and_articles_are_told_by_name(tmp_path: Path) -> None:
    index = dated(tmp_path / "f")
    facts = {"a.md": ("2016-09-12", "Herald"), "b.md": ("2016-10", "Courier"), "c.md": ("2017", "Herald"),
             "d.md": ("", "Herald")}  # fmt: skip
    for publishers, articles, after in product(
        ((), ("Herald",), ("Courier", "Herald"), ("herald",)),
        ((), ("a.md",), ("b.md", "d.md", "gone.md"), ("A.MD",)),
        ("", "2016-10-31"),
    ):
        expected = [
            id
            for id, (date, publisher) in facts.items()
            if (not publishers or publisher in publishers)
            and (not articles or id in articles)
            and (not after or date in ("2016-10", "2017"))
        ]
        asked = {"publishers": publishers, "articles": articles, "after": after}
        hits = retrieve("Which ferry crossed the bay?", 10, index, **asked)  # type: ignore[arg-type]
        assert sorted(hit.passage.article.id for hit in hits) == expected, asked
        answer = ask("Which ferry crossed the bay?", index=index, **asked)  # type: ignore[arg-type]
        assert {citation.article for citation in answer.citations} <= set(expected)
        assert answer.found or expected or "No article passes the filters" in answer.text


@pytest.mark.model
@pytest.mark.parametrize("chosen", ["a.md", ["a.md", 3], [None]])
def test_a_list_of_names_that_is_none_says_so(seeds_index: Index, chosen: object) -> None:
    for name in ("publishers", "articles"):
        with pytest.raises(BadQuestion, match=f"{name}.*is a list of names"):
            retrieve(QUESTION, 3, seeds_index, **{name: chosen})  # type: ignore[arg-type]
