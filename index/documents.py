"""An articles folder goes in; its documents go into a draft one by one, and what became of each comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from heapq import merge
from operator import attrgetter
from pathlib import Path

from index.article import Article
from index.compare import Planned, compare
from index.correct import NONE, corrections
from index.draft import Draft
from index.errors import BuildRefused
from index.generation import Failure
from index.listing import Listing
from index.opening import Index
from index.reading.block import Unreadable
from index.reading.isolate import Reader
from index.report import DocumentReport, DocumentStatus
from index.scan import Found, Refused, read_bytes, scan
from index.store import StoredFile, Summary

NOT_KEPT = ("vanished", "name_not_encodable")  # reasons for which nothing of a document stays in the index

COMPARING = "files compared"  # what is being done while nothing is known to have changed
Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many (0: not known)
Entry = Summary | Planned | Refused | StoredFile  # a document: unchanged, not as it was, not readable, or deleted


class Documents:
    """The documents of a folder, compared with the last generation, and a report of each that was dealt with.

    Of those that are unchanged nothing is held in memory: the last generation lists them when they are needed.
    """

    def __init__(self, folder: Path, previous: Index | None, progress: Progress) -> None:
        """Look at the whole folder. Raises BuildRefused where it holds no document."""
        self._folder = folder
        self._previous = previous
        self._progress = progress
        self._reader = Reader()
        self._failed_before = {each.path: each for each in previous.manifest.failures} if previous else {}
        self._texts: dict[str, str] = {}  # text digest -> id of the first article that has it
        self._tried: dict[str, Unreadable] = {}  # documents that failed before and were tried again
        self._failures: list[Failure] = []
        self._refused: list[Refused] = []
        self.listing = Listing()
        self._compared = compare(self._scan(), previous.files() if previous else ())
        self._require_documents()
        self._refused = sorted([*self._refused, *self._out_of_reach()], key=attrgetter("id"))
        here = self._compared.renamed | {each.id for each in self._refused}
        self._deleted = [each for each in self._compared.gone if each.id not in here]

    def close(self) -> None:
        """End the process that reads."""
        self._reader.close()

    def are_as_indexed(self) -> bool:
        """Tell whether nothing has changed; documents that failed are tried again, and must fail again."""
        failed_now = {each.id: each.reason for each in self._refused}
        for each in self._compared.planned:
            if not self._fails_again(each):
                return False
            failed_now[each.id] = self._tried[each.id].reason
        return not self._deleted and failed_now == {each.path: each.reason for each in self._failed_before.values()}

    def add_to(self, draft: Draft, alike: bool) -> None:
        """Add every document; `alike` says that the last generation was read and split as this one is to be."""
        total = self._compared.unchanged + len(self._compared.planned) + len(self._refused)
        told = {} if alike else corrections(self._folder)
        done = 0
        for each in self._entries():
            if isinstance(each, StoredFile):
                self.listing.append(DocumentReport(each.id, "deleted"))
                continue
            if isinstance(each, Refused):
                self._keep_last_good(draft, each.id, each.reason, each.detail, alike)
            elif isinstance(each, Planned):
                self._add(draft, each, alike)
            elif alike:
                self._carry_over(draft, each)
                self._note(each, "unchanged")
            else:
                found = Found(each.id, each.file.file_digest, told.get(each.id, NONE))
                self._add(draft, Planned(found, "unchanged"), alike)
            done += 1
            self._progress("documents read and embedded", done, total)

    def leave(self) -> None:
        """Report every document as it stands in the last generation."""
        assert self._previous is not None
        self._texts = self._previous.repeated_texts()
        for each in self._entries():
            if isinstance(each, Summary):
                self._note(each, "unchanged")
            elif isinstance(each, Planned):
                error = self._tried[each.id]
                self._note_failed(each.id, error.reason, error.detail, each.found.digest)
            elif isinstance(each, Refused):
                self._note_failed(each.id, each.reason, each.detail)

    def failures(self) -> tuple[Failure, ...]:
        """Return what could not be indexed."""
        return tuple(self._failures)

    def _scan(self) -> Iterator[Found]:
        count = 0
        for count, entry in enumerate(scan(self._folder), 1):
            self._progress(COMPARING, count, 0)
            if isinstance(entry, Found):
                yield entry
            else:
                self._refused.append(entry)

    def _require_documents(self) -> None:
        if not self._compared.unchanged and not self._compared.planned:
            kinds = "web pages, PDF, Word, EPUB, Markdown or text files"
            first = self._refused[0] if self._refused else None
            why = f": {first.id}: {first.detail}" if first else f". Put articles there: {kinds}."
            raise BuildRefused(f"No article to index in {self._folder}{why}")

    def _out_of_reach(self) -> Iterator[Refused]:
        """Documents of the last generation in folders that may not be read: they have failed, they are not gone."""
        closed = {each.id for each in self._refused if each.reason == "permission_denied"}
        for each in self._compared.gone if closed else ():
            if any(each.id[:end] in closed for end, char in enumerate(each.id) if char == "/"):
                yield Refused(each.id, "permission_denied", "Its folder may not be read.")

    def _entries(self) -> Iterator[Entry]:
        """Every document of the folder or of the last generation, in the order of their ids."""
        return merge(self._unchanged(), self._compared.planned, self._refused, self._deleted, key=attrgetter("id"))

    def _unchanged(self) -> Iterator[Summary]:
        named = (self._compared.planned, self._refused, self._compared.gone)
        differing = {each.id for entries in named for each in entries}
        return (each for each in self._previous.summaries() if each.id not in differing) if self._previous else iter(())

    def _fails_again(self, planned: Planned) -> bool:
        before = self._failed_before.get(planned.id)
        if before is None or before.file_digest != planned.found.digest:
            return False
        try:
            self._read(planned)
        except Unreadable as error:
            self._tried[planned.id] = error
            return True
        return False

    def _add(self, draft: Draft, planned: Planned, alike: bool) -> None:
        digest = planned.found.digest
        try:
            article = self._read(planned)
        except Unreadable as error:
            self._keep_last_good(draft, planned.id, error.reason, error.detail, alike, digest)
            return
        passages = draft.add(article, digest)
        file = StoredFile(article.id, digest, article.text_digest)
        self._texts.setdefault(file.text_digest, article.id)
        self._note(Summary(file, article.title, article.published, len(article.text), passages), planned.status)

    def _read(self, planned: Planned) -> Article:
        if planned.id in self._tried:
            raise self._tried[planned.id]
        data = read_bytes(self._folder, planned.id)
        correction = planned.found.correction
        if correction.digest(data) != planned.found.digest:
            raise Unreadable("changed_during_read", "The file was being written. Build again.")
        return correction.apply(self._reader.read(planned.id, data).article)

    def _keep_last_good(self, draft: Draft, id: str, reason: str, detail: str, alike: bool, digest: str = "") -> None:
        stored = self._last_good(id, reason)
        if stored:
            self._carry_over(draft, stored, alike)
        self._note_failed(id, reason, detail, digest)

    def _last_good(self, id: str, reason: str) -> Summary | None:
        return self._previous.summary(id) if self._previous and reason not in NOT_KEPT else None

    def _carry_over(self, draft: Draft, stored: Summary, alike: bool = True) -> None:
        assert self._previous is not None
        article = self._previous.article(stored.id)
        draft.add(article, stored.file.file_digest, self._previous.passages(article) if alike else None)
        self._texts.setdefault(stored.file.text_digest, stored.id)

    def _note(self, summary: Summary, status: DocumentStatus) -> None:
        report = _report(summary, status)
        first = self._texts.get(summary.file.text_digest, summary.id)
        if first != summary.id:
            report = replace(report, status="duplicate", reason="duplicate", detail=f"The same text as {first}.")
        self.listing.append(report)

    def _note_failed(self, id: str, reason: str, detail: str, digest: str = "") -> None:
        stored = self._last_good(id, reason)
        report = DocumentReport(id, "failed", reason, detail)
        if stored:
            report = _report(stored, "failed", reason, f"{detail} Its last good version still answers.")
        self.listing.append(report)
        self._failures.append(Failure(id, reason, report.detail, digest))


def _report(summary: Summary, status: DocumentStatus, reason: str = "", detail: str = "") -> DocumentReport:
    return DocumentReport(
        summary.id, status, reason, detail, summary.title, summary.published, summary.characters, summary.passages
    )
