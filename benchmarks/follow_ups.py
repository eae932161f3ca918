"""Follow-ups with rewrites by people, and conversations over articles, go in; what our query is worth comes out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import ir_measures
from ir_measures import nDCG

from benchmarks.question_sets import index_set, read_lines, save, spread
from index import open_index
from index.filters import Filters
from index.opening import Index
from index.terminal import ProgressBar, note, say
from index.words import words
from qa.evaluate import earlier_turns
from qa.evaluation.figures import Question
from qa.evidence.earlier import find
from qa.query import conversation
from qa.query.conversation import Query, Turn, make_query, standing_alone
from qa.training.follow_ups import read_follow_ups

SWEPT = (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0)  # log odds
DEPTH = 40  # passages searched, so that ten articles are among them


@dataclass(frozen=True)
class Carrying:
    """What queries take over from the history, against what people's rewrites take over.

    `recall`: of the stems that rewrites took over, the share in our queries; `precision`: of the stems that ours added,
    the share that the rewrite holds; `changed`: the standalone questions to which ours added anything.
    """

    questions: int
    standalone: int
    recall: float
    precision: float
    changed: float


@dataclass(frozen=True)
class Searching:
    """nDCG@10 of articles for the last turn alone, with the words carried over, and with the hits of the talk too.

    `follow_ups` counts the queries that carry words.
    """

    questions: int
    follow_ups: int
    last_turn: float
    carried: float
    talk: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval", type=Path, metavar="DIR", help="folder that holds the sets followups and inscit")
    parser.add_argument("--most", type=int, default=0, help="at most so many questions of a set, spread evenly")
    parser.add_argument("--only", choices=("followups", "inscit"), help="measure one of the two")
    parser.add_argument("--sweep", action="store_true", help="how much is taken over as fewer, surer words are")
    options = parser.parse_args()
    if options.sweep:
        return sweep(options.eval / "followups" / "queries.jsonl", options.most)
    rows: dict[str, Carrying | Searching] = {}
    if options.only != "inscit":
        rows["followups"] = found = carrying(options.eval / "followups" / "queries.jsonl", options.most)
        say("| follow-ups held out | of them standalone | taken over | precision of added words | standalone changed |")
        say("|---" * 5 + "|")
        rates = " | ".join(f"{each:.3f}" for each in (found.recall, found.precision, found.changed))
        say(f"| {found.questions} | {found.standalone} | {rates} |\n")
    if options.only != "followups":
        rows["inscit"] = ranked = searching(options.eval / "inscit", options.most)
        say("| inscit: turns after the first | words carried | nDCG@10, last turn alone | with these | and the talk |")
        say("|---" * 5 + "|")
        rates = " | ".join(f"{each:.3f}" for each in (ranked.last_turn, ranked.carried, ranked.talk))
        say(f"| {ranked.questions} | {ranked.follow_ups} | {rates} |")
    return save(rows, "follow_ups")


def sweep(file: Path, most: int) -> int:
    """Try other log odds from which a word is taken over; "share at a precision" is read off these rows."""
    say("| from log odds | taken over | precision of added words | standalone changed |")
    say("|---" * 4 + "|")
    for odds in SWEPT:
        conversation.LEANS = odds
        found = carrying(file, most)
        say(f"| {odds} | {found.recall:.3f} | {found.precision:.3f} | {found.changed:.3f} |")
    return 0


def query_of(question: str, history: tuple[Turn, ...]) -> str:
    """What is searched for: the one place that knows how a query is made."""
    return make_query(question, history).text


def carrying(file: Path, most: int = 0) -> Carrying:
    """Compare our queries with the rewrites of the conversations that never train."""
    wanted = held = added = right = standalone = changed = 0
    asked = spread(list(held_out(file)), most)
    progress = ProgressBar()
    for number, (question, rewrite, history) in enumerate(asked, 1):
        typed, kept = set(words(question)), set(words(rewrite))
        ours = set(words(query_of(question, history))) - typed
        said = set(words(" ".join(text for turn in history for text in ([turn] if isinstance(turn, str) else turn))))
        taken = (kept - typed) & said
        wanted, held = wanted + len(taken), held + len(taken & ours)
        added, right = added + len(ours), right + len(ours & kept)
        standalone, changed = standalone + (kept == typed), changed + (kept == typed and bool(ours))
        progress("follow-ups read", number, len(asked))
    progress.close()
    rates = (_rate(held, wanted), _rate(right, added), _rate(changed, standalone))
    return Carrying(len(asked), standalone, *rates)


def held_out(file: Path) -> Iterator[tuple[str, str, tuple[Turn, ...]]]:
    """Question, rewrite and history of each follow-up that the training leaves out."""
    kept = [(each.question, each.turns[-1]) for each in read_follow_ups(file, held_out=True)]
    place = 0
    for value in read_lines(file):
        asked = [turn["text"] for turn in value["history"] if turn["speaker"] == "user"]
        if place < len(kept) and asked and kept[place] == (value["text"], asked[-1]):
            place += 1
            rewrite = value["rewrite"].removeprefix("Utterance: ")
            yield value["text"], rewrite, earlier_turns(value["history"])
    if place < len(kept):
        raise SystemExit(
            f"{file}: {len(kept) - place} held-out follow-ups were not found again; the split has changed."
        )


def searching(folder: Path, most: int = 0) -> Searching:
    """Search the articles of a set for the last turn alone and for our query."""
    index_dir, questions = index_set(folder)
    asked = spread([each for each in questions if each.history and each.relevant], most)
    index = open_index(index_dir)
    alone = {each.id: standing_alone(each.text) for each in asked}
    queries = {each.id: make_query(each.text, each.history) for each in asked}
    carried = {id: replace(query, before=None) for id, query in queries.items()}
    differing = sum(query.text != query.typed for query in queries.values())
    note(f"{len(asked)} turns after the first, {differing} of them with words of earlier turns")
    figures = (_ndcg(asked, each, index) for each in (alone, carried, queries))
    return Searching(len(asked), differing, *figures)


def _ndcg(asked: list[Question], queries: dict[str, Query], index: Index) -> float:
    qrels = [ir_measures.Qrel(each.id, article, 1) for each in asked for article in each.relevant]
    found = []
    progress = ProgressBar()
    for number, (id, query) in enumerate(queries.items(), 1):
        hits = find(query, DEPTH, index, Filters())
        articles = dict.fromkeys(hit.passage.article.id for hit in hits)
        found += [ir_measures.ScoredDoc(id, article, -rank) for rank, article in enumerate(articles)]
        progress("queries searched", number, len(queries))
    progress.close()
    return float(ir_measures.calc_aggregate([nDCG @ 10], qrels, found)[nDCG @ 10])


def _rate(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


if __name__ == "__main__":
    sys.exit(main())
