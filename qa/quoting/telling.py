"""Citations go in, the text of an answer comes out: quotations with their numbers, different articles told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from qa.answer import Citation
from qa.query.unwrapping import unwrapped

DIFFERENT = "The articles give different figures."
NEWER = " The newer one is [{}], of {}."
AT_LEAST = "At least {} of the articles."  # where it is asked how many: only so many are quoted
# A "[1]" of an article's own would read as a citation: a word joiner, which nobody sees, makes it none.
FORGED, UNMARKED = re.compile(r"\[(?=\d+\])"), "[\u2060"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
HOW_MANY = re.compile(r"\W*how many\b", re.IGNORECASE)


def tell(citations: Sequence[Citation], question: str = "") -> str:
    """Each quotation in “”, followed by its [n]; from several articles, each article's behind its author or title.

    So are those of a single one where the question asks which articles tell of something.

    A quotation that says again what one of another article says is not told again: its number is, "(also in [3])".
    """
    told = [citation for citation in citations if citation.repeats is None]
    names = labels(told)
    is_named = are_named(names, question)
    parts = []
    for article, quotes in groupby(told, key=lambda citation: citation.article):
        start = f"{names[article]}: " if is_named else ""
        parts.append(start + " ".join(_quote(each, citations) for each in quotes))
    return " ".join(filter(None, (opening_line(citations, question), *parts)))


def opening_line(citations: Sequence[Citation], question: str) -> str:
    """What stands before the quotations: how many articles tell, where that is asked, or that figures differ; or ""."""
    if citations and HOW_MANY.match(question) and unwrapped(question).is_topic:
        return AT_LEAST.format(len({citation.article for citation in citations}))
    told = [citation for citation in citations if citation.repeats is None]
    return f"{DIFFERENT}{_newer(told)}" if any(citation.differs for citation in told) else ""


def _newer(told: Sequence[Citation]) -> str:
    """Which of two quotations is of a later day, where both are dated: it may correct the other."""
    if len(told) != 2 or not all(DAY.fullmatch(each.published) and "published" not in each.doubtful for each in told):
        return ""
    older, newer = sorted(told, key=lambda each: each.published)
    day = date.fromisoformat(newer.published)
    return NEWER.format(newer.number, f"{day.day} {day:%B %Y}") if older.published < newer.published else ""


def are_named(names: dict[str, str], question: str) -> bool:
    """Whether articles are named before what is quoted of them: several are, and one of which it is asked which."""
    return len(names) > 1 or unwrapped(question).is_topic


def labels(citations: Sequence[Citation]) -> dict[str, str]:
    """What each article is called; those of one author and publisher are told apart by their titles."""
    named = {citation.article: citation for citation in citations}
    common = Counter(map(label, named.values()))
    return {
        id: label(each) if common[label(each)] == 1 else f"{label(each)}, {' '.join((each.title or id).split())}"
        for id, each in named.items()
    }


def label(citation: Citation) -> str:
    """A source in a few words: "Haugevik and Wilhelmsen (NUPI)"; else its title; else its file's name.

    A doubtful author, who may have done no more than type the text, does not stand for it.
    """
    author = "" if "author" in citation.doubtful else citation.author
    if author and citation.publisher and author != citation.publisher:
        name = f"{author} ({citation.publisher})"
    else:
        name = author or citation.publisher or citation.title or citation.article
    return " ".join(name.split())


def says(citation: Citation) -> str:
    """Who says what is quoted, to stand behind its number: " (says Eva Holm)"; "" where the words themselves tell."""
    return f" (says {citation.speaker})" if citation.speaker else ""


def also_in(citation: Citation, citations: Sequence[Citation]) -> list[int]:
    """The numbers of the citations that say the same as this one."""
    return [each.number for each in citations if each.repeats == citation.number]


def _quote(citation: Citation, citations: Sequence[Citation]) -> str:
    again = also_in(citation, citations)
    also = f" (also in {', '.join(f'[{number}]' for number in again)})" if again else ""
    return f"“{FORGED.sub(UNMARKED, citation.quote)}” [{citation.number}]{says(citation)}{also}"
