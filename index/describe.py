"""Mended blocks and declared metadata go in; title, author, publisher, date and URL with their provenance come out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.article import DOUBTFUL, Provenance
from index.block import Block, Declared, Fact
from index.datestamp import iso_date
from index.mend import clean_text
from index.names import BY, NAME, WORD, names_in, written_names

HEAD_BLOCKS = 8  # a byline or a date further down belongs to something else
LONG_WORDS = 40  # of a paragraph that is text; after two of them the head is over
LAST_BLOCKS = 3  # where a note about the author stands
TITLE_LENGTH = 200  # characters
LINE_WORDS, LINE_LENGTH = 16, 200  # of a byline with its date
# Parts of a line: "By Jane Doe | 12 May 2020", "12 May 2020 - Jane Doe".
BETWEEN = re.compile(r"\s*[|·•♦—–\n]\s*|\s+-\s+|[,;(]?\s*\b(?=(?:last )?(?:updated|modified)\b)", re.IGNORECASE)
DATE_THEN_BYLINE = re.compile(r"(.{6,40}?),? +(by .+)", re.IGNORECASE)
# Behind a name in a byline: "Chief Reporter", "staff writer", "The Coast News".
EMPLOYED = re.compile(
    rf"(?:[Tt]he )?{WORD}(?: (?:{WORD}|of|the|for|at|in|and|&)){{0,5}}"
    r"|(?:[\w-]+ ){0,3}(?:reporter|correspondent|writer|editor|analyst|columnist|fellow|director|manager"
    r"|secretary|chair)"
)
SEVERAL_NAMES = re.compile(rf"{NAME}(?:, {NAME})*,? (?:and|&) {NAME}")
# "Jane Doe is a senior fellow at …", in the article's last paragraphs, names its author where no byline does.
ABOUT_AUTHOR = re.compile(
    rf"({NAME}) is (?:an?|the) (?:[\w-]+,? ){{0,6}}?(?:fellow|analyst|researcher|professor|correspondent|journalist"
    r"|editor|director|lecturer|columnist|reporter|writer|scholar|associate|expert)\b"
)
ORIGINAL_URL = re.compile(r"(?:original url|source url|source|url):?\s*(https?://\S+)?$", re.IGNORECASE)
DATE_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)/")


@dataclass(frozen=True)
class Description:
    """An article's metadata, their provenance, and its blocks with title and byline marked as what they are."""

    title: str
    author: str
    publisher: str
    published: str
    url: str
    provenance: Provenance
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class _Found(Fact):
    """A fact of the text, and the number of the block that states it and nothing else."""

    block: int | None = None


NOWHERE = _Found()


def describe(blocks: list[Block], declared: Declared) -> Description:
    """Prefer what the file declares, else find it in the text; what is not stated stays empty."""
    found = [_title(blocks), _author(blocks), _published(blocks), _url(blocks)]
    title, author, published, url = map(
        _prefer, (declared.title, declared.author, declared.published, declared.url), found
    )
    published = _prefer(published, _date_in(url.value))
    facts = (title, author, declared.publisher, published, url)
    marked = _mark(blocks, title, found[1:])
    by, when, where = (clean_text(fact.value) for fact in (author, published, url))
    return Description(
        clean_text(title.value), by, clean_text(declared.publisher.value), when, where,
        Provenance(*map(_provenance, facts)), marked,
    )  # fmt: skip


def is_byline_or_date(line: str) -> bool:
    """Tell whether a line is nothing but a byline, a date, or both."""
    return len(line) <= LINE_LENGTH and bool(_signed(line) or _dated(line))


def _prefer(declared: Fact, found: Fact) -> Fact:
    """What a file declares goes before what its text tells, unless that is doubtful."""
    told = [fact for fact in (declared, found) if fact.value]
    return min(told, key=lambda fact: fact.doubtful, default=NOWHERE)


def _provenance(fact: Fact) -> str:
    if not fact.value:
        return ""
    return f"{fact.origin}{DOUBTFUL}" if fact.doubtful else fact.origin


def _date_in(address: str) -> Fact:
    """The day in a newspaper's address, ".../2017/11/17/...", which is nearly always that of publication."""
    match = DATE_IN_ADDRESS.search(address)
    return Fact(iso_date("-".join(match.groups())), "address", doubtful=True) if match else NOWHERE


def _title(blocks: list[Block]) -> _Found:
    """The first heading of the head, or the first line, which in a plain text is one."""
    first = blocks[0] if blocks else None
    if first and first.kind == "paragraph" and len(first.text) <= TITLE_LENGTH and len(blocks) > 1:
        headings = [block for block in blocks[:HEAD_BLOCKS] if block.kind == "heading"]
        if first.text[-1] not in ".,;:" and all(block.level > 1 for block in headings):
            return _Found(first.text, "first line", block=0)
    for position, block in enumerate(blocks[:HEAD_BLOCKS]):
        if block.kind == "heading":
            return _Found(block.text, "heading", block=position)
    return NOWHERE


def _author(blocks: list[Block]) -> _Found:
    found = _in_head(blocks, _signed) or _in_head(blocks, _several_names)
    return _Found(found[0][1], "byline", block=found[0][0]) if found else _about_author(blocks)


def _published(blocks: list[Block]) -> _Found:
    """The date in the head; where it holds different ones, as a chronicle does, none of them is that of publication."""
    found = _in_head(blocks, _dated)
    if len({date for _, date in found}) != 1:
        return NOWHERE
    return _Found(found[0][1], "date line", block=found[0][0])


def _in_head(blocks: list[Block], pick: Callable[[str], str]) -> list[tuple[int, str]]:
    """What `pick` finds in the lines above the text, with the numbers of their blocks."""
    found: list[tuple[int, str]] = []
    long = 0
    for position, block in enumerate(blocks[: 2 * HEAD_BLOCKS]):
        words = len(block.text.split())
        long += words >= LONG_WORDS
        if long > 1 or (block.kind == "aside" and block.level) or (position >= HEAD_BLOCKS and not found):
            break
        is_line = words <= LINE_WORDS and len(block.text) <= LINE_LENGTH and block.kind != "heading"
        if is_line and (value := pick(block.text)):
            found.append((position, value))
    return found


def _signed(line: str) -> str:
    for part in _parts(line):
        if BY.match(part) and (names := _names_of(part)):
            return written_names(names)
    return ""


def _names_of(byline: str) -> list[str]:
    """The names of a byline, also before what they are or work for: "By Jane Doe, Chief Reporter, The Coast News"."""
    first, *behind = re.split(r",\s+", _split_date(byline)[0])
    is_signed = BY.match(byline) and behind and all(EMPLOYED.fullmatch(each) for each in behind)
    return names_in(byline) or (names_in(first) if is_signed else [])


def _several_names(line: str) -> str:
    return written_names(names_in(line)) if SEVERAL_NAMES.fullmatch(line) else ""


def _dated(line: str) -> str:
    """The date of a line that is nothing but a date, or a byline and a date."""
    parts = _parts(line)
    dates = [date for part in parts if (date := iso_date(part) or _date_behind(part))]
    return dates[0] if dates and all(iso_date(each) or _is_of_head(each) for each in parts) else ""


def _parts(line: str) -> list[str]:
    parts: list[str] = []
    for part in BETWEEN.split(line):
        match = DATE_THEN_BYLINE.fullmatch(part.strip(" ,"))
        parts += [match[1], match[2]] if match and iso_date(match[1]) else [part.strip(" ,")]
    return [part for part in parts if part]


def _is_of_head(part: str) -> bool:
    updated = re.match(r"(?:last )?(?:updated|modified)\b", part, re.IGNORECASE)
    return bool(updated or _names_of(part)) or not any(char.isalpha() for char in part)


def _date_behind(text: str) -> str:
    """The date that stands behind a byline: "By Jane Doe, 12 May 2020"; "" where there is none."""
    before, date = _split_date(text)
    return date if _names_of(before) else ""


def _split_date(text: str) -> tuple[str, str]:
    """What stands before a date that ends a line, and the date; all and "" where none does."""
    words = text.split()
    for count in (3, 4, 1):
        if date := iso_date(" ".join(words[-count:])):
            return " ".join(words[:-count]).strip(" ,"), date
    return text, ""


def _about_author(blocks: list[Block]) -> _Found:
    """The author by a note at the end; one whom the text names elsewhere is its subject."""
    text = [block.text for block in blocks if block.kind == "paragraph"]
    for note in reversed(text[1:][-LAST_BLOCKS:]):
        match = ABOUT_AUTHOR.match(note)
        if match and len(note.split()) < 60:
            surname = re.compile(rf"\b{re.escape(match[1].split()[-1])}\b")
            others = [each for each in text if each != note]
            return NOWHERE if any(surname.search(each) for each in others) else _Found(match[1], "author note")
    return NOWHERE


def _url(blocks: list[Block]) -> _Found:
    for position, block in enumerate(blocks):
        match = ORIGINAL_URL.fullmatch(block.text)
        following = blocks[position + 1].text if position + 1 < len(blocks) else ""
        url = (match[1] or following) if match else ""
        if url.startswith(("http://", "https://")):
            return _Found(url, "original url line", block=position)
    return NOWHERE


def _mark(blocks: list[Block], title: Fact, others: list[_Found]) -> tuple[Block, ...]:
    """Make the title a heading and byline, date and URL lines asides, so that none is quoted as an answer."""
    marked = list(blocks)
    for found in others:
        if found.block is not None:
            marked[found.block] = replace(marked[found.block], kind="aside")
    for position, block in enumerate(marked[:HEAD_BLOCKS]):
        if block.kind == "paragraph" and block.text == title.value and (position == 0 or block.text[-1] not in ".!?"):
            marked[position] = replace(block, kind="heading", level=1)
            break
    return tuple(marked)
