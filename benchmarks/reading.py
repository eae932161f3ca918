"""Saved pages with their right text go in; how well we read them comes out, beside trafilatura and readability-lxml."""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import readability
import trafilatura
from lxml import html as lxml_html

from index.article import FILE_NAME
from index.reading.block import Unreadable
from index.reading.read import read_article
from index.terminal import say

SHINGLE = 4  # words
BY = re.compile(r"^(?:written by|posted by|by|par|von|por)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """A page as saved, and what a person would say it holds; "" where the page states none."""

    id: str
    data: bytes
    text: str
    title: str
    byline: str


@dataclass(frozen=True)
class Reading:
    """What a program made of a page."""

    text: str = ""
    title: str = ""
    byline: str = ""


def ours(page: Page) -> Reading:
    try:
        article = read_article("page.html", page.data)
    except Unreadable:
        return Reading()
    lines = article.text.split("\n\n")
    text = "\n".join(line for line in lines if line != article.title)  # the right texts leave the title out
    return Reading(text, "" if article.provenance.title == FILE_NAME else article.title, article.author)


def plain_trafilatura(page: Page) -> Reading:
    found: Any = trafilatura.bare_extraction(page.data, with_metadata=True, include_comments=False)
    return Reading(found.text or "", found.title or "", found.author or "") if found else Reading()


def readability_lxml(page: Page) -> Reading:
    try:
        document = readability.Document(page.data.decode("utf-8", "replace"))
        body = lxml_html.fromstring(document.summary())
    except Exception:  # a page that it cannot read counts as read empty, like one of ours
        return Reading()
    return Reading("\n".join(body.itertext()), document.short_title())


PROGRAMS: dict[str, Callable[[Page], Reading]] = {
    "ours": ours,
    "trafilatura": plain_trafilatura,
    "readability-lxml": readability_lxml,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="items.jsonl (html, gold_text, title, byline) and its pages")
    parser.add_argument("--pages", action="store_true", help="print every page that ours reads otherwise than the rest")
    options = parser.parse_args()
    pages = load(options.folder)
    read = {name: timed(program, pages) for name, program in PROGRAMS.items()}
    say("| program | F1 | precision | recall | title exact | byline exact | byline wrong | seconds |")
    say("|---" * 8 + "|")
    for name, (readings, seconds) in read.items():
        say(row(name, pages, readings, seconds))
    if options.pages:
        tell_pages(pages, {name: readings for name, (readings, _) in read.items()})


def load(folder: Path) -> list[Page]:
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        Page(
            each["id"], (folder / each["html"]).read_bytes(), each["gold_text"], each["title"] or "",
            each["byline"] or "",
        )
        for each in items
    ]  # fmt: skip


def timed(program: Callable[[Page], Reading], pages: list[Page]) -> tuple[list[Reading], float]:
    started = time.monotonic()
    return [program(page) for page in pages], time.monotonic() - started


def row(name: str, pages: list[Page], readings: list[Reading], seconds: float) -> str:
    pairs = list(zip(pages, readings, strict=True))
    scores = [score(reading.text, page.text) for page, reading in pairs]
    precision, recall, f1 = (mean(column) for column in zip(*scores, strict=True))
    titles = mean(plain(page.title) == plain(reading.title) for page, reading in pairs)
    signed = [(person(page.byline), person(reading.byline)) for page, reading in pairs]
    bylines = mean(right == told for right, told in signed if right)
    wrong = mean(bool(told) and right != told for right, told in signed)
    figures = " | ".join(f"{figure:.3f}" for figure in (f1, precision, recall, titles, bylines, wrong))
    return f"| {name} | {figures} | {seconds:.1f} |"


def score(text: str, right: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the shingles of one page."""
    told, known = shingles(text), shingles(right)
    common = sum((told & known).values())
    if not told or not known:
        same = float(not told and not known)
        return same, same, same
    precision, recall = common / sum(told.values()), common / sum(known.values())
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[start : start + SHINGLE]) for start in range(max(1, len(words) - SHINGLE + 1)) if words)


def plain(text: str) -> str:
    return " ".join(text.split())


def person(byline: str) -> str:
    """A byline without "by" and with one mark between names, which programs write in their own ways."""
    names = re.split(r"\s*(?:;|,|&|\band\b)\s*", BY.sub("", plain(byline)))
    return ", ".join(name for name in names if name).lower()


def tell_pages(pages: list[Page], read: dict[str, list[Reading]]) -> None:
    for position, page in enumerate(pages):
        scores = {name: score(readings[position].text, page.text)[2] for name, readings in read.items()}
        mine = read["ours"][position]
        if scores["ours"] < max(scores.values()) - 0.02:
            say(f"{page.id}: F1 " + ", ".join(f"{name} {value:.2f}" for name, value in scores.items()))
        if plain(mine.title) != plain(page.title):
            say(f"{page.id}: title {mine.title!r}, right {page.title!r}")
        if person(mine.byline) != person(page.byline):
            say(f"{page.id}: byline {mine.byline!r}, right {page.byline!r}")


if __name__ == "__main__":
    main()
