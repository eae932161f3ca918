"""The command line of the index: python -m index build, status, verify, list, show, watch, read, add."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.arguments import parser
from index.terminal import (
    DONE,
    NO_INDEX,
    NOT_BUILT,
    NOTHING_DONE,
    SOME_FAILED,
    ProgressBar,
    ProgressLines,
    age,
    json_line,
    note,
    run,
    say,
    say_pieces,
)

if TYPE_CHECKING:
    from index.article import Article
    from index.report import Report


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    commands = {"build": _build, "status": _status, "verify": _verify, "show": _show, "list": _list, "watch": _watch}
    commands |= {"read": _read, "add": _add}
    return run(lambda: commands[options.command](options))


# FAISS and the encoder are imported where they are used: --help and status take a fraction of a second.


def _build(options: argparse.Namespace) -> int:
    from index.build import build_index

    _serve_programs(options)
    progress = ProgressLines() if options.progress == "json" else ProgressBar()
    try:
        report = build_index(
            options.articles,
            options.index,
            encoder=options.encoder,
            replace=options.replace,
            forget=options.forget,
            progress=progress,
        )
    except KeyboardInterrupt:
        note("What was embedded is kept: the same command goes on from here.")
        raise
    finally:
        progress.close()
    return _tell(report, options)


def _watch(options: argparse.Namespace) -> int:
    from index.errors import QuotedError
    from index.places import default_articles
    from index.watch import give_way, watch

    give_way()
    _serve_programs(options)
    folder = Path(options.articles or default_articles())
    progress = ProgressLines() if options.progress == "json" else lambda doing, done, of: None
    for report in watch(folder, _folder(options), progress=progress):
        if isinstance(report, QuotedError):
            note(f"{NOT_BUILT}{report}")
        else:
            _tell(report, options)
    return DONE


def _serve_programs(options: argparse.Namespace) -> None:
    """Go when the program that started this one goes, and let it come first."""
    if options.until_eof:
        from index.watch import give_way, stop_with_parent

        give_way()
        stop_with_parent()


def _tell(report: Report, options: argparse.Namespace) -> int:
    for each in report.documents:
        if each.status == "failed":
            note(f"not indexed: {each.path}: {each.reason}: {each.detail}")
        elif each.status == "duplicate":
            note(f"not indexed twice: {each.path}: {each.detail}")
    if options.json:
        say_pieces(_report_json(report, "\n " if options.command == "build" else " "))
    else:
        say(
            f"Generation {report.generation}: {report.new} new, {report.changed} changed, {report.renamed} renamed, "
            f"{report.deleted} deleted, {report.unchanged} unchanged, {report.duplicate} duplicate, {report.failed} "
            f"failed; {report.passages} passages, {report.embedded} embedded, in {report.seconds:.1f} s."
        )
    return SOME_FAILED if report.failed else DONE


def _report_json(report: Report, between: str) -> Iterator[str]:
    """A report's JSON, a document at a time: there may be a million; `between` stands between two of them."""
    before, after = json_line(replace(report, documents=())).split("[]")
    yield f"{before}["
    for number, each in enumerate(report.documents):
        yield f"{',' if number else ''}{between}{json_line(each)}"
    yield f"]{after}\n"


def _status(options: argparse.Namespace) -> int:
    from index.inspection import status

    found = status(_folder(options))
    if options.json:
        say(json_line(found, indent=1))
        return DONE
    built = f"{found.built} ({age(found.built, datetime.now(UTC))})"
    say(f"Generation {found.generation} of {found.index}, built {built} from {found.articles}.")
    encoder = f"{found.encoder.name} ({found.encoder.precision}, {found.encoder.digest[:8]})"
    say(f"{found.documents} articles, {found.passages} passages, {found.bytes / 1e6:.1f} MB; encoder {encoder}.")
    changed = "1 file has" if len(found.stale) == 1 else f"{len(found.stale)} files have"
    say(f"{changed} changed since." if found.stale else "Nothing has changed since.")
    for change in found.stale:
        say(f"  {change.change}: {change.path}")
    for each in found.failures:
        say(f"  not indexed: {each.path}: {each.reason}: {each.detail}")
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from index.inspection import verify

    found = verify(_folder(options))
    if options.json:
        say(json_line(found, indent=1))
    elif found.ok:
        say(f"Generation {found.generation} is whole.")
    else:
        for damage in found.damaged:
            say(f"damaged: {damage.file}: {damage.detail}")
    return DONE if found.ok else NO_INDEX


def _show(options: argparse.Namespace) -> int:
    from index.errors import BuildRefused
    from index.opening import open_index

    try:
        article = open_index(_folder(options)).article(options.article)
    except KeyError:
        raise BuildRefused(
            f"The index holds no article {options.article}. An article is named by its path below the articles folder: "
            "python -m index list tells them all."
        ) from None
    if options.json:
        say(json_line(article, indent=1))
        return DONE
    _say_metadata(article)
    say(f"\n{article.text}")
    return DONE


def _list(options: argparse.Namespace) -> int:
    from index.opening import open_index

    cards = open_index(_folder(options)).cards()
    if options.json:
        say(json_line([_metadata(each) for each in cards], indent=1))
        return DONE
    for each in cards:
        about = ", ".join(filter(None, (f"“{each.title}”", each.author, each.publisher, each.published or "no date")))
        say(f"{each.id}: {about}")
    return DONE


def _metadata(article: Article) -> dict[str, str]:
    return {name: getattr(article, name) for name in ("id", *asdict(article.provenance))}


def _say_metadata(article: Article) -> None:
    for name, origin in asdict(article.provenance).items():
        say(f"{name + ':':11}{getattr(article, name) or '-'}" + (f"   ({origin})" if origin else ""))


def _read(options: argparse.Namespace) -> int:
    from index.errors import BuildRefused
    from index.preview import preview
    from index.reading.block import Unreadable

    try:
        reading = preview(options.file)
    except Unreadable as error:
        raise BuildRefused(f"{options.file} would not be indexed: {error.reason}: {error.detail}") from error
    if options.json:
        say(json_line(reading, indent=1))
        return DONE
    _say_metadata(reading.article)
    for warning in reading.warnings:
        say(f"warning:   {warning}")
    say(f"\n{reading.article.text}")
    return DONE


def _add(options: argparse.Namespace) -> int:
    from index.add import add
    from index.build import build_index

    folder, results = add(options.urls, _folder(options), options.articles, options.allow_loopback)
    for each in results:
        note(f"saved: {each.path}" if each.path else f"not added: {each.url}: {each.reason}: {each.detail}")
    saved = [each.path for each in results if each.path]
    if not saved:
        return NOTHING_DONE
    report = build_index(folder, options.index)
    code = _tell(report, options)
    return max(code, SOME_FAILED if len(saved) < len(results) else DONE)


def _folder(options: argparse.Namespace) -> Path:
    from index.places import default_index_dir

    return Path(options.index) if options.index else default_index_dir()


if __name__ == "__main__":
    sys.exit(main())
