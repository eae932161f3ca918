"""articles.toml: what it says goes before what was read, and taking it away brings that back."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import BuildRefused, build_index, open_index
from index.correct import corrections
from index.inspection import status


@pytest.mark.model
def test_metadata_are_corrected_and_come_back(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    (articles / "articles.toml").write_text(
        '["harbour.md"]\nauthor = ["Eva Holm", "Tom Berg"]\npublished = 2021-06-01\n\n["orchard.txt"]\npublisher = "Valley Post"\n'
    )
    report = build_index(articles, tmp_path / "i")
    assert (report.changed, report.unchanged, report.embedded) == (2, 1, 0)
    index = open_index(tmp_path / "i")
    harbour, orchard = index.article("harbour.md"), index.article("orchard.txt")
    assert (harbour.author, harbour.published, harbour.publisher) == (
        "Eva Holm and Tom Berg",
        "2021-06-01",
        "Coast News",
    )
    assert (harbour.provenance.author, harbour.provenance.publisher) == ("articles.toml", "front matter")
    assert (orchard.publisher, orchard.provenance.publisher) == ("Valley Post", "articles.toml")
    assert not index.is_stale("harbour.md")
    (articles / "articles.toml").unlink()
    assert index.is_stale("harbour.md") and not index.is_stale("museum.html")
    build_index(articles, tmp_path / "i")
    assert open_index(tmp_path / "i").article("harbour.md").author == "Ada Lind"


@pytest.mark.parametrize(
    "text",
    [
        "[broken",
        '["a.md"]\nwriter = "Ada"',
        '["a.md"]\npublished = "last week"',
        '["a.md"]\ntitle = 3',
        "a = 1",
        "[a.md]\ntitle = 'x'",
    ],
)
def test_one_that_is_no_good_is_refused_with_its_place(text: str, tmp_path: Path) -> None:
    (tmp_path / "articles.toml").write_text(text)
    with pytest.raises(BuildRefused, match=r"articles\.toml") as caught:
        corrections(tmp_path)
    assert "writer" not in text or "“writer”; it may only have title" in str(caught.value)
    assert "[a.md]" not in text or '["a.md"]' in str(caught.value)


@pytest.mark.model
def test_a_broken_one_is_told_and_takes_no_document_for_deleted(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    (articles / "articles.toml").write_text("[broken")
    with pytest.raises(BuildRefused, match=r"articles\.toml"):
        status(tmp_path / "i")
    assert open_index(tmp_path / "i").article("harbour.md").author == "Ada Lind"
    (articles / "articles.toml").unlink()
    assert status(tmp_path / "i").stale == ()
