"""Takes benchmarks/questions.jsonl and the articles in seeds/; prints each fault on a line, exits 1 if there is one."""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MINIMUM = {
    "fact": 20,
    "reason": 10,
    "viewpoint": 8,
    "list": 6,
    "several_sources": 5,
    "paraphrase": 8,
    "typo": 6,
    "follow_up": 10,
    "near_miss": 18,
    "off_topic": 12,
}
UNANSWERABLE = {"near_miss", "off_topic"}


@dataclass(frozen=True)
class Question:
    """One line of the file; answers holds (article, quote) pairs."""

    id: str
    text: str
    type: str
    answers: tuple[tuple[str, str], ...]
    answerable: bool
    need: int
    history: tuple[str, ...]


def plain(text: str) -> str:
    """Return text without markdown asterisks, each run of white space made one space."""
    return " ".join(text.replace("*", "").split())


def load(path: Path) -> list[Question]:
    """Read one question per line; a missing field raises KeyError."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Question(
            id=row["id"],
            text=row["question"],
            type=row["type"],
            answers=tuple((answer["article"], answer["quote"]) for answer in row["answers"]),
            answerable=row["answerable"],
            need=row.get("need", 1),
            history=tuple(row.get("history", ())),
        )
        for row in rows
    ]


def faults_of(question: Question, seeds: dict[str, str]) -> list[str]:
    """Return what is wrong with one question taken alone."""
    faults = [] if question.type in MINIMUM else [f"unknown type {question.type!r}"]
    if question.answerable == (question.type in UNANSWERABLE):
        faults.append(f"answerable is {question.answerable} in a {question.type}")
    if question.answerable != bool(question.answers):
        faults.append(f"answerable is {question.answerable} with {len(question.answers)} answers")
    if question.answerable and not 1 <= question.need <= len(set(question.answers)):
        faults.append(f"need is {question.need} with {len(set(question.answers))} different answers")
    if bool(question.history) != (question.type == "follow_up"):
        faults.append("history belongs to every follow_up and to nothing else")
    for article, quote in question.answers:
        if not quote.strip() or plain(quote) not in seeds.get(article, ""):
            faults.append(f"not in {article}: {quote!r}")
    return [f"{question.id}: {fault}" for fault in faults]


def faults_in(questions: list[Question], seeds: dict[str, str]) -> list[str]:
    """Return the faults of every question, then those of the file as a whole."""
    faults = [fault for question in questions for fault in faults_of(question, seeds)]
    ids = Counter(question.id for question in questions)
    faults += [f"{name}: id used {times} times" for name, times in ids.items() if times > 1]
    have = Counter(question.type for question in questions)
    faults += [f"{name}: {have[name]} questions, at least {n} wanted" for name, n in MINIMUM.items() if have[name] < n]
    return faults


def main() -> int:
    """Check the file in this folder and return the exit status."""
    seeds = {path.name: plain(path.read_text(encoding="utf-8")) for path in (ROOT / "seeds").glob("*.md")}
    questions = load(ROOT / "benchmarks" / "questions.jsonl")
    faults = faults_in(questions, seeds)
    print("\n".join(faults) if faults else f"{len(questions)} questions, no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
