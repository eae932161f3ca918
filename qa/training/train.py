"""Train the judge: question sets that may ship and our own stories go in, qa/reader/judge.safetensors comes out.

    python -m qa.training.train EVAL [--out FILE] [--seed 0] [--threads 2] [--after ROUND --weights FILE] [--last ROUND]

EVAL is a folder with squad2/, xquad/, wice/ (corpus.jsonl, queries.jsonl, qrels.tsv), followups/queries.jsonl and
heldout.json, whose questions are left out, as are every eighth story and every fourth conversation. Passages of a story
compete: the right sentence must win over those of another article on the same matter. The same seed, number of threads
and machine give the same weights. Each round begins with the weights of the one before it, which are kept beside the
result.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from index.terminal import note
from qa.reader.judge_network import Judge, load, mean, save
from qa.reader.passage_reader import WEIGHTS
from qa.training.loss import Group, Task, loss_of, tokens_of
from qa.training.rounds import ROUNDS, Round

HEAD_FACTOR = 5.0  # heads learn faster than the encoder
TOKENS_PER_STEP = 2800


def main() -> int:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eval", type=Path, help="folder of the question sets")
    parser.add_argument(
        "--after", type=int, default=0, metavar="ROUND", help="a round not to run again, with --weights"
    )
    parser.add_argument(
        "--last", type=int, default=len(ROUNDS), metavar="ROUND", help="default: %(default)s, which ships"
    )
    parser.add_argument("--weights", type=Path, metavar="FILE", help="what that round gave")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if bool(options.after) != bool(options.weights):
        parser.error("--after and --weights go together")
    torch.set_num_threads(options.threads)
    weights = options.weights
    for number, round in enumerate(ROUNDS[options.after : options.last], options.after + 1):
        judges = [load(weights)] if round.keeps and weights else []
        for seed in round.seeds:
            rng = _seed(options.seed + seed)
            judges.append(load(weights) if weights else Judge())
            fit(judges[-1], _steps(round.tasks(options.eval, rng), rng), round)
        is_last = number == options.last
        weights = options.out if is_last else options.out.with_suffix(f".{number}.safetensors")
        save(mean(judges), weights)
    return 0


def _seed(seed: int) -> random.Random:
    torch.manual_seed(seed)
    return random.Random(seed)


def _steps(tasks: list[Task], rng: random.Random) -> list[list[Task]]:
    """Tasks of one kind and like length together, up to TOKENS_PER_STEP tokens with the padding, in random order."""
    sized = [(isinstance(task, Group), *tokens_of(task), task) for task in tasks]
    sized.sort(key=lambda each: (each[0], each[2] + 20 * rng.random()))
    made: list[list[Task]] = [[]]
    rows, kind = 0, sized[0][0]
    for is_group, count, length, task in sized:
        if made[-1] and ((rows + count) * length > TOKENS_PER_STEP or is_group != kind):
            made.append([])
            rows = 0
        made[-1].append(task)
        rows, kind = rows + count, is_group
    rng.shuffle(made)
    return made


def fit(judge: Judge, steps: list[list[Task]], round: Round) -> None:
    """Take every step once, learning rate up over the first tenth and then down to nothing."""
    for layer in judge.encoder.encoder.layer[: round.frozen]:
        layer.requires_grad_(False)
    weights = [weight for weight in judge.parameters() if weight.requires_grad]
    heads = {id(w) for name, w in judge.named_parameters() if not name.startswith("encoder") or "token_type" in name}
    groups = [{"params": [weight for weight in weights if (id(weight) in heads) == head]} for head in (False, True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    began = time.monotonic()
    judge.train()
    for at, step in enumerate(steps):
        factor = min(1.0, 10 * (at + 1) / len(steps)) * max(0.02, 1 - at / len(steps))
        for group, top in zip(optimizer.param_groups, (round.rate, HEAD_FACTOR * round.rate), strict=True):
            group["lr"] = top * factor
        loss = loss_of(judge, step)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        _report(at, len(steps), loss, time.monotonic() - began)


def _report(at: int, steps: int, loss: Tensor, spent: float) -> None:
    if at % 50 == 0 or at == steps - 1:
        left = spent / (at + 1) * (steps - at - 1)
        note(f"step {at + 1} of {steps}, loss {loss.item():.3f}, {spent:.0f} s, {left:.0f} s left")


if __name__ == "__main__":
    sys.exit(main())
