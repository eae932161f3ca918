"""A batch of tasks goes in, how wrong the judge is about them comes out."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from index.words import words
from qa.passage_reader import ReadPassage, Row, TurnWord, collate, lay_out, lay_out_turns, tokens
from qa.training.examples import Example
from qa.training.follow_ups import FollowUp
from qa.training.model import Judge, Reading, tensors

FAR = -1e4
HAS_BF16 = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()  # emulated, it is slow
SPAN_WEIGHT, INSIDE_WEIGHT = 0.5, 5.0


@dataclass(frozen=True)
class Group:
    """Passages read for one question, whose sentences compete."""

    examples: list[Example]


Task = Group | FollowUp


def tokens_of(task: Task) -> tuple[int, int]:
    """The number of rows that a task takes, and the tokens of the longest."""
    rows = [_row(example) for example in task.examples] if isinstance(task, Group) else [_turns(task)[0]]
    return len(rows), max(len(row.ids) for row in rows)


def loss_of(judge: Judge, step: list[Task]) -> Tensor:
    """The loss of a step, whose tasks are all of one kind."""
    groups = [task for task in step if isinstance(task, Group)]
    return _groups_loss(judge, groups) if groups else _turns_loss(judge, [t for t in step if isinstance(t, FollowUp)])


def _groups_loss(judge: Judge, groups: list[Group]) -> Tensor:
    """Choosing within each passage and within each group, and where the answer's words stand, where that is known."""
    examples = [example for group in groups for example in group.examples]
    rows = [_row(example) for example in examples]
    reading, real = _read(judge, rows)
    odds = (reading.sentences - reading.nothing[:, None]).masked_fill(~real.any(-1), FAR)
    alone = _choice_loss(odds, [[place] for place in range(len(examples))], examples)
    ends = torch.tensor([len(group.examples) for group in groups]).cumsum(0).tolist()
    places = [list(range(end - len(group.examples), end)) for end, group in zip(ends, groups, strict=True)]
    together = _choice_loss(odds, places, examples)
    return 0.5 * (alone + together) + SPAN_WEIGHT * _span_loss(reading.span, real.any(1), rows, examples)


def _read(judge: Judge, rows: list[Row]) -> tuple[Reading, Tensor]:
    batch = tensors(collate(rows))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HAS_BF16):
        reading = Reading(*(value.float() for value in judge.read(*batch)))
    return reading, batch[3] > 0


def _row(example: Example) -> Row:
    return lay_out(example.question, ReadPassage(example.title, tuple(example.sentences)))


def _choice_loss(odds: Tensor, groups: list[list[int]], examples: list[Example]) -> Tensor:
    """Cross-entropy over the sentences of a group's passages and "nothing"; every answering sentence is right."""
    losses = []
    for places in groups:
        marks = [torch.tensor(examples[place].answering) for place in places]
        told = [odds[place, : len(mark)] for place, mark in zip(places, marks, strict=True)]
        right = torch.cat([*marks, torch.tensor([not any(bool(mark.any()) for mark in marks)])])
        chance = torch.cat([*told, odds.new_zeros(1)]).log_softmax(-1)
        losses.append(-chance.masked_fill(~right, FAR).logsumexp(-1))
    return torch.stack(losses).mean()


def _span_loss(span: Tensor, text: Tensor, rows: list[Row], examples: list[Example]) -> Tensor:
    """Where the answer starts and ends, and which tokens are inside it: a help in training; stories do not tell."""
    known = [place for place, example in enumerate(examples) if example.answers or not any(example.answering)]
    inside, edges, count = torch.zeros_like(span[..., 2]), torch.zeros(()), 0
    for place in known:
        spans = _answer_spans(rows[place], examples[place])
        for first, last in spans:
            inside[place, first : last + 1] = 1
        for head in range(2) if spans else ():
            chance = span[place, :, head].masked_fill(~text[place], FAR).log_softmax(-1)
            edges, count = edges - chance[[each[head] for each in spans]].logsumexp(0), count + 1
    weight = text * (1 + (INSIDE_WEIGHT - 1) * inside)
    weight[[place for place in range(len(examples)) if place not in known]] = 0
    each = functional.binary_cross_entropy_with_logits(span[..., 2], inside, reduction="none") * weight
    return 0.5 * edges / max(count, 1) + 2 * each.sum() / text.sum()


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
    odds, carried = [], []
    for place, (task, (_, found)) in enumerate(zip(tasks, laid_out, strict=True)):
        have = set(words(task.question))
        for word in found:
            stems = set(words(word.text))
            if stems - have:
                odds.append(reading.carry[place, word.token])
                carried.append(float(bool(stems & task.carried)))
    if not odds:
        return reading.carry.sum() * 0
    return functional.binary_cross_entropy_with_logits(torch.stack(odds), torch.tensor(carried))


def _turns(task: FollowUp) -> tuple[Row, list[TurnWord]]:
    return lay_out_turns(task.question, task.turns)
