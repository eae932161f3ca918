"""People and questions go in; how long they wait, alone, together and in a rush, and what went wrong, come out.

python -m benchmarks.crowd --people 50 --questions 20 --rush 200 [--json]

The page runs as a process of its own, people are threads with HTTP connections of their own, and every reply is
compared with what `ask` says to the same question alone: nobody may get another's answer, or another than alone.
"""

from __future__ import annotations

import argparse
import json
import select
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

from benchmarks.attack_scale import made_up_texts, write_articles
from benchmarks.question_sets import HERE, PROJECT, save
from index import Index, build_index, open_index
from index.terminal import json_line, note, say
from qa import ask
from qa.evaluate import load_questions

PATIENCE = 1800  # seconds that a reply may take before it is an error
START = 300  # seconds that the page may take to start
BUSY = "Many questions are being answered"
REBUILT = 4000  # articles of a passage each that are embedded anew while one person asks
AFTER = 5  # seconds after a rush in which a question must take no longer than before
CONFIDENCE = 0.0005  # told to four digits


@dataclass(frozen=True)
class Reply:
    """What one question got: "answer", "busy", "foreign" (not what `ask` says alone) or an error; seconds it took."""

    kind: str
    seconds: float


@dataclass(frozen=True)
class Figures:
    """Replies of one round in numbers; `rate` is answers a second."""

    answers: int
    busy: int
    wrong: int
    p50: float
    p95: float
    longest_busy: float
    rate: float


@dataclass(frozen=True)
class Expected:
    """What a question, the first of the `arguments`, is answered with when nobody else asks."""

    arguments: tuple[object, ...]
    text: str
    confidence: float


def main() -> int:
    """Measure one person, many people and a rush, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--questions", type=int, default=20, help="that each of them asks, one after the other")
    parser.add_argument("--rush", type=int, default=200, help="people who ask one question each in the same moment")
    parser.add_argument("--different", type=int, default=40, help="different questions among all of them")
    parser.add_argument("--json", action="store_true", help="print JSON and save nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quoted-crowd-") as folder:
        index_dir = Path(folder) / "index"
        build_index(PROJECT / "seeds", index_dir)
        known = expectations(open_index(index_dir), options.different)
        with page(index_dir) as address:
            rounds = measure(address, known, options.people, options.questions, options.rush)
        rounds |= during_a_rebuild(Path(folder), options.different)
    if options.json:
        say(json_line(rounds))
    else:
        report(rounds)
        save(rounds, "crowd")
    return 1 if any(figures.wrong for figures in rounds.values()) or rounds["many"].busy else 0


def expectations(index: Index, most: int) -> list[Expected]:
    """Ask our own questions one after the other, as one person would."""
    asked = [each.text for each in load_questions(HERE / "questions.jsonl") if not each.history]
    chosen = asked[:: max(1, len(asked) // most)][:most]
    note(f"Asking {len(chosen)} different questions alone …")
    answers = [ask(question, index=index) for question in chosen]
    return [Expected((each.question,), each.text, each.confidence) for each in answers]


def measure(address: str, known: Sequence[Expected], people: int, questions: int, rush: int) -> dict[str, Figures]:
    """Let one ask, then many, then more than the line holds, then one again."""
    note("The page answers each question once …")
    together(address, known, 1, len(known))
    note("One person asks …")
    rounds = {"one": together(address, known, 1, len(known))}
    note(f"{people} people ask {questions} questions each …")
    rounds["many"] = together(address, known, people, questions)
    note(f"{rush} people ask at once …")
    rounds["rush"] = together(address, known, rush, 1)
    time.sleep(AFTER)
    rounds["one after the rush"] = together(address, known, 1, len(known) // 2)
    return rounds


def during_a_rebuild(folder: Path, different: int) -> dict[str, Figures]:
    """Let one person ask while nothing is built, then while every made-up article beside the seeds is embedded anew."""
    articles, index_dir = folder / "articles", folder / "followed"
    copytree(PROJECT / "seeds", articles)
    write_articles(articles / "made up", REBUILT, 1, made_up_texts(40))
    build_index(articles, index_dir)
    known = expectations(open_index(index_dir), different)
    with page(index_dir, "--watch") as address:
        together(address, known, 1, len(known))
        rounds = {"one, nothing built": together(address, known, 1, len(known))}
        note(f"The page rebuilds {REBUILT} articles …")
        write_articles(articles / "made up", REBUILT, 1, made_up_texts(41))
        while not building(address):
            time.sleep(0.1)
        rounds["one, during a rebuild"] = together(address, known, 1, len(known))
        if not building(address):
            raise SystemExit(f"The rebuild ended before the questions did: more than {REBUILT} articles are needed.")
    return rounds


def building(address: str) -> bool:
    """Whether the page rebuilds its index just now."""
    with urllib.request.urlopen(f"{address}articles/status", timeout=PATIENCE) as reply:
        told = json.load(reply)["building"]
    return bool(told and told["of"])


def together(address: str, known: Sequence[Expected], people: int, questions: int) -> Figures:
    """Let people ask at the same time, each one question after the other and each beginning with another one."""
    replies: list[Reply] = []
    start = threading.Barrier(people + 1)

    def person(number: int) -> None:
        start.wait()
        for place in range(questions):
            replies.append(put(address, known[(7 * number + place) % len(known)]))

    threads = [threading.Thread(target=person, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    start.wait()
    started = time.monotonic()
    for thread in threads:
        thread.join()
    return _figures(replies, time.monotonic() - started)


def put(address: str, expected: Expected) -> Reply:
    """Ask one question as a program does and compare the reply."""
    started = time.monotonic()
    try:
        event, value = call(address, "ask", expected.arguments)
    except urllib.error.HTTPError as error:
        told = error.read().decode("utf-8", "replace") if error.code == 503 else str(error)
        return Reply("busy" if BUSY in told else told, time.monotonic() - started)
    except (OSError, ValueError, KeyError) as error:
        return Reply(f"{type(error).__name__}: {error}", time.monotonic() - started)
    return Reply(_kind(event, value, expected), time.monotonic() - started)


def call(address: str, endpoint: str, arguments: Sequence[object]) -> tuple[str, Any]:
    """Call an endpoint; returns the event, "complete" or "error", and what came with it."""
    place = f"{address}gradio_api/call/{endpoint}"
    body = json.dumps({"data": arguments}).encode()
    request = urllib.request.Request(place, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
        event_id = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{place}/{event_id}", timeout=PATIENCE) as stream:
        return last_event(stream)


def last_event(stream: Iterable[bytes]) -> tuple[str, Any]:
    """The event that ends a stream, without the heartbeats before it."""
    event = ""
    for line in stream:
        name, _, value = line.decode("utf-8").rstrip("\n").partition(": ")
        if name == "event":
            event = value
        elif name == "data" and event in ("complete", "error"):
            return event, json.loads(value)
    raise ValueError("the stream ended without a result")


def _kind(event: str, value: Any, expected: Expected) -> str:  # noqa: ANN401 - any JSON
    if event == "error":
        told = str((value or {}).get("error"))
        return "busy" if told.startswith(BUSY) else told
    answer = value[0]
    same = answer["question"] == expected.arguments[0] and answer["text"] == expected.text
    return "answer" if same and abs(answer["confidence"] - expected.confidence) < CONFIDENCE else "foreign"


def _figures(replies: Sequence[Reply], took: float) -> Figures:
    for wrong in {reply.kind for reply in replies} - {"answer", "busy"}:
        note(f"wrong: {wrong}")
    waits = sorted(reply.seconds for reply in replies if reply.kind == "answer") or [0.0]
    busy = [reply.seconds for reply in replies if reply.kind == "busy"]
    answers = sum(reply.kind == "answer" for reply in replies)
    return Figures(
        answers=answers,
        busy=len(busy),
        wrong=len(replies) - answers - len(busy),
        p50=round(statistics.median(waits), 3),
        p95=round(waits[int(0.95 * (len(waits) - 1))], 3),
        longest_busy=round(max(busy, default=0.0), 3),
        rate=round(answers / took, 2),
    )


def report(rounds: dict[str, Figures]) -> None:
    """Print the rounds and how they compare."""
    say("| who asks | answers | busy | wrong | p50 s | p95 s | slowest busy s | answers/s |")
    say("|---|---|---|---|---|---|---|---|")
    for name, each in rounds.items():
        cells = (each.answers, each.busy, each.wrong, each.p50, each.p95, each.longest_busy, each.rate)
        say(f"| {name} | {' | '.join(map(str, cells))} |")
    one, many, after = rounds["one"], rounds["many"], rounds["one after the rush"]
    quiet, building = rounds["one, nothing built"], rounds["one, during a rebuild"]
    say(
        f"p95 of many {many.p95 / one.p95:.1f} times that of one; throughput {many.rate / one.rate:.2f} times; "
        f"p95 after the rush {after.p95 / one.p95:.2f} times that before; "
        f"p50 during a rebuild {building.p50 / quiet.p50:.2f} times that before"
    )


@contextmanager
def page(index_dir: Path, *options: str) -> Iterator[str]:
    """The page as a process of its own; gives its address."""
    command = [sys.executable, "app.py", "--index", str(index_dir), "--port", "0", *(options or ["--no-watch"])]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready, _, _ = select.select([process.stdout], [], [], START)
            address = process.stdout.readline().strip() if ready else ""
            if not address:
                raise SystemExit("The page did not start.")
            yield address
        finally:
            process.terminate()
            process.wait(60)


if __name__ == "__main__":
    sys.exit(main())
