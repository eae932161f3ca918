"""A query goes in; how rare its words are, and how far a text, or the articles at all, hold them, comes out."""

from __future__ import annotations

import math
from collections.abc import Iterable

from index.filters import Filters
from index.opening import Index
from index.words import words
from qa.query.conversation import Query
from qa.query.failing import FAILURE
from qa.query.need import NAMELESS, TIMES, YEAR, Need, telling_words


def rarity_of(query: str, index: Index) -> dict[str, float]:
    """The weight of each word of the query: its inverse document frequency among the passages."""
    passages = index.manifest.passages
    return {term: math.log(1 + (passages + 1) / (index.frequency(term) + 0.5)) for term in set(words(query))}


def covered(rarity: dict[str, float], text: str) -> float:
    """The share, 0 to 1, of a query's words that a text holds, each weighted by its rarity; 1 for a query of none."""
    whole = sum(rarity.values())
    held = set(words(text))
    return sum(weight for term, weight in rarity.items() if term in held) / whole if whole else 1.0


def beside_failing(query: Query, rarity: dict[str, float]) -> dict[str, float]:
    """The words of a query without those that say that something failed, and those that join others."""
    named = set(telling_words(FAILURE.sub(" ", query.text)))
    return {term: weight for term, weight in rarity.items() if term in named}


def unnamed(query: Query, need: Need, index: Index) -> float:
    """The share of what a question asks about that no article names: of its years, or of why what failed, or how many.

    The one failure and the one number of the dead that a few articles tell of are read as answers about any other.
    Other kinds of questions are asked in other words than the articles' too often, and days may be told as others.
    """
    years = set(YEAR.findall(query.known))
    untold = _share(not tells_of_year(year, index) for year in years)
    if not need.of_failure and need.kind != "how_many":
        return untold
    nameless = words(" ".join([*NAMELESS, *(match[0] for match in TIMES.finditer(query.text))]))
    named = set(words(FAILURE.sub(" ", query.text))).difference(nameless)
    return max(untold, _share(not index.is_known(term) for term in named))


def tells_of_year(year: str, index: Index) -> bool:
    """Whether a passage names a year, or an article is of it, or of the next, which may call it the last."""
    return index.is_known(year) or bool(index.ids(Filters(after=year, before=str(int(year) + 1))))


def _share(values: Iterable[bool]) -> float:
    held = list(values)
    return sum(held) / len(held) if held else 0.0
