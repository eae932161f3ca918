"""Kinds of system calls go in; what an index was left in, when one of them was the last or failed, comes out.

Every build here runs under strace, which kills it, or tells it that the disk is full, at one write, fsync, rename or
removal: the first six of each kind, and six spread over the others.

    python -m benchmarks.attack_syscalls --points 12
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.attacking import PROJECT, Folder, Wrong, build, build_command, probe, tell
from index.inspection import verify

KINDS = {
    "write": "write,pwrite64,writev,ftruncate",
    "fsync": "fsync,fdatasync,msync",
    "rename": "rename,renameat,renameat2",
    "unlink": "unlink,unlinkat,rmdir",
}
FAULTS = {"kill": "signal=KILL", "full disk": "error=ENOSPC"}


def main() -> None:
    """Attack one build at sampled points."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=12, help="points of each kind of call")
    options = parser.parse_args()
    if not can_run():
        tell("system calls", "NOT RUN: strace is missing or may not trace here")
        return
    with tempfile.TemporaryDirectory(prefix="quoted-syscalls-") as folder:
        for name, counts in attack(Path(folder), options.points).items():
            tell(name, ", ".join(f"{what}: {count}" for what, count in sorted(counts.items())))


def can_run() -> bool:
    """Tell whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def attack(folder: Path, points: int) -> dict[str, Counter[str]]:
    """Let each kind of call fail at each point; returns what was left, counted. Raises Wrong."""
    articles, before, index_dir = Folder(folder / "articles", random.Random(1)), folder / "before", folder / "index"
    for _ in range(4):
        articles.add()
    assert build(articles.path, before).returncode == 0
    articles.edit()
    assert build(articles.path, before).returncode == 0  # an older generation is there, to be removed by the next
    old = dict(articles.state)
    articles.add()
    calls = _count(folder, articles, before)
    left: dict[str, Counter[str]] = {}
    for kind in KINDS:
        for fault in FAULTS:
            counted = left[f"{kind}, {fault}"] = Counter()
            for point in _sample(calls[kind], points):
                shutil.copytree(before, index_dir)
                code = _build_with(articles, index_dir, kind, f"{FAULTS[fault]}:when={point}")
                counted[_judge(code, probe(index_dir, [old, articles.state]), index_dir)] += 1
                shutil.rmtree(index_dir)
    return left


def _judge(code: int, answered: int, index_dir: Path) -> str:
    if code == 0 and not (answered == 1 and verify(index_dir).ok):
        raise Wrong(f"exit 0, but the index is {'new' if answered else 'old'}: {verify(index_dir).damaged}")
    return f"exit {code}, {'new' if answered else 'old'} index"


def _count(folder: Path, articles: Folder, before: Path) -> dict[str, int]:
    """How many calls of each kind the busiest thread of a build makes, as strace counts them for each thread."""
    index_dir, log = folder / "index", folder / "log"
    shutil.copytree(before, index_dir)
    calls = ",".join(KINDS.values())
    command = ["strace", "-f", "-qq", "-e", f"trace={calls}", "-o", str(log)]
    subprocess.run([*command, *build_command(articles.path, index_dir)], cwd=PROJECT, capture_output=True, check=True)
    shutil.rmtree(index_dir)
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for thread, call in re.findall(r"^(\d+) +(\w+)\(", log.read_text(errors="replace"), re.MULTILINE):
        for kind, names in KINDS.items():
            counts[kind][thread] += call in names.split(",")
    return {kind: max(found.values()) for kind, found in counts.items()}


def _sample(calls: int, points: int) -> list[int]:
    """The first half of the points at the first calls, the others spread over the rest, the last call among them."""
    first, spread = points // 2, points - points // 2
    rest = [first + round((calls - first) * (each + 1) / spread) for each in range(spread)]
    return sorted({point for point in [*range(1, first + 1), *rest] if 0 < point <= calls})


def _build_with(articles: Folder, index_dir: Path, kind: str, fault: str) -> int:
    command = ["strace", "-f", "-qq", "-e", f"trace={KINDS[kind]}", "-o", "/dev/null"]
    command += ["-e", f"inject={KINDS[kind]}:{fault}"]
    done = subprocess.run([*command, *build_command(articles.path, index_dir)], cwd=PROJECT, capture_output=True)
    return done.returncode


if __name__ == "__main__":
    main()
