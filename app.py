"""The command line goes in; the web chat runs until it is stopped.

Standard output holds only the address, printed when the page can be used; progress and errors go to standard error.
Exit codes: 0 stopped, 2 not started (the line on standard error says why), 3 no usable index.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import socket
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.conversations.history import History
    from qa.following import Following
    from qa.web.conversation import Asker

LIMITS = """limits: a question has at most 2,000 characters; at most 64 are answered or wait in line, one more is told
at once that all are busy; a conversation keeps its last 40 turns, a browser its last 100 conversations, and this
machine the last 10,000 turns and conversations of all browsers about an index, the oldest go first; a title has at most
120 characters, a word on an answer 500; a filter names at most 1,000 articles; a request has at most 256 KiB; after 10
wrong passwords within a minute an address must wait (behind a proxy on this machine, the last address that it puts into
X-Forwarded-For). One upload of articles has at most 100 files of 20 MiB each, 200 MiB in all; files that are there are
never overwritten unless you say so, and what is removed can be taken back.

Only this machine can use the page unless --host names another address; then --auth or --open-to-all must say who may.
The password goes over the network as it is: put a proxy with HTTPS in front, and tell its name with --allow-host.
With --read-only or --open-to-all nothing can be uploaded, removed or rebuilt from the page.

The articles folder is watched: a process of its own indexes what changes, and an open page moves to the new index at
its next question. With --no-watch, run "python -m index build" after a change."""


class NotStarted(Exception):
    """The page cannot start; `code` is the exit code."""

    def __init__(self, text: str, code: int = 2) -> None:
        super().__init__(text)
        self.code = code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chat and return the exit code."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    warnings.showwarning = lambda message, *_, **__: _tell(f"warning: {message}")
    try:
        _check(options)
        with _listen(options.host, options.port) as listener:
            _serve(options, listener)
    except NotStarted as error:
        _tell(str(error))
        return error.code
    except KeyboardInterrupt:
        _tell("Stopped.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="Answer questions from the indexed articles in a web page, in the articles' own words.",
        epilog=LIMITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("articles", nargs="?", metavar="ARTICLES", help="folder that the index was built from")
    parser.add_argument("--index", metavar="DIR", help="index folder (default: QUOTED_INDEX, else index/built)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7860, help="port to listen on, 0 for any (default: %(default)s)")
    parser.add_argument("--data", metavar="DIR", type=Path, help="folder for conversations (default: your data folder)")
    parser.add_argument("--auth", metavar="USER:PASSWORD", default="", help="ask everyone for this name and password")
    parser.add_argument(
        "--open-to-all",
        action="store_true",
        help="with --host and without --auth: whoever reaches the address reads all articles and asks",
    )
    parser.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        help="a further name under which the page is reached, as that of a proxy before it; may be repeated",
    )
    parser.add_argument("--mcp", action="store_true", help="offer the endpoints to MCP clients at /gradio_api/mcp/")
    follow = argparse.BooleanOptionalAction
    parser.add_argument("--watch", action=follow, default=True, help="index what changes while the page runs")
    parser.add_argument("--read-only", action="store_true", help="no upload, removal or rebuild from the page")
    return parser


def _check(options: argparse.Namespace) -> None:
    from qa.web.guard import is_loopback

    name, colon, password = options.auth.partition(":")
    if options.auth and not (name and colon and password):
        raise NotStarted("--auth must be USER:PASSWORD.")
    if not options.auth and not options.open_to_all and not is_loopback(options.host):
        raise NotStarted(
            f"On {options.host} others can read the articles: add --auth USER:PASSWORD, or --open-to-all if all may, "
            "or leave --host out."
        )
    if options.mcp and importlib.util.find_spec("mcp") is None:
        raise NotStarted(f'--mcp needs the package mcp. Install it: {sys.executable} -m pip install "gradio[mcp]"')


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow, so that a busy one is known at once."""
    if not 0 <= port <= 65535:
        raise NotStarted(f"There is no port {port}: choose one from 0 to 65535.")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        reason = "is in use; choose another with --port" if _is_busy(error) else f"cannot be used: {why}"
        raise NotStarted(f"{host}:{port} {reason}.") from error


def _is_busy(error: Exception) -> bool:
    import errno

    return isinstance(error, OSError) and error.errno == errno.EADDRINUSE


def _serve(options: argparse.Namespace, listener: socket.socket) -> None:
    library, history = _opened(options)
    _tell("Preparing the page …")
    from qa.conversations.aging import aging
    from qa.web.endpoints import endpoints
    from qa.web.examples import Examples
    from qa.web.guard import rules_for
    from qa.web.line import Line
    from qa.web.loading import loading
    from qa.web.page import build_page
    from qa.web.serve import build_app, run
    from qa.web.shelf import Shelf
    from qa.web.upkeep import keeping_up

    ask, articles = _asker(library), Path(library.current().manifest.articles)
    with (
        loading(ask, _tell) as models,
        keeping_up(articles, library.index_dir, options.watch, _tell) as upkeep,
    ):
        line = Line(ready=models.wait)
        programs = endpoints(library.current, line, upkeep.standing)
        page = build_page(
            ask,
            library.current,
            history,
            lambda: models.standing(upkeep.standing()),
            line,
            programs,
            aging(library.current),
            Examples(ask, models.wait).of,
        )
        rules = rules_for(options.host, options.auth, options.allow_host)
        shelf = Shelf(library.current, upkeep, is_fixed=options.read_only or options.open_to_all)
        app = build_app(page, library.current, rules, shelf, history, line, programs, options.mcp)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        run(app, listener, lambda: print(_address(options.host, listener), flush=True))


def _opened(options: argparse.Namespace) -> tuple[Following, History]:
    """The index, which must fit what was asked for, and the conversations about it."""
    from index.errors import IndexDamaged, IndexMismatch, IndexMissing, QuotedError
    from qa.conversations.history import History
    from qa.conversations.history_file import history_folder

    try:
        library = _open(options.index, options.articles)
        library.current().check_encoder()
        return library, History(history_folder(library.index_dir, options.data))
    except (IndexMissing, IndexMismatch, IndexDamaged) as error:
        raise NotStarted(str(error), 3) from error
    except QuotedError as error:
        raise NotStarted(str(error)) from error


def _open(index_dir: str | None, articles: str | None) -> Following:
    from index.errors import IndexMismatch, IndexMissing
    from index.places import is_same_folder
    from index.rebuilding import building
    from qa.following import Following

    library = Following(Path(index_dir) if index_dir else None)
    try:
        built_from = Path(library.current().manifest.articles)
    except IndexMissing as error:
        if articles is None:
            raise
        raise IndexMissing(f"No index in {library.index_dir}. {building(library.index_dir, articles)}") from error
    if articles is not None and not is_same_folder(articles, built_from):
        raise IndexMismatch(
            f"The index was built from {built_from}, not from {articles}. "
            f"Build it anew: python -m index build {articles} --index {library.index_dir} --replace"
        )
    return library


def _asker(library: Following) -> Asker:
    from qa import ask

    return lambda question, history, as_typed, filters: ask(
        question,
        history=history,
        index=library.current(),
        after=filters.after,
        before=filters.before,
        source=filters.source,
        publishers=filters.publishers,
        articles=filters.articles,
        as_typed=as_typed,
    )


def _address(host: str, listener: socket.socket) -> str:
    name = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname(), "": "localhost"}.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}/"


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
