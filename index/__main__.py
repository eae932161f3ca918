"""The command line of the index: python -m index build, status, verify, show, watch, read, add."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

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

LIMITS = """\
limits: a document may have 20 MiB and 5,000,000 characters of text, and cost 20 seconds and 1 GiB of memory to read;
a folder 1,000,000 files. Read are .md, .txt, .html, .pdf, .docx and .epub files. A page that is added may have
20 MiB, 5 redirects and 30 seconds.
exit codes: 0 done; 1 some documents could not be indexed, the rest are; 2 nothing was done;
3 no usable index (verify: any damage); 130 interrupted: nothing is lost.
defaults: ARTICLES is QUOTED_ARTICLES, else the project's seeds/; --index is QUOTED_INDEX, else index/built."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    commands = {"build": _build, "status": _status, "verify": _verify, "show": _show, "watch": _watch}
    commands |= {"read": _read, "add": _add}
    return run(lambda: commands[options.command](options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m index",
        description="Build and inspect the index of a folder of articles.",
        epilog=LIMITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    build = _command(commands, "build", "read the articles and publish a new generation")
    build.add_argument("articles", nargs="?", metavar="ARTICLES", help="folder of articles")
    build.add_argument("--encoder", default="", metavar="NAME|PATH", help="a sentence-transformers model")
    build.add_argument("--replace", action="store_true", help="let another folder or encoder take over this index")
    build.add_argument("--forget", action="store_true", help="remove older generations at once")
    _for_programs(build)
    _command(commands, "status", "tell how the index stands and what has changed since")
    _command(commands, "verify", "check every byte of the index")
    show = _command(commands, "show", "print an article as indexed")
    show.add_argument("article", metavar="ARTICLE", help="its path below the articles folder")
    watch = _command(commands, "watch", "build, and build again whenever the articles change, until Ctrl-C")
    watch.add_argument("articles", nargs="?", metavar="ARTICLES", help="folder of articles")
    _for_programs(watch)
    read = _command(commands, "read", "show what would be indexed of a file: metadata, where from, warnings, text")
    read.add_argument("file", metavar="FILE", type=Path, help="any file; it need not be in the articles folder")
    add = _command(commands, "add", "save web pages into the articles folder and index them")
    add.add_argument("urls", nargs="+", metavar="URL", help="http or https address of a page or a document")
    add.add_argument("--articles", type=Path, metavar="DIR", help="folder to save into (default: that of the index)")
    add.add_argument("--allow-loopback", action="store_true", help="for tests: fetch from this computer too")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, does: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name, help=does, description=does, epilog=LIMITS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    return command


def _for_programs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--progress",
        choices=("bar", "json"),
        default="bar",
        help="json: tell progress as lines of JSON on standard error",
    )
    command.add_argument(
        "--until-eof", action="store_true", help="stop when standard input ends, and give way to other programs"
    )


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
            "python -m index build --json lists them."
        ) from None
    if options.json:
        say(json_line(article, indent=1))
        return DONE
    _say_metadata(article)
    say(f"\n{article.text}")
    return DONE


def _say_metadata(article: Article) -> None:
    for name in ("title", "author", "publisher", "published", "url"):
        origin = getattr(article.provenance, name)
        say(f"{name + ':':11}{getattr(article, name) or '-'}" + (f"   ({origin})" if origin else ""))


def _read(options: argparse.Namespace) -> int:
    from index.block import Unreadable
    from index.errors import BuildRefused
    from index.preview import preview

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
