"""Nothing goes in; the scripts of the page come out, as Gradio takes them."""

from __future__ import annotations

from pathlib import Path

HEAR = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
SETTLE = "() => window.quotedSettle?.()"
# A tab shows its own conversation again after a reload; "new" where it has begun none.
REMEMBER = "(id) => { sessionStorage.setItem('conversation', id || 'new'); }"
RECALL = "() => [sessionStorage.getItem('conversation') || '']"
# An answer is read from its beginning, the best quote; the chat itself would scroll to its end.
SHOW_BEGINNING = """() => {
  document.querySelector("#side").scrollTop = 0;
  const chat = document.querySelector("#chat .bubble-wrap");
  const place = () => {
    const questions = [...chat.querySelectorAll(".user-row")], answers = [...chat.querySelectorAll(".bot-row")];
    const isLong = questions.length && questions.at(-1).offsetHeight > chat.clientHeight / 2;
    const asked = (isLong ? answers : questions).at(-1);
    if (asked) chat.scrollTop += asked.getBoundingClientRect().top - chat.getBoundingClientRect().top;
  };
  place();
  setTimeout(place, 400);
}"""
