"""Words that were quoted earlier and today's index go in; where they stand now, and what changed, come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from index.errors import QuotedError
from index.opening import Index
from qa.verify import Quoted, verify

GONE = "the article is no longer in the index"
CHANGED = "the article has changed since: it no longer holds these words"
MOVED = "the article has changed since: these words stand elsewhere in it now"
REMEMBERED = 4096  # quotations; those of the conversations that people look at


@dataclass(frozen=True)
class Today:
    """Where earlier quoted words start now, None where they stand nowhere; `note` tells what changed, "" if nothing."""

    start: int | None
    note: str = ""


# Takes the generation that words were quoted from, the article's id, where they started, the words.
Aging = Callable[[int, str, int, str], Today]


def as_quoted(generation: int, article: str, start: int, quote: str) -> Today:
    """Words that were quoted just now."""
    return Today(start)


def aging(index: Callable[[], Index]) -> Aging:
    """Look words up in the newest index; where there is none, they are told as they were."""

    def today(generation: int, article: str, start: int, quote: str) -> Today:
        try:
            now = index()
        except QuotedError:
            return Today(start)
        if generation == now.generation:
            return Today(start)
        return looked_up(now.generation, article, start, quote)

    @lru_cache(REMEMBERED)
    def looked_up(now: int, article: str, start: int, quote: str) -> Today:
        [found] = verify([Quoted(0, 0, article, start, start + len(quote), quote, "")], index())
        if found.standing == "gone":
            return Today(None, GONE)
        return Today(found.start, {"same": "", "moved": MOVED, "changed": CHANGED}[found.standing])

    return today
