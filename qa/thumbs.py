"""What readers say of answers goes in, lines of a questions file come out: it becomes an evaluation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.terminal import DONE, json_line, run, say
from qa.answer import Answer
from qa.conversations.kept import KeptConversation
from qa.conversations.recall import Excerpt, Recalled, recall
from qa.query.conversation import Turn


@dataclass(frozen=True)
class Thumb:
    """What a reader said of an answer: up or down, and a word where they gave one."""

    history: Sequence[Turn]
    answer: Answer | Recalled
    is_up: bool
    word: str = ""


def question_line(thumb: Thumb) -> str:
    """Return the thumb as one line of JSON that qa.evaluate reads; docs/evaluation.md says what becomes of what.

    Where a quoted answer was turned down nobody knows yet whether the articles answer: `answerable` is null until a
    person fills it in.
    """
    answer = thumb.answer
    quoted = [{"article": each.article, "quote": each.quote} for each in answer.citations]
    answerable = answer.found if thumb.is_up else None if answer.found else True
    line: dict[str, object] = {
        "id": answer.id,
        "question": answer.question,
        "history": list(thumb.history),
        "type": "thumb_up" if thumb.is_up else "thumb_down",
        "answerable": answerable,
        "answers": quoted if thumb.is_up else [],
        "rejected": [] if thumb.is_up else quoted,
        "passages": _passages(answer),
        "word": thumb.word,
        "generation": answer.generation,
    }
    return json_line(line)


def question_lines(conversation: KeptConversation) -> Iterator[str]:
    """Yield a line for each judged answer of a conversation, with the turns before it as its history."""
    earlier: list[Turn] = []
    for turn in conversation.turns:
        if not turn.answer:
            continue
        answer = recall(turn.answer)
        if turn.is_up is not None:
            yield question_line(Thumb(tuple(earlier), answer, turn.is_up, turn.word))
        earlier.append((turn.question, answer.text))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for every judged answer of this machine about one index, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m qa.thumbs", description="Print what readers said of answers, as questions for qa.evaluate."
    )
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of the conversations")
    options = parser.parse_args(arguments)
    return run(lambda: _print_all(options.index, options.data))


def _print_all(index_dir: Path | None, data: Path | None) -> int:
    from index.places import default_index_dir
    from qa.conversations.history import History
    from qa.conversations.history_file import history_folder

    for conversation in History(history_folder(index_dir or default_index_dir(), data)).judged():
        for line in question_lines(conversation):
            say(line)
    return DONE


def _passages(answer: Answer | Recalled) -> list[dict[str, object]]:
    found = [each if isinstance(each, Excerpt) else each.passage for each in answer.passages]
    return [
        {
            "article": each.article if isinstance(each, Excerpt) else each.article.id,
            "start": each.start,
            "end": each.end,
        }
        for each in found
    ]


if __name__ == "__main__":
    sys.exit(main())
