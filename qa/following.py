"""An index folder goes in, its newest generation comes out at every call, so that a question sees the last rebuild."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from index.generation import CURRENT
from index.opening import Index, open_index
from index.places import default_index_dir


@dataclass(frozen=True)
class _Opened:
    index: Index
    published: object  # as it was just before the index was opened


class Following:
    """Holds an open index and opens the next generation when there is one. Safe from several threads."""

    def __init__(self, index_dir: Path | str | None = None) -> None:
        self.index_dir = Path(index_dir) if index_dir is not None else default_index_dir()
        self._opening = threading.Lock()
        self._opened: _Opened | None = None

    def current(self) -> Index:
        """Return the newest generation. Raises IndexMissing, IndexDamaged or IndexMismatch.

        Whoever is the first to ask for a new generation opens it, which takes time; who asks meanwhile gets the one
        that is open. A damaged generation is looked at once: the older one that stands in for it answers until the next
        build. While there is no index at all, the one that is open goes on answering.
        """
        opened = self._opened
        if opened is not None and self._is_newest(opened):
            return opened.index
        if opened is None:
            self._opening.acquire()
        elif not self._opening.acquire(blocking=False):
            return opened.index
        try:
            return self._newest().index
        finally:
            self._opening.release()

    def _newest(self) -> _Opened:
        """What is open, replaced by the newest generation where it is another."""
        if self._opened is None or not self._is_newest(self._opened):
            published = self._published()
            self._opened = _Opened(open_index(self.index_dir), published)
        return self._opened

    def _is_newest(self, opened: _Opened) -> bool:
        return self._published() in (None, opened.published)

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
