"""Values of reading: a document as blocks with the metadata it declares, or the error that says why it has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "aside"]


@dataclass(frozen=True)
class Block:
    """One paragraph, heading or list item in plain text.

    `level` is a heading's depth from 1, else 0. `linked` is the share of the text, 0 to 1, that stood inside links: a
    paragraph made of links is navigation. `breaks` are the offsets in `text` at which a new page begins, one for each
    page, so that their count up to a place is its page; a document without pages has none.
    """

    kind: Kind
    text: str
    level: int = 0
    linked: float = 0.0
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A metadatum and where it was found; a doubtful one gives way to any other and is shown as doubtful."""

    value: str = ""
    origin: str = ""
    doubtful: bool = False


NOTHING = Fact()


@dataclass(frozen=True)
class Declared:
    """Metadata that the file itself declares (front matter, page head, document properties)."""

    title: Fact = NOTHING
    author: Fact = NOTHING
    publisher: Fact = NOTHING
    published: Fact = NOTHING
    url: Fact = NOTHING


@dataclass(frozen=True)
class Document:
    """What a reader makes of a file's bytes; `warnings` say what a person should know of the reading."""

    blocks: tuple[Block, ...]
    declared: Declared = Declared()
    warnings: tuple[str, ...] = ()


class Unreadable(Exception):
    """A document that was not indexed: `reason` is a reason code, `detail` one sentence for a person."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
