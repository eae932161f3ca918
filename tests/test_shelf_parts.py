"""The articles page without a browser: rows, timeline, what uploads become, who may change what, and what is escaped."""

from __future__ import annotations

import io
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index import build_index
from index.article import Article, Provenance
from index.encode import EncoderCard
from index.filing import REMOVED
from index.generation import Failure, Manifest
from index.last_report import LastReport, last_report
from index.listing import Listing
from index.report import Change, DocumentReport, Report
from index.store import StoredFile, Summary
from index.terminal import Step, json_line, step_in
from qa.following import Following
from qa.web import receiving
from qa.web.guard import Guard, rules_for
from qa.web.listing import PAGE, Row, Wish, cut, list_documents, wish
from qa.web.receiving import Receiver
from qa.web.shelf import Shelf
from qa.web.shelf_page import View, articles_page
from qa.web.shelf_words import builds, changed, did, stands
from qa.web.timeline import NAMELESS, Dated, Dot, moment, timeline, timeline_page
from qa.web.upkeep import Building, Upkeep
from qa.web.watching import Standing

NOBODY = 65534
HERE = {"Origin": "http://127.0.0.1"}
HOSTILE = "<script>run()</script><img src=x onerror='run()'>\" onclick=\"run()"


# Rows


@dataclass(frozen=True)
class Library:
    """Articles as an index tells of them; two with the same `text` are duplicates."""

    manifest: Manifest
    articles: tuple[Article, ...] = ()

    def cards(self) -> list[Article]:
        return list(self.articles)

    def summaries(self) -> list[Summary]:
        return [
            Summary(StoredFile(each.id, "", each.text), each.title, each.published, 100, 3) for each in self.articles
        ]


def manifest(folder: Path, *failures: Failure, documents: int = 2) -> Manifest:
    card = EncoderCard("any", "", "f32", 8)
    return Manifest(1, 7, "2026-11-22T15:30:00+00:00", str(folder), card, 1, 160, documents, 3000, failures, ())


def test_each_document_has_its_status(tmp_path: Path) -> None:
    for name in ("broken.pdf", "kept.md"):
        (tmp_path / name).write_text("x")
    failures = (
        Failure("broken.pdf", "damaged", "It is cut.", "d1"),
        Failure("gone.pdf", "empty", "The file holds no text.", "d2"),
        Failure("kept.md", "timeout", "It took too long. Its last good version still answers.", "d3"),
    )
    articles = tuple(
        Article(id, text, title)
        for id, text, title in (
            ("a.md", "t1", "Tides"), ("b.md", "t1", "Tides again"), ("c.md", "t2", ""), ("d.md", "t3", "Dew"),
            ("kept.md", "t4", "Kept"),
        )
    )  # fmt: skip
    stale = (Change("c.md", "changed"), Change("d.md", "deleted"), Change("sub/e.txt", "new"))
    library = Library(manifest(tmp_path, *failures), articles)
    rows = {row.id: row for row in list_documents(library, Standing(7, 3, stale=stale))}
    assert {id: row.state for id, row in rows.items()} == {
        "a.md": "indexed", "b.md": "duplicate", "c.md": "changed", "d.md": "deleted", "kept.md": "failed",
        "broken.pdf": "failed", "gone.pdf": "deleted", "sub/e.txt": "new",
    }  # fmt: skip
    assert rows["b.md"].remark == "The same text as a.md."
    assert rows["broken.pdf"].remark == "damaged: It is cut."
    assert [rows[id].title for id in ("c.md", "sub/e.txt")] == ["c.md", "e.txt"]
    assert {id for id, row in rows.items() if not row.is_readable} == {"broken.pdf", "gone.pdf", "sub/e.txt"}
    earlier = {row.id: row.state for row in list_documents(library, Standing(6, 3, stale=stale))}
    assert earlier["c.md"] == "indexed" and "sub/e.txt" not in earlier  # that was of the generation before


ROWS = (
    Row("1.md", "beta", "indexed", "Ann", "Coast", "2017-04-06", (), 12),
    Row("2.md", "Alpha", "failed", "", "", "", (), 0, "damaged: It is cut."),
    Row("3.md", "gamma", "indexed", "bob", "Vale", "2016", (), 2),
    Row("4.md", "alpha", "new", "Ann", "Vale", "2016-12", (), 0),
)


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wish(), "2413"),
        (Wish(is_descending=True), "3124"),
        (Wish(column="author"), "4132"),
        (Wish(column="author", is_descending=True), "3412"),
        (Wish(column="published"), "3412"),
        (Wish(column="published", is_descending=True), "1432"),
        (Wish(column="passages"), "3124"),
        (Wish(column="passages", is_descending=True), "1324"),
        (Wish("ALPHA"), "24"),
        (Wish("ann vale"), "4"),
        (Wish("cut"), "2"),
        (Wish("2016"), "43"),
        (Wish("not yet"), "4"),
        (Wish("nowhere"), ""),
        (Wish(state="indexed"), "13"),
    ],
)
def test_rows_are_searched_and_sorted_with_the_unknown_last(wanted: Wish, ids: str) -> None:
    assert "".join(row.id[0] for row in cut(ROWS, wanted).rows) == ids


def test_five_thousand_rows_come_page_by_page() -> None:
    rows = [Row(f"{number}.md", f"Title {number * 7919 % 5000:04}", passages=number) for number in range(5000)]
    pages = [cut(rows, Wish(page=page)) for page in range(1, 101)]
    assert {(page.found, page.pages) for page in pages} == {(5000, 100)}
    assert [row.title for page in pages for row in page.rows] == [f"Title {number:04}" for number in range(5000)]
    assert cut(rows, Wish(page=999)).page == 100
    assert [row.passages for row in cut(rows, Wish(column="passages", is_descending=True)).rows] == list(
        range(4999, 4999 - PAGE, -1)
    )


def test_an_address_that_means_nothing_means_the_usual() -> None:
    assert wish("  two\t words ", "failed", "author", "desc", "3") == Wish("two words", "failed", "author", True, 3)
    for odd in ("", "0", "-1", "x", "9" * 5000, "１", "<b>"):
        assert wish("", odd, odd, odd, odd) == Wish()
    assert len(wish("a" * 10_000, "", "", "", "").words) == 200


# Timeline


def test_moments_are_the_middle_of_what_a_date_names() -> None:
    assert moment("2017") == 2017.5
    assert moment("2017-04") == pytest.approx(2017 + 3.5 / 12)
    assert moment("2017-01-16") == pytest.approx(2017 + 0.5 / 12)  # the 16th is the middle of 31 days
    assert moment("2016-12-31") == pytest.approx(2016 + (11 + 30.5 / 31) / 12)


def test_a_timeline_counts_by_publisher_and_year() -> None:
    dates = ["2011-03-01", "2011-12", "2011", "2016", ""]
    found = timeline([*(Dated(date, "Coast") for date in dates), Dated("2020-07-01", ""), Dated("", "Vale")])
    assert (found.first, found.last, found.undated) == (2011, 2021, 2)
    coast, nameless = found.lanes
    assert [(dot.when, dot.articles) for dot in coast.dots] == [("2011", 3), ("2016", 1)]
    assert [dot.place for dot in coast.dots] == pytest.approx([0.05, 0.55])
    assert nameless.publisher == NAMELESS and nameless.dots == (Dot("2020", 0.95, 1),)


@pytest.mark.parametrize(
    ("dates", "times", "ends"),
    [
        (["2017-04-06", "2017-04-20"], ["2017-04-06", "2017-04-20"], (2017 + 3 / 12, 2017 + 4 / 12)),
        (["2017-04-06", "2017-04-20", "2018-12-01"], ["2017-04", "2018-12"], (2017, 2019)),
        (["2017-04-06"], ["2017-04-06"], (2017 + 3 / 12, 2017 + 4 / 12)),
        (["1504", "2017-04-06"], ["1504", "2017"], (1504, 2018)),
    ],
)
def test_a_timeline_is_as_fine_as_it_is_short(dates: list[str], times: list[str], ends: tuple[float, float]) -> None:
    found = timeline(Dated(date, "Coast") for date in dates)
    assert [dot.when for dot in found.lanes[0].dots] == times
    assert (found.first, found.last) == pytest.approx(ends)
    assert all(0 <= dot.place <= 1 for dot in found.lanes[0].dots)


def test_small_publishers_share_a_lane_and_nothing_is_lost() -> None:
    articles = [Dated(f"20{10 + number}", f"P{number:02}") for number in range(10) for _ in range(20 - number)]
    found = timeline(articles)
    assert [lane.publisher for lane in found.lanes] == [f"P0{number}" for number in range(7)] + ["3 other publishers"]
    assert [lane.articles for lane in found.lanes] == [20, 19, 18, 17, 16, 15, 14, 13 + 12 + 11]


def test_a_plot_has_a_text_that_tells_the_same() -> None:
    page = timeline_page(timeline([Dated("2016-05-01", HOSTILE), Dated("2016-05-03", "Coast"), Dated("", "")]))
    assert "1 article without a date" in page and "2 dated articles from 1 May 2016 to 3 May 2016" in page
    assert "<td>Coast</td><td>3 May 2016</td><td>1</td>" in page
    assert tags(page) <= {
        "svg",
        "title",
        "line",
        "circle",
        "text",
        "p",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert timeline_page(timeline([])) == "<p class='quiet'>No article has a date yet.</p>"


# The page


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attributes}


def tags(page: str) -> set[str]:
    parser = _Tags()
    parser.feed(page)
    assert not {name for name in parser.attributes if name.startswith("on") or name == "style"}
    return parser.found


VIEW = View("2 articles.", "v1", cut(ROWS, Wish()), Wish(), "", None, (), False)


def reported(documents: list[DocumentReport], passages: int, embedded: int, seconds: float) -> Report:
    listing = Listing()
    for each in documents:
        listing.append(each)
    return listing.report(1, passages, embedded, seconds)


def test_hostile_texts_show_as_text() -> None:
    hostile = Row(HOSTILE, HOSTILE, "failed", HOSTILE, HOSTILE, HOSTILE, ("title", "published"), 3, HOSTILE)
    document = DocumentReport(HOSTILE, "failed", HOSTILE, HOSTILE, HOSTILE)
    last = LastReport(HOSTILE, reported([document], 1, 1, 1))
    wanted = Wish(HOSTILE)
    page = articles_page(
        replace(VIEW, stands=HOSTILE, version=HOSTILE, shown=cut([hostile], wanted), wanted=wanted, last=last)
    )
    assert tags(page) == tags(articles_page(replace(VIEW, last=LastReport("", reported([document], 1, 1, 1))))) | {
        "span"
    }
    assert page.count("<script>") == 1 and "<img" not in page


def test_a_doubtful_date_is_shown_so() -> None:
    doubted = Provenance(published="time element, doubtful").doubtful
    row = Row("1.md", "Tides", published="2017-04-06", doubtful=doubted)
    assert "6 April 2017<span class='doubt'>doubtful</span>" in articles_page(replace(VIEW, shown=cut([row], Wish())))


def test_a_read_only_page_offers_no_change() -> None:
    page, fixed = articles_page(VIEW), articles_page(replace(VIEW, is_fixed=True))
    for control in ("type='file'", "id='rebuild'", "type='checkbox'", "id='confirm'", "id='remove'"):
        assert control in page and control not in fixed
    assert "read-only" in fixed


def test_what_is_said_of_index_and_build(tmp_path: Path) -> None:
    known, now = manifest(tmp_path, documents=1200), datetime(2026, 11, 22, 15, 47, tzinfo=UTC)
    assert stands(known, Standing(7), True, now) == (
        "1,200 articles, 3,000 passages, indexed 17 minutes ago. Nothing has changed since."
    )
    stale = (Change("a", "new"), Change("b", "new"), Change("c", "deleted"))
    assert (
        changed(known, Standing(7, 3, stale=stale), True)
        == "Since then: 2 new, 1 deleted. The index follows by itself."
    )
    assert "Press Rebuild" in changed(known, Standing(7, 3, stale=stale), False)
    assert changed(known, Standing(6), True) == "Comparing the folder …"
    assert changed(known, Standing(7, trouble="no folder"), True) == "Not up to date: no folder"
    step = Step("documents read and embedded", 30, 120, 20.0)
    assert builds(Building("The watcher", step)) == (
        "The watcher: 30 of 120 documents read and embedded, 1.5 a second, about 1 min 0 s left."
    )
    assert builds(Building("Process 5")) == "Process 5 is building this index."
    report = reported([DocumentReport("a", "new"), DocumentReport("b", "failed")], 9, 4, 2.2)
    assert did(report) == "1 new, 1 failed; 4 passages embedded, in 2 s."


def test_progress_is_read_as_it_was_told() -> None:
    step = Step("documents read and embedded", 3, 9, 0.5)
    assert step_in(json_line(step)) == step
    for line in ('{"doing"', '{"doing": 3, "seconds": 1}', '{"doing": "x", "odd": 1}', "Generation 3", ""):
        assert step_in(line) is None


@pytest.mark.model
def test_the_last_report_is_kept_with_its_generation(articles: Path, tmp_path: Path) -> None:
    into = tmp_path / "i"
    assert last_report(into) is None
    build_index(articles, into)
    (articles / "museum.html").unlink()
    (articles / "bad.pdf").write_text("no pdf")
    build_index(articles, into)
    kept = last_report(into)
    assert kept is not None
    report = kept.report
    assert (report.deleted, report.failed, report.unchanged, report.new) == (1, 1, 2, 0)
    assert [(each.path, each.status) for each in report.documents] == [
        ("bad.pdf", "failed"),
        ("museum.html", "deleted"),
    ]
    assert build_index(articles, into).generation == 3  # a copy, which pushes the deleted text out
    assert last_report(into) == kept


# Uploading


def form(*files: tuple[str, bytes]) -> tuple[bytes, bytes]:
    """A body as browsers send it, and its boundary."""
    parts = [
        b'--xyz\r\nContent-Disposition: form-data; name="files"; filename="%b"\r\n'
        b"Content-Type: text/plain\r\n\r\n%b\r\n" % (name.encode("utf-8", "surrogateescape"), data)
        for name, data in files
    ]
    return b"".join(parts) + b"--xyz--\r\n", b"xyz"


def received(
    folder: Path, *files: tuple[str, bytes], clash: receiving.Clash = "ask", step: int = 7
) -> list[tuple[str, str]]:
    body, boundary = form(*files)
    receiver = Receiver(folder, boundary, clash)
    for start in range(0, len(body), step):
        receiver.take(body[start : start + step])
    receiver.abort()
    return [(each.outcome, each.name or each.detail) for each in receiver.received]


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_files_arrive_whole_whatever_the_pieces(tmp_path: Path, step: int) -> None:
    data = bytes(range(256)) * 3 + b"\r\n--xy\r\n--xyy"
    assert received(tmp_path, ("a.md", data), ("../b c.TXT", b"words"), step=step) == [
        ("saved", "a.md"),
        ("saved", "b c.TXT"),
    ]
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"a.md": data, "b c.TXT": b"words"}


def test_a_name_with_quotation_marks_keeps_them(tmp_path: Path) -> None:
    assert received(tmp_path, ("the %22end%22 of 100%.md", b"words")) == [("saved", 'the "end" of 100%.md')]


def test_a_name_that_is_taken_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("old")
    assert received(tmp_path, ("a.md", b"new")) == [("taken", "a.md")]
    assert (tmp_path / "a.md").read_text() == "old" and [each.name for each in tmp_path.iterdir()] == ["a.md"]
    assert received(tmp_path, ("a.md", b"new"), clash="both") == [("saved", "a (2).md")]
    assert received(tmp_path, ("a.md", b"newer"), clash="replace") == [("saved", "a.md")]
    assert (tmp_path / "a.md").read_text() == "newer" and (tmp_path / "a (2).md").read_text() == "new"
    assert [path.read_text() for path in (tmp_path / REMOVED).rglob("a.md")] == ["old"]


def test_one_refused_file_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MAX_BYTES", 50)
    told = received(
        tmp_path,
        ("run.exe", b"MZ"),
        ("big.md", b"x" * 51),
        ("README.md", b"# Read"),
        ("empty.md", b""),
        ("ok.md", b"x" * 50),
    )
    assert [outcome for outcome, _ in told] == ["refused"] * 4 + ["saved"]
    assert [each.name for each in tmp_path.iterdir()] == ["ok.md"]


def test_an_upload_is_bounded_in_count_and_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MAX_FILES", 3)
    told = received(tmp_path, *((f"{number}.md", b"x") for number in range(5)))
    assert [outcome for outcome, _ in told] == ["saved"] * 3 + ["refused"] * 2 and "at most 3 files" in told[3][1]
    monkeypatch.setattr(receiving, "MAX_TOTAL", 100)
    told = received(tmp_path, ("x.md", b"x" * 60), ("y.md", b"y" * 60))
    assert [outcome for outcome, _ in told] == ["saved", "refused"] and not (tmp_path / "y.md").exists()


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    body, boundary = form(("a.md", b"a" * 100), ("b.md", b"b" * 100))
    receiver = Receiver(tmp_path, boundary, "ask")
    receiver.take(body[:-60])
    assert [each.name.startswith(".") for each in tmp_path.iterdir()].count(True) == 1
    receiver.abort()
    assert [each.name for each in tmp_path.iterdir()] == ["a.md"]


@contextmanager
def a_small_disk(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: writing then fails as it does where the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_without_room_is_told_and_keeps_nothing(tmp_path: Path) -> None:
    with a_small_disk(20_000):
        told = received(tmp_path, ("big.md", b"x" * 60_000), ("small.md", b"x"), step=9000)
    assert told[0][0] == "refused" and told[0][1].startswith("It could not be stored: ")
    assert told[1] == ("saved", "small.md") and [each.name for each in tmp_path.iterdir()] == ["small.md"]


def test_uploads_leave_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = receiving.MIN_FREE + 100

    def usage(folder: Path) -> SimpleNamespace:
        return SimpleNamespace(free=free - sum(each.stat().st_size for each in folder.iterdir()))

    monkeypatch.setattr("qa.web.receiving.shutil.disk_usage", usage)
    told = received(tmp_path, ("a.md", b"x" * 60), ("b.md", b"x" * 60), ("c.md", b"x" * 40), step=50)
    full = "The disk is nearly full: uploads leave 200 MiB of it free."
    assert told == [("saved", "a.md"), ("refused", full), ("saved", "c.md")]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.md", "c.md"]


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    if not os.geteuid():  # root may write everywhere
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(folder.stat().st_mode | 0o011)
        os.seteuid(NOBODY)
    try:
        told = received(tmp_path, ("a.md", b"x"))
    finally:
        os.seteuid(os.getuid())
        tmp_path.chmod(0o755)
    assert told == [("refused", "It could not be stored: Permission denied.")] and not list(tmp_path.iterdir())


# The routes


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "articles").mkdir()
    (folder / "articles" / "tides.md").write_text("# Tides\n\nThe tide rises twice a day at the old harbour wall.")
    build_index(folder / "articles", folder / "index")
    return folder / "index"


def own_index(folder: Path) -> Path:
    """The index of a folder with one article, which a page may change."""
    folder.mkdir()
    (folder / "tides.md").write_text("# Tides\n\nThe tide rises twice a day at the old harbour wall.")
    build_index(folder, folder.parent / "own")
    return folder.parent / "own"


def client(index_dir: Path, folder: Path, is_fixed: bool = False) -> TestClient:
    shelf = Shelf(Following(index_dir).current, Upkeep(folder, index_dir, False, print), is_fixed)
    app = FastAPI()
    app.include_router(shelf.router())
    return TestClient(Guard(app, rules_for("127.0.0.1", "")), base_url="http://127.0.0.1")


def sent(name: str = "new.md", data: bytes = b"New words.") -> dict[str, Any]:
    return {"files": [("files", (name, io.BytesIO(data)))]}


CHANGES: dict[str, dict[str, Any]] = {
    "upload": sent(),
    "remove": {"json": {"ids": ["tides.md"]}},
    "restore": {"json": {"key": "x"}},
    "rebuild": {"json": {}},
    "stop": {"json": {}},
}


@pytest.mark.model
@pytest.mark.parametrize("route", CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.test"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1.evil.test"},
        {**HERE, "Sec-Fetch-Site": "cross-site"},
        {**HERE, "Sec-Fetch-Site": "same-site"},
        {**HERE, "Host": "evil.test"},
    ],
)
def test_only_the_page_itself_changes_anything(
    index_dir: Path, tmp_path: Path, route: str, headers: dict[str, str]
) -> None:
    (tmp_path / "tides.md").write_text("x")
    change = {"files": sent()["files"]} if route == "upload" else CHANGES[route]
    refused = client(index_dir, tmp_path).post(f"/articles/{route}", headers=headers, **change)
    assert refused.status_code in (400, 403)
    assert [each.name for each in tmp_path.iterdir()] == ["tides.md"]


@pytest.mark.model
@pytest.mark.parametrize("route", CHANGES)
def test_changing_needs_post_and_a_page_that_is_not_read_only(index_dir: Path, tmp_path: Path, route: str) -> None:
    (tmp_path / "tides.md").write_text("x")
    for method in ("GET", "PUT", "DELETE"):
        told = client(index_dir, tmp_path).request(
            method, f"/articles/{route}", headers={**HERE, "Content-Length": "0"}
        )
        assert told.status_code == 405, method
    change = {"files": sent()["files"]} if route == "upload" else CHANGES[route]
    refused = client(index_dir, tmp_path, is_fixed=True).post(f"/articles/{route}", headers=HERE, **change)
    assert refused.status_code == 403 and "read-only" in refused.json()["detail"]
    assert [each.name for each in tmp_path.iterdir()] == ["tides.md"]


@pytest.mark.model
def test_what_is_uploaded_is_removed_and_taken_back(tmp_path: Path) -> None:
    page = client(own_index(tmp_path / "a"), tmp_path / "a")
    (saved,) = page.post("/articles/upload", headers=HERE, **sent("über uns.md")).json()
    assert saved == {
        "sent": "über uns.md",
        "name": "über uns.md",
        "outcome": "saved",
        "detail": "Saved as “über uns.md”.",
    }
    gone, refused = page.post("/articles/remove", headers=HERE, json={"ids": ["über uns.md", "../x.md"]}).json()
    assert gone["detail"] == "" and refused["detail"] == "“../x.md” is no article of this folder."
    assert "Take “über uns.md” back" in page.get("/articles").text
    assert page.post("/articles/restore", headers=HERE, json={"key": gone["key"]}).json() == {"id": "über uns.md"}
    assert page.post("/articles/restore", headers=HERE, json={"key": gone["key"]}).status_code == 409
    assert (tmp_path / "a" / "über uns.md").read_text() == "New words."


@pytest.mark.model
@pytest.mark.parametrize("route", CHANGES)
def test_a_folder_that_lost_its_index_to_another_is_not_changed(index_dir: Path, tmp_path: Path, route: str) -> None:
    (tmp_path / "tides.md").write_text("x")
    refused = client(index_dir, tmp_path).post(f"/articles/{route}", headers=HERE, **CHANGES[route])
    assert refused.status_code == 409 and "Start the page again." in refused.json()["detail"]
    assert [path.name for path in tmp_path.iterdir()] == ["tides.md"]


@pytest.mark.model
def test_uploads_have_a_larger_limit_than_other_requests(tmp_path: Path) -> None:
    page = client(own_index(tmp_path / "a"), tmp_path / "a")
    assert page.post("/articles/upload", headers=HERE, **sent(data=b"words " * 100_000)).status_code == 200
    length = {**HERE, "Content-Length": str(receiving.MAX_BODY + 1)}
    assert page.post("/articles/upload", headers=length, content=b"x").status_code == 413
    assert page.post("/articles/remove", headers=HERE, json={"ids": ["x" * 300_000]}).status_code == 413
    assert page.post("/articles/upload", headers=HERE, json={}).status_code == 415
    odd = {**HERE, "Content-Type": "multipart/form-data; boundary=xyz"}
    assert page.post("/articles/upload", headers=odd, content=b"no form").status_code == 400
    assert sorted(each.name for each in (tmp_path / "a").iterdir()) == ["new.md", "tides.md"]


@pytest.mark.model
def test_the_page_says_how_an_index_that_is_missing_is_built(tmp_path: Path) -> None:
    told = client(tmp_path / "none", tmp_path).get("/articles")
    assert told.status_code == 503 and "python -m index build" in told.text
