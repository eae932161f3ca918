"""Question sets go in, a table of figures for each comes out and is saved under the commit's name."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.question_sets import BUILT, HERE, PROJECT, index_set, save, spread
from index import build_index, open_index
from index.terminal import note, say
from qa.evaluate import ask_all, load_questions
from qa.evaluation.evaluation_page import page
from qa.evaluation.figures import Figures, Outcome, by_kind, report, table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path, metavar="SET", help="folders with corpus.jsonl and queries.jsonl")
    parser.add_argument("--kinds", nargs="*", default=[], help="only questions of these types")
    parser.add_argument("--most", type=int, default=0, help="at most so many questions of a set, spread evenly")
    parser.add_argument("--no-own", action="store_true", help="leave out our own questions on seeds/")
    parser.add_argument("--set", action="append", default=[], metavar="MODULE.NAME=NUMBER", help="try another constant")
    options = parser.parse_args()
    for setting in options.set:
        _try(setting)
    rows: dict[str, Figures] = {}
    if not options.no_own:
        outcomes = _own()
        rows |= {f"seeds: {kind}": figures for kind, figures in by_kind(outcomes).items()}
        _list_misses(outcomes)
        _write_page(outcomes)
    for folder in options.sets:
        of_set = by_kind(_on_set(folder, options.kinds, options.most))
        rows |= {folder.name if kind == "all" else f"{folder.name}: {kind}": each for kind, each in of_set.items()}
    say(table(rows))
    return 0 if options.set else save(rows)  # a trial is no result of this commit


def _try(setting: str) -> None:
    """Give a constant another value, so that a part can be measured without it: qa.confidence.EVEN=2."""
    place, _, value = setting.partition("=")
    module, _, name = place.rpartition(".")
    home = import_module(module)
    given = getattr(home, name)
    if not isinstance(given, int | float):
        raise SystemExit(f"{place} is no number.")
    for each in [each for key, each in sys.modules.items() if key.startswith(("qa.", "index."))]:
        if getattr(each, name, None) is given:  # those that have it by its name too
            setattr(each, name, int(value) if isinstance(given, int) else float(value))


def _own() -> list[Outcome]:
    build_index(PROJECT / "seeds", BUILT / "seeds")
    return ask_all(load_questions(HERE / "questions.jsonl"), open_index(BUILT / "seeds"))


def _on_set(folder: Path, kinds: list[str], most: int) -> list[Outcome]:
    index_dir, questions = index_set(folder)
    asked = spread([each for each in questions if not kinds or each.kind in kinds], most)
    return ask_all(asked, open_index(index_dir))


def _write_page(outcomes: list[Outcome]) -> None:
    """The page that `python -m qa.evaluate --html` writes: what refusing costs, calibration, what went wrong."""
    file = BUILT / "questions.html"
    file.write_text(page(report(outcomes), "questions.jsonl"), encoding="utf-8")
    note(f"Written to {file.relative_to(PROJECT)}")


def _list_misses(outcomes: list[Outcome]) -> None:
    for each in filter(lambda outcome: outcome.fault, outcomes):
        first = each.answer.citations[0].quote if each.answer.citations else "(refused)"
        note(f"{each.question.id} {each.answer.confidence:.2f} {each.question.text} -> {first}")


if __name__ == "__main__":
    sys.exit(main())
