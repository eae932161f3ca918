"""Markdown text goes in, blocks of plain text come out: markup, link targets and pictures are gone, link texts stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.block import Block, Declared, Document, Fact, Kind
from index.datestamp import stated_date

# Pages printed to text repeat a link's target in the text: "expert accounts (http://…)", "Syria (/policy/syria)".
TARGET_IN_PARENTHESES = re.compile(r" ?\((?:https?://|www\.|/)[^\s()]*(?:\([^\s()]*\)[^\s()]*)*\)")
BARE_URL = re.compile(r"<?(?:https?://|www\.)\S+>?")
EMPTY_PARENTHESES = re.compile(r" ?[(\[] ?[)\]]")
MAX_VALUE, MAX_VALUES = 500, 20  # characters of one metadatum, and items of a list
FRONT_MATTER_NAMES = {
    "title": ("title",),
    "author": ("author", "authors", "byline"),
    "publisher": ("publisher", "source", "site"),
    "published": ("published", "date", "publication_date"),
    "url": ("url", "link", "canonical_url", "original_url"),
}


@dataclass(frozen=True)
class _Inline:
    """The text of one inline run, and how many of its characters stood inside links."""

    text: str
    linked: int


def read_markdown(text: str) -> Document:
    """Return the blocks and the front matter of a Markdown text; malformed front matter stays in the text."""
    declared, body = _split_front_matter(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    return Document(tuple(_blocks(tokens)), declared)


def without_targets(text: str) -> str:
    """Return `text`, whose white space is single spaces, without link targets that stand in parentheses."""
    return EMPTY_PARENTHESES.sub("", TARGET_IN_PARENTHESES.sub("", text))


def _split_front_matter(text: str) -> tuple[Declared, str]:
    try:
        post = frontmatter.loads(text, handler=YAMLHandler())
    except (yaml.YAMLError, ValueError, TypeError, AttributeError):
        return Declared(), text
    if not post.metadata:  # python-frontmatter drops a block that is not a mapping: keep the raw text instead
        return Declared(), text
    found = {name: _first(post.metadata, keys) for name, keys in FRONT_MATTER_NAMES.items()}
    found["published"] = stated_date(found["published"])
    return Declared(**{name: Fact(value, "front matter") for name, value in found.items()}), post.content


def _first(metadata: dict[str, object], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = metadata.get(key)
        items = value if isinstance(value, list) else [value]
        # Only plain values: nested ones are no metadata, and YAML's aliases can make them grow without bound.
        plain = [str(item) for item in items[:MAX_VALUES] if isinstance(item, str | int | float | date)]
        text = " ".join(" and ".join(plain).split())
        if text:
            return text[:MAX_VALUE]
    return ""


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    level = items = 0
    for token in tokens:
        if token.tag in ("li", "td", "th"):
            items += token.nesting
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
