"""The judge's network: the encoder's layers with small heads, loaded from weights, saved, and converted for use."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModel
from transformers.utils import logging

from index.run_model import save_converted
from qa.reader.passage_reader import BASE, Batch, ReadPassage, collate, lay_out

TOKEN_TYPES = 4
SETTINGS = {"attn_implementation": "eager", "attention_probs_dropout_prob": 0.0, "add_pooling_layer": False}


class Logits(NamedTuple):
    """Logits of a batch: `sentences` (rows, sentences), `nothing` (rows), `carry` (rows, tokens) that a word of an
    earlier turn is leaned on, `span` (rows, tokens, 3) that the answer starts, ends and goes on at a token.
    """

    sentences: Tensor
    nothing: Tensor
    carry: Tensor
    span: Tensor


class Judge(nn.Module):
    """MiniLM read jointly over question and passage, with heads for sentences, for "nothing answers", for spans and for
    the words of earlier turns that a question leans on."""

    def __init__(self) -> None:
        super().__init__()
        # Its remarks on what of the base model is not used read like faults of ours.
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        encoder = AutoModel.from_pretrained(str(BASE), **SETTINGS)
        width = int(encoder.config.hidden_size)
        first = encoder.embeddings.token_type_embeddings.weight.data[0]
        encoder.embeddings.token_type_embeddings = nn.Embedding(TOKEN_TYPES, width)
        encoder.embeddings.token_type_embeddings.weight.data[:] = first
        # Frozen: what is trained fits in 22 MB, and words never seen in training keep their meaning.
        encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        self.encoder = encoder
        self.span, self.sentence, self.nothing = nn.Linear(width, 3), nn.Linear(width, 1), nn.Linear(width, 1)
        self.carry = nn.Linear(width, 1)
        self.align, self.scale = nn.Linear(width, width), nn.Parameter(torch.tensor(8.0))
        for head in (self.span, self.sentence, self.nothing, self.carry):
            nn.init.normal_(head.weight, std=0.005)
            nn.init.zeros_(head.bias)
        nn.init.eye_(self.align.weight)
        nn.init.zeros_(self.align.bias)

    def read(self, ids: Tensor, mask: Tensor, types: Tensor, pool: Tensor, question: Tensor) -> Logits:
        """Read a batch."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state.float()
        span = self.span(hidden)
        sentence = torch.bmm(pool, hidden)
        asked = self.align(torch.bmm(question[:, None, :], hidden))
        cosine = (nn.functional.normalize(sentence, dim=-1) * nn.functional.normalize(asked, dim=-1)).sum(-1)
        peak = (span[:, None, :, 2] + (pool <= 0).float() * -30.0).amax(-1)
        scores = self.sentence(sentence)[..., 0] + self.scale * cosine + peak
        nothing = self.nothing(hidden[:, 0])[:, 0] + self.scale * 0.5
        return Logits(scores, nothing, self.carry(hidden)[..., 0], span)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor, pool: Tensor, question: Tensor) -> Logits:
        """The same, as a network's conversion calls it."""
        return self.read(ids, mask, types, pool, question)


def tensors(batch: Batch) -> tuple[Tensor, ...]:
    """The inputs of the network, in their order."""
    return tuple(map(torch.from_numpy, (batch.ids, batch.mask, batch.types, batch.pool, batch.question)))


def save(judge: Judge, file: Path) -> None:
    """Write what was trained, as bfloat16; the word embeddings stay those of the base model."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in judge.state_dict().items() if "word_embeddings" not in name}
    save_file({name: value.bfloat16().contiguous() for name, value in kept.items()}, file)


def load(file: Path) -> Judge:
    """Read a judge written by `save`. Raises ValueError where the file holds another network."""
    judge = Judge()
    weights = {name: value.float() for name, value in load_file(file).items()}
    missing, unknown = judge.load_state_dict(weights, strict=False)
    if unknown or any("word_embeddings" not in name and "position_ids" not in name for name in missing):
        raise ValueError(f"{file} holds another network: missing {missing}, unknown {unknown}.")
    return judge.eval()


def mean(judges: list[Judge]) -> Judge:
    """A judge whose every weight is the mean of theirs."""
    states = [judge.state_dict() for judge in judges]
    whole = Judge()
    whole.load_state_dict(
        {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}, strict=False
    )
    return whole


def convert(weights: Path, into: Path) -> None:
    """Convert trained weights to a folder of `index.run_model`."""
    passages = [ReadPassage("Title", ("A short one.", "And one more sentence.")), ReadPassage("", ("One.",))]
    batch = collate([lay_out("what is asked?", passage) for passage in passages])
    save_converted(load(weights), tensors(batch), into)
