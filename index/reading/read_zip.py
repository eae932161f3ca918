"""A Word file or an e-book goes in, its blocks and what its package states of it come out."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote

import mammoth
from lxml import etree
from lxml import html as lxml_html

from index.reading.block import NOTHING, Block, Declared, Document, Fact, Unreadable
from index.reading.datestamp import stated_date
from index.reading.flatten import flatten
from index.reading.names import names_in, written_names

MAX_UNPACKED = 200 * 1024 * 1024  # bytes of a whole package
MAX_XML = 40 * 1024 * 1024  # bytes of the text parts of a package: markup, not pictures
MAX_RATIO = 200  # how much smaller than its contents a package may be
MAX_PARTS = 10_000
MARKUP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx")
OPEN_DOCUMENT_TYPES = {"application/xhtml+xml", "text/html"}
FONT_ENCRYPTION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A Word document may hold pictures and no text at all: mammoth must not write them into the text.
NO_PICTURES = mammoth.images.img_element(lambda image: {})
STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def read_docx(data: bytes) -> Document:
    """Return the text of a Word file. Raises Unreadable (damaged, type_mismatch, output_limit, encrypted)."""
    package = _open(data, "[Content_Types].xml", "word/document.xml", "Word")
    if any(DECLARATION.search(_part(package, name)) for name in package.namelist() if name.endswith((".xml", ".rels"))):
        raise Unreadable("damaged", "The Word file declares entities, which no Word file does.")
    try:
        page = mammoth.convert_to_html(BytesIO(data), style_map=STYLES, convert_image=NO_PICTURES).value
    except (KeyError, AttributeError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise Unreadable("damaged", f"The Word file is damaged: {type(error).__name__}.") from error
    if not page.strip():
        raise Unreadable("no_text", "The Word file holds no text.")
    blocks = tuple(_without_back_links(flatten(lxml_html.document_fromstring(page), tables_may_lay_out=False)))
    return Document(blocks, _docx_properties(package))


def read_epub(data: bytes) -> Document:
    """Return the text of an e-book in the order of its spine. Raises Unreadable as `read_docx` does."""
    package = _open(data, "META-INF/container.xml", "", "EPUB")
    _check_readable(package)
    container = _xml(package, "META-INF/container.xml")
    root = next(iter(container.xpath("//*[local-name()='rootfile']/@full-path")), "")
    book = _xml(package, root)
    blocks = tuple(block for name in _spine(book, root) for block in _chapter(package, name))
    return Document(blocks, _book_properties(book))


def _open(data: bytes, sign: str, other_sign: str, name: str) -> zipfile.ZipFile:
    try:
        package = zipfile.ZipFile(BytesIO(data))
        parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise Unreadable("damaged", f"The {name} file is damaged.") from error
    names = {part.filename for part in parts}
    if sign not in names or (other_sign and other_sign not in names):
        raise Unreadable("type_mismatch", f"The file is a ZIP file, not {name}.")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted", "The file is encrypted. Save it without a password.")
    unpacked = sum(part.file_size for part in parts)
    markup = sum(part.file_size for part in parts if part.filename.lower().endswith(MARKUP))
    bomb = any(part.file_size > MAX_RATIO * max(1000, part.compress_size) for part in parts)
    if unpacked > MAX_UNPACKED or markup > MAX_XML or len(parts) > MAX_PARTS or bomb:
        raise Unreadable("output_limit", "The file unpacks to more than a document can hold.")
    return package


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        return package.read(name)
    except (
        KeyError,
        ValueError,
        OSError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
    ) as error:
        raise Unreadable("damaged", f"A part of the file is damaged or missing: {name[:80]}.") from error


def _xml(package: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401 - lxml has no types
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(_part(package, name), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("damaged", f"A part of the file is damaged: {name[:80]}.") from error


def _without_back_links(blocks: Iterator[Block]) -> Iterator[Block]:
    """Notes end in an arrow that leads back to their mark."""
    for block in blocks:
        text = block.text.removesuffix("↑").rstrip()
        yield Block("aside" if text != block.text else block.kind, text, block.level, block.linked)


def _docx_properties(package: zipfile.ZipFile) -> Declared:
    """The title and the author of a Word file's properties, which programs fill in by themselves; never its dates."""
    if "docProps/core.xml" not in package.namelist():
        return Declared()
    properties = _xml(package, "docProps/core.xml")
    title = _value(properties, "title")
    author = written_names(names_in(_value(properties, "creator")))
    return Declared(
        title=Fact(title, "document properties", doubtful=True),
        author=Fact(author, "document properties", doubtful=True),
    )


def _check_readable(package: zipfile.ZipFile) -> None:
    """Raise where the text itself is encrypted; fonts may be."""
    if "META-INF/encryption.xml" in package.namelist():
        methods = _xml(package, "META-INF/encryption.xml").xpath("//*[local-name()='EncryptionMethod']/@Algorithm")
        if any(method not in FONT_ENCRYPTION for method in methods):
            raise Unreadable("encrypted", "The e-book is protected. Use a copy without protection.")


def _spine(book: Any, root: str) -> Iterator[str]:  # noqa: ANN401
    """The names of the parts that hold the text, in order, without the table of contents."""
    parts = {each.get("id"): each for each in book.xpath("//*[local-name()='manifest']/*[local-name()='item']")}
    for reference in book.xpath("//*[local-name()='spine']/*[local-name()='itemref']"):
        part = parts.get(reference.get("idref"))
        if part is None or reference.get("linear") == "no" or "nav" in (part.get("properties") or "").split():
            continue
        if part.get("media-type") in OPEN_DOCUMENT_TYPES:
            yield normpath(join(dirname(root), unquote(part.get("href") or "")))


def _chapter(package: zipfile.ZipFile, name: str) -> list[Block]:
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True)
    try:
        page = lxml_html.document_fromstring(_part(package, name), parser=parser)
    except (etree.ParserError, ValueError):  # an empty chapter
        return []
    body = page.find("body")
    return list(flatten(page if body is None else body))


def _book_properties(book: Any) -> Declared:  # noqa: ANN401
    names = [_value(each, "", own=True) for each in book.xpath("//*[local-name()='creator']")[:12]]
    author = written_names(dict.fromkeys(name for each in names for name in names_in(each, stated=True)))
    title, publisher = _value(book, "title"), _value(book, "publisher")
    return Declared(
        title=Fact(title, "book metadata") if title else NOTHING,
        author=Fact(author, "book metadata") if author else NOTHING,
        publisher=Fact(publisher, "book metadata") if publisher else NOTHING,
        published=Fact(_book_date(book), "book metadata"),
    )


def _book_date(book: Any) -> str:  # noqa: ANN401
    """The date of publication; that of a change is another, and several unnamed ones could be any."""
    dates = book.xpath("//*[local-name()='date' and namespace-uri()='http://purl.org/dc/elements/1.1/']")
    events = [((each.get("{http://www.idpf.org/2007/opf}event") or "").lower(), each.text or "") for each in dates]
    named = [text for event, text in events if event == "publication"]
    unnamed = [text for event, text in events if not event]
    return stated_date(named[0]) if named else stated_date(unnamed[0]) if len(unnamed) == 1 else ""


def _value(tree: Any, name: str, own: bool = False) -> str:  # noqa: ANN401
    found = tree if own else next(iter(tree.xpath(f"//*[local-name()='{name}']")), None)
    return " ".join("".join(found.itertext()).split())[:500] if found is not None else ""
