"""Quotations go in; which of them say the same in different articles, and which give different figures, comes out.

What says the same is told once and counted, so nothing may pass for the same that tells another number, day or name, or
says no where the other says yes: likeness of meaning alone sees no difference between "approved" and "rejected".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index.opening import Index
from index.reading.names import CAPITALISED
from index.words import words
from qa.evidence.naming import missing_names
from qa.query.counting import WRITTEN, value_of
from qa.query.need import MONTH, Need
from qa.quoting.composition import SAYS_RIGHT, Quotation

SAME = 0.8  # cosine from which sentences of two articles tell the same thing
SAME_ANSWER = 0.45  # the same where the words that answer are the same
AKIN = 0.6  # cosine from which they tell of the same thing, so that different figures are worth a remark
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
COUNTING = ("how_many", "when")
ASKS_FIGURE = re.compile(
    r"\b(?:what|which)\b.*\b(?:costs?|price|number|toll|share|rate|sum|amount|size|length|height"
    r"|weight|depth|width|distance|age|population|budget|salary|turnout|date|day|year|percentage|figures?)\b",
    re.IGNORECASE,
)
NUMBER_WORD = re.compile(rf"\b(?!one\b){WRITTEN}\b", re.IGNORECASE)
NAME = re.compile(rf"(?<![.!?:“\"] )(?<!^)(?<!^[“\"])\b{CAPITALISED}")
# What says that a figure or a name was another repeats none that says it was that.
CORRECTS = re.compile(
    rf"{SAYS_RIGHT.pattern}|\b(?:(?:was|were|is) (?:wrong|incorrect|mistaken)|incorrectly|wrongly|mistakenly"
    r"|in error|erroneous(?:ly)?|misstated|misspelt|misspelled|should (?:have|read)|corrected)\b",
    re.IGNORECASE,
)
DENIAL = re.compile(
    r"\b(?:not|no|never|nor|none|nobody|nothing|neither|without|hardly|cannot)\b|n['’]t\b", re.IGNORECASE
)
OPPOSITES = """
accept reject, accept refuse, accept decline, approve reject, approve refuse, agree disagree, agree refuse, allow ban,
allow forbid, allow prevent, permit forbid, confirm deny, admit deny, rise fall, rose fell, increase decrease,
increase reduce, grow shrink, gain lose, win lose, won lost, open close, opened shut, begin end, start stop, start end,
support oppose, back oppose, favour oppose, success failure, succeed fail, pass fail, hold collapse, better worse,
more less, more fewer, higher lower, above below, before after, early late, first last, always never, all none,
many few, strong weak, strengthen weaken, guilty innocent, convict acquit, arrive leave, enter leave, join leave,
buy sell, build destroy, alive dead, survive die, survive kill, safe dangerous, legal illegal, true false, right wrong,
possible impossible, likely unlikely, advance retreat, attack defend, trust distrust, praise criticise, hire dismiss,
appoint dismiss, import export, north south, east west, remain leave, keep abandon, continue stop, continue end,
war peace
"""


@dataclass(frozen=True)
class Relation:
    """How a quotation stands to those before it: the place, from 0, of the one that it repeats, and whether its figures
    differ from those of one before it from another article.
    """

    repeats: int | None = None
    differs: bool = False


@dataclass(frozen=True)
class _Told:
    """What a sentence tells: what must agree with another that says the same, its words that answer, their figures."""

    article: str
    text: str
    figures: frozenset[str]
    names: frozenset[str]
    stems: frozenset[str]
    is_denied: bool
    answer: tuple[str, ...]
    answering: frozenset[str]


def relate(question: str, need: Need, quotations: list[Quotation], marked: list[str], index: Index) -> list[Relation]:
    """Compare each quotation with those before it that come from other articles.

    `marked` are the words of each that answer: only their figures can differ as answers, and where they are the same,
    less likeness is enough.
    """
    if len({each.hit.passage.article.id for each in quotations}) < 2:
        return [Relation()] * len(quotations)
    vectors = index.encode([each.text for each in quotations])
    known = _figures(question)
    told = [_told(each, answer, known) for each, answer in zip(quotations, marked, strict=True)]
    counts = need.kind in COUNTING or bool(ASKS_FIGURE.search(question))
    lacking = [missing_names(question, [each.hit.passage]) if counts else () for each in quotations]
    # "When did the bridge collapse?": the day on which it was built does not differ from that.
    happened = (words(question) or [""])[-1] if need.kind == "when" else ""
    relations: list[Relation] = []
    for place, each in enumerate(told):
        likeness = {n: float(vectors[n] @ vectors[place]) for n in range(place) if told[n].article != each.article}
        same = [
            n for n, near in likeness.items() if relations[n].repeats is None and _says_the_same(told[n], each, near)
        ]
        differs = counts and any(
            near >= AKIN and lacking[n] == lacking[place] and _differ(told[n], each, happened)
            for n, near in likeness.items()
        )
        relations.append(Relation(max(same, key=lambda n: likeness[n], default=None), differs))
    return relations


def _told(quotation: Quotation, marked: str, known: frozenset[str]) -> _Told:
    text = quotation.text
    names, stems, denied = frozenset(NAME.findall(text)), frozenset(words(text)), bool(DENIAL.search(text))
    answer = tuple(marked.casefold().split())
    return _Told(
        quotation.hit.passage.article.id, text, _figures(text), names, stems, denied, answer, _figures(marked) - known
    )


def _figures(text: str) -> frozenset[str]:
    """The numbers of a text, also those in words, and its months."""
    spoken = {str(value_of(match[0])) for match in NUMBER_WORD.finditer(text)}
    return frozenset(FIGURE.findall(text)) | spoken | {match[0].casefold() for match in MONTH.finditer(text)}


def _says_the_same(one: _Told, other: _Told, near: float) -> bool:
    """Whether two sentences of this cosine tell the same; where the same words of them answer, less of it is enough."""
    needed = SAME_ANSWER if other.answer and one.answer == other.answer else SAME
    return near >= needed and _agree(one, other)


def _agree(one: _Told, other: _Told) -> bool:
    """Whether nothing that must agree differs; one of the two may tell more than the other."""
    apart = _each_has_own(one.figures, other.figures) or _each_has_own(one.names, other.names)
    own, others = one.stems - other.stems, other.stems - one.stems
    if bool(CORRECTS.search(one.text)) != bool(CORRECTS.search(other.text)):
        return False
    is_one_exchanged = len(own) == len(others) == 1  # "Kerry said …" and "Lavrov said …", else word for word the same
    return not (apart or one.is_denied != other.is_denied or is_one_exchanged or _opposed(own, others))


def _differ(one: _Told, other: _Told, happened: str) -> bool:
    """Whether each has a figure of its own for an answer, both of what `happened`, a stem, or neither."""
    return _each_has_own(one.answering, other.answering) and (happened in one.stems) == (happened in other.stems)


def _each_has_own(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one - other and other - one)


def _opposed(own: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one sentence has a word, and the other its opposite in its place."""
    return any((left in own and right in others) or (left in others and right in own) for left, right in _opposites())


@cache
def _opposites() -> tuple[tuple[str, str], ...]:
    pairs = (pair.split() for pair in OPPOSITES.split(","))
    return tuple((words(left)[0], words(right)[0]) for left, right in pairs if words(left) and words(right))
