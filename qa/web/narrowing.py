"""The articles at hand and the filters of a conversation go in; the form that sets them comes out as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from index.article import Article
from index.filters import Filters
from qa.web.message import button
from qa.web.wording import byline, count, escape, only

LISTED = 300  # publishers, and articles, to choose from; a card of the evidence offers any article
REST = {
    "publishers": "those with fewer articles",
    "articles": "narrow by publisher or date, or ask one article from a card of evidence",
}
EDITING = "You are editing an earlier question. Its new answer replaces the old one and all that came after."


def narrowing(articles: Sequence[Article], filters: Filters, error: str = "", is_editing: bool = False) -> str:
    """The form, folded away unless something in it is wrong; what is set stands before it."""
    clear = button("clear", "", "Clear") if filters else ""
    titles = {each.id: each.title for each in articles} if filters.articles else {}
    said = only(filters, titles) or "All articles"
    change = "Change" if filters else "Filter"
    edit = f"<p class='editing'>{EDITING} {button('keep', '', 'Leave it as it was')}</p>" if is_editing else ""
    return (
        f"{edit}<div class='filters'><details{' open' if error else ''}><summary>{escape(said)}<span> · {change}</span>"
        f"</summary>{_form(articles, filters, error)}</details>{clear}</div>"
    )


def _form(articles: Sequence[Article], filters: Filters, error: str) -> str:
    wrong = f"<p class='error' role='alert'>{escape(error)}</p>" if error else ""
    publishers = Counter(article.publisher for article in articles if article.publisher)
    offered = [(name, name, count(number, "article")) for name, number in publishers.most_common(LISTED)]
    chosen = [each for each in articles if each.id in filters.articles] if filters.articles else []
    listed = {each.id: each for each in (*chosen, *articles[:LISTED])}.values()
    named = [(each.id, each.title or each.id, byline("", each.publisher, each.published)) for each in listed]
    return (
        f"<form class='act' name='filter'>{wrong}<div class='fields'>"
        f"<div class='dates'>{_date('after', 'Since', filters.after)}"
        f"{_date('before', 'Until', filters.before)}</div>"
        f"{_choice('publishers', 'Publishers', offered, filters.publishers, len(publishers) - len(offered))}"
        f"{_choice('articles', 'Articles', named, filters.articles, len(articles) - len(named))}"
        "</div><button type='submit'>Ask only these</button></form>"
    )


def _date(name: str, label: str, value: str) -> str:
    hint = "placeholder='2016 or 2016-09-12' maxlength='40' autocomplete='off'"
    return f"<label>{label} <input name='{name}' value='{escape(value)}' {hint}></label>"


def _choice(
    name: str, legend: str, offered: Iterable[tuple[str, str, str]], chosen: tuple[str, ...], others: int
) -> str:
    """Boxes to tick, ticked ones first, also where they are not offered; and how many `others` are not offered."""
    known = {value: (words, remark) for value, words, remark in offered}
    if not known and not chosen:
        return ""
    ordered = [*chosen, *(value for value in known if value not in chosen)]
    boxes = "".join(_box(name, value, *known.get(value, (value, "")), value in chosen) for value in ordered)
    find = f"<input type='search' class='narrow' placeholder='Find' aria-label='Find in: {legend}'>"
    rest = f"<p class='rest'>and {count(others, 'other')}: {REST[name]}</p>" if others else ""
    return f"<fieldset><legend>{legend}</legend>{find}<div class='choices'>{boxes}</div>{rest}</fieldset>"


def _box(name: str, value: str, words: str, remark: str, is_chosen: bool) -> str:
    tick = " checked" if is_chosen else ""
    small = f" <small>{escape(remark)}</small>" if remark else ""
    return f"<label><input type='checkbox' name='{name}' value='{escape(value)}'{tick}> {escape(words)}{small}</label>"
