"""A question for what an abbreviation stands for, and a sentence, go in; whether the sentence tells it comes out."""

from __future__ import annotations

import re
from functools import lru_cache

SHORT = r"(?P<short>[A-Z](?:[A-Za-z]*[A-Z]|(?:\.[A-Z])+\.?)[A-Za-z]?)"
ASKS = re.compile(
    rf"\W*(?:what (?:does|do|did) (?:the )?(?:(?:abbreviation|acronym|letters|name) )?(?-i:{SHORT}) (?:stand for|mean)"
    rf"|what(?:'s|’s| is) (?-i:{SHORT.replace('short', 'what')}) (?:short for|an? (?:abbreviation|acronym) (?:for|of))"
    rf"|(?:what(?:'s|’s| is) the )?(?:full (?:name|form)|meaning) of (?:the )?(?-i:{SHORT.replace('short', 'full')}))"
    r"\W*$",
    re.IGNORECASE,
)
FEW = 3  # letters behind the first, from which words may be written small
SMALL = r"(?:(?:of|the|and|for|on|in|to|al)[ -])*"
NAME = r"[A-Z][\w’'-]+(?: (?:(?:of|the|and|for|on) )*[A-Z][\w’'-]+)+"


def asked_for(question: str) -> str:
    """The abbreviation of which it is asked what it stands for; "" for other questions.

    asked_for("What does ISSG stand for?") == "ISSG"
    """
    found = ASKS.match(question)
    return next((each for each in found.groupdict().values() if each), "") if found else ""


def is_told(short: str, sentence: str) -> bool:
    """Whether a sentence holds words with these initials, or a name of several words beside the abbreviation."""
    return bool(_telling(short).search(sentence))


@lru_cache
def _telling(short: str) -> re.Pattern[str]:
    first, *others = list(short.replace(".", ""))
    as_written = (
        "?i" if len(others) >= FEW else "?-i"
    )  # "Prohibition of chemical weapons"; but no "Eurozone united" for EU
    spelt = rf"\b{first.upper()}[\w’'-]+" + "".join(rf"[ -]{SMALL}({as_written}:{each})[\w’'-]*" for each in others)
    beside = rf"{NAME}[”\"']? \((?:the )?[“\"']?{re.escape(short)}\b|\b{re.escape(short)}[”\"']? \((?:the )?{NAME}"
    return re.compile(rf"{spelt}|{beside}")
