"""A question goes in; the questions that it joins come out, each of which is searched and judged on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.opening import Index
from qa.query.conversation import Before, Query, Turn, make_query

MAX_PARTS = 3  # each costs as much as a question
MIN_WORDS = 3  # of a part: "when and where was it?" is one question
VERB = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)"
MEASURE = r"(?:many|much|long|far|often|old|tall|high|big|large|deep|fast|soon|likely)"
# Behind "and", words that ask may only continue a clause ("tell me how it began and why it ended"): what follows tells.
ASKS = rf"(?:(?:when|where|why|how) {VERB}|how {MEASURE}|who|what|which)\b"
JOINED = re.compile(rf",? (?:and|or) (?={ASKS})|(?<=\?) (?={ASKS})", re.IGNORECASE)
OPENS = re.compile(
    rf"(?:(?:and|or|so|but) )?(?:(?:in|at|on|from|to|by) )?(?:when|where|why|how|who|whom|whose|what|which|{VERB})\b",
    re.IGNORECASE,
)


def parts_of(question: str) -> tuple[str, ...]:
    """The questions that a question joins, in their order; the question itself where it is one.

    "When was the bridge closed, and how many people used it?" gives "When was the bridge closed" and "how many people
    used it?"
    """
    typed = " ".join(question.split())
    parts = JOINED.split(typed)
    whole = len(parts) > MAX_PARTS or any(len(each.split()) < MIN_WORDS for each in parts)
    return (typed,) if whole or not all(map(OPENS.match, parts)) else tuple(parts)


def make_queries(question: str, history: Sequence[Turn], index: Index | None) -> list[Query]:
    """One query for each part of a question; the later ones are searched and read together with the first one."""
    first, *others = parts_of(question)
    query = make_query(first, history, index)
    leans = len(query.read) > 1  # on the talk; what does not, keeps the talk from the parts after it too
    talk = [*history, first] if leans else [first]
    return [query, *(_after(first, each, talk, index) for each in others)]


def _after(first: str, part: str, talk: Sequence[Turn], index: Index | None) -> Query:
    query = make_query(part, talk, index)
    # "How many died?" behind "When was the convoy bombed" names nothing of its own, and one sentence may tell both.
    return replace(query, read=(f"{first} {query.known}", query.known), before=Before((first,), ""), is_part=True)
