"""Fit the weights of evidence: stories that trained nothing go in, the constants and how good they are come out.

    python -m qa.training.fit

Every second question of a held-out story is asked of an index of the held-out stories; then half of them of one of all
stories, and the other half of one without their stories, where nothing answers them.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch

from index import build_index, open_index
from index.filters import Filters
from index.opening import Index
from index.terminal import ProgressBar, say
from qa.evaluation.curves import auc
from qa.evidence.gathering import gather
from qa.evidence.rarity import rarity_of
from qa.evidence.weights import CONFIDENCE_WEIGHTS, WEIGHTS, Evidence, weighted
from qa.judge import JUDGED_HITS, Scored
from qa.query.conversation import standing_alone
from qa.query.need import need_of
from qa.retrieval import search
from qa.training.stories import FIRST, SECOND, Story, StoryQuestion, read_stories

SAMPLE = 2  # every second question is asked: enough to fit a dozen numbers
SHRINK = 1e-3  # on the squares of the weights, in units of each evidence's spread
EVIDENCE = [each.name for each in fields(Evidence)]


@dataclass(frozen=True)
class Asked:
    """A held-out question as asked of one index: what was read, which sentences answer, and whether any could."""

    question: StoryQuestion
    sentences: list[Scored]
    right: list[bool]
    answerable: bool


def main() -> int:
    """Fit, and tell how well the fitted weights, those that ship and the reader alone choose and refuse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    asked = collect()
    fitted = _fit(asked)
    say(f"fitted: {fitted}")
    reader_alone = Evidence(**{name: float(name == "reads") for name in EVIDENCE})
    compared = {
        "fitted": fitted,
        "shipped": WEIGHTS,
        "shipped, for the confidence": CONFIDENCE_WEIGHTS,
        "reader alone": reader_alone,
    }
    for name, weights in compared.items():
        near, missing = (_auc_against(asked, weights, is_near) for is_near in (True, False))
        first = _first_right(asked, weights)
        say(f"{name}: first right {first:.3f}; AUC near misses {near:.3f}, story missing {missing:.3f}")
    return 0


def collect() -> list[Asked]:
    """Ask the held-out questions of the three indexes."""
    held_out, others = (
        [s for folder in (FIRST, SECOND) for s in read_stories(folder, held_out=each)] for each in (True, False)
    )
    random.Random(0).shuffle(held_out)
    half, rest = held_out[: len(held_out) // 2], held_out[len(held_out) // 2 :]
    asked = _ask(held_out, held_out) + _ask(half, [*held_out, *others])
    # Asked where its story is not: nothing answers.
    return asked + _ask(rest, [*half, *others])


def _ask(asking: list[Story], indexed: list[Story]) -> list[Asked]:
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder) / "articles"
        articles.mkdir()
        for number, story in enumerate(indexed):
            _write(story, articles, number)
        build_index(articles, Path(folder) / "index")
        index = open_index(Path(folder) / "index")
        progress, total = ProgressBar(), sum(len(story.questions[::SAMPLE]) for story in asking)
        asked: list[Asked] = []
        for story in asking:
            for question in story.questions[::SAMPLE]:
                asked.append(_ask_one(question, story, story in indexed, index))
                progress("questions asked", len(asked), total)
        progress.close()
        return asked


def _write(story: Story, into: Path, number: int) -> None:
    for place, article in enumerate(story.articles):
        head = {"title": article.title, "publisher": article.publisher, "published": article.published}
        lines = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items())
        text = " ".join(article.sentences.values())
        (into / f"{number:03d}-{place}.md").write_text(f"---\n{lines}\n---\n\n{text}\n", encoding="utf-8")


def _ask_one(question: StoryQuestion, story: Story, is_there: bool, index: Index) -> Asked:
    query, need = standing_alone(question.text), need_of(question.text)
    rarity = rarity_of(question.text, index)
    read = search(question.text, JUDGED_HITS, index, Filters())
    told = {number: text for article in story.articles for number, text in article.sentences.items()}
    right_texts = [_plain(told[number]) for number in question.answers] if is_there else []
    sentences = [Scored(**vars(each), score=each.evidence.reads) for each in gather(query, need, rarity, read, index)]
    right = [any(_plain(each.text) in text or text in _plain(each.text) for text in right_texts) for each in sentences]
    return Asked(question, sentences, right, bool(right_texts))


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _fit(asked: list[Asked]) -> Evidence:
    """Softmax over the sentences read for a question, every right one counting; only where one is there to choose."""
    useful = [each for each in asked if any(each.right) and not all(each.right)]
    tables = [
        torch.tensor([[getattr(s.evidence, name) for name in EVIDENCE] for s in each.sentences]) for each in useful
    ]
    spread = torch.cat(tables).std(0).clamp(min=1e-6)
    right = [torch.tensor(each.right) for each in useful]
    weights = torch.zeros(len(EVIDENCE), requires_grad=True)

    def loss() -> torch.Tensor:
        parts = [
            -(table / spread @ weights).log_softmax(0).masked_fill(~mark, -1e4).logsumexp(0)
            for table, mark in zip(tables, right, strict=True)
        ]
        return torch.stack(parts).mean() + SHRINK * weights.square().sum()

    _minimise(loss, weights)
    return Evidence(*(round(value, 3) for value in (weights.detach() / spread).tolist()))


def _minimise(loss: object, weights: torch.Tensor) -> None:
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        value: torch.Tensor = loss()  # type: ignore[operator]
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(closure)  # type: ignore[no-untyped-call]


def _first_right(asked: list[Asked], weights: Evidence) -> float:
    answerable = [each for each in asked if each.answerable]
    firsts = [
        each.right[int(np.argmax([weighted(weights, s.evidence) for s in each.sentences]))]
        for each in answerable
        if each.sentences
    ]
    return sum(firsts) / max(1, len(answerable))


def _auc_against(asked: list[Asked], weights: Evidence, is_near: bool) -> float:
    """How well the best score tells answerable questions from near misses, or from those whose story is missing."""
    best = [max((weighted(weights, s.evidence) for s in each.sentences), default=-99.0) for each in asked]
    pairs = list(zip(asked, best, strict=True))
    above = [score for each, score in pairs if each.answerable]
    below = [score for each, score in pairs if not each.answerable and (each.question.kind == "none") == is_near]
    return auc(above, below) or 0.0


if __name__ == "__main__":
    sys.exit(main())
