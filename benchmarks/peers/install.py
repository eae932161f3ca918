"""Names of peers go in; each gets an environment of its own, with the versions that its requirements pin.

python -m benchmarks.peers.install [NAME ...] [--into DIR]
"""

from __future__ import annotations

import argparse
import subprocess
import venv
from pathlib import Path

from index.terminal import note

HERE = Path(__file__).resolve().parent
BASELINE = "sentence_transformers"  # finds by vectors alone, so it is shown beside the peers, not as the best of them
NAMES = (BASELINE, "txtai", "langchain", "llamaindex", "haystack")
INSTALLED = HERE.parent / "built" / "peers"  # not in git


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *NAMES], metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--into", type=Path, default=INSTALLED, metavar="DIR")
    options = parser.parse_args()
    for name in options.names or NAMES:
        install(name, options.into / name)


def install(name: str, folder: Path) -> None:
    """Make the environment of one peer."""
    note(f"{name} into {folder}")
    venv.create(folder, with_pip=True)
    subprocess.run([python_of(folder), "-m", "pip", "install", "-r", str(HERE / f"{name}.txt")], check=True)


def python_of(folder: Path) -> str:
    """The interpreter of an environment."""
    return str(folder / "bin" / "python")


if __name__ == "__main__":
    main()
