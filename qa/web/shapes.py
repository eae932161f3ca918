"""What programs get, as types: Gradio makes the schemas from them that /gradio_api/info shows."""

from __future__ import annotations

from typing import TypedDict

from index.article import Span
from qa.answer import Citation


class PassageFields(TypedDict):
    """A passage as programs get it; `text` is what stands in its article from `start` to `end`."""

    article: str
    title: str
    author: str
    publisher: str
    published: str
    url: str
    start: int
    end: int
    text: str
    sentences: list[Span]
    also: list[str]


class HitFields(TypedDict):
    """A passage that was found."""

    passage: PassageFields
    score: float
    dense_rank: int | None
    lexical_rank: int | None
    cosine: float


class AnswerFields(TypedDict):
    """An answer as programs get it."""

    id: str
    question: str
    query: str
    found: bool
    coverage: str
    confidence: float
    text: str
    citations: list[Citation]
    passages: list[HitFields]
    generation: int
    seconds: float
    missing: list[str]


class FailureFields(TypedDict):
    """A document that was not indexed; its path is not called so, because Gradio's clients would fetch the file."""

    article: str
    reason: str
    detail: str


class StatusFields(TypedDict):
    """How the index stands; `changed` counts the files that differ from it, `trouble` says why it is not up to date."""

    generation: int
    built: str
    encoder: str
    documents: int
    passages: int
    failed: list[FailureFields]
    changed: int
    trouble: str
