"""The id of an article goes in, its reading view or its original file comes out as a response."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from index.article import Article, Span
from index.errors import QuotedError
from qa.web.reading import HEADERS, article_page, notice_page, quotes_of
from qa.web.wording import MAX_ALSO

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


def reading_view(library: Callable[[], Library], id: str, start: str, end: str, also: Sequence[str] = ()) -> Response:
    """The page for one article; a readable page with the right status where there is none."""
    try:
        shelf = library()
        article = shelf.article(id)
        length = len(article.text)
        others = [_range(*each.partition("-")[::2], length) for each in also[:MAX_ALSO]]
        quotes = quotes_of(_range(start, end, length), [each for each in others if each])
        return _html(article_page(article, quotes, shelf.is_stale(id)), 200)
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


def _missing(id: str) -> str:
    return notice_page(f"There is no article “{id}” in the index: it was removed, or another folder is served now.")


def _html(text: str, status: int) -> HTMLResponse:
    return HTMLResponse(text, status, HEADERS)
