"""The environment goes in, the folders that are used where none is named come out, and the names inside an index."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ARTICLES_FILE = "articles.sqlite"
VECTORS_FILE = "vectors.faiss"
CODES_FILE = "codes.faiss"  # beside the vectors where there are many
WORDS_FOLDER = "words"


def default_index_dir() -> Path:
    """The index that is used where none is named: QUOTED_INDEX, else the project's index/built."""
    return Path(os.environ.get("QUOTED_INDEX") or PROJECT / "index" / "built")


def default_articles() -> Path:
    """The folder that is indexed where none is named: QUOTED_ARTICLES, else the project's seeds."""
    return Path(os.environ.get("QUOTED_ARTICLES") or PROJECT / "seeds")


def is_same_folder(one: Path | str, other: Path | str) -> bool:
    """Whether two paths lead to one folder, however they are spelt."""
    return Path(one).resolve() == Path(other).resolve()
