"""A PDF's bytes go in, its lines come out page by page in the order of reading, each with its place and type size."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from index.reading.block import Unreadable

MAX_PAGES = 3_000
BROKEN = "\ufffe"  # PDFium's mark of a word that goes on in the next line
WORD = re.compile(r"\S+")
NOTE_MARK = re.compile(r"(.*(?:[^\W\d]{3}|[.,;:!?)\]”’\"']))\d{1,3}")  # behind a word or a mark, not a unit's "m2"
SMALL = 0.85  # of the type size around it, at most, for the number of a note
GUTTER = 0.8  # least width of the space between columns, in type sizes
CROSSING = 0.2  # share of a page's lines that may cross it: titles, pictures' captions
COLUMN_LINES = 4  # of each column at least
COLUMN_WORDS = 2.5  # of a column's line on average; a table's cells have fewer


@dataclass(frozen=True)
class Line:
    """A line of a column. `left`, `right` and `base` are in points, `base` from the page's lower edge.

    `column_left` and `column_right` are the edges of its column; `page` counts from 0. `broken`: its last word goes on.
    """

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    bold: bool
    broken: bool = False
    column: int = 0
    column_left: float = 0.0
    column_right: float = 0.0


@dataclass(frozen=True)
class Pages:
    """The lines of each page, and what the file says of itself ("Title", "Author", …)."""

    lines: tuple[tuple[Line, ...], ...]
    properties: dict[str, str]


@dataclass(frozen=True)
class _Word:
    text: str
    left: float
    right: float
    base: float
    size: float
    first: int  # its first character


def read_lines(data: bytes) -> Pages:
    """Return every line of a PDF. Raises Unreadable (encrypted, damaged, output_limit)."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise Unreadable("encrypted", "The PDF is encrypted. Save it without a password.") from error
        raise Unreadable("damaged", "The PDF is damaged, or not a PDF.") from error
    if len(document) > MAX_PAGES:
        raise Unreadable("output_limit", f"The PDF has more than {MAX_PAGES:,} pages. Split it.")
    pages = tuple(tuple(_in_order(list(_page_lines(document, number)))) for number in range(len(document)))
    return Pages(pages, document.get_metadata_dict(skip_empty=True))


def _page_lines(document: Any, number: int) -> Iterator[tuple[list[_Word], Line]]:  # noqa: ANN401
    """Yield a page's lines in the order of the file, each as its words and as the line that they make."""
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:  # one bad page does not cost the others
        return
    handle, text = text_page.raw, _text(text_page)
    start = 0
    for match in re.finditer(rf"\r?\n|{BROKEN}|\Z", text):
        words = [_word(handle, found) for found in WORD.finditer(text, start, match.start())]
        if words:
            yield words, _line(handle, words, number, match[0] == BROKEN)
        start = match.end()
    text_page.close()
    page.close()


def _text(text_page: Any) -> str:  # noqa: ANN401
    """The characters of a page, one for each of PDFium's indexes."""
    count = text_page.count_chars()
    text: str = text_page.get_text_range(0, count) if count > 0 else ""
    if len(text) == count:
        return text
    return "".join(chr(pdfium.FPDFText_GetUnicode(text_page.raw, index) or 32) for index in range(count))


def _word(handle: Any, found: re.Match[str]) -> _Word:  # noqa: ANN401
    left, _, base = _box(handle, found.start())
    _, right, _ = _box(handle, found.end() - 1)
    size = pdfium.FPDFText_GetFontSize(handle, found.start())
    return _Word(_without_note_mark(handle, found, size), left, max(left, right), base, size, found.start())


def _without_note_mark(handle: Any, found: re.Match[str], size: float) -> str:  # noqa: ANN401
    """A word without the small raised number behind it that leads to a note: "2004.³", not "km²"."""
    marked = NOTE_MARK.fullmatch(found[0])
    if not marked:
        return found[0]
    first = found.start() + len(marked[1])
    _, _, base = _box(handle, found.start())
    _, _, raised = _box(handle, first)
    is_small = pdfium.FPDFText_GetFontSize(handle, first) <= SMALL * size
    return marked[1] if is_small and raised > base else found[0]


def _box(handle: Any, index: int) -> tuple[float, float, float]:  # noqa: ANN401
    """The left and right edge of a character and its base line."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharBox(handle, index, left, right, bottom, top)
    pdfium.FPDFText_GetCharOrigin(handle, index, x, y)
    return left.value, right.value, y.value


def _line(handle: Any, words: list[_Word], page: int, broken: bool) -> Line:  # noqa: ANN401
    text = " ".join(word.text for word in words)
    if text.endswith(("\u00ad", "\u2010")) or (text.endswith("-") and text[-2:-1].isalpha()):
        text, broken = text[:-1], True
    middle = words[len(words) // 2]
    return Line(
        text, page, words[0].left, words[-1].right, middle.base, middle.size,
        _is_bold(handle, words[0].first) and _is_bold(handle, words[-1].first), broken,
    )  # fmt: skip


def _is_bold(handle: Any, index: int) -> bool:  # noqa: ANN401
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(handle, index, name, len(name), ctypes.c_int())
    return b"bold" in name.value.lower() or b"black" in name.value.lower()


def _in_order(found: list[tuple[list[_Word], Line]]) -> Iterator[Line]:
    """Yield a page's lines column by column; lines that cross the columns part what is above from what is below."""
    gutters = _gutters([words for words, _ in found])
    pieces = [piece for words, line in found for piece in _cut(words, line, gutters)]
    if gutters:
        pieces = _by_columns(pieces)
    edges: dict[int, tuple[float, float]] = {}
    for piece in pieces:
        left, right = edges.get(piece.column, (piece.left, piece.right))
        edges[piece.column] = (min(left, piece.left), max(right, piece.right))
    for piece in pieces:
        left, right = edges[piece.column]
        yield replace(piece, column_left=left, column_right=right)


def _gutters(lines: list[list[_Word]]) -> list[float]:
    """The middles of the empty strips that part a page's columns."""
    if len(lines) < 2 * COLUMN_LINES:
        return []
    left, right = min(line[0].left for line in lines), max(line[-1].right for line in lines)
    size = Counter(round(word.size) for line in lines for word in line).most_common(1)[0][0] or 10
    crossed = Counter(
        point for line in lines for point in {at for word in line for at in range(int(word.left), int(word.right) + 1)}
    )
    free = [at for at in range(int(left) + 1, int(right)) if crossed[at] <= CROSSING * len(lines) and at - left > 40]
    middles: list[float] = []
    run: list[int] = []
    for at in [*free, 10**9]:
        if run and at != run[-1] + 1:
            if len(run) >= GUTTER * size and right - run[-1] > 40:
                middles.append((run[0] + run[-1]) / 2)
            run = []
        run.append(at)
    return middles if middles and _are_columns(lines, middles) else []


def _are_columns(lines: list[list[_Word]], gutters: list[float]) -> bool:
    """Tell whether every strip holds lines of words, and not the cells of a table or a margin."""
    counts = Counter((number, _column(word.left, gutters)) for number, line in enumerate(lines) for word in line)
    for column in range(len(gutters) + 1):
        words = [count for (_, place), count in counts.items() if place == column]
        if len(words) < COLUMN_LINES or sum(words) / len(words) < COLUMN_WORDS:
            return False
    return True


def _column(at: float, gutters: list[float]) -> int:
    return sum(at > gutter for gutter in gutters)


def _cut(words: list[_Word], line: Line, gutters: list[float]) -> Iterator[Line]:
    """Cut a line at the gutters that it leaves free; one that crosses them is of no column (-1)."""
    for gutter in gutters:
        for before, behind in pairwise(words):
            crosses = before.right > gutter or behind.left < gutter
            if not crosses and behind.left - before.right >= GUTTER * line.size and before.left < gutter:
                position = words.index(behind)
                yield from _cut(words[:position], _part(line, words[:position], broken=False), gutters)
                yield from _cut(words[position:], _part(line, words[position:], broken=line.broken), gutters)
                return
    columns = {_column(place, gutters) for place in (words[0].left, words[-1].right)}
    yield replace(line, column=columns.pop() if len(columns) == 1 else -1)


def _part(line: Line, words: list[_Word], broken: bool) -> Line:
    text = " ".join(word.text for word in words)
    if not broken and text.endswith("-") and text[-2:-1].isalpha():
        text, broken = text[:-1], True
    return replace(line, text=text, left=words[0].left, right=words[-1].right, broken=broken)


def _by_columns(pieces: list[Line]) -> list[Line]:
    ordered: list[Line] = []
    band: list[Line] = []
    for piece in sorted(pieces, key=lambda line: -line.base):
        if piece.column < 0:
            ordered += sorted(band, key=lambda line: (line.column, -line.base, line.left))
            ordered.append(piece)
            band = []
        else:
            band.append(piece)
    return ordered + sorted(band, key=lambda line: (line.column, -line.base, line.left))
