"""The parts of the web chat without a browser: what is refused, what is escaped, what is said."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from index import build_index
from index.article import Article, Provenance, Span
from index.encode import EncoderCard
from index.filters import Filters
from index.generation import Failure, Manifest
from qa.answer import Answer, Around, Citation, Why
from qa.conversations.aging import CHANGED, GONE, Today
from qa.conversations.history import History, NoConversation
from qa.conversations.kept import Heading
from qa.conversations.recall import Recalled, recall
from qa.errors import BadQuestion
from qa.render import as_json, as_text
from qa.web.acts import DOINGS, act_of, perform
from qa.web.cards import evidence
from qa.web.conversation import Asker, Conversation, Talk
from qa.web.examples import Examples, possible_questions, written_questions
from qa.web.line import Line
from qa.web.message import message_steps, plain
from qa.web.narrowing import LISTED, narrowing
from qa.web.owner import Owners, owner_of
from qa.web.panel import about
from qa.web.past import past
from qa.web.screen import Screens
from qa.web.watching import Standing
from qa.web.wording import article_address, day, fingerprint, minute, only

PROJECT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--index", "{tmp}/none"], 3, "python -m index build"),
        (["--host", "0.0.0.0"], 2, "--auth"),
        (["--auth", "nobody"], 2, "USER:PASSWORD"),
        (["--port", "99999"], 2, "port"),
        (["{tmp}", "--index", "{tmp}/index"], 3, "was built from"),
        (["--index", "{tmp}/index", "--data", "{tmp}/index/CURRENT"], 2, "cannot be kept"),
    ],
)
def test_a_page_that_cannot_start_says_why(tmp_path: Path, options: list[str], code: int, said: str) -> None:
    if "{tmp}/index" in options:
        build_index(PROJECT / "seeds", tmp_path / "index")
    filled = ["--port", "0", *(option.replace("{tmp}", str(tmp_path)) for option in options)]
    done = subprocess.run([sys.executable, "app.py", *filled], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_busy_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "app.py", "--port", port]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.strip() == f"127.0.0.1:{port} is in use; choose another with --port."


def test_help_needs_no_page() -> None:
    code = "import sys, app\ntry: app.main(['--help'])\nfinally: print(sorted({'gradio', 'qa'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith("[]\n")
    assert "limits:" in done.stdout


def test_an_address_holds_any_id() -> None:
    assert article_address("a/b c#?%.md", 1, 2) == "/article/a/b%20c%23%3F%25.md?from=1&to=2#mark"
    others = [Span(1, 2), Span(5, 9)]
    assert article_address("a.md", 1, 2, others) == "/article/a.md?from=1&to=2&also=5-9#mark"


def test_marks_in_the_text_of_an_article_are_no_citations() -> None:
    answer = _answer("He said so. [2] And <b>more</b> [1]")
    *_, message = message_steps(_recalled(answer))
    assert message.count("<a ") == 1
    assert "He said so. [2] And &lt;b&gt;more&lt;/b&gt; [1]&nbsp;<a class='cite' href='#cite-id-1'" in message
    assert plain(_recalled(answer)).startswith(
        "Why?\n\nHe said so. [2] And <b>more</b> [1] [1]\n\n[1] “Title”, Ann · 6 April 2017"
    )


def test_errors_are_told_in_the_chat(tmp_path: Path) -> None:
    def too_long(question: str, history: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        raise BadQuestion("The question is too long.")

    def broken(question: str, history: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        raise RuntimeError("secret detail")

    assert "The question is too long." in _talk(too_long, ["a"], tmp_path).turns[-1].message
    message = _talk(broken, ["a"], tmp_path).turns[-1].message
    assert "Something went wrong" in message and "secret" not in message


def test_earlier_turns_are_handed_on(tmp_path: Path) -> None:
    seen: list[list[tuple[str, str]]] = []

    def remember(question: str, history: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        seen.append(history)
        return _answer("Because.")

    assert len(_talk(remember, ["a", "b"], tmp_path).turns) == 2
    assert seen == [[], [("a", "Because. [1]")]]


def test_too_many_at_once_are_told_so(tmp_path: Path) -> None:
    async def crowd() -> Talk:
        conversation = Conversation(lambda *_: _answer(""), History(tmp_path), Line(0))
        return [talk async for talk in conversation.reply("ann", "", "a")][-1]

    assert "Ask again in a moment" in asyncio.run(crowd()).turns[-1].message


TIDES, MOONS = Article("x.md", "", title="Tides", author="Ann"), Article("y.md", "", title="Moons")


@dataclass(frozen=True)
class Shelved:
    """A library of these cards."""

    manifest: Manifest

    def cards(self) -> list[Article]:
        return [TIDES, MOONS]


def test_examples_are_made_from_the_articles_at_hand() -> None:
    assert [question for question, _ in possible_questions([TIDES, MOONS])] == [
        "What does Ann say about “Tides”?",
        "What is said about “Moons”?",
        "Tides?",
        "Moons?",
    ]
    assert list(possible_questions([])) == [] and written_questions(empty_shelf()) == ()


def test_only_what_is_answered_surely_from_its_article_is_an_example() -> None:
    ready, asked = threading.Event(), threading.Event()

    def ask(question: str, history: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        if question == "Moons?":
            asked.set()
        sure = {"What is said about “Moons”?": 0.5, "Tides?": 0.97}.get(question, 0.9)
        answer = replace(_answer("It was so."), confidence=sure)
        return replace(answer, citations=(replace(answer.citations[0], article="x.md"),))

    examples, library = Examples(ask, lambda: assert_set(ready)), Shelved(empty_shelf().manifest)
    assert examples.of(library) == ()  # nothing is known yet
    ready.set()
    assert asked.wait(60)
    assert examples.of(library) == ("What does Ann say about “Tides”?",)


def assert_set(event: threading.Event) -> None:
    assert event.wait(60)


def test_asking_again_costs_no_answer_where_none_comes(tmp_path: Path) -> None:
    history = History(tmp_path)
    first = _talk(lambda *_: _answer("Because."), ["Why?", "And?"], tmp_path)
    old = history.conversation("ann", first.id).turns[0]

    async def again(line: Line) -> list[Talk]:
        conversation = Conversation(lambda *_: _answer("Since then."), history, line)
        return [talk async for talk in conversation.reply("ann", first.id, "Why now?", instead_of=old.id)]

    waiting, busy = asyncio.run(again(Line(0)))
    assert [turn.question for turn in waiting.turns] == ["Why now?"]
    assert [turn.question for turn in busy.turns] == ["Why?", "And?", "Why now?"]
    assert "Because." in busy.turns[0].message and "Ask again in a moment" in busy.turns[-1].message
    assert [turn.question for turn in history.conversation("ann", first.id).turns] == ["Why?", "And?", "Why now?"]
    done = asyncio.run(again(Line()))[-1]
    kept = history.conversation("ann", first.id).turns
    assert [turn.question for turn in done.turns] == [turn.question for turn in kept] == ["Why now?"]
    assert "Since then." in kept[0].answer


def test_a_kill_while_a_question_is_asked_again_costs_no_answer(tmp_path: Path) -> None:
    history = History(tmp_path)
    first = _talk(lambda *_: _answer("Because."), ["Why?"], tmp_path)
    old = history.conversation("ann", first.id).turns[0]

    async def begun() -> None:
        replies = Conversation(lambda *_: _answer(""), history).reply("ann", first.id, "Why?", instead_of=old.id)
        await anext(replies)
        kept = history.conversation("ann", first.id).turns  # what a kill would leave now
        assert kept[0] == old and [turn.question for turn in kept] == ["Why?", "Why?"]

    asyncio.run(begun())


def test_dates_are_written_as_people_write_them() -> None:
    written = [day(date) for date in ("2017-04-06", "2017-04", "2017", "", "soon", "2017-99")]
    assert written == ["6 April 2017", "April 2017", "2017", "", "soon", "2017-99"]
    assert minute("2026-11-22T15:30:59+00:00") == "22 November 2026, 15:30 UTC"


@dataclass(frozen=True)
class Shelf:
    manifest: Manifest

    def cards(self) -> list[Article]:
        return []


def empty_shelf() -> Shelf:
    card = EncoderCard("any", "", "f32", 8)
    return Shelf(Manifest(1, 7, "2026-11-22T15:30:00+00:00", "/a", card, 1, 160, 0, 0, (), ()))


def test_a_screen_reads_the_cards_of_all_articles_once(tmp_path: Path) -> None:
    read: list[str] = []

    class Counting(Shelf):
        def cards(self) -> list[Article]:
            read.append("cards")
            return [TIDES, MOONS]

    counting = Counting(empty_shelf().manifest)
    screens = Screens(Conversation(lambda *_: _answer(""), History(tmp_path)), lambda: counting)
    shown = "".join(map(str, screens.first("somebody", "")))
    assert read == ["cards"] and shown.count("Tides") > 1  # in the filters and in the panel


def test_the_head_tells_how_the_index_stands() -> None:
    failure = Failure("a.txt", "empty", "The file holds no text.", "")
    card = EncoderCard("any", "", "f32", 8)
    manifest = Manifest(1, 7, "2026-11-22T15:30:00+00:00", "/a", card, 1, 160, 1200, 3000, (failure,), ())
    now = datetime(2026, 11, 22, 15, 47, tzinfo=UTC)
    head = about(Shelf(manifest), Standing(7, 2, "<b>no folder</b>"), now)
    assert "1,200 articles" in head and "indexed 17 minutes ago" in head and "22 November 2026, 15:30 UTC" in head
    assert "1 file not indexed" in head and "2 files changed since" in head
    assert "not up to date: &lt;b&gt;no folder&lt;/b&gt;" in head
    assert "changed" not in about(Shelf(manifest), Standing(6, 2), now)  # that was of the generation before


def _answer(quote: str) -> Answer:
    citation = Citation(1, quote, "a.md", "Title", "Ann", "", "2017-04-06", "", 0, len(quote), None, False, ())
    return Answer("id", "Why?", "Why?", True, "full", 0.9, f"{quote} [1]", (citation,), (), 1, 0.01)


def _recalled(answer: Answer) -> Recalled:
    return recall(as_json(answer))


def _talk(ask: Asker, questions: list[str], folder: Path) -> Talk:
    async def talk() -> Talk:
        conversation, last = Conversation(ask, History(folder)), Talk()
        for question in questions:
            last = [grown async for grown in conversation.reply("ann", last.id, question)][-1]
        return last

    return asyncio.run(talk())


def test_what_was_corrected_can_be_searched_as_typed(tmp_path: Path) -> None:
    asked: list[tuple[str, bool]] = []

    def complete(question: str, history: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        asked.append((question, as_typed))
        return replace(
            _answer("Because."), question=question, query=question if as_typed else f"{question} (corrected)"
        )

    async def talk() -> Talk:
        conversation = Conversation(complete, History(tmp_path))
        first = [grown async for grown in conversation.reply("ann", "", "whi?")][-1]
        return [grown async for grown in conversation.reply("ann", first.id, "whi?", as_typed=True)][-1]

    completed, exact = asyncio.run(talk()).turns
    assert completed.is_completed and "Searched for: whi? (corrected)" in completed.message
    assert not exact.is_completed and asked == [("whi?", False), ("whi?", True)]


def test_different_articles_are_told_apart_and_words_that_answer_stand_out() -> None:
    first = replace(_answer("It was 70 <b>.").citations[0], marks=(Span(7, 9),))
    second = replace(first, number=2, article="b.md", author="Tom", marks=())
    again = replace(first, number=3, article="c.md", repeats=1, marks=())
    *_, message = message_steps(_recalled(replace(_answer(""), citations=(first, second, again))))
    assert "It was <strong>70</strong> &lt;b&gt;." in message and message.count("class='quote'") == 2
    assert "<p class='source'>Ann</p>" in message and "<p class='source'>Tom</p>" in message
    assert message.index("also in") < message.index("[3]") < message.index("Tom</p>")


def test_a_doubtful_date_is_shown_as_doubtful() -> None:
    doubted = Provenance(title="title element", published="time element, doubtful").doubtful
    assert doubted == ("published",)
    answer = _answer("It was so.")
    marked = replace(answer, citations=(replace(answer.citations[0], doubtful=doubted),))
    assert "date doubtful" in evidence(_recalled(marked)) and "doubtful" not in evidence(_recalled(answer))
    assert "(doubtful: published)" in as_text(marked)


def test_a_card_tells_why_it_was_chosen_and_what_stands_around() -> None:
    why = Why(("rust", "<b>"), 2, None, 0.5, 0.71)
    around = Around("Before. ", " After.", "Long before.", "<i>Long after.</i>")
    provenance = Provenance(published="time element, doubtful")
    citation = replace(
        _answer("It was so.").citations[0], why=why, around=around, provenance=provenance, section="4 May: <b>"
    )
    card = evidence(_recalled(replace(_answer("It was so."), citations=(citation,))))
    assert (
        "<blockquote><strong class='section'>4 May: &lt;b&gt;</strong>Before. <mark>It was so.</mark> After.</blockquote>"
        in card
    )
    assert "It shares “rust”, “&lt;b&gt;”" in card and "2nd by meaning (similarity 0.50)" in card
    assert "it looks like an answer (71%)" in card
    assert "<p class='byline'>Ann · 6 April 2017</p>" in card and "told by: time element, doubtful." in card
    assert "Long before." in card and "&lt;i&gt;Long after.&lt;/i&gt;" in card


def test_a_card_leads_to_its_place_by_its_title_and_says_where_no_date_is_stated() -> None:
    answer = _answer("It was so.")
    undated = replace(answer, citations=(replace(answer.citations[0], published=""),))
    card = evidence(_recalled(undated))
    heading = "<h3><span class='number'>1</span><a href='{}'"
    address = f"/article/a.md?from=0&amp;to=10&amp;words={fingerprint('It was so.')}#mark"
    assert heading.format(address) in card and card.count(address) == 2
    assert "<p class='byline'>Ann · no date stated</p>" in card
    assert "<p class='byline'>Ann · 6 April 2017</p>" in evidence(_recalled(answer))


@pytest.mark.parametrize(("note", "is_offered"), [("", True), (CHANGED, True), (GONE, False)])
def test_a_card_of_what_has_changed_says_so_once_and_offers_what_is_there(note: str, is_offered: bool) -> None:
    answer = _answer("It was so.")
    old = replace(answer, citations=(replace(answer.citations[0], page=3, stale=True),))
    card = evidence(_recalled(old), lambda article, *_: Today(article, None if note else 0, note))
    assert ("name='only'" in card) == ("Open the article" in card) == ("<h3><span class='number'>1</span><a" in card)
    assert ("name='only'" in card) == is_offered
    assert ("page 3" in card, "has changed since it was indexed" in card) == (not note, not note)
    assert not note or card.count(note) == 1


def test_filters_stand_before_the_answer_and_in_what_is_copied(tmp_path: Path) -> None:
    asked: list[Filters] = []

    def ask(question: str, history: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        asked.append(filters)
        return _answer("Because.")

    history, filters = History(tmp_path), Filters(after="2016-09", publishers=("<b>Herald</b>", "Courier"))
    id = history.begin("ann")
    history.set_filters("ann", id, filters)

    async def talk() -> Talk:
        return [grown async for grown in Conversation(ask, history).reply("ann", id, "Why?")][-1]

    turn = asyncio.run(talk()).turns[-1]
    said = "Only articles from &lt;b&gt;Herald&lt;/b&gt; or Courier, since September 2016."
    assert asked == [filters] and said in turn.message
    assert turn.copy.startswith(
        "Why?\n\nOnly articles from <b>Herald</b> or Courier, since September 2016.\n\nBecause."
    )


def test_names_of_filters_are_text_and_what_is_chosen_is_ticked() -> None:
    articles = [Article("a'.md", "", title="<b>One</b>", publisher="Herald"), Article("b.md", "", publisher="Herald")]
    form = narrowing(articles, Filters(publishers=("Gone Gazette",), articles=("a'.md",)), "<i>no date</i>")
    assert "<b>" not in form and "<i>" not in form and "role='alert'" in form and "<details open>" in form
    assert form.count("checked") == 2
    assert "name='articles' value='a&#x27;.md' checked>" in form and "value='Gone Gazette' checked>" in form
    assert "Herald <small>2 articles</small>" in form


def test_an_article_that_alone_was_asked_is_named_by_its_title_where_known() -> None:
    answer = _recalled(replace(_answer("It was so."), citations=(replace(_answer("It").citations[0], title="A\n<b>"),)))
    *_, message = message_steps(answer, Filters(articles=("a.md", "b.md")))
    assert "Only “A &lt;b&gt;” or b.md." in message
    assert plain(answer, Filters(articles=("a.md",))).startswith("Why?\n\nOnly “A <b>”.\n\n")


def test_articles_that_are_not_listed_are_counted_and_chosen_ones_have_their_titles() -> None:
    articles = [Article(f"{number:04}.md", "", title=f"Title {number}") for number in range(LISTED + 2)]
    form = narrowing(articles, Filters(articles=("0301.md", "gone.md")))
    assert form.count("type='checkbox'") == LISTED + 2 and "checked> Title 301" in form and "checked> gone.md" in form
    assert "and 1 other: narrow by publisher or date" in form and "Only “Title 301” or gone.md" in form
    assert "other" not in narrowing(articles[:LISTED], Filters())
    many = [Article(f"{number}.md", "", publisher=f"P{number}") for number in range(LISTED + 5)]
    assert narrowing(many, Filters()).count("and 5 others: ") == 2


def test_a_title_in_the_list_is_text() -> None:
    listed = past([Heading("id1", "<script>x</script>'")], "id1")
    assert "<script>" not in listed and "&lt;script&gt;" in listed and "aria-current='true'" in listed


@pytest.mark.parametrize(
    "sent", [None, [], "open", {}, {"act": 3}, {"act": "open", "id": {"a": 1}}, {"act": "nothing", "id": "x"}]
)
def test_odd_acts_do_nothing(tmp_path: Path, sent: object) -> None:
    history = History(tmp_path)
    id = history.begin("ann")
    after = perform(history, act_of("ann", id, "", sent))
    assert after.conversation in (id, "") and history.conversation("ann", id).turns == ()


def test_acts_touch_nothing_of_another_owner(tmp_path: Path) -> None:
    history = History(tmp_path)
    id = history.begin("ann")
    turn = history.ask("ann", id, "Why?", False, Filters())
    history.answer("ann", id, turn, as_json(_answer("Because.")))
    before = history.conversation("ann", id)
    for name in DOINGS:
        for conversation in (id, "new"):
            for target in (id, turn):
                sent = {"act": name, "id": target, "title": ["Mine now"], "word": ["x"], "publishers": ["p"]}
                perform(history, act_of("eve", conversation, turn, sent))
    assert history.conversation("ann", id) == before


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (Filters(), ""),
        (Filters(after="2016-09-12", before="2017"), "Only articles since 12 September 2016 until 2017"),
        (Filters(publishers=("A", "B", "C")), "Only articles from A, B or C"),
        (Filters(publishers=("A", "B", "C", "D")), "Only articles from A, B or 2 others"),
        (Filters(publishers=("A",), before="2017-05"), "Only articles from A, until May 2017"),
        (Filters(articles=("a.md",), publishers=("A",)), "Only a.md from A"),
    ],
)
def test_filters_are_told_in_words(filters: Filters, said: str) -> None:
    assert only(filters) == said


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, "cookie"),
        ({"cookie": "quoted_owner=short"}, "cookie"),
        ({"cookie": f"other=1; quoted_owner={'a' * 43}"}, ""),
        ({"sec-fetch-site": "none"}, "cookie"),
        ({"sec-fetch-site": "same-origin"}, "cookie"),
        ({"sec-fetch-site": "cross-site"}, "refresh"),
        ({"sec-fetch-site": "cross-site", "cookie": f"quoted_owner={'a' * 43}"}, ""),
    ],
)
def test_a_browser_gets_one_cookie_and_keeps_it(headers: dict[str, str], told: str) -> None:
    app = FastAPI()
    app.get("/")(lambda: PlainTextResponse("page"))
    reply = TestClient(Owners(app)).get("/", headers=headers)
    cookie = reply.headers.get("set-cookie", "")
    assert bool(cookie) == (told == "cookie") and ("http-equiv='refresh'" in reply.text) == (told == "refresh")
    if cookie:
        assert cookie.startswith("quoted_owner=") and "HttpOnly" in cookie and "SameSite=Strict" in cookie


def test_the_owner_is_the_cookie_also_beside_cookies_that_are_broken() -> None:
    own = owner_of({"cookie": f"quoted_owner={'a' * 43}"})
    assert own and own == owner_of({"cookie": f'x="a;b\\; q q=1; ;quoted_owner={"a" * 43}'}, "page1")
    assert owner_of({}, "page1") not in ("", own, owner_of({}, "page2"))
    assert "a" * 43 not in own


def test_who_names_nobody_meets_nobody(tmp_path: Path) -> None:
    history = History(tmp_path)
    one, other = owner_of({}), owner_of({"cookie": "quoted_owner="})
    id = history.begin(one)
    history.ask(one, id, "Why?", False, Filters())
    assert "" not in (one, other) and not history.headings(other) and not history.headings(owner_of({}))
    with pytest.raises(NoConversation):
        history.conversation(other, id)


def test_an_answer_that_cannot_be_kept_is_shown_and_that_is_told(tmp_path: Path) -> None:
    history = History(tmp_path)

    def full(question: str, asked: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        history._file._connection.execute("pragma query_only=on")  # as where the disk is full by now
        return _answer("Because.")

    async def talk() -> Talk:
        return [grown async for grown in Conversation(full, history).reply("ann", "", "Why?")][-1]

    answered, told = asyncio.run(talk()).turns
    assert "Because." in answered.message and "cannot be kept" in told.message
