"""What `python -m index` takes: its commands with their options, limits and exit codes come out as a parser."""

from __future__ import annotations

import argparse
from pathlib import Path

LIMITS = """\
limits: a document may have 20 MiB and 5,000,000 characters of text, and cost 20 seconds and 1 GiB of memory to read;
a folder 1,000,000 files. Read are .md, .txt, .html, .pdf, .docx and .epub files. A page that is added may have
20 MiB, 5 redirects and 30 seconds.
exit codes: 0 done; 1 some documents could not be indexed, the rest are; 2 nothing was done;
3 no usable index (verify: any damage); 130 interrupted: nothing is lost.
defaults: ARTICLES is QUOTED_ARTICLES, else the project's seeds/; --index is QUOTED_INDEX, else index/built."""


def parser() -> argparse.ArgumentParser:
    """Tell every command, option, limit and exit code."""
    made = argparse.ArgumentParser(
        prog="python -m index",
        description="Build and inspect the index of a folder of articles.",
        epilog=LIMITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = made.add_subparsers(dest="command", required=True)
    build = _command(commands, "build", "read the articles and publish a new generation")
    build.add_argument("articles", nargs="?", metavar="ARTICLES", help="folder of articles")
    build.add_argument("--encoder", default="", metavar="NAME|PATH", help="a sentence-transformers model")
    build.add_argument("--replace", action="store_true", help="let another folder or encoder take over this index")
    build.add_argument("--forget", action="store_true", help="remove older generations at once")
    _for_programs(build)
    _command(commands, "status", "tell how the index stands and what has changed since")
    _command(commands, "verify", "check every byte of the index")
    _command(commands, "list", "name every article of the index, with title, author, publisher and date")
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
    return made


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
