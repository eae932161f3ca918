"""An owner and a conversation go in; what every part of the page shows comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import gradio as gr

from index.article import Article
from index.errors import QuotedError
from qa.conversations.kept import KeptConversation
from qa.web.acts import NEW, Next
from qa.web.conversation import Conversation, Talk
from qa.web.narrowing import narrowing
from qa.web.panel import Library, first_panel, panel, texts_to_copy
from qa.web.past import past
from qa.web.turns import Turn, shown

SAME: Any = gr.skip()  # what shows a part stays as it is
READY: dict[str, Any] = {"submit_btn": True, "stop_btn": False}
ASKING: dict[str, Any] = {"submit_btn": False, "stop_btn": True}


class Screen(NamedTuple):
    """What each part of the page shows, by the names of the parts in `layout`; those not named stay as they are."""

    chat: Any = SAME
    evidence: Any = SAME
    copied: Any = SAME
    box: Any = SAME
    conversation: Any = SAME
    editing: Any = SAME
    as_typed: Any = SAME
    narrowing: Any = SAME
    past: Any = SAME


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
        return self._talk(turns, cards)._replace(
            box=gr.update(**box, **({} if is_waiting else READY)),
            conversation=kept.id or NEW,
            editing=after.editing,
            as_typed=gr.update(visible=bool(turns) and turns[-1].is_completed),
            narrowing=narrowing(cards, after.tried or kept.filters, after.error, bool(after.editing)),
            past=self._past(owner, kept),
        )

    def looked(self, owner: str, after: Next) -> Screen:
        """All parts once the conversation's last answer is there, nothing new before."""
        kept = self.conversation.opened(owner, after.conversation)
        if kept.turns and kept.turns[-1].id in self.conversation.answering:
            return Screen()
        return self.whole(owner, after, has_turned=False)

    def asked(self, owner: str, talk: Talk, has_replaced: bool) -> Screen:
        """The parts that change when a question has been asked."""
        kept = self.conversation.opened(owner, talk.id)
        box = gr.update(value="", **(ASKING if talk.turns[-1].is_waiting else READY))
        return self._talk(talk.turns)._replace(
            box=box,
            conversation=talk.id,
            editing="",
            as_typed=gr.update(visible=False),
            narrowing=narrowing(self._cards(), kept.filters) if has_replaced else SAME,
            past=self._past(owner, kept),
        )

    def grown(self, owner: str, talk: Talk, has_replaced: bool) -> Screen:
        """The parts that change while an answer grows; another turn may be edited meanwhile."""
        return self._talk(talk.turns)._replace(
            box=gr.update(**READY),
            conversation=talk.id or NEW,
            as_typed=gr.update(visible=talk.turns[-1].is_completed),
            past=self._past(owner, self.conversation.opened(owner, talk.id)) if has_replaced else SAME,
        )

    def _talk(self, turns: tuple[Turn, ...], cards: Sequence[Article] = ()) -> Screen:
        chat = [
            {"role": role, "content": content}
            for turn in turns
            for role, content in (("user", turn.said), ("assistant", turn.message))
            if content
        ]
        return Screen(chat, panel(turns) or first_panel(cards), texts_to_copy(turns))

    def _cards(self) -> Sequence[Article]:
        """The articles at hand; none while there is no index, which the head of the page tells."""
        try:
            return self.index().cards()
        except QuotedError:
            return ()

    def _past(self, owner: str, kept: KeptConversation) -> str:
        return past(self.conversation.history.headings(owner), kept.id)
