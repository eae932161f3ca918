"""The folder of the question sets and the stories go in; what each round of training reads comes out."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.terminal import note
from qa.training.additions import asked_in_conversation, follow_ups_of, read_additions
from qa.training.examples import Example, Views, read_claims, read_set
from qa.training.follow_ups import FollowUp, read_follow_ups
from qa.training.loss import Group, Task
from qa.training.rivals import Rivals
from qa.training.stories import FIRST, SECOND, Story, StoryQuestion, example_of, read_stories, story_groups

PARAGRAPH_PASSES, STORY_PASSES, FOLLOW_UP_PASSES = 2, 2, 4
REPLAY = 3  # one in three of the first round's questions and follow-ups is read again in the second
# How many of each kind of added question the third round reads, all for those not named; and how much of the rest, so
# that it is not forgotten: with less of it, and fewer passages for a question, the right sentence came first less often
# (benchmarks/README.md, "Judge"). Its questions are read with one to three passages.
THIRD_KINDS = {"follow_up": 900, "fact": 200}
THIRD_STORIES, THIRD_PARAGRAPHS, THIRD_FOLLOW_UPS = 3000, 1000, 700
# The fourth round reads all paragraphs twice, each claim once, so many of the questions known and added before, and
# this share of the questions on stories with an article of another story too.
FOURTH_KINDS = {"follow_up": 1300, "fact": 400}
FOURTH_STORIES, FOURTH_FOLLOW_UPS, WITH_RIVAL = 6000, 700, 0.3


@dataclass(frozen=True)
class Round:
    """What is read, how fast is learned (AdamW), and how many of the encoder's layers stay as they are.

    It is run once for each of `seeds`; what it gives is the mean of their weights and, where it `keeps` them, of those
    that it began with, which forget less (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).
    """

    tasks: Callable[[Path, random.Random], list[Task]]
    rate: float
    frozen: int = 0
    seeds: tuple[int, ...] = (0,)
    keeps: bool = False


def _first(folder: Path, rng: random.Random) -> list[Task]:
    paragraphs, stories, follow_ups = _paragraphs(folder), read_stories(FIRST, held_out=False), _follow_ups(folder)
    views = Views(paragraphs, rng)
    note(f"{len(paragraphs)} questions on paragraphs, {sum(len(s.questions) for s in stories)} on stories, "
         f"{len(follow_ups)} follow-ups")  # fmt: skip
    tasks: list[Task] = [Group([views.vary(each)]) for each in paragraphs * PARAGRAPH_PASSES]
    tasks += [Group(group) for _ in range(STORY_PASSES) for group in story_groups(stories, rng)]
    return tasks + follow_ups * FOLLOW_UP_PASSES


def _second(folder: Path, rng: random.Random) -> list[Task]:
    """The second series of stories once, with a share of what the first round read."""
    views, stories = Views(_paragraphs(folder), rng), read_stories(SECOND, held_out=False)
    note(f"{sum(len(s.questions) for s in stories)} questions on stories of the second series")
    tasks: list[Task] = [Group(group) for group in story_groups(stories, rng)]
    tasks += [Group([views.vary(each)]) for each in rng.sample(views.examples, len(views.examples) // REPLAY)]
    return tasks + rng.sample(_follow_ups(folder), len(_follow_ups(folder)) // REPLAY)


def _third(folder: Path, rng: random.Random) -> list[Task]:
    """What was added to the stories: conversations, questions in other words, near misses."""
    additions = read_additions(held_out=False)
    asked = [each.story for each in additions] + [asked_in_conversation(each) for each in additions]
    questions, replayed = _sample(asked, THIRD_KINDS, rng), _sample(_known(), {}, rng, THIRD_STORIES)
    note(f"{len(questions)} added questions, {len(replayed)} known ones")
    groups = [group for story in questions + replayed for group in story_groups([story], rng)]
    tasks: list[Task] = [Group(group[: rng.randint(1, 3)]) for group in groups]
    views = Views(_paragraphs(folder), rng)
    tasks += [Group([views.vary(each)]) for each in rng.sample(views.examples, THIRD_PARAGRAPHS)]
    leaning = [each for addition in additions for each in follow_ups_of(addition, rng)]
    return tasks + rng.sample(leaning, THIRD_FOLLOW_UPS) + _follow_ups(folder)


def _fourth(folder: Path, rng: random.Random) -> list[Task]:
    """Everything once more, with claims over web pages and articles of other stories."""
    known, additions = _known(), read_additions(held_out=False)
    added = [each.story for each in additions] + [asked_in_conversation(each) for each in additions]
    asked = _sample(known, {}, rng, FOURTH_STORIES) + _sample(added, FOURTH_KINDS, rng)
    rivals, claims = Rivals(known), read_claims(folder / "wice", _held_out(folder)["wice"])
    note(f"{len(asked)} questions on stories, {len(claims)} claims")
    tasks: list[Task] = [_with_rival(story, rivals, rng) for story in asked]
    tasks += [Group(claim.blocks(rng)) for claim in claims]
    views = Views(_paragraphs(folder), rng)
    tasks += [Group([views.vary(each)]) for each in views.examples * PARAGRAPH_PASSES]
    leaning = [each for addition in additions for each in follow_ups_of(addition, rng)]
    return tasks + rng.sample(leaning, FOURTH_FOLLOW_UPS) + _follow_ups(folder)


def _with_rival(story: Story, rivals: Rivals, rng: random.Random) -> Group:
    """One or two articles of a story of one question, and now and then one of another story that is near to it."""
    (group,) = story_groups([story], rng)
    question = story.questions[0].text
    examples = group[: rng.randint(1, len(group))]
    others = rivals.of(story, question) if rng.random() < WITH_RIVAL else []
    nearest = rng.sample(others, min(1, len(others)))
    return Group([*examples, *(example_of(StoryQuestion("none", question, ()), each) for each in nearest)])


def _sample(stories: list[Story], most: dict[str, int], rng: random.Random, of_all: int = 0) -> list[Story]:
    """Stories of one question each, drawn by chance: at most so many of a kind, and of all."""
    drawn: list[tuple[Story, StoryQuestion]] = [(story, question) for story in stories for question in story.questions]
    rng.shuffle(drawn)
    kept: list[Story] = []
    count: dict[str, int] = {}
    for story, question in drawn[: of_all or None]:
        count[question.kind] = count.get(question.kind, 0) + 1
        if count[question.kind] <= most.get(question.kind, len(drawn)):
            kept.append(Story(story.topic, story.articles, [question]))
    return kept


def _known() -> list[Story]:
    return [*read_stories(FIRST, held_out=False), *read_stories(SECOND, held_out=False)]


def _paragraphs(folder: Path) -> list[Example]:
    held_out = _held_out(folder)
    return [each for name in ("squad2", "xquad") for each in read_set(folder / name, held_out[name])]


def _held_out(folder: Path) -> dict[str, set[str]]:
    return {name: set(ids) for name, ids in json.loads((folder / "heldout.json").read_text()).items()}


def _follow_ups(folder: Path) -> list[FollowUp]:
    return read_follow_ups(folder / "followups" / "queries.jsonl", held_out=False)


ROUNDS = (
    Round(_first, 1e-4),
    Round(_second, 4e-5),
    Round(_third, 4e-5),
    Round(_fourth, 4e-5, seeds=(1, 2), keeps=True),
)
