"""A function that asks goes in; its models are loaded in the background, and what comes out waits for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from index.errors import QuotedError
from index.filters import Filters
from qa.reader.passage_reader import load_reader
from qa.web.conversation import Asker
from qa.web.watching import Standing

FIRST_QUESTION = "What happened first?"  # loads the encoder and what searches; its answer is thrown away
LOADED_WITHIN = 30  # seconds that stopping waits for models that are being loaded


@dataclass(frozen=True)
class Loading:
    """Models that are being loaded by a question of our own, so that the page need not wait for them."""

    _thread: threading.Thread

    def wait(self) -> None:
        """Return when the models are loaded; who asks before would load them twice."""
        self._thread.join()

    def standing(self, found: Standing) -> Standing:
        """How the index stands, with what an answer waits for."""
        return replace(found, waits_for="the models to load" if self._thread.is_alive() else "")


@contextmanager
def loading(ask: Asker, tell: Callable[[str], None]) -> Iterator[Loading]:
    """Begin to load; what goes wrong is told, and again to whoever asks."""

    def load() -> None:
        try:
            ask(FIRST_QUESTION, [], False, Filters())
            load_reader()  # where no passage was found none was read
        except QuotedError as error:
            tell(str(error))

    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    try:
        yield Loading(thread)
    finally:
        thread.join(LOADED_WITHIN)  # a library that is interrupted while it loads may bring the process down
