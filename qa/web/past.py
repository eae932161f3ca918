"""The conversations of one owner go in; the list of them comes out as HTML, with all that can be done to each."""

from __future__ import annotations

from collections.abc import Sequence

from qa.conversations.history import MAX_TITLE
from qa.conversations.kept import Heading
from qa.web.message import button
from qa.web.wording import escape

KINDS = (("Markdown", "md"), ("HTML", "html"), ("JSON", "json"), ("BibTeX", "bib"))
LONGEST = 80  # characters of a title in the list


def past(headings: Sequence[Heading], current: str) -> str:
    """The list, the last used first."""
    if not headings:
        return "<h2>Conversations</h2><p class='hint'>What you ask is kept here, on this machine, for this browser.</p>"
    items = "".join(_item(heading, heading.id == current) for heading in headings)
    is_judged = any(heading.is_judged for heading in headings)
    judged = "<p class='hint'><a href='/thumbs.jsonl' download>What you said of answers</a></p>" if is_judged else ""
    return f"<h2>Conversations</h2><ul>{items}</ul>{judged}"


def _item(heading: Heading, is_current: bool) -> str:
    title = heading.title if len(heading.title) <= LONGEST else heading.title[: LONGEST - 1].rstrip() + "…"
    mark = " aria-current='true'" if is_current else ""
    return (
        f"<li{mark}>{button('open', heading.id, title)}<details><summary aria-label='More about “{escape(title)}”'>"
        f"⋯</summary>{_rename(heading)}{_exports(heading.id)}{_delete(heading.id)}</details></li>"
    )


def _rename(heading: Heading) -> str:
    return (
        f"<form class='act' name='rename'><input type='hidden' name='id' value='{escape(heading.id)}'>"
        f"<label>Name <input name='title' maxlength='{MAX_TITLE}' value='{escape(heading.title[:MAX_TITLE])}'></label>"
        "<button type='submit'>Rename</button></form>"
    )


def _exports(id: str) -> str:
    links = " ".join(f"<a href='/conversations/{escape(id)}.{ending}' download>{kind}</a>" for kind, ending in KINDS)
    return f"<p>Export: {links}</p>"


def _delete(id: str) -> str:
    sure = f"<p>With all its answers, for good? {button('delete', id, 'Delete it')}</p>"
    return f"<details><summary>Delete</summary>{sure}</details>"
