"""Words that were quoted earlier and today's index go in; where they stand now, and what changed, come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.errors import QuotedError
from index.opening import Index
from qa.verify import places_of

GONE = "the article is no longer in the index"
CHANGED = "the article has changed since: it no longer holds these words"
MOVED = "the article has changed since: these words stand elsewhere in it now"
RENAMED = "the article is now called"
REMEMBERED = 4096  # quotations of one generation


@dataclass(frozen=True)
class Today:
    """In which article earlier quoted words stand, and where they start, None where they stand nowhere.

    `note` tells what has changed, "" if nothing.
    """

    article: str
    start: int | None
    note: str = ""


# Takes the article's id, where the words started, the words, and the sha256 of the article's text, "" if unknown.
Aging = Callable[[str, int, str, str], Today]


def as_quoted(article: str, start: int, quote: str, digest: str = "") -> Today:
    """Words that stand where they stood."""
    return Today(article, start)


def aging(index: Callable[[], Index]) -> Aging:
    """Look words up in the newest index; where there is none, they are told as they were."""
    known: dict[tuple[str, int, str, str], Today] = {}
    of: object = None

    def today(article: str, start: int, quote: str, digest: str = "") -> Today:
        nonlocal known, of
        try:
            now = index()
        except QuotedError:
            return Today(article, start)
        # An index that was made anew may begin again with the same number.
        if of != (now.generation, now.manifest.built) or len(known) > REMEMBERED:
            known, of = {}, (now.generation, now.manifest.built)
        key, found = (article, start, quote, digest), known
        if key not in found:
            found[key] = _look_up(now, article, start, quote, digest)
        return found[key]

    return today


def _look_up(now: Index, article: str, start: int, quote: str, digest: str) -> Today:
    try:
        text = now.article(article).text
    except KeyError:
        twin = next((file.id for file in now.files() if digest and file.text_digest == digest), "")
        return Today(twin, start, f"{RENAMED} {twin}") if twin else Today(article, None, GONE)
    if text[start : start + len(quote)] == quote:
        return Today(article, start)
    places = list(places_of(text, quote))
    if not places:
        return Today(article, None, CHANGED)
    return Today(article, min(places, key=lambda place: abs(place - start)), MOVED)
