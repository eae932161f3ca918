"""What was read without finding an answer goes in; what to say of it, and of what is missing, comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.filters import Filters
from index.opening import Index
from index.words import words
from qa.evidence.naming import TITLES
from qa.evidence.naming import WORD as NAME_WORD
from qa.evidence.rarity import tells_of_year
from qa.judge import Judgement
from qa.query.conversation import Query
from qa.query.need import JOINING, NAMELESS, YEAR, Kind
from qa.reader.passage_reader import is_common

NOT_FOUND = "The articles do not answer this question."
NO_ARTICLE = "No article passes the filters. Widen them, or clear them."
NO_DATE = "Articles without a date were left out."
MAX_NAMED = 4  # words of the question that a refusal names
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
NAME_OR_WORD = re.compile(rf"{NAME_WORD}(?: {NAME_WORD})+|{WORD.pattern}")  # "New York Times" is one
ASKED = "what is asked"
MISSING: dict[Kind, str] = {
    "how_many": "how much or how many", "when": "when", "who": "who", "where": "where", "why": "why", "how": "how",
    "view": "what is thought or said of it there",
}  # fmt: skip


def is_language(text: str, index: Index) -> bool:
    """Whether any word of a text is a common one, or one of the articles'."""
    return any(is_common(word) or _is_known(word, index) for word in WORD.findall(text))


def refuse(query: Query, judgement: Judgement, index: Index) -> str:
    """Say that nothing answers; what no article mentions; else what is not told.

    "The nearest passages mention “bombing” and “convoy”, but do not say how much or how many."
    """
    added = WORD.findall(query.text.removeprefix(query.known))  # of what was asked before, or a day
    named = list(dict.fromkeys(name for name in (*_names_in(query.known), *added) if _names_something(name)))
    unknown = [word for word in named if not _is_known(word, index) and not _is_of(word, index)]
    telling = [word for word in unknown if word[0].isupper() or word[0].isdigit() or query.is_topic]
    if telling:
        return f"{NOT_FOUND} They do not mention {_listed(telling)}."
    held = _held(named, judgement)
    if len(held) >= 2 and len(held) >= len(named) / 2:
        missing = MISSING.get(judgement.need.kind, ASKED)
        return f"{NOT_FOUND} The nearest passages mention {_listed(held)}, but do not say {missing}."
    return NOT_FOUND


def _names_in(text: str) -> Iterator[str]:
    """The words of a text, several with capital letters as one, without titles and the first word's capital letter."""
    for match in NAME_OR_WORD.finditer(TITLES.sub("", text)):
        first, _, others = match[0].partition(" ")
        yield others if others and (match.start() == 0 or not words(first)) else match[0]


def _names_something(word: str) -> bool:
    return len(word) > 2 and bool(words(word)) and word.casefold() not in NAMELESS | JOINING


def _is_known(word: str, index: Index) -> bool:
    stems = words(word)
    return bool(stems) and all(index.is_known(stem) for stem in stems)


def _is_of(word: str, index: Index) -> bool:
    """Whether an article is by somebody of that name, or tells of that year."""
    return bool(YEAR.fullmatch(word) and tells_of_year(word, index)) or bool(index.ids(Filters(source=word)))


def _held(named: list[str], judgement: Judgement) -> list[str]:
    """The words of the query that stand in the passage that holds most of them, of those read; the best comes first."""
    passages = dict.fromkeys(each.hit.passage for each in judgement.sentences)
    held: list[str] = []
    for passage in passages:
        here = set(words(f"{passage.heading} {passage.text}"))
        found = [word for word in named if here.issuperset(words(word))]
        held = found if len(found) > len(held) else held
    return held


def answers_in_part(missing: Sequence[str]) -> str:
    """Say that the quotations answer only in part: the names that they miss, the questions that they leave open."""
    names = [each for each in missing if not each.endswith("?")]
    questions = [each for each in missing if each.endswith("?")]
    told = [f"what is quoted does not mention {_listed(names)}"] if names else []
    if questions:
        told.append(f"they do not tell {_listed(questions)}")
    return f"The articles answer this only in part: {'; '.join(told)}."


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names[:MAX_NAMED]]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
