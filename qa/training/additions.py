"""Additions to the stories go in; conversations about them, and harder questions, come out.

A file `first--business-a.txt` adds to `first/business-a.txt`: "# topic" names a story of it, "? kind: question => 7" is
a question as in a story file, and lines that begin with ">" are the turns of a conversation, which a blank line ends:

    > Who brokered the truce? => 2
    > was it asked to leave | Was Kenya asked to leave? => 9, 11     (behind the bar: the question made whole)
    > how many men does it have | How many men does Kenya have? => -         (nothing answers)
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.words import words
from qa.training.follow_ups import FollowUp
from qa.training.stories import HELD_OUT, Story, StoryQuestion, add, article_of, parse

THIRD = Path(__file__).resolve().parent / "stories" / "third"
TURN = re.compile(r"> (.+?)(?: \| (.+?))? => (-|[\d, ]+)$")
TELLS_ANSWER = 0.5  # share of follow-ups that are read with the answer before them; some doors hand on questions alone


@dataclass(frozen=True)
class Turn:
    """A question of a conversation, the same made to stand alone ("" where it does), and the sentences that answer."""

    text: str
    rewrite: str
    answers: tuple[int, ...]


@dataclass(frozen=True)
class Addition:
    """The articles of a story with the questions added to it, and the conversations about it."""

    story: Story
    conversations: tuple[tuple[Turn, ...], ...]


def read_additions(folder: Path = THIRD, *, held_out: bool) -> list[Addition]:
    """Read what is added to the stories that train, or to those held out. Raises ValueError naming a bad line."""
    chosen = []
    for file in sorted(folder.glob("*.txt")):
        series, _, name = file.name.partition("--")
        stories = {story.topic: (number, story) for number, story in enumerate(parse(folder.parent / series / name), 1)}
        for topic, lines in _by_topic(file):
            number, story = stories[topic]
            if (number % HELD_OUT == 0) == held_out:
                chosen.append(_addition(file, story, lines))
    return chosen


def _by_topic(file: Path) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"^# ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        topic, *lines = part.splitlines()
        yield topic.strip(), [line.strip() for line in lines]


def _addition(file: Path, story: Story, lines: list[str]) -> Addition:
    added = Story(story.topic, story.articles)
    conversations: list[list[Turn]] = [[]]
    for line in lines:
        try:
            if line.startswith(">"):
                conversations[-1].append(_turn(story, line))
            elif line:
                add(added, line)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{file} holds what is no addition to a story: {line[:60]!r}.") from error
        if not line.startswith(">") and conversations[-1]:
            conversations.append([])
    return Addition(added, tuple(tuple(turns) for turns in conversations if turns))


def _turn(story: Story, line: str) -> Turn:
    match = TURN.match(line)
    answers = tuple(map(int, re.findall(r"\d+", match[3]))) if match else ()
    if match is None or not all(article_of(story, number) for number in answers):
        raise ValueError(line)
    return Turn(match[1], match[2] or "", answers)


def asked_in_conversation(addition: Addition) -> Story:
    """The story with every turn as a question; a follow-up stands behind the question before it, as it will be read."""
    story = Story(addition.story.topic, addition.story.articles)
    for turns in addition.conversations:
        for before, turn in zip((None, *turns), turns, strict=False):
            text = f"{before.text} {turn.text}" if before and turn.rewrite else turn.text
            story.questions.append(StoryQuestion("follow_up" if turn.rewrite else "fact", text, turn.answers))
    return story


def follow_ups_of(addition: Addition, rng: random.Random) -> Iterator[FollowUp]:
    """Every turn but the very first, with the words that it leans on; none where it stands alone.

    One conversation follows the other, so that its first question comes after turns that it has nothing to do with.
    """
    turns = [turn for conversation in addition.conversations for turn in conversation]
    for place in range(1, len(turns)):
        turn, asked = turns[place], [each.text for each in turns[:place]]
        answer = _told(addition.story, turns[place - 1]) if rng.random() < TELLS_ANSWER else ""
        earlier = [*asked[:-1], *([answer] if answer else []), asked[-1]]
        added = set(words(turn.rewrite)) - set(words(turn.text))
        yield FollowUp(turn.text, earlier, frozenset(added & set(words(" ".join(earlier)))), not turn.rewrite)


def _told(story: Story, turn: Turn) -> str:
    """The sentences that answered a turn, as an answer of ours tells them."""
    sentences = {number: text for article in story.articles for number, text in article.sentences.items()}
    return " ".join(sentences[number] for number in turn.answers)
