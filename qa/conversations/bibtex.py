"""Sources go in, BibTeX references come out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from qa.answer import Citation

ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    char: "\\" + char for char in "&%$#_{}"
}
STOP = frozenset(["a", "an", "the", "of", "in", "on", "at", "and", "or", "for", "to"])
YEAR = re.compile(r"\d{4}")


def bibtex(citations: Iterable[Citation]) -> str:
    """One entry for each article cited, in the order in which they are first cited."""
    entries = [_entry(key, source) for key, source in _keyed(citations).items()]
    return "\n".join(entries)


def keys(citations: Iterable[Citation]) -> dict[str, str]:
    """The key of each article's entry, by the article's id."""
    return {source.article: key for key, source in _keyed(citations).items()}


def _keyed(citations: Iterable[Citation]) -> dict[str, Citation]:
    """The first citation of each article, by a key that no other has."""
    first: dict[str, Citation] = {}
    for citation in citations:
        first.setdefault(citation.article, citation)
    named: dict[str, Citation] = {}
    for source in first.values():
        key, number = _key(source), 1
        while (unique := key if number == 1 else f"{key}-{number}") in named:
            number += 1
        named[unique] = source
    return named


def _key(source: Citation) -> str:
    """Last name of the first author (else publisher), year and first word of the title: "lind2021harbour"."""
    author = re.split(r",| and | & ", source.author)[0].split()
    name = author[-1] if author else source.publisher.split()[0] if source.publisher.split() else ""
    year = YEAR.match(source.published)
    title = next((word for word in map(_plain, source.title.split()) if word and word not in STOP), "")
    return f"{_plain(name)}{year[0] if year else ''}{title}" or "source"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", folded)


def _entry(key: str, source: Citation) -> str:
    year = YEAR.match(source.published)
    fields = {
        "author": _authors(source.author),
        "title": f"{{{_escape(source.title or source.article)}}}",
        "publisher": f"{{{_escape(source.publisher)}}}" if source.publisher else "",
        "year": year[0] if year else "",
        "date": source.published if year else "",
        "url": _address(source.url),
        "note": f"Quoted from the file {_escape(source.article)}" + _doubts(source),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def _authors(author: str) -> str:
    """Names joined by "and" where they can be told apart; else the line as it stands, kept whole by braces."""
    names = [name.strip() for name in re.split(r",| and | & ", author) if name.strip()]
    if all(len(name.split()) > 1 for name in names):
        return " and ".join(_escape(name) for name in names)
    return _escape(author) if "," not in author else f"{{{_escape(author)}}}"


def _address(url: str) -> str:
    """An address as it is, but for what would end the entry or break its line."""
    return re.sub(r"[{}\\\s]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)


def _doubts(source: Citation) -> str:
    names = [name for name in ("title", "author", "publisher", "published") if name in source.doubtful]
    return f"; doubtful: {', '.join(names)}" if names else ""


def _escape(text: str) -> str:
    one_line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return "".join(ESCAPED.get(char, char) for char in one_line)
