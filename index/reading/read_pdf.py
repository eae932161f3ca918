"""A PDF's bytes go in, its blocks come out: columns in order, words whole, without running heads and page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from index.reading.block import Block, Declared, Document, Fact, Kind, Unreadable
from index.reading.mend import SENTENCE_END, article_words, is_one_word
from index.reading.names import names_in, written_names
from index.reading.pdf_lines import Line, read_lines

EDGE_LINES = 3  # of a page's top and bottom, among which running heads and numbers stand
SAME_PLACE = 6.0  # points between the places of a running head on two pages
PAGE_NUMBER = re.compile(
    r"\W*(?:page |p\. ?|seite )?(?:\d{1,4}|[ivxlc]{1,7})(?: ?(?:of|/|von) ?\d{1,4})?\W*", re.IGNORECASE
)
LARGER = 1.12  # a heading's type size against that of the text
WIDER = 1.25  # the distance between paragraphs against that between lines
ALONE = 1.5  # distances between lines that part a head from the text
INDENT = 0.8  # of a paragraph's first line, in type sizes
SHORT = 0.12  # of a column's width that a paragraph's last line leaves free
BULLET = re.compile(r"[•◦▪‣●■–*-] +|\(?\d{1,2}[.)] +")
HEADING_LENGTH = 200  # characters
NO_TITLE = re.compile(r"untitled|microsoft word|\.(docx?|pdf|indd|tex|rtf|odt|qxd|pages)\b|[\\/_]|^\W*$", re.IGNORECASE)


def read_pdf(data: bytes) -> Document:
    """Return the text of a PDF. Raises Unreadable (no_text for pictures of text; encrypted, damaged, output_limit)."""
    found = read_lines(data)
    if not any(found.lines):
        raise Unreadable("no_text", "The PDF holds no text, only pictures of it (a scan). Recognise its text first.")
    repeated = _repeated([list(page) for page in found.lines])
    lines = [line for page in found.lines for line in page if line not in repeated]
    blocks = tuple(_with_pages(_paragraphs(lines)))
    bare = sum(not page for page in found.lines)
    warnings = []
    if repeated:
        warnings.append(f"{len(repeated)} running heads and page numbers were left out.")
    if bare:
        warnings.append(f"{bare} of {len(found.lines)} pages hold no text: blank, or pictures of text.")
    return Document(blocks, _declared(found.properties, lines), tuple(warnings))


def _repeated(pages: list[list[Line]]) -> set[Line]:
    """The lines near a page's edges that stand on several pages in the same place, and page numbers."""
    alike: dict[str, list[Line]] = defaultdict(list)
    edges: set[Line] = set()
    for page in pages:
        by_height = sorted(page, key=lambda line: -line.base)
        for line in {*by_height[:EDGE_LINES], *by_height[-EDGE_LINES:]}:
            alike[re.sub(r"\d+", "#", line.text.casefold())].append(line)
        edges |= {*by_height[:1], *by_height[-1:]}
    repeated = {line for lines in alike.values() for line in lines if _is_on_another_page(line, lines)}
    return repeated | {line for line in edges if PAGE_NUMBER.fullmatch(line.text)}


def _is_on_another_page(line: Line, lines: list[Line]) -> bool:
    return any(line.page != other.page and abs(line.base - other.base) <= SAME_PLACE for other in lines)


class _Paragraph:
    """The lines of one paragraph, and what kind of block they are."""

    def __init__(self, line: Line, kind: Kind, level: int) -> None:
        self.lines = [line]
        self.kind: Kind = kind
        self.level = level


def _paragraphs(lines: list[Line]) -> list[_Paragraph]:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    bold_text = sum(len(line.text) for line in lines if line.bold) > sum(len(line.text) for line in lines) / 2
    leading = _leading(lines, body)
    margins = set(_margins(lines, body, leading))
    larger = sorted({round(line.size) for line in lines if line.size > LARGER * body}, reverse=True)
    paragraphs: list[_Paragraph] = []
    for line in lines:
        is_large = line.size > LARGER * body
        is_heading = is_large or (line.bold and not bold_text)
        kind: Kind = "heading" if is_heading else "item" if BULLET.match(line.text) else "paragraph"
        if line in margins:
            kind, is_heading = "aside", False
        level = (larger.index(round(line.size)) + 1 if is_large else len(larger) + 1) if is_heading else 0
        last = paragraphs[-1] if paragraphs else None
        if last and _goes_on(last, line, kind, leading):
            last.lines.append(line)
        else:
            paragraphs.append(_Paragraph(line, kind, min(level, 6)))
    return paragraphs


def _margins(lines: list[Line], body: float, leading: float) -> Iterator[Line]:
    """The small lines that stand alone at a page's edge: heads that are on this page only."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    for page in pages.values():
        by_height = sorted(page, key=lambda line: -line.base)
        for edge, next_to_it in ((by_height[:1], by_height[1:2]), (by_height[-1:], by_height[-2:-1])):
            for line, other in zip(edge, next_to_it, strict=False):
                if line.size < 0.95 * body and abs(line.base - other.base) > ALONE * leading:
                    yield line


def _leading(lines: list[Line], body: float) -> float:
    """The usual distance between two lines of text."""
    gaps = [
        before.base - line.base
        for before, line in pairwise(lines)
        if before.page == line.page and before.column == line.column and 0 < before.base - line.base < 4 * body
    ]
    return median(gaps) if gaps else 1.2 * body


def _goes_on(paragraph: _Paragraph, line: Line, kind: Kind, leading: float) -> bool:
    """Tell whether a line belongs to the paragraph above it."""
    last = paragraph.lines[-1]
    if kind in ("item", "aside") or paragraph.kind == "aside" or (kind == "heading") != (paragraph.kind == "heading"):
        return False
    if abs(line.size - last.size) > 0.1 * last.size and (kind == "heading" or abs(line.size - last.size) > 2):
        return False
    if (line.page, line.column) != (last.page, last.column) or line.base > last.base:
        return kind != "heading" and not _ends(last)
    gap = last.base - line.base
    if gap > WIDER * max(leading, line.size * 1.1 if kind == "heading" else 0):
        return False
    if kind == "heading":
        return True
    width = max(1.0, line.column_right - line.column_left)
    indented = line.left - line.column_left > INDENT * line.size and last.left - last.column_left < INDENT * last.size
    is_last_line = last.right < last.column_right - SHORT * width and _ends(last)
    return not is_last_line and not (indented and paragraph.kind != "item" and _ends(last))


def _ends(line: Line) -> bool:
    return not line.broken and SENTENCE_END.search(line.text) is not None


def _with_pages(paragraphs: list[_Paragraph]) -> Iterator[Block]:
    words = article_words("\n".join(line.text for each in paragraphs for line in each.lines))
    begun = 0  # pages
    for paragraph in paragraphs:
        text, breaks = "", []
        for before, line in zip([None, *paragraph.lines], paragraph.lines, strict=False):
            text = _joined(text, before, line.text, words)
            while begun <= line.page:
                breaks.append(len(text) - len(line.text))
                begun += 1
        text = f"{text}-" if paragraph.lines[-1].broken else text
        kind: Kind = "paragraph" if len(text) > HEADING_LENGTH and paragraph.kind == "heading" else paragraph.kind
        bullet = BULLET.match(text) if kind == "item" and not text[:1].isdigit() else None
        cut = bullet.end() if bullet else 0
        yield Block(
            kind,
            text[cut:],
            paragraph.level if kind == "heading" else 0,
            breaks=tuple(max(0, at - cut) for at in breaks),
        )


def _joined(text: str, before: Line | None, following: str, words: frozenset[str]) -> str:
    if before is None:
        return following
    half, other = re.search(r"\w+$", text), re.match(r"\w+", following)
    if not before.broken:
        return f"{text} {following}"
    if half and other and is_one_word(half[0], other[0], words):
        return text + following
    return f"{text}-{following}"


def _declared(properties: dict[str, str], lines: list[Line]) -> Declared:
    """What the file's properties say; programs fill them in, so what the first page does not say is doubtful."""
    first = " ".join(line.text for line in lines if line.page == lines[0].page).casefold() if lines else ""
    title = " ".join(properties.get("Title", "").split())
    author = written_names(names_in(properties.get("Author", "")))
    return Declared(
        title=_property("" if NO_TITLE.search(title) else title, first),
        author=_property(author, first),
    )


def _property(value: str, first_page: str) -> Fact:
    return Fact(value, "document properties", doubtful=value.casefold() not in first_page)
