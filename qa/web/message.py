"""An Answer goes in; its chat message comes out as HTML, growing quote by quote, and as plain text to copy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.filters import Filters
from qa.answer import Citation
from qa.conversations.history import MAX_WORD
from qa.conversations.kept import KeptTurn
from qa.conversations.recall import Recalled
from qa.quoting.refusing import answers_in_part
from qa.quoting.telling import are_named, labels, opening_line, says
from qa.web.wording import anchor, byline, confidence, escape, only, took

ANY = Filters()


def message_steps(answer: Recalled, filters: Filters = ANY) -> Iterator[str]:
    """The message after each quote, and at last with the line on how it was found."""
    opening = _searched_for(answer, filters)
    if not answer.found:
        yield opening + f"<p class='refusal'>{escape(answer.text)}</p>" + _closing(answer)
        return
    told = [citation for citation in answer.citations if citation.repeats is None]
    names = labels(told)
    is_named = are_named(names, answer.question)
    line = opening_line(answer.citations, answer.question)
    body = opening + (f"<p class='aside'>{line}</p>" if line else "")
    for before, citation in zip([None, *told], told, strict=False):
        if is_named and (before is None or before.article != citation.article):
            body += f"<p class='source'>{escape(names[citation.article])}</p>"
        body += _quote(answer, citation)
        yield body
    yield body + _closing(answer)


def notice(text: str) -> str:
    """A message that is no answer: an error, or a word on what is happening."""
    return f"<p class='notice'>{escape(text)}</p>"


def said(question: str, turn: str = "") -> str:
    """The question as its own message, to be edited where it has a turn's id; none for an empty one."""
    edit = f"<div class='tools'>{button('edit', turn, 'Edit')}</div>" if turn else ""
    return f"<p class='question'>{escape(question)}</p>{edit}" if question else ""


def tools(turn: KeptTurn, is_last: bool) -> str:
    """What can be done with an answer: copy it, ask again where it is the last, and say what it was worth."""
    again = button("retry", turn.id, "Ask again") if is_last else ""
    if not turn.answer:
        return f"<div class='tools'>{again}</div>" if again else ""
    up, down = turn.is_up is True, turn.is_up is False
    thumbs = button("up", turn.id, "Helpful", up) + button("down", turn.id, "Not helpful", down)
    return f"<div class='tools'>{button('copy', turn.id, 'Copy')}{again}{thumbs}</div>{_word(turn)}"


def button(name: str, value: str, words: str, chosen: bool = False) -> str:
    """A button that the page's script hears; of its attributes the chat lets pass only these."""
    kind, mark = ("act chosen", "✓ ") if chosen else ("act", "")
    return f"<button type='button' class='{kind}' name='{name}' value='{escape(value)}'>{mark}{escape(words)}</button>"


def _word(turn: KeptTurn) -> str:
    """Where a judged answer gets a word."""
    if turn.is_up is None:
        return ""
    if turn.word:
        return f"<p class='kept'>Kept, with your word: “{escape(turn.word)}”</p>"
    return (
        f"<form class='act kept' name='word'><input type='hidden' name='id' value='{escape(turn.id)}'>"
        f"<label>Kept. A word on it, if you like: <input name='word' maxlength='{MAX_WORD}'></label>"
        "<button type='submit'>Keep</button></form>"
    )


def plain(answer: Recalled, filters: Filters = ANY) -> str:
    """Question, quotes and their sources as text, to paste elsewhere."""
    asked = f"{answer.question}\n\n{_only(answer, filters)}" if filters else answer.question
    if not answer.found:
        return f"{asked}\n\n{answer.text}"
    quotes = [f"{_one_line(each.quote)} [{each.number}]{says(each)}" for each in answer.citations]
    sources = [f"[{citation.number}] {_source(citation)}" for citation in answer.citations]
    return "\n\n".join([asked, *quotes, "\n".join(sources)])


def _quote(answer: Recalled, citation: Citation) -> str:
    again = [each for each in answer.citations if each.repeats == citation.number]
    also = f" <span class='also'>also in {' '.join(_number(answer, each) for each in again)}</span>" if again else ""
    said = f"<span class='also'>{escape(says(citation))}</span>" if citation.speaker else ""
    return f"<p class='quote'>{_marked(citation)}&nbsp;{_number(answer, citation)}{said}{also}</p>"


def _number(answer: Recalled, citation: Citation) -> str:
    return (
        f"<a class='cite' href='#{anchor(answer.id, citation.number)}' title='{escape(_source(citation))}'>"
        f"[{citation.number}]</a>"
    )


def _marked(citation: Citation) -> str:
    """The quote with the words that answer set off."""
    text, done = "", 0
    for span in citation.marks:
        start, end = span.start - citation.start, span.end - citation.start
        text += f"{escape(citation.quote[done:start])}<strong>{escape(citation.quote[start:end])}</strong>"
        done = end
    return text + escape(citation.quote[done:])


def was_completed(answer: Recalled) -> bool:
    """Whether something else was searched for than what was typed."""
    return _one_line(answer.query).casefold() != _one_line(answer.question).casefold()


def _searched_for(answer: Recalled, filters: Filters) -> str:
    asked = [f"Searched for: {answer.query}"] if was_completed(answer) else []
    asked += [_only(answer, filters)] if filters else []
    return "".join(f"<p class='aside'>{escape(line)}</p>" for line in asked)


def _only(answer: Recalled, filters: Filters) -> str:
    """Which articles were asked; those that the answer knows have their titles."""
    passages = {each.article: each.title for each in answer.passages}
    return f"{only(filters, passages | {each.article: each.title for each in answer.citations})}."


def _closing(answer: Recalled) -> str:
    facts = [took(answer.seconds)]
    if answer.found:
        facts.insert(0, confidence(answer.confidence).capitalize())
    if answer.coverage == "partly":
        facts.insert(0, answers_in_part(answer.missing))
    return f"<p class='aside'>{escape(' · '.join(facts))}</p>"


def _source(citation: Citation) -> str:
    named = f"“{citation.title}”" if citation.title else citation.article
    origin = citation.url if citation.url else citation.article if citation.title else ""
    about = byline(citation.author, citation.publisher, citation.published)
    return _one_line(", ".join(filter(None, (named, about, origin))))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
