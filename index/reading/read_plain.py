"""Plain text goes in, blocks come out: one for each paragraph; text with Markdown's marks is read as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.reading.block import Block, Document
from index.reading.byline import is_byline_or_date
from index.reading.front_matter import split_front_matter
from index.reading.mend import SENTENCE_END
from index.reading.names import names_in
from index.reading.read_markdown import read_markdown, without_targets

# Web pages saved as text keep Markdown's headings and links; front matter is a sign too.
MARKDOWN_SIGNS = re.compile(r"(?m)^#{1,6} \S|\]\((?:https?:|/|#)|\A---\n")
LONG_LINE = 100  # characters; a text whose lines are longer than this has a paragraph on each line
HEAD_PARTS = 3  # paragraphs that may be lines of a head
HEAD_LINES = 6  # title, subtitle, byline, place, date: no more stand above a text without a blank line
HEADING_WORDS = 10
TEXT_WORDS = 12  # of the paragraph below a heading


def read_plain(text: str) -> Document:
    """Return the paragraphs of a plain text as blocks."""
    if MARKDOWN_SIGNS.search(text):
        return read_markdown(text)
    declared, body = split_front_matter(text)
    paragraphs = [without_targets(" ".join(part.split())) for part in _paragraphs(body)]
    return Document(tuple(_blocks([paragraph for paragraph in paragraphs if paragraph])), declared)


def _paragraphs(text: str) -> list[str]:
    parts = re.split(r"\n[ \t]*\n", text.strip())
    lines = [line for line in text.splitlines() if line.strip()]
    longest_half = sorted(map(len, lines))[len(lines) // 2 :]
    if len(parts) == 1 and longest_half and longest_half[0] > LONG_LINE:
        return lines
    head = [line for number, part in enumerate(parts[:HEAD_PARTS]) for line in _head(part, is_first=number == 0)]
    return [*head, *parts[HEAD_PARTS:]]


def _head(part: str, is_first: bool) -> list[str]:
    """The lines of a paragraph that are no text: title, byline and date, each on a line of its own."""
    lines = part.splitlines()
    begins = 1 if is_first else 0
    signed = [number for number, line in enumerate(lines[:HEAD_LINES]) if number >= begins and is_byline_or_date(line)]
    if not signed or any(len(line) > LONG_LINE for line in lines[: signed[-1] + 1]):
        return [part]
    if len(lines) <= HEAD_LINES and all(len(line) <= LONG_LINE for line in lines):
        return lines
    above, text = lines[: signed[-1] + 1], "\n".join(lines[signed[-1] + 1 :])
    return [part] if any(SENTENCE_END.search(line) for line in above) else [*above, text]


def _blocks(paragraphs: list[str]) -> Iterator[Block]:
    for position, paragraph in enumerate(paragraphs):
        following = paragraphs[position + 1] if position + 1 < len(paragraphs) else ""
        is_signature = position > 0 and is_byline_or_date(paragraphs[position - 1])  # the newspaper's name
        if position and not is_signature and _is_heading(paragraph, following):
            yield Block("heading", paragraph, 2)
        else:
            yield Block("paragraph", paragraph)


def _is_heading(line: str, following: str) -> bool:
    """Tell whether a paragraph is a short line without an end, with a text below it."""
    if SENTENCE_END.search(line) or line.endswith((",", "-", "—")) or len(line.split()) > HEADING_WORDS:
        return False
    if not line[0].isupper() or not following[:1].isupper() or is_byline_or_date(line) or names_in(line):
        return False
    return len(following.split()) >= TEXT_WORDS
