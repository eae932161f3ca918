"""The long attacks of benchmarks/, each in a short form: they raise where an index is lost, mixed, stale or damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import (
    attack_crowd,
    attack_damage,
    attack_edits,
    attack_kills,
    attack_places,
    attack_scale,
    attack_syscalls,
)  # fmt: skip
from benchmarks.attacking import Folder, Wrong, build, probe

pytestmark = pytest.mark.model
needs_mount = pytest.mark.skipif(not attack_places.may_mount(), reason="this user may not mount a small disk")


def test_killed_builders(tmp_path: Path) -> None:
    old, new, _ = attack_kills.attack(tmp_path, 8, seed=5)
    assert old + new == 8


@pytest.mark.skipif(not attack_syscalls.can_run(), reason="strace is missing or may not trace here")
def test_killed_and_failing_system_calls(tmp_path: Path) -> None:
    left = attack_syscalls.attack(tmp_path, 2)
    assert len(left) == 8 and all(sum(counts.values()) == 2 for counts in left.values())
    assert all("exit -9, " in " ".join(counts) for name, counts in left.items() if "kill" in name)


def test_damage_of_every_kind(tmp_path: Path) -> None:
    assert min(attack_damage.attack(tmp_path, 8).values()) > 0


@pytest.mark.parametrize("seed", range(100, 108))
def test_edits_equal_a_build_from_nothing(tmp_path: Path, seed: int) -> None:
    assert attack_edits.attack(tmp_path, seed)


def test_a_crowd_during_rebuilds(tmp_path: Path) -> None:
    assert attack_crowd.attack(tmp_path, rebuilds=3, clients=6, questions=120) >= 2


def test_builders_that_meet(tmp_path: Path) -> None:
    built, refused = attack_crowd.meet(tmp_path, rounds=2)
    assert built >= 2 and built + refused == 6


def test_an_interrupted_build_an_unchanged_folder_and_one_changed_file(tmp_path: Path) -> None:
    attack_scale.write_articles(tmp_path / "articles", 150, 3, attack_scale.made_up_texts(45))
    costs = attack_scale.attack(tmp_path, interrupt=256)
    assert costs.full.report["passages"] == 450
    assert costs.one.report["embedded"] == 1


def test_odd_entries_have_their_reason_codes(tmp_path: Path) -> None:
    found = attack_places.odd_entries(tmp_path)
    assert found.pop("node.txt", "not_regular_file") == "not_regular_file"
    assert found == {
        "bad\\udcff.txt": "name_not_encodable", "device.txt": "outside_root", "folder.txt": "not_regular_file",
        "link.txt": "outside_root", "linked": "outside_root", "pipe.txt": "not_regular_file",
        "socket.txt": "not_regular_file", "to-inner": "not_regular_file",
    }  # fmt: skip


def test_a_file_rewritten_during_the_build(tmp_path: Path) -> None:
    assert attack_places.rewritten(tmp_path) == "changed_during_read"


@needs_mount
def test_a_full_disk(tmp_path: Path) -> None:
    assert attack_places.full_disk(tmp_path).endswith("exit 2, the index before it answers")


@needs_mount
def test_a_read_only_index(tmp_path: Path) -> None:
    assert attack_places.read_only(tmp_path) == "exit 2 and why; the index answers"


def test_the_probe_itself_notices(tmp_path: Path) -> None:
    """An oracle that accepts anything would make every attack look harmless."""
    import random

    folder = Folder(tmp_path / "articles", random.Random(0))
    for _ in range(4):
        folder.add()
    build(folder.path, tmp_path / "index")
    assert probe(tmp_path / "index", [{}, folder.state]) == 1
    with pytest.raises(Wrong, match="none of"):
        probe(tmp_path / "index", [folder.state | {"note-0.txt": "lantern9x"}])
