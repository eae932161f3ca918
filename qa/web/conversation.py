"""An owner and a question go in; the conversation comes out again and again while its last turn grows to an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from itertools import takewhile

from index.errors import QuotedError
from index.filters import Filters
from qa.answer import Answer
from qa.conversations.aging import Aging, as_quoted
from qa.conversations.history import TURNS, History, NoConversation
from qa.conversations.kept import KeptConversation, KeptTurn
from qa.conversations.recall import recall
from qa.render import as_json
from qa.retrieval import check_question
from qa.web.line import Line
from qa.web.turns import Turn, growing, shown, unkept, waiting

# Takes a question, the turns before it, whether to search exactly what was typed, and which articles may answer.
Asker = Callable[[str, list[tuple[str, str]], bool, Filters], Answer]

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Talk:
    """A conversation as the page shows it; `id` is "" before its first question."""

    id: str = ""
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Answered:
    """A turn with what came of it; `lost` tells where that could not be kept, for it is shown all the same."""

    turn: KeptTurn
    lost: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """Asks on behalf of everyone; turns are kept in the history alone, each for its owner.

    `aging` tells where what earlier turns quote stands today; `answering` has the work on each unanswered turn by its
    id. That work goes on where nobody waits for it any more, so that its answer is kept.
    """

    ask: Asker
    history: History
    line: Line = field(default_factory=Line)
    aging: Aging = as_quoted
    answering: dict[str, asyncio.Task[Answered]] = field(default_factory=dict)

    async def reply(
        self, owner: str, id: str, question: str, as_typed: bool = False, instead_of: str = ""
    ) -> AsyncIterator[Talk]:
        """The conversation with one more turn, first waiting, then growing quote by quote.

        A new one where the owner has none of this `id`. The new turn takes the place of the turn `instead_of` and of
        all after it; where no answer comes, they stand there again, and the new turn after them.
        """
        talk = Talk(id)
        try:
            kept = await asyncio.to_thread(self.opened, owner, id)
            talk = Talk(kept.id, shown(kept.turns, self.aging, answering=self.answering))
            check_question(question)
            id, turn = await asyncio.to_thread(self._keep, owner, kept, question, as_typed, bool(instead_of))
        except QuotedError as error:
            yield replace(talk, turns=(*talk.turns, unkept(question, str(error))))
            return
        before = tuple(takewhile(lambda each: each.id != instead_of, kept.turns))
        work = self._begin(owner, id, turn, before, instead_of)
        talk = self._talk(id, before)
        yield replace(talk, turns=(*talk.turns, waiting(turn)))
        await asyncio.wait({work})
        if work.cancelled():
            return
        answered = work.result()
        if not answered.turn.answer:
            talk = self._talk(id, kept.turns)
        for grown in growing(answered.turn):
            yield replace(talk, turns=(*talk.turns, grown, *answered.lost))

    async def stop(self, owner: str, id: str) -> None:
        """Give up what is being answered in a conversation of the owner's."""
        kept = await asyncio.to_thread(self.opened, owner, id)
        works = [self.answering[turn.id] for turn in kept.turns if turn.id in self.answering]
        for work in works:
            work.cancel()
        if works:
            await asyncio.wait(works)

    def opened(self, owner: str, id: str) -> KeptConversation:
        """The owner's conversation; one that is not kept yet where there is none."""
        try:
            return self.history.conversation(owner, id)
        except NoConversation:
            return KeptConversation("", "", Filters())

    def _keep(
        self, owner: str, kept: KeptConversation, question: str, as_typed: bool, will_replace: bool
    ) -> tuple[str, KeptTurn]:
        id = kept.id or self.history.begin(owner)
        turn = self.history.ask(owner, id, question, as_typed, kept.filters, will_replace)
        return id, KeptTurn(turn, question, as_typed, kept.filters, "")

    def _talk(self, id: str, earlier: tuple[KeptTurn, ...]) -> Talk:
        """What stands before a new turn."""
        return Talk(id, shown(earlier[-(TURNS - 1) :], self.aging, is_last=False, answering=self.answering))

    def _begin(
        self, owner: str, id: str, turn: KeptTurn, earlier: tuple[KeptTurn, ...], instead_of: str
    ) -> asyncio.Task[Answered]:
        work = asyncio.create_task(self._work(owner, id, turn, earlier, instead_of))
        self.answering[turn.id] = work
        work.add_done_callback(lambda _: self.answering.pop(turn.id))
        return work

    async def _work(
        self, owner: str, id: str, turn: KeptTurn, earlier: tuple[KeptTurn, ...], instead_of: str
    ) -> Answered:
        answered = await self._answered(turn, earlier)
        return await asyncio.to_thread(self._keep_answer, owner, id, answered, instead_of)

    def _keep_answer(self, owner: str, id: str, turn: KeptTurn, instead_of: str) -> Answered:
        try:
            self.history.answer(owner, id, turn.id, turn.answer, turn.notice, instead_of)
        except QuotedError as error:
            return Answered(turn, (unkept("", str(error)),))
        return Answered(turn)

    async def _answered(self, turn: KeptTurn, earlier: tuple[KeptTurn, ...]) -> KeptTurn:
        """The turn with its answer, or with a notice why there is none."""
        pairs = [(each.question, recall(each.answer).text) for each in earlier if each.answer]
        try:
            answer = await self.line.run(lambda: self.ask(turn.question, pairs, turn.as_typed, turn.filters))
            return replace(turn, answer=as_json(answer))
        except (QuotedError, ValueError) as error:
            return replace(turn, notice=str(error))
        except Exception:
            LOG.exception("A question could not be answered.")
            return replace(turn, notice="Something went wrong here; the terminal says what.")
