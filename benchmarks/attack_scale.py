"""Numbers of files and passages go in; CPU time, wall time and memory of whole build commands come out.

python -m benchmarks.attack_scale --files 10000 --passages 3
python -m benchmarks.attack_scale --files 100000 --passages 10 --words 8
python -m benchmarks.attack_scale --files 1000 --passages 1000 --real --layers 0 --keep DIR

The last one indexes a million passages made of real sentences' halves, by an encoder of fewer layers, and tells how far
it is and what memory it holds while it runs; `benchmarks.searching DIR/index` then asks the index.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.attacking import PROJECT, Wrong, build_command, tell

SYLLABLES = tuple(a + b for a in "bcdfghjklmnprstvz" for b in "aeiou")
PER_FOLDER = 1000
MOST_OF_FULL = 0.05  # of the CPU time of a full build, for one changed file of 10,000
MOST_SECONDS = 60  # for 100,000 files of which none has changed
MOST_MEMORY = 150  # MiB for the same: what the command holds before it looks at a file, and half as much again


@dataclass(frozen=True)
class Run:
    """One command: exit code, report, wall and CPU seconds, the most memory it held in MiB."""

    code: int
    report: dict[str, Any]
    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Costs:
    """The first build, a build of the same files, and one after one file has changed."""

    full: Run
    again: Run
    one: Run


def main() -> None:
    """Build, build again, change one file, and interrupt a build; print what each costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--passages", type=int, default=3, help="passages of one file")
    parser.add_argument("--words", type=int, default=45, help="words of one passage")
    parser.add_argument("--different", type=int, default=0, help="passages in all that differ (0: every one)")
    parser.add_argument("--interrupt", type=int, default=0, help="passages embedded when the first build gets Ctrl-C")
    parser.add_argument("--real", action="store_true", help="passages of real words, from the seeds")
    parser.add_argument("--layers", type=int, default=-1, help="layers of the encoder to use (default: all)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave articles and index there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quoted-scale-") as folder:
        into: Path = options.keep or Path(folder)
        parts = real_texts() if options.real else made_up_texts(options.words)
        write_articles(into / "articles", options.files, options.passages, parts, options.different)
        encoder = _fewer_layers(into / "encoder", options.layers) if options.layers >= 0 else ""
        tell("articles", f"{options.files:,} files")
        costs = attack(into, options.interrupt, encoder)
    tell("one changed / full", f"{costs.one.cpu / costs.full.cpu:.3f} of the CPU time")
    # Where texts come again the first build embeds few, and one changed file has nothing to be compared with.
    _require_bounds(costs, ratio=options.files >= 10_000 and not options.different)


def attack(folder: Path, interrupt: int = 0, encoder: str = "") -> Costs:
    """Build what is in articles/, build again, change one file, build. Raises Wrong where more is done than needed."""
    articles, index_dir = folder / "articles", folder / "index"
    full = measure_first(articles, index_dir, interrupt, encoder)
    again = tell_run("nothing changed", build(articles, index_dir))
    changed = articles / "0" / "0.md"
    changed.write_text(changed.read_text() + "\nA sentence that was not there before.\n")
    one = tell_run("one file changed", build(articles, index_dir))
    if again.report["generation"] != 1 or again.report["embedded"]:
        raise Wrong(f"nothing was changed, and yet: {again.report}")
    # Two where another file has the same text: it is embedded again, under the heading of that file.
    if one.report["changed"] != 1 or not 1 <= one.report["embedded"] <= 2:
        raise Wrong(f"one passage was changed, and yet: {one.report}")
    return Costs(full, again, one)


def _require_bounds(costs: Costs, *, ratio: bool) -> None:
    """Hold the costs to what the index promises; a small folder's `ratio` would be that of starting the command."""
    if ratio and costs.one.cpu > MOST_OF_FULL * costs.full.cpu:
        raise Wrong(f"one changed file took more than {MOST_OF_FULL} of the full build's CPU time")
    if costs.again.wall > MOST_SECONDS or costs.again.memory > MOST_MEMORY:
        raise Wrong(f"an unchanged folder took more than {MOST_SECONDS} s or {MOST_MEMORY} MiB")


def _fewer_layers(folder: Path, layers: int) -> str:
    """Make the model in a process of its own: a build that this one starts is charged with what this one holds."""
    command = [sys.executable, "-m", "benchmarks.tiny_encoder", str(folder), "--layers", str(layers)]
    subprocess.run(command, cwd=PROJECT, check=True, stderr=subprocess.DEVNULL)
    return str(folder)


def measure_first(articles: Path, index_dir: Path, interrupt: int, encoder: str = "") -> Run:
    """The first build; where it is interrupted, what was embedded until then must not be embedded again."""
    name = "interrupted" if interrupt else "full build"
    first = tell_run(name, build(articles, index_dir, interrupt, encoder, telling=True))
    if not interrupt:
        return first
    if first.code != 130:
        raise Wrong(f"Ctrl-C ended the build with {first.code}, not 130")
    resumed = tell_run("resumed", build(articles, index_dir))
    saved = resumed.report["passages"] - resumed.report["embedded"]
    tell("not embedded again", f"{saved:,} passages")
    if saved < interrupt:
        raise Wrong(f"{interrupt - saved} passages that were embedded before Ctrl-C were embedded again")
    return Run(0, resumed.report, first.wall + resumed.wall, first.cpu + resumed.cpu, resumed.memory)


def write_articles(folder: Path, files: int, passages: int, texts: Iterator[str], different: int = 0) -> None:
    """Files of texts below headings, a thousand in a folder; after `different` texts they come again."""
    if different:
        texts = cycle(list(islice(texts, different)))
    for number in range(files):
        if number % PER_FOLDER == 0:
            (folder / str(number // PER_FOLDER)).mkdir(parents=True, exist_ok=True)
        parts = [f"# Article {number}"]
        for part in range(passages):
            parts += [f"## Part {part}", next(texts)]
        (folder / str(number // PER_FOLDER) / f"{number}.md").write_text("\n\n".join(parts) + "\n")


def made_up_texts(words: int) -> Iterator[str]:
    """Passages of made-up words, of which each is as frequent as the others."""
    chosen = random.Random(3)
    vocabulary = _vocabulary(chosen)
    while True:
        drawn = chosen.choices(vocabulary, k=words)
        yield " ".join(" ".join(drawn[start : start + 15]).capitalize() + "." for start in range(0, words, 15))


def real_texts() -> Iterator[str]:
    """Passages of a sentence's first half, another's second half and two names: words as frequent as they are."""
    chosen = random.Random(3)
    names = [name.capitalize() for name in _vocabulary(chosen)]
    texts = [file.read_text() for file in sorted((PROJECT / "seeds").glob("*.md")) if file.name != "README.md"]
    sentences = [each.split() for text in texts for each in re.findall(r"[A-Z][^.?!#\n]{40,300}(?=[.?!])", text)]
    while True:
        first, second = chosen.sample(sentences, 2)
        said = [*first[: len(first) // 2], *chosen.sample(names, 2), *second[len(second) // 2 :]]
        yield f"{' '.join(said)}."


def _vocabulary(chosen: random.Random) -> list[str]:
    return ["".join(chosen.choices(SYLLABLES, k=chosen.randint(1, 4))) for _ in range(20_000)]


def build(articles: Path, index_dir: Path, interrupt: int = 0, encoder: str = "", telling: bool = False) -> Run:
    """Run the build command and measure it; Ctrl-C comes when so many passages are embedded."""
    command = build_command(articles, index_dir) + (["--encoder", encoder] if encoder else [])
    started = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=out, stderr=subprocess.DEVNULL)
        if telling:
            threading.Thread(target=_tell_progress, args=(process, index_dir), daemon=True).start()
        while interrupt and _embedded(index_dir) < interrupt:
            time.sleep(0.02)
        if interrupt:
            process.send_signal(signal.SIGINT)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        out.seek(0)
        # Without the documents: what this process holds is counted as the next one's, which starts as a copy of it.
        counts = out.read(2000).partition(b', "documents"')[0]
    process.returncode = os.waitstatus_to_exitcode(status)
    report = json.loads(counts + b"}") if counts else {}
    return Run(process.returncode, report, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _tell_progress(process: subprocess.Popen[bytes], index_dir: Path) -> None:
    """Print every minute how many passages a build has embedded, how fast, and what memory it holds of its own."""
    for minute in count(1):
        time.sleep(60)
        if process.returncode is not None:
            return
        with suppress(OSError):
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            held = next((int(line.split()[1]) // 1024 for line in lines if line.startswith("RssAnon")), 0)
            done = _embedded(index_dir)
            tell(f"after {minute} min", f"{done:,} embedded, {done / minute / 60:,.0f} a second, {held} MiB")


def _embedded(index_dir: Path) -> int:
    """How many passages a build at work has embedded: each record is two digests and 384 numbers of four bytes."""
    return sum(file.stat().st_size for file in index_dir.glob("embedded-*")) // (32 + 4 * 384 + 16)


def tell_run(name: str, run: Run) -> Run:
    """Print one row of figures."""
    counts = f"{run.report['passages']:,} passages, {run.report['embedded']:,} embedded, " if run.report else ""
    tell(name, f"{counts}{run.wall:.1f} s, {run.cpu:.1f} CPU s, {run.memory:.0f} MiB, exit {run.code}")
    return run


if __name__ == "__main__":
    main()
