"""Texts go in, unit vectors come out; by OpenVINO where it can, else, or with CUDA, by sentence-transformers."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderUnavailable
from index.find_model import DEFAULT_ENCODER, folder_digest, is_plain_bert, known_as, max_tokens, model_folder
from index.run_model import CompiledModel, kept_model, save_converted
from index.share import filled

os.environ.setdefault("HF_HUB_OFFLINE", "1")

# Padded word pieces of one batch: what is computed of more leaves the processor's caches ("Speed" in
# benchmarks/README.md). A question brings fewer, so it takes one core; what is indexed makes several batches for all.
BATCH_TOKENS = 2048

CONVERSION = 1  # goes up with every change to what `_convert` makes, so that nothing made before is used
CPU, CUDA = "cpu", "cuda"
NVIDIA_DRIVER = (Path("/dev/nvidiactl"), Path("/proc/driver/nvidia"))

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class EncoderCard:
    """What an index must know of its encoder: vectors of two digests cannot be compared."""

    name: str
    digest: str
    precision: str
    dimension: int


class Encoder(Protocol):
    """Turns texts into unit vectors of shape (n, dimension), float32."""

    card: EncoderCard

    def encode(self, texts: list[str]) -> Vectors:
        """Return one unit vector for each passage or sentence; texts beyond the model's length are cut there."""

    def encode_questions(self, questions: list[str]) -> Vectors:
        """Return one unit vector for each question; some models read a question otherwise than what may answer it."""

    def count(self, texts: list[str]) -> list[int]:
        """Return the number of the model's tokens in each text, without special tokens."""


@cache
def load_encoder(name: str = DEFAULT_ENCODER) -> Encoder:
    """Load a sentence-transformers model by name or path.

    A BERT with mean pooling and normalisation, as all-MiniLM-L6-v2 is, runs through OpenVINO, 2 to 3.4 times faster
    than through torch on an ordinary processor; every other model, also one that puts a prompt before its texts, runs
    through sentence-transformers as it is, and so does every model where there is a CUDA device, on that.
    Raises EncoderUnavailable.
    """
    folder = model_folder(name)
    try:
        device, digest = _device(), folder_digest(folder)
        if device == CPU and is_plain_bert(folder):
            return _CompiledEncoder(known_as(name), folder, digest)
        return _TorchEncoder(known_as(name), folder, digest, device)
    except Exception as error:  # a folder of somebody's own may be broken in any way; the libraries raise anything
        raise EncoderUnavailable(f"The encoder in {folder} cannot be loaded: {error}") from error


def _device() -> str:
    """Where torch computes; it is asked only where there is a driver, because importing it takes seconds."""
    if not any(file.exists() for file in NVIDIA_DRIVER):
        return CPU
    import torch

    return CUDA if torch.cuda.is_available() else CPU


class _CompiledEncoder:
    """A BERT run by OpenVINO, pooled and normalised in float32."""

    def __init__(self, name: str, folder: Path, digest: str) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._limit = max_tokens(folder)
        self._model = CompiledModel(kept_model(f"{digest[:24]}-{CONVERSION}", partial(_convert, folder)))
        self.card = EncoderCard(name, digest, self._model.precision, int(self._model.width.get_length()))

    def encode(self, texts: list[str]) -> Vectors:
        vectors = np.empty((len(texts), self.card.dimension), dtype=np.float32)
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]
        ids = [each if len(each) <= self._limit else [*each[: self._limit - 1], each[-1]] for each in ids]
        batches = _batches([len(each) for each in ids])
        outputs = self._model.run_all([_padded([ids[row] for row in batch]) for batch in batches])
        for batch, (pooled, *_) in zip(batches, outputs, strict=True):
            vectors[batch] = pooled
        return vectors

    def encode_questions(self, questions: list[str]) -> Vectors:
        return self.encode(questions)

    def count(self, texts: list[str]) -> list[int]:
        return [len(encoding) for encoding in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]


def _padded(ids: list[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Token ids and mask of one batch, both of shape (rows, longest, filled up)."""
    tokens = np.zeros((len(ids), filled(max(map(len, ids)))), dtype=np.int64)
    mask = np.zeros_like(tokens)
    for row, each in enumerate(ids):
        tokens[row, : len(each)] = each
        mask[row, : len(each)] = 1
    return tokens, mask


def _batches(lengths: list[int]) -> list[list[int]]:
    """Group rows of like length into batches of at most BATCH_TOKENS padded tokens, longest first."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batches and (len(batches[-1]) + 1) * filled(lengths[batches[-1][0]]) <= BATCH_TOKENS:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


class _TorchEncoder:
    """A sentence-transformers model run by sentence-transformers, in float32 on either device."""

    def __init__(self, name: str, folder: Path, digest: str, device: str) -> None:
        self._model = _sentence_transformer(folder, device)
        self._lock = threading.Lock()
        self.card = EncoderCard(name, digest, "f32", int(self._model.get_embedding_dimension()))

    def encode(self, texts: list[str]) -> Vectors:
        return self._run(self._model.encode_document, texts)

    def encode_questions(self, questions: list[str]) -> Vectors:
        return self._run(self._model.encode_query, questions)

    def _run(self, encode: Callable[..., object], texts: list[str]) -> Vectors:
        with self._lock:
            vectors = encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.card.dimension)

    def count(self, texts: list[str]) -> list[int]:
        if not texts:
            return []
        return [len(ids) for ids in self._model.tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"]]


def _sentence_transformer(folder: Path, device: str = CPU, **settings: object) -> Any:  # noqa: ANN401 - sentence-transformers has no types
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # its remarks on our settings read like faults of ours
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(str(folder), device=device, trust_remote_code=False, model_kwargs=settings)


def _convert(folder: Path, into: Path) -> None:
    model = _sentence_transformer(folder, attn_implementation="eager")
    example = model.tokenizer(["a short text", "and a somewhat longer one"], padding=True, return_tensors="pt")
    inputs = {name: example[name] for name in ("input_ids", "attention_mask")}
    save_converted(_pooled(model[0].model.eval()), inputs, into)


def _pooled(transformer: Any) -> Any:  # noqa: ANN401 - torch is imported only to convert
    """Wrap a transformer so that it gives mean-pooled unit vectors, both steps in float32."""
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
            weight = attention_mask.unsqueeze(-1).float()
            mean = (hidden * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    return Pooled()
