"""Question sets go in; how right answers are with each part and without it comes out, on the same passages read once.

python -m benchmarks.ablation DIR/newsqa DIR/squad2 … --most 100

A cell tells the shares of answerable questions whose first quotation, and any, holds a known answer, with refusal off,
and the AUC of the confidence of answerable and other questions. Of a set that stands in heldout.json beside it only the
held-out questions are asked. Questions are spread evenly over a set: nothing is drawn by chance.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from benchmarks.question_sets import BUILT, HERE, PROJECT, index_set, read_json, save, spread
from index import build_index, open_index
from index.filters import Filters
from index.opening import Index
from index.terminal import ProgressBar, say
from qa.anchoring import with_days
from qa.answer import Hit
from qa.confidence import confidence_of
from qa.evaluate import holds, load_questions
from qa.evaluation.curves import auc
from qa.evaluation.figures import Question
from qa.evidence.earlier import find
from qa.evidence.gathering import Gathered, gather
from qa.evidence.rarity import rarity_of, unnamed
from qa.evidence.weights import CONFIDENCE_WEIGHTS, FAILURE_WEIGHTS, WEIGHTS, Evidence, weighted
from qa.judge import (
    JUDGED_HITS,
    UNNAMED,
    WIDENED_HITS,
    Judgement,
    beside,
    in_order,
    judge,
    most_read,
)
from qa.query.conversation import Query, make_query
from qa.query.need import Need, need_of
from qa.quoting.composition import compose
from qa.retrieval import DEPTH, search

EVIDENCE = tuple(each.name for each in fields(Evidence))


@dataclass(frozen=True)
class Part:
    """What is left out: how hits are ranked, and what becomes of a kind of question's weights."""

    ranking: str = "fused"
    weights: Callable[[Evidence], Evidence] = lambda weights: weights
    fails_alike: bool = False  # whether "why did it fail" has no weights of its own
    joins: bool = True  # whether more than the best sentence is quoted
    misses_names: bool = True  # whether the confidence suffers where no article names what is asked about


def _without(*names: str) -> Part:
    return Part(weights=lambda weights: replace(weights, **dict.fromkeys(names, 0.0)))


def _alone(name: str) -> Part:
    others = [each for each in EVIDENCE if each != name]
    return Part(
        weights=lambda weights: replace(weights, **dict.fromkeys(others, 0.0)), fails_alike=True, misses_names=False
    )


PARTS = {
    "all": Part(),
    "dense retrieval alone": Part("dense"),
    "lexical retrieval alone": Part("lexical"),
    "without what was asked before": Part("alone"),
    "without the reader": _without("reads", "over_sure"),
    "without the sentence's cosine": _without("sentence_cosine"),
    "without the passage's cosine": _without("passage_cosine"),
    "without distance from the passage": _without("passage_far"),
    "without the question's words": _without("word_overlap"),
    "without cues of the kind of answer": _without("fits_kind", "misses_kind"),
    "without dates": _without("other_date", "on_date"),
    "without what no article names": Part(misses_names=False),
    "without names that a passage lacks": _without("missing_name"),
    "without notes about authors put behind": _without("author_note"),
    "without telling who says it": _without("other_speaker"),
    "without weights of their own for failures": Part(fails_alike=True),
    "without adverse and successful events": _without("adverse", "success"),
    "without what answered before": _without("same_article", "already_told"),
    "the reader alone": _alone("reads"),
    "the sentence's cosine alone": _alone("sentence_cosine"),
    "without composition: one sentence": Part(joins=False),
}


@dataclass(frozen=True)
class Asked:
    """A question, what it needs, and the evidence read for it: in each ranking of passages those that would be read."""

    question: Question
    need: Need
    gathered: dict[str, list[Gathered]]
    passages: int
    unnamed: float


@dataclass(frozen=True)
class Row:
    """The figures of one set without one part."""

    questions: int
    first: float
    any: float
    auc: float | None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", type=Path, metavar="SET", help="folders with corpus.jsonl and queries.jsonl")
    parser.add_argument("--most", type=int, default=100, help="at most about so many questions of a set")
    options = parser.parse_args()
    build_index(PROJECT / "seeds", BUILT / "seeds")
    asked = {"own": read_all(load_questions(HERE / "questions.jsonl"), open_index(BUILT / "seeds"))}
    for folder in options.sets:
        index_dir, questions = index_set(folder)
        asked[folder.name] = read_all(spread(list(_held_out(folder, questions)), options.most), open_index(index_dir))
    rows = {name: {of: figures(part, each) for of, each in asked.items()} for name, part in PARTS.items()}
    named = [f"{name} ({len(each)})" for name, each in asked.items()]
    say(f"| part | {' | '.join(named)} |")
    say("|---" * (len(named) + 1) + "|")
    for name, of_sets in rows.items():
        say(f"| {name} | {' | '.join(_shown(each) for each in of_sets.values())} |")
    return save(rows, "ablation")


def _held_out(folder: Path, questions: list[Question]) -> Iterator[Question]:
    file = folder.parent / "heldout.json"
    ids = read_json(file).get(folder.name) if file.exists() else None
    return (each for each in questions if ids is None or each.id in set(ids))


def read_all(questions: list[Question], index: Index) -> list[Asked]:
    """Read for every question the passages of every ranking."""
    progress = ProgressBar()
    asked = []
    for number, question in enumerate(questions, 1):
        asked.append(_read(question, index))
        progress("questions read", number, len(questions))
    progress.close()
    return asked


def _read(question: Question, index: Index) -> Asked:
    query = with_days(make_query(question.text, question.history, index), index)
    alone = with_days(make_query(question.text, (), index), index)
    need = need_of(query.known)
    found = search(query.text, 2 * DEPTH, index, Filters())
    hits = {
        "fused": find(query, most_read(query), index, Filters()),
        "dense": sorted((each for each in found if each.dense_rank), key=lambda each: each.dense_rank or 0),
        "lexical": sorted((each for each in found if each.lexical_rank), key=lambda each: each.lexical_rank or 0),
    }
    gathered = _gather(query, need, hits, index)
    if question.history:
        gathered["alone"] = _gather(alone, need, {"alone": find(alone, JUDGED_HITS, index, Filters())}, index)["alone"]
    return Asked(question, need, gathered, index.manifest.passages, unnamed(query, need, index))


def _gather(query: Query, need: Need, hits: dict[str, list[Hit]], index: Index) -> dict[str, list[Gathered]]:
    """Read each passage once, and hand out what was read to the rankings that would read it."""
    wanted = {name: each[: most_read(query)] for name, each in hits.items()}
    if need.of_failure:
        wanted = {name: [*each, *beside(each[:WIDENED_HITS], each, index)] for name, each in wanted.items()}
        judged = judge(query, hits["fused"] if "fused" in hits else hits["alone"], index).sentences
        wanted = {name: [*each, *beside([judged[0].hit], each, index)] for name, each in wanted.items()}
    places = {name: {_place(hit) for hit in each} for name, each in wanted.items()}
    read = list({_place(hit): hit for each in wanted.values() for hit in each}.values())
    gathered = gather(query, need, rarity_of(query.text, index), read, index)
    return {name: [each for each in gathered if _place(each.hit) in held] for name, held in places.items()}


def _place(hit: Hit) -> tuple[str, int]:
    return hit.passage.article.id, hit.passage.start


def figures(part: Part, asked: list[Asked]) -> Row:
    """Score, compose and compare every question without a part."""
    judged = [(each.question, _judge(part, each)) for each in asked]
    told = [_right(part, question, found) for question, found in judged if question.answerable and question.known]
    yes, no = (
        [found.confidence for question, found in judged if question.answerable is is_so] for is_so in (True, False)
    )
    return Row(len(asked), _share([each[0] for each in told]), _share([each[1] for each in told]), auc(yes, no))


def _judge(part: Part, asked: Asked) -> Judgement:
    plain = part.weights(WEIGHTS)
    weights = part.weights(FAILURE_WEIGHTS) if asked.need.of_failure and not part.fails_alike else plain
    gathered = asked.gathered.get(part.ranking, asked.gathered["fused"])
    scored = in_order(gathered, weights)
    of_confidence = part.weights(CONFIDENCE_WEIGHTS)
    best = max((weighted(of_confidence, each.evidence) for each in scored), default=0.0)
    best -= UNNAMED * asked.unnamed * part.misses_names
    return Judgement(asked.need, tuple(scored), confidence_of(best, asked.passages) if scored else 0.0)


def _right(part: Part, question: Question, judgement: Judgement) -> tuple[bool, bool]:
    """Whether the first quotation, and any, holds a known answer."""
    if part.joins:
        quotes = [(each.text, each.hit.passage.article.id) for each in compose(judgement)]
    else:
        quotes = [(each.text, each.hit.passage.article.id) for each in judgement.sentences[:1]]
    held = [any(holds(known, *quote) for known in question.known) for quote in quotes]
    return any(held[:1]), any(held)


def _share(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _shown(row: Row) -> str:
    return f"{row.first:.2f}, {row.any:.2f}, {'-' if row.auc is None else format(row.auc, '.2f')}"


if __name__ == "__main__":
    sys.exit(main())
