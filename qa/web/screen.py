"""An owner and a conversation go in; what every part of the page shows comes out, in the order of Parts.screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.article import Article
from index.errors import QuotedError
from qa.kept import KeptConversation
from qa.web.acts import NEW, Next
from qa.web.conversation import Conversation, Talk
from qa.web.narrowing import narrowing
from qa.web.panel import Library, first_panel, panel, texts_to_copy
from qa.web.past import past
from qa.web.turns import Turn, shown

# Chat, evidence, texts to copy, box, conversation, turn being edited, "as typed" button, filters, conversations.
Screen = tuple[Any, ...]
PARTS = 9
READY: dict[str, Any] = {"submit_btn": True, "stop_btn": False}
ASKING: dict[str, Any] = {"submit_btn": False, "stop_btn": True}


@dataclass(frozen=True)
class Screens:
    """Shows conversations; the history is asked anew each time."""

    conversation: Conversation
    index: Callable[[], Library]

    def first(self, owner: str, id: str) -> Screen:
        """What a page shows that has just been opened: the conversation that its tab had, else the newest."""
        newest = self.conversation.history.headings(owner)[:1]
        return self.whole(owner, Next(id or (newest[0].id if newest else NEW)))

    def whole(self, owner: str, after: Next, has_turned: bool = True) -> Screen:
        """All parts, as the history has them.

        `has_turned` tells that the page waits for no answer now; where it may, the box keeps its button.
        """
        answering = frozenset(self.conversation.answering)  # before the answers are read: each is here or there
        kept = self.conversation.opened(owner, after.conversation)
        turns = shown(kept.turns, self.conversation.aging, answering=answering)
        cards = self._cards()
        box: dict[str, Any] = {} if after.box is None else {"value": after.box}
        is_waiting = bool(turns) and turns[-1].is_waiting and not has_turned
        return (
            *self._talk(turns, cards),
            gr.update(**box, **({} if is_waiting else READY)),
            kept.id or NEW,
            after.editing,
            gr.update(visible=bool(turns) and turns[-1].is_completed),
            narrowing(cards, after.tried or kept.filters, after.error, bool(after.editing)),
            self._past(owner, kept),
        )

    def looked(self, owner: str, after: Next) -> Screen:
        """All parts once the conversation's last answer is there, nothing new before."""
        kept = self.conversation.opened(owner, after.conversation)
        if kept.turns and kept.turns[-1].id in self.conversation.answering:
            return (gr.skip(),) * PARTS
        return self.whole(owner, after, has_turned=False)

    def asked(self, owner: str, talk: Talk, has_replaced: bool) -> Screen:
        """The parts that change when a question has been asked."""
        kept = self.conversation.opened(owner, talk.id)
        box = gr.update(value="", **(ASKING if talk.turns[-1].is_waiting else READY))
        filters = narrowing(self._cards(), kept.filters) if has_replaced else gr.skip()
        return (*self._talk(talk.turns), box, talk.id, "", gr.update(visible=False), filters, self._past(owner, kept))

    def grown(self, owner: str, talk: Talk, has_replaced: bool) -> Screen:
        """The parts that change while an answer grows; another turn may be edited meanwhile."""
        completed, same = gr.update(visible=talk.turns[-1].is_completed), gr.skip()
        listed = self._past(owner, self.conversation.opened(owner, talk.id)) if has_replaced else same
        return (*self._talk(talk.turns), gr.update(**READY), talk.id or NEW, same, completed, same, listed)

    def _talk(self, turns: tuple[Turn, ...], cards: Sequence[Article] = ()) -> tuple[list[dict[str, str]], str, str]:
        chat = [
            {"role": role, "content": content}
            for turn in turns
            for role, content in (("user", turn.said), ("assistant", turn.message))
            if content
        ]
        return chat, panel(turns) or first_panel(cards), texts_to_copy(turns)

    def _cards(self) -> Sequence[Article]:
        """The articles at hand; none while there is no index, which the head of the page tells."""
        try:
            return self.index().cards()
        except QuotedError:
            return ()

    def _past(self, owner: str, kept: KeptConversation) -> str:
        return past(self.conversation.history.headings(owner), kept.id)
