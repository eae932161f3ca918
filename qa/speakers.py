"""A question and a sentence go in; whether that tells what others say than whom the question asks about comes out.

What Putin said of a meeting is no answer to what Obama said of it, however much it reads like one.
"""

from __future__ import annotations

import re
from functools import lru_cache

NO_NAME = r"(?!(?:He|She|It|They|We|You|I|That|This|These|Those|The|A|An|Who|But|And|One|Some|Many|Others)\b)"
WORD = rf"{NO_NAME}[A-Z][\w’'-]*\w"
TITLE = r"(?:(?:Mr|Mrs|Ms|Dr)\.? |(?:Professor|President|Minister|Mayor|Judge|Councillor|General) )?"
NAME = rf"\b{TITLE}{WORD}(?: (?:al-|de |van |von |der )*{WORD}){{0,3}}"
SAY = (
    r"(?:say|tell|think|believe|argue|judge|warn|claim|describe|call|see|view|assess|react|respond|promise|expect|explain"
    r"|conclude|comment|suggest|insist|propose|predict|hope|fear|feel)"
)
SAID = (
    r"(?:said|says|told|tells|thinks|thought|believe[sd]|argue[sd]|judge[sd]|warn(?:s|ed)|claim(?:s|ed)|describe[sd]"
    r"|call(?:s|ed)|sees|saw|view(?:s|ed)|assesse[sd]|react(?:s|ed)|respond(?:s|ed)|promise[sd]|expect(?:s|ed)"
    r"|explain(?:s|ed)|conclude[sd]|comment(?:s|ed)|suggest(?:s|ed)|insist(?:s|ed)|propose[sd]|predict(?:s|ed)"
    r"|hope[sd]|fear(?:s|ed)|feels|felt|writes|wrote|note[sd]|add(?:s|ed)|observe[sd]|stated|denie[sd])"
)
ADVERB = r"(?: (?:also|then|later|first|really|once|himself|herself|publicly))?"
ASKS = re.compile(
    rf"\b(?i:did|does|do) ({NAME}){ADVERB} {SAY}\b|\b[Aa]ccording to ({NAME})"
    rf"|\b({NAME})[’'] ?s? (?:views?|opinion|assessment|verdict|reaction|response)\b"
)
TELLS = re.compile(rf"({NAME}){ADVERB} {SAID}\b|\bsaid ({NAME})|\b[Aa]ccording to ({NAME})")


@lru_cache(64)
def speaker_asked(question: str) -> str:
    """The surname of whom a question asks what he or she says or thinks; "" where it asks of nobody by name."""
    match = ASKS.search(question)
    return _surname(next(filter(None, match.groups()))) if match else ""


def is_of_another(speaker: str, sentence: str, article: str) -> bool:
    """Whether a sentence tells what others say, and does not name the speaker, who is a person.

    What Russia says is told by Putin: who is spoken of as a place ("in Russia") in the article is no person.
    """
    if not speaker or speaker.casefold() in sentence.casefold() or not TELLS.search(sentence):
        return False
    return not speaker.isupper() and not _place(speaker).search(article)


@lru_cache(64)
def _place(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?i:in|across|throughout|inside|within) (?:the )?{re.escape(name)}\b(?![’'])")


def _surname(name: str) -> str:
    return re.sub(r"[’']s?$", "", name.split()[-1])
