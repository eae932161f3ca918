"""From a folder of articles to an index that can be searched.

from index import build_index, open_index
report = build_index("my/articles", "my/index")
article = open_index("my/index").article("some-article.md")
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

os.environ.setdefault("HF_HUB_OFFLINE", "1")

if TYPE_CHECKING:
    from index.article import Article, Passage, Provenance, Span
    from index.build import build_index
    from index.errors import (
        BuildRefused,
        EncoderUnavailable,
        IndexDamaged,
        IndexMismatch,
        IndexMissing,
        QuotedError,
    )
    from index.opening import Index, open_index
    from index.report import DocumentReport, Report

# Each public name and its module: FAISS and OpenVINO are imported when something is built or opened, not for --help.
_HOMES = {
    "Article": "article",
    "BuildRefused": "errors",
    "DocumentReport": "report",
    "EncoderUnavailable": "errors",
    "Index": "opening",
    "IndexDamaged": "errors",
    "IndexMismatch": "errors",
    "IndexMissing": "errors",
    "Passage": "article",
    "Provenance": "article",
    "QuotedError": "errors",
    "Report": "report",
    "Span": "article",
    "build_index": "build",
    "open_index": "opening",
}

__all__ = [
    "Article",
    "BuildRefused",
    "DocumentReport",
    "EncoderUnavailable",
    "Index",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "Passage",
    "Provenance",
    "QuotedError",
    "Report",
    "Span",
    "build_index",
    "open_index",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    return getattr(import_module(f"index.{_HOMES[name]}"), name)
