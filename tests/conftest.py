"""Folders of small articles and indexes built from them by the real encoder, for all tests."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index import Index, build_index, open_index
from tests.page_running import running

# Run in the background it is ignored, and then by all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

DATA = tempfile.TemporaryDirectory(prefix="quoted-data-", ignore_cleanup_errors=True)
os.environ["XDG_DATA_HOME"] = DATA.name  # pages that tests start keep their conversations there

PROJECT = Path(__file__).resolve().parent.parent
SEEDS = PROJECT / "seeds"


@pytest.fixture(scope="session")
def seeds_index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds-index")
    build_index(SEEDS, folder)
    return folder


@pytest.fixture(scope="session")
def seeds_index(seeds_index_dir: Path) -> Index:
    return open_index(seeds_index_dir)


@dataclass(frozen=True)
class Served:
    """A page that runs, the index it answers from, and the articles folder."""

    address: str
    index_dir: Path
    articles: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rstrip("/").rpartition(":")[2])


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The seeds and what no one may get: hidden files, links out of the folder, a file changed and one gone since."""
    folder = tmp_path_factory.mktemp("served")
    articles = folder / "articles"
    shutil.copytree(SEEDS, articles)
    (folder / "secret.txt").write_text("The secret words of nobody.")
    (articles / "out.txt").symlink_to(folder / "secret.txt")
    (articles / ".hidden.md").write_text("A hidden note about nothing at all.")
    (articles / "articles.toml").write_text("")
    (articles / "empty.txt").write_text("")
    for name in ("changed", "gone"):
        (articles / f"{name}.txt").write_text(f"The quibblon that is {name}\n\nA quibblon holds nine litres of tea.")
    with running(articles, folder / "index", "--no-watch") as address:
        (articles / "changed.txt").write_text("Other words.")
        (articles / "gone.txt").unlink()
        yield Served(address, folder / "index", articles)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Three small articles of different subjects."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "harbour.md").write_text(
        "---\ntitle: The harbour bridge\nauthor: Ada Lind\npublisher: Coast News\npublished: 2021-05-04\n---\n\n"
        "# The harbour bridge\n\nThe harbour bridge was closed in May 2021 because rust had weakened two of its pillars. "
        "Repairs cost nine million crowns.\n\nFerries carried the commuters for seven months.\n"
    )
    (folder / "orchard.txt").write_text(
        "Frost in the orchards\n\nA late frost destroyed half of the apple harvest in the valley. "
        "Growers lit fires between the trees, but the wind blew the heat away.\n"
    )
    (folder / "museum.html").write_text(
        "<html><head><title>A museum for clocks</title><meta name='author' content='Tom Berg'></head><body><article>"
        "<h1>A museum for clocks</h1><p>The town opened a museum for tower clocks on the third of June. "
        "Its oldest clock was made in 1504 and still strikes the hours.</p>"
        "<p>Visitors pay four crowns, and children enter free of charge.</p></article></body></html>"
    )
    return folder
