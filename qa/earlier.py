"""A query goes in; what is found for it and the talk it belongs to, and which sentence answered before, come out."""

from __future__ import annotations

from dataclasses import replace

from index.opening import Index
from qa.answer import Hit
from qa.conversation import Before, Query
from qa.retrieval import Filters, reciprocal, search

TALK_HITS = 10  # that may answer by what was talked about: see "Follow-ups" in benchmarks/README.md


def find(query: Query, k: int, index: Index, filters: Filters) -> list[Hit]:
    """Return at most `k` hits, best first; in a conversation those of the question and of the whole talk are fused.

    The ranks and the cosine of a hit that only the talk has found are those of the talk.
    """
    hits = search(query.text, k, index, filters)
    if query.before is None:
        return hits
    # The newest comes first: what is too long for the encoder is cut behind.
    talk = " ".join([query.known, *reversed(query.before.asked)])
    return fuse(hits, search(talk, min(k, TALK_HITS), index, filters))[:k]


def fuse(*rankings: list[Hit]) -> list[Hit]:
    """Fuse rankings of one index by reciprocal rank, best first; equal sums come in the order of their places."""
    scores: dict[tuple[str, int], float] = {}
    found: dict[tuple[str, int], Hit] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, 1):
            place = (hit.passage.article.id, hit.passage.start)
            scores[place] = scores.get(place, 0.0) + reciprocal(rank)
            found.setdefault(place, hit)
    return [
        replace(found[place], score=scores[place]) for place in sorted(found, key=lambda each: (-scores[each], each))
    ]


def answered_before(before: Before, texts: list[str], cosines: list[float]) -> int | None:
    """The place of the sentence that answered the last question, by the texts and their cosines to that question.

    It is the first that the answer quotes, where the answer is known, and else the nearest; None where there is none.
    """
    if before.answer:
        quoted = [(before.answer.find(" ".join(text.split())), place) for place, text in enumerate(texts)]
        return min((each for each in quoted if each[0] >= 0), default=(0, None))[1]
    return max(range(len(texts)), key=lambda place: cosines[place], default=None)
