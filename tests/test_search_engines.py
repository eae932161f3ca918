"""The two engines, against oracles: vectors against plain numpy, words against scores computed by hand."""

from __future__ import annotations

import math
from pathlib import Path

import faiss
import numpy as np
import pytest

import index.vectors
from index.places import CODES_FILE
from index.vectors import VectorFile, write_vectors
from index.words import WordIndex, WordIndexWriter, words


@pytest.fixture
def vectors() -> np.ndarray:
    drawn = np.random.default_rng(7).normal(size=(200, 16)).astype(np.float32)
    unit: np.ndarray = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def write(file: Path, vectors: np.ndarray) -> None:
    write_vectors(file, vectors.shape[1], len(vectors), iter(np.array_split(vectors, 3)))


def test_the_file_is_what_faiss_itself_writes(tmp_path: Path, vectors: np.ndarray) -> None:
    write(tmp_path / "v", vectors)
    flat = faiss.IndexFlatIP(16)
    flat.add(vectors)
    assert (tmp_path / "v").read_bytes() == faiss.serialize_index(flat).tobytes()


def test_search_is_exact(tmp_path: Path, vectors: np.ndarray) -> None:
    write(tmp_path / "v", vectors)
    opened = VectorFile(tmp_path / "v")
    for query in vectors[:20]:
        cosines = vectors @ query
        found = opened.search(query, 10)
        assert [each.row for each in found] == list(np.argsort(-cosines, kind="stable")[:10])
        assert np.allclose([each.score for each in found], np.sort(cosines)[::-1][:10], atol=1e-5)
    assert np.array_equal(opened.rows(np.array([7, 3])), vectors[[7, 3]])


def test_search_among_rows_is_exact(tmp_path: Path, vectors: np.ndarray) -> None:
    write(tmp_path / "v", vectors)
    rows = np.array([3, 50, 51, 120, 199], dtype=np.int64)
    found = VectorFile(tmp_path / "v").search(vectors[0], 10, rows)
    assert [each.row for each in found] == list(rows[np.argsort(-(vectors[rows] @ vectors[0]))])


def test_equal_vectors_come_in_the_order_of_their_rows(tmp_path: Path) -> None:
    write(tmp_path / "v", np.tile(np.eye(1, 8, dtype=np.float32), (9, 1)))
    assert [each.row for each in VectorFile(tmp_path / "v").search(np.eye(1, 8, dtype=np.float32)[0], 9)] == list(
        range(9)
    )


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """3,000 unit vectors in 100 heaps beside the origin, as texts lie, and an index that calls that many."""
    monkeypatch.setattr(index.vectors, "EXACT_BELOW", 3000)
    chosen = np.random.default_rng(5)
    heaps = chosen.normal(size=(100, 64)) + 0.7
    drawn = (heaps[chosen.integers(0, 100, 3000)] + chosen.normal(size=(3000, 64)) * 0.5).astype(np.float32)
    unit: np.ndarray = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def test_many_vectors_are_what_faiss_itself_writes_in_half_precision(tmp_path: Path, many: np.ndarray) -> None:
    write(tmp_path / "v", many)
    halves = faiss.IndexScalarQuantizer(64, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    halves.add(many.astype(np.float16).astype(np.float32))
    assert (tmp_path / "v").read_bytes() == faiss.serialize_index(halves).tobytes()


def test_many_vectors_are_found_with_their_exact_scores(tmp_path: Path, many: np.ndarray) -> None:
    write(tmp_path / "v", many)
    opened, held = VectorFile(tmp_path / "v"), many.astype(np.float16).astype(np.float32)
    recalls = []
    for query in many[:100]:
        cosines, found = held @ query, opened.search(query, 20)
        assert np.allclose([each.score for each in found], [cosines[each.row] for each in found], atol=1e-5)
        assert found == sorted(found, key=lambda each: (-each.score, each.row))
        recalls.append(len({each.row for each in found[:10]} & set(np.argsort(-cosines)[:10])) / 10)
    assert np.mean(recalls) >= 0.99
    assert np.array_equal(opened.rows(np.array([7, 3])), held[[7, 3]])
    assert np.allclose(opened.cosines(many[0], [0, 9]), held[[0, 9]] @ many[0])
    assert len(opened.search(many[0], 5000)) == 3000


def test_a_search_among_rows_of_many_is_exact(tmp_path: Path, many: np.ndarray) -> None:
    write(tmp_path / "v", many)
    held, rows = many.astype(np.float16).astype(np.float32), np.arange(1, 3000, 7, dtype=np.int64)
    for query in many[:50]:
        cosines = held[rows] @ query
        found = VectorFile(tmp_path / "v").search(query, 10, rows)
        assert [each.row for each in found] == list(rows[np.argsort(-cosines, kind="stable")[:10]])


def test_many_vectors_carried_over_make_the_same_files(tmp_path: Path, many: np.ndarray) -> None:
    """However often vectors went through files: what a build from nothing writes is the same to the last bit."""
    write(tmp_path / "v", many)
    carried = VectorFile(tmp_path / "v").rows(np.arange(3000))
    (tmp_path / "again").mkdir()
    write(tmp_path / "again" / "v", carried)
    for name in ("v", CODES_FILE):
        assert (tmp_path / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_file_that_claims_more_than_it_holds_is_refused_before_memory_is_asked_for(
    tmp_path: Path, many: np.ndarray
) -> None:
    """FAISS would take the 40 MB that this claim of 10,000,000 numbers needs, and only then miss them in the file."""
    write(tmp_path / "v", many)
    codes = bytearray((tmp_path / CODES_FILE).read_bytes())
    size_of_centre = codes.rfind((64).to_bytes(8, "little"), 0, 100)
    codes[size_of_centre : size_of_centre + 8] = (10_000_000).to_bytes(8, "little")
    (tmp_path / CODES_FILE).write_bytes(codes)
    with pytest.raises(RuntimeError, match="byte_limit"):
        VectorFile(tmp_path / "v")


def word_index(folder: Path, texts: list[str]) -> WordIndex:
    writer = WordIndexWriter(folder)
    for row, text in enumerate(texts):
        writer.add(row, text, "")
    writer.finish()
    return WordIndex(folder)


TEXTS = ["the truce failed", "the truce held for a week", "a convoy burned", "convoys and truces and convoys"]


def test_bm25_is_that_of_the_formula(tmp_path: Path) -> None:
    """k1 = 1.2, b = .75, as Robertson and Zaragoza (2009) and Lucene have it."""
    index = word_index(tmp_path / "w", TEXTS)
    lengths = [len(words(text)) for text in TEXTS]
    mean = sum(lengths) / len(lengths)
    counts = [words(text).count("convoy") for text in TEXTS]
    holding = sum(count > 0 for count in counts)
    idf = math.log(1 + (len(TEXTS) - holding + 0.5) / (holding + 0.5))
    expected = {
        row: idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[row] / mean))
        for row, count in enumerate(counts)
        if count
    }
    found = index.search("convoys", 10)
    assert [each.row for each in found] == sorted(expected, key=lambda row: -expected[row])
    assert [each.score for each in found] == pytest.approx([expected[each.row] for each in found], rel=0.02)
    assert index.frequency("convoy") == holding


def test_words_are_stemmed_folded_and_stripped_of_stop_words() -> None:
    assert words("Why did the Trucés FAIL?") == ["truce", "fail"]


def test_a_ceasefire_is_a_truce_and_still_known_by_its_own_name(tmp_path: Path) -> None:
    texts = ["the ceasefire failed", "Cease-fires failed", "a truce failed", "a convoy failed"]
    index = word_index(tmp_path / "w", texts)
    for query in ("truce", "cease-fire", "Ceasefire"):
        assert {each.row for each in index.search(query, 10)} == {0, 1, 2}
    assert words("the ceasefires") == words("a truce") == ["truce"]
    assert index.frequency("truce") == 3 and 0 in index.rows_like("ceasfir", 10)  # who misspells it
    assert words("they cease firing") == ["ceas", "fire"]


@pytest.mark.parametrize(
    "query",
    ['"truce', "truce AND", "c++ truce", "truce)", "+truce -convoy", "text:truce", "truce~2", "[truce TO", "tru*ce truce",
     "\\truce", "NOT truce", "{truce}", "truce^9", "/truce/", "' OR 1=1 truce", "truce\x00", "🙂 truce"],
)  # fmt: skip
def test_a_raw_question_is_no_query_language(tmp_path: Path, query: str) -> None:
    index = word_index(tmp_path / "w", TEXTS)
    assert {each.row for each in index.search(query, 10)} >= {0, 1, 3}


@pytest.mark.parametrize("query", ["", "the of and", "???", "why did it"])
def test_a_query_without_words_finds_nothing(tmp_path: Path, query: str) -> None:
    assert word_index(tmp_path / "w", TEXTS).search(query, 10) == []


def test_rows_limit_a_search(tmp_path: Path) -> None:
    index = word_index(tmp_path / "w", TEXTS)
    assert [each.row for each in index.search("truce", 10, np.array([1, 2], dtype=np.int64))] == [1]
    assert index.search("truce", 10, np.array([], dtype=np.int64)) == []
