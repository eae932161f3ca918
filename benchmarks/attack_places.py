"""Folders and files of the awkward kinds go in; the exit codes and reason codes that they got come out.

python -m benchmarks.attack_places
"""

from __future__ import annotations

import itertools
import json
import os
import random
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.attacking import Folder, Wrong, build, probe, tell

FULL = 2  # MiB of the disk that is too small


def main() -> None:
    """Try every awkward place."""
    with tempfile.TemporaryDirectory(prefix="quoted-places-") as folder:
        tell("odd entries", ", ".join(f"{name}: {reason}" for name, reason in odd_entries(Path(folder)).items()))
    with tempfile.TemporaryDirectory(prefix="quoted-places-") as folder:
        tell("file rewritten", f"{rewritten(Path(folder))}, the rest indexed")
    with tempfile.TemporaryDirectory(prefix="quoted-places-") as folder:
        tell("full disk", full_disk(Path(folder)) if may_mount() else "NOT RUN: this user may not mount")
    with tempfile.TemporaryDirectory(prefix="quoted-places-") as folder:
        tell("read-only index", read_only(Path(folder)) if may_mount() else "NOT RUN: this user may not mount")


def odd_entries(folder: Path) -> dict[str, str]:
    """Put what is no document among documents; returns the reason codes. Raises Wrong where the rest is not indexed."""
    articles = _some(folder / "articles", 3)
    _write_odd(articles.path, folder)
    report = json.loads(build(articles.path, folder / "index").stdout)
    probe(folder / "index", [articles.state])
    if report["new"] != len(articles.state):
        raise Wrong(f"{report['new']} new")
    return {each["path"]: each["reason"] for each in report["documents"] if each["reason"]}


def _write_odd(articles: Path, outside: Path) -> None:
    os.mkfifo(articles / "pipe.txt")
    (articles / "folder.txt").mkdir()
    (outside / "secret.txt").write_text("Secret. Text outside of the folder.")
    (articles / "link.txt").symlink_to(outside / "secret.txt")
    (articles / "device.txt").symlink_to("/dev/zero")
    (outside / "elsewhere").mkdir()
    (articles / "linked").symlink_to(outside / "elsewhere")
    (articles / "inner").mkdir()
    (articles / "to-inner").symlink_to(articles / "inner")
    Path(os.fsdecode(os.fsencode(articles) + b"/bad\xff.txt")).write_text("Its name is not UTF-8.")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(os.path.relpath(articles / "socket.txt"))
    if os.geteuid() == 0:
        os.mknod(articles / "node.txt", 0o600 | 0o020000, os.makedev(1, 5))


def rewritten(folder: Path) -> str:
    """Rewrite a file all through a build; returns its reason code."""
    articles = _some(folder / "articles", 40)
    articles.add("aaa.txt")
    if build(articles.path, folder / "index").returncode != 0:
        raise Wrong("the first build failed")
    before = dict(articles.state)
    with _rewriting(articles.path / "aaa.txt"):
        done = build(articles.path, folder / "index")
    probe(folder / "index", [before])  # its last good version
    (found,) = [each for each in json.loads(done.stdout)["documents"] if each["status"] == "failed"]
    if done.returncode != 1 or found["path"] != "aaa.txt":
        raise Wrong(f"exit {done.returncode}, failed: {found}")
    return str(found["reason"])


@contextmanager
def _rewriting(file: Path) -> Iterator[None]:
    stop = threading.Event()

    def rewrite() -> None:
        with file.open("r+b", buffering=0) as stream:
            for number in itertools.count():  # never the same again: a build that reads it twice must see two
                if stop.is_set():
                    return
                os.pwrite(stream.fileno(), f"{number:06d}".encode(), 5)
                time.sleep(0.001)

    thread = threading.Thread(target=rewrite)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def may_mount() -> bool:
    """Tell whether small disks can be made here."""
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(["mount", "-t", "tmpfs", "none", place], capture_output=True)
        return done.returncode == 0 and subprocess.run(["umount", place]).returncode == 0


@contextmanager
def _disk(place: Path, mebibytes: int) -> Iterator[Path]:
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "none", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def full_disk(folder: Path) -> str:
    """Let an index grow on a small disk until a build is refused; the last good index must answer."""
    articles = _some(folder / "articles", 20)
    with _disk(folder / "disk", FULL) as disk:
        for size in itertools.count(1):
            before = dict(articles.state)
            for _ in range(60):
                articles.add()
            done = build(articles.path, disk / "index")
            if done.returncode == 0:
                probe(disk / "index", [articles.state])
            elif done.returncode == 2 and "No space left" in done.stderr and "Traceback" not in done.stderr:
                held = probe(disk / "index", [before]) if size > 1 else None
                return f"build {size} refused, exit 2, the index before it answers" if held == 0 else "refused at once"
            else:
                raise Wrong(f"exit {done.returncode}: {done.stderr}")
    raise Wrong("the disk never filled")


def read_only(folder: Path) -> str:
    """Build, make the disk read-only, build and ask again."""
    articles = _some(folder / "articles", 5)
    with _disk(folder / "disk", 20) as disk:
        if build(articles.path, disk / "index").returncode != 0:
            raise Wrong("the first build failed")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        before = dict(articles.state)
        articles.add()
        done = build(articles.path, disk / "index")
        probe(disk / "index", [before])
        if done.returncode != 2 or "Read-only file system" not in done.stderr or "Traceback" in done.stderr:
            raise Wrong(f"exit {done.returncode}: {done.stderr}")
    return "exit 2 and why; the index answers"


def _some(path: Path, number: int) -> Folder:
    articles = Folder(path, random.Random(6))
    for _ in range(number):
        articles.add()
    return articles


if __name__ == "__main__":
    main()
