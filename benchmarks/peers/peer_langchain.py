"""LangChain: FAISS and BM25 joined by an ensemble; BM25 cannot be saved and is made anew at every start."""

from __future__ import annotations

from pathlib import Path

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from running import MODEL, WANTED, Search, Texts, run


def embeddings() -> HuggingFaceEmbeddings:
    normal = {"normalize_embeddings": True}
    return HuggingFaceEmbeddings(model_name=MODEL, model_kwargs={"device": "cpu"}, encode_kwargs=normal)


def index(texts: Texts, folder: Path) -> None:
    documents = [Document(text, id=id) for id, text in texts]
    FAISS.from_documents(documents, embeddings()).save_local(str(folder))
    BM25Retriever.from_documents(documents)


def open_index(folder: Path) -> Search:
    # Its own format is a pickle, which is safe only because it was written a moment ago.
    store = FAISS.load_local(str(folder), embeddings(), allow_dangerous_deserialization=True)
    documents = list(store.docstore._dict.values())
    words = BM25Retriever.from_documents(documents, k=WANTED)
    both = EnsembleRetriever(retrievers=[store.as_retriever(search_kwargs={"k": WANTED}), words], weights=[0.5, 0.5])
    return lambda question: [each.page_content for each in both.invoke(question)][:WANTED]


if __name__ == "__main__":
    run(index, open_index)
