"""An Answer goes in, the text for a terminal or the JSON for a program comes out."""

from __future__ import annotations

import re
import textwrap
from dataclasses import asdict
from typing import Any

from index.terminal import json_line
from qa.answer import Answer, Citation, Hit
from qa.quoting.refusing import answers_in_part

WIDTH = 100  # columns of a terminal
SHOWN_PASSAGES = 3  # of the nearest, where nothing answers
PREVIEW = 160  # characters of such a passage
PARAGRAPHS = re.compile(r"\s*\n\s*\n\s*")  # a quotation may go over the end of one


def as_json(answer: Answer, indent: int | None = None, id: object = None) -> str:
    """Return an answer's fields as JSON; an article stands there by its id. `id` is echoed in the place of its own."""
    fields = {name: getattr(answer, name) for name in answer.__dataclass_fields__}
    fields["id"] = answer.id if id is None else id
    return json_line(fields | {"passages": [hit_fields(hit) for hit in answer.passages]}, indent)


def as_text(answer: Answer) -> str:
    """Return an answer as a person reads it on a terminal: quotations with their numbers, then the sources."""
    lines = ["\n\n".join(textwrap.fill(each, WIDTH) for each in PARAGRAPHS.split(answer.text)), ""]
    if answer.query != answer.question:
        lines[:0] = [f"Searched for: {answer.query}", ""]
    if answer.coverage == "partly":
        lines += [answers_in_part(answer.missing), ""]
    if answer.found:
        lines += [_source(citation) for citation in answer.citations]
    else:
        lines += ["Nearest passages (they do not answer):"] if answer.passages else []
        lines += [_nearest(hit) for hit in answer.passages[:SHOWN_PASSAGES]]
    return "\n".join(lines)


def describe_source(title: str, author: str, publisher: str, published: str) -> str:
    """Return what is known of a source, in one line."""
    known = ", ".join(part for part in (author, f"“{title}”", publisher, published or "no date") if part)
    return " ".join(known.split())  # one line: no name may look like a second source


def _source(citation: Citation) -> str:
    about = describe_source(citation.title, citation.author, citation.publisher, citation.published)
    stale = " (the file has changed or gone since it was indexed)" if citation.stale else ""
    page = f", page {citation.page}" if citation.page else ""
    doubtful = f" (doubtful: {', '.join(citation.doubtful)})" if citation.doubtful else ""
    id = " ".join(citation.article.split())
    place = f"{id}, characters {citation.start}-{citation.end}"
    also = (
        f"; the same words also in {', '.join(' '.join(id.split()) for id in citation.also)}" if citation.also else ""
    )
    return f"[{citation.number}] {about}{doubtful}{page}; {place}{stale}{also}"


def _nearest(hit: Hit) -> str:
    preview = textwrap.shorten(hit.passage.text, PREVIEW, placeholder=" …")
    return f"- {hit.passage.article.title}: {preview}"


def hit_fields(hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON shows it, its passage with the article's metadata."""
    fields = {name: getattr(hit, name) for name in hit.__dataclass_fields__}
    passage, article = hit.passage, hit.passage.article
    return fields | {
        "passage": {
            "article": article.id, "title": article.title, "author": article.author, "publisher": article.publisher,
            "published": article.published, "url": article.url, "start": passage.start, "end": passage.end,
            "text": passage.text, "sentences": [asdict(span) for span in passage.sentences], "also": passage.also,
        }
    }  # fmt: skip
