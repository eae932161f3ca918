"""A kept conversation goes in; it comes out as JSON for programs, as Markdown, and as BibTeX."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from index.terminal import json_line
from qa.answer import Citation
from qa.conversations.bibtex import bibtex, keys
from qa.conversations.kept import KeptConversation, KeptTurn
from qa.conversations.recall import recall
from qa.quoting.telling import says
from qa.render import describe_source

FORMAT = "quoted-conversation-1"
# What Markdown could take for its own: anywhere, and at the beginning of a line.
MARKDOWN = re.compile(r"[\\`*_\[\]<>~$&|#]|^[-+=]|(?<=\d)[.)](?=\s|$)")


def export_json(conversation: KeptConversation) -> str:
    """Every turn with its whole answer, and every article quoted with the sha256 of its text; `qa.verify` reads it."""
    value = {
        "format": FORMAT,
        "title": conversation.title,
        "exported": datetime.now(UTC).isoformat(timespec="seconds"),
        "turns": [_turn(turn) for turn in conversation.turns],
        "articles": articles(conversation),
    }
    return json_line(value, indent=1)


def export_bibtex(conversation: KeptConversation) -> str:
    """The references of all quotations."""
    return bibtex(cited(conversation))


def export_markdown(conversation: KeptConversation) -> str:
    """Questions and quotations with their sources, offsets and dates; the references stand at the end."""
    parts = [f"# {_escape(conversation.title)}"]
    for turn in conversation.turns:
        parts += [f"## {_escape(turn.question)}", f"*Asked {turn.asked}*", *_told(turn)]
    references = export_bibtex(conversation)
    parts += ["## References", f"```bibtex\n{references.replace('```', '')}```"] if references else []
    return "\n\n".join(parts) + "\n"


def cited(conversation: KeptConversation) -> list[Citation]:
    """The citations of all answers, in order."""
    answers = (recall(turn.answer) for turn in conversation.turns if turn.answer)
    return [citation for answer in answers for citation in answer.citations]


def articles(conversation: KeptConversation) -> list[dict[str, Any]]:
    """What is known of each article quoted, once, as it was when it was last quoted."""
    citations = cited(conversation)
    known = keys(citations)
    return [
        {
            "id": each.article, "title": each.title, "author": each.author, "publisher": each.publisher,
            "published": each.published, "url": each.url, "doubtful": each.doubtful, "sha256": each.text_digest,
            "bibtex": known[each.article],
        }
        for each in {citation.article: citation for citation in citations}.values()
    ]  # fmt: skip


def _turn(turn: KeptTurn) -> dict[str, Any]:
    return {
        "question": turn.question, "asked": turn.asked, "as_typed": turn.as_typed, "filters": turn.filters,
        "answer": json.loads(turn.answer) if turn.answer else None, "notice": turn.notice,
        "rating": None if turn.is_up is None else "up" if turn.is_up else "down", "word": turn.word,
    }  # fmt: skip


def _told(turn: KeptTurn) -> list[str]:
    if not turn.answer:
        return [_escape(turn.notice or "No answer.")]
    answer = recall(turn.answer)
    if not answer.found:
        return [_escape(answer.text)]
    quotes = [f"> {_escape(each.quote)} \\[{each.number}\\]{_escape(says(each))}" for each in answer.citations]
    return [*quotes, "\n".join(f"{each.number}. {_escape(source_line(each))}" for each in answer.citations)]


def source_line(citation: Citation) -> str:
    """Where a quotation stands, in one line."""
    about = describe_source(citation.title, citation.author, citation.publisher, citation.published)
    page = f", page {citation.page}" if citation.page else ""
    doubtful = f" (doubtful: {', '.join(citation.doubtful)})" if citation.doubtful else ""
    url = f", {citation.url}" if citation.url else ""
    id = " ".join(citation.article.split())
    return f"{about}{doubtful}{page}; {id}, characters {citation.start}-{citation.end}{url}"


def _escape(text: str) -> str:
    """Text of others as Markdown that shows exactly that text, in one line."""
    return MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))
