"""LlamaIndex: FAISS and bm25s fused by reciprocal rank."""

from __future__ import annotations

from pathlib import Path

import faiss
from llama_index.core import Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore
from running import MODEL, WANTED, Search, Texts, run

DIMENSION = 384


def settle() -> None:
    Settings.llm = MockLLM()
    Settings.embed_model = HuggingFaceEmbedding(model_name=MODEL, device="cpu", normalize=True)


def index(texts: Texts, folder: Path) -> None:
    settle()
    nodes = [TextNode(id_=id, text=text) for id, text in texts]
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(DIMENSION))
    context = StorageContext.from_defaults(vector_store=store)
    VectorStoreIndex(nodes, storage_context=context).storage_context.persist(str(folder))
    BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=WANTED).persist(str(folder / "bm25"))


def open_index(folder: Path) -> Search:
    settle()
    store = FaissVectorStore.from_persist_dir(str(folder))
    loaded = load_index_from_storage(StorageContext.from_defaults(vector_store=store, persist_dir=str(folder)))
    words = BM25Retriever.from_persist_dir(str(folder / "bm25"))
    both = QueryFusionRetriever(
        [loaded.as_retriever(similarity_top_k=WANTED), words],
        similarity_top_k=WANTED, num_queries=1, mode="reciprocal_rerank", use_async=False,
    )  # fmt: skip
    return lambda question: [each.node.get_content() for each in both.retrieve(question)]


if __name__ == "__main__":
    run(index, open_index)
