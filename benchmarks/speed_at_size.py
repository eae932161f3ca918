"""A folder goes in; what large indexes, one change among many files, and many people at once cost comes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.attack_scale import attack, made_up_texts, write_articles
from benchmarks.measuring import run
from index.terminal import note

SIZES = (1_000, 10_000, 100_000, 1_000_000)  # passages
CHANGED = 10_000  # files of one passage of 45 words, of which one changes
LONG_FILES, LONG_PASSAGES = (
    1_000,
    100,
)  # 100,000 passages of 12 words: what they hold in memory does not depend on those
QUESTION = "Who reported about the harbour?"


def at_size(folder: Path) -> Iterator[dict[str, Any]]:
    """Measure each in turn, which takes about an hour; each time all figures until then are yielded."""
    sizes = _by_size(folder)
    yield {"sizes": sizes}
    large = _memory(folder / "long")
    yield {"sizes": sizes, "large": large}
    large |= _one_changed(folder / "files")
    yield {"sizes": sizes, "large": large}
    yield {"sizes": sizes, "large": large | _crowd()}


def searched(index_dir: Path) -> dict[str, Any]:
    """What opening and asking an index costs."""
    found: dict[str, Any] = json.loads(
        run([sys.executable, "-m", "benchmarks.searching", str(index_dir), "--json"]).out
    )
    return found


def _by_size(folder: Path) -> list[dict[str, Any]]:
    """Write an index of each size and ask it."""
    found = []
    for size in SIZES:
        note(f"{size:,} passages …")
        out = run([sys.executable, "-m", "benchmarks.bulk", str(folder / str(size)), "--passages", str(size), "--json"])
        found.append(json.loads(out.out.splitlines()[-1]))
    return found


def _memory(folder: Path) -> dict[str, float]:
    """The most memory that building 100,000 passages and asking them from a cold start hold, in MiB."""
    note(f"{LONG_FILES * LONG_PASSAGES:,} passages embedded …")
    write_articles(folder / "articles", LONG_FILES, LONG_PASSAGES, made_up_texts(12))
    index = str(folder / "index")
    built = run([sys.executable, "-m", "index", "build", str(folder / "articles"), "--index", index])
    asked = run([sys.executable, "-m", "qa", QUESTION, "--index", index])
    return {
        "100,000 passages embedded: CPU s": built.cpu,
        "100,000 passages embedded: most MiB": built.memory,
        "python -m qa over 100,000 passages: CPU s": asked.cpu,
        "python -m qa over 100,000 passages: most MiB": asked.memory,
    }


def _one_changed(folder: Path) -> dict[str, float]:
    note(f"{CHANGED:,} files, one of them changed …")
    write_articles(folder / "articles", CHANGED, 1, made_up_texts(45))
    costs = attack(folder)
    return {
        "10,000 files, one changed: passages embedded": costs.one.report["embedded"],
        "10,000 files, one changed: CPU of the full build's": costs.one.cpu / costs.full.cpu,
        "10,000 files, nothing changed: CPU s": costs.again.cpu,
    }


def _crowd() -> dict[str, float]:
    note("50 people at once …")
    rounds = json.loads(run([sys.executable, "-m", "benchmarks.crowd", "--json"], one_core=False).out)
    return {
        "50 people: answers a second, of one person's": rounds["many"]["rate"] / rounds["one"]["rate"],
        "50 people: p95, of one person's": rounds["many"]["p95"] / rounds["one"]["p95"],
        "during a rebuild: p50, of the p50 before": rounds["one, during a rebuild"]["p50"]
        / rounds["one, nothing built"]["p50"],
    }
