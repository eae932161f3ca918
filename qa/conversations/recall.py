"""An answer's JSON goes in, what is needed to show it again comes out; no index is asked, so old answers stay."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, TypeVar, cast

from index.article import Provenance, Span
from qa.answer import Around, Citation, Why

T = TypeVar("T")


@dataclass(frozen=True)
class Excerpt:
    """A passage that was found, with what is known of its article; `text` is a copy, for the article may have gone."""

    article: str
    title: str
    author: str
    publisher: str
    published: str
    url: str
    start: int
    end: int
    text: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recalled:
    """An answer as it was given: the fields of Answer, but its passages are excerpts."""

    id: str
    question: str
    query: str
    found: bool
    coverage: str
    confidence: float
    text: str
    citations: tuple[Citation, ...]
    passages: tuple[Excerpt, ...]
    generation: int
    seconds: float
    missing: tuple[str, ...] = ()


@lru_cache(maxsize=128)  # a page shows the turns of its conversation again and again
def recall(answer: str) -> Recalled:
    """Read what qa.render.as_json wrote, now or in an earlier version, whose missing fields have their defaults.

    Raises ValueError where it is no answer's JSON.
    """
    try:
        value = json.loads(answer)
        citations = tuple(_citation(each) for each in value["citations"])
        passages = tuple(_made(Excerpt, _tuples(each["passage"])) for each in value["passages"])
        return _made(Recalled, _tuples(value) | {"citations": citations, "passages": passages})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"This is no answer's JSON: {error}") from error


def _citation(value: dict[str, Any]) -> Citation:
    parts = {
        "marks": tuple(_made(Span, each) for each in value.get("marks") or ()),
        "why": _made(Why, _tuples(value["why"])) if value.get("why") else None,
        "around": _made(Around, value.get("around") or {}),
        "provenance": _made(Provenance, value.get("provenance") or {}),
    }
    return _made(Citation, _tuples(value) | parts)


def _tuples(value: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(each) if isinstance(each, list) else each for name, each in value.items()}


def _made(kind: type[T], value: dict[str, Any]) -> T:
    """Make a dataclass of what it knows of a value."""
    known = {each.name for each in fields(cast(Any, kind))}
    return kind(**{name: each for name, each in value.items() if name in known})
