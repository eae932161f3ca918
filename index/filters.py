"""The value that narrows which articles may answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Filters:
    """Which articles may answer; what is empty leaves all.

    `after` and `before` are ISO dates, both inclusive; undated articles pass neither. A date of a month or a year
    covers all its days: an article passes where any of them does. `source` are words of publisher, author, title or
    id; `publishers` are names of publishers as the articles give them, and `articles` ids, any of which will do.
    """

    after: str = ""
    before: str = ""
    source: str = ""
    publishers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.after or self.before or self.source or self.publishers or self.articles)
