"""Haystack: its in-memory store with embeddings and BM25, joined by reciprocal rank."""

from __future__ import annotations

from pathlib import Path

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from running import MODEL, WANTED, Search, Texts, run

CPU = ComponentDevice.from_str("cpu")


def index(texts: Texts, folder: Path) -> None:
    embedder = SentenceTransformersDocumentEmbedder(
        model=MODEL, device=CPU, normalize_embeddings=True, progress_bar=False
    )
    embedder.warm_up()
    store = InMemoryDocumentStore()
    store.write_documents(embedder.run([Document(id=id, content=text) for id, text in texts])["documents"])
    folder.mkdir(parents=True, exist_ok=True)
    store.save_to_disk(str(folder / "store.json"))


def open_index(folder: Path) -> Search:
    store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
    embedder = SentenceTransformersTextEmbedder(model=MODEL, device=CPU, normalize_embeddings=True, progress_bar=False)
    embedder.warm_up()
    near = InMemoryEmbeddingRetriever(store, top_k=WANTED)
    words = InMemoryBM25Retriever(store, top_k=WANTED)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=WANTED)

    def search(question: str) -> list[str]:
        found = near.run(query_embedding=embedder.run(question)["embedding"])["documents"]
        joined = joiner.run([found, words.run(query=question)["documents"]])["documents"]
        return [each.content for each in joined]

    return search


if __name__ == "__main__":
    run(index, open_index)
