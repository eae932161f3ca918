"""The worker process: what a document may do to it, and what it cannot do to anything else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from index.reading import isolate
from index.reading.block import Unreadable
from index.reading.isolate import Reader
from index.reading.read import Reading, read_document
from tests.attack_files import faults, mixed, outcomes
from tests.package_writing import docx_of, html_of
from tests.pdf_writing import pdf_of

GOOD = b"# The lamp\n\nThe lamp burned oil until 1911. Since then it has burned gas."


def spoilt_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
    """Let reading do a deed for files named bad.*, as a parser under attack might: it is patched in inside the worker."""
    (tmp_path / "sitecustomize.py").write_text(
        "import index.reading.read as reading\nreal = reading.read_document\ndef read(id, data):\n    if id.startswith('bad'):\n"
        + textwrap.indent(textwrap.dedent(deed), " " * 8)
        + "\n    return real(id, data)\nreading.read_document = read\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("while True: pass", "timeout"),
        ("import time; time.sleep(60)", "timeout"),
        ("import os; os._exit(3)", "parser_crash"),
        ("import ctypes; ctypes.string_at(0)", "parser_crash"),
        ("held = [bytearray(300_000_000) for _ in range(4)]", "memory_limit"),
        ("import os\nos.write(4, b'x' * 70_000_000)\nos._exit(0)", "output_limit"),
        ("import os\nos.write(4, b'{}\\n')", "parser_crash"),
    ],
)
def test_a_file_that_kills_or_hangs_the_worker_costs_itself_only(
    deed: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt_by(tmp_path, monkeypatch, deed)
    with Reader(seconds=2 if reason == "timeout" else 60) as reader:  # a busy machine is slow to fill its memory
        assert "burned gas" in reader.read("a.md", GOOD).article.text
        with pytest.raises(Unreadable) as error:
            reader.read("bad.md", GOOD)
        assert error.value.reason == reason and error.value.detail.endswith(".")
        assert "burned gas" in reader.read("b.md", GOOD).article.text


def test_a_file_is_tried_once_more_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deed kills the first worker only: one that has already read something."""
    spoilt_by(tmp_path, monkeypatch, f"import os\nif not os.path.exists({str(tmp_path / 'x')!r}): os._exit(1)")
    with Reader() as reader:
        reader.read("a.md", GOOD)
        original = reader._ask
        calls: list[int] = []

        def counted(id: str, data: bytes) -> Reading:
            calls.append(reader._worker.pid if reader._worker else 0)
            (tmp_path / "x").write_text("") if len(calls) == 2 else None
            return original(id, data)

        monkeypatch.setattr(reader, "_ask", counted)
        assert "burned gas" in reader.read("bad.md", GOOD).article.text
        assert len(calls) == 2 and calls[0] > 0 and calls[1] == 0  # the second was asked of a new one


@pytest.mark.parametrize(
    "deed",
    [
        "open({place!r}, 'w').write('x')",
        "import os; os.close(os.open({place!r}, os.O_CREAT | os.O_WRONLY))",
        "import os; os.mkdir({place!r})",
        "import subprocess; subprocess.run(['touch', {place!r}])",
        "import os; os.system('touch ' + {place!r})",
        "import socket; socket.create_connection(('127.0.0.1', 9)); open({place!r})",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
        "import socket; socket.getaddrinfo('example.org', 80)",
    ],
)
def test_reading_writes_nothing_starts_nothing_and_asks_nobody(
    deed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "written"
    attempt = f"try:\n    {deed.format(place=str(place))}\nexcept PermissionError as error:\n    raise reading.Unreadable('damaged', str(error))"
    spoilt_by(tmp_path, monkeypatch, attempt)
    with Reader() as reader, pytest.raises(Unreadable, match="must not"):
        reader.read("bad.md", GOOD)
    assert not place.exists()


def test_the_worker_reads_as_this_process_does_and_is_reused() -> None:
    story = [(1, "The lamp"), (0, "The lamp burned oil until 1911. Since then it has burned gas, which is cheaper.")]
    with Reader() as reader:
        workers = set()
        for name, data in (
            ("a.md", GOOD),
            ("a.html", html_of(story)),
            ("a.docx", docx_of(story)),
            ("a.pdf", pdf_of(story * 20)),
        ):
            assert reader.read(name, data) == read_document(name, data)
            workers.add(reader._worker.pid if reader._worker else 0)
        assert len(workers) == 1
    assert not Path(f"/proc/{workers.pop()}").exists() or sys.platform != "linux"


def test_a_worker_ends_with_its_parent() -> None:
    script = (
        "from index.reading.isolate import Reader\nreader = Reader()\nreader.read('a.md', b'Some text. And more.')\n"
        "print(reader._worker.pid, flush=True)\nimport os; os._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, cwd=Path(__file__).parent.parent
    )
    pid = int(done.stdout)
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":  # ended, and nobody has asked how
            return
        subprocess.run(["sleep", "0.05"])
    raise AssertionError("the worker lives on")


SLOW = ("rows.pdf", "paragraphs.docx", "deep.docx", "many.docx", "bomb.docx", "bomb.epub", "marks.txt")


def test_forty_bad_files_among_twenty_good_ones() -> None:
    """The short form of benchmarks/attack_reading.py."""
    files = [each for each in mixed(bad=80, good=20) if len(each[1]) < 200_000 and each[0] not in SLOW]
    assert faults(list(outcomes(iter(files))), good=20) == []


def test_limits_are_those_that_help_prints() -> None:
    help = subprocess.run(
        [sys.executable, "-m", "index", "--help"], capture_output=True, text=True, cwd=Path(__file__).parent.parent
    )
    assert "20 seconds and 1 GiB" in " ".join(help.stdout.split())
    assert 2 * isolate.SECONDS < 20 and isolate.MEMORY == 1024**3


def test_read_shows_metadata_with_where_it_is_from_and_says_why_a_file_would_not_be_indexed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nauthor: Ada Lind\n---\n\n# The lamp\n\nIt burned oil.")
    (tmp_path / "b.txt").write_bytes(b"\x89PNG")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "index", "read", *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent)

    shown = run(str(tmp_path / "a.md")).stdout
    assert "author:    Ada Lind   (front matter)" in shown and "It burned oil." in shown
    told = json.loads(run(str(tmp_path / "a.md"), "--json").stdout)
    assert told["article"]["title"] == "The lamp" and told["warnings"] == []
    refused = run(str(tmp_path / "b.txt"))
    assert refused.returncode == 2 and refused.stdout == "" and "type_mismatch" in refused.stderr
