"""What is known of the articles and their index goes in; the articles page comes out: a whole HTML page."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.filing import Removed
from index.last_report import LastReport
from index.reading.read import MAX_BYTES, SUFFIXES
from index.report import DocumentReport
from qa.web.listing import Cut, Wish
from qa.web.receiving import LIMITS, MAX_FILES, MAX_TOTAL
from qa.web.shelf_table import list_section
from qa.web.shelf_words import did
from qa.web.wording import count, escape, minute

HERE = Path(__file__).parent
STYLE = (HERE / "shelf.css").read_text(encoding="utf-8")
SCRIPT = (HERE / "shelf.js").read_text(encoding="utf-8")
TOLD = 100  # documents of the last build that are listed


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY = (
    f"default-src 'none'; style-src {_digest(STYLE)}; script-src {_digest(SCRIPT)}; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Browsers send Origin with a form only where the referrer is not withheld from the page's own host.
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}


@dataclass(frozen=True)
class View:
    """What the page shows. `stands` is a sentence, `plot` HTML, `is_fixed`: nothing can be changed from this page."""

    stands: str
    version: str
    shown: Cut
    wanted: Wish
    plot: str
    last: LastReport | None
    removed: Sequence[Removed]
    is_fixed: bool


def articles_page(view: View) -> str:
    """The whole page."""
    listed = list_section(view.shown, view.wanted, view.is_fixed)
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'><title>Articles · Quoted</title>"
        f"<link rel='icon' href='/favicon.ico'><style>{STYLE}</style></head><body>"
        "<header class='top'><nav aria-label='Pages'><a class='home' href='/'>Quoted</a>"
        "<a href='/articles' aria-current='page'>Articles</a></nav></header>"
        f"<main data-version='{escape(view.version)}'>{_head(view)}{'' if view.is_fixed else _upload()}"
        f"<section id='list' aria-label='List of articles'>{listed}</section>"
        f"<div id='side'>{_timeline(view.plot)}{_last_build(view.last)}{_removed(view)}</div></main>"
        f"{'' if view.is_fixed else CONFIRM}<script>{SCRIPT}</script></body></html>"
    )


CONFIRM = (
    "<dialog id='confirm' aria-labelledby='confirm-title'><form method='dialog'><h2 id='confirm-title'></h2>"
    "<ul></ul><p>What is removed moves into the hidden folder <code>.removed</code> of the articles folder, from where "
    "it can be taken back.</p><p class='buttons'><button value='cancel'>Cancel</button>"
    "<button value='remove' class='strong'>Remove</button></p>"
    "</form></dialog>"
)


def _head(view: View) -> str:
    buttons = (
        "<button type='button' id='rebuild'>Rebuild</button>"
        "<button type='button' id='stop' hidden>Stop</button>"
    )  # fmt: skip
    fixed = "<p class='quiet'>This page is read-only: nothing can be changed here.</p>" if view.is_fixed else ""
    return (
        f"<section id='state' aria-label='The index'><h1>Articles</h1><p id='stands'>{escape(view.stands)}</p>{fixed}"
        "<noscript><p class='quiet'>Search and sorting work without JavaScript; all else needs it.</p></noscript>"
        f"<div class='buttons'>{'' if view.is_fixed else buttons}</div>"
        "<div id='building' hidden><progress id='progress' aria-label='Progress of the build'></progress>"
        "<p id='builds'></p></div><p id='said' role='status'></p></section>"
    )


def _upload() -> str:
    kinds = ",".join(SUFFIXES)
    return (
        f"<section id='upload' data-files='{MAX_FILES}' data-bytes='{MAX_BYTES}' data-total='{MAX_TOTAL}' "
        "aria-labelledby='upload-title'><h2 id='upload-title'>Add articles</h2>"
        f"<p class='drop'><input type='file' id='files' class='unseen' multiple accept='{kinds}' "
        "aria-describedby='limits'>"
        "<label for='files' class='button'>Choose files</label> or drop them here</p>"
        f"<p class='quiet' id='limits'>{', '.join(kind.lstrip('.') for kind in SUFFIXES)}. {LIMITS}</p>"
        "<progress id='sending' max='1' value='0' aria-label='Progress of the upload' hidden></progress>"
        "<ul id='outcomes' aria-live='polite'></ul></section>"
    )


def _timeline(plot: str) -> str:
    return f"<section aria-labelledby='time-title'><h2 id='time-title'>Timeline</h2>{plot}</section>"


def _last_build(last: LastReport | None) -> str:
    title = "<section aria-labelledby='last-title'><h2 id='last-title'>Last build</h2>"
    if last is None:
        return f"{title}<p class='quiet'>This index keeps no report of its last build; the next one will.</p></section>"
    told = f"<p>{escape(minute(last.built))}: {escape(did(last.report))}</p>"
    documents = last.report.documents
    if not documents:
        return f"{title}{told}</section>"
    items = "".join(map(_document, documents[:TOLD]))
    rest = f"<p class='quiet'>and {count(len(documents) - TOLD, 'other')}</p>" if len(documents) > TOLD else ""
    return f"{title}{told}<details id='did'><summary>Each document</summary><ul>{items}</ul>{rest}</details></section>"


def _document(each: DocumentReport) -> str:
    why = f"<span class='remark'>{escape(f'{each.reason}: {each.detail}')}</span>" if each.reason else ""
    return f"<li><span class='state {each.status}'>{each.status}</span> {escape(each.path)}{why}</li>"


def _removed(view: View) -> str:
    if view.is_fixed or not view.removed:
        return ""
    items = "".join(map(_removed_item, view.removed))
    return (
        f"<section aria-labelledby='removed-title'><h2 id='removed-title'>Removed</h2>"
        f"<details id='gone'><summary>{count(len(view.removed), 'file')} can be taken back</summary><ul>{items}</ul>"
        "</details></section>"
    )


def _removed_item(each: Removed) -> str:
    label = escape(f"Take “{each.id}” back")
    button = f"<button type='button' data-key='{escape(each.key)}' aria-label='{label}'>Take back</button>"
    return f"<li>{button}<span>{escape(each.id)}<span class='remark'>{escape(minute(each.removed))}</span></span></li>"
