"""Builds an index of 200 good files among 1,000 damaged and hostile ones, and tells what became of each."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.terminal import say
from tests.attack_files import faults, mixed, outcomes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bad", type=int, default=1000)
    parser.add_argument("--good", type=int, default=200)
    parser.add_argument("--index", action="store_true", help="also build an index of them all")
    options = parser.parse_args()
    files = mixed(options.bad, options.good)
    started = time.monotonic()
    results = list(outcomes(iter(files)))
    counts = Counter(each.reason or "read" for each in results).most_common()
    told = ", ".join(f"{count} {reason}" for reason, count in counts)
    say(f"{len(results)} files in {time.monotonic() - started:.0f} s: {told}")
    say(f"largest worker: {max(each.memory for each in results) / 1024**2:.0f} MiB of address space")
    for each in sorted(results, key=lambda each: -each.seconds)[:10]:
        say(f"  {each.seconds:5.1f} s  {each.name}  {each.reason or 'read'}")
    for fault in faults(results, options.good):
        say(f"FAULT: {fault}")
    if options.index:
        say(_indexed(files))


def _indexed(files: list[tuple[str, bytes]]) -> str:
    from index.build import build_index

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "articles")
        folder.mkdir()
        for name, data in files:
            (folder / name).write_bytes(data)
        report = build_index(folder, Path(place, "index"))
        good = [each for each in report.documents if each.path.startswith("good-") and each.status == "new"]
        failed = Counter(each.reason for each in report.documents if each.status == "failed")
        return (
            f"{len(good)} good ones indexed in {report.seconds:.0f} s; of all {len(report.documents)}: {dict(failed)}"
        )


if __name__ == "__main__":
    main()
