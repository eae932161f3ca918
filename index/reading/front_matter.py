"""A text goes in; what front matter, or labelled lines at its head, state comes out, and the text below them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from index.reading.block import Declared, Fact
from index.reading.datestamp import stated_date

MAX_VALUE, MAX_VALUES = 500, 20  # characters of one metadatum, and items of a list
NAMES = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline", "by"),
    "publisher": ("publisher", "source", "site", "publication"),
    "published": ("published", "date", "publication_date"),
    "url": ("url", "link", "canonical_url", "original_url"),
}
LABELS = frozenset(key for keys in NAMES.values() for key in keys) - {"site"}  # that of an accident for one
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
LABELLED = re.compile(r"([A-Za-z]\w*(?: \w+){0,2}):[ \t]+(\S.*)")
FEWEST_LABELS = 2  # a text may begin with one: "Date: unknown."


def split_front_matter(text: str) -> tuple[Declared, str]:
    """Return what a text states before it begins, and the rest; malformed front matter stays in the text."""
    if not text.lstrip().startswith("---"):
        return _split_labelled_lines(text)
    try:
        post = frontmatter.loads(text, handler=YAMLHandler())
    except (yaml.YAMLError, ValueError, TypeError, AttributeError):
        return Declared(), text
    if not post.metadata:  # python-frontmatter drops a block that is not a mapping: keep the raw text instead
        return Declared(), text
    return _declared(post.metadata, "front matter"), post.content


def _split_labelled_lines(text: str) -> tuple[Declared, str]:
    """The lines up to the first empty one, where each states a metadatum: "Title: The old ferry", "Date: 12 May 2020".

    Lines that only look like it, as those of a conversation do, are the text's own.
    """
    head, _, rest = text.lstrip("\n").partition("\n\n")
    lines = [LABELLED.fullmatch(line.strip()) for line in head.split("\n")]
    stated = {line[1].casefold().replace(" ", "_"): line[2].strip() for line in lines if line}
    if len(stated) < max(FEWEST_LABELS, len(lines)) or not stated.keys() <= LABELS or not rest.strip():
        return Declared(), text
    dates = [stated[key] for key in NAMES["published"] if key in stated]
    addresses = [stated[key] for key in NAMES["url"] if key in stated]
    if not all(map(stated_date, dates)) or not all(map(ADDRESS.match, addresses)):
        return Declared(), text
    return _declared(stated, "labelled line"), rest


def _declared(stated: Mapping[str, object], origin: str) -> Declared:
    found = {name: _first(stated, keys) for name, keys in NAMES.items()}
    found["published"] = stated_date(found["published"])
    return Declared(**{name: Fact(value, origin) for name, value in found.items()})


def _first(stated: Mapping[str, object], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = stated.get(key)
        items = value if isinstance(value, list) else [value]
        # Only plain values: nested ones are no metadata, and YAML's aliases can make them grow without bound.
        plain = [str(item) for item in items[:MAX_VALUES] if isinstance(item, str | int | float | date)]
        text = " ".join(" and ".join(plain).split())
        if text:
            return text[:MAX_VALUE]
    return ""
