"""Story files go in; questions over several articles about one matter, with the sentences that answer, come out.

A story file is text: "# topic" opens a story, "@ title | publisher | date" an article, "7 …" is its sentence 7,
"? kind: question => 7, 4" a question with the sentences that answer it, best first; kind "none" has none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa.training.examples import Example, window

FIRST = Path(__file__).resolve().parent / "stories" / "first"
SECOND = FIRST.with_name("second")
QUESTION = re.compile(r"\? (\w+): (.+?)(?: => ([\d, ]+))?$")
SENTENCE = re.compile(r"(\d+) (.+)$")
HELD_OUT = 8  # every eighth story of a file never trains: weights of features are fitted on it, figures told of it
PASSAGES = 2  # of a story's articles, read for one question at one pass


@dataclass(frozen=True)
class StoryQuestion:
    """A question with the numbers of the sentences that answer it; none where the story does not."""

    kind: str
    text: str
    answers: tuple[int, ...]


@dataclass
class StoryArticle:
    """An article of a story: its sentences by their numbers."""

    title: str
    publisher: str
    published: str
    sentences: dict[int, str] = field(default_factory=dict)


@dataclass
class Story:
    """Articles about one matter and the questions asked about them."""

    topic: str
    articles: list[StoryArticle] = field(default_factory=list)
    questions: list[StoryQuestion] = field(default_factory=list)


def read_stories(folder: Path, *, held_out: bool) -> list[Story]:
    """Read the stories of every file that train, or those that are held out. Raises ValueError naming a bad line."""
    chosen = []
    for file in sorted(folder.glob("*.txt")):
        for number, story in enumerate(parse(file), 1):
            if (number % HELD_OUT == 0) == held_out:
                chosen.append(story)
    return chosen


def parse(file: Path) -> list[Story]:
    """Read a story file. Raises ValueError naming a bad line."""
    stories: list[Story] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            if line.startswith("# "):
                stories.append(Story(line[2:]))
            elif line.strip():
                add(stories[-1], line.strip())
        except (IndexError, KeyError, ValueError) as error:
            raise ValueError(f"{file}, line {number}, is no part of a story: {line[:60]!r}.") from error
    return stories


def add(story: Story, line: str) -> None:
    """Add what a line of a story file tells to its story. Raises ValueError where it tells nothing."""
    if line.startswith("@ "):
        title, publisher, published = [*(part.strip() for part in line[2:].split("|")), "", ""][:3]
        story.articles.append(StoryArticle(title, publisher, published))
    elif match := QUESTION.match(line):
        answers = tuple(int(number) for number in re.findall(r"\d+", match[3] or ""))
        if (match[1] == "none") != (not answers) or not all(article_of(story, number) for number in answers):
            raise ValueError(line)
        story.questions.append(StoryQuestion(match[1], match[2], answers))
    elif match := SENTENCE.match(line):
        story.articles[-1].sentences[int(match[1])] = match[2]
    else:
        raise ValueError(line)


def article_of(story: Story, number: int) -> StoryArticle | None:
    """The article that holds a sentence."""
    return next((article for article in story.articles if number in article.sentences), None)


def story_groups(stories: list[Story], rng: random.Random) -> Iterator[list[Example]]:
    """One group of passages for each question: an article that answers, where there is one, and others of its story."""
    for story in stories:
        for question in story.questions:
            examples = [example_of(question, article) for article in story.articles]
            rng.shuffle(examples)
            examples.sort(key=lambda example: not any(example.answering))
            yield [_vary(example, rng) for example in examples[:PASSAGES]]


def example_of(question: StoryQuestion, article: StoryArticle) -> Example:
    """A question over a whole article of its story."""
    marks = [number in question.answers for number in article.sentences]
    return Example(question.text, article.title, list(article.sentences.values()), marks, [])


def _vary(example: Example, rng: random.Random) -> Example:
    view = window(example, rng) if rng.random() < 0.25 and len(example.sentences) > 1 else example
    return view if rng.random() < 0.7 else replace(view, title="")
