"""The articles page as people meet it: the real app in a real browser."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from tests.page_running import (
    HOSTILE_TITLE,
    PROJECT,
    SIZES,
    ask,
    at_both_sizes,
    chromium,
    running,
    write_articles,
)

pytestmark = pytest.mark.browser
SLOWLY = 120_000  # milliseconds in which a busy machine builds an index
LAMP = "The zembla lamp of Norvik harbour was lit for the first time in 1893."
LAMP_QUESTION = "When was the zembla lamp of Norvik harbour lit for the first time?"
MANY = 800  # enough to take longer to embed than the page takes to ask twice
expect.set_options(timeout=SLOWLY)


@dataclass(frozen=True)
class Running:
    address: str
    folder: Path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def watching(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A page that follows its folder."""
    yield from _running(tmp_path_factory.mktemp("watching"))


@pytest.fixture(scope="module")
def resting(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A page that leaves the index alone until it is asked to rebuild it."""
    yield from _running(tmp_path_factory.mktemp("resting"), "--no-watch")


def _running(root: Path, *options: str) -> Iterator[Running]:
    folder = write_articles(root / "articles")
    (folder / "broken.pdf").write_text("no pdf")
    with running(folder, root / "index", *options) as address:
        yield Running(address, folder)


@pytest.fixture
def size() -> ViewportSize:
    return SIZES["wide"]


@pytest.fixture
def page(browser: Browser, size: ViewportSize) -> Iterator[Page]:
    """A fresh page; nothing may be asked of another host, run from an article or fail while it is used.

    Nor may it have to be scrolled sideways.
    """
    with browser.new_context(viewport=size) as context:
        page = context.new_page()
        page.set_default_timeout(SLOWLY)
        requests: list[str] = []
        errors: list[str] = []
        context.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert requests and all(url.startswith(("http://127.0.0.1:", "data:", "blob:")) for url in requests)
        assert page.evaluate("window.hacked") is None and not errors


def titles(page: Page) -> list[str]:
    return page.locator("#results td.title > :first-child").all_text_contents()


def settled(page: Page, text: str) -> None:
    expect(page.locator("#stands")).to_contain_text(text)


def upload(page: Page, name: str, text: str) -> None:
    page.set_input_files("#files", {"name": name, "mimeType": "text/plain", "buffer": text.encode()})


def answered(page: Page, address: str, question: str) -> str:
    """The answer of a new chat; the one before it is shown again first."""
    chat = page.context.new_page()
    chat.goto(address)
    chat.wait_for_selector("#chat .example, #chat .bot-row")
    chat.click("#new")
    chat.wait_for_selector("#chat .example")
    ask(chat, question)
    told = chat.inner_text("#chat .bot-row")
    chat.close()
    return told


@at_both_sizes
def test_a_new_article_answers_until_it_is_removed_and_again_when_taken_back(page: Page, watching: Running) -> None:
    page.goto(f"{watching.address}articles")
    upload(page, "lamp.md", f"# A lamp\n\n{LAMP} Its keeper slept by day and read by night.")
    expect(page.locator("#outcomes")).to_contain_text("Saved as “lamp.md”.")
    expect(page.locator("#results")).to_contain_text("A lamp")
    settled(page, "Nothing has changed since.")
    expect(page.locator("#side")).to_contain_text("1 new")
    assert LAMP in answered(page, watching.address, LAMP_QUESTION)

    page.get_by_label("Select “A lamp”").check()
    expect(page.get_by_role("button", name="Remove 1 selected")).to_be_in_viewport()
    page.get_by_role("button", name="Remove 1 selected").click()
    assert "A lamp" in page.inner_text("#confirm li")
    page.get_by_role("button", name="Cancel").click()
    assert (watching.folder / "lamp.md").exists()
    page.get_by_role("button", name="Remove 1 selected").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#said")).to_have_text("1 article removed.")
    expect(page.locator("#said")).to_be_in_viewport()  # though on a phone its place is far above
    expect(page.locator("#results")).not_to_contain_text("A lamp")
    assert LAMP not in answered(page, watching.address, LAMP_QUESTION)

    page.locator("#gone summary").click()
    page.get_by_role("button", name="Take “lamp.md” back").click()
    expect(page.locator("#said")).to_have_text("“lamp.md” is back.")
    expect(page.locator("#said")).to_be_in_viewport()
    expect(page.locator("#results")).to_contain_text("A lamp")
    settled(page, "Nothing has changed since.")
    assert LAMP in answered(page, watching.address, LAMP_QUESTION)
    (watching.folder / "lamp.md").unlink()


@at_both_sizes
def test_a_rebuild_shows_how_far_it_is_and_can_be_stopped(page: Page, resting: Running, size: ViewportSize) -> None:
    page.goto(f"{resting.address}articles")
    settled(page, "Nothing has changed since.")
    shown = total(page)
    for number in range(MANY):
        (resting.folder / f"many-{size['width']}-{number}.txt").write_text(
            f"Note {number}\n\nThe clerk filed report {number} of the mill at {size['width']} feet."
        )
    settled(page, f"{MANY} new. Press Rebuild to index what has changed.")
    page.get_by_role("button", name="Rebuild").click()
    told = page.locator("#builds")
    expect(told).to_have_text(re.compile(r"This page: [\d,]+ of [\d,]+ documents .*(second|minute), about .* left\."))
    expect(told).to_be_in_viewport()
    assert page.get_by_role("button", name="Rebuild").is_disabled()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#said")).to_contain_text("Stopped.")
    expect(page.locator("#building")).to_be_hidden()
    settled(page, f"{MANY} new.")
    page.get_by_role("button", name="Rebuild").click()
    expect(page.locator("#said")).to_contain_text(f"{MANY} new")
    settled(page, "Nothing has changed since.")
    expect(page.locator("#found")).to_contain_text(f"1 to 50 of {MANY + shown:,} documents")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#found")).to_contain_text(f"51 to 100 of {MANY + shown:,} documents")


def total(page: Page) -> int:
    """How many documents the list says there are."""
    return int(re.findall(r"([\d,]+) documents", page.inner_text("#found"))[-1].replace(",", ""))


@at_both_sizes
def test_a_name_that_is_there_is_asked_about(page: Page, watching: Running) -> None:
    page.goto(f"{watching.address}articles")
    (watching.folder / "mill.txt").write_text("A mill\n\nThe old mill ground rye.")
    upload(page, "mill.txt", "A mill\n\nThe new mill grinds wheat.")
    expect(page.locator("#outcomes")).to_contain_text("There is a file “mill.txt” already.")
    page.get_by_role("button", name="Keep both").click()
    expect(page.locator("#outcomes")).to_contain_text("Saved as “mill (2).txt”.")
    assert "rye" in (watching.folder / "mill.txt").read_text()
    upload(page, "mill.txt", "A mill\n\nThe third mill grinds oats.")
    page.get_by_role("button", name="Replace").click()
    expect(page.locator("#outcomes")).to_contain_text("Saved as “mill.txt”.")
    assert "oats" in (watching.folder / "mill.txt").read_text()
    upload(page, "run.exe", "MZ")
    expect(page.locator("#outcomes .refused")).to_contain_text("Only .md,")
    for name in ("mill.txt", "mill (2).txt"):
        (watching.folder / name).unlink()


def test_files_are_dropped(page: Page, watching: Running) -> None:
    page.goto(f"{watching.address}articles")
    page.evaluate(
        """() => { const data = new DataTransfer();
          for (const name of ['drop one.txt', '<img src=x onerror=window.hacked=1>.txt'])
            data.items.add(new File(['A dropped note\\n\\nThe note was dropped by ' + name], name));
          document.querySelector('#upload').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); }"""
    )
    expect(page.locator("#outcomes .saved")).to_have_count(2)
    assert (watching.folder / "drop one.txt").exists()
    assert (watching.folder / "<img src=x onerror=window.hacked=1>.txt").exists()
    expect(page.locator("#results")).to_contain_text("<img src=x onerror=window.hacked=1>.txt")
    assert page.locator("main img").count() == 0


def test_rows_are_found_and_sorted_while_typing_and_without_scripts(
    page: Page, browser: Browser, watching: Running
) -> None:
    page.goto(f"{watching.address}articles")
    page.get_by_label("Search").press_sequentially("aleppo")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert page.locator("#search input").evaluate("each => each === document.activeElement")
    assert "q=aleppo" in page.url
    page.get_by_label("Search").fill("")
    page.locator("#search [name=status]").select_option("failed")
    expect(page.locator("#results td.state").filter(has_text="type_mismatch: ")).to_be_visible()
    expect(page.locator("#results tbody tr")).to_have_count(1)  # a file that was being written may fail for a moment
    page.locator("#search [name=status]").select_option("")
    page.get_by_role("link", name="Date").click()
    expect(page.locator("#results th[aria-sort=ascending]")).to_contain_text("Date")
    assert titles(page)[0] == "Digest: Is Khan Sheikhoun a Game Changer for Russia?"
    page.get_by_role("link", name="Date").click()
    expect(page.locator("#results th[aria-sort=descending]")).to_contain_text("Date")
    assert titles(page)[0] == "Digest: Latest U.S.-Russia Effort on Syria Remains Flawed"
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(page.url)
        assert titles(plain) == titles(page)
        plain.fill("#search input", "aleppo")
        plain.click("#search button")
        assert plain.locator("#results tbody tr").count() == 1


def test_rows_are_found_and_sorted_on_a_phone(browser: Browser, watching: Running) -> None:
    with browser.new_context(viewport=SIZES["phone"]) as context:
        page = context.new_page()
        page.set_default_timeout(SLOWLY)
        page.goto(f"{watching.address}articles")
        expect(page.locator("#results th").first).not_to_be_in_viewport()  # no heads of columns to press there
        page.get_by_label("Search").press_sequentially("aleppo")
        expect(page.locator("#results tbody tr")).to_have_count(1)
        page.get_by_label("Search").fill("")
        page.get_by_label("Sort by").select_option(label="Date")
        page.get_by_label("Order").select_option(label="descending")
        expect(page.locator("#results td.title").first).to_contain_text("Latest U.S.-Russia Effort on Syria")
        page.get_by_label("Order").select_option(label="ascending")
        expect(page.locator("#results td.title").first).to_contain_text("Is Khan Sheikhoun a Game Changer")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_click_in_the_list_before_the_new_one_is_there_keeps_the_new_search(page: Page, watching: Running) -> None:
    page.goto(f"{watching.address}articles?status=failed")
    held: list[Route] = []
    page.route(re.compile(r"/articles(\?.*)?$"), lambda route: held.append(route))
    page.locator("#search [name=status]").select_option("")
    page.get_by_role("link", name="Date").click()
    expect(page).to_have_url(f"{watching.address}articles?sort=published")
    for route in held:
        route.continue_()
    expect(page.locator("#results th[aria-sort=ascending]")).to_contain_text("Date")
    assert len(titles(page)) > 1


def test_texts_of_articles_are_shown_as_they_are(page: Page, watching: Running) -> None:
    page.goto(f"{watching.address}articles")
    assert HOSTILE_TITLE in titles(page)
    assert "<img src=x onerror=window.hacked=1> Smith" in page.inner_text("#results")
    assert page.locator("main img, main script, main iframe").count() == 0
    page.get_by_role("link", name=HOSTILE_TITLE).click()
    page.wait_for_selector("h1")
    assert HOSTILE_TITLE in page.inner_text("h1")


def test_the_chat_leads_to_the_articles_and_back(page: Page, watching: Running) -> None:
    page.goto(watching.address)
    page.get_by_role("link", name="Articles", exact=True).click()
    page.wait_for_selector("h1 >> text=Articles")
    page.get_by_role("link", name="Quoted").click()
    page.wait_for_selector("#chat")


@at_both_sizes
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_needs_sideways_scrolling_and_texts_can_be_read(
    browser: Browser, watching: Running, scheme: str, size: ViewportSize
) -> None:
    with browser.new_context(viewport=size, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{watching.address}articles")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.evaluate(CONTRAST) == []
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", ground))) < 200) == (scheme == "dark")


# Every visible text's contrast with what is behind it, by the formula of WCAG; lists those below 4.5.
CONTRAST = """() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (each) => { for (; each; each = each.parentElement) {
    const color = parts(getComputedStyle(each).backgroundColor); if (color.length < 4 || color[3] === 1) return color; }
    return [255, 255, 255]; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), low = [];
  while (walker.nextNode()) {
    const each = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || each.closest('script, style, option, :disabled') || !each.getClientRects().length) continue;
    const style = getComputedStyle(each), color = each.closest('svg') ? style.fill : style.color;
    const [a, b] = [light(parts(color)), light(behind(each))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) low.push([each.textContent, color]);
  }
  return low; }"""


def test_all_is_reached_by_keys_and_named(page: Page, watching: Running) -> None:
    page.goto(f"{watching.address}articles")
    page.wait_for_selector("#results table")
    reached: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("(e => e.id || e.name || e.textContent.trim().slice(0, 30))(document.activeElement)")
        )
    for name in ("rebuild", "files", "q", "status", "sort-title", "sort-published"):
        assert name in reached, reached
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary, progress')]
          .filter((e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map((e) => e.outerHTML)"""
    )
    assert nameless == []
    page.get_by_label("Select “Kettles”").focus()
    page.keyboard.press("Space")
    page.locator("#remove").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#confirm[open]")
    page.keyboard.press("Escape")
    expect(page.locator("#confirm")).to_be_hidden()
    assert (watching.folder / "kettles.md").exists()


def test_a_read_only_page_with_a_password_changes_nothing(browser: Browser, tmp_path: Path) -> None:
    with (
        running(
            PROJECT / "seeds", tmp_path / "index", "--read-only", "--no-watch", "--auth", "reader:secret"
        ) as address,
        browser.new_context(http_credentials={"username": "reader", "password": "secret"}) as context,
    ):
        page = context.new_page()
        page.goto(f"{address}articles")
        expect(page.locator("#stands")).to_contain_text("Nothing has changed since.")
        assert "read-only" in page.inner_text("#state")
        assert page.locator("input[type=file], input[type=checkbox], #rebuild").count() == 0
        word = base64.b64encode(b"reader:secret").decode()
        reply = context.request.post(
            f"{address}articles/rebuild",
            data={},
            headers={"Origin": address.rstrip("/"), "Authorization": f"Basic {word}"},
        )
        assert reply.status == 403
