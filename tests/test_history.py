"""The file of conversations: what is kept, for whom, how much of it, and through a kill."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.filters import Filters
from qa.conversations import history as history_module
from qa.conversations.history import MAX_TITLE, MAX_WORD, TURNS, History, NoConversation
from qa.conversations.history_file import FILE, HistoryUnavailable, history_folder
from qa.conversations.kept import KeptConversation

PROJECT = Path(__file__).resolve().parent.parent
ANY = Filters()
NARROW = Filters("2016", "2017-05", "", ("Herald", "Courier"), ("a.md",))


def asked(history: History, owner: str, *questions: str) -> str:
    id = history.begin(owner)
    for question in questions:
        turn = history.ask(owner, id, question, False, ANY)
        history.answer(owner, id, turn, f"answer to {question}")
    return id


def questions(kept: KeptConversation) -> list[str]:
    return [turn.question for turn in kept.turns]


def test_what_is_kept_comes_back_whole_after_reopening(tmp_path: Path) -> None:
    history = History(tmp_path)
    id = history.begin("ann")
    history.set_filters("ann", id, NARROW)
    first = history.ask("ann", id, "Why <b>?\n\x00 🙂", True, NARROW)
    history.answer("ann", id, first, '{"found": true}')
    second = history.ask("ann", id, "And?", False, ANY)
    history.answer("ann", id, second, "", "All are busy.")
    history.judge("ann", id, first, False, "wrong\nyear")
    history.close()
    kept = History(tmp_path).conversation("ann", id)
    assert (kept.filters, kept.title) == (NARROW, "Why <b>?\n\x00 🙂")
    one, two = kept.turns
    assert (one.id, one.question, one.as_typed, one.filters) == (first, "Why <b>?\n\x00 🙂", True, NARROW)
    assert (one.answer, one.notice, one.is_up, one.word) == ('{"found": true}', "", False, "wrong year")
    assert (two.answer, two.notice, two.is_up, two.word) == ("", "All are busy.", None, "")
    assert one.asked.endswith("+00:00") and one.asked <= two.asked


def test_the_list_has_the_last_used_first_and_nothing_empty(tmp_path: Path) -> None:
    history = History(tmp_path)
    old, new = asked(history, "ann", "old?"), asked(history, "ann", "new?")
    history.begin("ann")
    assert [(each.id, each.title) for each in history.headings("ann")] == [(new, "new?"), (old, "old?")]
    turn = history.ask("ann", old, "again?", False, ANY)
    history.answer("ann", old, turn, "x")
    assert [each.id for each in history.headings("ann")] == [old, new]
    assert not any(each.is_judged for each in history.headings("ann"))
    history.judge("ann", old, turn, True)
    assert [each.is_judged for each in history.headings("ann")] == [True, False]


def test_nobody_touches_what_is_anothers(tmp_path: Path) -> None:
    history = History(tmp_path)
    id = asked(history, "ann", "one?", "two?")
    before = history.conversation("ann", id)
    for stranger in ("eve", "", "%", "ann' or '1'='1"):
        turn = before.turns[0].id
        with pytest.raises(NoConversation):
            history.conversation(stranger, id)
        with pytest.raises(NoConversation):
            history.ask(stranger, id, "mine?", False, ANY)
        history.answer(stranger, id, turn, "forged", instead_of=turn)
        history.rename(stranger, id, "forged")
        history.set_filters(stranger, id, NARROW)
        history.judge(stranger, id, turn, True, "forged")
        history.delete(stranger, id)
        own = asked(history, stranger, "own?") if stranger else ""
        history.answer(stranger, own, turn, "forged")  # a turn of Ann's, by way of a conversation of one's own
        if stranger:
            mine = history.ask(stranger, own, "mine?", False, ANY)
            history.answer(stranger, own, mine, "forged", instead_of=turn)
            assert questions(history.conversation(stranger, own)) == ["own?", "mine?"]
        assert id not in [each.id for each in history.headings(stranger)]
        assert not list(history.judged(stranger))
    assert history.conversation("ann", id) == before


def test_ids_cannot_be_guessed(tmp_path: Path) -> None:
    history = History(tmp_path)
    ids = {history.begin("ann") for _ in range(50)}
    assert len(ids) == 50 and min(map(len, ids)) >= 24


def test_an_answer_replaces_a_turn_and_what_came_between_and_a_notice_replaces_nothing(tmp_path: Path) -> None:
    history = History(tmp_path)
    id = asked(history, "ann", "one?", "two?", "three?")
    other = asked(history, "ann", "other?")
    old = history.conversation("ann", id).turns[1].id
    new = history.ask("ann", id, "better?", False, ANY, will_replace=True)
    later = history.ask("ann", id, "later?", False, ANY)  # in another tab
    assert questions(history.conversation("ann", id)) == ["one?", "two?", "three?", "better?", "later?"]
    history.answer("ann", id, new, "", "All are busy.", old)
    assert questions(history.conversation("ann", id)) == ["one?", "two?", "three?", "better?", "later?"]
    history.answer("ann", id, new, "because", "", old)
    assert questions(history.conversation("ann", id)) == ["one?", "better?", "later?"]
    history.answer("ann", id, later, "so", "", "gone")
    assert questions(history.conversation("ann", id)) == ["one?", "better?", "later?"]
    assert questions(history.conversation("ann", other)) == ["other?"]


def test_a_full_conversation_loses_nothing_to_a_turn_that_replaces_one(tmp_path: Path) -> None:
    history = History(tmp_path)
    id = asked(history, "ann", *(f"{number}?" for number in range(TURNS)))
    old = history.conversation("ann", id).turns[-1].id
    new = history.ask("ann", id, "better?", False, ANY, will_replace=True)
    assert len(history.conversation("ann", id).turns) == TURNS + 1
    history.answer("ann", id, new, "because", "", old)
    assert questions(history.conversation("ann", id)) == [*(f"{number}?" for number in range(TURNS - 1)), "better?"]


def test_titles_and_words_are_one_short_line(tmp_path: Path) -> None:
    history = History(tmp_path)
    id = asked(history, "ann", "one?")
    history.rename("ann", id, "a\n\x1b[31m  b\u202e" + "c" * 500)
    title = history.conversation("ann", id).title
    assert title.startswith("a [31m bccc") and len(title) == MAX_TITLE
    history.rename("ann", id, " \n ")
    assert history.conversation("ann", id).title == "one?"
    turn = history.conversation("ann", id).turns[0].id
    history.judge("ann", id, turn, True, "w" * 9999)
    assert len(history.conversation("ann", id).turns[0].word) == MAX_WORD
    history.judge("ann", id, turn, None, "taken back")
    assert history.conversation("ann", id).turns[0].word == ""


def test_the_oldest_goes_where_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(tmp_path)
    id = asked(history, "ann", *(f"{number}?" for number in range(TURNS + 2)))
    assert questions(history.conversation("ann", id)) == [f"{number}?" for number in range(2, TURNS + 2)]
    monkeypatch.setattr(history_module, "CONVERSATIONS", 3)
    kept = [asked(history, "ann", f"c{number}?") for number in range(3)]
    eves = asked(history, "eve", "eve?")
    assert [each.id for each in history.headings("ann")] == kept[::-1]
    monkeypatch.setattr(history_module, "ALL", 2)
    assert [each.title for each in history.headings("ann")] == ["c2?", "c1?", "c0?"]
    last = asked(history, "bob", "bob?")
    assert [each.id for owner in ("ann", "eve", "bob") for each in history.headings(owner)] == [eves, last]


def test_what_was_deleted_is_gone_from_the_disk(tmp_path: Path) -> None:
    history = History(tmp_path)
    gone, stays = asked(history, "ann", "Where is the zanzibar ledger?"), asked(history, "ann", "stays?")
    assert b"zanzibar" in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    history.delete("ann", gone)
    assert b"zanzibar" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [each.id for each in history.headings("ann")] == [stays]
    history.answer("ann", gone, "any", "late")  # an answer that comes after


def test_only_the_user_may_read_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    asked(History(folder), "ann", "one?")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_every_index_has_its_own_folder(tmp_path: Path) -> None:
    one, two = history_folder(tmp_path / "one"), history_folder(tmp_path / "two")
    assert one != two and one == history_folder(tmp_path / "x" / ".." / "one") and one.parent.name == "quoted"
    assert history_folder(tmp_path / "one", tmp_path / "data") == tmp_path / "data"


@pytest.mark.parametrize("content", [b"no database, but some text" * 100, b"\x00" * 5000])
def test_a_file_that_is_none_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(HistoryUnavailable, match="--data"):
        History(tmp_path)


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    asked(History(tmp_path), "ann", "one?")
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("pragma user_version=99")
    with pytest.raises(HistoryUnavailable, match="another version"):
        History(tmp_path)


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    history = History(tmp_path)
    id = asked(history, "ann", "one?")
    history._file._connection.execute("pragma query_only=on")
    with pytest.raises(HistoryUnavailable, match="cannot be kept"):
        history.ask("ann", id, "two?", False, ANY)
    history._file._connection.execute("pragma query_only=off")
    history.ask("ann", id, "three?", False, ANY)
    assert questions(history.conversation("ann", id)) == ["one?", "three?"]


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    history = History(tmp_path)
    ids = [history.begin(f"owner{number}") for number in range(4)]

    def work(number: int) -> None:
        for turn in range(10):
            history.ask(f"owner{number}", ids[number], f"{number}-{turn}", False, ANY)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        expected = [f"{number}-{turn}" for turn in range(10)]
        assert questions(history.conversation(f"owner{number}", ids[number])) == expected


KILLED = """
import sys
from pathlib import Path
from qa.conversations.history import History
from index.filters import Filters
history = History(Path(sys.argv[1]))
id = history.begin("ann")
print(id, flush=True)
for number in range(10**9):
    turn = history.ask("ann", id, f"{number}?", False, Filters())
    history.answer("ann", id, turn, f"answer {number}" + "x" * 20000)
    print(number, flush=True)
"""


def test_every_turn_that_was_reported_outlives_a_kill(tmp_path: Path) -> None:
    for round in range(4):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE,
                                   text=True)  # fmt: skip
        assert process.stdout is not None
        id = process.stdout.readline().strip()
        for _ in range(3 + 11 * round):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        reported = [line for line in process.stdout.read().split("\n") if line.isdigit()]
        process.wait()
        last = int(reported[-1]) if reported else 2 + 11 * round
        turns = History(tmp_path).conversation("ann", id).turns
        kept = {turn.question: turn.answer for turn in turns}
        for number in range(max(0, last - TURNS + 3), last + 1):
            assert kept[f"{number}?"].startswith(f"answer {number}x"), (round, number)
