"""A kept conversation goes in; it comes out as one HTML page that needs nothing else and runs nothing."""

from __future__ import annotations

import re
from html import escape

from qa.answer import Citation
from qa.conversations.export import export_bibtex, source_line
from qa.conversations.kept import KeptConversation, KeptTurn
from qa.conversations.recall import recall
from qa.quoting.telling import says

STYLE = """
:root { color-scheme: light dark; --paper: #faf9f6; --ink: #22201c; --quiet: #5c574e; --line: #e0dcd3;
  --link: #1f4d5c; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181a; --ink: #e6e3dc; --quiet: #aaa59a; --line: #34373a; --link: #9cc7d3; } }
body { max-width: 42rem; margin: 0 auto; padding: 28px 20px 20vh; background: var(--paper); color: var(--ink);
  font: 17px/1.6 Charter, Georgia, Cambria, serif; overflow-wrap: anywhere; }
h2 { margin: 2em 0 .3em; font-size: 20px; } a { color: var(--link); }
blockquote { margin: 1em 0; padding-left: 16px; border-left: 3px solid var(--line); }
.quiet, ol { color: var(--quiet); font: 14px/1.5 system-ui, sans-serif; }
pre { white-space: pre-wrap; font-size: 13px; }
"""


def export_html(conversation: KeptConversation) -> str:
    """Questions and quotations with their sources; the references stand at the end."""
    title, references = escape(conversation.title), export_bibtex(conversation)
    turns = "".join(_turn(turn) for turn in conversation.turns)
    end = f"<h2>References</h2><pre>{escape(references)}</pre>" if references else ""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>{turns}{end}</body></html>\n"
    )


def _turn(turn: KeptTurn) -> str:
    head = f"<h2>{escape(turn.question)}</h2><p class='quiet'>Asked {escape(turn.asked)}</p>"
    if not turn.answer:
        return f"{head}<p>{escape(turn.notice or 'No answer.')}</p>"
    answer = recall(turn.answer)
    if not answer.found:
        return f"{head}<p>{escape(answer.text)}</p>"
    quotes = "".join(
        f"<blockquote>{escape(f'{each.quote} [{each.number}]{says(each)}')}</blockquote>" for each in answer.citations
    )
    sources = "".join(f"<li value='{each.number}'>{_source(each)}</li>" for each in answer.citations)
    return f"{head}{quotes}<ol>{sources}</ol>"


def _source(citation: Citation) -> str:
    """Its line; an address becomes a link only where it leads to the web."""
    line = escape(source_line(citation))
    url = escape(citation.url)
    if not re.match(r"https?://", citation.url, re.IGNORECASE):
        return line
    return line.removesuffix(url) + f"<a href='{url}' rel='noopener noreferrer'>{url}</a>"
