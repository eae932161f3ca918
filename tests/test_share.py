"""Batches of several callers computed as one, against each computed alone."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

import index.share
from index.encode import load_encoder
from index.share import ALIKE, MOST_TOKENS, Array, Lanes, Results
from qa.reader.passage_reader import ReadPassage, read_passages


def batch(rows: int, length: int) -> tuple[Array, ...]:
    """Ids from 1 and marks of shape (rows, 2, length), as rows of different texts would have them."""
    random_ = np.random.default_rng(1000 * rows + length)
    return random_.integers(1, 9, (rows, length)), random_.random((rows, 2, length))


class Counting:
    """A lane: the sum of each row's ids and of its marks; keeps the shape of every batch, and waits for its gate."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []
        self.gate = threading.Event()
        self.begun = threading.Event()

    def __call__(self, inputs: list[Array]) -> Results:
        self.shapes.append(inputs[0].shape)
        self.begun.set()
        self.gate.wait(60)
        return alone(*inputs)


def alone(ids: Array, marks: Array) -> list[NDArray[np.float32]]:
    return [ids.sum(axis=1).astype(np.float32), marks.sum(axis=2).astype(np.float32)]


def agree(results: Results, inputs: tuple[Array, ...]) -> bool:
    return all(np.allclose(ours, theirs) for ours, theirs in zip(results, alone(*inputs), strict=True))


def test_every_caller_gets_its_own_results_whoever_computed_them() -> None:
    lanes = [Counting(), Counting()]
    for lane in lanes:
        lane.gate.set()
    shared, chance = Lanes(lanes), random.Random(3)
    calls = [
        [batch(chance.randint(1, 3), chance.randint(1, 60)) for _ in range(chance.randint(1, 7))] for _ in range(90)
    ]
    with ThreadPoolExecutor(9) as threads:
        for batches, results in zip(calls, threads.map(shared.run, calls), strict=True):
            assert all(map(agree, results, batches))
    assert sum(rows for lane in lanes for rows, _ in lane.shapes) == sum(len(b[0]) for each in calls for b in each)


def test_what_waits_and_is_alike_is_computed_as_one() -> None:
    lane = Counting()
    shared = Lanes([lane])
    waiting = [batch(1, 100), batch(2, 92), batch(1, 80), batch(1, 101)]
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(shared.run, [batch(1, 10)])
        lane.begun.wait(60)
        others = [threads.submit(shared.run, [each]) for each in waiting]
        while len(shared._waiting) < len(waiting):
            time.sleep(0.001)
        lane.gate.set()
        assert agree(first.result()[0], batch(1, 10))
        assert all(agree(other.result()[0], each) for other, each in zip(others, waiting, strict=True))
    assert sorted(lane.shapes) == [(1, 10), (1, 80), (4, 101)]


def test_no_more_is_computed_as_one_than_is_worth_it() -> None:
    lane = Counting()
    lane.gate.set()
    Lanes([lane]).run([batch(1, 300) for _ in range(20)])
    assert all(rows * length <= MOST_TOKENS for rows, length in lane.shapes) and len(lane.shapes) == 4


def test_an_error_reaches_everyone_whose_batch_it_was_and_nobody_else() -> None:
    failing = [True]

    def lane(inputs: list[Array]) -> Results:
        if failing.pop() if failing else False:
            raise RuntimeError("out of memory")
        return alone(*inputs)

    shared = Lanes([lane])
    with pytest.raises(RuntimeError, match="out of memory"):
        shared.run([batch(1, 10), batch(1, 50)])
    assert agree(shared.run([batch(1, 10)])[0], batch(1, 10))
    assert not shared._waiting


@pytest.mark.model
def test_passages_are_read_together_as_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = ("The bridge was closed in May.", "Its cables had rusted.", "Nobody was hurt, the mayor said.")
    passages = [ReadPassage("The bridge at Tarn", sentences[: 1 + number % 3] * 2) for number in range(9)]
    together = read_passages("Why was the bridge closed?", passages)
    monkeypatch.setattr(index.share, "ALIKE", ALIKE + 1)
    apart = read_passages("Why was the bridge closed?", passages)
    # Not what bf16 rounds: the same numbers, or the same question could be answered otherwise in a crowd.
    for ours, theirs in zip(together, apart, strict=True):
        assert np.allclose(ours.odds, theirs.odds, rtol=0, atol=1e-5) and ours.words == theirs.words


@pytest.mark.model
def test_a_text_has_the_same_vector_whatever_is_encoded_with_it() -> None:
    texts = [" ".join(["The old bridge was closed because of rust."] * count) for count in range(1, 26)]
    encoder = load_encoder()
    together = encoder.encode(texts)
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(encoder.encode([text])[0], vector, rtol=0, atol=1e-6)
