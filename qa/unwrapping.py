"""A question about what the articles say goes in; what it asks of them comes out.

"Do the articles say who bombed the convoy?" asks who did, and "Which articles mention Turkey?" is about Turkey. Read as
they stand, they are answered by sentences that speak of some article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.words import words

PAPERS = r"(?:articles?|texts?|documents?|sources?|files?|papers?|reports?|authors?)"
THE = r"(?:the|these|those|this|my|our|your)"
OUR = rf"(?:(?:(?:all|any|each|some) (?:of )?)?(?:{THE} )?{PAPERS})"
DO = r"(?:do|does|did)"
TELL = r"(?:say|tell|know|write|report|mention|state|explain|reveal|have|contain)s?(?: us| me)?"
ABOUT = r"(?:about|on|of)"
DEAL = (
    r"(?:(?:is|are) about|(?:do you have|are there) (?:about|on)|mentions?|discuss(?:es)?|covers?|deals? with"
    rf"|refers? to|(?:talks?|writes?|wrote) about|{TELL} (?:something|anything) {ABOUT})"
)
QUOTES = r"(?:(?:all |any |some |the |a )*(?:quotes?|quotations?|statements?|passages?|sentences?))"
ANYTHING = rf"(?:anything|something|any information|(?:any |an? )?{PAPERS})"
BEFORE_TOPIC = (
    rf"what (?:else )?(?:{DO}|can) (?:{OUR}|you) {TELL} {ABOUT}",
    rf"what (?:else )?is (?:there|said|written|reported|known)(?: in {OUR})? {ABOUT}",
    rf"is there {ANYTHING}(?: in {OUR})? {ABOUT}",
    rf"(?:are there|{DO} (?:{OUR}|you) (?:have|say|contain|know|tell)) {ANYTHING} {ABOUT}",
    rf"{DO} {OUR} (?:mention|discuss|cover|talk about|refer to|deal with)",
    rf"(?:which|what) (?:of )?(?:{THE} )?{PAPERS} {DEAL}",
    r"who (?:wrote|writes|has written) about",
    r"(?:tell me |show me |find |give me )(?:more |everything |all |anything )?about",
    rf"(?:show me |find |give me )?(?:{OUR}|{QUOTES}) (?:about|on|that mention)",
)
BEHIND_TOPIC = rf"(?: in {OUR})?(?:,? please)?[\s?.!]*$"
TOPIC = re.compile(rf"(?:{'|'.join(BEFORE_TOPIC)}) (?:both )?(?P<topic>.+?){BEHIND_TOPIC}", re.IGNORECASE)
MENTIONED = re.compile(
    rf"(?:(?:in )?which {PAPERS} )?(?:is|are) (?P<topic>.+?) (?:mentioned|discussed|covered|brought up|named)"
    rf"(?: anywhere)?{BEHIND_TOPIC}",
    re.IGNORECASE,
)
SAID_BY = re.compile(rf"(?:show me |find |give me )?{QUOTES} (?:by|from) (?P<who>.+?){BEHIND_TOPIC}", re.IGNORECASE)
ASKING = r"(?:who|whom|whose|what|when|where|why|how|which|whether|if)"
CLAUSE = re.compile(rf"{DO} {OUR} {TELL} (?:that )?(?P<clause>(?:{ASKING}\b|(?<=that )).+)", re.IGNORECASE)
WHETHER = re.compile(r"(?:whether|if) (?:or not )?", re.IGNORECASE)
# "According to the articles, why did it fail?"
ASIDE = rf"(?:according to|in) (?:all )?(?:{THE} |any of {THE} ){PAPERS}"
ASIDES = re.compile(rf"^{ASIDE},? (?=\S)|,? {ASIDE}(?=[\s?.!]*$)", re.IGNORECASE)
# "What do they say about it?" is about what was asked before.
POINTS_BACK = re.compile(r"(?:it|this|that|these|those|them|him|her|he|she|they|me|you|us|yourself)\b", re.IGNORECASE)
MAX_TOPIC = 3  # content words; more are told in other words, and found by reading


@dataclass(frozen=True)
class Wish:
    """What is asked of the articles; where it `is_topic`, the articles that tell of it are asked for."""

    text: str
    is_topic: bool = False


def unwrapped(question: str) -> Wish:
    """What a question asks of the articles: itself, where it does not speak of them.

    unwrapped("What do the articles say about Turkey?") == Wish("Turkey", is_topic=True)
    """
    asked = ASIDES.sub("", question)
    if clause := CLAUSE.match(asked):
        return Wish(WHETHER.sub("", clause["clause"], count=1))
    if speaker := SAID_BY.match(asked):
        return Wish(f"What did {speaker['who']} say?")
    found = TOPIC.match(asked) or MENTIONED.match(asked)
    topic = words(found["topic"]) if found else []
    if found is None or not topic or POINTS_BACK.match(found["topic"]):
        return Wish(asked if words(asked) else question)
    asks = re.match(rf"{ASKING}\b", found["topic"], re.IGNORECASE)  # "… about why it failed?"
    return Wish(found["topic"], is_topic=not asks and len(topic) <= MAX_TOPIC)
