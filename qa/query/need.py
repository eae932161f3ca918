"""A question goes in, the kind of answer it needs comes out, and how far a sentence looks like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.reading.datestamp import MONTH_NAMES
from index.reading.names import CAPITALISED
from index.words import words
from qa.query.counting import WRITTEN
from qa.query.dates import A_YEAR, OTHER_MONTHS, SEASONS
from qa.query.failing import asked_plainly, asks_why_it_failed, tells_why_it_failed
from qa.query.measures import asks_number, unit_asked

Kind = Literal["why", "how", "when", "how_many", "who", "where", "list", "view", "fact"]

# The first pattern that matches names the kind.
PATTERNS: dict[Kind, str] = {
    "why": r"why|what (?:caused|causes|went wrong|led to|explains|made|prompted|triggered|sparked|set off|pushed|drove)"
    r"|what (?:is|was|were|are|lay|lies) behind|reasons?|how come|for what reason|on what grounds",
    "view": r"thinks?|believes?|argues?|views?|opinion|says? about|opposed|position|critici[sz]e|attitude|according to",
    "list": r"which .*(?:countries|groups|people|states|parties|reasons|steps|areas)|list|name the"
    r"|what (?:are|were) the|what (?:points|issues|steps|measures|differences|demands|conditions|recommendations)"
    r"|what (?:do|does|did) .*(?:demand|recommend|propose|call for|ask for)",
    "how_many": r"how (?:many|much|long|old|far|often|large|big|tall)|what (?:number|share|percentage)|death toll",
    "when": r"when|(?:what|which) (?:date|day|year|month)",
    "where": r"where|(?:what|which) (?:city|country|place|town)",
    "who": r"who|whom|whose|which (?:person|minister|president|politician|author)",
    "how": r"how|in what way",
}
KINDS = tuple((kind, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for kind, pattern in PATTERNS.items())

# "What did she say when she met him?" does not ask when; "What was the day when they met?" does, and who knows when.
CLAUSE = re.compile(
    r"^(\W*(?:what|which|why|how|who|whom|whose|where|when)\b.*?(?P<last>\w+)) (?:when|where|while)"
    r" (?!(?:is|are|was|were|do|does|did|has|have|had|can|will|would)\b).*",
    re.IGNORECASE | re.DOTALL,
)
ASKS_ON = re.compile(
    r"and|or|about|of|dates?|days?|years?|months?|times?|moments?|places?|spots?|cit(?:y|ies)|countr(?:y|ies)|towns?"
    r"|kn[eo]ws?|known",
    re.IGNORECASE,
)

LONG_KINDS: frozenset[Kind] = frozenset({"why", "how", "list", "view"})

SEASON_OF = {
    season: {MONTH_NAMES[(begins - 1 + n) % 12].casefold() for n in range(3)} for season, begins in SEASONS.items()
}
ANY_MONTH = "|".join(MONTH_NAMES)
YEAR = re.compile(rf"\b({A_YEAR})\b")
# "may" is a month, and "fall" a season, only where they plainly are.
MONTH = re.compile(rf"\b(?:(?i:{OTHER_MONTHS})|May)\b")
SEASON = re.compile(r"\b(spring|summer|autumn|fall(?= of)|winter)\b", re.IGNORECASE)
TIMES = re.compile(f"{YEAR.pattern}|{MONTH.pattern}|{SEASON.pattern}", re.IGNORECASE)
NUMBER = re.compile(
    rf"\d|\b(?:(?!one\b){WRITTEN}|hundred|thousand|million|billion|dozen|half|once|twice)\b", re.IGNORECASE
)
DATE = re.compile(rf"\b(?:\d{{1,2}} (?:{ANY_MONTH})|(?:{ANY_MONTH}) \d{{1,4}}|{A_YEAR})\b", re.IGNORECASE)
TIME = re.compile(
    r"\d|\b(?:days?|weeks?|months?|years?|century|morning|evening|night|noon|today|yesterday|tomorrow|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
NAME = re.compile(rf"(?<![.!?“\"] )(?<!^)\b{CAPITALISED}")
CAUSE = re.compile(
    r"\b(because|due to|owing to|since|as a result|result of|led to|caused|therefore|thus|so that|in order to|reason"
    r"|driven by|thanks to|citing|blam\w+|after|made it|delayed by|in response|for fear|wanted?|wish)\b",
    re.IGNORECASE,
)
# Words of a question that name nothing of its matter, beside those that are not searched for.
NAMELESS = frozenset(
    ("many", "much", "long", "often", "far", "old", "people", "person", "name", "kind", "after", "before", "since",
     "start", "started", "begin", "began", "cause", "caused", "happen", "happened", "toll", "number", "percentage",
     "prompted", "triggered", "sparked", "pushed", "drove", "persuaded", "killed", "behind")
)  # fmt: skip
# Words that a question needs to join others, and that need not stand in what answers it.
JOINING = frozenset(("between", "among", "against", "during", "without", "within", "until", "while", "because"))
VIEW = re.compile(
    r"\b(argu\w*|think\w*|thought|believ\w*|say\w*|said|warn\w*|call\w*|claim\w*|hold\w*|held|in (?:his|her|their) view"
    r"|regard\w*|see[ns]?|insist\w*|maintain\w*|critici[sz]\w*|conclud\w*|doubt\w*|according to|writes?|view\w*"
    r"|expect\w*)\b",
    re.IGNORECASE,
)
# “Who will pay?” she asked.
QUESTION = re.compile(
    r"\?[!?]*[”\"'’)]*$|\?[”\"'’] (?:(?:\w+ ){1,3}(?:asked|wondered)|(?:asked|wondered)(?: \w+){1,3})\.$"
)
# Is it so clear, as the envoy said, that it “needs no comment”? Such a question tells what somebody said.
TELLS = re.compile(
    r"(?=.*[“\"]\w[^”\"?]{8,}[”\"]).*\bas\b[^,;:—–]{2,40}\b"
    r"(?:told|said|says|put|called|characteri[sz]ed|described|claimed|argued|wrote|promised)\b",
    re.IGNORECASE | re.DOTALL,
)
OF_KIND: dict[Kind, re.Pattern[str]] = {"why": CAUSE, "view": VIEW, "who": NAME, "where": NAME}


@dataclass(frozen=True)
class Need:
    """What a question asks for: its kind, whether it asks why something failed, the dates that it names, and the unit
    that tells what it asks for, None for any."""

    kind: Kind
    of_failure: bool
    dates: frozenset[str]
    unit: re.Pattern[str] | None = None

    @property
    def is_long(self) -> bool:
        """Whether a full answer takes several sentences."""
        return self.kind in LONG_KINDS


def need_of(question: str) -> Need:
    """Tell what a question asks for, from its words alone."""
    question = asked_plainly(question)  # which is not done yet where exactly what was typed is searched for
    fallback: Kind = "how_many" if asks_number(question) else "fact"
    clause = CLAUSE.match(question)
    asked = clause[1] if clause and not ASKS_ON.fullmatch(clause["last"]) else question
    kind: Kind = next((kind for kind, pattern in KINDS if pattern.search(asked)), fallback)
    unit = unit_asked(question) if kind in ("how_many", "fact") else None
    return Need(kind, kind == "why" and asks_why_it_failed(question), dates_in(question), unit)


def dates_in(text: str) -> frozenset[str]:
    """The years and months that a text names; a season stands for its months."""
    named = {match[0] for match in YEAR.finditer(text)} | {match[0].lower() for match in MONTH.finditer(text)}
    for match in SEASON.finditer(text):
        named |= SEASON_OF[match[0].lower()]
    return frozenset(named)


def disagrees(asked: frozenset[str], told: frozenset[str]) -> bool:
    """Tell whether a text names other years, or other months, than those asked for, and none of the same."""
    for wanted, named in ((years(asked), years(told)), (_months(asked), _months(told))):
        if wanted and named and not wanted & named:
            return True
    return False


def cues(need: Need, sentence: str) -> int:
    """Whether a sentence looks like the kind of answer that is needed: 1 it does, 0 nothing tells, -1 it cannot be.

    2 where it is asked why something failed, and the sentence says so.
    """
    if need.of_failure:
        return tells_why_it_failed(sentence)
    if need.unit:
        return 1 if need.unit.search(sentence) else -1
    if need.kind == "how_many":
        return 1 if NUMBER.search(DATE.sub(" ", sentence)) else -1
    if need.kind == "when":
        return 1 if dates_in(sentence) or TIME.search(sentence) else -1
    pattern = OF_KIND.get(need.kind)
    return int(bool(pattern and pattern.search(sentence)))


@lru_cache
def telling_words(text: str) -> tuple[str, ...]:
    """The words of a question as they are searched, without those that only join others."""
    return tuple(words(" ".join(word for word in text.split() if word.casefold() not in JOINING)))


def only_asks(sentence: str) -> bool:
    """Whether a sentence is a question, and tells nothing by it."""
    return bool(QUESTION.search(sentence)) and not TELLS.match(sentence)


def years(named: frozenset[str]) -> frozenset[str]:
    """The years among dates that are named."""
    return frozenset(each for each in named if each.isdecimal())


def _months(named: frozenset[str]) -> frozenset[str]:
    return named - years(named)
