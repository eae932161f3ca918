"""Clients, questions and rebuilds go in; errors, mixed generations and steps backwards come out, which must be none.

python -m benchmarks.attack_crowd --rebuilds 20 --clients 20 --questions 2000 --rounds 50
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.attacking import PROJECT, SUBJECTS, Folder, Wrong, build, build_command, probe, tell
from index.inspection import verify
from qa import Answer, ask
from qa.following import Following

BUILDERS = 3
COUNT = re.compile(r"in the year (\d+)")


@dataclass(frozen=True)
class Told:
    """What one client was told: the generation, and the year that each passage and each citation was written in."""

    client: int
    generation: int
    years: frozenset[int]


@dataclass
class Crowd:
    """Clients that share one index and ask until they have asked enough."""

    following: Following
    left: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    told: list[Told] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ask_on(self, client: int) -> None:
        """Ask one question after another."""
        chosen = random.Random(client)
        while self._take():
            try:
                answer = ask(
                    f"When did the council open the {chosen.choice(SUBJECTS)}?", index=self.following.current()
                )
            except Exception as error:  # whatever it is, it is what this attack looks for
                self.errors.append(f"{type(error).__name__}: {error}")
            else:
                self.told.append(Told(client, answer.generation, years_of(answer)))

    def _take(self) -> bool:
        with self.lock:
            self.left -= 1
            return self.left >= 0


def main() -> None:
    """Let a crowd ask during rebuilds, then let builders meet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rebuilds", type=int, default=20)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quoted-crowd-") as folder:
        seen = attack(Path(folder), options.rebuilds, options.clients, options.questions)
        fine = f"no error; answers from {seen} generations, none mixed, none going backwards"
        tell("questions during rebuilds", f"{options.questions} by {options.clients} clients, {fine}")
    with tempfile.TemporaryDirectory(prefix="quoted-builders-") as folder:
        built, refused = meet(Path(folder), options.rounds)
        tell("builders at once", f"{BUILDERS}, {options.rounds} rounds: {built} built, {refused} were told who builds")


def years_of(answer: Answer) -> frozenset[int]:
    """The years in all that an answer shows."""
    shown = [citation.quote for citation in answer.citations] + [hit.passage.text for hit in answer.passages]
    return frozenset(int(year) for text in shown for year in COUNT.findall(text))


def attack(folder: Path, rebuilds: int, clients: int, questions: int) -> int:
    """Ask while every article changes again and again; returns how many generations answered. Raises Wrong."""
    articles, index_dir = folder / "articles", folder / "index"
    years = dict([_rebuild(articles, index_dir, 1000)])
    crowd = Crowd(Following(index_dir), questions)
    ask("What did the council open?", index=crowd.following.current())  # the encoder is loaded
    threads = [threading.Thread(target=crowd.ask_on, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for number in range(rebuilds):
        years |= dict([_rebuild(articles, index_dir, 1001 + number)])
        _pace(crowd, questions - questions * (number + 1) // (rebuilds + 1))
    for thread in threads:
        thread.join()
    if crowd.errors:
        raise Wrong(f"{len(crowd.errors)} errors, first: {crowd.errors[0]}")
    _require_right(crowd.told, years)
    return len({each.generation for each in crowd.told})


def _rebuild(articles: Path, index_dir: Path, year: int) -> tuple[int, int]:
    """Write every article for another year and build; returns generation and year."""
    articles.mkdir(exist_ok=True)
    for subject in SUBJECTS:
        (articles / f"{subject}.txt").write_text(
            f"The {subject}\n\nThe council opened the {subject} in the year {year}. The mayor spoke for an hour.\n"
        )
    done = build(articles, index_dir)
    assert done.returncode == 0, done.stderr
    return int(json.loads(done.stdout)["generation"]), year


def _pace(crowd: Crowd, left: int) -> None:
    """Wait until no more than so many questions are left, so that the rebuilds are spread over all of them."""
    while crowd.left > left:
        time.sleep(0.01)


def _require_right(told: Iterable[Told], years: dict[int, int]) -> None:
    newest: dict[int, int] = {}
    for each in told:
        if each.years != {years[each.generation]}:
            raise Wrong(f"an answer of generation {each.generation} ({years[each.generation]}) shows {each.years}")
        if each.generation < newest.get(each.client, 0):
            raise Wrong(f"client {each.client} went from generation {newest[each.client]} to {each.generation}")
        newest[each.client] = each.generation


def meet(folder: Path, rounds: int) -> tuple[int, int]:
    """Let three builders start at once, again and again; returns how many built and how many were refused."""
    articles, index_dir = Folder(folder / "articles", random.Random(4)), folder / "index"
    for _ in range(8):
        articles.add()
    built = refused = 0
    for _ in range(rounds):
        articles.edit()
        for code, told in _at_once(articles.path, index_dir):
            built += code == 0
            refused += code == 2
            if code not in (0, 2) or (code == 2 and "is building this index" not in told):
                raise Wrong(f"exit {code}: {told}")
        probe(index_dir, [articles.state])
        if not verify(index_dir).ok:
            raise Wrong(f"damaged: {verify(index_dir).damaged}")
    return built, refused


def _at_once(articles: Path, index_dir: Path) -> list[tuple[int, str]]:
    pipe = subprocess.PIPE
    builders = [
        subprocess.Popen(build_command(articles, index_dir), cwd=PROJECT, stdout=pipe, stderr=pipe, text=True)
        for _ in range(BUILDERS)
    ]
    return [(builder.wait(), told) for builder in builders for _, told in [builder.communicate()]]


if __name__ == "__main__":
    main()
