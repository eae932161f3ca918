"""A batch of tasks goes in, how wrong the judge is about them comes out."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from index.words import words
from qa.reader.judge_network import Judge, Logits, tensors
from qa.reader.passage_reader import ReadPassage, Row, TurnWord, collate, lay_out, lay_out_turns, tokens
from qa.training.examples import Example
from qa.training.follow_ups import FollowUp

FAR = -1e4
HAS_BF16 = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()  # emulated, it is slow
SPAN_WEIGHT, INSIDE_WEIGHT = 0.5, 5.0


@dataclass(frozen=True)
class Group:
    """Passages read for one question, whose sentences compete."""

    examples: list[Example]


Task = Group | FollowUp


@dataclass(frozen=True)
class Choices:
    """Log odds of sentences against "nothing", FAR where there is none: each passage `alone`, (rows, sentences), and
    the passages of a question `together`, (questions, rows of one x sentences)."""

    alone: Tensor
    together: Tensor


def tokens_of(task: Task) -> tuple[int, int]:
    """The number of rows that a task takes, and the tokens of the longest."""
    rows = [_row(example) for example in task.examples] if isinstance(task, Group) else [_turns(task)[0]]
    return len(rows), max(len(row.ids) for row in rows)


def loss_of(judge: Judge, step: list[Task]) -> Tensor:
    """The loss of a step, whose tasks are all of one kind."""
    groups = [task for task in step if isinstance(task, Group)]
    if groups:
        return _groups_loss(judge, groups)
    return _turns_loss(judge, [task for task in step if isinstance(task, FollowUp)])


def _groups_loss(judge: Judge, groups: list[Group]) -> Tensor:
    """Choosing within each passage and within each group, and where the answer's words stand, where that is known."""
    examples = [example for group in groups for example in group.examples]
    rows = [_row(example) for example in examples]
    reading, real = _read(judge, rows)
    chosen = _choices(reading, real, groups)
    right = _right(groups, examples, chosen)
    loss = 0.5 * (_choice_loss(chosen.alone, right.alone) + _choice_loss(chosen.together, right.together))
    return loss + SPAN_WEIGHT * _span_loss(reading.span, real.any(1), rows, examples)


def _read(judge: Judge, rows: list[Row]) -> tuple[Logits, Tensor]:
    batch = tensors(collate(rows))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HAS_BF16):
        reading = Logits(*(value.float() for value in judge.read(*batch)))
    return reading, batch[3] > 0


def _row(example: Example) -> Row:
    return lay_out(example.question, ReadPassage(example.title, tuple(example.sentences)))


def _choices(reading: Logits, real: Tensor, groups: list[Group]) -> Choices:
    alone = (reading.sentences - reading.nothing[:, None]).masked_fill(~real.any(-1), FAR)
    return Choices(alone, _together(alone, groups, FAR))


def _together(alone: Tensor, groups: list[Group], filling: float) -> Tensor:
    """The rows of each group side by side, filled up to the most that a group has."""
    counts = [len(group.examples) for group in groups]
    table = alone.new_full((len(groups), max(counts), alone.shape[1]), filling)
    table[[number for number, count in enumerate(counts) for _ in range(count)],
          [place for count in counts for place in range(count)]] = alone  # fmt: skip
    return table.flatten(1)


def _right(groups: list[Group], examples: list[Example], like: Choices) -> Choices:
    """1 for the sentences that answer, else 0."""
    alone = torch.zeros(like.alone.shape)
    for place, example in enumerate(examples):
        alone[place, : len(example.answering)] = torch.tensor(example.answering, dtype=torch.float)[: alone.shape[1]]
    return Choices(alone, _together(alone, groups, 0.0))


def _chances(odds: Tensor) -> Tensor:
    """Log chances of the sentences and, last, of "nothing"."""
    return functional.pad(odds, (0, 1)).log_softmax(-1)


def _choice_loss(odds: Tensor, right: Tensor) -> Tensor:
    """Cross-entropy over the sentences and "nothing"; every answering sentence is right."""
    with_nothing = torch.cat([right, (right.sum(-1, keepdim=True) == 0).float()], -1)
    return -_chances(odds).masked_fill(with_nothing == 0, FAR).logsumexp(-1).mean()


def _span_loss(span: Tensor, text: Tensor, rows: list[Row], examples: list[Example]) -> Tensor:
    """Where the answer starts and ends, and which tokens are inside it; stories do not tell."""
    known = [bool(example.answers) or not any(example.answering) for example in examples]
    marks = torch.zeros((*text.shape, 3))
    for place, example in enumerate(examples):
        for first, last in _answer_spans(rows[place], example):
            marks[place, first, 0] = marks[place, last, 1] = 1
            marks[place, first : last + 1, 2] = 1
    inside = marks[..., 2]
    chance = span[..., :2].masked_fill(~text[..., None], FAR).log_softmax(1)
    edges = -chance.masked_fill(marks[..., :2] == 0, FAR).logsumexp(1)
    is_marked = marks[..., :2].amax(1)
    weight = text * torch.tensor(known)[:, None] * (1 + (INSIDE_WEIGHT - 1) * inside)
    each = functional.binary_cross_entropy_with_logits(span[..., 2], inside, reduction="none") * weight
    return 0.5 * (edges * is_marked).sum() / is_marked.sum().clamp(min=1) + 2 * each.sum() / text.sum()


def _answer_spans(row: Row, example: Example) -> list[tuple[int, int]]:
    found = []
    for answer in map(tokens, example.answers if any(example.answering) else []):
        for place in range(len(row.ids) - len(answer) + 1):
            inside = row.owner[place] >= 0 and example.answering[row.owner[place]]
            if answer and inside and row.ids[place : place + len(answer)] == answer:
                found.append((place, place + len(answer) - 1))
    return found


def _turns_loss(judge: Judge, tasks: list[FollowUp]) -> Tensor:
    """Whether a rewrite takes a content word of an earlier turn over that the question does not hold itself."""
    laid_out = [_turns(task) for task in tasks]
    reading, _ = _read(judge, [row for row, _ in laid_out])
    rows, places, carried = [], [], []
    for row, (task, (_, found)) in enumerate(zip(tasks, laid_out, strict=True)):
        have = set(words(task.question))
        for word in found:
            stems = set(words(word.text))
            if stems - have:
                rows.append(row)
                places.append(word.token)
                carried.append(float(bool(stems & task.carried)))
    if not rows:
        return reading.carry.sum() * 0
    return functional.binary_cross_entropy_with_logits(reading.carry[rows, places], torch.tensor(carried))


def _turns(task: FollowUp) -> tuple[Row, list[TurnWord]]:
    return lay_out_turns(task.question, task.turns)
