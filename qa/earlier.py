"""What was asked before goes in; what is found for the whole talk, and the sentence that answered last, come out."""

from __future__ import annotations

from dataclasses import replace

from index.opening import Index
from qa.answer import Hit
from qa.conversation import Before
from qa.retrieval import Filters, reciprocal, search

TALK_HITS = 10  # that may answer by what was talked about: see "Follow-ups" in benchmarks/README.md


def with_talk(hits: list[Hit], question: str, before: Before, index: Index, filters: Filters) -> list[Hit]:
    """Fuse a question's hits with those of it and the questions before together, best first; as many as there were.

    The ranks and the cosine of a hit that only the talk has found are those of the talk.
    """
    # The newest comes first: what is too long for the encoder is cut behind.
    talk = search(" ".join([question, *reversed(before.asked)]), TALK_HITS, index, filters)
    scores: dict[tuple[str, int], float] = {}
    found: dict[tuple[str, int], Hit] = {}
    for ranking in (hits, talk):
        for rank, hit in enumerate(ranking, 1):
            place = (hit.passage.article.id, hit.passage.start)
            scores[place] = scores.get(place, 0.0) + reciprocal(rank)
            found.setdefault(place, hit)
    best = sorted(found, key=lambda place: (-scores[place], place))[: max(len(hits), len(talk))]
    return [replace(found[place], score=scores[place]) for place in best]


def answered_before(before: Before, texts: list[str], cosines: list[float]) -> int | None:
    """The place of the sentence that answered the last question, by the texts and their cosines to that question.

    It is the first that the answer quotes, where the answer is known, and else the nearest; None where there is none.
    """
    if before.answer:
        quoted = [(before.answer.find(" ".join(text.split())), place) for place, text in enumerate(texts)]
        return min((each for each in quoted if each[0] >= 0), default=(0, None))[1]
    return max(range(len(texts)), key=lambda place: cosines[place], default=None)
