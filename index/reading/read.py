"""A file's bytes go in, an Article comes out; a file that cannot be read raises Unreadable with its reason code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from charset_normalizer import from_bytes

from index.article import FILE_NAME, Article, Span
from index.reading.block import Block, Document, Unreadable
from index.reading.describe import Description, describe
from index.reading.mend import clean_text, mend

READING = 9  # raised when reading changes: an index then reads its unchanged documents anew
MAX_BYTES = 20 * 1024 * 1024  # of one document
MAX_CHARACTERS = 5_000_000  # of its text: two thousand pages
SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".txt": "plain", ".html": "html", ".htm": "html",
            ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".epub": "epub"}  # fmt: skip
MAGIC = {b"%PDF-": "PDF", b"PK\x03\x04": "ZIP or Office", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF",
         b"\x1f\x8b": "gzip", b"\x7fELF": "program", b"{\\rtf": "RTF",
         b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old or encrypted Office"}  # fmt: skip
OWN_MAGIC = {"pdf": "PDF", "docx": "ZIP or Office", "epub": "ZIP or Office"}
WEB_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL)
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32",
                    b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # fmt: skip
HTML_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
MARKED_UP = ("html", "markdown", "docx")  # kinds of files that tell where their paragraphs begin
MAX_TITLE = 500  # characters; it is embedded with every passage
FEW_LETTERS = 0.5  # share of letters in a text below which it may be no prose
PARAGRAPH_BREAK = "\n\n"


@dataclass(frozen=True)
class Reading:
    """An article and what a person should know of how it was read."""

    article: Article
    warnings: tuple[str, ...] = ()


def read_article(id: str, data: bytes) -> Article:
    """Read one document in this process; `id` and errors as in `read_document`."""
    return read_document(id, data).article


def read_document(id: str, data: bytes) -> Reading:
    """Read one document. `id` is its path below the articles folder; the suffix chooses the reader.

    Raises Unreadable (empty, too_large, type_mismatch, unsupported_type, bad_encoding, damaged, encrypted, no_text,
    output_limit, memory_limit, parser_crash). `index.reading.isolate.Reader` does the same in a process of its own.
    """
    kind = SUFFIXES.get(PurePosixPath(id).suffix.lower())
    if kind is None:
        raise Unreadable("unsupported_type", f"Only {', '.join(SUFFIXES)} files are read.")
    _check_bytes(data, kind)
    try:
        document = _parse(data, kind)
        return _assemble(id, describe(mend(document.blocks, kind in MARKED_UP), document.declared), document.warnings)
    except Unreadable:
        raise
    except MemoryError as error:
        raise Unreadable("memory_limit", "Reading needed too much memory.") from error
    except Exception as error:  # a library's parser may fail in any way: it costs this document only, and is reported
        raise Unreadable("parser_crash", f"Reading failed: {type(error).__name__}.") from error


def too_large() -> Unreadable:
    """The error for a document of too many bytes."""
    return Unreadable("too_large", f"The file is larger than {MAX_BYTES // 1024**2} MiB.")


def _check_bytes(data: bytes, kind: str) -> None:
    if not data.strip():
        raise Unreadable("empty", "The file holds no text.")
    if len(data) > MAX_BYTES:
        raise too_large()
    found = next((name for magic, name in MAGIC.items() if data.startswith(magic)), "")
    if found == "old or encrypted Office" and "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable("encrypted", "The file is encrypted. Save it without a password.")
    wanted = OWN_MAGIC.get(kind, "")
    if wanted == "PDF" and b"%PDF-" in data[:1024]:
        found = "PDF"
    if found != wanted:
        told = f"it is a file of another kind ({found})" if found else "it is none"
        named = "text" if kind == "plain" else kind
        raise Unreadable("type_mismatch", f"By its name this is a {named} file, but {told}.")


def _text(data: bytes, kind: str, warnings: list[str]) -> str:
    text = clean_text(_decode(data, kind, warnings).replace("\r\n", "\n").replace("\r", "\n"))
    if kind == "plain" and WEB_PAGE.match(text[:10_000]):
        raise Unreadable("type_mismatch", "By its name this is a plain text, but it is a web page. Name it .html.")
    return text


def _decode(data: bytes, kind: str, warnings: list[str]) -> str:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _decode_as(data, encoding)
    if b"\0" in data:
        raise Unreadable("type_mismatch", "The file is binary, not text.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        declared = HTML_CHARSET.search(data[:4096]) if kind == "html" else None
        if declared:
            return _decode_as(data, declared[1].decode("ascii"))
        encoding = _guess_encoding(data)
        warnings.append(f"The encoding is not stated; it was taken for {encoding}.")
        return _decode_as(data, encoding)


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise Unreadable("bad_encoding", f"The text is not valid {encoding}.") from error


def _guess_encoding(data: bytes) -> str:
    """Guess among encodings of non-Latin scripts; Western text is cp1252, which all detectors tried mistake."""
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in data)
    if control > len(data) / 100:
        raise Unreadable("type_mismatch", "The file is binary, not text.")
    best = from_bytes(data).best()
    if best is not None and any(ord(char) >= 0x370 and char.isalpha() for char in str(best)[:10_000]):
        return best.encoding
    return "cp1252"


def _parse(data: bytes, kind: str) -> Document:
    # The readers pull in whole libraries: a folder of Markdown does not pay for HTML.
    if kind == "pdf":
        from index.reading.read_pdf import read_pdf

        return read_pdf(data)
    if kind in ("docx", "epub"):
        from index.reading.read_zip import read_docx, read_epub

        return read_docx(data) if kind == "docx" else read_epub(data)
    warnings: list[str] = []
    document = _parse_text(_text(data, kind, warnings), kind)
    return replace(document, warnings=(*warnings, *document.warnings))


def _parse_text(text: str, kind: str) -> Document:
    if kind == "html":
        from index.reading.read_html import read_html

        return read_html(text)
    if kind == "markdown":
        from index.reading.read_markdown import read_markdown

        return read_markdown(text)
    from index.reading.read_plain import read_plain

    return read_plain(text)


def _assemble(id: str, description: Description, warnings: tuple[str, ...]) -> Reading:
    parts: list[str] = []
    spans: dict[str, list[Span]] = {"heading": [], "aside": [], "paragraph": [], "item": []}
    pages: list[int] = []
    offset = 0
    for block in description.blocks:
        span = Span(offset, offset + len(block.text))
        spans[block.kind].append(span)
        pages.extend(offset + at for at in block.breaks)
        parts.append(block.text)
        offset = span.end + len(PARAGRAPH_BREAK)
    _check_text(description.blocks, offset)
    provenance = description.provenance
    if not description.title:
        provenance = replace(provenance, title=FILE_NAME)
    article = Article(
        id=id,
        text=PARAGRAPH_BREAK.join(parts),
        title=(description.title or " ".join(PurePosixPath(id).stem.split()))[:MAX_TITLE],
        author=description.author,
        publisher=description.publisher,
        published=description.published,
        url=description.url,
        headings=tuple(spans["heading"]),
        asides=tuple(spans["aside"]),
        pages=tuple(pages),
        provenance=provenance,
    )
    return Reading(article, (*warnings, *_doubts(article.text)))


def _check_text(blocks: tuple[Block, ...], characters: int) -> None:
    if not any(_is_text(block) for block in blocks):
        raise Unreadable("no_text", "The file holds no readable text.")
    if characters > MAX_CHARACTERS:
        raise Unreadable("output_limit", f"The text has more than {MAX_CHARACTERS:,} characters. Split the file.")


def _doubts(text: str) -> Iterator[str]:
    letters = sum(map(str.isalpha, text)) / len(text)
    if letters < FEW_LETTERS:
        yield f"Only {letters:.0%} of the text is letters: it may be no prose, or badly read."


def _is_text(block: Block) -> bool:
    return any(char.isalpha() for char in block.text)
