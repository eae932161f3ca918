"""The open index goes in; the four functions that programs may call come out: ask, retrieve, status and article.

What they take and give, with examples, stands in docs/api.md.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import signature
from typing import Any

import gradio as gr

from index.article import Article
from index.errors import QuotedError
from index.opening import Index
from index.terminal import json_line
from qa.asking import ask as ask_index
from qa.errors import BadQuestion
from qa.query.conversation import Turn
from qa.render import as_json, hit_fields
from qa.retrieval import retrieve as search_index
from qa.web.line import Line
from qa.web.shapes import AnswerFields, HitFields, StatusFields
from qa.web.watching import Standing

Endpoint = Callable[..., Awaitable[Any]]
IN_LINE = frozenset({"ask", "retrieve"})  # the endpoints whose calls wait in line
LOG = logging.getLogger(__name__)


def endpoints(index: Callable[[], Index], line: Line, standing: Callable[[], Standing]) -> tuple[Endpoint, ...]:
    """The functions for programs; `index` gives the newest generation, and questions wait in `line`."""
    programs = _Programs(index, line, standing)
    return tuple(_readable(each, line) for each in (programs.ask, programs.retrieve, programs.status, programs.article))


class _Programs:
    """What programs may call; their words here are what MCP clients read."""

    def __init__(self, index: Callable[[], Index], line: Line, standing: Callable[[], Standing]) -> None:
        self._index, self._line, self._standing = index, line, standing

    async def ask(
        self,
        question: str,
        history: list[str | list[str]] | None = None,
        k: int = 10,
        after: str = "",
        before: str = "",
        source: str = "",
        as_typed: bool = False,
    ) -> AnswerFields:
        """Answer a question in the articles' own words, every sentence cited; nothing is made up.

        Args:
            question: the question, at most 2,000 characters
            history: the earlier questions of the conversation, or [question, answer text] pairs, oldest first
            k: how many passages to return with the answer, 1 to 1000
            after: only articles of this ISO date or later; undated ones are left out
            before: only articles of this ISO date or earlier; undated ones are left out
            source: only articles whose publisher, author, title or id holds these words
            as_typed: search exactly what was typed: nothing from the history, no spelling corrected
        """
        turns = [_turn(each) for each in history or []]
        filters = {"after": after, "before": before, "source": source}
        answer = await self._line.run(
            lambda: ask_index(question, turns, self._index(), k=k, as_typed=as_typed, **filters)
        )
        fields: AnswerFields = json.loads(as_json(answer))
        return fields

    async def retrieve(
        self, question: str, k: int = 10, after: str = "", before: str = "", source: str = ""
    ) -> list[HitFields]:
        """Find the passages nearest to a question that stands alone, best first.

        Args:
            question: the question, at most 2,000 characters
            k: how many passages to return, 1 to 1000
            after: only articles of this ISO date or later; undated ones are left out
            before: only articles of this ISO date or earlier; undated ones are left out
            source: only articles whose publisher, author, title or id holds these words
        """
        hits = await self._line.run(
            lambda: search_index(question, k, self._index(), after=after, before=before, source=source)
        )
        fields: list[HitFields] = json.loads(json_line([hit_fields(hit) for hit in hits]))
        return fields

    async def status(self) -> StatusFields:
        """Tell which generation of the index answers, what it holds and whether the folder has changed since."""
        manifest, stands = self._index().manifest, self._standing()
        failed = [{"article": each.path, "reason": each.reason, "detail": each.detail} for each in manifest.failures]
        is_of_this = stands.generation == manifest.generation
        return StatusFields(
            generation=manifest.generation,
            built=manifest.built,
            encoder=manifest.encoder.name,
            documents=manifest.documents,
            passages=manifest.passages,
            failed=json.loads(json_line(failed)),
            changed=stands.changed if is_of_this else 0,
            trouble=stands.trouble,
        )

    async def article(self, id: str) -> Article:
        """Give an article as it is indexed: its text, which the offsets of citations count in, and its metadata.

        Args:
            id: the article's id, its path below the articles folder, as a citation names it
        """
        try:
            # Its fields as JSON holds them: the type is what the schema shows.
            fields: Article = json.loads(json_line(self._index().article(id)))
            return fields
        except (KeyError, ValueError) as error:  # a ValueError where the id is no text that a file name can be
            raise BadQuestion(f"There is no article {id[:200]!r} in the index.") from error


def arguments(endpoint: Endpoint, given: list[Any] | dict[str, Any]) -> dict[str, Any]:
    """All arguments of an endpoint in their order; what is not given is as the function has it. Raises BadQuestion."""
    wanted = signature(endpoint)
    try:
        bound = wanted.bind_partial(**given) if isinstance(given, dict) else wanted.bind_partial(*given)
    except TypeError as error:
        names = ", ".join(wanted.parameters) or "nothing"
        raise BadQuestion(f"{endpoint.__name__} takes {names}: {error}.") from error
    absent = {name: "" if each.default is each.empty else each.default for name, each in wanted.parameters.items()}
    return absent | bound.arguments


def _readable(endpoint: Endpoint, line: Line) -> Endpoint:
    """The endpoint with every fault told to the caller in one sentence; what is a fault of ours goes to the log."""

    @wraps(endpoint)
    async def readable(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - of any endpoint
        if endpoint.__name__ in IN_LINE:
            line.arrive()
        try:
            _check(signature(endpoint).bind(*given, **named).arguments)
            return await endpoint(*given, **named)
        except QuotedError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            LOG.exception("A program's request could not be answered.")
            raise gr.Error("Something went wrong here; the terminal says what.", print_exception=False) from error

    # Gradio reads the types of what is returned from here, and does not resolve names.
    readable.__signature__ = signature(endpoint, eval_str=True)  # type: ignore[attr-defined]
    return readable


# What each argument must be; JSON brings anything.
KINDS: dict[str, tuple[type, str]] = {
    "question": (str, "a text"),
    "history": (list, "a list of earlier questions, or of [question, answer text] pairs"),
    "k": (int, "a whole number"),
    "after": (str, "an ISO date, or nothing"),
    "before": (str, "an ISO date, or nothing"),
    "source": (str, "a text"),
    "as_typed": (bool, "true or false"),
    "id": (str, "a text"),
}


def _check(given: dict[str, Any]) -> None:
    for name, value in given.items():
        kind, words = KINDS[name]
        is_none = name == "history" and value is None
        if not is_none and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise BadQuestion(f"{name} must be {words}, not {json.dumps(value)[:100]}.")


def _turn(given: str | list[str]) -> Turn:
    return tuple(given) if isinstance(given, list) else given  # type: ignore[return-value]  # checked where it is read
