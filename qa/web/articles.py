"""The id of an article goes in, its reading view or its original file comes out as a response."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from index.article import Article, Span
from index.errors import QuotedError
from qa.web.reading import HEADERS, article_page, notice_page, quotes_of
from qa.web.wording import MAX_ALSO, fingerprint

MOVED = "The article has changed since this link was made: its words stand elsewhere now, and are marked there."
CHANGED = "The article has changed since this link was made: its words are no longer in it, so nothing is marked."
WORD_START = re.compile(r"(?<!\S)\S")
MOST_STARTS = 200_000  # places at which moved words are looked for
MOST_COMPARED = 20_000_000  # characters at all of them: a twentieth of a second
# A file is for the disk, not for the browser: nothing in it may run here.
FILE_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Library(Protocol):
    """What is needed of an open index."""

    def article(self, id: str) -> Article:
        """An article; raises KeyError."""

    def is_stale(self, id: str) -> bool:
        """Whether its file has changed or gone."""

    def original(self, id: str) -> bytes | None:
        """Its file as indexed; None where that has changed or gone."""


def reading_view(
    library: Callable[[], Library], id: str, start: str, end: str, also: Sequence[str] = (), words: str = ""
) -> Response:
    """The page for one article; a readable page with the right status where there is none.

    `words` is the fingerprint of those to mark: where others stand there now, they are looked for.
    """
    try:
        shelf = library()
        article = shelf.article(id)
        length = len(article.text)
        others = [_range(*each.partition("-")[::2], length) for each in also[:MAX_ALSO]]
        wanted = _range(start, end, length)
        found = _known_again(article.text, wanted, words) if wanted and words else wanted
        quotes = quotes_of(found, [each for each in others if each] if found == wanted else [])
        notice = CHANGED if words and not found else MOVED if found != wanted else ""
        return _html(article_page(article, quotes, shelf.is_stale(id), notice), 200)
    except KeyError:
        return _html(
            _missing(id),
            404,
        )
    except ValueError:
        return _html(notice_page("The place in the article must be given as two whole numbers."), 400)
    except QuotedError as error:
        return _html(notice_page(str(error)), 503)


def original_file(library: Callable[[], Library], id: str) -> Response:
    """The file of an indexed article, byte for byte as it was indexed, to be saved; and of nothing else."""
    try:
        shelf = library()
        shelf.article(id)
        data = shelf.original(id)
    except (KeyError, ValueError):
        return _html(
            _missing(id),
            404,
        )
    except QuotedError as error:
        return _html(notice_page(str(error)), 503)
    if data is None:
        return _html(notice_page(f"The file “{id}” has changed or gone since it was indexed."), 410)
    name = quote(PurePosixPath(id).name, safe="")
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(data, 200, FILE_HEADERS | disposition, "application/octet-stream")


def _range(start: str, end: str, length: int) -> Span | None:
    """The range to mark, cut to the text; None when there is none. ValueError when it is no range of numbers."""
    if not start and not end:
        return None
    first, last = (min(max(int(number), 0), length) for number in (start, end))
    return Span(first, last) if first < last else None


def _known_again(text: str, wanted: Span, words: str) -> Span | None:
    """The range whose words have this fingerprint: the one wanted, or the first of its length; None where none has."""
    length = wanted.end - wanted.start
    if fingerprint(text[wanted.start : wanted.end]) == words:
        return wanted
    most = min(MOST_STARTS, MOST_COMPARED // length)
    starts = (match.start() for match in islice(WORD_START.finditer(text, 0, len(text) - length + 1), most))
    found = next((start for start in starts if fingerprint(text[start : start + length]) == words), None)
    return None if found is None else Span(found, found + length)


def _missing(id: str) -> str:
    return notice_page(f"There is no article “{id}” in the index: it was removed, or another folder is served now.")


def _html(text: str, status: int) -> HTMLResponse:
    return HTMLResponse(text, status, HEADERS)
