"""An element tree of HTML goes in, its blocks of plain text come out: headings, paragraphs and list items in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from index.reading.block import Block, Kind
from index.reading.table_rows import told_rows

HEADINGS = {f"h{level}": level for level in range(1, 7)}
ITEMS = {"li", "td", "th", "dt", "dd"}
BLOCKS = ITEMS | HEADINGS.keys() | {
    "p", "div", "section", "article", "main", "body", "header", "footer", "aside", "blockquote", "pre", "figure",
    "figcaption", "caption", "table", "tr", "ul", "ol", "dl", "address", "hr", "center", "details", "summary",
}  # fmt: skip
UNSEEN = {
    "script", "style", "noscript", "template", "head", "title", "svg", "annotation", "iframe", "object", "embed",
    "canvas", "audio", "video", "button", "select", "input", "textarea", "nav", "rt", "rp",
}  # fmt: skip
# Marks of notes, "[3]" or "12" or "*", which are raised and lead to the note; "m²" has no link.
NOTE_MARK = re.compile(r"\s*[\[(]?(\d{1,3}|[*†‡]{1,3})[\])]?\s*")
HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def flatten(root: Any, tables_may_lay_out: bool = True) -> Iterator[Block]:  # noqa: ANN401 - lxml has no types
    """Yield the blocks of an element and of all that stand in it, without what a browser does not show."""
    flow = _Flow()
    skipped = None
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = _name(element)
        if event == "start" and (tag in UNSEEN or _is_hidden(element) or _is_note_mark(element, tag)):
            skipped = element
            walk.skip_subtree()
        elif event == "start" and tag == "table" and (rows := told_rows(element, tables_may_lay_out)):
            yield from flow.enter(tag)
            yield from (Block("item", row) for row in rows)
            skipped = element
            walk.skip_subtree()
        elif event == "start":
            yield from flow.enter(tag)
            flow.write(element.text)
        else:
            if event == "end" and element is not skipped:
                yield from flow.leave(tag)
            flow.write(element.tail if element is not root else "")
    yield from flow.end_block()


class _Flow:
    """The text of the block that is being read, and where in the tree it stands."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._linked = self._links = self._items = self._level = self._line_breaks = 0

    def enter(self, tag: str) -> Iterator[Block]:
        if tag in BLOCKS:
            yield from self.end_block()
        self._items += tag in ITEMS
        self._links += tag == "a"
        self._level = HEADINGS.get(tag, self._level)

    def leave(self, tag: str) -> Iterator[Block]:
        if tag == "br":
            self._line_breaks += 1
            self._parts.append(" ")
            if self._line_breaks > 1:  # two line breaks are how old pages part paragraphs
                yield from self.end_block()
        if tag in BLOCKS:
            yield from self.end_block()
        self._items -= tag in ITEMS
        self._links -= tag == "a"
        self._level = 0 if tag in HEADINGS else self._level

    def write(self, text: str | None) -> None:
        if not text:
            return
        self._parts.append(text)
        if not text.isspace():
            self._line_breaks = 0
        if self._links > 0:
            self._linked += len(" ".join(text.split()))

    def end_block(self) -> Iterator[Block]:
        text = " ".join("".join(self._parts).split())
        kind: Kind = "heading" if self._level else "item" if self._items > 0 else "paragraph"
        if text:
            yield Block(kind, text, self._level, min(1.0, self._linked / len(text)))
        self._parts, self._linked, self._line_breaks = [], 0, 0


def _name(element: Any) -> str:  # noqa: ANN401
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""  # comments have a function for a tag


def _is_hidden(element: Any) -> bool:  # noqa: ANN401
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return hidden or bool(HIDING_STYLE.search(element.get("style") or ""))


def _is_note_mark(element: Any, tag: str) -> bool:  # noqa: ANN401
    if tag not in ("sup", "a") or (tag == "a" and "noteref" not in _roles(element)):
        return False
    linked = tag == "a" or element.find(".//{*}a") is not None or _name(element.getparent()) == "a"
    return linked and NOTE_MARK.fullmatch("".join(element.itertext())) is not None


def _roles(element: Any) -> str:  # noqa: ANN401
    return f"{element.get('{http://www.idpf.org/2007/ops}type') or ''} {element.get('role') or ''}"
