"""The conversations of our stories that never train go in; how right the answers to their turns are comes out.

Every turn is asked with the questions before it ("follow_up", or "fact" where it stands alone), and the first turn of
each conversation also behind one about something else ("new_topic"). The articles are those of the same stories.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.question_sets import BUILT, save, spread
from index import build_index, open_index
from index.terminal import ProgressBar, say
from qa.evaluate import ask_all
from qa.evaluation.figures import Known, Question, by_kind, table
from qa.training.additions import Addition, Turn, read_additions
from qa.training.stories import Story

NAME = "conversations"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=0, help="at most about so many turns, spread evenly")
    options = parser.parse_args()
    additions = read_additions(held_out=True)
    for number, addition in enumerate(additions):
        write_story(BUILT / f"{NAME}-articles", number, addition.story)
    progress = ProgressBar()
    build_index(BUILT / f"{NAME}-articles", BUILT / NAME, progress=progress)
    progress.close()
    outcomes = ask_all(spread(list(turns_of(additions)), options.most), open_index(BUILT / NAME))
    rows = {f"{NAME}: {kind}": figures for kind, figures in by_kind(outcomes).items()}
    say(table(rows))
    return save(rows, NAME)


def write_story(folder: Path, number: int, story: Story) -> None:
    """Write the articles of a story as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, article in enumerate(story.articles):
        title = article.title.replace('"', "'")
        head = f'---\ntitle: "{title}"\npublisher: "{article.publisher}"\ndate: {article.published}\n---\n\n'
        (folder / _name(number, place)).write_text(f"{head}{' '.join(article.sentences.values())}\n", encoding="utf-8")


def turns_of(additions: list[Addition]) -> Iterator[Question]:
    """Every turn with the questions before it, and every first turn behind the conversation before."""
    before: tuple[str, ...] = ()
    for number, addition in enumerate(additions):
        for talk, turns in enumerate(addition.conversations):
            asked = tuple(turn.text for turn in turns)
            for place, turn in enumerate(turns):
                id, kind = f"{number}-{talk}-{place}", "follow_up" if turn.rewrite else "fact"
                yield _question(id, turn, asked[:place], kind, number, addition.story)
            if before and turns[0].answers:
                yield _question(f"{number}-{talk}-new", turns[0], before, "new_topic", number, addition.story)
            before = asked


def _question(id: str, turn: Turn, history: tuple[str, ...], kind: str, number: int, story: Story) -> Question:
    known = tuple(
        Known(article.sentences[answer], _name(number, place))
        for answer in turn.answers
        for place, article in enumerate(story.articles)
        if answer in article.sentences
    )
    return Question(id, turn.text, bool(known), history, kind, known)


def _name(number: int, place: int) -> str:
    return f"story-{number}-{place}.md"


if __name__ == "__main__":
    sys.exit(main())
