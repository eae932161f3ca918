"""Unit vectors go into FAISS files, and rows ranked by cosine come out of them; the only module that imports faiss."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encode import Vectors
from index.places import CODES_FILE

SPARE_BYTES = 1024**2  # that a small file may unfold to
EXACT_BELOW = 20_000  # rows; from there on codes are searched first: "Vectors by size" in benchmarks/README.md
SHORTLIST = 20  # rows whose vectors are compared, for each row wanted: among a million mixed vectors 4 find .97
CENTRED_ON = 65_536  # rows whose mean the codes are centred on
CODED_AT_A_TIME = 4096
_READING = threading.Lock()  # FAISS has one limit for all threads


@dataclass(frozen=True)
class Ranked:
    """A row of the index and its score in one search; higher is better."""

    row: int
    score: float


class VectorFile:
    """An opened file of vectors. Searching is safe from several threads; nothing is ever added.

    Mapped, not read: opening costs no memory, a build that finds nothing changed never touches the vectors, and
    processes share the pages. The files may be removed while they are open.
    """

    def __init__(self, file: Path) -> None:
        self._index = _read(file)
        self._codes = None
        if isinstance(self._index, faiss.IndexScalarQuantizer):
            self._codes = _read(file.with_name(CODES_FILE))
            self._shortlisted = faiss.IndexRefine(self._codes, self._index)

    def search(self, vector: Vectors, k: int, rows: NDArray[np.int64] | None = None) -> list[Ranked]:
        """Return the `k` rows nearest to `vector`, shape (dimension,), by cosine; exactly where `rows` are given.

        Every score is exact for the vectors of the file. Equal scores come in the order of their rows, which FAISS
        itself does not promise.
        """
        if not self._index.ntotal:
            return []
        faiss.omp_set_num_threads(1)  # OpenMP keeps this number for each thread that asks
        query, k = vector.reshape(1, -1), min(k, self._index.ntotal)
        if rows is not None:
            scores, found = self._index.search(query, k, params=_only(rows, self._index.ntotal))
        elif self._codes is not None:
            params = faiss.IndexRefineSearchParameters(k_factor=SHORTLIST)  # type: ignore[call-arg]
            scores, found = self._shortlisted.search(query, k, params=params)
        else:
            scores, found = self._index.search(query, k)
        pairs = [Ranked(int(row), float(score)) for row, score in zip(found[0], scores[0], strict=True) if row >= 0]
        return sorted(pairs, key=lambda ranked: (-ranked.score, ranked.row))

    def cosines(self, vector: Vectors, rows: list[int]) -> list[float]:
        """Return the cosine of a unit vector and that of each of `rows`."""
        if not rows:
            return []
        return [float(cosine) for cosine in self.rows(np.array(rows, dtype=np.int64)) @ vector]

    def rows(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors of `rows`, shape (rows, dimension)."""
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)


def _read(file: Path) -> faiss.Index:
    """Map a file; a damaged one must not make FAISS ask for much more memory than the file has bytes."""
    with _READING:
        faiss.set_deserialization_vector_byte_limit(2 * file.stat().st_size + SPARE_BYTES)
        return faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)


def _only(rows: NDArray[np.int64], total: int) -> faiss.SearchParameters:
    allowed = np.zeros(total, dtype=bool)
    allowed[rows] = True
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[arg-type,call-arg]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]


def write_vectors(file: Path, dimension: int, rows: int, chunks: Iterable[Vectors]) -> None:
    """Write `rows` vectors, given in `chunks` of shape (any, dimension), for searching by inner product.

    Fewer than EXACT_BELOW are kept and searched as they are. More are kept in half precision, which rounding again
    does not change, so vectors carried over from build to build stay those of a build from nothing; and one bit of
    each number goes into a second file beside it, by which a search finds the rows that are worth comparing.
    """
    if rows < EXACT_BELOW:
        _write(file, faiss.IndexFlatIP(dimension), "<f4", rows, chunks)
        return
    halves = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    _write(file, halves, "<f2", rows, chunks)
    _write_codes(file)


def _write(file: Path, empty: faiss.Index, number: str, rows: int, chunks: Iterable[Vectors]) -> None:
    """Write what FAISS itself would write, byte for byte, but never hold it in memory as a whole.

    FAISS's header of such an empty index ends in the size of what follows, in numbers for floats, in bytes for halves;
    its bytes 8 to 16 hold the number of vectors.
    """
    header = bytearray(faiss.serialize_index(empty).tobytes())
    size = rows * empty.d * (1 if isinstance(empty, faiss.IndexFlatIP) else 2)
    header[8:16] = rows.to_bytes(8, "little")
    header[-8:] = size.to_bytes(8, "little")
    with file.open("wb") as stream:
        stream.write(header)
        for chunk in chunks:
            stream.write(np.ascontiguousarray(chunk, dtype=number).data)


def _write_codes(file: Path) -> None:
    """Code the vectors of a file as they lie on the disk, so that the same vectors always have the same codes."""
    vectors = _read(file)
    total = vectors.ntotal
    codes = faiss.IndexRaBitQFastScan(vectors.d, faiss.METRIC_INNER_PRODUCT)
    codes.train(vectors.reconstruct_batch(np.arange(0, total, -(-total // CENTRED_ON), dtype=np.int64)))
    for start in range(0, total, CODED_AT_A_TIME):
        codes.add(vectors.reconstruct_n(start, min(CODED_AT_A_TIME, total - start)))
    # Written by us: FAISS may call a file stored that a full disk has cut.
    file.with_name(CODES_FILE).write_bytes(faiss.serialize_index(codes).data)
