"""A question and passages go in; the names and numbers of the question that no passage holds come out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.article import Article, Passage
from index.reading.names import CAPITAL, CAPITALISED, NO_CAPITAL
from index.words import words
from qa.query.dates import PATTERN as DATES

# What stands before a name and is none.
TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Lord|Lady|President|Prime Minister|Chancellor|Minister|Mayor"
    r"|Senator|Sen|Gen|General|Col|Colonel|Gov|Governor|King|Queen|Prince|Princess|Pope)\b\.? "
)
TITLES = re.compile(rf"\b{TITLE}(?={CAPITAL})|\bI\b['’\w]*")
WORD = rf"{CAPITAL}(?:[\w-]|[’'](?!s\b))+"
# A capital letter at the beginning of a sentence tells of no name.
NAME_OR_NUMBER = re.compile(rf"(?<!^)(?<!{NO_CAPITAL}[.?!:] )\b{WORD}(?: {WORD})*|(?<!^)\b\d+(?:[.,]\d+)*")
NAME = re.compile(rf"\b{CAPITALISED}")
RUN = re.compile(rf"{CAPITALISED}(?: (?:(?:of|the|and|for|on) )*{CAPITALISED})+")
# "Haley" is "Nikki Haley", but another Korea is not North Korea.
TELLS_APART = re.compile(r"(?:North|South|East|West)(?:ern)?|New|Upper|Lower|World|Hurricane|Cyclone|Storm|Typhoon")
# Endings of a land and of its people, behind four letters or more that both share; and what no ending makes.
LANDS, PEOPLES = ("", "a", "ia", "e", "ey", "y", "i", "ain", "land"), ("n", "an", "ian", "ean", "ish", "ese", "s", "er")
KIN = 4
IRREGULAR = """
Polish Poland, Pole Poland, Danish Denmark, Dane Denmark, Spanish Spain, French France, Irish Ireland, Welsh Wales,
Scottish Scotland, Scot Scotland, English England, Finnish Finland, Finn Finland, Norwegian Norway, Dutch Netherlands,
Swiss Switzerland, Greek Greece, Iraqi Iraq, Israeli Israel, Pakistani Pakistan, Filipino Philippines, Thai Thailand,
Swede Sweden, Swedish Sweden, Turk Turkey, Chinese China, Japanese Japan, Mexican Mexico, Lebanese Lebanon,
Afghan Afghanistan, American USA, America USA, British UK, Britain UK, Brit UK, Brit Britain
"""
PAIRS = frozenset(tuple(words(each)[0] for each in pair.split()) for pair in IRREGULAR.split(","))


def missing_names(asked: str, passages: Iterable[Passage]) -> tuple[str, ...]:
    """The names and numbers of a question that none of the passages holds; its dates are matters of the judge."""
    if asked.isupper():
        return ()
    named = dict.fromkeys(NAME_OR_NUMBER.findall(TITLES.sub("", DATES.sub(" ", asked))))
    if not named:
        return ()
    held = _Held(" ".join(f"{each.heading} {each.text} {_about(each.article)}" for each in passages))
    return tuple(name for name in named if not held.holds(name))


class _Held:
    """The words of a text, its names, and what they are abbreviated to."""

    def __init__(self, text: str) -> None:
        self._words = set(words(text))
        self._names = set(words(" ".join(NAME.findall(text))))
        self._capitals = {each for each in NAME.findall(text) if each.isupper()}
        self._initials = {_initials(each) for each in RUN.findall(text)}
        self._squeezed = re.sub(r"[\W_]", "", text).casefold()

    def holds(self, name: str) -> bool:
        """Whether the text holds a name: its last word, and what tells it from others of that; or its initials."""
        parts = name.split()
        telling = [each for each in parts[:-1] if TELLS_APART.fullmatch(each)] + parts[-1:]
        if all(self._holds_word(stem) for each in telling for stem in words(each)[-1:]):
            return True
        if name.isupper() and any(each.endswith(name.rstrip("’'")) for each in self._initials):
            return True
        is_written_as_one = len(parts) > 1 and "".join(parts).casefold() in self._squeezed  # "thecoastnews.com"
        return is_written_as_one or (len(parts) > 1 and _initials(name) in self._capitals)

    def _holds_word(self, stem: str) -> bool:
        return stem in self._words or any(is_kin(stem, each) for each in self._names)


def _initials(name: str) -> str:
    return "".join(each[0] for each in NAME.findall(name))


def is_kin(one: str, other: str) -> bool:
    """Whether one is a land and the other its people: "Turkey" and "Turkish"; or spelt as elsewhere: "Defense"."""
    if (one, other) in PAIRS or (other, one) in PAIRS or one.replace("nc", "ns") == other.replace("nc", "ns"):
        return True
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return any(
        (one[cut:] in LANDS and other[cut:] in PEOPLES) or (one[cut:] in PEOPLES and other[cut:] in LANDS)
        for cut in range(KIN, shared + 1)
    )


def _about(article: Article) -> str:
    return f"{article.title} {article.author} {article.publisher}"
