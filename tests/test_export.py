"""Conversations taken elsewhere: JSON that qa.verify checks as another program would, Markdown, HTML, BibTeX, thumbs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from starlette.testclient import TestClient

from index import build_index, open_index
from index.filters import Filters
from qa import ask
from qa.answer import Answer, Citation
from qa.conversations.bibtex import bibtex
from qa.conversations.export import export_json, export_markdown
from qa.conversations.export_page import export_html
from qa.conversations.history import History
from qa.conversations.kept import KeptConversation, KeptTurn
from qa.conversations.recall import recall
from qa.evaluate import load_questions
from qa.render import as_json
from qa.verify import read_export, verify
from qa.web.downloads import add_downloads

PROJECT = Path(__file__).resolve().parent.parent
HOSTILE = "It <script>hacked()</script> *rose* ![x](http://outside.test/x.png) [go](javascript:x) | & $x$ \\ `t` <b>."
COOKIE = {"cookie": f"quoted_owner={'a' * 43}"}


def source(number: int, quote: str, article: str = "a.md", **more: object) -> Citation:
    fields: dict[str, object] = {
        "title": "The tide", "author": "Ada Lind", "publisher": "Coast News", "published": "2021-05-04", "url": "",
        "start": 10, "end": 10 + len(quote), "page": None, "stale": False, "also": (),
    }  # fmt: skip
    return Citation(number, quote, article, **(fields | more))  # type: ignore[arg-type]


def answered(*citations: Citation, question: str = "Why?") -> KeptTurn:
    text = " ".join(each.quote for each in citations)
    answer = Answer("id", question, question, bool(citations), "full", 0.9, text, citations, (), 3, 0.01)
    return KeptTurn("t", question, False, Filters(), "2026-11-25T10:00:00+00:00", as_json(answer))


def conversation(*turns: KeptTurn, title: str = "Tides") -> KeptConversation:
    return KeptConversation("id", title, Filters(), turns)


# What an export says, and what qa.verify finds


@pytest.fixture
def exported(articles: Path, tmp_path: Path) -> Path:
    """A conversation about the three articles, exported; its index lies in `index`."""
    build_index(articles, tmp_path / "index")
    index = open_index(tmp_path / "index")
    turns = []
    for question in ("Why was the harbour bridge closed?", "How much do visitors pay in the museum for clocks?"):
        answer = ask(question, index=index)
        assert answer.found
        turns.append(KeptTurn("t", question, False, Filters(), "2026-11-25T10:00:00+00:00", as_json(answer)))
    file = tmp_path / "export.json"
    file.write_text(export_json(conversation(*turns)))
    return file


def verified(export: Path, *options: str) -> tuple[int, dict[str, Any], str]:
    command = [sys.executable, "-m", "qa.verify", str(export), "--json", *options]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def standings(result: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in result["results"]:
        found.setdefault(each["article"], set()).add(each["standing"])
    return found


@pytest.mark.model
def test_every_quotation_of_an_export_stands_where_it_says(exported: Path, articles: Path, tmp_path: Path) -> None:
    value = json.loads(exported.read_text())
    texts = {id: open_index(tmp_path / "index").article(id).text for id in ("harbour.md", "museum.html")}
    for each in value["articles"]:
        assert each["sha256"] == sha256(texts[each["id"]].encode()).hexdigest()
    for turn in value["turns"]:
        for each in turn["answer"]["citations"]:
            assert texts[each["article"]][each["start"] : each["end"]] == each["quote"]
    code, result, _ = verified(exported, "--index", str(tmp_path / "index"))
    assert code == 0 and result["quotations"] == result["standing"] >= 2
    assert standings(result) == {"harbour.md": {"same"}, "museum.html": {"same"}}


@pytest.mark.model
def test_moved_changed_and_gone_are_told_apart(exported: Path, articles: Path, tmp_path: Path) -> None:
    harbour, museum = articles / "harbour.md", articles / "museum.html"
    text = harbour.read_text()
    harbour.write_text(text.replace("# The harbour bridge\n", "# The harbour bridge\n\nA line was added here.\n"))
    museum.write_text(museum.read_text().replace("four crowns", "nine crowns"))
    build_index(articles, tmp_path / "index")
    code, result, _ = verified(exported, "--index", str(tmp_path / "index"))
    assert code == 1 and standings(result) == {"harbour.md": {"moved"}, "museum.html": {"changed"}}
    now = open_index(tmp_path / "index").article("harbour.md").text
    for each in result["results"]:
        if each["standing"] == "moved":
            assert now[each["start"] : each["end"]] == each["quote"]
    harbour.unlink()
    museum.rename(articles / "renamed.html")
    museum = articles / "renamed.html"
    museum.write_text(museum.read_text().replace("nine crowns", "four crowns"))
    build_index(articles, tmp_path / "index")
    code, result, _ = verified(exported, "--index", str(tmp_path / "index"))
    assert code == 1 and standings(result) == {"harbour.md": {"gone"}, "museum.html": {"gone"}}
    assert {each["detail"] for each in result["results"]} == {"", "the same text is now renamed.html"}


@pytest.mark.model
def test_an_altered_quotation_does_not_stand(exported: Path, tmp_path: Path) -> None:
    value = json.loads(exported.read_text())
    value["turns"][0]["answer"]["citations"][0]["quote"] = "The bridge was never closed."
    exported.write_text(json.dumps(value))
    code, result, _ = verified(exported, "--index", str(tmp_path / "index"))
    assert code == 1
    assert "the export was altered" in next(
        each["detail"] for each in result["results"] if each["standing"] == "changed"
    )


def test_an_article_that_changed_between_two_turns_is_no_forgery(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    digests = []
    for sentence in (
        "The repair of the tide mill costs four crowns.",
        "The repair of the tide mill costs five crowns.",
    ):
        (tmp_path / "a" / "a.md").write_text(f"# The tide\n\n{sentence}\n")
        build_index(tmp_path / "a", tmp_path / "i")
        article = open_index(tmp_path / "i").article("a.md")
        digests.append((article.text.index(sentence), sentence, article.text_digest))
    turns = [answered(source(1, said, start=at, end=at + len(said), text_digest=of)) for at, said, of in digests]
    file = tmp_path / "export.json"
    file.write_text(export_json(conversation(*turns)))
    first, second = verify(read_export(file), open_index(tmp_path / "i"))
    assert (first.standing, first.detail) == ("changed", "") and second.standing == "same"


def _of(change: Callable[[dict[str, Any]], object]) -> str:
    value = json.loads(export_json(conversation(answered(source(1, "It rose.")))))
    change(value)
    return json.dumps(value)


UNREADABLE = [
    b"", b"\xff\xfe", b"[]", b"{}", b'{"turns": 3, "articles": []}', b"[" * 100_000, b'{"turns": [{}], "articles": []}',
    _of(lambda value: value.pop("articles")).encode(),
    *(_of(lambda value, n=name, w=wrong: value["turns"][0]["answer"]["citations"][0].update({n: w})).encode()  # type: ignore[misc]
      for name, wrong in (("start", "0"), ("start", -1), ("start", True), ("start", 1.5), ("quote", ""), ("quote", None),
                          ("end", 0), ("article", ["a.md"]), ("article", "\ud800"), ("quote", "\udc00"))),
]  # fmt: skip


@pytest.mark.parametrize("content", UNREADABLE)
def test_what_is_no_export_says_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "export.json"
    file.write_bytes(content)
    code, result, said = verified(file)
    assert code == 2 and not result and said.startswith("error: ") and said.count("\n") == 1


def test_no_index_is_code_3(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(export_json(conversation(answered(source(1, "It rose.")))))
    code, result, said = verified(file, "--index", str(tmp_path / "none"))
    assert (code, result) == (3, {}) and "python -m index build" in said
    assert verified(tmp_path / "no-such.json")[0] == 2


# Markdown and HTML: everything stands there as text


def test_hostile_text_stays_text_in_markdown() -> None:
    turn = answered(source(1, HOSTILE, title=HOSTILE, url="javascript:x"), question=HOSTILE)
    text = export_markdown(conversation(turn, title=HOSTILE))
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    assert page.count("<em>") == 1  # when it was asked
    assert not {"script", "img", "a", "b", "table"} & set(re.findall(r"<(\w+)", page))
    shown = _Text.of(page)
    assert " ".join(HOSTILE.split()) + " [1]" in shown
    assert "characters 10-" in shown and "2021-05-04" in shown and "@misc{lind2021it," in shown


def test_hostile_text_stays_text_in_html() -> None:
    turn = answered(source(1, HOSTILE, title=HOSTILE, author="<i>", url="javascript:x"), question=HOSTILE)
    linked = answered(source(1, "It fell.", article="b.md", url="https://news.test/?a=1&b='2'"))
    page = export_html(conversation(turn, linked, KeptTurn("t", "Stopped?", False, Filters(), "now"), title="</title>"))
    assert not {"script", "img", "b", "i", "link", "iframe", "form"} & set(re.findall(r"<(\w+)", page))
    assert re.findall(r"href='([^']*)'", page) == ["https://news.test/?a=1&amp;b=&#x27;2&#x27;"]
    assert f"{HOSTILE} [1]" in _Text.of(page) and "No answer." in page and "default-src 'none'" in page


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        return parser.text


@pytest.mark.parametrize("text", ["1. no list", "- none", "+ none", "# none", "=== none", "2) none", "> none", "---"])
def test_the_beginning_of_a_quotation_is_no_markdown(text: str) -> None:
    page = MarkdownIt("commonmark").render(export_markdown(conversation(answered(source(1, text)))))
    assert f"<blockquote>\n<p>{text.replace('>', '&gt;')} [1]</p>\n</blockquote>" in page


# BibTeX


def test_references_are_complete_and_keys_unique() -> None:
    one = source(1, "x", title="The tide & 100% of {it}", url="https://a.test/{x}", doubtful=("published",))
    two = source(2, "x", article="b_b.md", author="Ada Lind and Tom Berg", published="2021")
    three = source(3, "x", article="c.md", author="Lind, A.", title="", publisher="", published="")
    assert bibtex([one, two, three, replace(one, number=4)]) == BIB


BIB = """\
@misc{lind2021tide,
  author = {Ada Lind},
  title = {{The tide \\& 100\\% of \\{it\\}}},
  publisher = {{Coast News}},
  year = {2021},
  date = {2021-05-04},
  url = {https://a.test/%7Bx%7D},
  note = {Quoted from the file a.md; doubtful: published},
}

@misc{lind2021tide-2,
  author = {Ada Lind and Tom Berg},
  title = {{The tide}},
  publisher = {{Coast News}},
  year = {2021},
  date = {2021},
  note = {Quoted from the file b\\_b.md},
}

@misc{lind,
  author = {{Lind, A.}},
  title = {{c.md}},
  note = {Quoted from the file c.md},
}
"""


@pytest.mark.parametrize("text", ["a}\n}\n@string{x = 1}", "\\input{x}", "{{{", "a\x00b\u2028c", "50% $x$ #1 _~^"])
def test_no_text_ends_its_entry(text: str) -> None:
    hostile = source(1, "x", article=text, title=text, author=text, publisher=text, url=f"https://{text}")
    entry = re.sub(r"\\textbackslash\{\}|\\textasci\w+\{\}|\\[&%$#_{}]", "", bibtex([hostile]))
    depth = 0
    for position, char in enumerate(entry):
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth > 0 or position < entry.index("{") or position >= len(entry) - 2
    assert depth == 0 and "\\" not in entry


# Over the wire, and what readers said


def kept(tmp_path: Path) -> tuple[History, str, TestClient]:
    from fastapi import FastAPI

    from qa.web.owner import owner_of

    history, owner = History(tmp_path), owner_of(COOKIE)
    id = history.begin(owner)
    for question in ("Why?", "And then?"):
        turn = history.ask(owner, id, question, False, Filters())
        history.answer(owner, id, turn, answered(source(1, "It rose."), question=question).answer)
    app = FastAPI()
    add_downloads(app, history)
    return history, id, TestClient(app)


@pytest.mark.parametrize("ending", ["md", "html", "json", "bib"])
def test_only_the_owner_gets_a_conversation(tmp_path: Path, ending: str) -> None:
    _, id, client = kept(tmp_path)
    reply = client.get(f"/conversations/{id}.{ending}", headers=COOKIE)
    assert reply.status_code == 200 and ("@misc{" if ending == "bib" else "It rose.") in reply.text
    assert reply.headers["content-disposition"] == f'attachment; filename="why.{ending}"'
    assert "no-store" in reply.headers["cache-control"] and "sandbox" in reply.headers["content-security-policy"]
    for headers in ({}, {"cookie": f"quoted_owner={'b' * 43}"}, {"cookie": "quoted_owner="}):
        refused = client.get(f"/conversations/{id}.{ending}", headers=headers)
        assert refused.status_code == 404 and "rose" not in refused.text
    for path in (
        f"/conversations/{id}",
        f"/conversations/{id}.exe",
        f"/conversations/.{ending}",
        f"/conversations/x.{ending}",
    ):
        assert client.get(path, headers=COOKIE).status_code == 404


def test_thumbs_become_questions_for_an_evaluation(tmp_path: Path) -> None:
    history, id, client = kept(tmp_path / "data")
    from qa.web.owner import owner_of

    owner = owner_of(COOKIE)
    assert client.get("/thumbs.jsonl", headers=COOKIE).text == ""
    first, second = history.conversation(owner, id).turns
    history.judge(owner, id, first.id, True)
    history.judge(owner, id, second.id, False, "another year")
    reply = client.get("/thumbs.jsonl", headers=COOKIE)
    up, down = (json.loads(line) for line in reply.text.splitlines())
    assert (up["type"], up["answers"], up["history"]) == ("thumb_up", [{"article": "a.md", "quote": "It rose."}], [])
    assert (down["type"], down["rejected"], down["word"]) == ("thumb_down", up["answers"], "another year")
    assert down["history"] == [["Why?", "It rose."]] and down["generation"] == 3
    assert client.get("/thumbs.jsonl").text == ""
    command = [sys.executable, "-m", "qa.thumbs", "--data", str(tmp_path / "data")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, reply.text)
    (tmp_path / "q.jsonl").write_text(reply.text)
    assert [each.text for each in load_questions(tmp_path / "q.jsonl")] == ["Why?"]  # the other waits for a person


@pytest.mark.model
def test_an_answer_is_recalled_as_it_was(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "index")
    answer = ask("Why was the harbour bridge closed?", index=open_index(tmp_path / "index"))
    recalled = recall(as_json(answer))
    assert recalled.citations == answer.citations and recalled.text == answer.text
    assert [(each.article, each.start, each.text) for each in recalled.passages] == [
        (hit.passage.article.id, hit.passage.start, hit.passage.text) for hit in answer.passages
    ]
    citation = recalled.citations[0]
    text = open_index(tmp_path / "index").article(citation.article).text
    assert citation.around.before + citation.quote + citation.around.after in text
    assert citation.why is not None and set(citation.why.words) >= {"harbour", "bridge", "closed"}
    assert (citation.why.dense_rank, citation.why.lexical_rank) == (
        answer.passages[0].dense_rank,
        answer.passages[0].lexical_rank,
    )


def test_an_answer_of_an_earlier_version_is_shown_with_what_it_has() -> None:
    value = json.loads(answered(source(1, "It rose.")).answer)
    for name in ("why", "around", "provenance", "text_digest", "marks", "doubtful"):
        del value["citations"][0][name]
    value["of_a_later_version"] = 1
    citation = recall(json.dumps(value)).citations[0]
    assert (citation.quote, citation.why, citation.around.before) == ("It rose.", None, "")
    with pytest.raises(ValueError, match="no answer's JSON"):
        recall("{}")
