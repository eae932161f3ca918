"""A number of random edit scripts goes in; how many left an index equal to one built from nothing comes out.

python -m benchmarks.attack_edits --scripts 100
"""

from __future__ import annotations

import argparse
import random
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

from benchmarks.attacking import SUBJECTS, Folder, Wrong, probe, tell
from index import Index, build_index, open_index

STEPS = 6
SCORE = 1e-3  # how far two scores may lie apart
QUESTIONS = [f"how long did the council speak about the {subject}" for subject in SUBJECTS]
Edit = Callable[[Folder], None]


def main() -> None:
    """Run the scripts and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scripts", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quoted-edits-") as folder:
        equal = sum(attack(Path(folder, str(seed)), seed) for seed in range(options.scripts))
    tell("edit scripts", f"{equal} of {options.scripts} equal to a build from nothing")


def attack(folder: Path, seed: int) -> bool:
    """Edit, build, edit, build …; True where the index equals one that is built from nothing. Raises Wrong."""
    chosen = random.Random(seed)
    articles = Folder(folder / "articles", chosen)
    for _ in range(6):
        articles.add()
    build_index(articles.path, folder / "index")
    for _ in range(STEPS):
        chosen.choice(EDITS)(articles)
        if chosen.random() < 0.7:
            build_index(articles.path, folder / "index")
    _mend(articles)
    build_index(articles.path, folder / "index")
    build_index(articles.path, folder / "fresh")
    probe(folder / "index", [articles.state])
    require_equal(open_index(folder / "index"), open_index(folder / "fresh"))
    return True


def require_equal(index: Index, fresh: Index) -> None:
    """Same articles and passages, same ranking, scores within SCORE. Raises Wrong."""
    if list(index.articles()) != list(fresh.articles()):
        raise Wrong("the articles differ")
    for article in fresh.articles():
        if index.passages(article) != fresh.passages(article):
            raise Wrong(f"the passages of {article.id} differ")
    for question in QUESTIONS:
        vector = fresh.encode([question])[0]
        _require_alike(index, fresh, "dense", [(each.row, each.score) for each in index.dense(vector, 20)],
                       [(each.row, each.score) for each in fresh.dense(vector, 20)])  # fmt: skip
        _require_alike(index, fresh, "lexical", [(each.row, each.score) for each in index.lexical(question, 20)],
                       [(each.row, each.score) for each in fresh.lexical(question, 20)])  # fmt: skip


Scored = list[tuple[int, float]]


def _require_alike(index: Index, fresh: Index, name: str, found: Scored, expected: Scored) -> None:
    texts = [(index.passage(row).text, index.passage(row).also) for row, _ in found]
    wanted = [(fresh.passage(row).text, fresh.passage(row).also) for row, _ in expected]
    apart = max((abs(one[1] - other[1]) for one, other in zip(found, expected, strict=True)), default=0.0)
    if texts != wanted or apart > SCORE:
        raise Wrong(f"the {name} rankings differ, scores by {apart}")


def _swap(articles: Folder) -> None:
    one, other = articles.chosen.sample(sorted(articles.state), 2)
    articles.rename(one, "aside.txt")
    articles.rename(other, one)
    articles.rename("aside.txt", other)


def _change_case(articles: Folder) -> None:
    name = articles.chosen.choice(sorted(articles.state))
    if name.swapcase() not in articles.state:
        articles.rename(name, name.swapcase())


def _accents(articles: Folder) -> None:
    """Two files whose names look alike: composed and decomposed letters."""
    name = f"Café-Zürich-{articles.written}.txt"
    articles.add(unicodedata.normalize("NFC", name))
    articles.add(unicodedata.normalize("NFD", name))


def _normalize(articles: Folder) -> None:
    """A file gets the other form of its name, as a copy between two systems does."""
    name = articles.chosen.choice(sorted(articles.state))
    for form in ("NFC", "NFD"):
        other = unicodedata.normalize(form, name)
        if other not in articles.state:
            articles.rename(name, other)
            return


def _copy(articles: Folder) -> None:
    name, copy = articles.chosen.choice(sorted(articles.state)), f"copy-{articles.written}.txt"
    articles.add(copy)
    (articles.path / copy).write_bytes((articles.path / name).read_bytes())
    articles.state[copy] = articles.state[name]


def _break(articles: Folder) -> None:
    (articles.path / articles.chosen.choice(sorted(articles.state))).write_bytes(b"\0\1\2 no text")


def _mend(articles: Folder) -> None:
    """What cannot be read keeps its last good version, so it is left out of the comparison: write it anew."""
    for name in sorted(articles.state):
        if b"\0" in (articles.path / name).read_bytes():
            articles.write(name)


def _delete(articles: Folder) -> None:
    if len(articles.state) > 3:
        articles.delete(articles.chosen.choice(sorted(articles.state)))


EDITS: tuple[Edit, ...] = (Folder.add, Folder.edit, _swap, _change_case, _accents, _normalize, _copy, _break, _delete)

if __name__ == "__main__":
    main()
