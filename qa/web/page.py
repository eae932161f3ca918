"""Two functions go in, one that asks and one that gives the newest index; the chat comes out as a Gradio page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import gradio as gr
from gradio.events import api

from index.errors import QuotedError
from qa.conversations.aging import Aging, as_quoted
from qa.conversations.history import History
from qa.web.acts import LOOK, NEW, Act, Next, act_of, perform
from qa.web.conversation import Asker, Conversation
from qa.web.endpoints import Endpoint
from qa.web.examples import written_questions
from qa.web.layout import Parts, lay_out
from qa.web.line import LONGEST, Line
from qa.web.owner import owner_of
from qa.web.panel import Library, about, invitation
from qa.web.screen import Screen, Screens
from qa.web.script import RECALL, REMEMBER, SETTLE, SHOW_BEGINNING
from qa.web.watching import Standing
from qa.web.wording import escape

# Events that Gradio handles at a time; it keeps others waiting. So many more than stand in our line that whoever does
# not find a place there is told so at once.
TOGETHER = 4 * LONGEST
REFRESH = 10  # seconds between two looks at how the index stands
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# Only what asks is queued, for its answer grows. Gradio tells all that is queued through one stream, which it closes
# when nothing is left: what joins at that moment, as a click on Stop does, could be dropped with it.
AT_ONCE: dict[str, Any] = {"queue": False, **QUIET}
# Else Gradio skips a click while it still closes the event of the one before, whose outcome the page shows already.
EACH: dict[str, Any] = {"trigger_mode": "multiple", **AT_ONCE}


def build_page(
    ask: Asker,
    index: Callable[[], Library],
    history: History,
    standing: Callable[[], Standing] = Standing,
    line: Line | None = None,
    programs: Sequence[Endpoint] = (),
    aging: Aging = as_quoted,
    examples: Callable[[Library], Sequence[str]] = written_questions,
) -> gr.Blocks:
    """The page; questions wait in `line`. Every event is private but `programs`, which programs may call.

    `aging` tells where what earlier answers quote stands today, `examples` which questions to begin with.
    """
    conversation = Conversation(ask, history, line or Line(), aging)
    screens = Screens(conversation, index)
    page: gr.Blocks
    with gr.Blocks(title="Quoted", analytics_enabled=False, fill_width=True) as page:
        parts = lay_out()
        asking = _connect_questions(parts, screens)
        _connect_acts(parts, screens, asking)
        _connect_beginning(page, parts, screens, asking)
        page.load(lambda: _greeting(index, standing(), examples), outputs=[parts.head, parts.chat], **AT_ONCE)
        gr.Timer(REFRESH).tick(lambda: _head(index, standing()), outputs=parts.head, **AT_ONCE)
        for endpoint in programs:
            # Not queued by Gradio: they wait in our line, and MCP calls them directly.
            api(endpoint, api_name=endpoint.__name__, concurrency_limit=None, queue=False)
    page.max_threads = TOGETHER
    page.queue(default_concurrency_limit=None)
    return page


def _connect_beginning(page: gr.Blocks, parts: Parts, screens: Screens, asking: list[dict[str, Any]]) -> None:
    """What a page shows that was opened or loaded anew, and what a new chat shows."""

    def begin(id: str, request: gr.Request) -> Screen:
        return screens.first(_owner(request), id)

    def begin_anew(request: gr.Request) -> Screen:
        return screens.whole(_owner(request), Next(NEW, box=""))

    page.load(begin, parts.conversation, parts.screen, js=RECALL, **AT_ONCE)
    parts.new.click(begin_anew, None, parts.screen, cancels=asking, **AT_ONCE)
    parts.conversation.change(None, parts.conversation, js=REMEMBER, api_visibility="private")


def _connect_questions(parts: Parts, screens: Screens) -> list[dict[str, Any]]:
    """Everything that asks. No handler may be named like an endpoint: Gradio would rename the endpoint."""

    async def ask_typed(question: str, id: str, editing: str, request: gr.Request) -> AsyncIterator[Screen]:
        async for screen in _ask(screens, _owner(request), id, question.strip(), instead_of=editing):
            yield screen

    async def ask_example(id: str, event: gr.SelectData, request: gr.Request) -> AsyncIterator[Screen]:
        async for screen in _ask(screens, _owner(request), id, str(event.value["text"])):
            yield screen

    async def ask_as_typed(id: str, request: gr.Request) -> AsyncIterator[Screen]:
        kept = screens.conversation.opened(_owner(request), id)
        question = kept.turns[-1].question if kept.turns else ""
        async for screen in _ask(screens, _owner(request), id, question, as_typed=True):
            yield screen

    async def ask_again(id: str, editing: str, event: gr.EventData, request: gr.Request) -> AsyncIterator[Screen]:
        owner = _owner(request)
        after = await _perform(screens, act_of(owner, id, editing, event._data))
        again = after.asks_again
        if again is None:
            yield await asyncio.to_thread(screens.whole, owner, after)
            return
        async for screen in _ask(screens, owner, id, again.question, again.as_typed, instead_of=again.id):
            yield screen

    typed = parts.box.submit(ask_typed, [parts.box, parts.conversation, parts.editing], parts.screen, **QUIET)
    chosen = parts.chat.example_select(ask_example, parts.conversation, parts.screen, **QUIET)
    exact = parts.as_typed.click(ask_as_typed, parts.conversation, parts.screen, **QUIET)
    again = parts.acts.retry(ask_again, [parts.conversation, parts.editing], parts.screen, **QUIET)
    for asked in (typed, chosen, exact):
        asked.then(None, js=SHOW_BEGINNING, api_visibility="private")
    again.then(None, js=SETTLE, api_visibility="private")
    return [typed, chosen, exact, again]


def _connect_acts(parts: Parts, screens: Screens, asking: list[dict[str, Any]]) -> None:
    """What else can be done on the page.

    What turns away from the conversation is an event of its own: it ends the showing of what is still being answered,
    so that a late answer replaces nothing. Only stopping ends the answering.
    """

    async def act(id: str, editing: str, event: gr.EventData, request: gr.Request) -> Screen:
        done = act_of(_owner(request), id, editing, event._data)
        after = await _perform(screens, done)
        if done.name == LOOK:
            return await asyncio.to_thread(screens.looked, done.owner, after)
        return await asyncio.to_thread(screens.whole, done.owner, after, has_turned=False)

    async def turn_away(id: str, editing: str, event: gr.EventData, request: gr.Request) -> Screen:
        after = await _perform(screens, act_of(_owner(request), id, editing, event._data))
        return await asyncio.to_thread(screens.whole, _owner(request), after)

    async def stop(id: str, request: gr.Request) -> Screen:
        await screens.conversation.stop(_owner(request), id)
        return await asyncio.to_thread(screens.whole, _owner(request), Next(id))

    acted = parts.acts.click(act, [parts.conversation, parts.editing], parts.screen, **EACH)
    turned = parts.acts.select(turn_away, [parts.conversation, parts.editing], parts.screen, cancels=asking, **EACH)
    for done in (acted, turned):
        done.then(None, js=SETTLE, api_visibility="private")
    parts.box.stop(stop, parts.conversation, parts.screen, cancels=asking, **AT_ONCE)


async def _perform(screens: Screens, act: Act) -> Next:
    try:
        return await asyncio.to_thread(perform, screens.conversation.history, act)
    except QuotedError as error:
        raise gr.Error(escape(str(error)), print_exception=False) from error


async def _ask(
    screens: Screens, owner: str, id: str, question: str, as_typed: bool = False, instead_of: str = ""
) -> AsyncIterator[Screen]:
    replies = screens.conversation.reply(owner, id, question, as_typed, instead_of)
    show = screens.asked
    async for talk in replies:
        yield await asyncio.to_thread(show, owner, talk, bool(instead_of))
        show = screens.grown


def _owner(request: gr.Request) -> str:
    """Whose conversations the sender of an event may see."""
    return owner_of(dict(request.headers), request.session_hash or "")


def _head(index: Callable[[], Library], standing: Standing) -> str:
    try:
        return about(index(), standing)
    except QuotedError:
        return about(None)


def _greeting(
    index: Callable[[], Library], standing: Standing, examples: Callable[[Library], Sequence[str]]
) -> tuple[str, Any]:
    """What the empty chat says: what is in the index, and questions to begin with."""
    try:
        library = index()
    except QuotedError as error:
        return about(None), gr.update(placeholder=escape(str(error)), examples=None)
    asked = [{"text": question} for question in examples(library)]
    return about(library, standing), gr.update(placeholder=invitation(library), examples=asked)
