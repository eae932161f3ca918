"""An index goes in; how many flipped bits, cut files and swapped files were noticed on opening it comes out.

python -m benchmarks.attack_damage --articles 300
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import warnings
from pathlib import Path

from benchmarks.attacking import Folder, State, Wrong, build, probe, tell
from index import open_index
from index.generation import check, folder_name

PAGE = 4096  # one bit is flipped in every so many bytes
CUTS = (0, 1, 0.5, -1)  # what is left of a cut file: bytes, a share, all but so many


def main() -> None:
    """Damage every file of a generation in every way, and see who notices."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quoted-damage-") as folder:
        for name, count in attack(Path(folder), options.articles).items():
            tell(name, f"{count}, all noticed on opening; the older generation answered every probe right")


def attack(folder: Path, articles: int) -> dict[str, int]:
    """Damage the newer of two generations in each way; returns how often. Raises Wrong where it is not noticed."""
    index_dir, old = _two_generations(folder, articles)
    newer, older = index_dir / folder_name(2), index_dir / folder_name(1)
    files = [path for path in sorted(newer.rglob("*")) if path.is_file() and not path.name.endswith(".lock")]
    counts = {"bits flipped": 0, "files cut": 0, "files of the other generation": 0, "files removed": 0}
    for file in files:
        whole = file.read_bytes()
        twin = older / file.relative_to(newer)
        for name, damaged in [*_flipped(whole), *_cut(whole), *_swapped(whole, twin), ("files removed", None)]:
            file.unlink() if damaged is None else file.write_bytes(damaged)
            _require_noticed(index_dir, file, old)
            counts[name] += 1
        file.write_bytes(whole)
    assert not check(newer, 2)
    return counts | {"generations swapped": _swap_generations(index_dir)}


def _two_generations(folder: Path, articles: int) -> tuple[Path, State]:
    written, index_dir = Folder(folder / "articles", random.Random(2)), folder / "index"
    for _ in range(articles):
        written.add()
    assert build(written.path, index_dir).returncode == 0
    old = dict(written.state)
    for _ in range(3):
        written.edit()
    assert build(written.path, index_dir).returncode == 0
    return index_dir, old


def _flipped(whole: bytes) -> list[tuple[str, bytes | None]]:
    chosen = random.Random(len(whole))
    places = [min(start + chosen.randrange(PAGE), len(whole) - 1) for start in range(0, len(whole), PAGE)]
    return [
        ("bits flipped", whole[:place] + bytes([whole[place] ^ (1 << chosen.randrange(8))]) + whole[place + 1 :])
        for place in places
    ]


def _cut(whole: bytes) -> list[tuple[str, bytes | None]]:
    lengths = {int(cut * len(whole)) if isinstance(cut, float) else cut % len(whole) for cut in CUTS}
    return [("files cut", whole[:length]) for length in sorted(lengths)]


def _swapped(whole: bytes, twin: Path) -> list[tuple[str, bytes | None]]:
    """The file of the same name of the other generation; the lexical index names its files anew each time."""
    other = twin.read_bytes() if twin.is_file() else whole
    return [("files of the other generation", other)] if other != whole else []


def _require_noticed(index_dir: Path, file: Path, old: State) -> None:
    """Opening warns, names the file, and the older generation answers."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        index = open_index(index_dir)
    if index.generation != 1 or not any(file.name in str(each.message) for each in told):
        raise Wrong(f"damage of {file} was not noticed: generation {index.generation}, {[str(each) for each in told]}")
    probe(index_dir, [old], quiet=False)


def _swap_generations(index_dir: Path) -> int:
    """The two folders change names: neither may answer under the number of the other."""
    one, two, aside = index_dir / folder_name(1), index_dir / folder_name(2), index_dir / "aside"
    one.rename(aside)
    two.rename(one)
    aside.rename(two)
    if not check(one, 1) or not check(two, 2):
        raise Wrong("a generation answers under another's number")
    shutil.rmtree(one)
    return 1


if __name__ == "__main__":
    main()
