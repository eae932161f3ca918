"""Generations on the disk: published whole, every flipped bit noticed, the older one answering for a damaged one."""

from __future__ import annotations

import random
import shutil
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import pytest

import qa.following
from index import Index, IndexDamaged, IndexMissing, build_index, open_index
from index.generation import Damage, check, current, folder_name, generations
from index.inspection import status, verify
from qa.following import Following

pytestmark = pytest.mark.model


@pytest.fixture
def built(articles: Path, tmp_path: Path) -> Path:
    index_dir = tmp_path / "index"
    build_index(articles, index_dir)
    (articles / "new.txt").write_text("A new one\n\nThe library opened a reading room for maps.")
    build_index(articles, index_dir)
    return index_dir


def answers(index: Index) -> str:
    return index.passage(index.dense(index.encode(["bridge closed because of rust"])[0], 1)[0].row).article.id


def test_two_generations_are_kept_and_the_newer_answers(articles: Path, built: Path) -> None:
    assert generations(built) == [2, 1]
    assert open_index(built).generation == current(built) == 2
    (articles / "newer.txt").write_text("A newer one\n\nThe theatre sold all its seats.")
    build_index(articles, built)
    assert generations(built) == [3, 2]


def test_an_unchanged_folder_makes_no_generation(articles: Path, built: Path) -> None:
    before = written(built)
    report = build_index(articles, built)
    assert (report.generation, report.unchanged, report.embedded) == (2, 4, 0)
    assert {each.path: (each.title, each.published) for each in report.documents}["harbour.md"] == (
        "The harbour bridge",
        "2021-05-04",
    )
    assert all(each.characters and each.passages for each in report.documents)
    assert before == written(built)


def written(index_dir: Path) -> dict[Path, int]:
    """When each file was written; a lock that tantivy's readers make is none of ours."""
    files = (path for path in index_dir.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    return {path: path.stat().st_mtime_ns for path in files}


@pytest.mark.parametrize("removal", ["delete", "change"])
def test_what_was_deleted_is_gone_from_the_disk_after_the_second_build(
    articles: Path, built: Path, removal: str
) -> None:
    assert holding(built, "reading room") == [2]
    (articles / "new.txt").unlink() if removal == "delete" else (articles / "new.txt").write_text("Other.\n\nWords.")
    assert build_index(articles, built).generation == 3
    assert holding(built, "reading room") == [2]
    assert build_index(articles, built).generation == 4  # a copy, so that an older one can still answer
    assert holding(built, "reading room") == [] and generations(built) == [4, 3]
    assert build_index(articles, built).generation == 4 and generations(built) == [4, 3]


def test_forget_removes_it_at_once_and_keeps_one(articles: Path, built: Path) -> None:
    (articles / "new.txt").unlink()
    build_index(articles, built, forget=True)
    assert generations(built) == [3] and holding(built, "reading room") == []
    (articles / "museum.html").unlink()
    build_index(articles, built)
    assert holding(built, "strikes the hours") == [3]
    assert build_index(articles, built, forget=True).generation == 4
    assert generations(built) == [4] and holding(built, "strikes the hours") == []


def holding(index_dir: Path, words: str) -> list[int]:
    """The generations in whose files, or in any other file of the index, some words can be read."""
    files = [path for path in index_dir.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]
    return sorted({int(path.relative_to(index_dir).parts[0].removeprefix("generation-")) for path in files})


def test_a_bit_flipped_anywhere_is_noticed_and_the_older_generation_answers(built: Path) -> None:
    folder = built / folder_name(2)
    chosen = random.Random(5)
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) > 6
    for file in files:
        whole = file.read_bytes()
        for _ in range(3):
            damaged = bytearray(whole)
            damaged[chosen.randrange(len(whole))] ^= 1 << chosen.randrange(8)
            file.write_bytes(damaged)
            found = check(folder, 2)
            assert found and file.name in found[0].file, file
        with pytest.warns(UserWarning, match="damaged"):
            index = open_index(built)
        assert (index.generation, answers(index)) == (1, "harbour.md")
        file.write_bytes(whole)
    assert check(folder, 2) == [] and verify(built).ok


@pytest.mark.parametrize("harm", ["truncate", "delete", "swap"])
def test_other_damage_is_noticed_too(built: Path, harm: str) -> None:
    file = built / folder_name(2) / "articles.sqlite"
    if harm == "truncate":
        file.write_bytes(file.read_bytes()[:-100])
    elif harm == "delete":
        file.unlink()
    else:
        shutil.copy(built / folder_name(1) / "articles.sqlite", file)
    found = verify(built)
    assert not found.ok and "articles.sqlite" in found.damaged[0].file
    with pytest.warns(UserWarning, match="Generation 1 answers"):
        assert open_index(built).generation == 1


def test_a_damaged_CURRENT_costs_nothing(built: Path) -> None:
    (built / "CURRENT").write_bytes(b"\xffgarbage")
    with pytest.warns(UserWarning, match="CURRENT names no generation"):
        assert open_index(built).generation == 2
    assert not verify(built).ok


def test_where_no_generation_is_whole_the_error_names_the_file(built: Path) -> None:
    for number in (1, 2):
        (built / folder_name(number) / "vectors.faiss").write_bytes(b"")
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss.*Rebuild it: python -m index build"):
        open_index(built)


def test_a_missing_index_says_how_to_build_it(tmp_path: Path) -> None:
    for look in (open_index, status, verify):
        with pytest.raises(IndexMissing, match="Build it: python -m index build"):
            look(tmp_path / "none")


def test_an_open_index_goes_on_answering_after_its_files_are_gone(built: Path) -> None:
    index = open_index(built)
    shutil.rmtree(built / folder_name(2))
    assert answers(index) == "harbour.md"


def test_a_damaged_generation_never_pushes_out_one_that_can_answer(built: Path) -> None:
    articles = open_index(built).manifest.articles
    (built / folder_name(2) / "vectors.faiss").write_bytes(b"damaged")
    with pytest.warns(UserWarning, match="Generation 1 answers"):
        build_index(articles, built)
    assert generations(built) == [3, 1] and verify(built).ok
    (built / folder_name(3) / "vectors.faiss").write_bytes(b"damaged")
    with pytest.warns(UserWarning, match="Generation 1 answers"):
        assert answers(open_index(built)) == "harbour.md"


@pytest.mark.parametrize("harm", ["zeros", "gone"])
def test_status_of_a_damaged_index_says_which_file(built: Path, harm: str) -> None:
    file = built / folder_name(2) / "articles.sqlite"
    file.write_bytes(b"\0" * 4096) if harm == "zeros" else file.unlink()
    with pytest.warns(UserWarning, match=r"articles\.sqlite.*Generation 1 answers"):
        assert status(built).generation == 1
    shutil.rmtree(built / folder_name(1))
    with pytest.raises(IndexDamaged, match=r"articles\.sqlite"):
        status(built)


def test_an_index_removed_and_built_anew_is_noticed(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    following = Following(tmp_path / "i")
    assert "nine million" in following.current().article("harbour.md").text
    shutil.rmtree(tmp_path / "i")
    assert "nine million" in following.current().article("harbour.md").text
    (articles / "harbour.md").write_text((articles / "harbour.md").read_text().replace("nine", "ten"))
    build_index(articles, tmp_path / "i")
    assert "ten million" in following.current().article("harbour.md").text


def test_questions_are_answered_while_the_next_generation_is_opened(
    articles: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, may_open, opened = threading.Event(), threading.Event(), Mock(side_effect=open_index)

    def open_slowly(index_dir: Path) -> Index:
        opening.set()
        assert may_open.wait(60)
        index: Index = opened(index_dir)
        return index

    monkeypatch.setattr(qa.following, "open_index", open_slowly)
    library = Following(built)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(library.current) for _ in range(3)]
        may_open.set()
        assert [each.result(60).generation for each in waiting] == [2, 2, 2] and opened.call_count == 1
        opening.clear()
        may_open.clear()
        (articles / "newer.txt").write_text("A newer one\n\nThe theatre sold all its seats.")
        build_index(articles, built)
        first = threads.submit(library.current)
        assert opening.wait(60)
        try:
            assert threads.submit(library.current).result(5).generation == 2
        finally:
            may_open.set()
        assert first.result(60).generation == 3
    assert library.current().generation == 3 and opened.call_count == 2


def test_generations_that_go_while_they_are_opened_cost_nothing(
    articles: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking for generations and reading them, a builder publishes two more and removes those two."""
    published: list[int] = []

    def check_late(folder: Path, number: int) -> list[Damage]:
        if not published:
            published.append(0)
            for name in ("one", "two"):
                (articles / f"{name}.txt").write_text(f"Number {name}\n\nA text that is number {name}.")
                published.append(build_index(articles, built).generation)
        return check(folder, number)

    monkeypatch.setattr("index.opening.check", check_late)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert open_index(built).generation == 4
    assert published == [0, 3, 4] and generations(built) == [4, 3]


def test_a_removal_that_was_cut_short_is_finished_and_damages_nothing(articles: Path, built: Path) -> None:
    (built / folder_name(1)).rename(built / ".removed-1")  # a builder was killed between renaming and removing
    (built / ".removed-1" / "manifest.json").unlink()
    (built / ".CURRENT.123").write_text("half")
    assert verify(built).ok
    build_index(articles, built)
    assert sorted(path.name for path in built.iterdir()) == ["CURRENT", "build.lock", "generation-000002"]


def test_a_folder_of_articles_is_not_called_an_index_to_be_built(articles: Path) -> None:
    with pytest.raises(IndexMissing, match=r"holds articles, no index\. Give the folder of an index"):
        open_index(articles)
