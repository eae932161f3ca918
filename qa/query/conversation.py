"""A question and the turns before it go in, a query that stands alone comes out; the history goes no further."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.opening import Index
from index.words import words
from qa.errors import BadQuestion
from qa.query.dates import Days
from qa.query.need import dates_in
from qa.query.pointing import filled_in, points_back
from qa.query.spelling import correct
from qa.query.unwrapping import Wish, unwrapped
from qa.reader.passage_reader import TurnWord, read_turns

Turn = str | tuple[str, str]  # an earlier question, or (question, answer text)

MAX_QUESTION = 2000  # characters
MAX_ANSWER = 20_000  # characters of an earlier answer; an answer of ours has hardly a thousand
MAX_TURNS = 40  # of a history; older ones are not read
TALK = 4  # earlier questions that are searched for together with a new one
MAX_CARRIED = 8  # words taken over from earlier turns
QUOTED = re.compile(r"“([^“”]*(?:“[^”]*”[^“”]*)*)” \[\d+\]")  # as qa/quoting/telling.py writes a quotation
LEANS = -1.0  # log odds from which an earlier word is taken over: see "Follow-ups" in benchmarks/README.md


@dataclass(frozen=True)
class Before:
    """The questions asked before, oldest first, and the text of the last one's answer, "" where it is not known."""

    asked: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Query:
    """A question in four forms: `text` is searched for, each of `read` is read with the passages, `typed` is as typed,
    `known` is what that asks of the articles, with misspelt words corrected.

    `days` are the days that it asks about; where `is_anchored`, they were counted from an event that it names. `before`
    is what came before it in a conversation; where it `is_part`, in the same question.
    `sources` are the ids of the articles of each author or publisher that it names; where it `is_topic`, of each
    article that tells of it.
    """

    text: str
    read: tuple[str, ...]
    typed: str
    known: str
    days: tuple[Days, ...] = ()
    is_anchored: bool = False
    before: Before | None = None
    is_part: bool = False
    sources: tuple[frozenset[str], ...] = ()
    is_topic: bool = False


def standing_alone(question: str) -> Query:
    """The query of a question without a history, as it is."""
    typed = " ".join(question.split())
    return Query(typed, (typed,), typed, typed)


def make_query(question: str, history: Sequence[Turn], index: Index | None = None) -> Query:
    """Add the words of earlier turns that a follow-up leans on; leave every other question as it is.

    With an index, words that it does not hold are spelt as it spells them.
    """
    typed = " ".join(question.split())
    if isinstance(history, str) or not isinstance(history, Sequence):
        raise BadQuestion("The history is a list of earlier questions, or of (question, answer text) pairs.")
    asked = _understood([_question(turn) for turn in history[-MAX_TURNS:]])
    spelt = typed if index is None else correct(typed, index)
    filled = filled_in(spelt, asked[-1]) if asked else spelt
    wish, asked = unwrapped(filled), [unwrapped(each).text for each in asked]
    alone = Query(wish.text, (wish.text,), typed, wish.text, is_topic=wish.is_topic)
    if not asked:
        return alone
    answer = _answer(history[-1])
    alone = replace(alone, before=Before(tuple(asked[-TALK:]), answer))
    if filled != spelt:  # what the last question says but for what it asks of, which this one does not carry over
        return replace(_carrying(alone, asked[:-1]), read=(f"{asked[-1]} {spelt}", alone.known))
    if not _leans(filled, wish):
        return alone
    carrying = _carrying(alone, [*asked[:-1], *([answer] if answer else []), asked[-1]])
    if carrying == alone:
        return alone
    # Words put behind a question find passages, but are no language that the reader knows; two questions are. Read
    # alone, a question is not mistaken for the one before: see "Follow-ups" in benchmarks/README.md.
    return replace(carrying, read=(f"{asked[-1]} {alone.known}", alone.known), is_topic=False)


def _leans(question: str, wish: Wish) -> bool:
    """Whether a question leans on the talk: "Tell me about the director" does, "Tell me about Kerry" does not."""
    if wish.is_topic:
        return points_back(question) and not any(map(str.isupper, wish.text))
    return points_back(wish.text)


def _carrying(alone: Query, turns: list[str]) -> Query:
    """The query with the words of earlier turns that it leans on put behind it."""
    carried = _carried(alone.known, turns)
    return replace(alone, text=f"{alone.known} ({' '.join(carried)})") if carried else alone


def _understood(asked: list[str]) -> list[str]:
    """The questions of a talk; one that names only another thing than the one before is that one about it."""
    told: list[str] = []
    for question in asked:
        told.append(filled_in(question, told[-1]) if told else question)
    return told


def _carried(question: str, turns: list[str]) -> list[str]:
    """The words that the question leans on, the surest first where they are too many, as they stand in the turns."""
    have = set(words(question))
    has_date = bool(dates_in(question))  # its own stands against that of an earlier turn
    said = read_turns(question, turns)
    leaned: dict[str, int] = {}
    for place, word in enumerate(said):
        stems = " ".join(words(word.text))
        is_date = has_date and bool(dates_in(word.text))
        if stems and word.odds >= LEANS and not is_date and not have.issuperset(stems.split()):
            kept = leaned.get(stems)
            leaned[stems] = place if kept is None or word.odds > said[kept].odds else kept
    surest = sorted(leaned.values(), key=lambda place: -said[place].odds)[:MAX_CARRIED]
    whole = {other for place in surest for other in _name_around(place, said)}
    return [said[place].text for place in sorted(whole)]


def _name_around(place: int, said: list[TurnWord]) -> range:
    """The places of the words of the name that a word is part of: no half of "Corn Exchange" is taken over."""
    first = last = place
    while first and _are_one_name(said[first - 1], said[first]):
        first -= 1
    while last + 1 < len(said) and _are_one_name(said[last], said[last + 1]):
        last += 1
    return range(first, last + 1)


def _are_one_name(one: TurnWord, other: TurnWord) -> bool:
    is_next = one.turn == other.turn and other.start == one.start + len(one.text) + 1
    return is_next and all(each.text[0].isupper() and words(each.text) for each in (one, other))


def _question(turn: Turn) -> str:
    text = turn[0] if isinstance(turn, tuple | list) and turn else turn
    if not isinstance(text, str):
        raise BadQuestion("A history item is an earlier question, or a (question, answer text) pair.")
    return _plain(text)


def _answer(turn: Turn) -> str:
    """What an answer quotes, without whom; all of an answer that is not one of ours."""
    text = turn[1] if isinstance(turn, tuple | list) and len(turn) > 1 else ""
    return _plain(" ".join(QUOTED.findall(text[:MAX_ANSWER])) or text) if isinstance(text, str) else ""


def _plain(text: str) -> str:
    """The beginning of a turn on one line, with a mark in the place of what is no character."""
    return " ".join(text[:MAX_QUESTION].encode("utf-8", "replace").decode("utf-8").split())
