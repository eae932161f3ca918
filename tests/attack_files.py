"""Seeds of chance go in, files that attack a reader come out, good ones among them, and what became of each is judged."""

from __future__ import annotations

import random
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from index.reading.block import Unreadable
from index.reading.isolate import Reader
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
)  # fmt: skip
from tests.pdf_writing import pdf_of, rows_of

REASONS = {
    "empty", "no_text", "too_large", "unsupported_type", "type_mismatch", "damaged", "encrypted", "bad_encoding", "timeout",
    "memory_limit", "output_limit", "parser_crash",
}  # fmt: skip
MOST_SECONDS, MOST_MEMORY = 20.0, 1024**3
WRITERS: dict[str, Callable[[Blocks], bytes]] = {
    "html": html_of, "docx": docx_of, "epub": lambda blocks: epub_of([blocks]), "md": markdown_of, "txt": plain_of,
    "pdf": lambda blocks: pdf_of(blocks),
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of one file: "" or its reason code, the seconds it took, the worker's memory so far, and the text."""

    name: str
    reason: str
    seconds: float
    memory: int
    text: str


def story(number: int) -> Blocks:
    """A text of our own whose sentences hold its number, so that each good file can be told from the others."""
    return [
        (1, f"Lighthouse {number}"),
        (
            0,
            f"Lighthouse {number} was built on the {number % 90 + 10} metre cliff by fishermen of the bay. Its lamp burns oil.",
        ),
        (2, "The keeper"),
        (
            0,
            f"Keeper {number} climbed the stairs twice a day for {number % 40 + 2} years. He wrote down every ship that passed.",
        ),
    ]


def good_files(count: int) -> Iterator[tuple[str, bytes]]:
    kinds = list(WRITERS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield f"good-{number:04}.{kind}", WRITERS[kind](story(number))


def bad_files(count: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Hand-made attacks first, then good files that were damaged in the ways that disks, cables and fuzzers do."""
    made = list(attacks())[:count]
    yield from made
    kinds = list(WRITERS)
    whole = {kind: WRITERS[kind](story(1007)) for kind in kinds}
    for number in range(count - len(made)):
        kind = kinds[number % len(kinds)]
        data = damaged(whole[kind], chance)
        named = chance.choice(kinds) if number % 10 == 9 else kind
        yield f"bad-{number:04}.{named}", data


def damaged(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    way = chance.randrange(6)
    if way == 0:
        del spoilt[chance.randrange(len(spoilt)) :]
    elif way == 1:
        for _ in range(chance.choice((1, 10, 200))):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    elif way == 2:
        start = chance.randrange(len(spoilt))
        spoilt[start:start] = spoilt[: chance.randrange(1, 4000)] * chance.choice((1, 20))
    elif way == 3:
        start = chance.randrange(len(spoilt))
        del spoilt[start : start + chance.randrange(1, 500)]
    elif way == 4:
        start = chance.randrange(len(spoilt))
        spoilt[start : start + 100] = bytes(100)
    else:
        spoilt = bytearray(chance.randbytes(chance.randrange(1, 20_000)))
    return bytes(spoilt)


def attacks() -> Iterator[tuple[str, bytes]]:
    yield from pages()
    yield from packages()
    yield from portable_documents()
    yield "line.txt", b"word " * (50 * 1024 * 1024 // 5)
    yield "line.html", b"<p>" + b"word " * (19 * 1024 * 1024 // 5)
    yield "line.md", b"a" * (19 * 1024 * 1024)
    yield "nothing.md", b""
    yield "blank.txt", b" \n\t" * 100
    yield "marks.txt", ("T\n\nx" + "\u0301" * 3_000_000).encode()
    yield "stars.md", b"*a **b " * 200_000
    yield "brackets.md", b"[" * 500_000
    yield "quotes.md", b"> " * 200_000 + b"x"
    yield "yaml.md", b"---\na: &a [x,x,x,x]\n" + b"".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n".encode() for n in range(20)
    ) + b"title: *u\n---\n\nSome text."  # fmt: skip


def pages() -> Iterator[tuple[str, bytes]]:
    text = "<p>" + "The keeper wrote down every ship that passed the cliff. " * 20 + "</p>"
    yield "attributes.html", ("<p " + " ".join(f"a{n}=1" for n in range(300_000)) + f">x</p>{text}").encode()
    yield "deep.html", b"<div>" * 200_000 + text.encode()
    yield "tables.html", b"<table><tr><td>" * 20_000 + text.encode()
    yield "links.html", b"<a href=x>y</a> " * 300_000
    yield "script.html", b"<script>" + b"while(1);" * 500_000
    yield "entities.html", b"&amp;" * 2_000_000
    yield (
        "xxe.html",
        b'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><body>' + text.encode() + b"<p>&a;</p>",
    )
    yield "jsonld.html", f'<script type="application/ld+json">{"[" * 100_000}</script>{text}'.encode()
    yield "comment.html", b"<!--" * 1_000_000
    yield "charset.html", b"<meta charset=utf-7>" + b"+ADw-script+AD4-\xff" * 100
    yield "named.txt", b"<!DOCTYPE html><html><body>" + text.encode()


def packages() -> Iterator[tuple[str, bytes]]:
    parts = docx_parts(story(1001))
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = str(parts["word/document.xml"])
    yield "laughs.docx", zipped(parts | {"word/document.xml": f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>{body}'})
    yield "bomb.docx", zipped(parts | {"word/document.xml": body.replace("<w:body>", "<w:body>" + " " * 60_000_000)})
    yield "deep.docx", zipped(parts | {"word/document.xml": body.replace("<w:body>", "<w:body>" + "<w:ins>" * 50_000)})
    yield "many.docx", zipped(parts | {f"word/{n}.xml": "<x/>" for n in range(12_000)})
    yield "paragraphs.docx", docx_of([(0, "Ships passed.")] * 100_000)
    book = epub_parts([story(1001)])
    yield "bomb.epub", zipped(book | {"text/c0.xhtml": b"<p>" + b"a" * 300_000_000})
    yield (
        "out.epub",
        zipped(book | {"text/book.opf": str(book["text/book.opf"]).replace("c0.xhtml", "../../../etc/passwd")}),
    )
    yield (
        "laughs.epub",
        zipped(book | {"text/book.opf": f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><package>&l9;</package>'}),
    )
    yield "itself.epub", zipped(book | {"META-INF/container.xml": "<container/>"})
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("a", b"x")
    yield "other.epub", target.getvalue()
    yield "old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(5_000)


def portable_documents() -> Iterator[tuple[str, bytes]]:
    head, tail = b"%PDF-1.7\n", b"\ntrailer <</Root 1 0 R>>\n%%EOF"
    yield (
        "cycle.pdf",
        head
        + b"1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[2 0 R]/Count 9>> endobj"
        + tail,
    )
    yield (
        "count.pdf",
        head
        + b"1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[]/Count 999999999>> endobj"
        + tail,
    )
    yield "arrays.pdf", head + b"1 0 obj " + b"[" * 1_000_000 + tail
    yield "locked.pdf", rows_of(["words"], ["here"], "secret")
    yield "scan.pdf", rows_of([], [])
    yield "letters.pdf", rows_of(["i" * 100_000], ["x"])
    yield "rows.pdf", rows_of(["word"] * 50_000, ["word"] * 50_000)


def outcomes(files: Iterator[tuple[str, bytes]]) -> Iterator[Outcome]:
    with Reader() as reader:
        for name, data in files:
            started = time.monotonic()
            text = reason = ""
            try:
                text = reader.read(name, data).article.text
            except Unreadable as error:
                reason = error.reason
            yield Outcome(name, reason, time.monotonic() - started, _memory(reader), text)


def _memory(reader: Reader) -> int:
    """The largest address space of a worker so far, in bytes; 0 where it was just ended or the system does not tell."""
    place = Path(f"/proc/{reader._worker.pid}/status") if reader._worker else Path("/nowhere")
    peak = re.search(r"VmPeak:\s+(\d+) kB", place.read_text()) if place.exists() else None
    return int(peak[1]) * 1024 if peak else 0


def mixed(bad: int, good: int) -> list[tuple[str, bytes]]:
    chance = random.Random(6)
    files = [*good_files(good), *bad_files(bad, chance)]
    chance.shuffle(files)
    return files


def faults(results: list[Outcome], good: int) -> list[str]:
    """What went wrong: a good file that was not read, an unknown reason, a file that took too long."""
    told = [f"{each.name} took {each.seconds:.1f} s" for each in results if each.seconds > MOST_SECONDS]
    told += [f"{each.name}: unknown reason {each.reason}" for each in results if each.reason not in REASONS | {""}]
    told += [f"{each.name} needed {each.memory} bytes" for each in results if each.memory > MOST_MEMORY]
    fine = [each for each in results if each.name.startswith("good-")]
    told += [f"{each.name} was lost: {each.reason}" for each in fine if not _is_itself(each)]
    return told + ([f"only {len(fine)} of {good} good files"] if len(fine) != good else [])


def _is_itself(outcome: Outcome) -> bool:
    number = int(outcome.name[5:9])
    return f"Keeper {number} climbed the stairs twice a day for {number % 40 + 2} years." in outcome.text
