"""A question and articles go in; the authors and publishers that it names, each with its articles' ids, come out.

Of "How do Lind and Stern differ?" each is to be quoted, not only the likelier one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.article import Article
from index.reading.names import CAPITAL
from qa.query.parts import OPENS

MAX_SOURCES = 3
HITS_OF_SOURCE = 2  # passages of each that are read beside the others
MIN_LETTERS = 3  # of a name
AUTHORS = re.compile(r"(?:,| and|;|&) ")
# Part of another word or name: "Johnson" in "Boris Johnson", where an article is by another one. A question's first
# word has a capital letter anyway.
INSIDE_BEFORE = re.compile(r"(?:\w|(?<=\s)[^\W\d_a-z][\w.’'-]* )$")
SECOND_LEVELS = ("co", "com", "org", "ac", "gov", "net")  # "coastnews.co.uk"
NAMES = re.compile(rf"{CAPITAL}[\w’'-]*(?: (?:of |the )*{CAPITAL}[\w’'-]*)*")
INSIDE_AFTER = re.compile(r"\w| [^\W\d_a-z]")


def may_name(question: str) -> bool:
    """Whether anything in a question is written as a name, which the question word at its beginning is not."""
    return any(map(str.isupper, question[bool(OPENS.match(question)) :]))


def sources_named(question: str, articles: Iterable[Article]) -> tuple[frozenset[str], ...]:
    """The articles of each author or publisher that a question names."""
    of_name: dict[str, set[str]] = {}
    for article in articles:
        for name in _names_of(article):
            if _is_named(name, question):
                of_name.setdefault(name, set()).add(article.id)
    return tuple(_apart(of_name.values())[:MAX_SOURCES])


def _names_of(article: Article) -> Iterator[str]:
    for author in AUTHORS.split(article.author):
        yield from {author, author.rpartition(" ")[2]}
    yield from {article.publisher, article.publisher.removeprefix("The "), article.publisher.rpartition(" ")[2]}


def as_named(name: str, question: str) -> str:
    """A publisher as a question names it: "Coast News" for "thecoastnews.com", of which a reader knows nothing."""
    site = _site_name(name)
    named = (each for each in NAMES.findall(question[:1].lower() + question[1:]) if _joined(each) == site)
    return next(named, name) if site else name


def _is_named(name: str, question: str) -> bool:
    """Whether a name stands in a question as it is written, and is no part of another; a site's also in words."""
    if _site_name(name):
        return as_named(name, question) != name
    start = question.find(name) if len(name) >= MIN_LETTERS and name[0].isupper() else -1
    return (
        start >= 0
        and not INSIDE_BEFORE.search(question[:start])
        and not INSIDE_AFTER.match(question, start + len(name))
    )


def _site_name(site: str) -> str:
    """ "coastnews" of "www.thecoastnews.co.uk"; "" for what is no address."""
    labels = site.casefold().replace("-", "").split(".")[:-1]
    if " " in site or not labels:
        return ""
    return labels[-2 if len(labels) > 1 and labels[-1] in SECOND_LEVELS else -1].removeprefix("the")


def _joined(name: str) -> str:
    return re.sub(r"[’']s$|[\s’'-]", "", name).casefold().removeprefix("the")


def _apart(sources: Iterable[set[str]]) -> list[frozenset[str]]:
    """Those that share an article are one: an author and the publisher, two who wrote together."""
    apart: list[frozenset[str]] = []
    for ids in sources:
        shared = [each for each in apart if each & ids]
        apart = [each for each in apart if not each & ids] + [frozenset(ids).union(*shared)]
    return apart
