"""A byline goes in, the names of the people who signed come out; none where it may be something else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.reading.datestamp import MONTH

CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽА-ЯΑ-Ω]"
WORD = rf"(?:(?:d|al|el|O|Mc)[’'-])?{CAPITAL}[\w.’'-]*"
CAPITALISED = rf"{CAPITAL}[\w’'-]+"  # a word with a capital letter, also one with "'s"
NO_CAPITAL = f"[^{CAPITAL[1:]}"
PARTICLE = r"(?:de|da|do|dos|di|del|della|van|von|der|den|ter|bin|ibn|al|el|la|le|du|af|av|zu)"
NAME = rf"{WORD}(?: (?:{WORD}|{PARTICLE}))* {WORD}"
A_NAME = re.compile(NAME)
BY = re.compile(
    r"^(?:(?:written|posted|prepared|compiled|reported|words|story|text|analysis|opinion) )?(?:by|authors?)\b:?\s+",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s*(?:;|,|&|\band\b)\s*")
# What follows a name in a byline: a date, a place of work, a clock, a mark.
BEHIND = re.compile(
    r"\s*(?:[|•·—–]|\s-\s|\bin\b|\bfor\b|\bat\b|\bon\b|\d|\((?!\w+\) )|\bLast Updated\b|\bUpdated\b|\bPublished\b).*",
    re.IGNORECASE | re.DOTALL,
)
ENDING = re.compile(rf"[\s,]+(?:{MONTH}|Mon|Tue|Wed|Thu|Fri|Sat|Sun|\w+day)\.?$", re.IGNORECASE)
CREDENTIAL = re.compile(r"(?:M\.?D\.?|Ph\.?\s?D\.?|M\.?A\.?|R\.?N\.?|Jr\.?|Sr\.?|Esq\.?|M\.?P\.?H\.?|II|III)$")
# What names of papers hold and names of people hardly ever do.
PAPERS = (
    "News|Times|Post|Press|Agency|Journal|Magazine|Weekly|Tribune|Herald|Gazette|Chronicle|Courier|Observer|Telegraph"
    "|Bulletin|Dispatch|Examiner|Monitor|Review|Guardian|Independent|Reuters|Wire|Radio|Broadcasting|Globe|Ledger"
    "|Sentinel|Inquirer"
)
# "The Coast News", "Lantern Weekly", "Times of Malta", "Daily Harbour"; not "By Emily Post", "Press Officer".
PAPER = re.compile(
    rf"(?!By )(?:[Tt]he )?(?:(?:{WORD} (?:(?:{WORD}|of|and|&) ){{0,4}})?(?:{PAPERS})"
    rf"(?: of (?:the )?{WORD}(?: {WORD}){{0,3}})?|Daily {WORD})"
)
# What is a paper's name also where nothing is told of who signs; "World News" is a section's.
OWN_LINE = re.compile(r"[Tt]he |.*(?:Weekly|Tribune|Herald|Gazette|Chronicle|Courier|Observer|Telegraph|Reuters)$")
NO_PERSON = re.compile(
    rf"\b({PAPERS}|United|States|Union|Kingdom|Republic|Nations|Policy|Security|Affairs|Foreign|National|International|Council"
    r"|Department|Ministry|Institute|University|Analysis|Research|Editors?|Staff|Writer|Reporter|Correspondent|Team|Contributors?"
    r"|Author|Username|User|Admin|Administrator|Follow|About|More|Read|Share|Comments?|Posted|Written|Topics?"
    r"|Blog|Website|Online|Desk|Board|Guest|Anonymous|Unknown|Owner|Windows"
    r"|War|Peace|Middle|East|West|North|South|The|This|Our|Your|And|Your|Microsoft|Office|Home|Privacy|Terms)\b",
    re.IGNORECASE,
)
# What a note about an author says that he or she is.
ROLES = (
    "fellow|analyst|researcher|professor|correspondent|journalist|editor|director|lecturer|columnist|reporter|writer"
    "|scholar|associate|expert"
)
IS_ONE = rf"is (?:an?|the) (?:[\w’'.-]+,? ){{0,8}}?(?:{ROLES})\b"
LAST_FIRST = re.compile(r"([^\s,;]+), ([^\s,;]+(?: [^\s,;]+)?)")  # as libraries write them
MAX_NAMES = 12
LONGEST = 60  # characters of one name


def names_in(text: str, stated: bool = False) -> list[str]:
    """Return the names of a byline. `stated`: the place is meant for names, so that one word or a group may be one."""
    signed = BY.sub("", " ".join(text.split()))
    if not signed or len(signed) > 300:
        return []
    if stated and (listed := LAST_FIRST.fullmatch(signed)):
        signed = f"{listed[2]} {listed[1]}"
    signed = ENDING.sub("", BEHIND.sub("", signed)) if not stated or BEHIND.match(signed[1:]) else signed
    parts = [part.strip(" .") if stated else part.strip() for part in BETWEEN.split(signed)]
    names = [part for part in parts if part and not CREDENTIAL.fullmatch(part)][:MAX_NAMES]
    fits = _is_stated if stated else _is_name
    return names if names and all(fits(name) for name in names) else []


def written_names(names: Iterable[str]) -> str:
    """Names as one line: "A B and C D"."""
    return " and ".join(names)


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST and A_NAME.fullmatch(text) is not None and not NO_PERSON.search(text)


def _is_stated(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    strange = re.search(r"https?:|www\.|@|[<>{}\[\]/\\=]|\d{3}", text)
    placeholder = re.fullmatch(
        r"(?:admin\w*|user\w*|authors?|unknown|anonymous|owner|staff|root|none|null)", text, re.IGNORECASE
    )
    return letters >= 2 and len(text) <= 2 * LONGEST and not strange and not placeholder
