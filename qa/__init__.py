"""From a question to an answer in the articles' own words, every sentence cited.

from qa import ask, retrieve
answer = ask("why did the September 2016 truce fail?")
hits = retrieve("why did the September 2016 truce fail?", k=5)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.errors import IndexDamaged, IndexMismatch, IndexMissing, QuotedError
    from qa.answer import Answer, Citation, Hit
    from qa.asking import ask
    from qa.errors import BadQuestion
    from qa.retrieval import retrieve

# Each public name and its module: models are imported when something is asked, not for --help.
_HOMES = {
    "Answer": "qa.answer",
    "BadQuestion": "qa.errors",
    "Citation": "qa.answer",
    "Hit": "qa.answer",
    "IndexDamaged": "index.errors",
    "IndexMismatch": "index.errors",
    "IndexMissing": "index.errors",
    "QuotedError": "index.errors",
    "ask": "qa.asking",
    "retrieve": "qa.retrieval",
}

__all__ = [
    "Answer",
    "BadQuestion",
    "Citation",
    "Hit",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "QuotedError",
    "ask",
    "retrieve",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
