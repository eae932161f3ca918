"""A question and passages go in, how far each sentence answers it, and by which words, comes out of the trained model.

Of a question and the turns before it, the same model tells which of their words the question leans on.

The model sees one passage (a run of sentences of one article) at a time:

    [CLS] question [SEP] heading [SEP] sentence 1 sentence 2 ... [SEP]          (without a heading: no "heading [SEP]")

Token types: 0 question, 1 question token that also stands in the heading or a sentence, 2 everything else, 3 token
outside the question that also stands in it; stop tokens never match. How it was trained: qa/training/MODEL_CARD.md.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.article import Span
from index.files import file_digest
from index.find_model import DEFAULT_ENCODER, model_folder
from index.run_model import CompiledModel, kept_model
from index.share import filled

WEIGHTS = Path(__file__).resolve().parent / "judge.safetensors"
BASE = model_folder(DEFAULT_ENCODER)  # gives the tokens and the word embeddings, which stayed as they are
MAX_TOKENS, MAX_QUESTION, MAX_HEADING, MAX_SENTENCE, MIN_SENTENCE = 300, 64, 16, 120, 8
CONVERSION = 2  # goes up with every change to what qa/reader/judge_network.py converts the weights to
POSITIONS = 512  # tokens that the model can tell apart by their place
UNREAD = -20.0
MAX_ANSWER = 14  # tokens of the words that answer
CLS, SEP = 101, 102
STOP_WORDS = (
    "the a an of in on at to for and or is are was were be been did do does that which who what when where why how "
    "with by from as it its his her their they he she this these those has have had not ? . , ' \" - ( ) : ; s `"
)
MAX_TURN, MAX_TURNS = 60, 200  # words of one earlier turn, tokens of all
_LOADING = threading.Lock()
TURNS_HEADING = "earlier questions"
WORD = re.compile(r"\w+(?:[’'.-]\w+)*")
WHOLE = re.compile(r"\d+(?:[.,:]\d+)*|\w+")  # "1,275", "09:30", "Wikistrat"
OPENING, CLOSING = "([“‘\"'", ")]”’\"'"
QUESTION, HEADING, NEITHER = -1, -3, -2  # whose a token is, where it is of no sentence


@dataclass(frozen=True)
class ReadPassage:
    """A passage as the model reads it: its heading and its sentences."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class AnswerWords:
    """The first and the last token of a sentence, from 0, between which it answers; the mean log odds that they do."""

    first: int
    last: int
    odds: float


@dataclass(frozen=True)
class Reading:
    """What the model reads of one passage: for each sentence the log odds that it answers, and its words that would.

    The log odds, shape (sentences,), are against "nothing answers", and may be compared between passages. Sentences
    past MAX_TOKENS, which no passage of ours has, are read by their first words, and past the model's POSITIONS not at
    all: their odds are UNREAD, their words None.
    """

    odds: NDArray[np.float32]
    words: tuple[AnswerWords | None, ...]


@dataclass(frozen=True)
class TurnWord:
    """A word of an earlier turn, the turn, the character and the token at which it begins, and the log odds that it is
    leaned on."""

    text: str
    turn: int
    start: int
    token: int
    odds: float = 0.0


@dataclass(frozen=True)
class Row:
    """One encoded passage: token ids, token types, and the sentence each token belongs to."""

    ids: list[int]
    types: list[int]
    owner: list[int]


@dataclass(frozen=True)
class Batch:
    """Rows padded to one length: the model's inputs in their order.

    ids, mask, types (rows, tokens), int64; pool (rows, sentences, tokens) holds 1/n for the n tokens of a sentence,
    question (rows, tokens) likewise for the question's; else 0; float32.
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    types: NDArray[np.int64]
    pool: NDArray[np.float32]
    question: NDArray[np.float32]


def read_passages(question: str, passages: list[ReadPassage]) -> list[Reading]:
    """Read each passage together with the question."""
    rows = [lay_out(question, passage) for passage in passages]
    # One each: filling all up to the longest costs a quarter more than it saves, see "Judge" in benchmarks/README.md.
    outputs = _model().run([inputs_of(collate([row])) for row in rows])
    return [
        _reading(row, len(passage.sentences), each) for row, passage, each in zip(rows, passages, outputs, strict=True)
    ]


def _reading(row: Row, count: int, outputs: list[NDArray[np.float32]]) -> Reading:
    sentences, nothing, _, spans = outputs
    odds = np.full(count, UNREAD, dtype=np.float32)
    owner = np.asarray(row.owner)
    read = np.unique(owner[owner >= 0])
    odds[read] = sentences[0, read] - nothing[0]
    tokens_of = spans[0, : len(owner)]
    return Reading(odds, tuple(likeliest_words(tokens_of[owner == number]) for number in range(count)))


def likeliest_words(spans: NDArray[np.float32]) -> AnswerWords | None:
    """The likeliest words of a sentence, from the log odds, shape (tokens, 3), that they start, end and go on there."""
    if not len(spans):
        return None
    starts, ends, inside = spans.T
    chance = starts[:, None] + ends[None, :]
    places = np.arange(len(spans))
    length = places[None, :] - places[:, None]
    allowed = np.where((length >= 0) & (length < MAX_ANSWER), chance, -np.inf)
    first, last = np.unravel_index(allowed.argmax(), chance.shape)
    return AnswerWords(int(first), int(last), float(inside[first : last + 1].mean()))


def characters(sentence: str, words: AnswerWords) -> Span:
    """Where the words stand in their sentence: whole words and numbers, without half a pair of quotation marks."""
    offsets = _tokenizer().encode(sentence, add_special_tokens=False).offsets
    start, end = offsets[words.first][0], offsets[words.last][1]
    whole = [each.span() for each in WHOLE.finditer(sentence)]
    start = min([start, *(first for first, last in whole if first < start < last)])
    end = max([end, *(last for first, last in whole if first < end < last)])
    if (
        start < end - 1
        and sentence[end - 1] in CLOSING
        and not any(each in sentence[start : end - 1] for each in OPENING)
    ):
        end -= 1
    return Span(start, end)


def read_turns(question: str, turns: list[str]) -> list[TurnWord]:
    """Return every word of the earlier turns, oldest first, with the log odds that the question leans on it."""
    row, words = lay_out_turns(question, turns)
    odds = _model().run([inputs_of(collate([row]))])[0][2][0]
    return [replace(word, odds=float(odds[word.token])) for word in words]


def lay_out_turns(question: str, turns: list[str]) -> tuple[Row, list[TurnWord]]:
    """Lay out a question and the newest of the turns before it as a passage, and find the words of these turns."""
    kept: list[str] = []
    for turn in reversed(turns):
        short = " ".join(turn.split()[:MAX_TURN])
        if sum(len(tokens(each)) for each in (short, *kept)) > MAX_TURNS:
            break
        kept.insert(0, short)
    row = lay_out(question, ReadPassage(TURNS_HEADING, tuple(kept)))
    words = []
    for number, turn in enumerate(kept):
        first = row.owner.index(number) if number in row.owner else len(row.ids)
        offsets = _tokenizer().encode(turn, add_special_tokens=False).offsets
        for word in WORD.finditer(turn):
            token = first + next((n for n, (start, _) in enumerate(offsets) if start >= word.start()), len(offsets))
            if token < len(row.ids) and row.owner[token] == number:
                words.append(TurnWord(word[0], number, word.start(), token))
    return row, words


def lay_out(question: str, passage: ReadPassage) -> Row:
    """Lay out one passage as the model reads it."""
    asked, named = tokens(question)[:MAX_QUESTION], tokens(passage.heading)[:MAX_HEADING]
    ids, owner = [CLS, *asked, SEP], [NEITHER, *[QUESTION] * len(asked), NEITHER]
    if named:
        ids, owner = [*ids, *named, SEP], [*owner, *[HEADING] * len(named), NEITHER]
    for number, sentence in enumerate(passage.sentences):
        room = min(max(MIN_SENTENCE, MAX_TOKENS - len(ids)), POSITIONS - 1 - len(ids))
        piece = tokens(sentence)[:room]
        ids, owner = ids + piece, owner + [number] * len(piece)
    here = {id for id, of in zip(ids, owner, strict=True) if of >= 0 or of == HEADING} - _stop_tokens()
    there, head = set(asked) - _stop_tokens(), len(asked) + 2
    types = [int(id in here) if place < head else 2 + int(id in there) for place, id in enumerate(ids)]
    return Row([*ids, SEP], [*types, 2], [*owner, NEITHER])


def collate(rows: list[Row]) -> Batch:
    """Pad rows to a batch."""
    width, depth = filled(max(len(row.ids) for row in rows)), max(1, max(max(row.owner) for row in rows) + 1)
    ids, mask, types = (np.zeros((len(rows), width), dtype=np.int64) for _ in range(3))
    owner = np.full((len(rows), width), NEITHER)
    for place, row in enumerate(rows):
        length = len(row.ids)
        ids[place, :length], mask[place, :length], types[place, :length] = row.ids, 1, row.types
        owner[place, :length] = row.owner
    pool = owner[:, None, :] == np.arange(depth)[None, :, None]
    return Batch(ids, mask, types, _shares(pool), _shares(owner == QUESTION))


def _shares(marked: NDArray[np.bool_]) -> NDArray[np.float32]:
    shares: NDArray[np.float32] = (marked / marked.sum(axis=-1, keepdims=True).clip(min=1)).astype(np.float32)
    return shares


def tokens(text: str) -> list[int]:
    """The model's tokens of a text, cut at MAX_SENTENCE, without special tokens."""
    return list(_tokenizer().encode(text, add_special_tokens=False).ids[:MAX_SENTENCE])


def is_common(word: str) -> bool:
    """Whether a word is one token of the model's 30,000: then it is a word, and no misspelling of another."""
    return _tokenizer().token_to_id(word.casefold()) is not None


@cache
def _stop_tokens() -> frozenset[int]:
    return frozenset(id for word in STOP_WORDS.split() if (id := _tokenizer().token_to_id(word)) is not None)


@cache
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def inputs_of(batch: Batch) -> tuple[NDArray[Any], ...]:
    """The arrays of a batch in the model's order."""
    return batch.ids, batch.mask, batch.types, batch.pool, batch.question


def load_reader() -> None:
    """Load the model, once for all threads; at the very first start it is converted, which takes half a minute."""
    _model()


def _model() -> CompiledModel:
    with _LOADING:  # a cache alone lets two threads load it
        return _loaded_model()


@cache
def _loaded_model() -> CompiledModel:
    return CompiledModel(kept_model(f"judge-{file_digest(WEIGHTS)[:24]}-{CONVERSION}", partial(_convert, WEIGHTS)))


def _convert(weights: Path, into: Path) -> None:
    from qa.reader.judge_network import convert

    convert(weights, into)
