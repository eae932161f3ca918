"""A question and passages go in; the names and numbers of the question that no passage holds come out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.article import Article, Passage
from index.words import words
from qa.dates import PATTERN as DATES

# A capital letter at the beginning of a sentence tells of no name.
NAME_OR_NUMBER = re.compile(r"(?<!^)(?<![.?!:] )\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*|(?<!^)\b\d+(?:[.,]\d+)*")
NAME = re.compile(r"\b[A-Z][\w’'-]+")
KIN = 4  # letters with which two forms of a name begin alike


def missing_names(asked: str, passages: Iterable[Passage]) -> tuple[str, ...]:
    """The names and numbers of a question that none of the passages holds; its dates are matters of the judge."""
    if asked.isupper():
        return ()
    text = " ".join(f"{each.heading} {each.text} {_about(each.article)}" for each in passages)
    held, names = set(words(text)), set(words(" ".join(NAME.findall(text))))
    named = dict.fromkeys(NAME_OR_NUMBER.findall(DATES.sub(" ", asked)))
    # "Haley" is "Nikki Haley".
    return tuple(name for name in named if any(not (each in held or _is_kin(each, names)) for each in words(name)[-1:]))


def _is_kin(stem: str, names: set[str]) -> bool:
    """Whether a name is another form of one of the names: "Turkish" and "Turkey", "Defense" and "Defence"."""
    beginning = stem[: max(KIN, len(stem) - KIN + 1)]
    return stem.isalpha() and len(stem) >= KIN and any(each.startswith(beginning) for each in names)


def _about(article: Article) -> str:
    return f"{article.title} {article.author} {article.publisher}"
