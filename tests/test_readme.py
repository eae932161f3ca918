"""What the README says is run, or checked to exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from index import build_index

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_every_make_target_exists_and_is_listed_by_help() -> None:
    listed = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for target in set(re.findall(r"\bmake ([a-z]+)", README)):
        assert f"make {target}" in listed, target
        assert subprocess.run(["make", "-n", target], cwd=PROJECT, capture_output=True).returncode == 0


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert target.startswith("http") or (PROJECT / target).exists(), target


@pytest.mark.model
def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(PROJECT / "seeds", tmp_path / "i")
    monkeypatch.setenv("QUOTED_INDEX", str(tmp_path / "i"))
    done = subprocess.run([sys.executable, "-c", blocks("python")[0]], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "True" in done.stdout and "convoy" in done.stdout


@pytest.mark.model
@pytest.mark.parametrize(
    "line", [line for block in blocks("sh") for line in block.splitlines() if ".venv/bin/python" in line]
)
def test_every_command_line_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(PROJECT / "seeds", tmp_path / "i")
    monkeypatch.setenv("QUOTED_INDEX", str(tmp_path / "i"))
    command = line.split("#")[0].strip().replace(".venv/bin/python", sys.executable)
    if "app.py" in command:
        command += " --help"  # the page itself is run in test_page.py
    done = subprocess.run(command, shell=True, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout, done.stderr
