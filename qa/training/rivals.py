"""Stories go in; for each of their questions, articles of other stories that share its rarest words come out."""

from __future__ import annotations

import math
from collections import defaultdict

from index.words import words
from qa.training.stories import Story, StoryArticle

RIVALS = 6  # articles kept for a question


class Rivals:
    """The words of every article, to find those nearest to a question by the rarity of shared words."""

    def __init__(self, stories: list[Story]) -> None:
        self._articles = [(story.topic, article) for story in stories for article in story.articles]
        self._holding: dict[str, list[int]] = defaultdict(list)
        for place, (_, article) in enumerate(self._articles):
            for word in set(words(f"{article.title} {' '.join(article.sentences.values())}")):
                self._holding[word].append(place)

    def of(self, story: Story, question: str) -> list[StoryArticle]:
        """Articles of other stories, nearest first."""
        score: dict[int, float] = defaultdict(float)
        for word in set(words(question)):
            holding = self._holding.get(word, [])
            if len(holding) < len(self._articles) / 10:
                for place in holding:
                    score[place] += math.log(len(self._articles) / len(holding))
        near = sorted(score, key=lambda place: -score[place])
        return [self._articles[place][1] for place in near if self._articles[place][0] != story.topic][:RIVALS]
