"""Mended blocks and declared metadata go in; title, author, publisher, date and URL with their provenance come out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from index.article import DOUBTFUL, Provenance
from index.reading.block import Block, Declared, Fact
from index.reading.byline import LINE_LENGTH, dated, dateline, is_paper, paper_of, placed, several_names, signed
from index.reading.datestamp import iso_date
from index.reading.mend import clean_text
from index.reading.moments import head_by_moments
from index.reading.names import IS_ONE, NAME

METADATA = ("title", "author", "publisher", "published", "url")
HEAD_BLOCKS = 8  # a byline or a date further down belongs to something else
LONG_WORDS = 40  # of a paragraph that is text; after two of them the head is over
LAST_BLOCKS = 3  # where a note about the author stands
TITLE_LENGTH = 200  # characters
LINE_WORDS = 16  # of a byline with its date
# "Jane Doe is a senior fellow at …", in the article's last paragraphs, names its author where no byline does.
ABOUT_AUTHOR = re.compile(rf"({NAME}) {IS_ONE}")
ORIGINAL_URL = re.compile(r"(?:original url|source url|source|url):?\s*(https?://\S+)?$", re.IGNORECASE)
# What stands above the title of a press release.
NOTICE = re.compile(
    r"(?:for immediate (?:release|use|publication)|(?:press|media|news) release|embargoed.*)[.:!]?", re.IGNORECASE
)
SITE = re.compile(r"https?://(?:www\d?\.|m\.)?([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
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
    by, on = _author(blocks), _published(blocks)
    found = [_title(blocks), by, _publisher(blocks, (by, on)), on, _url(blocks)]
    stated = (declared.title, declared.author, declared.publisher, declared.published, declared.url)
    title, author, publisher, published, url = map(_prefer, stated, found)
    publisher, published = _prefer(publisher, _site_of(url.value)), _prefer(published, _date_in(url.value))
    facts = (title, author, publisher, published, url)
    marked = head_by_moments(_mark(blocks, title, found[1:]), {each.block for each in found if each.block is not None})
    values = {name: clean_text(fact.value) for name, fact in zip(METADATA, facts, strict=True)}
    return Description(**values, provenance=Provenance(*map(_provenance, facts)), blocks=marked)


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


def _site_of(address: str) -> Fact:
    """The name of the site that an article was taken from: "coast.test"; of an archive's copy that of the original."""
    sites = SITE.findall(re.split("[?#]", address)[0])  # where else it may lead is not where it is from
    return Fact(sites[-1].casefold(), "address") if sites else NOWHERE


def _title(blocks: list[Block]) -> _Found:
    """The first heading of the head, or the first line, which in a plain text is one."""
    first = next((each for each in blocks if not NOTICE.fullmatch(each.text)), None)
    if first and first.kind == "paragraph" and len(first.text) <= TITLE_LENGTH and len(blocks) > 1:
        headings = [block for block in blocks[:HEAD_BLOCKS] if block.kind == "heading"]
        if sum(block.level == 1 for block in blocks) > 1:  # then those below the text are of its sections
            above = takewhile(lambda block: not _is_text(block), blocks[:HEAD_BLOCKS])
            headings = [block for block in above if block.kind == "heading"]
        if first.text[-1] not in ".,;:" and all(block.level > 1 for block in headings):
            return _Found(first.text, "first line", block=blocks.index(first))
    for position, block in enumerate(blocks[:HEAD_BLOCKS]):
        if block.kind == "heading":
            return _Found(block.text, "heading", block=position)
    return NOWHERE


def _is_text(block: Block) -> bool:
    return block.kind == "paragraph" and len(block.text.split()) > LINE_WORDS and block.text[-1] in ".!?…"


def _author(blocks: list[Block]) -> _Found:
    found = _in_head(blocks, signed) or _in_head(blocks, several_names)
    return _Found(found[0][1], "byline", block=found[0][0]) if found else _about_author(blocks)


def _published(blocks: list[Block]) -> _Found:
    """The date in the head; where it holds different ones, as a chronicle does, none of them is that of publication."""
    found = _in_head(blocks, dated)
    if len({date for _, date in found}) == 1:
        return _Found(found[0][1], "date line", block=found[0][0])
    if found:
        return NOWHERE
    first = next((block.text for block in blocks[:HEAD_BLOCKS] if len(block.text.split()) > LINE_WORDS), "")
    if day := dateline(first):
        return _Found(day, "dateline", doubtful=True)
    lines = _in_head(blocks, placed)
    return _Found(lines[0][1], "date line", doubtful=True, block=lines[0][0]) if len(lines) == 1 else NOWHERE


def _publisher(blocks: list[Block], beside: Iterable[_Found]) -> _Found:
    """The paper that a byline names, or that stands on a line of its own right above or below byline or date."""
    for _, paper in _in_head(blocks, paper_of):
        return _Found(paper, "byline")
    near = {found.block + way for found in beside if found.block is not None for way in (-1, 1)} - {0}
    lines = _in_head(blocks, lambda line: line if is_paper(line) else "")
    return next((_Found(line, "byline", block=position) for position, line in lines if position in near), NOWHERE)


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
