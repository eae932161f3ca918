"""Hostile texts in every place that takes a text: wherever they are shown they are text, and nothing else happens."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Dialog, FilePayload, Page, expect

from index import open_index
from index.article import Article
from qa.web.listing import PAGE
from tests.page_running import ANSWER, ask, chromium, running
from tests.payloads import AUDIT, NAMES, OURS, PAYLOADS, PLACES, UNSEEN, faults, groups

pytestmark = [pytest.mark.browser, pytest.mark.model]
TOGETHER = 8  # payloads in one text
TEXTS = groups(PAYLOADS, TOGETHER)
QUESTION = "What does the zorblax lantern number {number} cost?"
# Of a name that is sent only what follows the last slash is kept, and no sign that is not seen.
UPLOADED = [f"up {each}.txt" for each in PAYLOADS if not re.search(r"[/\\\u2028]", each)]


@dataclass(frozen=True)
class Site:
    """Where the page runs, and the articles as they were indexed."""

    address: str
    articles: dict[str, Article]


def write(folder: Path) -> None:
    """Every payload in text, title, author, publisher, address, heading and file name of some article."""
    folder.mkdir()
    turned = TEXTS[1:] + TEXTS[:1]
    for number, (text, other) in enumerate(zip(TEXTS, turned, strict=True)):
        meta = {"title": text, "author": other, "publisher": text, "published": f"20{number + 10}-01-02", "url": other}
        head = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in meta.items())
        (folder / f"meta-{number}.md").write_text(
            f"---\n{head}---\n\nA note on the {number}th shelf of the guild hall.\n"
        )
        told = f"The zorblax lantern number {number} costs {number + 20} crowns {text} in every shop"
        (folder / f"text-{number}.txt").write_text(f"Lantern {number}\n\n{told}.\n\nThe guild sells it in pairs.\n")
    heads = "".join(
        f"<h2>{html.escape(each)}</h2><p>It is told of lamp {n} here at length, in plain words.</p>"
        for n, each in enumerate(PAYLOADS)
    )
    (folder / "headings.html").write_text(f"<html><body><article><h1>Heads</h1>{heads}</article></body></html>")
    (folder / "unseen.txt").write_text(
        "Unseen signs\n\nThe quibblon bell rings nine times " + " ".join(UNSEEN[2:]) + " a day.\n"
    )
    for number, name in enumerate(NAMES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"this note, which bears no title, is kept under the odd name {number}.\n")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("payloads")
    write(folder / "articles")
    with running(folder / "articles", folder / "index", "--no-watch") as address:
        index = open_index(folder / "index")
        yield Site(address, {card.id: index.article(card.id) for card in index.cards()})


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page without our policy, so that nothing but the way texts are written stands between them and the browser."""
    with browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True) as context:
        happened: list[str] = []
        context.on("request", lambda request: happened.append(request.url))

        def refuse(dialog: Dialog) -> None:
            happened.append(f"dialog {dialog.message}")
            dialog.dismiss()

        context.on("dialog", refuse)
        page = context.new_page()
        page.set_default_timeout(ANSWER)
        yield page
        assert len(context.pages) == 1
        outside = [each for each in happened if not each.startswith((site.address, "data:", "blob:", "about:"))]
        assert happened and not outside


def test_there_are_enough_and_the_check_sees_what_a_careless_page_does(browser: Browser) -> None:
    assert len(set(PAYLOADS + UNSEEN)) >= 60
    # Of the others some are no HTML, some do nothing on a page that is there already, and one leads away at once.
    careless = [
        each for each in PAYLOADS if re.match(r"""['"]?>?</?[a-z]""", each, re.IGNORECASE) and "<meta" not in each
    ]
    with browser.new_context() as context:
        context.route("**/*", lambda route: route.abort())
        page = context.new_page()
        page.set_content("<main></main>")
        seen = page.evaluate(CARELESS, [careless, PLACES, OURS])
        assert len(seen) >= 50, set(careless) - set(seen)


CARELESS = f"""([texts, places, tags]) => texts.filter(text => {{
  document.querySelector("main").innerHTML = text;
  return ({AUDIT})([places, tags]).length > 0; }})"""


def _assert_shown(page: Page, where: str, *texts: str) -> None:
    """Each text stands there letter by letter, and the page holds nothing that is not ours."""
    shown = " ".join(page.locator(where).all_text_contents())
    assert not _missing(shown, texts), (where, shown[:300])
    assert faults(page) == []


def _missing(shown: str, texts: Iterable[str]) -> list[str]:
    """Those that do not stand in what is shown, however the white space is set."""
    return [text for text in texts if " ".join(text.split()) not in " ".join(shown.split())][:2]


def test_the_articles_hold_the_payloads(site: Site) -> None:
    """The reading of files left them whole; otherwise the other tests would show nothing."""
    told = "\n".join(article.text for article in site.articles.values())
    told = " ".join(told.split())
    assert not [each for each in PAYLOADS if " ".join(each.split()) not in told]
    for name in ("title", "author", "publisher", "url"):
        values = "\n".join(getattr(article, name) for article in site.articles.values())
        assert not [each for each in PAYLOADS if " ".join(each.split()) not in values], name
    heads = site.articles["headings.html"]
    headings = "\n".join(heads.text[span.start : span.end] for span in heads.headings)
    assert sum(each in headings for each in PAYLOADS) >= 60
    assert len(set(NAMES) & set(site.articles)) == len(PAYLOADS) >= 60
    assert all(site.articles[name].provenance.title == "file name" for name in NAMES)  # it stands for the title too


def test_the_reading_view_shows_them_as_text(page: Page, site: Site) -> None:
    for article in site.articles.values():
        page.goto(f"{site.address}article/{quote(article.id)}?from=3&to=900&also=1000-1100")
        for part in filter(str.strip, article.text.split("\n\n")):
            if part.strip() != article.title:
                assert " ".join(part.split()) in " ".join((page.text_content(".text") or "").split())
        _assert_shown(page, "header", article.title, article.author, article.publisher, article.url, article.id)


def test_the_list_the_timeline_and_the_dialogs_show_them_as_text(page: Page, site: Site) -> None:
    page.goto(f"{site.address}articles")
    page.wait_for_selector("#results table")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert page.locator("svg.timeline circle").count() >= len(TEXTS)
    _assert_shown(page, "#did", *site.articles)
    shown = "".join(_page_of_the_list(page, site, number) for number in range(1, -(-len(site.articles) // PAGE) + 1))
    told = [value for each in site.articles.values() for value in (each.title, each.author, each.publisher)]
    assert not _missing(shown, (*told, *site.articles))
    for text in TEXTS:
        page.goto(f"{site.address}articles?{urlencode({'q': text, 'sort': text, 'status': text})}")
        assert page.input_value("#search [name=q]").split() == text[:200].split()
        assert faults(page) == []


def _page_of_the_list(page: Page, site: Site, number: int) -> str:
    """What stands on it, after all its articles have been named in the dialog that asks whether to remove them."""
    page.goto(f"{site.address}articles?page={number}")
    boxes = page.locator("#results input[type=checkbox]")
    ids = boxes.evaluate_all("boxes => boxes.map(each => each.value)")
    for box in boxes.all():
        box.check()
    page.click("#remove")
    page.wait_for_selector("#confirm[open]")
    _assert_shown(page, "#confirm", *(site.articles[id].title or id for id in ids))
    page.click("#confirm [value=cancel]")
    return page.text_content("#results") or ""


def test_uploaded_and_removed_names_are_shown_as_text(page: Page, site: Site) -> None:
    page.goto(f"{site.address}articles?status=new")
    sent = b"A note\n\nIt was sent."
    page.set_input_files("#files", [FilePayload(name=name, mimeType="text/plain", buffer=sent) for name in UPLOADED])
    rows = page.locator("#results tbody tr")
    expect(rows).to_have_count(len(UPLOADED), timeout=ANSWER)
    _assert_shown(page, "#outcomes", *(f"{name} Saved as “{name}”." for name in UPLOADED))
    _assert_shown(page, "#results", *UPLOADED)
    for box in rows.locator("input").all():
        box.check()
    page.click("#remove")
    _assert_shown(page, "#confirm", *UPLOADED)
    page.click("#confirm [value=remove]")
    expect(page.locator("#gone li")).to_have_count(len(UPLOADED), timeout=ANSWER)
    page.click("#gone summary")
    _assert_shown(page, "#gone", *UPLOADED)


def test_notices_show_them_as_text(page: Page, site: Site) -> None:
    for text in (*TEXTS, *UNSEEN):
        page.goto(f"{site.address}article/{quote(text, safe='')}")
        assert faults(page) == []
        if text in TEXTS:
            _assert_shown(page, ".notice", text)
    for place in ("article/headings.html?from=", "articles?page=", "conversations/", "file/"):
        page.goto(f"{site.address}{place}{quote(TEXTS[0], safe='')}")
        assert faults(page) == []


def test_the_chat_and_its_exports_show_them_as_text(page: Page, site: Site, tmp_path: Path) -> None:
    _open_chat(page, site)
    asked = [f"{QUESTION.format(number=number)} {text}" for number, text in enumerate(TEXTS)]
    for question in (*asked, "How often does the quibblon bell ring?"):
        ask(page, question)
        assert faults(page) == []
    page.evaluate("document.querySelectorAll('#evidence details').forEach(each => { each.open = true; })")
    _assert_shown(page, "#chat .question", *asked)
    evidence = " ".join((page.text_content("#evidence") or "").split())
    assert sum(" ".join(each.split()) in evidence for each in PAYLOADS) >= 60
    assert page.locator("#chat a.cite").count() >= len(TEXTS)
    ask(page, "Who is the mayor of Lisbon<u/onclick=alert(1)>?")
    assert "Lisbon" in (page.locator("#chat .refusal").last.text_content() or "")
    _name_judge_and_filter(page)
    page.reload()
    page.wait_for_selector("#chat .kept")
    _assert_shown(page, "#chat .question", *asked)
    _exported(page, site, tmp_path / "export.html", asked)


def _open_chat(page: Page, site: Site) -> None:
    page.goto(site.address)
    page.wait_for_selector("#chat .placeholder")
    page.wait_for_selector("#narrowing summary")
    page.wait_for_selector("#evidence .shelf")
    _assert_shown(page, "#evidence .shelf", *(each.title for each in list(site.articles.values())[:25] if each.title))


def _name_judge_and_filter(page: Page) -> None:
    """Payloads in the name of the conversation, the word on an answer and the filters."""
    title, word, date = PAYLOADS[20], TEXTS[2][:400], PAYLOADS[0][:40]
    page.click("#conversations li summary")
    page.fill("#conversations [name=title]", title)
    page.click("#conversations form [type=submit]")
    page.wait_for_function(
        "t => document.querySelector('#conversations [name=open]').textContent.includes(t)", arg=title
    )
    page.locator("#chat [name=down]").last.click()
    page.wait_for_selector("#chat form.kept")
    page.fill("#chat form.kept input[name=word]", word)
    page.click("#chat form.kept [type=submit]")
    page.wait_for_selector("#chat p.kept")
    _assert_shown(page, "#chat p.kept", word)
    page.click("#narrowing summary")
    _assert_shown(page, "#narrowing", *TEXTS[1:3])
    page.fill("#narrowing [name=after]", date)
    page.click("#narrowing [type=submit]")
    page.wait_for_selector("#narrowing [role=alert]")
    assert page.input_value("#narrowing [name=after]") == date
    page.fill("#narrowing [name=after]", "")
    box = page.locator("#narrowing [name=publishers]").first
    publisher = box.get_attribute("value") or ""
    box.check()
    page.click("#narrowing [type=submit]")
    page.wait_for_function("p => document.querySelector('#narrowing summary').textContent.includes(p)", arg=publisher)
    assert faults(page) == []


def _exported(page: Page, site: Site, file: Path, asked: list[str]) -> None:
    """The HTML as a file of one's own, where no server says what may run."""
    id = page.evaluate("document.querySelector('#conversation textarea').value")
    reply = page.request.get(f"{site.address}conversations/{id}.html")
    assert reply.ok
    page.route("**/export.html", lambda route: route.fulfill(body=reply.body(), content_type="text/html"))
    page.goto(f"{site.address}export.html")
    _assert_shown(page, "body", *asked)
