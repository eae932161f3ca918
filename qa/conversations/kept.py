"""The values of a kept conversation: its filters and turns, and its line in a list."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from index.filters import Filters


@dataclass(frozen=True)
class KeptTurn:
    """A question as asked, with its filters and the moment (ISO, UTC), and what came of it.

    `answer` is the JSON of the Answer, "" where there is none; `notice` says why, "" where it was stopped. `is_up` and
    `word` are what the reader said of it, None and "" where nothing.
    """

    id: str
    question: str
    as_typed: bool
    filters: Filters
    asked: str
    answer: str = ""
    notice: str = ""
    is_up: bool | None = None
    word: str = ""


@dataclass(frozen=True)
class KeptConversation:
    """A conversation with its turns, oldest first, and the filters for its next question."""

    id: str
    title: str
    filters: Filters
    turns: tuple[KeptTurn, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A conversation in a list: its title, else its first question; and whether any of its answers was judged."""

    id: str
    title: str
    is_judged: bool = False


def filters_json(filters: Filters) -> str:
    """Return filters as JSON."""
    return json.dumps(asdict(filters))


def filters_of(text: str) -> Filters:
    """Return the filters that `filters_json` wrote."""
    value = json.loads(text)
    value |= {name: tuple(each) for name, each in value.items() if isinstance(each, list)}
    return Filters(**value)
