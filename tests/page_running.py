"""An articles folder goes in; the real `python app.py` on an index of it, and a Chromium that watches it, come out."""

from __future__ import annotations

import html
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from index import build_index

PROJECT = Path(__file__).resolve().parent.parent
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START = 300  # seconds for the page to start on a busy machine
STOP = 120  # seconds for the page to stop on a busy machine
ANSWER = 180_000  # milliseconds for an answer to appear; the first waits for the models
SIZES = {"wide": ViewportSize(width=1440, height=900), "phone": ViewportSize(width=390, height=844)}
# For tests whose page is made from a fixture `size`.
at_both_sizes = pytest.mark.parametrize("size", list(SIZES.values()), ids=list(SIZES))

# What HTML, Markdown, LaTeX or a template could take for its own.
HOSTILE_TEXT = (
    "The zorblax lantern costs forty crowns <script>window.hacked=1</script> "
    "<img src=x onerror='window.hacked=1'> ![x](http://outside.test/x.png) [go](javascript:window.hacked=1) "
    "*star* _under_ `tick` $x^2$ {{value}} ${1+1} &lt; <form action=http://outside.test/> in every shop."
)
HOSTILE = """<!doctype html><html><head><title>{title}</title>
<meta property="og:site_name" content="{publisher}"></head>
<body><article><h1>{title}</h1><p>{text}</p>
<p>The lantern is sold in pairs on market days by the guild, as it has been for longer than anyone remembers.</p>
</article></body></html>
"""
HOSTILE_METADATA = """---
title: "Kettles"
author: "<img src=x onerror=window.hacked=1> Smith"
url: "javascript:window.hacked=1"
---

The quibblon kettle holds nine litres of water and boils them in four minutes.
"""
HOSTILE_TITLE = "Zorblax <script>window.hacked=1</script> *lantern*"


def write_articles(folder: Path) -> Path:
    """Copy the seeds and add articles that attack their reader."""
    shutil.copytree(PROJECT / "seeds", folder)
    names = {"title": HOSTILE_TITLE, "publisher": "![p](http://outside.test/p.png)"}
    page = HOSTILE.format(**{name: html.escape(value) for name, value in (names | {"text": HOSTILE_TEXT}).items()})
    (folder / "hostile # 100% a&b?.html").write_text(page, encoding="utf-8")
    (folder / "kettles.md").write_text(HOSTILE_METADATA, encoding="utf-8")
    return folder


@contextmanager
def running(
    articles: Path, index_dir: Path, *options: str, log: IO[str] | None = None, level: str = "warning"
) -> Iterator[str]:
    """Build an index, start the page on a free port and give its address; what it says goes to `log`."""
    build_index(articles, index_dir)
    data = index_dir.with_name(f"{index_dir.name}-data")
    command = [sys.executable, "app.py", "--index", str(index_dir), "--port", "0", "--data", str(data), *options]
    environment = os.environ | {"QUOTED_LOG": level}
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
    ) as process:
        try:
            assert process.stdout is not None
            ready, _, _ = select.select([process.stdout], [], [], START)
            address = process.stdout.readline().strip() if ready else ""
            assert address.startswith("http://127.0.0.1:"), f"the page did not start; it said {address!r}"
            yield address
        finally:
            process.terminate()
            process.wait(STOP)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser, or a skipped test where the machine has none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: browser tests skipped")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        browser.on("context", lambda context: context.set_default_timeout(ANSWER))
        yield browser
        browser.close()


def ask(page: Page, question: str) -> None:
    """Type a question and wait until its answer is complete."""
    before = page.locator("#chat .bot-row").count()
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    page.wait_for_function(
        "n => { const rows = document.querySelectorAll('#chat .bot-row'); "
        "return rows.length > n && rows[rows.length - 1].querySelector('.aside:last-child'); }",
        arg=before,
        timeout=ANSWER,
    )
