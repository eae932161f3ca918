"""An index of more passages than are compared one by one, by the real encoder: the limit is moved, not the index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import index.vectors
from benchmarks.attack_edits import attack, require_equal
from index import IndexDamaged, build_index, open_index
from index.places import CODES_FILE
from qa import retrieve

pytestmark = pytest.mark.model
PLACES = ("quay", "mill", "tower", "bridge", "school", "market", "theatre", "station")


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(index.vectors, "EXACT_BELOW", 8)
    return 8


def write(folder: Path, number: int) -> None:
    folder.mkdir(exist_ok=True)
    place, other = PLACES[number % 8], PLACES[number // 8 % 8]
    (folder / f"{number:03}.txt").write_text(f"The {place} beside the {other} was painted {number} years ago.\n")


@pytest.mark.parametrize("seed", range(200, 204))
def test_edits_equal_a_build_from_nothing(tmp_path: Path, many: int, seed: int) -> None:
    """The scripts' indexes, of some six to twelve articles, grow and shrink across the limit."""
    assert attack(tmp_path, seed)


def test_growing_and_shrinking_across_the_limit(tmp_path: Path, many: int) -> None:
    articles = tmp_path / "articles"
    for number in range(many + 4):
        write(articles, number)
    build_index(articles, tmp_path / "i")
    assert (open_index(tmp_path / "i").folder / CODES_FILE).exists()
    for number in range(6):
        (articles / f"{number:03}.txt").unlink()
    assert build_index(articles, tmp_path / "i").embedded == 0
    build_index(articles, tmp_path / "fresh")
    carried, fresh = open_index(tmp_path / "i"), open_index(tmp_path / "fresh")
    assert not (carried.folder / CODES_FILE).exists()
    require_equal(carried, fresh)
    assert np.abs(carried.vectors(np.arange(6)) - fresh.vectors(np.arange(6))).max() < 2**-11


def test_damaged_codes_are_noticed_and_named(tmp_path: Path, many: int) -> None:
    articles = tmp_path / "articles"
    for number in range(many):
        write(articles, number)
    build_index(articles, tmp_path / "i")
    codes = open_index(tmp_path / "i").folder / CODES_FILE
    whole = codes.read_bytes()
    for damaged in (whole[:-1], whole[:100] + bytes([whole[100] ^ 1]) + whole[101:], b""):
        codes.write_bytes(damaged)
        with pytest.raises(IndexDamaged, match=CODES_FILE):
            open_index(tmp_path / "i")
    codes.unlink()
    with pytest.raises(IndexDamaged, match=CODES_FILE):
        open_index(tmp_path / "i")


def test_a_question_with_and_without_a_filter(tmp_path: Path, many: int) -> None:
    articles = tmp_path / "articles"
    for number in range(40):
        write(articles, number)
    build_index(articles, tmp_path / "i")
    opened = open_index(tmp_path / "i")
    hits = retrieve("What was painted 17 years ago?", index=opened)
    assert hits[0].passage.article.id == "017.txt"
    assert [hit.passage.article.id for hit in retrieve("painted", index=opened, source="021")] == ["021.txt"]
