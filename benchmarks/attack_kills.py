"""A number of kills goes in; how often an index whose builder was killed answered right comes out.

python -m benchmarks.attack_kills --kills 200
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.attacking import PROJECT, Folder, build, build_command, probe, tell
from index.inspection import verify


def main() -> None:
    """Kill builders at random times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quoted-kills-") as folder:
        old, new, late = attack(Path(folder), options.kills, options.seed)
    tell("kills", f"{old + new}: {old} left the old index, {new} the new one, every probe right, nothing to repair")
    tell("not in time", f"{late} builds were done before the kill and are not counted")


def attack(folder: Path, kills: int, seed: int) -> tuple[int, int, int]:
    """Kill `kills` incremental builds, state accumulating; returns how many left the old index, the new, none killed.

    Raises Wrong where an index holds or answers anything else.
    """
    chosen = random.Random(seed)
    articles, index_dir = Folder(folder / "articles", chosen), folder / "index"
    for _ in range(12):
        articles.add()
    assert build(articles.path, index_dir).returncode == 0
    held, whole, counts = dict(articles.state), _time_of_a_build(articles, index_dir), [0, 0]
    held, late = dict(articles.state), 0
    while sum(counts) < kills:
        articles.edit()
        started = time.monotonic()
        killed = _kill(articles.path, index_dir, chosen.triangular(0.1, 1.1, 0.9) * whole)
        if not killed:
            whole = time.monotonic() - started  # the machine's pace changes
        answered = probe(index_dir, [held, articles.state])
        _require_whole(index_dir)
        late += not killed
        counts[answered] += killed
        held = dict([held, articles.state][answered])
    assert build(articles.path, index_dir).returncode == 0
    probe(index_dir, [articles.state])
    return counts[0], counts[1], late


def _time_of_a_build(articles: Folder, index_dir: Path) -> float:
    articles.edit()
    started = time.monotonic()
    assert build(articles.path, index_dir).returncode == 0
    return time.monotonic() - started


def _kill(articles: Path, index_dir: Path, after: float) -> bool:
    """Start a build and kill it after some seconds; False where it was done before."""
    devnull = subprocess.DEVNULL
    with subprocess.Popen(build_command(articles, index_dir), cwd=PROJECT, stdout=devnull, stderr=devnull) as builder:
        try:
            builder.wait(after)
            return False
        except subprocess.TimeoutExpired:
            builder.kill()
            return builder.wait() != 0


def _require_whole(index_dir: Path) -> None:
    found = verify(index_dir)
    assert found.ok, found.damaged


if __name__ == "__main__":
    main()
