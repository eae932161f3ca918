"""A query goes in; what is found for it and the talk it belongs to, and which sentence answered before, come out."""

from __future__ import annotations

from dataclasses import replace

from index.filters import Filters
from index.opening import Index
from index.words import words
from qa.answer import Hit
from qa.query.conversation import Before, Query
from qa.retrieval import search

# Of a question's own hits so many stay in front, where it does not lean on what was said before and where it does: see
# "Follow-ups" in benchmarks/README.md.
OWN_HITS = {False: 6, True: 3}
TALK_HITS = 10


def find(query: Query, k: int, index: Index, filters: Filters) -> list[Hit]:
    """Return at most `k` hits, best first; in a conversation those of the whole talk follow the question's first ones.

    The ranks and the cosine of a hit that only the talk has found are those of the talk.
    """
    hits = search(query.text, k, index, filters)
    if query.before is None:
        return hits
    # The newest comes first: what is too long for the encoder is cut behind.
    talk = " ".join([query.known, *reversed(query.before.asked)])
    own = OWN_HITS[len(query.read) > 1]
    return in_turn(hits[:own], search(talk, min(k, TALK_HITS), index, filters), hits[own:])[:k]


def in_turn(*rankings: list[Hit]) -> list[Hit]:
    """Put rankings one behind the other, each passage where it comes first; scores are 1 / rank."""
    found: dict[tuple[str, int], Hit] = {}
    for hit in (hit for ranking in rankings for hit in ranking):
        found.setdefault((hit.passage.article.id, hit.passage.start), hit)
    return [replace(hit, score=1 / rank) for rank, hit in enumerate(found.values(), 1)]


def is_asked_again(query: Query) -> bool:
    """Whether a question is the last one once more: what answered it then answers it now."""
    return query.before is not None and set(words(query.known)) == set(words(query.before.asked[-1]))


def answered_before(before: Before, texts: list[str], cosines: list[float]) -> int | None:
    """The place of the sentence that answered the last question; None where there is none.

    It is the first that the answer quotes, where the answer is known; else the nearest to that question by the cosines,
    which are looked at only then.
    """
    if before.answer:
        quoted = [(before.answer.find(" ".join(text.split())), place) for place, text in enumerate(texts)]
        return min((each for each in quoted if each[0] >= 0), default=(0, None))[1]
    return max(range(len(texts)), key=lambda place: cosines[place], default=None)
