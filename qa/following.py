"""An index folder goes in, its newest generation comes out at every call, so that a question sees the last rebuild."""

from __future__ import annotations

import threading
from pathlib import Path

from index.generation import CURRENT
from index.opening import Index, open_index
from index.places import default_index_dir


class Following:
    """Holds an open index and opens the next generation when there is one. Safe from several threads."""

    def __init__(self, index_dir: Path | str | None = None) -> None:
        self.index_dir = Path(index_dir) if index_dir is not None else default_index_dir()
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._seen: object = None

    def current(self) -> Index:
        """Return the newest generation. Raises IndexMissing, IndexDamaged or IndexMismatch.

        A damaged generation is looked at once: the older one that stands in for it answers until the next build.
        While there is no index at all, the one that is open goes on answering.
        """
        with self._lock:
            newest = self._published()
            if self._index is None or (newest is not None and newest != self._seen):
                self._index = open_index(self.index_dir)
                self._seen = newest
            return self._index

    def _published(self) -> object:
        """What changes with every publication, also where an index was removed and its numbers begin anew."""
        try:
            status = (self.index_dir / CURRENT).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns


_DEFAULTS: dict[Path, Following] = {}
_DEFAULTS_LOCK = threading.Lock()


def newest_index(index: Index | None) -> Index:
    """Return `index` itself, or the newest generation of the default index where it is None."""
    if index is not None:
        return index
    with _DEFAULTS_LOCK:
        following = _DEFAULTS.setdefault(default_index_dir(), Following())
    return following.current()
