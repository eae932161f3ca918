"""txtai: FAISS and BM25, contents in SQLite, as its documentation sets up hybrid search."""

from __future__ import annotations

from pathlib import Path

from running import MODEL, WANTED, Search, Texts, run
from txtai import Embeddings


def index(texts: Texts, folder: Path) -> None:
    embeddings = Embeddings(path=MODEL, hybrid=True, content=True, gpu=False)
    embeddings.index((id, text, None) for id, text in texts)
    embeddings.save(str(folder))


def open_index(folder: Path) -> Search:
    embeddings = Embeddings()
    embeddings.load(str(folder))
    return lambda question: [each["text"] for each in embeddings.search(question, WANTED)]


if __name__ == "__main__":
    run(index, open_index)
