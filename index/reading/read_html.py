"""A saved web page goes in, the blocks of its main text and the metadata that it states come out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import readability
import trafilatura
from lxml import etree
from lxml import html as lxml_html

from index.reading.block import Block, Document, Unreadable
from index.reading.declare import declare
from index.reading.flatten import flatten

TAGS = {"p", "item", "cell", "quote", "code", "ab", "head"}  # of trafilatura's trees, those that hold a block
# Two ways of finding the main text, which err on different pages: readability now and then drops a part of an article,
# which trafilatura then has; where trafilatura has more than twice as much, it took the surroundings for text, and
# where it has less, it dropped something (benchmarks/README.md, "Reading").
MOST = 2.0
LANDMARKS = "//article | //main | //nav | //header | //footer | //aside"


def read_html(text: str) -> Document:
    """Return the main text of a page without navigation, comments and scripts.

    Raises Unreadable with reason `damaged` where the markup holds no page and `no_text` where no main text is found.
    """
    page = _parse(text)
    declared = declare(page)
    blocks = tuple(_main_text(page))
    if not blocks:
        raise Unreadable("no_text", "No main text was found in this page.")
    return Document(blocks, declared)


def _parse(text: str) -> Any:  # noqa: ANN401 - lxml has no types
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True)
    try:
        return lxml_html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise Unreadable("damaged", f"The page cannot be parsed: {error}.") from error


def _main_text(page: Any) -> list[Block]:  # noqa: ANN401
    body = page.find("body")
    if body is not None and not page.xpath(LANDMARKS):
        whole = list(flatten(body))
        if _is_all_text(whole):
            return whole
    found = _by_readability(page)
    other = _by_trafilatura(page)
    return other if not found or _length(found) < _length(other) <= MOST * _length(found) else found


def _is_all_text(blocks: list[Block]) -> bool:
    """Tell whether a page without landmarks is nothing but its article: no lists of links, few short lines."""
    linked = sum(block.linked * len(block.text) for block in blocks)
    prose = sum(len(block.text) for block in blocks if block.kind != "paragraph" or len(block.text.split()) > 8)
    return linked < _length(blocks) / 20 and prose > _length(blocks) * 0.9


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _by_readability(page: Any) -> list[Block]:  # noqa: ANN401
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        summary = readability.Document(lxml_html.tostring(page, encoding="unicode")).summary()
        return list(flatten(lxml_html.document_fromstring(summary)))
    except (readability.readability.Unparseable, etree.LxmlError, ValueError, TypeError, AttributeError):
        return []


def _by_trafilatura(page: Any) -> list[Block]:  # noqa: ANN401
    found: Any = trafilatura.bare_extraction(deepcopy(page), include_comments=False, with_metadata=False)
    return list(_blocks(found.body)) if found is not None else []


def _blocks(body: Any) -> Iterator[Block]:  # noqa: ANN401
    for element in body.iter():
        if not _is_block(element):
            continue
        text = " ".join("".join(_own_text(element)).split())
        if text and element.tag == "head":
            yield Block("heading", text, int((element.get("rend") or "h2")[1:]))
        elif text:
            yield Block("item" if element.tag in ("item", "cell") else "paragraph", text)


def _is_block(element: Any) -> bool:  # noqa: ANN401
    if element.tag in ("code", "quote"):  # also words within a sentence
        return element.getparent() is None or element.getparent().tag not in TAGS
    return element.tag in TAGS


def _own_text(element: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the text of an element without that of blocks nested in it, which come on their own."""
    yield element.text or ""
    for child in element:
        if not _is_block(child):
            yield " " if child.tag == "lb" else ""
            yield from _own_text(child)
        yield child.tail or ""
