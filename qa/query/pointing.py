"""A question goes in; whether it points back at those before it comes out, and what "And Putin?" asks behind them."""

from __future__ import annotations

import re

from index.reading.names import CAPITAL
from index.words import words
from qa.query.need import MONTH, YEAR

OPENS_AS_FOLLOW_UP = re.compile(
    r"(?:and|but|so|then|also|what about|how about|why not|why so|how so|what else|who else|anything else|any other"
    r"|go on|really)\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers)\b", re.IGNORECASE)
POINTS_BACK = re.compile(
    r"\b(?:this|that|these|those|the same|the latter|the former)\W*$"
    r"|\b(?:the (?:day|week|month|year) (?:after|before)|(?:days?|weeks?|months?|years?) (?:later|earlier|before|after)"
    r"|the (?:next|following|same|previous) (?:day|week|month|year))\W*$"
    r"|^(?:(?:why|how|when|what|who|where) )?(?:is|are|was|were|do|does|did|can|could) (?:this|that|these|those)\b",
    re.IGNORECASE,
)
AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|might|must)"
# "How many people did it kill?", "Which country held it?": in a question of one clause nothing before such a pronoun is
# what it stands for.
FAR = re.compile(
    rf"\b{AUXILIARY} (?:it|they|he|she)\b"
    r"|(?<!that )\b(?:it|them|him|her)"
    r"(?=\W*$| (?:by|from|in|on|at|to|for|with|down|up|out|off|over|about|again|then)\b)",
    re.IGNORECASE,
)
OTHER_CLAUSE = re.compile(
    r"\b(?:and|or|but|after|before|when|while|because|that|who|which|whose|if|although|since|as|where|than|whether|how|why"
    r"|what)\b|[,;:]",
    re.IGNORECASE,
)
# "And Putin?", "What about the Kremlin?", "And in 2017?"
NO_NAME = "Why|When|Who|How|What|Where|Which|Yes|No|OK|Okay|Really|Thanks|I|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
NAME_WORD = rf"{CAPITAL}(?:[^\W\d_]|-|[’'](?!s\b))*"
NAME = rf"(?!(?:{NO_NAME})\b){NAME_WORD}(?: (?:of )?{NAME_WORD}){{0,3}}"
PLACED = (
    rf"(?P<place>(?i:in|on|at|for|by|from|with|near|to|of|about) )?(?P<whole>(?:the )?(?P<name>{NAME}|{YEAR.pattern}))"
)
NAMED = re.compile(rf"(?<=\w ){PLACED}(?!\w)(?! (?:and|or) {CAPITAL})")
SUBJECT = re.compile(rf"\b{AUXILIARY} $", re.IGNORECASE)
JOINED = re.compile(r"(?:and|or) $")  # "Obama and Putin" are two
NAMES_ONLY = re.compile(rf"(?i:and|or|but|what about|how about)(?i: what about| how about)? {PLACED}\W*$")
SHORT = 1  # a question of so few content words cannot stand alone after another one


def points_back(question: str) -> bool:
    """Whether a question cannot be understood without what was said before it."""
    if OPENS_AS_FOLLOW_UP.match(question) or POINTS_BACK.search(question) or len(words(question)) <= SHORT:
        return True
    pronoun = PRONOUN.search(question)  # "Why did Putin change his mind?" points at itself
    if pronoun is not None and len(words(question[: pronoun.start()])) <= SHORT:
        return True
    far, opening = FAR.search(question), question.find(" ") + 1
    names_its_own = any(map(str.isupper, question[opening:]))  # which "it" may be about as well
    return far is not None and not names_its_own and not OTHER_CLAUSE.search(question, opening, far.start())


def filled_in(question: str, before: str) -> str:
    """The question before with another name or year, where a question says no more than that; else the question.

    "And Putin?" behind "What did Obama say?" gives "What did Putin say?". Behind a question with two such names it is
    left, and a name "near Aleppo" gives way only to one "near Homs".
    """
    named = NAMES_ONLY.match(question)
    if named is None or re.search(rf"\b{re.escape(named['name'])}\b", before):
        return question
    others = [each for each in NAMED.finditer(before) if _kind(each) == _kind(named)]
    # "What did Obama say the Kremlin wanted?": it is Obama who is asked about.
    others = [each for each in others if SUBJECT.search(before[: each.start()])] or others
    if len(others) != 1 or JOINED.search(before[: others[0].start()]):
        return question
    part = "whole" if "name" in _kind(named) else "name"  # "the September truce" stays "the"
    return before[: others[0].start(part)] + named[part] + before[others[0].end(part) :]


def _kind(named: re.Match[str]) -> str:
    """A year, a month, or a name where it stands: only what is of one kind can stand in another's place."""
    name = named["name"]
    return "year" if YEAR.fullmatch(name) else "month" if MONTH.search(name) else f"{named['place'] or ''}name"
