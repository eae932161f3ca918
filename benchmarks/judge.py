"""Question sets whose passage is given go in; how often cosine, judge and both pick the right sentence comes out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.question_sets import read_json, read_lines, save, spread
from index.encode import load_encoder
from index.terminal import DONE, ProgressBar, note, say
from qa.evaluation.curves import auc
from qa.reader.passage_reader import ReadPassage, read_passages
from qa.training.examples import read_set

WEIGHTS = (5.0, 10.0, 20.0)  # of the cosine, added to the judge's log odds
SHORTLIST = 24  # lines of a web page that the judge reads, the nearest by cosine
BLOCK = 5  # of these read as one passage, in the order of the page

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Item:
    """A question over sentences, of which `right` answer; `block` are read as one passage, `shortlist` at most."""

    question: str
    heading: str
    sentences: list[str]
    right: list[bool]
    block: int
    shortlist: int


@dataclass(frozen=True)
class Scores:
    """What cosine and judge (log odds) give each sentence; the judge gives -inf to one that it did not read."""

    right: NDArray[np.bool_]
    cosine: Numbers
    odds: Numbers


Scoring = Callable[[Scores], Numbers]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval", type=Path, metavar="DIR", help="folder of the sets, with heldout.json")
    parser.add_argument("--most", type=int, default=0, help="at most so many questions of a set, spread evenly")
    parser.add_argument("--sets", nargs="+", default=list(READERS), choices=list(READERS), help="only these")
    options = parser.parse_args()
    held_out = read_json(options.eval / "heldout.json")
    ways = scorings()
    say("| figure | questions | " + " | ".join(ways) + " |\n" + "|---" * (len(ways) + 2) + "|")
    for name in options.sets:
        items = spread(list(READERS[name](options.eval / name, set(held_out.get(name, ())))), options.most)
        for figure, (scores, count) in figures_of(name, score(items, name)).items():
            values = {way: count(scores, scoring) for way, scoring in ways.items()}
            cells = ("-" if value is None else f"{value:.3f}" for value in values.values())
            say(f"| {name}: {figure} | {len(scores)} | " + " | ".join(cells) + " |")
            save({f"{name}: {figure}": {"questions": len(scores)} | values}, "judge")
    return DONE


def scorings() -> dict[str, Scoring]:
    """The ways of scoring that are compared."""
    both = {f"judge + {weight:g} x cosine": partial(_both, weight) for weight in WEIGHTS}
    return {"cosine": lambda each: each.cosine, "judge": lambda each: each.odds} | both


def _both(weight: float, scores: Scores) -> Numbers:
    return scores.odds + weight * scores.cosine


def paragraphs(folder: Path, held_out: set[str]) -> Iterator[Item]:
    """The held-out questions of squad2 and xquad, each over its paragraph."""
    others = {query["id"] for query in read_lines(folder / "queries.jsonl")} - held_out
    for each in read_set(folder, others):
        yield Item(each.question, each.title, each.sentences, each.answering, len(each.sentences), len(each.sentences))


def candidates(folder: Path, held_out: set[str]) -> Iterator[Item]:
    """The questions of trecqa, each over its candidates, which are sentences without a context; none ever trains."""
    texts = {document["id"]: document["text"] for document in read_lines(folder / "corpus.jsonl")}
    right = {line.split("\t")[1] for line in (folder / "qrels.tsv").read_text().splitlines()[1:]}
    for query in read_lines(folder / "queries.jsonl"):
        ids = query["candidates"]
        yield Item(query["text"], "", [texts[id] for id in ids], [id in right for id in ids], 1, len(ids))


def pages(folder: Path, held_out: set[str]) -> Iterator[Item]:
    """The held-out claims of wice that their page supports, over its lines; those of a supporting set are evidence."""
    documents = {document["id"]: document for document in read_lines(folder / "corpus.jsonl")}
    for query in read_lines(folder / "queries.jsonl"):
        page, evidence = documents[query["doc"]], {line for lines in query["supporting_sets"] for line in lines}
        lines = page["text"].split("\n")
        if query["id"] in held_out and query["answerable"]:
            right = [number in evidence for number in range(len(lines))]
            yield Item(query["text"], page["title"], lines, right, BLOCK, SHORTLIST)


READERS = {"squad2": paragraphs, "xquad": paragraphs, "trecqa_dev": candidates, "wice": pages}


def score(items: list[Item], name: str) -> list[Scores]:
    """Score every item by cosine and by the judge."""
    encoder, progress = load_encoder(), ProgressBar()
    found = []
    for number, item in enumerate(items, 1):
        asked = encoder.encode_questions([item.question])[0]
        cosine = (encoder.encode(item.sentences) @ asked).astype(np.float64)
        read = np.sort(np.argsort(-cosine, kind="stable")[: item.shortlist])
        odds = np.full(len(cosine), -np.inf)
        blocks = [tuple(item.sentences[place] for place in read[at : at + item.block])
                  for at in range(0, len(read), item.block)]  # fmt: skip
        readings = read_passages(item.question, [ReadPassage(item.heading, each) for each in blocks])
        odds[read] = np.concatenate([reading.odds for reading in readings])
        found.append(Scores(np.asarray(item.right), cosine, odds))
        progress(f"questions of {name}", number, len(items))
    progress.close()
    missed = sum(each.right.any() and not (each.right & np.isfinite(each.odds)).any() for each in found)
    if missed:
        note(f"{name}: the judge read none of the right lines of {missed} questions; they lie below the shortlist.")
    return found


def figures_of(name: str, scores: list[Scores]) -> dict[str, tuple[list[Scores], Callable[..., float | None]]]:
    """The figures that are told of a set: each its questions and how they are counted."""
    answered = [each for each in scores if each.right.any()]
    if name == "trecqa_dev":
        mixed = [each for each in answered if not each.right.all()]
        return {"MAP": (answered, mean_precision), "MAP, questions with right and wrong ones": (mixed, mean_precision)}
    if name == "wice":
        return {f"evidence line first, {SHORTLIST} lines read": (answered, first_right)}
    told: dict[str, tuple[list[Scores], Callable[..., float | None]]] = {
        "answer sentence first": (answered, first_right)
    }
    if len(answered) < len(scores):
        told["answerable AUC, best sentence"] = (scores, partial(answerable_auc, pool=np.max))
        told["answerable AUC, all sentences"] = (scores, partial(answerable_auc, pool=np.logaddexp.reduce))
    return told


def first_right(scores: list[Scores], scoring: Scoring) -> float | None:
    """The share of questions whose best sentence is right; of equal ones the first is taken."""
    hits = [bool(each.right[np.argmax(scoring(each))]) for each in scores]
    return sum(hits) / len(hits) if hits else None


def mean_precision(scores: list[Scores], scoring: Scoring) -> float | None:
    """Mean average precision; equal sentences stay in their order."""
    precisions = []
    for each in scores:
        ranked = each.right[np.argsort(-scoring(each), kind="stable")]
        ranks = np.flatnonzero(ranked) + 1
        precisions.append(float(np.mean(np.arange(1, len(ranks) + 1) / ranks)))
    return sum(precisions) / len(precisions) if precisions else None


def answerable_auc(scores: list[Scores], scoring: Scoring, pool: Callable[[Numbers], float]) -> float | None:
    """The chance that a passage that answers scores above one that does not; `pool` makes one score of sentences."""
    pooled = [(float(pool(scoring(each))), bool(each.right.any())) for each in scores]
    return auc([value for value, answers in pooled if answers], [value for value, answers in pooled if not answers])


if __name__ == "__main__":
    sys.exit(main())
