"""Every page in every state, light and dark, wide and narrow, goes to axe-core; no violation of WCAG 2.2 A or AA comes out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from qa.conversations.aging import CHANGED, GONE, Today
from tests.conftest import Served
from tests.page_running import ANSWER, ask, chromium
from tests.test_talk import slow_page

pytestmark = [pytest.mark.browser, pytest.mark.model]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDE, NARROW = (1440, 900), (390, 844)
STILL = "document.getAnimations().every(each => each.playState !== 'running')"
UNFOLD = "document.querySelectorAll('#evidence details').forEach(each => { each.open = true; })"
GROUND = """() => { for (let each = document.querySelector('main') ?? document.body; each; each = each.parentElement) {
  const color = getComputedStyle(each).backgroundColor.match(/[\\d.]+/g).map(Number);
  if (color.length < 4 || color[3]) return color.slice(0, 3); } return [255, 255, 255]; }"""
SHOWN = "document.querySelector('#conversation textarea').value"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on the page as it stands, once nothing moves on it."""
    page.wait_for_function(STILL, timeout=ANSWER)
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def test_a_fault_is_found(browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(
            "<html lang='en'><title>T</title><main><p style='color:#bbb'>pale</p><button></button>"
            "<p style='font-size:8px;line-height:1'><a href='#1'>a</a><br><a href='#2'>b</a></main>"
            "<button style='width:9px;height:9px;padding:0' aria-label='c'></button>"
            "<button style='width:9px;height:9px;padding:0' aria-label='d'></button>"
        )
        faults = {each.partition(":")[0] for each in violations(page)}
        assert faults == {"color-contrast", "button-name", "target-size"}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_page_bars_anybody(browser: Browser, served: Served, size: tuple[int, int]) -> None:
    found: dict[str, list[str]] = {}
    # axe-core runs in the page, where our policy would let no script of another run.
    with browser.new_context(viewport={"width": size[0], "height": size[1]}, bypass_csp=True) as context:
        for name, page in _states(context.new_page(), served.address, is_narrow=size == NARROW):
            for scheme in SCHEMES:
                _show(page, scheme)
                found[f"{name}, {scheme}"] = violations(page)
    assert len(found) == 12 * len(SCHEMES)
    assert not any(found.values()), found


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_neither_waiting_nor_what_has_aged_bars_anybody(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    found: dict[str, list[str]] = {}
    let_go = threading.Event()
    with (
        slow_page(tmp_path, let_go, _aged) as address,
        browser.new_context(viewport={"width": size[0], "height": size[1]}, bypass_csp=True) as context,
    ):
        for name, page in _waiting_and_aged(context.new_page(), address, let_go):
            for scheme in SCHEMES:
                _show(page, scheme)
                found[f"{name}, {scheme}"] = violations(page)
    assert len(found) == 2 * len(SCHEMES)
    assert not any(found.values()), found


def _waiting_and_aged(page: Page, address: str, let_go: threading.Event) -> Iterator[tuple[str, Page]]:
    page.goto(address)
    page.wait_for_selector("#narrowing summary")
    page.fill("#box textarea", "Why?")
    page.press("#box textarea", "Enter")
    page.wait_for_selector("#chat .waiting")
    page.wait_for_selector("#box [aria-label=Stop]")
    yield "chat, waiting", page
    let_go.set()
    page.wait_for_selector("#chat .answer")
    page.reload()  # what was quoted just now has not aged
    page.wait_for_selector("#evidence .stale")
    page.evaluate(UNFOLD)
    yield "chat, an answer whose articles have changed and gone", page


def _aged(article: str, start: int, quote: str, digest: str) -> Today:
    return Today(article, None, GONE) if article == "gone.md" else Today(article, None, CHANGED)


def _show(page: Page, scheme: Literal["light", "dark"]) -> None:
    """As the system wishes it; Gradio reads that wish only when it starts, and keeps it in a class."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(
        "isDark => document.querySelector('gradio-app') && document.body.classList.toggle('dark', isDark)",
        scheme == "dark",
    )
    ground = page.evaluate(GROUND)
    assert (sum(ground) < 200) == (scheme == "dark"), f"{scheme} is not shown: {ground}"


def _states(page: Page, address: str, is_narrow: bool) -> Iterator[tuple[str, Page]]:
    """The page in one state after another."""
    page.set_default_timeout(ANSWER)
    page.goto(address)
    page.wait_for_selector("#chat .example")
    page.wait_for_selector("#narrowing summary")
    yield "chat, empty", page
    ask(page, "why did the September 2016 truce fail?")
    page.evaluate(UNFOLD)
    yield "chat, an answer, its evidence unfolded", page
    link = page.locator("#evidence .card a[target]").first.get_attribute("href") or ""
    yield from _parts_of_the_chat(page, is_narrow)
    ask(page, "What does a loaf of bread cost in Lisbon?")
    page.wait_for_selector("#chat .refusal")
    yield "chat, a refusal", page
    export = page.request.get(f"{address}conversations/{page.evaluate(SHOWN)}.html")
    assert export.ok
    yield from _articles(page, address)
    page.goto(address.rstrip("/") + link)
    page.wait_for_selector("#mark")
    yield "reading view", page
    page.goto(f"{address}article/changed.txt")
    page.wait_for_selector(".stale")
    yield "reading view of a changed file", page
    page.goto(f"{address}article/none")
    page.wait_for_selector(".notice")
    yield "notice", page
    page.set_content(export.text())
    yield "exported HTML", page


def _parts_of_the_chat(page: Page, is_narrow: bool) -> Iterator[tuple[str, Page]]:
    page.click("#narrowing summary")
    yield "chat, filters open", page
    page.fill("#narrowing [name=after]", "some day")
    page.click("#narrowing [type=submit]")
    page.wait_for_selector("#narrowing [role=alert]")
    yield "chat, a wrong date", page
    page.click("#narrowing summary")
    page.click("#chat [name=down]")
    page.wait_for_selector("#chat form.kept")
    if is_narrow:
        page.click("#history")
    page.click("#conversations li summary")
    page.click("#conversations details details summary")
    yield "chat, history open, an answer judged", page
    page.click("#conversations li summary")
    if is_narrow:
        page.click("#history")


def _articles(page: Page, address: str) -> Iterator[tuple[str, Page]]:
    page.goto(f"{address}articles")
    page.wait_for_selector("#results table")
    page.wait_for_selector("svg.timeline")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    yield "articles, rows and timeline", page
    page.locator("#results input:enabled").first.check()
    page.click("#remove")
    page.wait_for_selector("#confirm[open]")
    yield "articles, asked whether to delete", page
