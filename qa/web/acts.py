"""What was clicked or sent on the page goes in; it is done in the history, and what the page shows next comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from index.filters import Filters
from qa.conversations.history import History, NoConversation
from qa.conversations.kept import KeptConversation, KeptTurn
from qa.errors import BadQuestion
from qa.retrieval import make_filters

NEW = "new"  # stands for a conversation that has not begun
LOOK = "look"  # does nothing but ask what stands there now
LONGEST = 2000  # characters of one field that are read
MOST = 1000  # values of one field that are read


@dataclass(frozen=True)
class Act:
    """Who did what, in which conversation, while editing which turn, to what, and what was filled in."""

    owner: str
    conversation: str
    editing: str
    name: str
    id: str
    fields: dict[str, tuple[str, ...]]

    def field(self, name: str) -> str:
        """The first value of a field, "" where there is none."""
        return next(iter(self.fields.get(name, ())), "")


@dataclass(frozen=True)
class Next:
    """What the page shows next: a conversation, the turn that is being edited, filters that were wrong and why.

    `box` is what stands in the box, None for what stands there now. Where `asks_again` is a turn, its question is asked
    once more, in its place.
    """

    conversation: str
    editing: str = ""
    box: str | None = None
    tried: Filters | None = None
    error: str = ""
    asks_again: KeptTurn | None = None


def act_of(owner: str, conversation: str, editing: str, sent: object) -> Act:
    """Read what a browser sent; what is no text is left out."""
    values = sent if isinstance(sent, dict) else {}
    fields = {str(name): _texts(value) for name, value in values.items()}
    first = {name: next(iter(fields.get(name, ())), "") for name in ("act", "id")}
    return Act(owner, conversation, editing, first["act"], first["id"], fields)


def perform(history: History, act: Act) -> Next:
    """Do it. What names no turn or conversation of the owner's does nothing."""
    doing = DOINGS.get(act.name, _nothing)
    after = doing(history, act)
    return after if after.box is not None else replace(after, editing=act.editing)


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each[:LONGEST] for each in values[:MOST] if isinstance(each, str))


def _nothing(history: History, act: Act) -> Next:
    return Next(act.conversation)


def _keep(history: History, act: Act) -> Next:
    return Next(act.conversation, box="")


def _open(history: History, act: Act) -> Next:
    return Next(act.id, box="")


def _rename(history: History, act: Act) -> Next:
    history.rename(act.owner, act.id, act.field("title"))
    return Next(act.conversation)


def _delete(history: History, act: Act) -> Next:
    history.delete(act.owner, act.id)
    return Next(NEW, box="") if act.id == act.conversation else Next(act.conversation)


def _retry(history: History, act: Act) -> Next:
    return Next(act.conversation, asks_again=_turn(history, act))


def _edit(history: History, act: Act) -> Next:
    turn = _turn(history, act)
    return Next(act.conversation, editing=turn.id, box=turn.question) if turn else Next(act.conversation)


def _judge(history: History, act: Act) -> Next:
    """A thumb; the same once more takes it back."""
    turn, is_up = _turn(history, act), act.name == "up"
    if turn is not None:
        history.judge(act.owner, act.conversation, turn.id, None if turn.is_up is is_up else is_up)
    return Next(act.conversation)


def _word(history: History, act: Act) -> Next:
    turn = _turn(history, act)
    if turn is not None:
        history.judge(act.owner, act.conversation, turn.id, turn.is_up, act.field("word"))
    return Next(act.conversation)


def _filter(history: History, act: Act) -> Next:
    tried = Filters(
        act.field("after").strip(),
        act.field("before").strip(),
        "",
        act.fields.get("publishers", ()),
        act.fields.get("articles", ()),
    )
    try:
        make_filters(tried.after, tried.before, tried.source, tried.publishers, tried.articles)
    except BadQuestion as error:
        return Next(act.conversation, tried=tried, error=str(error))
    return _narrow(history, act, tried)


def _only(history: History, act: Act) -> Next:
    return _narrow(history, act, Filters(articles=(act.id,)))


def _clear(history: History, act: Act) -> Next:
    return _narrow(history, act, Filters())


def _narrow(history: History, act: Act, filters: Filters) -> Next:
    kept = _conversation(history, act)
    id = kept.id if kept else history.begin(act.owner)
    history.set_filters(act.owner, id, filters)
    return Next(id)


def _conversation(history: History, act: Act) -> KeptConversation | None:
    try:
        return history.conversation(act.owner, act.conversation)
    except NoConversation:
        return None


def _turn(history: History, act: Act) -> KeptTurn | None:
    kept = _conversation(history, act)
    return next((turn for turn in kept.turns if turn.id == act.id), None) if kept else None


DOINGS: dict[str, Callable[[History, Act], Next]] = {
    LOOK: _nothing,
    "open": _open,
    "keep": _keep,
    "rename": _rename,
    "delete": _delete,
    "retry": _retry,
    "edit": _edit,
    "up": _judge,
    "down": _judge,
    "word": _word,
    "filter": _filter,
    "only": _only,
    "clear": _clear,
}
