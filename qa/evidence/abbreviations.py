"""A question for what an abbreviation stands for, and a sentence, go in; whether the sentence tells it comes out."""

from __future__ import annotations

import re
from functools import lru_cache

LETTERS = r"[A-Z](?:[A-Za-z]*[A-Z]|(?:\.[A-Z])+\.?)[A-Za-z]?"
NAMED = rf"(?:the )?(?:(?:abbreviation|acronym|letters|name) )?[“\"']?(?-i:(?P<%s>{LETTERS}))[”\"']?"
WHERE = r"(?: in [\w ]{1,30})?\W*$"
ASKS = re.compile(
    rf"\W*(?:what (?:does|do|did) {NAMED % 'a'} (?:stand for|mean)|what {NAMED % 'b'} stands for"
    rf"|what(?:'s|’s| is) {NAMED % 'c'} (?:short for|an? (?:abbreviation|acronym) (?:for|of))"
    rf"|(?:what(?:'s|’s| is) )?(?:the )?(?:full (?:name|form)|meaning) of {NAMED % 'd'}){WHERE}",
    re.IGNORECASE,
)
SMALL = r"(?:(?:of|the|and|for|on|in|to|al)[ -])*"
FEW = 3  # letters behind the first, from which words may be written small


@lru_cache  # every sentence read asks for it
def asked_for(question: str) -> str:
    """The abbreviation of which it is asked what it stands for; "" for other questions.

    asked_for("What does ISSG stand for?") == "ISSG"
    """
    found = ASKS.match(question)
    return next((each for each in found.groupdict().values() if each), "") if found else ""


def is_told(short: str, sentence: str) -> bool:
    """Whether a sentence holds words with these initials, or words that it says are abbreviated so."""
    return bool(_telling(short).search(sentence))


@lru_cache
def _telling(short: str) -> re.Pattern[str]:
    first, *others = list(short.replace(".", ""))
    # "Prohibition of chemical weapons"; but no "Eurozone united" for EU.
    as_written = "?i" if len(others) >= FEW else "?-i"
    spelt = rf"\b{first.upper()}[\w’'-]+" + "".join(rf",?[ -]{SMALL}({as_written}:{each})[\w’'-]*" for each in others)
    name = rf"(?<![\w.]){re.escape(short)}(?![\w])"
    in_brackets = rf"\w [\w’'-]+[”\"']? \((?:[^()]{{0,20}} )?[“\"']?{name}[”\"']?\)|{name}[”\"']? \([\w’'-]+ [^)]+\)"
    in_words = (
        rf"{name}[”\"']?,? (?:stands|stood|short) for|\w [\w’'-]+,? (?:or|known as|called|abbreviated) (?:the )?{name}"
    )
    return re.compile(rf"{spelt}|{in_brackets}|{in_words}")
