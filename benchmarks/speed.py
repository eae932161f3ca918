"""Nothing goes in; what indexing, starting and asking cost comes out, beside other systems on the same text and model.

python -m benchmarks.speed [--repeat 5] [--peers DIR] [--brief]

Every program runs on one core as a process of its own, one after the other in each round; figures are medians, ratios
are of one run. Peers are measured where `python -m benchmarks.peers.install` has put them. Without `--brief` follows
what takes an hour (`speed_at_size.py`): a million passages, 10,000 files, 50 people; cost against size is drawn.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.attack_scale import real_texts, write_articles
from benchmarks.measuring import run
from benchmarks.peers.install import BASELINE, INSTALLED, NAMES, python_of
from benchmarks.plot import draw
from benchmarks.question_sets import HERE, read_lines, save
from benchmarks.speed_at_size import at_size, searched
from index.terminal import note, say

DOCUMENTS, PASSAGES_EACH, SENTENCES = 200, 5, 4
LARGER = 2000  # documents of the index whose whole command is compared with the processor's peak
WARM = 40  # questions
PEER_SCRIPTS = HERE / "peers"


@dataclass(frozen=True)
class System:
    """Figures of one system, medians: CPU seconds, milliseconds, MiB."""

    index_cpu: float
    index_memory: float
    first_answer_cpu: float
    first_answer_memory: float
    warm_ms: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--peers", type=Path, default=INSTALLED, metavar="DIR", help="where peers are installed")
    parser.add_argument("--brief", action="store_true", help="a thousand and ten thousand passages only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quoted-speed-") as folder:
        rows = measure(Path(folder), options.repeat, options.peers)
        save(rows, "speed")
        for more in () if options.brief else at_size(Path(folder)):
            rows |= more
            save(rows, "speed")
    if "sizes" in rows:
        draw(rows["sizes"], HERE / "results" / "cost_by_size.svg")
    say(table(rows))
    return 0


def measure(folder: Path, repeat: int, peers: Path) -> dict[str, Any]:
    """Measure ourselves and the peers that are installed, in turn."""
    articles, corpus, questions = folder / "articles", folder / "corpus.jsonl", folder / "questions.txt"
    write_articles(articles, DOCUMENTS, PASSAGES_EACH, _paragraphs())
    asked = [each["question"] for each in read_lines(HERE / "questions.jsonl")]
    questions.write_text("\n".join(asked[: WARM + 1]))
    (folder / "one.txt").write_text(asked[0])
    run([sys.executable, "-m", "index", "build", str(articles), "--index", str(folder / "index")])
    write_corpus(folder / "index", corpus)
    installed = [name for name in NAMES if Path(python_of(peers / name)).exists()]
    found: dict[str, list[System]] = {"quoted": [], **{name: [] for name in installed}}
    for number in range(repeat):
        found["quoted"].append(_ourselves(folder, number))
        for name in installed:
            found[name].append(_peer(name, peers / name, folder, number))
        note(f"round {number + 1} of {repeat}")
    encoder = json.loads(run([sys.executable, "-m", "benchmarks.speed_of_encoder", str(corpus)]).out)
    return {
        "systems": {name: _medians(rounds) for name, rounds in found.items()},
        "encoder": encoder,
        "whole command": _whole_command(folder),
        "questions": searched(folder / "index"),
        "questions, 10,000 passages": searched(folder / "more-index"),
        "commands": _commands(folder),
    }


def _paragraphs() -> Any:  # noqa: ANN401 - an iterator of texts
    texts = real_texts()
    while True:
        yield " ".join(next(texts) for _ in range(SENTENCES))


def write_corpus(index_dir: Path, corpus: Path) -> None:
    """Write the passages that we indexed, for the peers: all have the same texts."""
    program = (
        "import json, sys; from index import open_index; opened = open_index(sys.argv[1])\n"
        "for article in opened.articles():\n"
        "    for number, each in enumerate(opened.passages(article)):\n"
        "        print(json.dumps({'id': f'{article.id}-{number}', 'text': each.text}))"
    )
    corpus.write_text(run([sys.executable, "-c", program, str(index_dir)]).out)


def _ourselves(folder: Path, number: int) -> System:
    into = folder / f"quoted-{number}"
    built = run([sys.executable, "-m", "index", "build", str(folder / "articles"), "--index", str(into)])
    first = run([sys.executable, "-m", "qa", (folder / "one.txt").read_text(), "--index", str(into)])
    return System(built.cpu, built.memory, first.cpu, first.memory, searched(into)["retrieve_ms"])


def _peer(name: str, home: Path, folder: Path, number: int) -> System:
    script, into = str(PEER_SCRIPTS / f"peer_{name}.py"), folder / f"{name}-{number}"
    built = run([python_of(home), script, "index", str(folder / "corpus.jsonl"), str(into)])
    first = run([python_of(home), script, "ask", str(into), str(folder / "one.txt")])
    warm = json.loads(run([python_of(home), script, "ask", str(into), str(folder / "questions.txt")]).out)
    return System(built.cpu, built.memory, first.cpu, first.memory, statistics.median(warm[1:]))


def _whole_command(folder: Path) -> dict[str, float]:
    """Building 10,000 passages, from the start of the process to its end, beside the peak of matrix products."""
    articles, into = folder / "more", folder / "more-index"
    write_articles(articles, LARGER, PASSAGES_EACH, _paragraphs())
    cost = run([sys.executable, "-m", "index", "build", str(articles), "--index", str(into)])
    share = [sys.executable, "-m", "benchmarks.speed_of_encoder", "--index", str(into), "--seconds", str(cost.cpu)]
    found: dict[str, float] = json.loads(run(share).out)
    return found


def _commands(folder: Path) -> dict[str, float]:
    """CPU seconds of the commands that must start at once."""
    into = str(folder / "index")
    commands = {
        "index --help": ["-m", "index", "--help"],
        "index status": ["-m", "index", "status", "--index", into],
        "qa --help": ["-m", "qa", "--help"],
        "app.py --help": ["app.py", "--help"],
    }
    return {
        name: statistics.median(run([sys.executable, *each]).cpu for _ in range(3)) for name, each in commands.items()
    }


def _medians(rounds: list[System]) -> dict[str, float]:
    return {name: statistics.median(getattr(each, name) for each in rounds) for name in System.__dataclass_fields__}


def table(rows: dict[str, Any]) -> str:
    """The figures as Markdown."""
    systems, encoder = rows["systems"], rows["encoder"]
    names = {
        "index_cpu": "index 1,000 passages, CPU s of the process",
        "index_memory": "most memory while indexing, MiB",
        "first_answer_cpu": "cold process to first answer, CPU s",
        "first_answer_memory": "most memory of that, MiB",
        "warm_ms": "warm question, p50 ms",
    }
    lines = [f"| one core | {' | '.join(systems)} | of the best peer |", "|---" * (len(systems) + 2) + "|"]
    for key, name in names.items():
        values = [each[key] for each in systems.values()]
        peers = [each[key] for system, each in systems.items() if system not in ("quoted", BASELINE)]
        share = f"{values[0] / min(peers):.2f}" if peers else "-"
        lines.append(f"| {name} | {' | '.join(f'{value:,.2f}' for value in values)} | {share} |")
    lines += ["", "| figure | value |", "|---|---|"]
    lines += [f"| encoder: {name.replace('_', ' ')} | {value:,.3f} |" for name, value in encoder.items()]
    lines += [
        f"| whole command: {name.replace('_', ' ')} | {value:,.3f} |" for name, value in rows["whole command"].items()
    ]
    for size, asked in (("1,000", rows["questions"]), ("10,000", rows["questions, 10,000 passages"])):
        lines += [f"| {size} passages: {name.replace('_', ' ')} | {value:,.2f} |" for name, value in asked.items()]
    lines += [f"| CPU s of {name} | {value:.2f} |" for name, value in rows["commands"].items()]
    lines += [f"| {name} | {value:,.3f} |" for name, value in rows.get("large", {}).items()]
    lines += _by_size(rows.get("sizes", []))
    return "\n".join(lines)


def _by_size(sizes: list[dict[str, Any]]) -> list[str]:
    if not sizes:
        return []
    head = list(sizes[0])
    rows = [f"| {' | '.join(f'{value:,.2f}' for value in each.values())} |" for each in sizes]
    return ["", f"| {' | '.join(name.replace('_', ' ') for name in head)} |", "|---" * len(head) + "|", *rows]


if __name__ == "__main__":
    sys.exit(main())
