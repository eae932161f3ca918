"""A query and an index go in, hits come out: what vectors and words find, fused by their scores, best first."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.filters import Filters
from index.opening import Index
from index.vectors import Ranked
from qa.answer import Hit
from qa.errors import BadQuestion
from qa.following import newest_index
from qa.query.conversation import MAX_QUESTION
from qa.query.parts import make_queries

DEPTH = 100  # rows taken from each of the two searches
DENSE_SHARE = 0.5  # of a hit's score, the rest is lexical; see "Fusion" in benchmarks/README.md
MAX_K = 1000
ISO_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


def retrieve(
    question: str,
    k: int = 10,
    index: Index | None = None,
    *,
    after: str = "",
    before: str = "",
    source: str = "",
    publishers: Sequence[str] = (),
    articles: Sequence[str] = (),
) -> list[Hit]:
    """Return at most `k` hits for a question that stands alone, best first; none only where no article may answer.

    Misspelt words are searched for as the articles spell them, as `ask` does.

        hits = retrieve("why did the September 2016 truce fail?", k=5)
        print(hits[0].passage.article.title, hits[0].passage.text)

    `index=None` uses the default index and follows its rebuilds. Raises BadQuestion.
    """
    check_question(question)
    check_k(k)
    filters = make_filters(after, before, source, publishers, articles)
    opened = newest_index(index)
    queries = make_queries(question, (), opened)
    return search(queries[0].text if len(queries) == 1 else question, k, opened, filters)


def make_filters(
    after: str | None,
    before: str | None,
    source: str | None,
    publishers: Sequence[str] | None = (),
    articles: Sequence[str] | None = (),
) -> Filters:
    """Return filters that can be searched with; None is none. Raises BadQuestion for no date, text or list of names."""
    after, before, source = after or "", before or "", source or ""
    publishers, articles = publishers or (), articles or ()
    for name, text in (("after", after), ("before", before), ("source", source)):
        if not isinstance(text, str):
            raise BadQuestion(f"“{name}” is a text, not {text!r}.")
    for name, chosen in (("publishers", publishers), ("articles", articles)):
        if isinstance(chosen, str) or not all(isinstance(each, str) for each in chosen):
            raise BadQuestion(f"“{name}” is a list of names, also for one.")
    check_filters(after, before)
    return Filters(after, before, source, tuple(publishers), tuple(articles))


def search(query: str, k: int, index: Index, filters: Filters) -> list[Hit]:
    """Search one opened index for a checked query. Raises BadQuestion where a filter is no date."""
    ids = _allowed(index, filters) if filters else None
    rows = index.rows_of(ids) if ids is not None else None
    if rows is not None and not len(rows):
        return []
    vector = index.encode_questions([query])[0]
    dense = index.dense(vector, max(DEPTH, k), rows)
    lexical = index.lexical(query, max(DEPTH, k), rows)
    cosines = {each.row: each.score for each in dense}
    unseen = [each.row for each in lexical if each.row not in cosines]
    cosines |= zip(unseen, index.cosines(vector, unseen), strict=True)
    return [
        Hit(index.passage(each.row, ids), each.score, each.dense_rank, each.lexical_rank, cosines[each.row])
        for each in fuse(dense, lexical, cosines, k)
    ]


@dataclass(frozen=True)
class Fused:
    """A row, its summed score, and its rank in each search, None where it was missed."""

    row: int
    score: float
    dense_rank: int | None
    lexical_rank: int | None


def fuse(dense: list[Ranked], lexical: list[Ranked], cosines: dict[int, float], k: int) -> list[Fused]:
    """Add up cosine and BM25, each as a share of the query's highest, and return the `k` best, best first.

    Equal sums come in the order of their rows. Such a convex combination ranks better than reciprocal ranks (Bruch, Gai
    and Ingber, ACM TOIS 2023). A row that the words did not find has no BM25.
    """
    nearness = _shares(cosines)
    by_words = _shares({ranked.row: ranked.score for ranked in lexical})
    scores = {row: DENSE_SHARE * near + (1 - DENSE_SHARE) * by_words.get(row, 0.0) for row, near in nearness.items()}
    dense_ranks = {ranked.row: rank for rank, ranked in enumerate(dense, 1)}
    lexical_ranks = {ranked.row: rank for rank, ranked in enumerate(lexical, 1)}
    best = sorted(scores, key=lambda row: (-scores[row], row))[:k]
    return [Fused(row, scores[row], dense_ranks.get(row), lexical_ranks.get(row)) for row in best]


def _shares(scores: dict[int, float]) -> dict[int, float]:
    """Scores as shares of the highest, which is 1; as they are where none is above 0."""
    highest = max(scores.values(), default=1.0)
    return {row: score / highest for row, score in scores.items()} if highest > 0 else scores


def _allowed(index: Index, filters: Filters) -> frozenset[str]:
    return index.ids(filters)


def _check_date(text: str) -> None:
    try:
        if text and not ISO_DATE.fullmatch(text):
            raise ValueError(text)
        if text:
            datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError as error:
        raise BadQuestion(f"{text[:40]!r} is no ISO date. Write a date as 2016-09-12, 2016-09 or 2016.") from error


def check_filters(after: str, before: str) -> None:
    """Raise BadQuestion where a filter is no date, or no day passes both."""
    _check_date(after)
    _check_date(before)
    if after and before and after > before and not after.startswith(before):
        raise BadQuestion(f"No day is both since {after} and until {before}. Exchange the two dates.")


def check_question(question: str) -> None:
    """Raise BadQuestion where a question is empty, too long or no text."""
    if not isinstance(question, str) or not question.strip():
        raise BadQuestion("The question is empty. Type a question.")
    if len(question) > MAX_QUESTION:
        raise BadQuestion(f"The question has {len(question)} characters; at most {MAX_QUESTION} are read. Shorten it.")
    try:
        question.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadQuestion("The question holds broken characters (lone surrogates). Type it again.") from error


def check_k(k: int) -> None:
    """Raise BadQuestion where `k` is no number of passages."""
    if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= MAX_K:
        raise BadQuestion(f"k is {k}; it must be from 1 to {MAX_K}.")
