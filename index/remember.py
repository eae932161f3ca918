"""Texts go in, their vectors come out; those of the texts met lately are remembered instead of computed again.

A question meets the same texts several times, and many questions meet the same sentences: half of an answer's work.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from index.encode import Vectors

MOST = 16_384  # texts; with vectors of 384 numbers about 30 MB


class Remembering:
    """Encodes what it does not remember; the texts met least lately are forgotten first. Safe from several threads."""

    def __init__(self, encode: Callable[[list[str]], Vectors], most: int = MOST) -> None:
        self._encode = encode
        self._most = most
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: list[str]) -> Vectors:
        """Return one unit vector for each text, shape (n, dimension)."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        if not found:
            vectors = self._encode(texts)
            self._keep(zip(texts, vectors, strict=True))
            return vectors
        new = list(dict.fromkeys(text for text in texts if text not in found))
        found |= zip(new, self._encode(new), strict=True)
        self._keep(found.items())
        return np.stack([found[text] for text in texts])

    def _keep(self, found: Iterable[tuple[str, NDArray[np.float32]]]) -> None:
        with self._lock:
            for text, vector in found:
                self._known[text] = vector.copy()  # a row alone would hold its whole batch in memory
                self._known.move_to_end(text)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
