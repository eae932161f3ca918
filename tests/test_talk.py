"""Conversations as people have them: kept, filtered, judged, edited, stopped and taken along, in a real browser."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from index import Index
from index.errors import IndexMissing
from index.filters import Filters
from qa.answer import Answer, Citation
from qa.conversations.aging import Aging, as_quoted
from qa.conversations.history import History
from tests.page_running import ANSWER, PROJECT, SIZES, ask, at_both_sizes, chromium, running, write_articles

pytestmark = pytest.mark.browser
TRUCE = "why did the September 2016 truce fail?"
RUSSIA = "Did the attack on Khan Sheikhoun change Russia's calculations?"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("talk")


@pytest.fixture(scope="module")
def address(browser: Browser, folder: Path) -> Iterator[str]:
    articles = write_articles(folder / "articles")
    with running(articles, folder / "index", "--data", str(folder / "data"), "--no-watch") as address:
        yield address


@pytest.fixture
def size() -> ViewportSize:
    return SIZES["wide"]


@pytest.fixture
def page(browser: Browser, address: str, size: ViewportSize) -> Iterator[Page]:
    """A fresh visitor's page; no request may leave this machine, and no script may fail, while it is used.

    Nor may it have to be scrolled sideways.
    """
    with browser.new_context(viewport=size) as context:
        page = opened(context, address)
        requests: list[str] = []
        failed: list[str] = []
        context.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        yield page
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert not [url for url in requests if not url.startswith((address, "data:", "blob:"))]
        assert not failed


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#chat .example, #chat .bot-row")
    page.wait_for_selector("#narrowing summary")
    return page


def questions(page: Page) -> list[str]:
    return page.locator("#chat .question").all_inner_texts()


def titles(page: Page) -> list[str]:
    return page.locator("#conversations button[name=open]").all_inner_texts()


def unfold_conversations(page: Page) -> None:
    """They are folded away on a phone."""
    if not page.locator("#conversations").is_visible():
        page.click("#history")
        page.wait_for_selector("#conversations")


def wait_for(page: Page, told: str, arg: object = None) -> None:
    page.wait_for_function(told, arg=arg, timeout=ANSWER)


def wait_for_questions(page: Page, number: int) -> None:
    wait_for(page, "n => document.querySelectorAll('#chat .question').length === n", number)


def wait_for_titles(page: Page, *expected: str) -> None:
    told = (
        "e => JSON.stringify([...document.querySelectorAll('#conversations [name=open]')].map(b => b.innerText)) === e"
    )
    wait_for(page, told, json.dumps(expected, ensure_ascii=False, separators=(",", ":")))


@at_both_sizes
def test_a_reload_shows_the_conversation_with_the_evidence_of_every_turn(page: Page) -> None:
    ask(page, TRUCE)
    quotes = page.locator("#evidence mark").all_text_contents()
    ask(page, RUSSIA)
    before = page.inner_html("#chat .bubble-wrap"), page.locator("#evidence mark").all_text_contents()
    page.reload()
    wait_for_questions(page, 2)
    wait_for(page, "document.querySelectorAll('#evidence details .card').length > 0")
    assert questions(page) == [TRUCE, RUSSIA]
    assert page.locator("#evidence mark").all_text_contents() == before[1]
    page.locator("#chat a.cite").first.click()
    marked = page.locator("#evidence .card:target mark")
    assert marked.text_content() == quotes[0] and marked.is_visible()


def test_a_conversation_outlives_the_server(browser: Browser, tmp_path: Path) -> None:
    articles, index, data = write_articles(tmp_path / "articles"), tmp_path / "index", str(tmp_path / "data")
    with ExitStack() as stack:
        people = [stack.enter_context(browser.new_context(viewport=size)) for size in SIZES.values()]
        with running(articles, index, "--data", data, "--no-watch") as address:
            open_ones = [opened(each, address) for each in people]
            for page in open_ones:
                ask(page, TRUCE)
            quotes = open_ones[0].locator("#evidence mark").all_text_contents()
        (articles / "strategic-partners-against-terrorism.md").unlink()
        port = address.rstrip("/").rpartition(":")[2]
        with running(articles, index, "--data", data, "--no-watch", "--port", port) as address:
            for each, open_one in zip(people, open_ones, strict=True):
                _assert_is_as_before(opened(each, address), quotes)
                open_one.reload()
                wait_for_questions(open_one, 1)


def _assert_is_as_before(page: Page, quotes: list[str]) -> None:
    wait_for_questions(page, 1)
    assert questions(page) == titles(page) == [TRUCE]
    assert page.locator("#evidence mark").all_text_contents() == quotes  # of an article that is gone
    page.locator("#chat a.cite").first.click()
    page.wait_for_selector("#evidence .card:target mark")


def test_two_tabs_hold_two_conversations(page: Page, address: str) -> None:
    ask(page, TRUCE)
    other = opened(page.context, address)
    wait_for_questions(other, 1)  # a new tab begins with the newest
    other.click("#new")
    other.wait_for_selector("#chat .example")
    ask(other, RUSSIA)
    ask(page, "And who was blamed?")
    assert questions(page) == [TRUCE, "And who was blamed?"]
    assert questions(other) == [RUSSIA]
    for tab, expected in ((other, [RUSSIA]), (page, [TRUCE, "And who was blamed?"])):
        tab.reload()
        wait_for_questions(tab, len(expected))
        assert questions(tab) == expected
    other.click("#new")
    other.wait_for_selector("#chat .example")
    other.reload()
    other.wait_for_selector("#chat .example")
    assert not questions(other)


@at_both_sizes
def test_a_conversation_is_opened_renamed_and_deleted(page: Page) -> None:
    ask(page, TRUCE)
    page.click("#new")
    page.wait_for_selector("#chat .example")
    ask(page, RUSSIA)
    wait_for_titles(page, RUSSIA, TRUCE)
    unfold_conversations(page)
    page.locator("#conversations [name=open]").nth(1).click()
    wait_for(page, "t => document.querySelector('#chat .question')?.innerText === t", TRUCE)
    unfold_conversations(page)
    menu = page.locator("#conversations li").nth(1)
    menu.locator("> details > summary").click()
    menu.locator("input[name=title]").fill("<b>Truce</b>")
    menu.locator("input[name=title]").press("Enter")
    wait_for_titles(page, RUSSIA, "<b>Truce</b>")
    assert page.locator("#conversations li b").count() == 0 and questions(page) == [TRUCE]
    menu.locator("> details > summary").click()
    assert not menu.locator("[name=delete]").is_visible()  # it asks first
    menu.locator("details details summary").click()
    menu.locator("[name=delete]").click()
    wait_for_titles(page, RUSSIA)
    page.wait_for_selector("#chat .example")
    page.reload()
    wait_for_titles(page, RUSSIA)
    assert TRUCE not in page.inner_text("#conversations")


@at_both_sizes
def test_an_export_is_downloaded_and_verified(page: Page, folder: Path, tmp_path: Path) -> None:
    ask(page, TRUCE)
    ask(page, "How do I bake sourdough bread at home in the oven?")
    unfold_conversations(page)
    page.locator("#conversations li > details > summary").first.click()
    for kind, sign in (("Markdown", "# why did"), ("HTML", "<!doctype html>"), ("BibTeX", "@misc{")):
        with page.expect_download() as download:
            page.click(f"#conversations >> text={kind}")
        assert download.value.path().read_text().startswith(sign)
    with page.expect_download() as download:
        page.click("#conversations >> text=JSON")
    file = tmp_path / "export.json"
    download.value.save_as(file)
    quotes = {each["quote"] for each in json.loads(file.read_text())["turns"][0]["answer"]["citations"]}
    assert quotes == {text.strip() for text in page.locator("#evidence details mark").all_text_contents()}
    command = [sys.executable, "-m", "qa.verify", str(file), "--index", str(folder / "index")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"{len(quotes)} of {len(quotes)} quotations stand.")


def test_nobody_gets_the_export_of_another(page: Page, browser: Browser, address: str) -> None:
    ask(page, TRUCE)
    link = page.locator("#conversations a[href$='.json']").first.get_attribute("href") or ""
    assert page.request.get(address + link[1:]).status == 200
    with browser.new_context() as context:
        other = opened(context, address)
        assert not titles(other)
        assert other.request.get(address + link[1:]).status == 404
        assert other.evaluate("document.cookie") == ""  # no script reads it


@at_both_sizes
def test_filters_narrow_are_shown_remembered_and_cleared(page: Page) -> None:
    page.click("#narrowing summary")
    page.fill("#narrowing [name=after]", "last week")
    page.press("#narrowing [name=after]", "Enter")
    page.wait_for_selector("#narrowing [role=alert]")
    assert "'last week' is no ISO date" in page.inner_text("#narrowing [role=alert]")
    assert page.input_value("#narrowing [name=after]") == "last week"
    page.fill("#narrowing [name=after]", "2017")
    page.fill("#narrowing fieldset >> nth=0 >> .narrow", "moscow")
    page.locator("#narrowing [name=publishers]:visible").check()
    page.click("#narrowing [type=submit]")
    wait_for(page, "document.querySelector('#narrowing summary')?.innerText.startsWith('Only articles from')")
    ask(page, "What do Russia and the United States say about Syria?")
    said = "Only articles from Quoted, from The Moscow Times, since 2017."
    assert page.inner_text("#chat .aside >> nth=0") == said
    links = page.locator("#evidence .card a[target]").evaluate_all("links => links.map(each => each.pathname)")
    assert links and set(links) == {"/article/us-russia-statement-remains-flawed.md"}
    page.reload()
    wait_for_questions(page, 1)
    wait_for(page, "document.querySelector('#narrowing summary')?.innerText.startsWith('Only articles from')")
    assert page.inner_text("#chat .aside >> nth=0") == said
    page.click("#narrowing [name=clear]")
    wait_for(page, "document.querySelector('#narrowing summary')?.innerText.startsWith('All articles')")
    ask(page, TRUCE)
    assert page.locator("#chat .bot-row").last.locator("text=Only articles").count() == 0


@at_both_sizes
def test_one_article_is_asked_from_its_card(page: Page) -> None:
    ask(page, TRUCE)
    title = page.locator("#evidence .card h3 a").first.inner_text()
    page.locator("#evidence [name=only]").first.click()
    page.wait_for_selector("#narrowing [name=clear]")
    ask(page, "What did Lavrov say?")
    assert f"Only “{title}”." in page.locator("#chat .bot-row").last.inner_text()


def test_a_thumb_and_a_word_are_kept_and_exported(page: Page, address: str) -> None:
    ask(page, TRUCE)
    page.locator("#chat [name=down]").click()
    page.wait_for_selector("#chat form.kept")
    assert "Kept." in page.inner_text("#chat form.kept")
    assert page.evaluate("document.activeElement.name") == "down"  # the keyboard stays where it was
    page.fill("#chat form.kept input[name=word]", "wrong <b>truce</b>")
    page.press("#chat form.kept input[name=word]", "Enter")
    page.wait_for_selector("#chat p.kept")
    page.reload()
    page.wait_for_selector("#chat p.kept")
    assert "“wrong <b>truce</b>”" in page.inner_text("#chat p.kept")
    line = json.loads(page.request.get(address + "thumbs.jsonl").text())
    assert (line["question"], line["type"], line["word"]) == (TRUCE, "thumb_down", "wrong <b>truce</b>")
    assert line["rejected"] and line["passages"] and line["generation"] == 1
    page.locator("#chat [name=down]").click()
    wait_for(page, "!document.querySelector('#chat .kept')")
    assert page.request.get(address + "thumbs.jsonl").text() == ""


def test_an_earlier_question_is_edited_and_what_came_after_goes(page: Page) -> None:
    ask(page, TRUCE)
    ask(page, "And who was blamed?")
    page.locator("#chat [name=edit]").first.click()
    page.wait_for_selector("#narrowing .editing")
    wait_for(page, "t => document.querySelector('#box textarea').value === t", TRUCE)
    page.click("#narrowing [name=keep]")
    wait_for(page, "!document.querySelector('#narrowing .editing') && !document.querySelector('#box textarea').value")
    page.locator("#chat [name=edit]").first.click()
    page.wait_for_selector("#narrowing .editing")
    page.keyboard.press("Escape")
    page.wait_for_selector("#narrowing .editing", state="detached")
    page.locator("#chat [name=edit]").first.click()
    wait_for(page, "t => document.querySelector('#box textarea').value === t", TRUCE)
    page.fill("#box textarea", RUSSIA)
    page.press("#box textarea", "Enter")
    wait_for(page, "t => document.querySelector('#chat .question')?.innerText === t", RUSSIA)
    page.wait_for_selector("#chat .answer .aside:last-child", timeout=ANSWER)
    page.wait_for_selector("#narrowing .editing", state="detached")
    assert questions(page) == [RUSSIA]
    wait_for_titles(page, RUSSIA)
    page.reload()
    wait_for_questions(page, 1)
    assert questions(page) == [RUSSIA]


def test_the_last_question_is_asked_again_in_its_place(page: Page) -> None:
    ask(page, TRUCE)
    ask(page, "And who was blamed?")
    assert page.locator("#chat [name=retry]").count() == 1
    seen = page.locator("#chat [name=retry]").get_attribute("value")
    page.locator("#chat [name=retry]").click()
    wait_for(page, "seen => (b => b && b.value !== seen)(document.querySelector('#chat [name=retry]'))", seen)
    assert questions(page) == [TRUCE, "And who was blamed?"]
    assert page.locator("#chat .answer .aside:last-child").count() == 2


def test_one_answer_is_copied_with_its_sources(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address.rstrip("/"))
    ask(page, TRUCE)
    quote = page.locator("#evidence mark").first.text_content() or ""
    ask(page, RUSSIA)
    page.locator("#chat [name=copy]").first.click()
    wait_for(page, "document.querySelector('#chat [name=copy]').textContent === 'Copied'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{TRUCE}\n\n{quote} [1]") and RUSSIA not in copied


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_reached_by_keyboard_and_read_at_390_pixels(
    browser: Browser, address: str, scheme: str
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = opened(context, address)
        ask(page, TRUCE)
        assert not page.locator("#conversations").is_visible()  # folded away on a phone
        page.focus("#history")
        page.keyboard.press("Enter")
        page.wait_for_selector("#conversations [name=open]")
        assert page.get_attribute("#history", "aria-expanded") == "true"
        page.keyboard.press("Enter")
        page.wait_for_selector("#conversations", state="hidden")
        page.click("#narrowing summary")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.focus("#chat [name=up]")
        page.keyboard.press("Enter")
        page.wait_for_selector("#chat form.kept")
        unnamed = page.evaluate(
            "[...document.querySelectorAll('button, summary, input, textarea, a')].filter(each => each.checkVisibility()"
            " && !(each.innerText || each.ariaLabel || each.labels?.length || each.title)).map(each => each.outerHTML)"
        )
        assert not unnamed
        for selector in ("#chat .tools button", "#narrowing summary", "#evidence summary", "#chat .kept label"):
            assert _contrast(page, selector) >= 4.5, selector


@at_both_sizes
def test_every_page_is_as_dark_as_the_system(browser: Browser, address: str, size: ViewportSize) -> None:
    with browser.new_context(viewport=size, color_scheme="dark") as dark, browser.new_context(viewport=size) as light:
        for context, is_dark in ((dark, True), (light, False)):
            page = opened(context, address)
            ask(page, TRUCE)
            link = page.locator("#evidence .card a[target]").first.get_attribute("href") or ""
            for selector in ("#chat .question", "#chat .quote", "#evidence .card mark", "#narrowing summary"):
                assert _contrast(page, selector) >= 4.5, selector
            for path in ("", link[1:], "articles"):
                page.goto(address + path)
                page.wait_for_selector("#chat .quote, .text mark, #results table")
                assert (_ground(page) < 200) == is_dark, path


def _ground(page: Page) -> int:
    """How bright the page's ground is, from 0 to 765."""
    bright: int = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
                                ".reduce((sum, each) => sum + Number(each), 0)")  # fmt: skip
    return bright


def test_no_text_of_a_conversation_runs(page: Page) -> None:
    question = (
        "What does the zorblax lantern cost? <img src=x onerror=window.hacked=1></p><script>window.hacked=1</script>"
    )
    ask(page, question)
    page.locator("#evidence summary >> text=Why this").first.click()
    page.click("#narrowing summary")
    page.reload()
    wait_for_questions(page, 1)
    page.wait_for_selector("#evidence .card")
    assert question in titles(page)[0].replace("…", question[len(titles(page)[0]) - 1 :])
    assert page.evaluate("window.hacked") is None
    places = ("#conversations", "#narrowing", "#evidence", "#chat .message-row")
    assert (
        page.locator(", ".join(f"{place} {tag}" for place in places for tag in ("img", "script", "b", "em"))).count()
        == 0
    )


@contextmanager
def slow_page(tmp_path: Path, let_go: threading.Event, aging: Aging | None = None) -> Iterator[str]:
    """The page with an asker that waits; where quotations age, its answers quote two articles."""
    import socket

    import uvicorn

    from qa.web.guard import rules_for
    from qa.web.line import Line
    from qa.web.page import build_page
    from qa.web.serve import build_app
    from qa.web.shelf import Shelf
    from qa.web.upkeep import Upkeep
    from tests.test_page_parts import empty_shelf

    def slow(question: str, history: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        let_go.wait(60)
        if aging is None:
            return Answer("id", question, question, False, "none", 0.1, "Late.", (), (), 1, 0.1)
        quoted = tuple(
            Citation(number, "Late.", id, "Title", "Ann", "", "2017", "", 0, 5, None, False, ())
            for number, id in enumerate(("gone.md", "changed.md"), 1)
        )
        return Answer("id", question, question, True, "full", 0.9, "Late. [1] Late. [2]", quoted, (), 1, 0.1)

    history = History(tmp_path)
    shelf = Shelf(_no_index, Upkeep(tmp_path, tmp_path, False, print))
    page = build_page(slow, empty_shelf, history, aging=aging or as_quoted)
    app = build_app(page, _no_index, rules_for("127.0.0.1", ""), shelf, history, Line())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            let_go.set()
            server.should_exit = True
            thread.join(30)


def _no_index() -> Index:
    raise IndexMissing("There is no index.")


def test_a_question_is_stopped_and_asked_again(browser: Browser, tmp_path: Path) -> None:
    let_go = threading.Event()
    with slow_page(tmp_path, let_go) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("#narrowing summary")
        page.fill("#box textarea", "Why?")
        page.press("#box textarea", "Enter")
        page.click("#box [aria-label=Stop]")
        page.wait_for_selector("#chat [name=retry]")
        assert "There is no answer: this was stopped." in page.inner_text("#chat .bot-row")
        page.wait_for_selector("#box [aria-label=Ask]")
        let_go.set()
        page.reload()
        page.wait_for_selector("#chat [name=retry]")
        assert "stopped" in page.inner_text("#chat .bot-row")
        page.click("#chat [name=retry]")
        page.wait_for_selector("#chat .refusal", timeout=ANSWER)
        assert questions(page) == ["Why?"] and "Late." in page.inner_text("#chat .refusal")


def _contrast(page: Page, selector: str) -> float:
    """The contrast of the first such element's text with what is painted behind it, by WCAG's formula."""
    colours = page.locator(selector).first.evaluate(
        """element => {
          const parse = (text) => { const c = document.createElement("canvas").getContext("2d");
            c.fillStyle = text; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
          let behind = element;
          while (behind && parse(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
          const paper = behind ? getComputedStyle(behind).backgroundColor : "white";
          return [parse(getComputedStyle(element).color), parse(paper)];
        }"""
    )

    def light(colour: list[int]) -> float:
        parts = [
            each / 255 / 12.92 if each / 255 <= 0.04045 else ((each / 255 + 0.055) / 1.055) ** 2.4
            for each in colour[:3]
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    bright, dark = sorted(map(light, colours), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_a_link_from_another_site_finds_the_conversations(browser: Browser, tmp_path: Path) -> None:
    at_once = threading.Event()
    at_once.set()
    with slow_page(tmp_path, at_once) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(address.replace("127.0.0.1", "localhost") + "article/none")
        page.evaluate("address => { location.href = address; }", address)
        page.wait_for_selector("#narrowing summary", timeout=ANSWER)
        page.fill("#box textarea", "Why?")
        page.press("#box textarea", "Enter")
        page.wait_for_selector("#chat .refusal", timeout=ANSWER)
        cookies = context.cookies(address)
        page.goto(address.replace("127.0.0.1", "localhost") + "article/none")
        page.evaluate("address => { sessionStorage.clear(); location.href = address; }", address)
        wait_for_questions(page, 1)
        assert questions(page) == ["Why?"]
        assert context.cookies(address) == cookies and [each["name"] for each in cookies] == ["quoted_owner"]


def asked_slowly(page: Page, address: str, question: str = "Why?") -> None:
    page.goto(address)
    page.wait_for_selector("#narrowing summary")
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    page.wait_for_selector("#chat .waiting")
    page.wait_for_selector("#box [aria-label=Stop]")


def wait_for_late_answers(page: Page, number: int) -> None:
    """Until the history holds them, whatever pages show."""
    file = "[...document.querySelectorAll('#conversations a[href$=json]')].map(each => each.href)"
    for _ in range(100):
        kept = [page.request.get(link).text() for link in page.evaluate(file)]
        if sum(each.count("Late.") > 0 for each in kept) >= number:
            return
        page.wait_for_timeout(100)
    pytest.fail("the answer is not kept")


def test_stopping_needs_nothing_of_the_stream_by_which_answers_come(browser: Browser, tmp_path: Path) -> None:
    with slow_page(tmp_path, threading.Event()) as address, browser.new_context() as context:
        page = context.new_page()
        asked_slowly(page, address)
        page.route("**/queue/**", lambda route: route.abort())
        page.click("#box [aria-label=Stop]")
        page.wait_for_selector("#chat [name=retry]")
        assert questions(page) == ["Why?"] and "stopped" in page.inner_text("#chat .bot-row")


def test_a_late_answer_does_not_replace_a_new_chat(browser: Browser, tmp_path: Path) -> None:
    let_go = threading.Event()
    with slow_page(tmp_path, let_go) as address, browser.new_context() as context:
        page = context.new_page()
        asked_slowly(page, address)
        with page.expect_response("**/reset"):  # Gradio asks nothing before it has heard that the cancelled is over
            page.click("#new")
        wait_for_questions(page, 0)
        page.wait_for_selector("#box [aria-label=Ask]")
        page.fill("#box textarea", "And now?")
        page.press("#box textarea", "Enter")  # nobody has to wait for what was turned away from
        wait_for_questions(page, 1)
        page.click("#box [aria-label=Stop]")
        page.wait_for_selector("#chat [name=retry]")
        let_go.set()
        wait_for_late_answers(page, 1)
        page.wait_for_timeout(1000)
        assert questions(page) == ["And now?"] and "stopped" in page.inner_text("#chat .bot-row")
        page.locator("#conversations [name=open]").last.click()
        page.wait_for_selector("#chat .refusal")
        assert questions(page) == ["Why?"] and "Late." in page.inner_text("#chat .refusal")


def test_a_late_answer_does_not_replace_another_conversation_and_is_seen_on_return(
    browser: Browser, tmp_path: Path
) -> None:
    let_go = threading.Event()
    let_go.set()
    with slow_page(tmp_path, let_go) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("#narrowing summary")
        page.fill("#box textarea", "First?")
        page.press("#box textarea", "Enter")
        page.wait_for_selector("#chat .refusal", timeout=ANSWER)
        let_go.clear()
        page.click("#new")
        wait_for_questions(page, 0)
        page.fill("#box textarea", "Why?")
        page.press("#box textarea", "Enter")
        page.wait_for_selector("#chat .waiting")
        page.locator("#conversations [name=open]").last.click()
        page.wait_for_selector("#chat .refusal")
        assert questions(page) == ["First?"] and page.locator("#box [aria-label=Ask]").count() == 1
        page.locator("#conversations [name=open]").first.click()
        page.wait_for_selector("#chat .waiting")
        assert page.locator("#box [aria-label=Ask]").count() == 1
        page.locator("#conversations [name=open]").last.click()
        page.wait_for_selector("#chat .refusal")
        let_go.set()
        wait_for_late_answers(page, 2)
        page.wait_for_timeout(1000)
        assert questions(page) == ["First?"]
        page.locator("#conversations [name=open]").first.click()
        wait_for(page, "document.querySelector('#chat .question')?.innerText === 'Why?'")
        assert "Late." in page.inner_text("#chat .refusal")


def test_the_conversation_of_a_pending_question_is_deleted(browser: Browser, tmp_path: Path) -> None:
    let_go = threading.Event()
    with slow_page(tmp_path, let_go) as address, browser.new_context() as context:
        page = context.new_page()
        asked_slowly(page, address)
        for selector in ("li > details > summary", "li details details summary", "[name=delete]"):
            page.click(f"#conversations {selector}")
        wait_for_titles(page)
        page.wait_for_selector("#box [aria-label=Ask]")
        let_go.set()
        page.wait_for_timeout(1500)
        assert not questions(page) and not titles(page)


def test_what_is_still_being_answered_is_told_so_everywhere(browser: Browser, tmp_path: Path) -> None:
    let_go = threading.Event()
    with slow_page(tmp_path, let_go) as address, browser.new_context() as context:
        page = context.new_page()
        asked_slowly(page, address)
        page.click("#narrowing summary")
        page.fill("#narrowing [name=after]", "2017")
        page.click("#narrowing [type=submit]")
        page.wait_for_selector("#narrowing [name=clear]")
        other = context.new_page()
        other.goto(address)
        for tab, button in ((page, "Stop"), (other, "Ask")):
            tab.wait_for_selector("#chat .waiting")
            assert "stopped" not in tab.inner_text("#chat") and tab.locator(f"#box [aria-label={button}]").count() == 1
        let_go.set()
        for tab in (page, other):
            tab.bring_to_front()
            tab.wait_for_selector("#chat .refusal", timeout=ANSWER)
            assert questions(tab) == ["Why?"] and tab.locator("#box [aria-label=Ask]").count() == 1
