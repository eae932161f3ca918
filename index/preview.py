"""A file goes in; what an index would hold of it comes out, read as a build reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from index.correct import NONE, corrections
from index.reading.isolate import Reader
from index.reading.read import Reading
from index.scan import read_bytes


def preview(file: Path) -> Reading:
    """Read one file with what the articles.toml beside it says. Raises Unreadable or BuildRefused."""
    place = file.absolute()
    data = read_bytes(place.parent, place.name)
    correction = corrections(place.parent).get(place.name, NONE)
    with Reader() as reader:
        reading = reader.read(place.name, data)
    return replace(reading, article=correction.apply(reading.article))
