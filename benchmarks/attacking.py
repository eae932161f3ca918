"""A folder of small articles goes in and is edited; what an index of it must hold and answer comes out, for attacks."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from index import Index, open_index

PROJECT = Path(__file__).resolve().parent.parent
MARKER = re.compile(r"lantern\w+")
SUBJECTS = ("harbour", "orchard", "museum", "railway", "library", "theatre", "brewery", "market", "hospital", "school")
State = dict[str, str]  # article id -> the marker that its text holds


@dataclass
class Folder:
    """Articles, each with a marker of its own that names it and its version."""

    path: Path
    chosen: random.Random
    state: State = field(default_factory=dict)
    written: int = 0

    def add(self, name: str = "") -> None:
        """Write an article that was not there."""
        self.write(name or f"note-{self.written}.txt")

    def write(self, name: str) -> None:
        """Write an article, or a new version of it."""
        self.written += 1
        marker, subject = f"lantern{self.written}x", self.chosen.choice(SUBJECTS)
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(
            f"The {subject}, report {self.written}\n\nThe town council spoke about the {subject} for "
            f"{self.chosen.randint(2, 90)} minutes. The clerk filed the report under the word {marker}.\n"
        )
        self.state[name] = marker

    def edit(self) -> None:
        """Add, change, rename or delete an article at random."""
        kind, name = self.chosen.choice(("add", "change", "rename", "delete")), self.chosen.choice(sorted(self.state))
        if kind == "change":
            self.write(name)
        elif kind == "rename":
            self.rename(name, f"renamed-{self.written}-{self.chosen.randrange(1000)}.txt")
        elif kind == "delete" and len(self.state) > 8:
            self.delete(name)
        else:
            self.add()

    def rename(self, name: str, to: str) -> None:
        """Give an article another name."""
        (self.path / name).rename(self.path / to)
        self.state[to] = self.state.pop(name)

    def delete(self, name: str) -> None:
        """Remove an article."""
        (self.path / name).unlink()
        del self.state[name]


class Wrong(Exception):
    """An index that does not hold or answer what it must."""


def probe(index_dir: Path, states: list[State], quiet: bool = True) -> int:
    """Open an index, ask it about every article, and return which of `states` it holds. Raises Wrong.

    `quiet` says that opening must not warn: nothing is to be repaired.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error" if quiet else "ignore")
        index = open_index(index_dir)
    held = {each.id: marker(each.text) for each in index.articles()}
    if held not in states:
        raise Wrong(f"generation {index.generation} holds {held}, which is none of {states}")
    for id, word in held.items():
        _require_found(index, id, word)
    return states.index(held)


def _require_found(index: Index, id: str, word: str) -> None:
    found = index.lexical(word, 5)
    passage = index.passage(found[0].row) if found else None
    if passage is None or marker(passage.text) != word or id not in (passage.article.id, *passage.also):
        raise Wrong(f"the word {word} does not find {id}")
    nearest = index.dense(index.encode([f"{passage.heading}\n{passage.text}"])[0], 1)[0]
    if nearest.row != found[0].row or nearest.score < 0.99:
        raise Wrong(f"the vector of {id} is that of another text")


def marker(text: str) -> str:
    """The marker in a text, "" where there is none."""
    found = MARKER.search(text)
    return found[0] if found else ""


def build_command(articles: Path, index_dir: Path) -> list[str]:
    """The command that builds, as a person would type it."""
    return [sys.executable, "-m", "index", "build", str(articles), "--index", str(index_dir), "--json"]


def build(articles: Path, index_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run a whole build as a process of its own."""
    return subprocess.run(build_command(articles, index_dir), cwd=PROJECT, capture_output=True, text=True)


def tell(name: str, figure: str) -> None:
    """Print one figure."""
    print(f"{name:<39} {figure}", flush=True)
