"""The command line of the answers: python -m qa QUESTION, or --questions FILE for many at once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from index.terminal import DONE, json_line, run, say

if TYPE_CHECKING:
    from index.opening import Index

LIMITS = """\
limits: a question may have 2,000 characters, a line of FILE 1 MB, -k is 1 to 1000.
exit codes: 0 done, also when the articles do not answer; 2 a question that cannot be asked; 3 no usable index."""
MAX_LINE = 1_000_000  # characters of one line of a questions file


def main(arguments: list[str] | None = None) -> int:
    """Answer one question, or a file of them, and return the exit code."""
    options = _parser().parse_args(arguments)
    return run(lambda: _answer_file(options) if options.questions else _answer(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qa",
        description="Answer a question from the articles, in their own words.",
        epilog=LIMITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("question", nargs="?", metavar="QUESTION")
    what.add_argument("--questions", type=Path, metavar="FILE.jsonl", help='lines {"id", "question", "history"?}')
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("-k", type=int, default=10, help="passages to return (default 10)")
    parser.add_argument("--history", action="append", default=[], metavar="QUESTION", help="an earlier question")
    parser.add_argument("--after", default="", metavar="DATE", help="only articles published on this ISO date or later")
    parser.add_argument(
        "--before", default="", metavar="DATE", help="only articles published on this ISO date or before"
    )
    parser.add_argument(
        "--source", default="", metavar="WORDS", help="only where publisher, author, title or id hold this"
    )
    parser.add_argument(
        "--as-typed", action="store_true", help="search exactly what was typed: no history, no spelling corrected"
    )
    return parser


# Searching is imported where it is used, so that --help costs nothing.


def _answer(options: argparse.Namespace) -> int:
    from index.opening import open_index
    from qa.asking import ask
    from qa.render import as_json, as_text
    from qa.retrieval import check_k, check_question

    check_question(options.question)
    check_k(options.k)
    answer = ask(
        options.question,
        options.history,
        open_index(options.index),
        k=options.k,
        after=options.after,
        before=options.before,
        source=options.source,
        as_typed=options.as_typed,
    )
    say(as_json(answer, indent=1) if options.json else as_text(answer))
    return DONE


def _answer_file(options: argparse.Namespace) -> int:
    from index.opening import open_index
    from qa.errors import BadQuestion
    from qa.retrieval import check_filters, check_k

    try:
        stream = options.questions.open(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise BadQuestion(f"{options.questions} cannot be read: {error.strerror}.") from error
    check_k(options.k)
    check_filters(options.after, options.before)
    index = open_index(options.index)
    with stream:
        for line in _lines(stream):
            if line.strip():
                say(_answer_line(line, index, options))
    return DONE


def _lines(stream: TextIO) -> Iterator[str]:
    """Yield each line; of one that is too long, what is over MAX_LINE is read and dropped, never taken for a line."""
    while line := stream.readline(MAX_LINE + 1):
        yield line
        while line and not line.endswith("\n"):
            line = stream.readline(MAX_LINE)


def _answer_line(line: str, index: Index, options: argparse.Namespace) -> str:
    from qa.asking import ask
    from qa.errors import BadQuestion
    from qa.render import as_json

    id: object = None
    try:
        if len(line) > MAX_LINE:
            raise BadQuestion(f"The line has more than {MAX_LINE} characters.")
        value = json.loads(line)
        if not isinstance(value, dict):
            raise BadQuestion("The line is no JSON object with a question.")
        id = value.get("id")
        history = value.get("history") or []
        if isinstance(history, list):
            history = [tuple(item) if isinstance(item, list) else item for item in history]
        answer = ask(value.get("question", ""), history, index, k=options.k,
                     after=options.after, before=options.before, source=options.source,
                     as_typed=options.as_typed)  # fmt: skip
    except (ValueError, TypeError, RecursionError) as error:
        return json_line({"id": id, "error": str(error)})
    return as_json(answer, id=id)


if __name__ == "__main__":
    sys.exit(main())
