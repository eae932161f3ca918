"""The articles of an index go in, a few questions worth asking of them come out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.article import Article

EXAMPLES = 4
LONGEST_TITLE = 80

# Each belongs to one seed article and is shown only while that article is in the index.
SEED_QUESTIONS = {
    "strategic-partners-against-terrorism.md": "Why did the September 2016 truce fail?",
    "khan-sheikhoun-game-changer.md": "Did the attack on Khan Sheikhoun change Russia's calculations?",
    "no-talks-before-aleppo-falls.md": "Why does Russia want Aleppo to fall before talks?",
    "us-russia-statement-remains-flawed.md": "What is wrong with the statement of Da Nang?",
}


def example_questions(articles: Sequence[Article]) -> list[str]:
    """At most four questions: written ones where their articles are at hand, else made from authors and titles."""
    ids = {article.id for article in articles}
    written = [question for id, question in SEED_QUESTIONS.items() if id in ids]
    made = [_about(article) for article in _spread(articles) if article.title and article.id not in SEED_QUESTIONS]
    return list(dict.fromkeys(written + made))[:EXAMPLES]


def _about(article: Article) -> str:
    title = article.title if len(article.title) <= LONGEST_TITLE else article.title[:LONGEST_TITLE].rstrip() + "…"
    asked = f"What does {article.author} say" if article.author else "What is said"
    return f"{asked} about “{title}”" + ("" if title.endswith("?") else "?")


def _spread(articles: Sequence[Article]) -> Iterable[Article]:
    """Some articles from all over the list, so that a folder sorted by name does not show four of a kind."""
    return articles[:: max(1, len(articles) // EXAMPLES)]
