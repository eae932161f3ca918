"""The folder of an index goes in; what opening it and searching it cost comes out, one thread, no judge.

python -m benchmarks.searching DIR [--json]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.attacking import tell
from benchmarks.measuring import median_ms, most_memory, own_memory
from benchmarks.question_sets import HERE, read_lines
from index import Index, open_index
from index.terminal import json_line, say
from qa import ask, retrieve

DEPTH = 100
ANSWERED = 20  # questions that the judge reads passages for


@dataclass(frozen=True)
class Searching:
    """Figures of one index: medians in milliseconds, memory in MiB, recall of the codes against all vectors."""

    passages: int
    open_seconds: float
    open_cpu_seconds: float
    retrieve_ms: float
    encode_ms: float
    dense_ms: float
    exact_ms: float
    lexical_ms: float
    filtered_ms: float
    recall_at_10: float
    answer_ms: float
    judge_cpu_ms: float
    own_memory: float
    most_memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wall, cpu = time.monotonic(), time.process_time()
    index = open_index(options.index)
    found = measure(index, time.monotonic() - wall, time.process_time() - cpu)
    if options.json:
        say(json_line(found))
    else:
        for name, value in vars(found).items():
            tell(name.replace("_", " "), f"{value:,.3f}".rstrip("0").rstrip("."))


def measure(index: Index, wall: float, cpu: float) -> Searching:
    """Ask an index our own questions; for each figure it is opened anew, because it remembers texts that it has met."""
    questions = [each["question"] for each in read_lines(HERE / "questions.jsonl")]
    vectors = index.encode_questions(questions)
    for question in questions[:20]:
        retrieve(question, index=index)
    ask(questions[0], index=index)
    fresh = [open_index(index.folder.parent) for _ in range(5)]
    every = np.arange(index.manifest.passages, dtype=np.int64)
    source = next(iter(index.articles())).id
    return Searching(
        passages=index.manifest.passages,
        open_seconds=wall,
        open_cpu_seconds=cpu,
        retrieve_ms=median_ms(lambda question: retrieve(question, index=fresh[0]), questions),
        encode_ms=median_ms(lambda question: fresh[1].encode_questions([question]), questions),
        dense_ms=median_ms(lambda vector: index.dense(vector, DEPTH), vectors),
        exact_ms=median_ms(lambda vector: index.dense(vector, DEPTH, every), vectors[:20]),
        lexical_ms=median_ms(lambda question: index.lexical(question, DEPTH), questions),
        filtered_ms=median_ms(lambda question: retrieve(question, index=fresh[1], source=source), questions[:5]),
        recall_at_10=float(np.mean([recall_of_codes(index, vector, every) for vector in vectors[:40]])),
        answer_ms=median_ms(lambda question: ask(question, index=fresh[2]), questions[:ANSWERED]),
        judge_cpu_ms=_cpu_ms(lambda question: ask(question, index=fresh[3]), questions[:ANSWERED])
        - _cpu_ms(lambda question: retrieve(question, index=fresh[4]), questions[:ANSWERED]),
        own_memory=own_memory(),
        most_memory=most_memory(),
    )


def _cpu_ms(work: Callable[[str], object], questions: list[str]) -> float:
    """The mean of the milliseconds of all threads for a question."""
    started = time.process_time()
    for question in questions:
        work(question)
    return (time.process_time() - started) / len(questions) * 1000


def recall_of_codes(index: Index, vector: np.ndarray, every: np.ndarray) -> float:
    """The share of the ten nearest that a search finds; rows with the tenth's score count as found."""
    exact, found = index.dense(vector, 10, every), index.dense(vector, DEPTH)[:10]
    return sum(each.score >= exact[-1].score - 1e-6 for each in found) / len(exact)


if __name__ == "__main__":
    main()
