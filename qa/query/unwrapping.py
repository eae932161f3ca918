"""A question about what the articles say goes in; what it asks of them comes out.

"Do the articles say who bombed the convoy?" asks who did, and "Which articles mention Turkey?" is about Turkey. Read as
they stand, they are answered by sentences that speak of some article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.words import words
from qa.query.failing import asked_plainly

PAPERS = r"(?:articles?|texts?|documents?|sources?|files?|papers?|reports?|authors?)"
THE = r"(?:the|these|those|this|my|our|your)"
OUR = rf"(?:(?:(?:all|any|each|some) (?:of )?)?(?:{THE} )?{PAPERS})"
DO = r"(?:do|does|did)"
TELL = r"(?:say|tell|know|write|report|mention|state|explain|reveal|have|contain)s?(?: us| me)?"
ABOUT = r"(?:about|on|of)"
DEAL = (
    r"(?:(?:is|are) about|(?:do you have|are there) (?:about|on)|mentions?|discuss(?:es)?|deals? with|refers? to"
    rf"|(?:talks?|writes?|wrote) about|{TELL} (?:something|anything) {ABOUT})"
)
MENTIONING = r"(?:about|mentioning|(?:that|which) mentions?)"
QUOTES = r"(?:(?:all |any |some |the |a )*(?:quotes?|quotations?|statements?))"
ANYTHING = rf"(?:anything|something|any information|(?:any |an? )?{PAPERS})"
POLITELY = r"(?:please,? )?(?:i(?: want|'d like| would like) to know |(?:can|could) you (?:please )?)?"
BEFORE_TOPIC = (
    rf"what (?:else )?(?:{DO} (?:{OUR}|you)|can (?:{OUR}|you)|{OUR}) {TELL} {ABOUT}",
    rf"what (?:else )?(?:is|was) (?:there|said|written|reported|known)(?: in {OUR})? about",
    rf"is there {ANYTHING}(?: in {OUR})? {MENTIONING}",
    rf"(?:are there|{DO} (?:{OUR}|you) (?:have|say|contain|know|tell)) {ANYTHING} {MENTIONING}",
    rf"{DO} {OUR} (?:mention|discuss|talk about|refer to|deal with)",
    rf"(?:which|what|how many) (?:of )?(?:{THE} )?{PAPERS} {DEAL}",
    r"who (?:wrote|writes|has written) (?:(?:an|the) articles? )?about",
    r"(?:tell (?:me|us) |show me |find |give me )(?:more |everything |all |anything )?about",
    rf"(?:show me |find |give me )?(?:{OUR}|{QUOTES}) {MENTIONING}",
    r"(?:show me |find |give me )?articles on",
)
BEHIND_TOPIC = rf"(?: in {OUR})?(?:,? please)?[\s?.!]*$"
TOPIC = re.compile(rf"{POLITELY}(?:{'|'.join(BEFORE_TOPIC)}) (?:both )?(?P<topic>.+?){BEHIND_TOPIC}", re.IGNORECASE)
MENTIONED = re.compile(
    rf"(?:(?:in )?which {PAPERS} |where )?(?:is|are|was|were) (?!there\b)(?P<topic>.+?) "
    rf"(?:mentioned|discussed|brought up)(?: anywhere)?{BEHIND_TOPIC}",
    re.IGNORECASE,
)
ASKING = r"(?:who|whom|whose|what|when|where|why|how|which)"
AUXILIARY = rf"(?:is|are|was|were|has|have|had|can|could|will|would|should|{DO})"
SPEAKER = r"(?P<who>(?:the )?[^\s,?.!]+(?: [^\s,?.!]+){0,4}?)"
SAID_BY = re.compile(
    rf"(?:show me |find |give me )?{QUOTES} (?:by|from) {SPEAKER}(?P<of> about .+?)?{BEHIND_TOPIC}", re.IGNORECASE
)
CLAUSE = re.compile(
    rf"{DO} {OUR} {TELL} (?:(?P<whether>whether(?: or not)?|if|that) (?=\w+ \w)|(?={ASKING}\b))(?P<clause>.+)",
    re.IGNORECASE,
)
# "According to the articles, why did it fail?"; "the report of the inquiry" is another matter.
ASIDE = rf"(?:according to|in) (?:all )?(?:(?:any of )?{THE} (?:articles?|texts?)|(?:my|our|your) {PAPERS})"
ASIDES = re.compile(rf"^{ASIDE}(?:,| (?={ASKING}\b|{AUXILIARY}\b)) ?(?=\S)|,? {ASIDE}(?=[\s?.!]*$)", re.IGNORECASE)
# "What do they say about it?" is about what was asked before; "IT" and "US" are names.
POINTS_BACK = re.compile(
    r"\b(?:it|its|this|that|these|those|them|their|him|his|her|he|she|they|me|my|you|your|us|our|\w+sel(?:f|ves)"
    r"|each other|one)\b"
)
# No topic but a sentence, or two questions in one: "… about Kerry, and when did he meet Lavrov?"
NO_TOPIC = re.compile(rf"\b(?:{ASKING}|{AUXILIARY}|but|except|without)\b|[?.!;]\s", re.IGNORECASE)
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
    told = CLAUSE.match(asked)
    if told and words(told["clause"]):
        return Wish(f"Is it true that {told['clause']}" if told["whether"] else told["clause"])
    said = SAID_BY.match(asked)
    if said and not NO_TOPIC.search(said["who"]) and not POINTS_BACK.search(said["who"]):
        return Wish(f"What did {said['who']} say{said['of'] or ''}?")
    return _topic_of(asked) or Wish(asked_plainly(asked if words(asked) else question))


def _topic_of(asked: str) -> Wish | None:
    found = TOPIC.match(asked) or MENTIONED.match(asked)
    topic = found["topic"] if found else ""
    if not words(topic) or POINTS_BACK.search(topic):
        return None
    if re.match(rf"{ASKING}\b", topic, re.IGNORECASE):  # "… about why it failed?"
        return Wish(topic)
    return None if NO_TOPIC.search(topic) else Wish(topic, is_topic=len(words(topic)) <= MAX_TOPIC)
