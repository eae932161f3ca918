"""Markdown text goes in, blocks of plain text come out: markup, link targets and pictures are gone, link texts stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.reading.block import Block, Document, Kind
from index.reading.front_matter import split_front_matter
from index.reading.table_rows import row_line

# Pages printed to text repeat a link's target in the text: "expert accounts (http://…)", "Syria (/policy/syria)".
TARGET_IN_PARENTHESES = re.compile(r" ?\((?:https?://|www\.|/)[^\s()]*(?:\([^\s()]*\)[^\s()]*)*\)")
BARE_URL = re.compile(r"<?(?:https?://|www\.)\S+>?")
EMPTY_PARENTHESES = re.compile(r" ?[(\[] ?[)\]]")


@dataclass(frozen=True)
class _Inline:
    """The text of one inline run, and how many of its characters stood inside links."""

    text: str
    linked: int


def read_markdown(text: str) -> Document:
    """Return the blocks and the front matter of a Markdown text; malformed front matter stays in the text."""
    declared, body = split_front_matter(text)
    return Document(tuple(_blocks(_parser().parse(body))), declared)


def without_targets(text: str) -> str:
    """Return `text`, whose white space is single spaces, without link targets that stand in parentheses."""
    return EMPTY_PARENTHESES.sub("", TARGET_IN_PARENTHESES.sub("", text))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _blocks(tokens: Iterable[Token]) -> Iterator[Block]:
    level = items = 0
    stream = iter(tokens)
    for token in stream:
        if token.tag == "li":
            items += token.nesting
        elif token.type == "table_open":
            yield from _table(stream)
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type in ("fence", "code_block", "html_block"):
            yield from _verbatim(token)
        elif token.type == "inline":
            inline = _flatten(token.children or [])
            kind: Kind = "heading" if level else "item" if items else "paragraph"
            if inline.text:
                yield Block(kind, inline.text, level, inline.linked / len(inline.text))


def _table(stream: Iterator[Token]) -> Iterator[Block]:
    """The rows of the table that has just begun."""
    rows: list[list[_Inline]] = []
    for token in takewhile(lambda token: token.type != "table_close", stream):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_flatten(token.children or []))
    heads = [cell.text for cell in rows[0]] if len(rows) > 1 else ["" for _ in rows[0]]
    for cells in rows[1:] or rows:
        line = row_line(heads, [cell.text for cell in cells])
        if line:
            yield Block("item", line, linked=min(1.0, sum(cell.linked for cell in cells) / len(line)))


def _verbatim(token: Token) -> Iterator[Block]:
    content = re.sub(r"<[^<>]*>", " ", token.content) if token.type == "html_block" else token.content
    text = " ".join(content.split())
    if text:
        yield Block("paragraph", text)


def _flatten(children: list[Token]) -> _Inline:
    parts: list[str] = []
    linked = 0
    link_start: int | None = None
    for child in children:
        if child.type == "link_open":
            link_start = len(parts)
        elif child.type == "link_close" and link_start is not None:
            label = _label("".join(parts[link_start:]))
            parts[link_start:] = [label]
            linked += len(label)
            link_start = None
        elif child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    text = without_targets(" ".join("".join(parts).split()))
    if not text:  # a line that is nothing but an address may say where the article comes from
        raw = "".join(child.content for child in children if child.type == "text").strip()
        text = raw if BARE_URL.fullmatch(raw) else ""
    return _Inline(text, min(linked, len(text)))


def _label(raw: str) -> str:
    text = re.sub(r"\s+", " ", raw)
    return "" if BARE_URL.fullmatch(text.strip()) else without_targets(text)
