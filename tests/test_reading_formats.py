"""The seeds as PDF, Word file, e-book, web page, Markdown and plain text: the same sentences, in order, with their pages."""

from __future__ import annotations

import difflib
import re
from html import escape
from pathlib import Path

import pypdfium2
import pytest

from index.article import Article
from index.reading.block import Unreadable
from index.reading.read import read_article, read_document
from index.split import split
from tests.package_writing import (
    Blocks,
    docx_of,
    docx_parts,
    epub_of,
    epub_parts,
    html_of,
    markdown_of,
    plain_of,
    zipped,
)
from tests.pdf_writing import HEAD, pdf_of, rows_of

SEEDS = sorted(path for path in (Path(__file__).parent.parent / "seeds").glob("*.md") if path.name != "README.md")
STORY: Blocks = [
    (1, "The mill pond"),
    (
        0,
        "The pond above the mill froze in the second week of January. Children skated on it until the end of the month.",
    ),
    (2, "What the miller did"),
    (
        0,
        "The miller broke the ice at the sluice each morning, so that the wheel could turn. He needed two hours for it.",
    ),
]


def blocks_of(seed: Path) -> Blocks:
    """The headings and paragraphs of a seed, by its own marks: front matter goes, so do asterisks."""
    body = seed.read_text(encoding="utf-8").split("---\n", 2)[2].replace("*", "")
    blocks: Blocks = []
    for part in filter(None, (" ".join(part.split()) for part in body.split("\n\n"))):
        marks = re.match(r"#+ ", part)
        blocks.append((len(marks[0]) - 1, part[marks.end() :]) if marks else (0, part))
    return blocks


def sentences(article: Article) -> list[str]:
    """What may be quoted, in order."""
    passages = split(article, lambda texts: [len(text.split()) for text in texts])
    return [article.text[span.start : span.end] for passage in passages for span in passage.sentences]


def breakable(text: str) -> str:
    """A text whose long words may be broken in their middle."""
    return re.sub(r"\b([a-z]{4,6})([a-z]{4,})\b", "\\1\u00ad\\2", escape(text, quote=False))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:12])
def test_every_format_gives_the_same_sentences(seed: Path) -> None:
    blocks = blocks_of(seed)
    files = {
        "a.docx": docx_of(blocks), "a.epub": epub_of([blocks[:7], blocks[7:]]), "a.html": html_of(blocks),
        "a.md": markdown_of(blocks), "a.txt": plain_of(blocks),
    }  # fmt: skip
    expected = sentences(read_article("seed.md", seed.read_bytes()))
    assert len(expected) >= 16
    for name, data in files.items():
        assert sentences(read_article(name, data)) == expected, name


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:12])
def test_a_pdf_keeps_words_in_order_and_no_head_or_number_in_a_sentence(seed: Path, columns: int) -> None:
    blocks = blocks_of(seed)
    data = pdf_of([(level, breakable(text)) for level, text in blocks], columns)
    article = read_article("a.pdf", data)
    right, read = (text.split() for text in (" ".join(text for _, text in blocks), article.text))
    same = difflib.SequenceMatcher(None, right, read, autojunk=False).get_matching_blocks()
    assert sum(block.size for block in same) >= 0.99 * len(right)
    known = set(" ".join(text for _, text in blocks).replace("-", "").split())
    if article.pages[1:]:
        assert HEAD not in article.text and not re.search(r"(?m)^\d+$", article.text)
    for sentence in sentences(article):
        assert HEAD not in sentence and set(sentence.replace("-", "").split()) <= known


@pytest.mark.parametrize("columns", [1, 2])
def test_every_sentence_of_a_pdf_bears_the_page_that_it_begins_on(columns: int) -> None:
    """The oracle: the pages' own texts, as PDFium gives them one by one."""
    data = pdf_of([(level, escape(text)) for seed in SEEDS for level, text in blocks_of(seed)], columns)
    article = read_article("a.pdf", data)
    document = pypdfium2.PdfDocument(data)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    assert len(pages) == len(article.pages) > 5
    checked = 0
    for passage in split(article, lambda texts: [len(text.split()) for text in texts]):
        for span in passage.sentences:
            begins = " ".join(article.text[span.start : span.end].split()[:4])
            on = [number for number, page in enumerate(pages, 1) if begins in page]
            if len(on) == 1:  # the first words stand together on one page only
                assert article.page(span.start) == on[0], begins
                checked += 1
    assert checked > 150


def test_columns_that_were_drawn_line_by_line_are_read_one_after_the_other() -> None:
    left = [f"left line {number} tells of rivers and" for number in range(12)]
    right = [f"right line {number} tells of hills and" for number in range(12)]
    text = read_article("a.pdf", rows_of(left, right)).text
    assert " ".join(text.split()) == " ".join([*left, *right])


def test_a_scan_and_a_locked_pdf_are_told_apart() -> None:
    for data, reason in ((rows_of([], []), "no_text"), (rows_of(["words"], ["here"], "secret"), "encrypted")):
        with pytest.raises(Unreadable) as error:
            read_article("a.pdf", data)
        assert error.value.reason == reason


def test_a_word_file_keeps_tables_and_notes_and_its_dates_and_writer_are_not_taken_for_the_article_s() -> None:
    cell = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>A cell of the table</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    article = read_article("a.docx", docx_of(STORY, cell, creator="Ada Lind"))
    assert "A cell of the table" in article.text and article.title == "The mill pond"
    assert article.published == "" and article.provenance.author == "document properties, doubtful"
    assert read_article("a.docx", docx_of(STORY, creator="admin")).author == ""


def test_the_rows_of_a_word_file_s_table_are_told_as_rows() -> None:
    def table(*rows: str, bold: bool = False) -> str:
        def cell(text: str, row: int) -> str:
            style = "<w:rPr><w:b/></w:rPr>" if bold and not row else ""
            return f"<w:tc><w:p><w:r>{style}<w:t>{text}</w:t></w:r></w:p></w:tc>"

        lines = ("".join(cell(text, number) for text in row.split("|")) for number, row in enumerate(rows))
        return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"

    def read(body: str) -> str:
        return read_article("a.docx", docx_of(STORY, body)).text

    assert "\n\nItem: Roof; Crowns: 1,200\n\nItem: Heating; Crowns: 800" in read(
        table("Item|Crowns", "Roof|1,200", "Heating|800")
    )
    assert "Who: Ada; Role: Mayor" in read(table("Who|Role", "Ada|Mayor", bold=True))
    assert "Ada; Mayor\n\nTom; Clerk" in read(table("Ada|Mayor", "Tom|Clerk"))


def test_an_e_book_gives_its_metadata_and_no_table_of_contents() -> None:
    metadata = (
        "<dc:title>The pond</dc:title><dc:creator>Ada Lind</dc:creator><dc:publisher>Reed Press</dc:publisher>"
        '<dc:date opf:event="modification">2021-02-03</dc:date><dc:date opf:event="publication">2019-04-05</dc:date>'
    )
    article = read_article("a.epub", epub_of([STORY], metadata))
    assert (article.title, article.author, article.publisher, article.published) == (
        "The pond", "Ada Lind", "Reed Press", "2019-04-05",
    )  # fmt: skip
    assert "Contents" not in article.text and article.provenance.published == "book metadata"


def test_what_a_package_may_not_be() -> None:
    entities = docx_parts(STORY)
    entities["word/document.xml"] = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + str(
        entities["word/document.xml"]
    )
    protected = epub_parts([STORY]) | {
        "META-INF/encryption.xml": '<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></encryption>'
    }
    bomb = docx_parts(STORY) | {"word/media/a.xml": b"0" * 60_000_000}
    for name, data, reason in (
        ("a.docx", zipped(entities), "damaged"), ("a.epub", zipped(protected), "encrypted"), ("a.docx", zipped(bomb), "output_limit"),
        ("a.docx", epub_of([STORY]), "type_mismatch"), ("a.epub", docx_of(STORY), "type_mismatch"), ("a.pdf", docx_of(STORY), "type_mismatch"),
        ("a.docx", docx_of(STORY)[:900], "damaged"), ("a.docx", docx_of([]), "no_text"),
    ):  # fmt: skip
        with pytest.raises(Unreadable) as error:
            read_article(name, data)
        assert error.value.reason == reason, (name, reason)


def test_external_entities_of_an_e_book_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a secret of this computer")
    parts = epub_parts([STORY], "<dc:title>The pond &a;</dc:title>")
    entity = f'<!DOCTYPE html [<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    parts["text/c0.xhtml"] = (
        f"<?xml version='1.0'?>{entity}<html><body><p>It says &a; and ends here, with words.</p></body></html>"
    )
    parts["text/book.opf"] = entity.replace("html", "package") + str(parts["text/book.opf"])
    article = read_article("a.epub", zipped(parts))
    assert "secret of" not in article.text + article.title


def test_warnings() -> None:
    assert any(
        "running heads" in each for each in read_document("a.pdf", pdf_of([(0, "Some words. " * 40)] * 20)).warnings
    )
    assert any(
        "encoding" in each for each in read_document("a.txt", "Zürich im Mai. Es regnet.".encode("cp1252")).warnings
    )
    assert any(
        "letters" in each for each in read_document("a.txt", b"Figures.\n\n" + b"12 34 56 78 90\n" * 50).warnings
    )
