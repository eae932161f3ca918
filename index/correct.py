"""A folder's articles.toml goes in; what it says of each document comes out, and articles with it applied.

["reports/2016.pdf"]
title = "The year in the valley"
author = "Ada Lind"
published = "2016-12-30"
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from index.article import Article
from index.errors import BuildRefused
from index.reading.datestamp import stated_date
from index.reading.mend import clean_text

FILE = "articles.toml"
MAX_BYTES = 10 * 1024 * 1024
FIELDS = ("title", "author", "publisher", "published", "url")
OTHERS = ("fetched",)  # kept by `index add`


@dataclass(frozen=True)
class Correction:
    """What articles.toml says of a document: pairs of a field's name and its value, "" to empty it."""

    fields: tuple[tuple[str, str], ...] = ()

    def digest(self, data: bytes) -> str:
        """The sha256 of a document's bytes with what is said of it: either may change."""
        known = hashlib.sha256(data)
        if self.fields:
            known.update(repr(self.fields).encode("utf-8"))
        return known.hexdigest()

    def apply(self, article: Article) -> Article:
        """The article with these metadata, whose provenance is articles.toml."""
        if not self.fields:
            return article
        origins = {name: FILE if value else "" for name, value in self.fields}
        values: dict[str, Any] = dict(self.fields)
        return replace(article, provenance=replace(article.provenance, **origins), **values)


NONE = Correction()


def corrections(folder: Path) -> Mapping[str, Correction]:
    """What the articles.toml of a folder says, by the documents' ids. Raises BuildRefused where it is no good."""
    file = folder / FILE
    if not file.is_file():
        return {}
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES // 1024**2} MiB")
        told = tomllib.loads(file.read_bytes().decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BuildRefused(f"{file} cannot be read: {error}. Correct it, or take it away.") from error
    return {id: Correction(tuple(_fields(file, id, entry))) for id, entry in told.items()}


def _fields(file: Path, id: str, entry: object) -> list[tuple[str, str]]:
    if not isinstance(entry, dict):
        raise BuildRefused(f'{file}: “{id}” is no article. Name each in a line of its own: ["reports/2016.pdf"].')
    unknown = [str(name) for name in entry if name not in (*FIELDS, *OTHERS)]
    if unknown and isinstance(entry[unknown[0]], dict):  # [a.md] without quotes is md within a
        raise BuildRefused(f'{file}: Quote names with dots: ["{id}.{unknown[0]}"].')
    if unknown:
        raise BuildRefused(f'{file}: ["{id}"] has “{unknown[0]}”; it may only have {", ".join(FIELDS)}.')
    values = [(name, _value(file, id, name, entry[name])) for name in FIELDS if name in entry]
    return [(name, value) for name, value in values if value or name != "title"]


def _value(file: Path, id: str, name: str, value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = " and ".join(value)
    if isinstance(value, date):
        value = value.isoformat()[:10]
    if not isinstance(value, str):
        raise BuildRefused(f'{file}: {name} of ["{id}"] is no text. Put it in quotes.')
    text = " ".join(clean_text(value).split())[:500]
    if name == "published" and text and not stated_date(text):
        raise BuildRefused(f'{file}: published of ["{id}"] is no date like 2016-09-12, 2016-09 or 2016.')
    return stated_date(text) if name == "published" else text
