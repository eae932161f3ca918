"""Questions go in; every citation of their answers is clicked in a browser, and what it fails to show comes out.

python -m benchmarks.clicks --answers 40

Each [n] must lead to its card and from there to the article, with the quote marked and in view: wide and on a phone,
as asked, after a reload, and after a restart of the server. What the quote is, the index says: the text of the article
between the two offsets in the card's link.
"""

from __future__ import annotations

import argparse
import socket
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import Browser, ElementHandle, Page, Response, StorageState, TimeoutError

from benchmarks.question_sets import HERE, PROJECT
from index import Index, open_index
from index.terminal import note, say
from qa.evaluate import load_questions
from tests.page_running import ANSWER, ask, chromium, running

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
TOGETHER = 10  # answers in one conversation
IN_VIEW = """each => { const box = each.getBoundingClientRect();
  const pane = each.closest("#side") && innerWidth > 800 ? each.closest("#side").getBoundingClientRect() : null;
  const bar = document.querySelector("body > nav")?.getBoundingClientRect().bottom ?? 0;
  return box.height > 0 && box.top >= Math.max(bar, pane?.top ?? 0) - 1
    && box.bottom <= Math.min(innerHeight, pane?.bottom ?? innerHeight) + 1; }"""
# The words that the [n] stands behind; none where it only names another source of them.
SAID = """each => { if (each.closest(".also")) return "";
  const said = document.createRange();
  said.setStart(each.closest(".quote"), 0);
  said.setEndBefore(each);
  return said.toString(); }"""

DRAWN = "() => new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 100))"


@dataclass(frozen=True)
class Click:
    """One citation that was clicked: when and where, its quote, and what was wrong with it, "" for nothing."""

    when: str
    size: str
    quote: str
    fault: str = ""


def main() -> int:
    """Ask, click, and print how many clicks there were and which failed; exit code 1 where any did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=40, help="with quotations, whose citations are clicked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quoted-clicks-") as folder:
        clicks = list(told(click_through(Path(folder), options.answers)))
    wrong = [each for each in clicks if each.fault]
    for each in wrong:
        say(f"{each.when}, {each.size}: {each.fault}: {each.quote}")
    rounds = len({(each.when, each.size) for each in clicks})
    say(f"{options.answers} answers, {len(clicks)} citations clicked in {rounds} rounds, {len(wrong)} wrong")
    return 1 if wrong else 0


def click_through(folder: Path, answers: int) -> Iterator[Click]:
    """Everything: a page on the seeds, the questions, and three times all clicks in both sizes."""
    port = free_port()
    with chromium() as browser:
        with serving(folder, port) as address:
            conversations, owner = asked(browser, address, answers)
            index = open_index(folder / "index")
            for size in SIZES:
                with visiting(browser, address, size, owner) as page:
                    yield from click_all(page, index, conversations, "as asked", size)
                    page.reload()
                    settled(page)
                    yield from click_all(page, index, conversations, "after a reload", size)
        with serving(folder, port) as address:
            for size in SIZES:
                with visiting(browser, address, size, owner) as page:
                    yield from click_all(page, index, conversations, "after a restart", size)


def asked(browser: Browser, address: str, answers: int) -> tuple[list[str], StorageState]:
    """Ask; returns the ids of the conversations, and the cookie of the browser that owns them."""
    with visiting(browser, address, "wide") as page:
        return fill(page, answers), page.context.storage_state()


def told(clicks: Iterable[Click]) -> Iterator[Click]:
    """The same, and a line for each round that begins."""
    last = None
    for each in clicks:
        if last != (each.when, each.size):
            last = (each.when, each.size)
            note(f"Clicking {each.when}, {each.size} …")
        yield each


@contextmanager
def serving(folder: Path, port: int) -> Iterator[str]:
    """The page on the seeds."""
    with running(PROJECT / "seeds", folder / "index", "--no-watch", "--port", str(port)) as address:
        yield address


def free_port() -> int:
    """A port that a page can have again after a restart."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def visiting(browser: Browser, address: str, size: str, owner: StorageState | None = None) -> Iterator[Page]:
    """The chat in a window of this size, ready to be asked; also what it opens has this size."""
    width, height = SIZES[size]
    with browser.new_context(viewport={"width": width, "height": height}, storage_state=owner) as context:
        page = context.new_page()
        page.set_default_timeout(ANSWER)
        page.goto(address)
        settled(page)
        yield page


def settled(page: Page) -> None:
    """Wait until a page that was just loaded can be used."""
    page.wait_for_selector("#chat .example, #chat .bot-row")
    page.wait_for_selector("#narrowing summary")
    page.wait_for_selector("#history[aria-expanded]")


def fill(page: Page, answers: int) -> list[str]:
    """Ask until there are so many answers, some in each conversation; returns the conversations' ids."""
    questions = [each.text for each in load_questions(HERE / "questions.jsonl") if each.answerable and not each.history]
    ids: list[str] = []
    found = 0
    for question in questions:
        if found == answers:
            break
        if found == TOGETHER * len(ids):
            begin_anew(page)
            ids.append("")
        ask(page, question)
        found += page.locator("#chat .bot-row").last.locator("a.cite").count() > 0
        ids[-1] = page.evaluate("document.querySelector('#conversation textarea').value")
    if found < answers:
        raise SystemExit(f"Only {found} of our questions were answered.")
    return ids


def begin_anew(page: Page) -> None:
    """Leave the conversation for a new one."""
    page.click("#new")
    page.wait_for_selector("#chat .example")
    page.wait_for_function("document.querySelector('#conversation textarea').value === 'new'")


def click_all(page: Page, index: Index, conversations: Sequence[str], when: str, size: str) -> Iterator[Click]:
    """Click every citation of these conversations."""
    for id in conversations:
        if page.get_attribute("#history", "aria-expanded") == "false":
            page.click("#history")
        # Opening the conversation that is shown already draws it anew: a card clicked before that would lose its mark.
        with page.expect_response(_is_opening):
            page.click(f"#conversations button[name=open][value='{id}']")
        page.wait_for_function("id => document.querySelector('#conversation textarea').value === id", arg=id)
        page.wait_for_selector("#evidence .card", state="attached")
        page.evaluate(DRAWN)
        for cite in page.locator("#chat a.cite").element_handles():
            yield click(page, index, cite, when, size)


def _is_opening(response: Response) -> bool:
    return "run/predict" in response.url and '"open"' in (response.request.post_data or "")


def click(page: Page, index: Index, cite: ElementHandle, when: str, size: str) -> Click:
    """Click one [n], look at its card, open the article and look there."""
    card = (cite.get_attribute("href") or "#none").removeprefix("#")
    link = page.locator(f"[id='{card}'] a[target]").first
    quote = quote_of(index, link.get_attribute("href") or "")
    said = str(cite.evaluate(SAID))
    if said and not _same(said, quote):
        return Click(when, size, quote, f"the answer says {said!r}")
    cite.click()
    fault = _fault_at(page, f".card:target[id='{card}'] mark", quote, "in the card")
    if fault:
        return Click(when, size, quote, fault)
    with page.context.expect_page() as tab:
        link.click()
    article = tab.value
    fault = _fault_at(article, "#mark", quote, "in the article")
    article.close()
    return Click(when, size, quote, fault)


def quote_of(index: Index, link: str) -> str:
    """The text of the article between the offsets of a link to the reading view."""
    parts = urlsplit(link)
    place = parse_qs(parts.query)
    text = index.article(unquote(parts.path).removeprefix("/article/")).text
    return text[int(place["from"][0]) : int(place["to"][0])]


def _fault_at(page: Page, mark: str, quote: str, where: str) -> str:
    """What is wrong with a mark, which must come into view and hold exactly the quote."""
    try:
        page.wait_for_selector(mark, state="attached")
    except TimeoutError:
        return f"there is no mark {where}"
    marks = page.locator("main mark:not(.other)" if mark == "#mark" else mark)
    told = "\n".join(marks.all_text_contents())
    if not _same(told, quote):
        return f"marked {where} is {told!r}"
    try:
        page.wait_for_function(f"mark => ({IN_VIEW})(document.querySelector(mark))", arg=mark, timeout=5_000)
    except TimeoutError:
        return f"the mark is out of view {where}"
    return ""


def _same(one: str, other: str) -> bool:
    """Whether two texts have the same words; a quotation may run through paragraphs."""
    return one.split() == other.split()


if __name__ == "__main__":
    raise SystemExit(main())
