"""A question and a sentence go in; whether that tells what others say than whom the question asks about comes out.

What Putin said of a meeting is no answer to what Obama said of it, however much it reads like one. Only what plainly
is another's is told so: a sentence that begins, or whose quotation ends, with another's name and "said".
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.reading.names import PARTICLE, ROLES
from index.reading.names import WORD as CAPITALISED
from index.words import words
from qa.evidence.naming import TITLE

NO_NAME = (
    r"(?!(?:He|She|It|They|We|You|I|That|This|These|Those|The|A|An|Who|What|When|But|And|As|One|Some|Many|All|Each|Both"
    r"|Neither|Others|Nobody|There|Then|However|Later|Also|Often|His|Her|Its|Their|In|On|At|By|Reports|President"
    r"|Minister|Chancellor|Asked|Secretary)\b)"
)
WORD = rf"{NO_NAME}{CAPITALISED}"
NAME = rf"(?:{TITLE})?{WORD}(?: (?:{PARTICLE} )*{WORD}){{0,3}}"
SAY = (
    r"(?:say|tell|think|believe|argue|judge|warn|claim|describe|call|view|assess|react|respond|explain|conclude|comment"
    r"|suggest|insist|propose|predict|hope|fear)\b(?! (?:off|back|for)\b)"
)
SAID = (
    r"(?:said|says|told|tells|thinks|thought|believe[sd]|argue[sd]|judged|warn(?:s|ed)|claimed|described|called|viewed"
    r"|assessed|reacted|responded|promised|expect(?:s|ed)|explain(?:s|ed)|concluded|commented|suggest(?:s|ed)"
    r"|insist(?:s|ed)|proposed|predict(?:s|ed)|hoped|feared|writes|wrote|noted|adds|added|observed|stated|denied|replied)"
)
DOING = (
    rf"{ROLES}|head|chief|chair(?:man|woman|person)?|minister|secretary|spokes(?:man|woman|person)|president|chancellor|mayor"
    r"|ambassador|envoy|engineer|manager|officer|owner|founder|leader|lawyer|judge|doctor|nurse|teacher|farmer|resident|worker"
    r"|driver|student|scientist|historian|economist|politician|senator|councillor|lawmaker|deputy|adviser|advisor|author"
)
ADVERB = r"(?: (?:also|then|later|first|really|once|himself|herself|publicly|has|had))?"
ASKS = re.compile(
    rf"(?:\b[Ww]hat|\b[Hh]ow|^) ?(?i:did|does|do) ({NAME}){ADVERB} {SAY}"
    rf"|\b(?i:what|how) (?:is|was|are|were) ({NAME})[’'] ?s? (?:views?|opinion|assessment|verdict|reaction|response)\b"
    rf"|^According to ({NAME}),"
)
TELLS = re.compile(
    rf"^(?:(?:But|And|Yet) |[A-Z][^,.;”\"]{{1,50}}, )?{NAME}(?:, [^,.;]{{2,60}},)?{ADVERB} {SAID}\b"
    rf"|[,”\"] (?:{NAME}{ADVERB} {SAID}\b|said {NAME})|^According to {NAME}"
)
# Beside the name of a person: "the engineer Eva Holm", "Eva Holm, the chair of the union".
DOES = (
    rf"\b{{0}}, (?:\d\d,|who\b|(?:(?:an?|the|its|their|then) )?(?:[\w’'-]+ ){{{{0,5}}}}?(?:{DOING})\b)"
    rf"|\b(?:{DOING}),? {{0}}\b"
)
PLACE = r"\b(?i:in|across|throughout|inside|within) (?:the )?(?:{0}|{1})\b(?![’'])"
COMPANY = rf"\b{{0}},? (?:plc|PLC|Ltd|Inc|LLC|Corp|AG|GmbH)\b|\b(?:{DOING}) (?:of|at) (?:the )?{{0}}\b(?![’'])"
QUOTED = re.compile(r"[“\"][^”\"]*[”\"]?")
ARTICLES = 64  # in which it is remembered whether a name is a person's


@lru_cache(64)
def speaker_asked(question: str) -> str:
    """The name of whom a question asks what he or she says or thinks; "" where it asks of nobody by name."""
    match = ASKS.search(question)
    name = next(filter(None, match.groups())) if match else ""
    return re.sub(r"[’']s?$", "", name)


def is_of_another(speaker: str, sentence: str, article: str, said_by: str = "") -> bool:
    """Whether a sentence of an article tells what others say, and does not name the speaker, who is a person.

    `said_by` is whose turn of an interview the sentence stands in, which tells it whatever the sentence holds.
    """
    if said_by:
        return bool(speaker) and set(words(speaker)).isdisjoint(words(said_by))
    if not speaker or not TELLS.search(QUOTED.sub("”", sentence)):
        return False
    return set(words(speaker)).isdisjoint(words(sentence)) and _is_person(speaker, article)


@lru_cache(ARTICLES)
def _is_person(name: str, article: str) -> bool:
    """Whether the last word of a name stands both behind another name or a title and alone, and never for a place.

    "Eva Holm" is "Holm" too, "Human Rights Watch" no "Watch"; and what Russia says, Putin tells. Where a whole name
    stands alone, what the person does may be told beside it: "Eva Holm, who leads the union".
    """
    last = re.escape(name.split()[-1])
    # "The head of Trump's campaign" makes no company of Trump; "the head of Norvane Water" does of that.
    forms = (PLACE, COMPANY) if " " in name else (PLACE,)
    if any(re.search(form.format(re.escape(name), last), article) for form in forms):
        return False
    before = [match[1] for match in re.finditer(rf"(\S{{0,40}} ?)\b{last}\b", article)]
    named = [bool(re.match(WORD, each) or re.match(TITLE, each)) for each in before]
    if not all(named):
        return any(named) or " " in name
    return " " in name and bool(re.search(DOES.format(re.escape(name)), article))
