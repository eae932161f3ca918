"""Question sets with whole paragraphs go in; examples for the judge, varied at every pass, come out."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

NEW_SENTENCE = re.compile(r"[.!?]['\"”’)\]]*(?:\[\d+\])*\s+(?=['\"“‘(\[]?[A-Z0-9])|\n+")
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|Gen|Col|Lt|Rep|Sen|Gov|Prof|Inc|Co|Ltd|vs|No|c|ca|e\.g|i\.e)|\b[A-Z](?:\.[A-Z])*)\.$"
)


CLAIM_LINES, CLAIM_RUNS = 5, 4  # lines of a web page read together, and runs of them at one pass


@dataclass(frozen=True)
class Example:
    """A question over the sentences of a passage; `answering` marks those that answer, `answers` the words that do."""

    question: str
    title: str
    sentences: list[str]
    answering: list[bool]
    answers: list[str]
    paragraph: str = ""


@dataclass(frozen=True)
class Claim:
    """A statement over the lines of a web page; `supporting` marks its evidence."""

    text: str
    title: str
    lines: list[str]
    supporting: list[bool]

    def blocks(self, rng: random.Random) -> list[Example]:
        """Runs of lines: one with evidence, where there is any, and others."""
        start = rng.randrange(CLAIM_LINES)
        cuts = [0, *range(start, len(self.lines), CLAIM_LINES), len(self.lines)]
        runs = [slice(first, last) for first, last in pairwise(cuts) if last > first]
        rng.shuffle(runs)
        runs.sort(key=lambda run: not any(self.supporting[run]))
        return [Example(self.text, self.title, self.lines[run], self.supporting[run], []) for run in runs[:CLAIM_RUNS]]


def read_set(folder: Path, held_out: set[str]) -> list[Example]:
    """Every question of a set that may train, over its whole paragraph."""
    documents = {document["id"]: document for document in _lines(folder / "corpus.jsonl")}
    texts = {key: sentences_of(document["text"]) for key, document in documents.items()}
    places = dict(line.split("\t")[:2] for line in (folder / "qrels.tsv").read_text().splitlines()[1:])
    found = []
    for query in _lines(folder / "queries.jsonl"):
        key = query.get("para") or places[query["id"]]
        if query["id"] not in held_out:
            marks = [query["answerable"] and holds(sentence, query["answers"]) for sentence in texts[key]]
            title = documents[key]["title"].replace("_", " ")
            found.append(Example(query["text"], title, texts[key], marks, query["answers"], key))
    return [example for example in found if any(example.answering) or not example.answers]


def sentences_of(text: str) -> list[str]:
    """Split a paragraph; deliberately simple, so that a change of the index's splitter does not change the judge."""
    found, start = [], 0
    for match in NEW_SENTENCE.finditer(text):
        if match.group()[0] == "." and ABBREVIATION.search(text[start : match.start() + 1]):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    return [sentence for sentence in [*found, text[start:].strip()] if sentence]


def holds(sentence: str, answers: list[str]) -> bool:
    """Whether a sentence holds one of the answers as whole words."""
    words = [" " + " ".join(re.findall(r"\w+", text.lower())) + " " for text in (sentence, *answers)]
    return any(each.strip() and each in words[0] for each in words[1:])


def read_claims(folder: Path, held_out: set[str]) -> list[Claim]:
    """Every claim that may train, with the lines of the web page that is to support it."""
    pages = {page["id"]: page for page in _lines(folder / "corpus.jsonl")}
    found = []
    for query in _lines(folder / "queries.jsonl"):
        page, evidence = pages[query["doc"]], {line for lines in query["supporting_sets"] for line in lines}
        lines = page["text"].split("\n")
        if query["id"] not in held_out and query["answerable"] == bool(evidence):
            found.append(Claim(query["text"], page["title"], lines, [n in evidence for n in range(len(lines))]))
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def nothing_in(example: Example, sentences: list[str]) -> Example:
    """The same question over sentences that do not answer it."""
    return replace(example, sentences=sentences, answering=[False] * len(sentences), answers=[])


class Views:
    """Varies an example at each pass: whole, a window, without its answer, or over another paragraph."""

    def __init__(self, examples: list[Example], rng: random.Random) -> None:
        self.examples, self.rng = examples, rng
        self.of_title: dict[str, list[Example]] = defaultdict(list)
        for example in examples:
            self.of_title[example.title].append(example)

    def vary(self, example: Example) -> Example:
        """One view of an example, in three of ten without its title."""
        draw, marks = self.rng.random(), example.answering
        view = example
        if draw < 0.1:
            view = self._elsewhere(example)
        elif draw < 0.18 and any(marks) and not all(marks):
            view = nothing_in(example, [s for s, mark in zip(example.sentences, marks, strict=True) if not mark])
        elif draw < 0.43 and len(marks) > 1:
            view = window(example, self.rng)
        return view if self.rng.random() < 0.7 else replace(view, title="")

    def _elsewhere(self, example: Example) -> Example:
        pool = self.of_title[example.title] if self.rng.random() < 0.7 else self.examples
        other = self.rng.choice(pool)
        if other.paragraph == example.paragraph or any(holds(each, example.answers) for each in other.sentences):
            return example
        return nothing_in(example, other.sentences)


def window(example: Example, rng: random.Random) -> Example:
    """A part of the passage that holds an answering sentence where there is one."""
    marks, length = example.answering, rng.randint(1, len(example.answering) - 1)
    anchor = rng.choice([place for place, mark in enumerate(marks) if mark] or list(range(len(marks))))
    start = rng.randint(max(0, anchor - length + 1), min(anchor, len(marks) - length))
    part = slice(start, start + length)
    return replace(example, sentences=example.sentences[part], answering=marks[part])
