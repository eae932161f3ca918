"""Held-out questions over their paragraphs go in; how well the words that are marked are those people gave comes out.

python -m benchmarks.words DIR [--sets squad2 xquad] [--most N]

The sentence that answers is given; the words that the reader finds in it are compared with each known answer, and the
best F1 of their words counts, without articles (Rajpurkar et al., 2016).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.question_sets import read_json, read_lines, save, spread
from index.terminal import ProgressBar, say
from qa.query.need import Kind, need_of
from qa.quoting.marking import SURE
from qa.reader.passage_reader import ReadPassage, characters, read_passages
from qa.training.examples import Example, read_set

ARTICLES = {"a", "an", "the"}


@dataclass(frozen=True)
class Found:
    """One question: its kind, the F1 of the words found, and whether they are sure enough to be marked."""

    kind: Kind
    f1: float
    is_marked: bool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval", type=Path, metavar="DIR", help="folder of the sets, with heldout.json")
    parser.add_argument("--sets", nargs="+", default=["squad2", "xquad"])
    parser.add_argument("--most", type=int, default=0, help="at most so many questions of a set, spread evenly")
    options = parser.parse_args()
    held_out = read_json(options.eval / "heldout.json")
    say("| set, kind | questions | marked | F1 of marked | F1 of all |\n|---|---|---|---|---|")
    for name in options.sets:
        others = {query["id"] for query in read_lines(options.eval / name / "queries.jsonl")} - set(held_out[name])
        known = [each for each in read_set(options.eval / name, others) if any(each.answering) and each.answers]
        report(name, find_all(spread(known, options.most)))
    return 0


def find_all(examples: list[Example]) -> list[Found]:
    """Find the words of every question that a sentence or two can answer."""
    progress, found = ProgressBar(), []
    for number, example in enumerate(examples, 1):
        need = need_of(example.question)
        if not need.is_long:
            found.append(_find(example, need.kind))
        progress("questions read", number, len(examples))
    progress.close()
    return found


def _find(example: Example, kind: Kind) -> Found:
    place = example.answering.index(True)
    passage = ReadPassage(example.title, tuple(example.sentences))
    words = read_passages(example.question, [passage])[0].words[place]
    if words is None:
        return Found(kind, 0.0, False)
    span = characters(example.sentences[place], words)
    text = example.sentences[place][span.start : span.end]
    return Found(kind, max(f1(text, answer) for answer in example.answers), words.odds >= SURE)


def f1(one: str, other: str) -> float:
    """The harmonic mean of the shares of either text's words that the other holds."""
    left, right = (Counter(re.findall(r"\w+", text.casefold())) for text in (one, other))
    for word in ARTICLES:
        del left[word], right[word]
    return 2 * (left & right).total() / max(1, left.total() + right.total())


def report(name: str, found: list[Found]) -> None:
    """Print and save a row for all kinds together and one for each."""
    for kind in ["all", *sorted({each.kind for each in found})]:
        of_kind = [each for each in found if kind in ("all", each.kind)]
        marked = [each.f1 for each in of_kind if each.is_marked]
        values = [len(of_kind), len(marked), mean(marked), mean([each.f1 for each in of_kind])]
        say(f"| {name}, {kind} | {values[0]} | {values[1]} | {values[2]:.2f} | {values[3]:.2f} |")
        save({f"{name}, {kind}": values}, "words")


def mean(values: list[float]) -> float:
    """The mean, 0 of none."""
    return sum(values) / max(1, len(values))


if __name__ == "__main__":
    sys.exit(main())
