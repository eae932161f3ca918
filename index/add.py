"""URLs go in; their pages are saved into the articles folder, and articles.toml tells where each came from and when."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import tomlkit

from index.correct import FILE, corrections
from index.errors import BuildRefused, IndexDamaged, IndexMissing
from index.fetch import Fetched, fetch
from index.files import replace_file
from index.inspection import status
from index.places import default_articles
from index.reading.block import Unreadable

LONGEST_NAME = 100  # characters


@dataclass(frozen=True)
class Added:
    """What became of one URL: the path of its file, or the reason code and a sentence why there is none."""

    url: str
    path: str = ""
    reason: str = ""
    detail: str = ""


def add(
    urls: Iterable[str], index_dir: Path, articles: Path | None = None, allow_loopback: bool = False
) -> tuple[Path, list[Added]]:
    """Fetch each URL and save it; a URL that is there already is fetched anew into the same file.

    Returns the folder (`articles`, else that of the index, else the default) and what became of each.
    Raises BuildRefused.
    """
    folder = articles.absolute() if articles else _folder_of(index_dir)
    if not folder.is_dir():
        raise BuildRefused(f"There is no folder {folder}. Make it, or name another with --articles.")
    corrections(folder)  # an articles.toml that cannot be read must not be written to
    return folder, [_add(url, folder, allow_loopback) for url in dict.fromkeys(urls)]


def _folder_of(index_dir: Path) -> Path:
    try:
        return Path(status(index_dir).articles)
    except (IndexMissing, IndexDamaged):
        return default_articles().absolute()


def _add(url: str, folder: Path, allow_loopback: bool) -> Added:
    try:
        page = fetch(url, allow_loopback)
    except Unreadable as error:
        return Added(url, "", error.reason, error.detail)
    address = url.partition("#")[0]
    told = tomlkit.parse((folder / FILE).read_text(encoding="utf-8") if (folder / FILE).is_file() else "")
    known = next((id for id, entry in told.items() if entry.get("url") == address and "fetched" in entry), "")
    if known and Path(known).suffix != page.suffix:  # a page that has become another kind of document
        (folder / known).unlink(missing_ok=True)
        told.remove(known)
        known = ""
    name = known or _name(address, page, folder)
    replace_file(folder / name, page.data)
    entry = told.setdefault(name, tomlkit.table())
    entry["url"] = address
    entry["fetched"] = datetime.now(UTC).isoformat(timespec="seconds")
    replace_file(folder / FILE, tomlkit.dumps(told).encode("utf-8"))
    return Added(url, name)


def _name(address: str, page: Fetched, folder: Path) -> str:
    """A file name that tells the page and is nobody else's: "example.org-a-long-day.html"."""
    plain = re.sub(r"https?://(?:www\.)?", "", address.lower())
    plain = re.sub(r"\.(?:html?|pdf|docx|epub|txt|md|php|aspx?)(?=$|\?)", "", plain)
    name = re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")[:LONGEST_NAME] or "page"
    if not (folder / f"{name}{page.suffix}").exists():
        return f"{name}{page.suffix}"
    return f"{name}-{hashlib.sha256(address.encode()).hexdigest()[:8]}{page.suffix}"
