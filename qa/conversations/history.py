"""Turns of conversations go in to be kept; they come out for the browser that owns them, and for no other."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from index.errors import QuotedError
from index.filters import Filters
from qa.conversations.history_file import HistoryFile
from qa.conversations.kept import Heading, KeptConversation, KeptTurn, filters_json, filters_of

TURNS = 40  # of a conversation
CONVERSATIONS = 100  # of an owner
ALL = 10_000  # turns of all owners together, about 30 KB each; and conversations
MAX_TITLE = 120  # characters
MAX_WORD = 500  # characters of what a reader says of an answer
TURN = "id, question, as_typed, filters, asked, answer, notice, is_up, word"
# Every statement names the owner: an id that was guessed or overheard opens nothing.
OWNED = "conversation = (select number from conversation where id = ? and owner = ?)"


class NoConversation(QuotedError):
    """There is no such conversation, or none that this owner may see."""


class History:
    """The conversations about one index. Safe from several threads; every change is on the disk on return."""

    def __init__(self, folder: Path) -> None:
        self._file = HistoryFile(folder)

    def headings(self, owner: str) -> list[Heading]:
        """The owner's conversations with at least one turn, the last used first."""
        rows = self._file.rows(
            "select id, title, (select question from turn where conversation = c.number order by number limit 1) "
            "as first, exists (select 1 from turn where conversation = c.number and is_up is not null) "
            "from conversation c where owner = ? and first is not null order by used desc",
            owner,
        )
        return [Heading(id, title or first, bool(is_judged)) for id, title, first, is_judged in rows]

    def conversation(self, owner: str, id: str) -> KeptConversation:
        """One conversation with its turns. Raises NoConversation."""
        found = self._file.rows("select title, filters from conversation where id = ? and owner = ?", id, owner)
        if not found:
            raise NoConversation("There is no such conversation here. It may have been deleted.")
        rows = self._file.rows(f"select {TURN} from turn where {OWNED} order by number", id, owner)
        turns = tuple(_turn(*row) for row in rows)
        (title, filters), first = found[0], turns[0].question if turns else ""
        return KeptConversation(id, title or first, filters_of(filters), turns)

    def begin(self, owner: str) -> str:
        """Make a conversation and return its id; the oldest go where there are too many."""
        id = secrets.token_urlsafe(18)
        oldest = "(select used from conversation {} order by used desc limit 1 offset ?)"
        with self._file.change() as file:
            file.execute(
                "insert into conversation (id, owner, title, filters, used) values (?, ?, '', ?, "
                "(select coalesce(max(used), 0) + 1 from conversation))",
                (id, owner, filters_json(Filters())),
            )
            file.execute(f"delete from conversation where owner = ? and used <= {oldest.format('where owner = ?')}",
                         (owner, owner, CONVERSATIONS))  # fmt: skip
            file.execute(f"delete from conversation where used <= {oldest.format('')}", (ALL,))
        return id

    def ask(
        self, owner: str, id: str, question: str, as_typed: bool, filters: Filters, will_replace: bool = False
    ) -> str:
        """Keep a question that has no answer yet and return the id of its turn; the oldest go where there are too many.

        One more may stand there where its answer `will_replace` others. Raises NoConversation.
        """
        turn = secrets.token_urlsafe(18)
        oldest = "(select number from turn {} order by number desc limit 1 offset ?)"
        with self._file.change() as file:
            used = file.execute("update conversation set used = (select max(used) + 1 from conversation) "
                                "where id = ? and owner = ?", (id, owner))  # fmt: skip
            if not used.rowcount:
                raise NoConversation("This conversation has been deleted. Start a new one.")
            file.execute(f"insert into turn (conversation, {TURN}) select number, ?, ?, ?, ?, ?, '', '', null, '' "
                         "from conversation where id = ? and owner = ?",
                         (turn, question, as_typed, filters_json(filters), _now(), id, owner))  # fmt: skip
            file.execute(f"delete from turn where {OWNED} and number <= {oldest.format(f'where {OWNED}')}",
                         (id, owner, id, owner, TURNS + will_replace))  # fmt: skip
            file.execute(f"delete from turn where number <= {oldest.format('')}", (ALL,))
        return turn

    def answer(self, owner: str, id: str, turn: str, answer: str, notice: str = "", instead_of: str = "") -> None:
        """Keep what came of a question: an Answer's JSON, or a notice. Nothing where the turn has gone meanwhile.

        An answer takes the place of the turn `instead_of` and of all between; with a notice they stay.
        """
        number = f"(select number from turn where id = ? and {OWNED})"
        with self._file.change() as file:
            kept = file.execute(f"update turn set answer = ?, notice = ? where id = ? and {OWNED}",
                                (answer, notice, turn, id, owner))  # fmt: skip
            if kept.rowcount and answer and instead_of:
                file.execute(f"delete from turn where {OWNED} and number >= {number} and number < {number}",
                             (id, owner, instead_of, id, owner, turn, id, owner))  # fmt: skip

    def set_filters(self, owner: str, id: str, filters: Filters) -> None:
        """Remember the filters for the next question."""
        self._do("update conversation set filters = ? where id = ? and owner = ?", filters_json(filters), id, owner)

    def rename(self, owner: str, id: str, title: str) -> None:
        """Give a conversation a title; "" gives it back its first question."""
        self._do("update conversation set title = ? where id = ? and owner = ?", _line(title, MAX_TITLE), id, owner)

    def delete(self, owner: str, id: str) -> None:
        """Remove a conversation, also from the bytes of the file."""
        self._do("delete from conversation where id = ? and owner = ?", id, owner)
        self._file.rows("pragma wal_checkpoint(truncate)")

    def judge(self, owner: str, id: str, turn: str, is_up: bool | None, word: str = "") -> None:
        """Keep what a reader says of an answer; None takes it back."""
        said = "" if is_up is None else _line(word, MAX_WORD)
        self._do(f"update turn set is_up = ?, word = ? where id = ? and answer != '' and {OWNED}",
                 is_up, said, turn, id, owner)  # fmt: skip

    def judged(self, owner: str | None = None) -> Iterator[KeptConversation]:
        """Yield the conversations with judged answers, of one owner, or of all where None; oldest first."""
        found = self._file.rows(
            "select id, owner from conversation c where (? or owner = ?) and exists (select 1 from turn "
            "where conversation = c.number and is_up is not null) order by number",
            owner is None,
            owner,
        )
        for id, whose in found:
            yield self.conversation(whose, id)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _do(self, statement: str, *values: object) -> None:
        with self._file.change() as file:
            file.execute(statement, values)


def _turn(id: str, question: str, as_typed: int, filters: str, asked: str, answer: str, notice: str,
          is_up: int | None, word: str) -> KeptTurn:  # fmt: skip
    judged = None if is_up is None else bool(is_up)
    return KeptTurn(id, question, bool(as_typed), filters_of(filters), asked, answer, notice, judged, word)


def _line(text: str, most: int) -> str:
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:most]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
