"""An interrupted build goes on where it was; what a kill or a bad disk did to the vectors kept meanwhile is noticed."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks.attack_edits import require_equal
from benchmarks.attacking import PROJECT, Folder, build_command
from index import build_index, open_index
from index.embedded import EmbeddedFile
from index.encode import EncoderCard

CARD = EncoderCard("any", "ab" * 32, "f32", 8)
CHUNK, RECORD = 256, 32 + 4 * 384 + 16  # vectors kept at a time, and the bytes of each
DIGESTS = [bytes([number]) * 32 for number in range(1, 7)]


@pytest.mark.model
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_embedded_twice(tmp_path: Path, stop: signal.Signals) -> None:
    folder, index_dir = Folder(tmp_path / "articles", random.Random(7)), tmp_path / "index"
    for _ in range(900):
        folder.add()
    pipe = subprocess.PIPE
    with subprocess.Popen(build_command(folder.path, index_dir), cwd=PROJECT, stdout=pipe, stderr=pipe) as builder:
        while not (kept := list(index_dir.glob("embedded-*"))) or kept[0].stat().st_size < CHUNK * RECORD:
            assert builder.poll() is None, "the build was done before it could be stopped"
            time.sleep(0.01)
        builder.send_signal(stop)
        out, told = builder.communicate()
    assert out == b"" and builder.returncode == (130 if stop == signal.SIGINT else -signal.SIGKILL)
    assert stop == signal.SIGKILL or b"the same command goes on from here" in told
    kept_vectors = kept[0].stat().st_size // RECORD
    report = build_index(folder.path, index_dir)
    assert kept_vectors >= CHUNK and report.embedded == report.passages - kept_vectors
    assert not list(index_dir.glob("embedded-*"))
    build_index(folder.path, tmp_path / "fresh")
    require_equal(open_index(index_dir), open_index(tmp_path / "fresh"))


def test_a_record_that_was_damaged_or_cut_is_not_used(tmp_path: Path) -> None:
    vectors = np.random.default_rng(1).normal(size=(6, 8)).astype(np.float32)
    kept = EmbeddedFile(tmp_path, CARD)
    assert list(kept.append(DIGESTS, vectors)) == [0, 1, 2, 3, 4, 5]
    kept.close()
    (file,) = tmp_path.iterdir()
    size = file.stat().st_size // 6
    damaged = bytearray(file.read_bytes())
    damaged[2 * size + 40] ^= 1
    file.write_bytes(damaged[: 5 * size + 10])
    kept = EmbeddedFile(tmp_path, CARD)
    assert [kept.find(digest) for digest in DIGESTS] == [0, 1, None, 3, 4, None]
    (record,) = kept.append(DIGESTS[2:3], vectors[2:3])
    for number in (0, 1, 3, 4, record):
        assert np.array_equal(kept.vector(number), vectors[2 if number == record else number])
    with pytest.raises(OSError, match="not stored as written"):
        kept.vector(2)
    kept.close()


def test_vectors_of_another_encoder_are_not_used(tmp_path: Path) -> None:
    kept = EmbeddedFile(tmp_path, CARD)
    kept.append(DIGESTS[:1], np.ones((1, 8), dtype=np.float32))
    kept.close()
    other = EmbeddedFile(tmp_path, EncoderCard("any", "cd" * 32, "f32", 8))
    assert other.find(DIGESTS[0]) is None and len(list(tmp_path.iterdir())) == 1
    other.close()


@pytest.mark.model
def test_progress_tells_how_many_of_how_many(articles: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build_index(articles, tmp_path / "i", progress=lambda *each: told.append(each))
    assert [each for each in told if each[0] == "documents read and embedded"] == [
        ("documents read and embedded", number, 3) for number in (1, 2, 3)
    ]
    done = subprocess.run(build_command(articles, tmp_path / "j"), cwd=PROJECT, capture_output=True, text=True)
    assert json.loads(done.stdout)["new"] == 3 and "3/3 [" in done.stderr
