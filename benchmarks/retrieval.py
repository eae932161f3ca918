"""Question sets go in; nDCG@10 of dense, lexical and fused retrieval comes out, with and without headings.

python -m benchmarks.retrieval DIR … [--tokens N …]     passages embedded for this, in memory
python -m benchmarks.retrieval DIR … --built            indexed and searched by the program, and what its codes find
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import nDCG

from benchmarks.question_sets import index_set, spread
from benchmarks.searching import recall_of_codes
from index import open_index
from index import split as splitting
from index.article import Article, Passage
from index.encode import load_encoder
from index.filters import Filters
from index.terminal import say
from index.vectors import Ranked
from index.words import WordIndex, WordIndexWriter
from qa.answer import Hit
from qa.retrieval import fuse, search

DEPTH = 100
RRF_K = 10  # was never below 60 on these sets
Ranking = list[int]


@dataclass(frozen=True)
class Set:
    """Articles, questions and qrels of one folder."""

    articles: list[Article]
    questions: dict[str, str]
    qrels: list[ir_measures.Qrel]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--built", action="store_true", help="search indexes, which are built where they are missing")
    parser.add_argument("--tokens", nargs="*", type=int, default=[splitting.PASSAGE_TOKENS], help="passage lengths")
    parser.add_argument("--most", type=int, default=600, help="at most so many questions")
    options = parser.parse_args()
    if options.built:
        say("| set | passages | questions | dense | lexical | reciprocal ranks | fused | recall@10 of the codes |")
        say("|---" * 8 + "|")
        for folder in options.sets:
            say(built_row(folder, options.most))
        return
    say("| set | tokens | headings | passages | dense | lexical | reciprocal ranks | fused |")
    say("|---" * 8 + "|")
    for folder in options.sets:
        known = load(folder, options.most)
        for tokens in options.tokens:
            splitting.PASSAGE_TOKENS = tokens
            for headings in (False, True):
                say(row(folder.name, known, tokens, headings))


def load(folder: Path, most: int) -> Set:
    documents = [json.loads(line) for line in (folder / "corpus.jsonl").read_text().splitlines()]
    lines = [line.split("\t") for line in (folder / "qrels.tsv").read_text().splitlines()[1:]]
    asked = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    relevant = {id for id, _, _ in lines}
    questions = {q["id"]: q["text"] for q in asked if q["id"] in relevant and q["type"] != "underspecified"}
    kept = dict(list(questions.items())[:most])
    articles = [Article(each["id"], each["text"].strip() or "-", each["title"]) for each in documents]
    return Set(articles, kept, [ir_measures.Qrel(id, doc, int(rel)) for id, doc, rel in lines if id in kept])


def row(name: str, known: Set, tokens: int, headings: bool) -> str:
    encoder = load_encoder()
    passages = [passage for article in known.articles for passage in splitting.split(article, encoder.count)]
    vectors = encoder.encode([f"{each.heading}\n{each.text}" if headings else each.text for each in passages])
    asked = encoder.encode_questions(list(known.questions.values()))
    words = word_index(passages, headings)
    runs: dict[str, list[Ranking]] = {id: [] for id in known.questions}
    for (id, text), vector in zip(known.questions.items(), asked, strict=True):
        cosines = vectors @ vector
        dense = [Ranked(int(number), float(cosines[number])) for number in np.argsort(-cosines)[:DEPTH]]
        lexical = words.search(text, DEPTH)
        near = {each.row: float(cosines[each.row]) for each in (*dense, *lexical)}
        fused = fuse(dense, lexical, near, len(near))
        by_ranks = sorted(fused, key=lambda each: -reciprocal(each.dense_rank) - reciprocal(each.lexical_rank))
        runs[id] = [[each.row for each in ranking] for ranking in (dense, lexical, by_ranks, fused)]
    ways = ({id: each[way] for id, each in runs.items()} for way in range(4))
    scores = " | ".join(f"{score(known, passages, way):.3f}" for way in ways)
    return f"| {name} | {tokens} | {'yes' if headings else 'no'} | {len(passages)} | {scores} |"


def built_row(folder: Path, most: int) -> str:
    """What an index of the set finds: articles in the order of their best passage, by each search and by both."""
    index_dir, questions = index_set(folder)
    index = open_index(index_dir)
    asked = spread([each for each in questions if each.relevant and each.kind != "underspecified"], most)
    hits = {each.id: search(each.text, 2 * DEPTH, index, Filters()) for each in asked}
    qrels = [ir_measures.Qrel(each.id, name, 1) for each in asked for name in each.relevant]
    orders: tuple[Callable[[Hit], float | None], ...] = (
        lambda hit: hit.dense_rank,
        lambda hit: hit.lexical_rank,
        lambda hit: -reciprocal(hit.dense_rank) - reciprocal(hit.lexical_rank),
        lambda hit: -hit.score,
    )
    found = ({id: _articles(of, order) for id, of in hits.items()} for order in orders)
    scores = " | ".join(f"{_ndcg(qrels, each):.3f}" for each in found)
    every = np.arange(index.manifest.passages, dtype=np.int64)
    vectors = index.encode_questions([each.text for each in asked])
    recall = np.mean([recall_of_codes(index, vector, every) for vector in vectors])
    return f"| {folder.name} | {len(every):,} | {len(asked)} | {scores} | {recall:.4f} |"


def _articles(hits: list[Hit], order: Callable[[Hit], float | None]) -> list[str]:
    """The articles of the hits that a search has found, in its order."""
    ranked = sorted((rank, hit.passage.article.id) for hit in hits if (rank := order(hit)) is not None)
    return list(dict.fromkeys(name for _, name in ranked))


def word_index(passages: list[Passage], headings: bool) -> WordIndex:
    folder = Path(tempfile.mkdtemp()) / "words"
    writer = WordIndexWriter(folder)
    for number, passage in enumerate(passages):
        writer.add(number, passage.text, passage.heading if headings else "")
    writer.finish()
    return WordIndex(folder)


def reciprocal(rank: int | None) -> float:
    """What a rank adds where reciprocal ranks are fused (Cormack, Clarke and Büttcher, SIGIR 2009)."""
    return 0.0 if rank is None else 1 / (RRF_K + rank)


def score(known: Set, passages: list[Passage], rankings: dict[str, Ranking]) -> float:
    named = {id: list(dict.fromkeys(passages[number].article.id for number in each)) for id, each in rankings.items()}
    return _ndcg(known.qrels, named)


def _ndcg(qrels: list[ir_measures.Qrel], found: dict[str, list[str]]) -> float:
    told = [ir_measures.ScoredDoc(id, name, -rank) for id, names in found.items() for rank, name in enumerate(names)]
    return float(ir_measures.calc_aggregate([nDCG @ 10], qrels, told)[nDCG @ 10])


if __name__ == "__main__":
    main()
