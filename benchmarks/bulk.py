"""A number of passages goes in, an index of as many is written and asked; rates, memory and times come out.

python -m benchmarks.bulk DIR --passages 1000000 [--json]

The passages are halves of real sentences with two names, so that words are as frequent as they are; their vectors are
mixtures of real sentences' vectors, because embedding a million texts takes a day of one core. All else is what a build
does: the same draft, the same files, verified and published, and asked in a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.attack_scale import real_texts
from benchmarks.attacking import PROJECT, tell
from benchmarks.measuring import own_memory
from index.article import Article, Passage, Span
from index.draft import Draft
from index.embedded import EmbeddedFile
from index.encode import Encoder, Vectors, load_encoder
from index.generation import FORMAT, Manifest, publish, record_files, workspace
from index.reading.read import READING
from index.split import PASSAGE_TOKENS

PER_ARTICLE = 100
TELL_EVERY = 30  # seconds


class Mixing:
    """Gives each text a mixture of two real sentences' vectors, chosen by the text's digest, and some noise."""

    def __init__(self, encoder: Encoder) -> None:
        self.card = encoder.card
        self._real = encoder.encode(list(islice(real_texts(), 500)))

    def encode(self, texts: list[str]) -> Vectors:
        """Return unit vectors, shape (n, dimension)."""
        return np.stack([self._mix(text) for text in texts])

    def encode_questions(self, questions: list[str]) -> Vectors:
        """Return unit vectors, shape (n, dimension)."""
        return self.encode(questions)

    def count(self, texts: list[str]) -> list[int]:
        """Return about as many tokens as a text has."""
        return [len(text) // 5 for text in texts]

    def _mix(self, text: str) -> Vectors:
        chosen = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
        one, other = self._real[chosen.integers(0, len(self._real), 2)]
        mixed = one + 0.6 * other + chosen.normal(scale=0.02, size=len(one)).astype(np.float32)
        unit: Vectors = mixed / np.linalg.norm(mixed)
        return unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR", help="an empty folder for the index")
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="what asking it costs as JSON, on the last line")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    write_index(options.folder, options.passages)
    search = [sys.executable, "-m", "benchmarks.searching", str(options.folder)] + ["--json"] * options.json
    subprocess.run(search, cwd=PROJECT, check=True)


def write_index(folder: Path, passages: int) -> None:
    """Write and publish an index of so many passages."""
    encoder = Mixing(load_encoder())
    with closing(EmbeddedFile(folder, encoder.card)) as embedded, workspace(folder) as aside:
        draft = Draft(aside, encoder, None, embedded)
        with Clock("added", passages):
            _add_all(draft, passages)
        with Clock("words, articles and vectors finished", passages):
            draft.finish()
        with Clock("read back, verified and published", passages):
            publish(aside, folder, _manifest(aside, encoder, draft.rows))
    for file in folder.glob("embedded-*"):
        file.unlink()


class Clock:
    """Tells what a step cost: seconds, CPU seconds of all threads, and the memory held at its end."""

    def __init__(self, step: str, passages: int) -> None:
        self._step, self._passages = step, passages

    def __enter__(self) -> Clock:
        self._wall, self._cpu = time.monotonic(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        wall, cpu = time.monotonic() - self._wall, time.process_time() - self._cpu
        each = cpu / self._passages * 1e6
        tell(self._step, f"{wall:.1f} s, {cpu:.1f} CPU s ({each:.0f} µs a passage), {own_memory():.0f} MiB held")


def _add_all(draft: Draft, passages: int) -> None:
    started = told = time.monotonic()
    for article, windows in _articles(passages):
        draft.add(article, hashlib.sha256(article.text.encode()).hexdigest(), windows)
        if time.monotonic() - told > TELL_EVERY:
            told = time.monotonic()
            rate = draft.rows / (told - started)
            tell(f"after {told - started:.0f} s", f"{draft.rows:,}, {rate:,.0f} a second, {own_memory():.0f} MiB")


def _articles(passages: int) -> Iterator[tuple[Article, list[Passage]]]:
    texts = real_texts()
    for number in range(-(-passages // PER_ARTICLE)):
        parts = list(islice(texts, min(PER_ARTICLE, passages - number * PER_ARTICLE)))
        ends = np.cumsum([len(part) + 1 for part in parts]) - 1
        spans = [Span(int(end) - len(part), int(end)) for part, end in zip(parts, ends, strict=True)]
        article = Article(f"{number // 1000:04}/{number:07}.md", "\n".join(parts), f"Article {number}")
        yield article, [Passage(article, span.start, span.end, (span,)) for span in spans]


def _manifest(aside: Path, encoder: Mixing, rows: int) -> Manifest:
    documents = -(-rows // PER_ARTICLE)
    return Manifest(
        FORMAT, 1, datetime.now(UTC).isoformat(timespec="seconds"), str(aside / "none"), encoder.card, READING,
        PASSAGE_TOKENS, documents, rows, (), record_files(aside),
    )  # fmt: skip


if __name__ == "__main__":
    main()
