"""Folders of articles and questions go in; an index, and questions that know their articles, come out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from index import build_index
from index.terminal import ProgressBar, json_line, note
from qa.evaluate import load_questions
from qa.evaluation.figures import Question

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
BUILT = HERE / "built"  # indexes of the sets, made once; not in git

Item = TypeVar("Item")


def index_set(folder: Path) -> tuple[Path, list[Question]]:
    """Build the index of a set; returns its folder and the questions, each with the articles that answer it."""
    articles = BUILT / f"{folder.name}-articles"
    names = _write_corpus(folder, articles)
    progress = ProgressBar()
    build_index(articles, BUILT / folder.name, progress=progress)
    progress.close()
    return BUILT / folder.name, list(_with_qrels(folder, names))


def read_lines(file: Path) -> list[dict[str, Any]]:
    """Read a JSON Lines file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]


def read_json(file: Path) -> dict[str, Any]:
    """Read a JSON object."""
    value: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return value


def spread(items: list[Item], most: int) -> list[Item]:
    """Return about `most` of the items, spread evenly over them; all for 0."""
    return items[:: max(1, len(items) // most)] if most else items


def save(rows: object, kind: str = "") -> int:
    """Keep rows of figures under the commit's name, beside those kept before; returns the exit code."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=PROJECT, capture_output=True, text=True)
    name = commit.stdout.strip() or "no-commit"
    clean, dirty = name.removesuffix("-dirty"), "-dirty" if name.endswith("-dirty") else ""
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    file = results / f"{clean}{f'-{kind}' if kind else ''}{dirty}.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(kept | json.loads(json_line(rows)), indent=1, sort_keys=True) + "\n")
    note(f"Saved in {file.relative_to(PROJECT)}")
    return 0


def _write_corpus(folder: Path, into: Path) -> dict[str, str]:
    """Write each document as an article file; returns the file's name for each document's id."""
    into.mkdir(parents=True, exist_ok=True)
    names = {}
    for number, document in enumerate(read_lines(folder / "corpus.jsonl")):
        names[document["id"]] = f"{number:06d}.txt"
        file, text = into / names[document["id"]], _front_matter(document) + document["text"]
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    return names


def _front_matter(document: dict[str, Any]) -> str:
    """Title, author, publisher, date and address, as far as they are known."""
    about = document.get("meta") or {}
    fields = {
        "title": document["title"],
        "author": about.get("author"),
        "publisher": about.get("source"),
        "published": (about.get("published") or about.get("published_at") or "")[:10],
        "url": about.get("url"),
    }
    lines = [f"{name}: {json.dumps(value)}\n" for name, value in fields.items() if value]
    return f"---\n{''.join(lines)}---\n\n" if lines else ""


def _with_qrels(folder: Path, names: dict[str, str]) -> Iterator[Question]:
    relevant: dict[str, list[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        id, document, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(id, []).append(names[document])
    for question in load_questions(folder / "queries.jsonl"):
        yield replace(question, relevant=tuple(relevant.get(question.id, ())))
