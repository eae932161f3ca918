"""Follow-up questions with rewrites by people go in; which earlier words a rewrite takes over comes out."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from index.words import words

HELD_OUT = 4  # every fourth conversation never trains


@dataclass(frozen=True)
class FollowUp:
    """A question with the turns before it, oldest first; `carried` are the stems that a rewrite took over from them."""

    question: str
    turns: list[str]
    carried: frozenset[str]
    is_same: bool  # whether people left the question as it was


def read_follow_ups(file: Path, *, held_out: bool) -> list[FollowUp]:
    """Read the questions that have a history, of the conversations that train or of those that are held out."""
    found = []
    for value in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        conversation = value["set"] + re.split(r"_|<", value["id"])[0]
        if (int(hashlib.md5(conversation.encode()).hexdigest(), 16) % HELD_OUT == 0) == held_out and value["history"]:
            found.append(_follow_up(value["text"], value["rewrite"].removeprefix("Utterance: "), value["history"]))
    return found


def _follow_up(question: str, rewrite: str, history: list[dict[str, str]]) -> FollowUp:
    asked = [turn["text"] for turn in history if turn["speaker"] == "user"]
    # Of the answers only the last is read, before the question that it answers, as in qa/query/conversation.py.
    last = history[-1]["text"] if history[-1]["speaker"] != "user" else ""
    turns = [*asked[:-1], *([last] if last else []), *asked[-1:]]
    carried = (set(words(rewrite)) - set(words(question))) & set(words(" ".join(turns)))
    is_same = set(words(rewrite)) <= set(words(question))
    return FollowUp(question, turns, frozenset(carried), is_same)
