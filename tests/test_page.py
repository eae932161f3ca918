"""The web chat as people meet it: the real app in a real browser."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Page

from tests.page_running import ANSWER, HOSTILE_TEXT, HOSTILE_TITLE, PROJECT, ask, chromium, running, write_articles

pytestmark = pytest.mark.browser
TRUCE = "why did the September 2016 truce fail?"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("page")
    with running(write_articles(folder / "articles"), folder / "index") as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh visitor's page; no request may leave this machine while it is used."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        requests: list[str] = []
        complaints: list[str] = []
        context.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(address)
        page.wait_for_selector("#chat .example")
        yield page
        outside = [url for url in requests if not url.startswith((address, "data:", "blob:"))]
        assert requests and not outside
        assert not complaints  # a policy that is too strict, or a door closed that the page needs


def test_an_answer_is_quoted_and_its_number_opens_the_evidence(page: Page) -> None:
    ask(page, TRUCE)
    first = page.locator("#chat .quote").first
    quote = (first.text_content() or "").removesuffix("\u00a0[1]")
    first.locator("a.cite").click()
    marked = page.locator("#evidence .card:target mark")
    assert marked.text_content() == quote
    assert _in_view(page, "#evidence .card:target mark")
    assert len(page.context.pages) == 1


def test_the_reading_view_marks_the_quote_and_shows_it(page: Page) -> None:
    ask(page, TRUCE)
    quote = page.locator("#evidence .card mark").first.text_content()
    with page.context.expect_page() as opened:
        page.locator("#evidence .card >> text=Open the article").first.click()
    article = opened.value
    article.wait_for_load_state()
    assert "".join(article.locator("mark:not(.other)").all_text_contents()) == quote
    assert _in_view(article, "#mark")


def test_an_earlier_number_opens_the_earlier_evidence(page: Page) -> None:
    ask(page, TRUCE)
    quote = page.locator("#evidence mark").first.text_content()
    ask(page, "Did the attack on Khan Sheikhoun change Russia's calculations?")
    page.locator("#chat a.cite").first.click()
    assert page.locator("#evidence details .card:target mark").text_content() == quote
    assert _in_view(page, "#evidence details .card:target mark")


def test_what_the_articles_do_not_answer_is_said_to_be_unanswered(page: Page) -> None:
    ask(page, "How do I bake sourdough bread at home in the oven?")
    assert "do not answer" in page.inner_text("#chat .refusal")
    assert page.locator("#chat a.cite").count() == 0
    assert "Nearest passages (they do not answer)" in page.inner_text("#evidence")
    assert page.locator("#evidence .card").count() > 0


def test_an_example_question_is_answered_on_a_click(page: Page) -> None:
    page.locator("#chat .example").first.click()
    page.wait_for_selector("#chat a.cite", timeout=ANSWER)


def test_an_empty_question_gets_a_readable_word(page: Page) -> None:
    page.press("#box textarea", "Enter")
    page.wait_for_function("/question/i.test(document.querySelector('#chat .notice')?.textContent)", timeout=ANSWER)
    assert "Traceback" not in page.inner_text("body")


def test_a_new_chat_starts_empty(page: Page) -> None:
    ask(page, TRUCE)
    page.click("#new")
    page.wait_for_selector("#chat .example")
    assert page.locator("#chat .bot-row, #evidence .card").count() == 0


def test_the_conversation_is_copied_with_its_sources(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address.rstrip("/"))
    ask(page, TRUCE)
    quote = page.locator("#evidence mark").first.text_content() or ""
    page.click("#copy")
    page.wait_for_function("document.querySelector('#copy').textContent.includes('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{TRUCE}\n\n{quote} [1]")
    assert "\n[1] “Digest:" in copied


@pytest.mark.parametrize("path", ["", "article/strategic-partners-against-terrorism.md?from=100&to=300#mark"])
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, address: str, path: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(address + path)
        if not path:
            ask(page, TRUCE)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_text_of_an_article_never_runs_and_shows_as_it_is(page: Page) -> None:
    ask(page, "What does the zorblax lantern cost? <img src=x onerror=window.hacked=1>")
    assert "<img src=x" in page.inner_text("#chat .question")
    assert HOSTILE_TEXT in page.inner_text("#evidence")
    assert HOSTILE_TITLE in page.inner_text("#evidence .card h3 >> nth=0")
    _assert_harmless(page)
    with page.context.expect_page() as opened:
        page.locator("#evidence .card a[target]").first.click()
    opened.value.wait_for_selector("h1")
    assert HOSTILE_TEXT in opened.value.inner_text("main")
    _assert_harmless(opened.value)


def test_metadata_of_an_article_never_run_and_show_as_they_are(page: Page) -> None:
    ask(page, "How much water does the quibblon kettle hold?")
    assert "<img src=x onerror=window.hacked=1> Smith" in page.inner_text("#evidence .card .byline >> nth=0")
    _assert_harmless(page)
    with page.context.expect_page() as opened:
        page.locator("#evidence .card a[target]").first.click()
    opened.value.wait_for_selector("h1")
    assert "javascript:window.hacked=1" in opened.value.inner_text("dl")
    assert opened.value.locator("dl a:not([href^='/file/'])").count() == 0
    _assert_harmless(opened.value)


def test_nobody_sees_the_conversation_of_another(page: Page, browser: Browser, address: str) -> None:
    ask(page, TRUCE)
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(address)
        other.wait_for_selector("#chat .example")
        assert "truce fail" not in other.inner_text("#evidence") + other.inner_text("#talk").replace(
            other.inner_text("#chat .examples"), ""
        )
        assert other.locator("#chat .message-row").count() == 0


def test_the_head_follows_the_folder_without_a_reload(browser: Browser, articles: Path, tmp_path: Path) -> None:
    with running(articles, tmp_path / "index") as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        _wait_for_head(page, "3 articles · indexed")
        with FileLock(tmp_path / "index" / "build.lock"):  # somebody else is building
            (articles / "late.txt").write_text("A lighthouse\n\nThe lighthouse keeper painted his tower red.")
            _wait_for_head(page, "1 file changed since")
            _wait_for_head(page, "not up to date: Another process is building this index")
        _wait_for_head(page, "4 articles · indexed just now")
        assert "changed" not in page.inner_text("#head") and "not up to date" not in page.inner_text("#head")


def _wait_for_head(page: Page, text: str) -> None:
    told = "text => document.querySelector('#head')?.textContent.includes(text)"
    page.wait_for_function(told, arg=text, timeout=120_000)


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("article/no-such.md", "", 404),
        ("article/no-talks-before-aleppo-falls.md?from=x&to=2", "", 400),
        ("article/no-talks-before-aleppo-falls.md?from=-5&to=99999999", "", 200),
        ("article/no-talks-before-aleppo-falls.md", "", 200),
        ("", "evil.test", 400),
        ("article/no-talks-before-aleppo-falls.md", "evil.test:80", 400),
        ("gradio_api/upload", "", 404),
    ],
)
def test_odd_requests_get_a_plain_answer(address: str, path: str, host: str, status: int) -> None:
    code, headers, body = _get(address + path, {"Host": host} if host else {})
    assert code == status
    assert headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in headers
    assert "Traceback" not in body


def test_the_password_guards_chat_and_articles(browser: Browser, tmp_path: Path) -> None:
    with running(PROJECT / "seeds", tmp_path / "index", "--auth", "reader:secret") as address:
        for path in ("", "config", "article/no-talks-before-aleppo-falls.md"):
            assert _get(address + path, {})[0] == 401
        with browser.new_context(http_credentials={"username": "reader", "password": "secret"}) as context:
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector("#chat .example")
            ask(page, TRUCE)
            assert page.locator("#chat a.cite").count() > 0


def _in_view(page: Page, selector: str) -> bool:
    page.wait_for_timeout(400)  # scrolling is smooth in some browsers
    box = page.locator(selector).first.bounding_box()
    size = page.viewport_size
    return box is not None and size is not None and box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


def _assert_harmless(page: Page) -> None:
    assert page.evaluate("window.hacked") is None
    ours = ("#chat .message-row", "#evidence", ".text", "header")
    foreign = ("img", "form", "script", "b", "em", "iframe")
    assert page.locator(", ".join(f"{place} {tag}" for place in ours for tag in foreign)).count() == 0


def _get(url: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as reply:
            return reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read().decode()
