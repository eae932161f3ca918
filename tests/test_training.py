"""The training's step, on questions written here: it learns what they tell, the same from the same seed, and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch

from qa.reader.judge_network import Judge, load, mean, save
from qa.reader.passage_reader import ReadPassage, lay_out
from qa.training.examples import CLAIM_LINES, CLAIM_RUNS, Claim, Example, Views, nothing_in
from qa.training.follow_ups import FollowUp
from qa.training.loss import Group, Task, _answer_spans, _span_loss, loss_of, tokens_of
from qa.training.rivals import Rivals
from qa.training.rounds import Round
from qa.training.stories import Story, StoryArticle
from qa.training.train import TOKENS_PER_STEP, _seed, _steps, fit

MINE = ["The mine of Norby was closed in 1999.", "Water had flooded its galleries.", "It is a museum now."]
ASKED = [
    Example("When was the mine closed?", "The mine", MINE, [True, False, False], ["1999"]),
    Example("What had flooded the galleries?", "The mine", MINE, [False, True, False], ["Water"]),
    Example("What is the mine now?", "The mine", MINE, [False, False, True], ["a museum"]),
]
PASSES = 8  # of a task a step


def tasks() -> list[Task]:
    competing = Group([ASKED[0], nothing_in(ASKED[0], ["The bridge was closed in 2001.", "It rained."])])
    turned = FollowUp("When was it closed?", ["Who owned the mine of Norby?"], frozenset({"mine", "norbi"}), False)
    return [competing, Group([ASKED[1]]), Group([ASKED[2]]), turned]


def trained(seed: int, passes: int) -> Judge:
    rng = _seed(seed)
    judge = Judge()
    steps = [[task] for task in tasks() * passes]
    rng.shuffle(steps)
    fit(judge, steps, Round(lambda folder, rng: [], 1e-4, frozen=2))
    return judge.eval()


def losses(judge: Judge) -> list[float]:
    with torch.inference_mode():
        return [loss_of(judge, [task]).item() for task in tasks()]


@pytest.mark.model
def test_training_learns_what_its_examples_tell_and_keeps_what_is_frozen(tmp_path: Path) -> None:
    _seed(0)
    fresh, judge = Judge().eval(), trained(0, PASSES)
    before, after = losses(fresh), losses(judge)
    assert all(late < 0.75 * early for early, late in zip(before, after, strict=True)), (before, after)
    same = [name for name, value in judge.state_dict().items() if torch.equal(value, fresh.state_dict()[name])]
    assert "encoder.embeddings.word_embeddings.weight" in same
    layers = {
        name.split(".")[3] for name in same if name.startswith("encoder.encoder.layer") and "query.weight" in name
    }
    assert layers == {"0", "1"}
    save(judge, tmp_path / "judge.safetensors")
    assert losses(load(tmp_path / "judge.safetensors")) == pytest.approx(after, abs=0.1)  # kept as bfloat16


@pytest.mark.model
def test_the_same_seed_gives_the_same_weights() -> None:
    one, same, other = (trained(seed, 1).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


def test_steps_hold_tasks_of_one_kind_and_no_more_tokens_than_they_may() -> None:
    rng = random.Random(3)
    steps = _steps(tasks() * 60, rng)
    assert sum(map(len, steps)) == 240
    for step in steps:
        assert len({type(task) for task in step}) == 1
        sizes = [tokens_of(task) for task in step]
        assert sum(rows for rows, _ in sizes) * max(length for _, length in sizes) <= TOKENS_PER_STEP


def test_views_of_an_example_never_call_a_sentence_right_that_does_not_answer() -> None:
    views = Views(ASKED, random.Random(5))
    kinds = set()
    for _ in range(300):
        view = views.vary(ASKED[1])
        kinds.add((len(view.sentences), any(view.answering), bool(view.title)))
        for sentence, answers in zip(view.sentences, view.answering, strict=True):
            assert answers == (sentence == MINE[1])
    assert {length for length, _, _ in kinds} == {1, 2, 3} and {right for _, right, _ in kinds} == {True, False}
    assert {titled for _, _, titled in kinds} == {True, False}


def test_answers_that_end_alike_are_counted_once() -> None:
    """Words that end both "static equilibrium" and "conditions of static equilibrium" once made this loss negative."""
    told = ["It is in conditions of static equilibrium.", "It rained."]
    known = ["static equilibrium", "conditions of static equilibrium"]
    rows = [lay_out("What is it in?", ReadPassage("", tuple(told)))]
    text, sure = torch.tensor([[owner >= 0 for owner in rows[0].owner]]), torch.full((1, len(rows[0].ids), 3), -9.0)
    example = Example("What is it in?", "", told, [True, False], known)
    for first, last in _answer_spans(rows[0], example):
        sure[0, first, 0] = sure[0, last, 1] = 9.0
        sure[0, first : last + 1, 2] = 9.0
    assert 0 <= _span_loss(sure, text, rows, [example]).item() < 0.5


def test_rivals_are_articles_of_other_stories_with_the_rarest_words() -> None:
    named = [
        ("the bridge", "The bridge of Orrel fell."),
        ("the ferry", "A ferry from Orrel sank."),
        ("rain", "It rained."),
    ]
    filler = [(f"filler {number}", f"Nothing at all {number}.") for number in range(20)]
    stories = [Story(topic, [StoryArticle(topic, "", "", {1: text})]) for topic, text in named + filler]
    rivals = Rivals(stories)
    assert [each.title for each in rivals.of(stories[0], "why did the bridge of Orrel fall?")] == ["the ferry"]


def test_a_claim_is_read_over_all_its_lines_evidence_first() -> None:
    lines = [f"line {number}" for number in range(23)]
    claim = Claim("It holds.", "page", lines, [number in (4, 5) for number in range(23)])
    for seed in range(20):
        blocks = claim.blocks(random.Random(seed))
        assert any(blocks[0].answering) and len(blocks) <= CLAIM_RUNS
        for block in blocks:
            assert len(block.sentences) <= CLAIM_LINES
            assert block.answering == [line in ("line 4", "line 5") for line in block.sentences]


def test_the_mean_of_judges_is_that_of_every_weight() -> None:
    one, other = Judge(), Judge()
    with torch.no_grad():
        one.sentence.weight.fill_(1.0), other.sentence.weight.fill_(4.0)
    whole = mean([one, other, other])
    assert torch.allclose(whole.sentence.weight, torch.full_like(whole.sentence.weight, 3.0))
    words = "encoder.embeddings.word_embeddings.weight"
    assert torch.allclose(whole.state_dict()[words], one.state_dict()[words])
