"""Putting, removing and taking back files of an articles folder: names, places, and what must never be overwritten."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from index.filing import (
    LONGEST_NAME,
    REMOVED,
    NameTaken,
    NotFiled,
    clean_name,
    free_name,
    put,
    remove,
    removed_files,
    replace,
    restore,
)  # fmt: skip
from index.scan import Found, scan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two articles, one in a folder of its own, beside a file that is none of this folder."""
    folder = tmp_path / "articles"
    (folder / "sub").mkdir(parents=True)
    (folder / "tides.md").write_text("The tide rises.")
    (folder / "sub" / "moon.txt").write_text("The moon pulls.")
    (tmp_path / "outside.md").write_text("Not yours.")
    return folder


def files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def indexed(folder: Path) -> list[str]:
    return [each.id for each in scan(folder) if isinstance(each, Found)]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("tides.md", "tides.md"),
        ("../../etc/tides.md", "tides.md"),
        ("C:\\Users\\ann\\tides.MD", "tides.MD"),
        ("/tides.md", "tides.md"),
        (".hidden.md", "hidden.md"),
        ("...  .md .md", "md.md"),
        ("  two   words .txt ", "two words.txt"),
        ("line\nbreak\x00\x1b[31m.txt", "linebreak[31m.txt"),
        ("right\u202eleft.txt", "rightleft.txt"),
        ("e\u0301tude.pdf", "\u00e9tude.pdf"),
        ("<img src=x onerror=run()>.html", "<img src=x onerror=run()>.html"),
        ("100% a&b?.html", "100% a&b?.html"),
        ("a.md\udcff.md", "a.md.md"),
    ],
)
def test_a_name_becomes_harmless(given: str, name: str) -> None:
    assert clean_name(given) == name
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "given",
    [
        "",
        ".md",
        "..",
        "notes",
        "run.exe",
        "tides.md/",
        "README.md",
        "readme.MD",
        "articles.toml",
        "a.md\u0000.exe",
        "x.pdf.zip",
    ],
)
def test_what_cannot_be_an_article_is_refused(given: str) -> None:
    with pytest.raises(NotFiled):
        clean_name(given)


def test_a_long_name_is_cut_between_characters() -> None:
    name = clean_name("ü" * 300 + ".html")
    assert name == "ü" * 97 + ".html"  # 2 bytes each: 97 of them and the suffix are 199 bytes
    assert len(name.encode()) <= LONGEST_NAME and unicodedata.is_normalized("NFC", name)


def test_a_folder_named_like_an_entry_of_no_moment_is_no_removed_file(folder: Path) -> None:
    strange = folder / ".removed" / "99999999T999999-00000000"
    strange.mkdir(parents=True)
    (strange / "tides.md").write_text("An ebb.")
    assert removed_files(folder) == []
    with pytest.raises(NotFiled):
        restore(folder, strange.name)


def test_removing_hides_and_taking_back_restores(folder: Path) -> None:
    before = files(folder)
    keys = [remove(folder, "sub/moon.txt"), remove(folder, "tides.md")]
    assert indexed(folder) == []
    assert [(each.key, each.id) for each in removed_files(folder)] == sorted(
        zip(keys, ("sub/moon.txt", "tides.md"), strict=True), reverse=True
    )
    assert files(folder) == {
        f"{REMOVED}/{key}/{id}": before[id] for key, id in zip(keys, ("sub/moon.txt", "tides.md"), strict=True)
    }
    (folder / "sub").rmdir()
    assert {restore(folder, key) for key in keys} == {"sub/moon.txt", "tides.md"}
    assert files(folder) == before and removed_files(folder) == []
    assert list((folder / REMOVED).iterdir()) == []


def test_taking_back_overwrites_nothing(folder: Path) -> None:
    key = remove(folder, "tides.md")
    (folder / "tides.md").write_text("Another tide.")
    with pytest.raises(NameTaken, match=r"tides\.md"):
        restore(folder, key)
    assert (folder / "tides.md").read_text() == "Another tide."
    (folder / "tides.md").unlink()
    assert restore(folder, key) == "tides.md"
    assert (folder / "tides.md").read_text() == "The tide rises."


def test_the_same_file_can_be_removed_again_and_again(folder: Path) -> None:
    first = remove(folder, "tides.md")
    (folder / "tides.md").write_text("A second tide.")
    second = remove(folder, "tides.md")
    assert restore(folder, second) == "tides.md"
    assert (folder / "tides.md").read_text() == "A second tide."
    assert [each.key for each in removed_files(folder)] == [first]


@pytest.mark.parametrize(
    "id",
    ["", ".", "..", "../outside.md", "sub/../../outside.md", "/etc/hosts", "sub//moon.txt", "sub/", "sub", ".removed/x", "no.md",
     "tides.md/", "tides.md\0", "no/such.md", "link.md", "out/outside.md", "README.md", "articles.toml", ".hidden.md", "x" * 5000],
)  # fmt: skip
def test_only_files_of_the_folder_are_removed(folder: Path, id: str) -> None:
    (folder / "link.md").symlink_to(folder.parent / "outside.md")
    (folder / "out").symlink_to(folder.parent)
    for name in ("README.md", "articles.toml", ".hidden.md"):
        (folder / name).write_text("# Mine")
    before = files(folder.parent)
    with pytest.raises(NotFiled):
        remove(folder, id)
    assert files(folder.parent) == before
    assert not (folder / REMOVED).exists() or not any((folder / REMOVED).iterdir())


@pytest.mark.parametrize("key", ["", "..", "../articles", "20260101T000000-00000000", "x/../../outside.md"])
def test_only_what_was_removed_is_taken_back(folder: Path, key: str) -> None:
    remove(folder, "tides.md")
    before = files(folder.parent)
    with pytest.raises(NotFiled):
        restore(folder, key)
    assert files(folder.parent) == before


def test_a_removed_folder_that_leads_elsewhere_is_not_used(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / REMOVED).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotFiled, match=REMOVED):
        remove(folder, "tides.md")
    assert (folder / "tides.md").exists() and not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("links", [True, False])
def test_putting_overwrites_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not links:  # as on a memory stick
        monkeypatch.setattr(os, "link", no_links)
    (folder / ".upload-1").write_text("New words.")
    with pytest.raises(NameTaken):
        put(folder, folder / ".upload-1", "tides.md")
    assert files(folder)["tides.md"] == "The tide rises."
    assert free_name(folder, "tides.md") == "tides (2).md"
    put(folder, folder / ".upload-1", "tides (2).md")
    assert files(folder)["tides (2).md"] == "New words." and not (folder / ".upload-1").exists()
    assert free_name(folder, "tides.md") == "tides (3).md"


def test_what_is_replaced_can_be_taken_back(folder: Path) -> None:
    (folder / ".upload-1").write_text("New words.")
    replace(folder, folder / ".upload-1", "tides.md")
    assert (folder / "tides.md").read_text() == "New words."
    (old,) = removed_files(folder)
    remove(folder, "tides.md")
    assert restore(folder, old.key) == "tides.md"
    assert (folder / "tides.md").read_text() == "The tide rises."


def test_a_replacement_that_fails_leaves_the_old_file(folder: Path) -> None:
    with pytest.raises(NotFiled):
        replace(folder, folder / ".upload-missing", "tides.md")
    assert (folder / "tides.md").read_text() == "The tide rises." and removed_files(folder) == []
