"""A folder goes in; its file of conversations, open and in order, comes out, and transactions on it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from index.errors import QuotedError

VERSION = 1
PATIENCE = 10  # seconds that a statement waits for another process that writes
FILE = "conversations.sqlite"
PRAGMAS = ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "secure_delete=on")
SCHEMA = """
create table conversation (number integer primary key, id text not null unique, owner text not null,
    title text not null, filters text not null, used integer not null);
create index conversation_owner on conversation (owner, used);
create index conversation_used on conversation (used);
create table turn (number integer primary key autoincrement, id text not null unique,
    conversation integer not null references conversation (number) on delete cascade, question text not null,
    as_typed integer not null, filters text not null, asked text not null, answer text not null, notice text not null,
    is_up integer, word text not null);
create index turn_conversation on turn (conversation, number);
"""


class HistoryUnavailable(QuotedError):
    """The file of conversations cannot be opened, read or written."""


class HistoryFile:
    """An open file of conversations. Safe from several threads and processes; what is done is on the disk on return."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._lock = threading.Lock()
        with self._telling():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self._open()

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Read."""
        with self._lock, self._telling():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing."""
        with self._lock, self._telling():
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _open(self) -> None:
        self._connection = sqlite3.connect(self.path, PATIENCE, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            self._connection.execute(f"pragma {pragma}").fetchall()
        self._connection.execute("begin immediate")
        version = self._connection.execute("pragma user_version").fetchone()[0]
        if version == 0:
            for statement in SCHEMA.split(";"):
                self._connection.execute(statement)
            self._connection.execute(f"pragma user_version={VERSION}")
        self._connection.execute("commit")
        if version not in (0, VERSION):
            raise HistoryUnavailable(
                f"{self.path} was written by another version of Quoted; choose another --data DIR."
            )

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise HistoryUnavailable(
                f"Conversations cannot be kept in {self.path}: {error}. Mend that, or choose another --data DIR."
            ) from error


def history_folder(index_dir: Path, data: Path | None = None) -> Path:
    """The folder for the conversations about an index: `data` where given, else one of the user's own data folder."""
    if data is not None:
        return data
    name = hashlib.sha256(os.fsencode(index_dir.resolve())).hexdigest()[:16]
    return user_data_path("quoted") / name
