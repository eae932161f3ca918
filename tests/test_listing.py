"""Reports of documents, held packed: what goes in comes out, in memory and on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

import index.listing
from index.listing import Listing
from index.report import DocumentReport
from index.scan import Found, scan


@pytest.mark.parametrize("in_memory", [1_000_000, 200])
def test_what_goes_in_comes_out(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(index.listing, "IN_MEMORY", in_memory)
    told = [
        DocumentReport(f"{number:02}.txt", "new", "", "", f"Über “{number}”\n", "2021", number, 1)
        for number in range(20)
    ]
    told.append(DocumentReport("z.txt", "failed", "empty", "The file is empty."))
    listing = Listing()
    for each in told:
        listing.append(each)
    assert list(listing) == told and len(listing) == 21
    assert (listing[0], listing[-1], listing[3:5]) == (told[0], told[-1], told[3:5])
    with pytest.raises(IndexError):
        listing[21]
    listing.append(told[0])  # adding goes on after reading
    assert list(listing) == [*told, told[0]]
    report = listing.report(3, 7, 5, 1.23456)
    assert (report.new, report.failed, report.unchanged, report.seconds) == (21, 1, 0, 1.235)
    assert listing.indexed == 21


def test_documents_are_found_in_the_order_of_their_ids(tmp_path: Path) -> None:
    """Names that begin alike, of files and folders, are where walking a tree and sorting its ids part company."""
    names = [
        "a.txt",
        "a/b.txt",
        "a-b.txt",
        "a/b/c.txt",
        "a/b.x/c.txt",
        "a0.txt",
        "B.txt",
        "é.txt",
        "a/b-c.txt",
        "𝕏.txt",
        "ｆ.txt",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "a" / "loop").symlink_to("loop")
    found = [each.id for each in scan(tmp_path) if isinstance(each, Found)]
    assert found == sorted(names)
