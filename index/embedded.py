"""Text digests with their vectors go into a file that outlives a killed or interrupted build, and come out of it again.

The file is a row of equal records: digest, vector, and a checksum of both. What a kill or a bad disk leaves broken is
left out; the texts concerned are embedded again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encode import EncoderCard, Vectors

PREFIX = "embedded-"
DIGEST_BYTES = 32
CHECKSUM_BYTES = 16
AT_A_TIME = 1024  # records read at once


def remove_embedded(index_dir: Path) -> None:
    """Forget what was embedded: it is published, or nothing is to be built."""
    for file in index_dir.glob(f"{PREFIX}*"):
        file.unlink()


class EmbeddedFile:
    """The vectors that builds have embedded since the last publication. One builder uses it at a time."""

    def __init__(self, index_dir: Path, encoder: EncoderCard) -> None:
        self._file = index_dir / f"{PREFIX}{encoder.digest[:16]}-{encoder.precision}"
        self._dimension = encoder.dimension
        self._key = bytes.fromhex(encoder.digest)
        self._size = DIGEST_BYTES + 4 * encoder.dimension + CHECKSUM_BYTES
        for other in set(index_dir.glob(f"{PREFIX}*")) - {self._file}:
            other.unlink()
        self._stream = self._file.open("a+b")
        self._stream.truncate(self._file.stat().st_size // self._size * self._size)  # a kill may have cut the last one
        self._records = self._whole_records()
        self._count = self._file.stat().st_size // self._size

    def find(self, digest: bytes) -> int | None:
        """Return the record that holds the vector of a text, by the text's digest, or None."""
        return self._records.get(digest)

    def append(self, digests: Sequence[bytes], vectors: Vectors) -> range:
        """Store vectors, shape (texts, dimension), and return their records."""
        for digest, vector in zip(digests, vectors, strict=True):
            content = digest + vector.astype("<f4").tobytes()
            self._stream.write(content + self._checksum(content))
        self._stream.flush()
        first, self._count = self._count, self._count + len(digests)
        return range(first, self._count)

    def vector(self, record: int) -> Vectors:
        """Return the vector of a record. Raises OSError where it is not as it was stored."""
        found = os.pread(self._stream.fileno(), self._size, record * self._size)
        if not self._is_whole(found):
            raise OSError(f"{self._file.name} was not stored as written")
        return np.frombuffer(found, "<f4", self._dimension, DIGEST_BYTES).astype(np.float32)

    def close(self) -> None:
        """Let go of the file; the next build goes on with it."""
        self._stream.close()

    def _whole_records(self) -> dict[bytes, int]:
        records: dict[bytes, int] = {}
        self._stream.seek(0)
        number = 0
        while block := self._stream.read(AT_A_TIME * self._size):
            for start in range(0, len(block), self._size):
                record = block[start : start + self._size]
                if self._is_whole(record):
                    records[record[:DIGEST_BYTES]] = number
                number += 1
        return records

    def _is_whole(self, record: bytes) -> bool:
        return len(record) == self._size and record[-CHECKSUM_BYTES:] == self._checksum(record[:-CHECKSUM_BYTES])

    def _checksum(self, content: bytes) -> bytes:
        return hashlib.blake2b(content, digest_size=CHECKSUM_BYTES, key=self._key).digest()
