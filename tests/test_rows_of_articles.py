"""The rows of some articles, of which there may be few or many: both ways of finding them give the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import index.store
from index.article import Article, Passage
from index.store import Store, StoredFile, StoreWriter


def test_few_articles_and_many_have_their_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = StoreWriter(tmp_path / "s")
    for number in range(9):  # every third text is that of the article before
        article = Article(f"{number}.txt", "Some text.")
        rows = [number - (number % 3 == 2), 20 + number]
        passages = [(row, Passage(article, place, place + 3)) for place, row in enumerate(rows)]
        writer.add(article, StoredFile(article.id, "f", "t"), passages)
    writer.finish()
    store = Store(tmp_path / "s")
    wanted = frozenset(("1.txt", "2.txt", "7.txt", "none.txt"))
    few = store.rows_of(wanted)
    monkeypatch.setattr(index.store, "AT_A_TIME", 2)
    assert list(few) == [1, 7, 21, 22, 27] and np.array_equal(store.rows_of(wanted), few)
    assert [each.id for each in store.files()] == [f"{number}.txt" for number in range(9)]
    assert [each.passages for each in store.summaries()] == [2] * 9 and store.repeated_texts() == {"t": "0.txt"}
