"""sentence-transformers in float32 and FAISS: what everybody starts from. It finds by vectors alone."""

from __future__ import annotations

import json
from pathlib import Path

import faiss
from running import MODEL, WANTED, Search, Texts, run
from sentence_transformers import SentenceTransformer


def index(texts: Texts, folder: Path) -> None:
    vectors = _model().encode([text for _, text in texts], normalize_embeddings=True, show_progress_bar=False)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    folder.mkdir()
    faiss.write_index(flat, str(folder / "vectors.faiss"))
    (folder / "texts.json").write_text(json.dumps([text for _, text in texts]))


def open_index(folder: Path) -> Search:
    flat, texts, model = faiss.read_index(str(folder / "vectors.faiss")), _texts(folder), _model()

    def search(question: str) -> list[str]:
        _, rows = flat.search(model.encode([question], normalize_embeddings=True, show_progress_bar=False), WANTED)
        return [texts[row] for row in rows[0]]

    return search


def _texts(folder: Path) -> list[str]:
    texts: list[str] = json.loads((folder / "texts.json").read_text())
    return texts


def _model() -> SentenceTransformer:
    return SentenceTransformer(MODEL, device="cpu")


if __name__ == "__main__":
    run(index, open_index)
