"""The turns of a conversation go in; the evidence panel, the head of the page and the text to copy come out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol

from index.article import Article
from index.generation import Manifest
from qa.web.cards import shelf
from qa.web.turns import Turn
from qa.web.watching import Standing
from qa.web.wording import age, count, escape, minute

HINT = "The passages behind an answer will stand here, with the quoted words marked."
UNKNOWN = Standing()


class Library(Protocol):
    """What the page needs of an open index."""

    @property
    def manifest(self) -> Manifest:
        """What is known of the generation."""

    def cards(self) -> Sequence[Article]:
        """The metadata of all articles."""


def first_panel(articles: Sequence[Article]) -> str:
    """What the panel shows before the first question."""
    return f"<h2>Articles</h2><p class='hint'>{HINT}</p>{shelf(articles)}" if articles else ""


def panel(turns: Sequence[Turn]) -> str:
    """The evidence of the newest answer in full, that of earlier ones folded away (a link to a card unfolds it)."""
    shown = [turn for turn in turns if turn.evidence]
    if not turns:
        return ""
    newest = shown[-1].evidence if turns[-1].evidence else ""
    missing = f"<p class='hint'>{'Looking for it …' if turns[-1].is_waiting else 'None for this question.'}</p>"
    earlier = shown[:-1] if newest else shown
    folded = "".join(
        f"<details><summary>{escape(turn.question)}</summary>{turn.evidence}</details>" for turn in reversed(earlier)
    )
    older = f"<h2>Earlier answers</h2>{folded}" if folded else ""
    return f"<h2>Evidence</h2>{newest or missing}{older}"


def about(library: Library | None, standing: Standing = UNKNOWN, now: datetime | None = None) -> str:
    """The name of the page, what it answers from, how old that is and how far it has fallen behind its folder."""
    if library is None:
        return "<h1>Quoted</h1>"
    manifest = library.manifest
    size = count(manifest.documents, "article")
    built = (
        f"<span class='built' title='{escape(minute(manifest.built))}'> · indexed "
        f"{escape(age(manifest.built, now or datetime.now(UTC)))}</span>"
    )
    told = f"{size}{built}{''.join(_behind(manifest, standing))}"
    facts = f"<span class='facts' data-generation='{manifest.generation}'>{told}</span>"
    return f"<h1>Quoted</h1>{facts}<a class='shelf' href='/articles'>Articles</a>"


def _behind(manifest: Manifest, standing: Standing) -> Iterator[str]:
    """What a reader should know before trusting the index."""
    if manifest.failures:
        yield f" · {count(len(manifest.failures), 'file')} not indexed"
    if standing.changed and standing.generation == manifest.generation:
        yield f"<span class='changed'> · {count(standing.changed, 'file')} changed since</span>"
    if standing.waits_for:
        yield f" · waiting for {escape(standing.waits_for)} …"
    if standing.trouble:
        yield f"<span class='trouble'> · not up to date: {escape(standing.trouble)}</span>"


def invitation(library: Library) -> str:
    """What the empty chat says, in Markdown; no word of it comes from an article."""
    size = count(library.manifest.documents, "article")
    return f"## Ask {size}\nEvery sentence of an answer is a quotation, with its source."


def texts_to_copy(turns: Sequence[Turn]) -> str:
    """Every answer with its sources as text, by its turn's id, as JSON for the page's script."""
    return json.dumps({turn.id: turn.copy for turn in turns if turn.copy})
