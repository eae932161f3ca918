"""An articles folder goes in, a new generation of its index and a report come out."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

from index.documents import Documents, Progress
from index.draft import Draft
from index.embedded import EmbeddedFile, remove_embedded
from index.encode import Encoder, load_encoder
from index.errors import BuildRefused, IndexDamaged, IndexMismatch, IndexMissing
from index.find_model import DEFAULT_ENCODER, encoder_digest, known_as
from index.generation import (
    FORMAT,
    Manifest,
    current,
    folder_name,
    generations,
    prune,
    publish,
    record_files,
    workspace,
)  # fmt: skip
from index.last_report import keep_report
from index.lock import refusing_a_full_disk, right_to_build
from index.opening import Index, open_index
from index.places import ARTICLES_FILE, default_articles, default_index_dir, is_same_folder
from index.reading.read import READING
from index.rebuilding import articles_of
from index.report import Report
from index.split import PASSAGE_TOKENS
from index.store import Store, StoredFile

FAILURES_TOLD = 20  # documents that are named where none could be indexed
KEPT_GENERATIONS = 2  # the current one and the one before it, which answers where the current one is damaged


def build_index(
    articles: Path | str | None = None,
    index_dir: Path | str | None = None,
    *,
    encoder: str = "",
    replace: bool = False,
    forget: bool = False,
    progress: Progress = lambda doing, done, of: None,
) -> Report:
    """Read a folder and, where anything has changed, publish a new generation; only new texts are embedded.

    `encoder` is a sentence-transformers name or path ("": that of the index, else the default). `replace` lets another
    folder or encoder take over the index; an empty folder, which may be an unmounted one, never does. `forget` removes
    older generations at once.
    Raises BuildRefused or EncoderUnavailable when nothing was done; the old index then answers on.
    """
    started = time.monotonic()
    folder = Path(articles if articles is not None else default_articles()).absolute()
    into = Path(index_dir if index_dir is not None else default_index_dir()).absolute()
    with refusing_a_full_disk(into), right_to_build(folder, into):
        return _Build(folder, into, encoder, replace, progress).run(started, forget)


class _Build:
    """One build: its settings, the last generation and the documents found."""

    def __init__(self, folder: Path, into: Path, encoder: str, replacing: bool, progress: Progress) -> None:
        self._folder = folder
        self._into = into
        self._progress = progress
        self._replacing = replacing
        self._previous = _previous(into)
        self._encoder_name = encoder or (self._previous.manifest.encoder.name if self._previous else DEFAULT_ENCODER)
        self._documents = Documents(folder, self._previous, progress)

    def run(self, started: float, forget: bool) -> Report:
        with closing(self._documents):
            return self._run(started, forget)

    def _run(self, started: float, forget: bool) -> Report:
        keep = 1 if forget else KEPT_GENERATIONS
        digest = encoder_digest(self._encoder_name)
        self._check(digest)
        if self._is_current(digest) and self._documents.are_as_indexed():
            self._tidy(keep)
            if not self._older_holds_more():
                return self._leave(started)
        self._progress("loading the encoder (half a minute at the very first start)", 0, 0)
        encoder = load_encoder(self._encoder_name)
        with closing(EmbeddedFile(self._into, encoder.card)) as embedded, workspace(self._into) as aside:
            draft = Draft(aside, encoder, self._embedded_by(encoder.card.digest), embedded)
            self._documents.add_to(draft, self._reads_alike(encoder.card.digest))
            self._require_articles(draft)
            self._progress("writing and verifying the index", 0, 0)
            draft.finish()
            manifest = self._describe(aside, encoder, draft, started)
            publish(aside, self._into, manifest)
        self._warn_of_replacing()
        self._tidy(keep)
        return self._report(manifest.generation, draft.rows, draft.embedded, started)

    def _check(self, digest: str) -> None:
        """Refuse to mix two folders or two encoders in one index, unless asked to replace it."""
        if self._replacing:
            return
        articles = self._previous.manifest.articles if self._previous else articles_of(self._into)
        if articles and not is_same_folder(articles, self._folder):
            raise BuildRefused(
                f"{self._into} is the index of {articles}. To index {self._folder} in its place: "
                f"{self._command()}; or name another index with --index"
            )
        before = self._previous.manifest if self._previous else None
        if before and before.encoder.digest != digest:
            raise BuildRefused(
                f"{self._into} was made by the encoder {before.encoder.name}. To make it anew with "
                f"{self._encoder_name}: {self._command()} --encoder {self._encoder_name}"
            )

    def _warn_of_replacing(self) -> None:
        """Tell whose index it was, where it was another folder's: its articles count as deleted."""
        if self._previous and not is_same_folder(self._previous.manifest.articles, self._folder):
            warnings.warn(
                f"{self._into} was the index of {self._previous.manifest.articles}, whose articles leave it (the files "
                f"stay). A page that runs on it answers from {self._folder} from now on.",
                stacklevel=2,
            )

    def _command(self) -> str:
        return f"python -m index build {quote(str(self._folder))} --index {quote(str(self._into))} --replace"

    def _embedded_by(self, digest: str) -> Index | None:
        """The last generation, where its vectors are those of the encoder with this digest."""
        before = self._previous
        return before if before and before.manifest.encoder.digest == digest else None

    def _reads_alike(self, digest: str) -> bool:
        """Tell whether the last generation was read and split as this one is to be (the encoder decides on both)."""
        before = self._embedded_by(digest)
        now = (READING, PASSAGE_TOKENS)
        return before is not None and (before.manifest.reading, before.manifest.passage_tokens) == now

    def _is_current(self, digest: str) -> bool:
        before = self._previous
        return (
            before is not None
            and before.generation == current(self._into)  # and not an older one that stands in for it
            and is_same_folder(before.manifest.articles, self._folder)
            and before.manifest.encoder.name == known_as(self._encoder_name)  # the same may stand in another folder
            and self._reads_alike(digest)
        )

    def _older_holds_more(self) -> bool:
        """Tell whether an older generation holds what is no longer in the folder: deleted text must go from the disk.

        It goes by a copy of the current generation, so that there is still an older one that can answer.
        """
        assert self._previous is not None
        older = [number for number in generations(self._into) if number != self._previous.generation]
        stores = (Store(self._into / folder_name(number) / ARTICLES_FILE) for number in older)
        return any(not _holds_all(self._previous.files(), store.files()) for store in stores)

    def _tidy(self, keep: int) -> None:
        """Remove what is no longer needed: vectors kept for the generation, and older generations but `keep`."""
        try:
            remove_embedded(self._into)
            prune(self._into, keep)
        except OSError as error:
            told = f"The index is up to date, but not all of the old one could be removed: {error}."
            if keep < KEPT_GENERATIONS:  # the caller wants deleted text to be gone now
                raise BuildRefused(told) from error
            warnings.warn(f"{told} The next build tries again.", stacklevel=2)

    def _leave(self, started: float) -> Report:
        assert self._previous is not None
        self._documents.leave()
        manifest = self._previous.manifest
        return self._report(manifest.generation, manifest.passages, 0, started)

    def _require_articles(self, draft: Draft) -> None:
        if not draft.rows:
            failed = self._documents.failures()
            told = [f"{each.path}: {each.reason}: {each.detail}" for each in failed[:FAILURES_TOLD]]
            told += [f"and {len(failed) - FAILURES_TOLD} more."] if len(failed) > FAILURES_TOLD else []
            raise BuildRefused(f"No article with text in {self._folder}{': ' if told else '.'}{' '.join(told)}")

    def _describe(self, aside: Path, encoder: Encoder, draft: Draft, started: float) -> Manifest:
        """Add the report to what was drafted, and make the manifest of it all."""
        number = max([*generations(self._into), current(self._into) or 0], default=0) + 1
        built = datetime.now(UTC).isoformat(timespec="seconds")
        report = self._report(number, draft.rows, draft.embedded, started)
        keep_report(aside, report, built, self._previous.folder if self._previous else None)
        return Manifest(
            format=FORMAT,
            generation=number,
            built=built,
            articles=str(self._folder),
            encoder=encoder.card,
            reading=READING,
            passage_tokens=PASSAGE_TOKENS,
            documents=self._documents.listing.indexed,
            passages=draft.rows,
            failures=self._documents.failures(),
            files=record_files(aside),
        )

    def _report(self, generation: int, passages: int, embedded: int, started: float) -> Report:
        return self._documents.listing.report(generation, passages, embedded, time.monotonic() - started)


def _holds_all(files: Iterator[StoredFile], others: Iterator[StoredFile]) -> bool:
    """Tell whether all of the others are among the files; both come in the same order."""
    return all(other in files for other in others)  # looking for one goes on where the one before was found


def _previous(into: Path) -> Index | None:
    try:
        return open_index(into)
    except IndexMissing:
        return None
    except (IndexDamaged, IndexMismatch) as error:
        warnings.warn(f"The old index is not used: {error}", stacklevel=2)
        return None
