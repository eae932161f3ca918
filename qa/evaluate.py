"""Questions with known answers and an index go in; the outcome of each, and what they tell together, come out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.terminal import DONE, ProgressBar, json_line, note, run, say
from qa.errors import BadQuestion
from qa.evaluation.figures import ALL, Known, Outcome, Question, Report, plain, report, table

if TYPE_CHECKING:
    from index.opening import Index
    from qa.query.conversation import Turn

MOST_FAULTS, MOST_SHOWN = 10, 80  # faults of a questions file that are told, characters of a quotation
TOLD_COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)  # where the refusal curve is printed


def load_questions(file: Path) -> list[Question]:
    """Read a JSON Lines file; see docs/evaluation.md for its fields. Raises BadQuestion naming the first bad line.

    Lines whose `answerable` is null are left out: it is not known yet whether the articles answer them.
    """
    questions: dict[str, Question] = {}
    left_out = 0
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadQuestion(f"{file} cannot be read: {why}.") from error
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line) if line.strip() else {"answerable": None}
            if value["answerable"] is None:
                left_out += bool(line.strip())
                continue
            question = _question(value)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            why = f"it has no {error}" if isinstance(error, KeyError) else repr(error)
            raise BadQuestion(f"{file}, line {number}, is no question: {why}. See docs/evaluation.md.") from error
        if question.id in questions:
            raise BadQuestion(f"{file}, line {number}: the id {question.id!r} is there already. Give each its own.")
        questions[question.id] = question
    if left_out:
        note(f"{left_out} questions are left out: say in {file} whether they are answerable, true or false.")
    if not questions:
        raise BadQuestion(f"{file} holds no question to ask.")
    return list(questions.values())


def evaluate(questions: Iterable[Question], index: Index) -> Iterator[Outcome]:
    """Ask every question and compare its answer with what is known."""
    from qa.asking import ask

    for question in questions:
        answer = ask(question.text, question.history, index)
        pairs = [(citation.quote, citation.article) for citation in answer.citations]
        held = {known for known in question.known for pair in pairs if holds(known, *pair)}
        yield Outcome(
            question,
            answer,
            holding=tuple(any(holds(known, *pair) for known in question.known) for pair in pairs),
            share_of_need=min(1.0, len(held) / question.need),
            exact=all(
                index.article(each.article).text[each.start : each.end] == each.quote for each in answer.citations
            ),
        )


def not_held(questions: Iterable[Question], index: Index) -> Iterator[str]:
    """What no answer can ever hold: known answers whose article is not in the index, or does not hold their words."""
    for question in questions:
        for known in question.known if question.answerable else ():
            if known.article and not _is_held(known, index):
                words = known.quote[:MOST_SHOWN]
                yield f"{question.id}: {known.article} is not in the index, or does not hold “{words}”"


def _is_held(known: Known, index: Index) -> bool:
    try:
        return plain(known.quote) in plain(index.article(known.article).text)
    except KeyError:
        return False


def ask_all(questions: list[Question], index: Index) -> list[Outcome]:
    """The same, telling on standard error how far it is."""
    progress = ProgressBar()
    outcomes = []
    for outcome in evaluate(questions, index):
        outcomes.append(outcome)
        progress("questions asked", len(outcomes), len(questions))
    progress.close()
    return outcomes


def earlier_turns(turns: Iterable[Any]) -> tuple[Turn, ...]:
    """Earlier questions, (question, answer text) pairs, or {"speaker", "text"}: what is not the user's is an answer."""
    history: list[Turn] = []
    for turn in turns:
        if not isinstance(turn, dict):
            history.append(turn if isinstance(turn, str) else (turn[0], turn[1]))
        elif turn["speaker"] == "user":
            history.append(turn["text"])
        elif history and isinstance(history[-1], str):
            history[-1] = (history[-1], turn["text"])
    return tuple(history)


def as_text(told: Report) -> str:
    """Return a report as Markdown: the table, then what answering fewer questions would cost, then the calibration."""
    lines = [table(told.figures), ""]
    if told.refusal.points:
        lines += ["| answering the surest | of which wrong | confidence from |", "|---|---|---|"]
        for share in TOLD_COVERAGES:
            point = next(each for each in told.refusal.points if each.coverage >= share - 1e-9)
            lines.append(f"| {point.coverage:.0%} | {point.risk:.1%} | {point.confidence:.3f} |")
        lines += [f"The program answers {told.coverage:.0%}; beyond, every question counts as answered wrongly.", ""]
    lines += ["| questions | mean confidence | answerable |", "|---|---|---|"]
    lines += [f"| {each.questions} | {each.confidence:.3f} | {each.answerable:.3f} |" for each in told.reliability.bins]
    if told.figures[ALL].calibration_error is not None:
        chance = told.reliability.by_chance
        lines.append(f"Calibration error {told.reliability.error:.3f}; by chance alone it would be about {chance:.3f}.")
    return "\n".join(lines)


def holds(known: Known, quote: str, article: str) -> bool:
    """Whether a quotation of an article holds a known answer, or lies within it where the answer's article is known."""
    wanted, got = plain(known.quote), plain(quote)
    return known.article in ("", article) and (wanted in got or (bool(known.article) and got in wanted))


def _question(value: dict[str, Any]) -> Question:
    answers, history, need = value.get("answers") or [], value.get("history") or [], value.get("need", 1)
    if not isinstance(value["answerable"], bool):
        raise ValueError("answerable is true, false or null")
    if not isinstance(answers, list) or not isinstance(history, list):
        raise ValueError("answers and history are lists, also of one")
    if not isinstance(need, int) or need < 1:
        raise ValueError("need is a whole number from 1")
    if value.get("type") == ALL:
        raise ValueError(f"“{ALL}” names the figures of every question; give this type another name")
    return Question(
        id=str(value["id"]),
        text=value["question"] if "question" in value else value["text"],
        answerable=value["answerable"],
        history=earlier_turns(history),
        kind=value.get("type", ""),
        known=tuple(
            Known(each) if isinstance(each, str) else Known(each["quote"], each["article"]) for each in answers
        ),
        need=need,
    )


def main(arguments: list[str] | None = None) -> int:
    """Evaluate a questions file on an index and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m qa.evaluate", description=__doc__)
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write it as a page, with what went wrong")
    options = parser.parse_args(arguments)
    return run(lambda: _evaluate(options))


def _evaluate(options: argparse.Namespace) -> int:
    from index.opening import open_index
    from qa.evaluation.evaluation_page import page

    if options.html and not options.html.resolve().parent.is_dir():  # known before an hour of asking, not after
        raise BadQuestion(f"{options.html} cannot be written: its folder does not exist. Make it first.")
    questions, index = load_questions(options.questions), open_index(options.index)
    faults = list(not_held(questions, index))
    for fault in faults[:MOST_FAULTS]:
        note(fault)
    if faults:
        note(f"{len(faults)} known answers can never be quoted: mend the questions, or the articles.")
    told = report(ask_all(questions, index))
    say(json_line(told, indent=1) if options.json else as_text(told))
    if options.html:
        options.html.write_text(page(told, options.questions.name), encoding="utf-8")
        note(f"Written to {options.html}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
