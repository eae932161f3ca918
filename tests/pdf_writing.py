"""Paragraphs go in, PDF files come out as printers lay them out: columns, running heads, page numbers, broken words."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

HEAD, MARGIN, GAP = "Quarterly Notes on Distant Places", 42, 18
TITLE = ParagraphStyle("title", fontName="Times-Bold", fontSize=16, leading=20, spaceAfter=8)
HEADING = ParagraphStyle("heading", fontName="Times-Bold", fontSize=12, leading=15, spaceBefore=8, spaceAfter=4)
BODY = ParagraphStyle(
    "body", fontName="Times-Roman", fontSize=9.5, leading=12, alignment=TA_JUSTIFY, spaceAfter=5, embeddedHyphenation=1,
    uriWasteReduce=0,
)  # fmt: skip


def pdf_of(blocks: list[tuple[int, str]], columns: int = 1, heads: bool = True) -> bytes:
    """A PDF of blocks, each with its heading level (0: a paragraph); soft hyphens tell where words may be broken."""
    width, height = A5
    room = (width - 2 * MARGIN - GAP * (columns - 1)) / columns
    frames = [
        Frame(MARGIN + column * (room + GAP), MARGIN, room, height - 2 * MARGIN, 0, 0, 0, 0)
        for column in range(columns)
    ]

    def decorate(canvas: object, document: object) -> None:
        canvas.setFont("Times-Italic", 8)  # type: ignore[attr-defined]
        canvas.drawString(MARGIN, height - 30, HEAD)  # type: ignore[attr-defined]
        canvas.drawCentredString(width / 2, 24, str(document.page))  # type: ignore[attr-defined]

    target = BytesIO()
    document = BaseDocTemplate(target, pagesize=A5, title="untitled", invariant=1)
    document.addPageTemplates(PageTemplate(frames=frames, onPage=decorate if heads else lambda canvas, document: None))
    styles = {0: BODY, 1: TITLE}
    document.build([Paragraph(text, styles.get(level, HEADING)) for level, text in blocks])
    return target.getvalue()


def rows_of(left: list[str], right: list[str], password: str = "") -> bytes:
    """A page with two columns whose lines are drawn across both, row by row; a picture where there are none."""
    target = BytesIO()
    page = Canvas(target, pagesize=A5, invariant=1, encrypt=password or None)
    page.setFont("Times-Roman", 9)
    for row, pair in enumerate(zip(left, right, strict=True)):
        for column, text in enumerate(pair):
            page.drawString(MARGIN + column * 175, 500 - 12 * row, text)
    if not left:
        page.rect(50, 50, 200, 300, fill=1)
    page.showPage()
    page.save()
    return target.getvalue()
