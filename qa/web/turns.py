"""A kept turn goes in, what the page shows of it comes out."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.conversations.aging import Aging, as_quoted
from qa.conversations.kept import KeptTurn
from qa.conversations.recall import Recalled, recall
from qa.web.cards import evidence
from qa.web.message import message_steps, notice, plain, said, tools, was_completed

STOPPED = "There is no answer: this was stopped."
WAITING = "<p class='notice waiting'>Reading the articles …</p>"


@dataclass(frozen=True)
class Turn:
    """A question and what is shown for it, in HTML; `copy` is the answer as text, "" where there is none.

    `is_completed` tells that something else was searched for than what was typed.
    """

    id: str
    question: str
    said: str
    message: str
    evidence: str = ""
    copy: str = ""
    is_completed: bool = False
    is_waiting: bool = False


def shown(
    turns: Sequence[KeptTurn], aging: Aging, is_last: bool = True, answering: Container[str] = ()
) -> tuple[Turn, ...]:
    """Every turn as it stands today; `is_last` tells that no other follows these, `answering` are those in work."""
    return tuple(
        waiting(turn)
        if turn.id in answering and not turn.answer
        else _shown(turn, is_last and turn is turns[-1], aging)
        for turn in turns
    )


def waiting(turn: KeptTurn) -> Turn:
    """A turn whose answer is not there yet."""
    return Turn(turn.id, turn.question, said(turn.question), WAITING, is_waiting=True)


def growing(turn: KeptTurn) -> Iterator[Turn]:
    """The last turn, answered, quote by quote."""
    if turn.answer:
        steps = [*message_steps(recall(turn.answer), turn.filters)]
        whole = _shown(turn, True)
        yield from (replace(whole, message=f"<div class='answer'>{step}</div>") for step in steps[:-1])
    yield _shown(turn, True)


def unkept(question: str, text: str) -> Turn:
    """A turn that is nowhere but on the page: a question that could not be asked."""
    return Turn("", question, said(question), notice(text))


def _shown(turn: KeptTurn, is_last: bool, aging: Aging = as_quoted) -> Turn:
    question = said(turn.question, turn.id)
    if not turn.answer:
        return Turn(turn.id, turn.question, question, notice(turn.notice or STOPPED) + tools(turn, is_last))
    answer = recall(turn.answer)
    *_, whole = message_steps(answer, turn.filters)
    aged = _aged(answer, aging)
    message = f"<div class='answer'>{whole}{notice(aged) if aged else ''}</div>{tools(turn, is_last)}"
    copy = "\n\n".join(filter(None, (plain(answer, turn.filters), aged)))
    return Turn(turn.id, turn.question, question, message, evidence(answer, aging), copy, was_completed(answer))


def _aged(answer: Recalled, aging: Aging) -> str:
    """What has become of the quotations since: "[1], [2]: the article has changed since …"."""
    numbers: dict[str, list[str]] = {}
    for each in answer.citations:
        note = aging(each.article, each.start, each.quote, each.text_digest).note
        if note:
            numbers.setdefault(note, []).append(f"[{each.number}]")
    return " ".join(f"{', '.join(cited)}: {note}." for note, cited in numbers.items())
