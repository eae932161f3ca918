"""Paragraphs go in, the same text comes out as a Word file, an e-book, a web page, Markdown and plain text."""

from __future__ import annotations

import zipfile
from html import escape
from io import BytesIO

Blocks = list[tuple[int, str]]  # heading level (0: a paragraph) and text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{OFFICE}/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
STYLES = f'<w:styles xmlns:w="{W}">' + "".join(
    f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>'
    for level in range(1, 7)
) + "</w:styles>"  # fmt: skip
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="text/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return target.getvalue()


def docx_parts(blocks: Blocks, body: str = "", creator: str = "") -> dict[str, str | bytes]:
    paragraphs = "".join(
        "<w:p>" + (f'<w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>' if level else "")
        + f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for level, text in blocks
    )  # fmt: skip
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{paragraphs}{body}</w:body></w:document>',
        "word/styles.xml": STYLES,
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/">'
        f"<dc:creator>{escape(creator)}</dc:creator><dcterms:created>2011-01-01T00:00:00Z</dcterms:created>"
        "</cp:coreProperties>",
    }


def docx_of(blocks: Blocks, body: str = "", creator: str = "") -> bytes:
    return zipped(docx_parts(blocks, body, creator))


def epub_parts(chapters: list[Blocks], metadata: str = "") -> dict[str, str | bytes]:
    items = "".join(
        f'<item id="c{number}" href="c{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "text/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata>'
        '<manifest><item id="toc" href="toc.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        f'{items}</manifest><spine><itemref idref="toc"/>{spine}</spine></package>',
        "text/toc.xhtml": "<html><body><nav><ol><li>Contents of the book</li></ol></nav></body></html>",
    }
    for number, blocks in enumerate(chapters):
        parts[f"text/c{number}.xhtml"] = (
            '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
            f"<head><title>Chapter {number}</title></head><body>{elements(blocks)}</body></html>"
        )
    return parts


def epub_of(chapters: list[Blocks], metadata: str = "") -> bytes:
    return zipped(epub_parts(chapters, metadata))


def html_of(blocks: Blocks, head: str = "") -> bytes:
    links = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "World", "Sport", "Subscribe"))
    return (
        f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body><header><nav><ul>{links}</ul></nav></header>"
        f"<article>{elements(blocks)}</article><footer><ul>{links}</ul><p>All rights reserved</p></footer></body></html>"
    ).encode()


def elements(blocks: Blocks) -> str:
    return "".join(
        f"<h{level}>{escape(text)}</h{level}>" if level else f"<p>{escape(text)}</p>" for level, text in blocks
    )


def markdown_of(blocks: Blocks) -> bytes:
    return "\n\n".join(f"{'#' * level} {text}" if level else text for level, text in blocks).encode()


def plain_of(blocks: Blocks) -> bytes:
    return "\n\n".join(text for _, text in blocks).encode()
