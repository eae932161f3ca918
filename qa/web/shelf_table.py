"""A page of rows and the wish that chose it go in; the search form, the table and the links to other pages come out."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from qa.web.listing import COLUMNS, PAGE, STATES, Cut, Row, Wish
from qa.web.wording import article_address, count, day, escape

HEADINGS = dict(zip(COLUMNS, ("Title", "Author", "Publisher", "Date", "Passages", "Status"), strict=True))


def list_section(shown: Cut, wanted: Wish, is_fixed: bool) -> str:
    """The whole list; `is_fixed`: nothing can be removed here."""
    remove = "" if is_fixed else "<button type='button' id='remove' disabled>Remove selected …</button>"
    bar = f"<div class='bar'><p id='found' role='status'>{_found(shown)}</p>{remove}</div>"
    results = f"{_table(shown, wanted, is_fixed)}{_pager(shown, wanted)}"
    return f"{_search(wanted)}{bar}<div id='results'>{results}</div>"


def address(wanted: Wish) -> str:
    """The address of the page that shows this."""
    values = {
        "q": wanted.words,
        "status": wanted.state,
        "sort": wanted.column if wanted.column != "title" else "",
        "dir": "desc" if wanted.is_descending else "",
        "page": str(wanted.page) if wanted.page > 1 else "",
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"/articles?{query}" if query else "/articles"


def _search(wanted: Wish) -> str:
    states: dict[str, str] = {"": "any", **{str(state): word for state, word in STATES.items()}}
    return (
        "<form id='search' method='get' action='/articles' role='search'>"
        f"<label class='wide'>Search <input type='search' name='q' value='{escape(wanted.words)}' maxlength='200' "
        "autocomplete='off'></label>"
        f"<label>Status <select name='status'>{_options(states, wanted.state)}</select></label>"
        f"<label class='narrow'>Sort by <select name='sort'>{_options(HEADINGS, wanted.column)}</select></label>"
        f"<label class='narrow'>Order <select name='dir'>"
        f"{_options({'': 'ascending', 'desc': 'descending'}, 'desc' if wanted.is_descending else '')}</select></label>"
        "<button>Show</button></form>"
    )


def _options(values: dict[str, str], chosen: str) -> str:
    return "".join(
        f"<option value='{value}'{' selected' if value == chosen else ''}>{escape(word)}</option>"
        for value, word in values.items()
    )


def _found(shown: Cut) -> str:
    if shown.pages == 1:
        return count(shown.found, "document")
    first = (shown.page - 1) * PAGE + 1
    return f"{first:,} to {first + len(shown.rows) - 1:,} of {count(shown.found, 'document')}"


def _table(shown: Cut, wanted: Wish, is_fixed: bool) -> str:
    if not shown.rows:
        return "<p class='quiet'>Nothing fits. <a href='/articles' data-list>Show all</a></p>"
    select = "" if is_fixed else "<th role='columnheader' scope='col'><span class='unseen'>Select</span></th>"
    heads = "".join(_heading(column, wanted) for column in COLUMNS)
    rows = "".join(_row(row, is_fixed) for row in shown.rows)
    return (
        "<table role='table' class='documents'><caption class='unseen'>Documents</caption>"
        f"<thead role='rowgroup'><tr role='row'>{select}{heads}</tr></thead>"
        f"<tbody role='rowgroup'>{rows}</tbody></table>"
    )


def _heading(column: str, wanted: Wish) -> str:
    chosen = column == wanted.column
    again = replace(wanted, column=column, is_descending=chosen and not wanted.is_descending, page=1)
    order = ("descending" if wanted.is_descending else "ascending") if chosen else "none"
    arrow = f"<span aria-hidden='true'>{' ↓' if wanted.is_descending else ' ↑'}</span>" if chosen else ""
    link = f"<a href='{escape(address(again))}' data-list id='sort-{column}'>{HEADINGS[column]}{arrow}</a>"
    return f"<th role='columnheader' scope='col' aria-sort='{order}'>{link}</th>"


def _row(row: Row, is_fixed: bool) -> str:
    cells = (
        ("title", _title(row)),
        ("author", _doubt(row, "author", row.author)),
        ("publisher", _doubt(row, "publisher", row.publisher)),
        ("published", _doubt(row, "published", day(row.published))),
        ("passages", f"{row.passages:,}" if row.passages else ""),
        ("state", _state(row)),
    )
    return f"<tr role='row'>{'' if is_fixed else _tick(row)}{''.join(_cell(name, value) for name, value in cells)}</tr>"


def _cell(name: str, value: str) -> str:
    """`value` is HTML."""
    empty = "" if value else " empty"
    return f"<td role='cell' class='{name}{empty}' data-label='{HEADINGS[name]}'>{value}</td>"


def _tick(row: Row) -> str:
    id, title, off = escape(row.id), escape(row.title), " disabled" if row.state == "deleted" else ""
    box = f"<input type='checkbox' value='{id}' data-title='{title}' aria-label='Select “{title}”'{off}>"
    return f"<td role='cell' class='tick'>{box}</td>"


def _title(row: Row) -> str:
    name = f"<span class='file'>{escape(row.id)}</span>" if row.title != row.id else ""
    doubt = "<span class='doubt'>doubtful</span>" if "title" in row.doubtful else ""
    if not row.is_readable:
        return f"<strong>{escape(row.title)}</strong>{doubt}{name}"
    return f"<a href='{escape(article_address(row.id, 0, 0))}'>{escape(row.title)}</a>{doubt}{name}"


def _doubt(row: Row, name: str, value: str) -> str:
    """The value, and whether the document states it for certain."""
    if not value:
        return ""
    return escape(value) + ("<span class='doubt'>doubtful</span>" if name in row.doubtful else "")


def _state(row: Row) -> str:
    remark = f"<span class='remark'>{escape(row.remark)}</span>" if row.remark else ""
    return f"<span class='state {row.state}'>{STATES[row.state]}</span>{remark}"


def _pager(shown: Cut, wanted: Wish) -> str:
    if shown.pages == 1:
        return ""
    parts = [f"<span>Page {shown.page:,} of {shown.pages:,}</span>"]
    if shown.page > 1:
        parts.insert(0, _page_link(wanted, shown.page - 1, "Previous"))
    if shown.page < shown.pages:
        parts.append(_page_link(wanted, shown.page + 1, "Next"))
    return f"<nav class='pager' aria-label='Pages of the list'>{''.join(parts)}</nav>"


def _page_link(wanted: Wish, page: int, word: str) -> str:
    return f"<a href='{escape(address(replace(wanted, page=page)))}' data-list id='page-{word.lower()}'>{word}</a>"
