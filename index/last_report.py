"""A build's Report goes into its generation, and comes out again for whoever asks what the last build did.

Only what was not simply unchanged is listed. A generation that is a mere copy keeps the report of the one it copies.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from index.files import write_file
from index.generation import current, folder_name
from index.report import DocumentReport, Report

FILE = "report.json"
LISTED = 1000  # documents; the counts tell of all
MAX_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class LastReport:
    """What the last build did that changed anything; `built` is an ISO time in UTC."""

    built: str
    report: Report


def keep_report(aside: Path, report: Report, built: str, before: Path | None) -> None:
    """Write a report into the generation that is being made; `before` is the folder of the last generation."""
    kept = LastReport(built, replace(report, documents=_listed(report)))
    if before is not None and not _did_anything(report):
        kept = read_report(before) or kept
    write_file(aside / FILE, json.dumps(asdict(kept), ensure_ascii=False).encode("utf-8", "backslashreplace"))


def last_report(index_dir: Path) -> LastReport | None:
    """The report of the generation that answers; None where it keeps none, as older indexes do."""
    number = current(index_dir)
    return read_report(index_dir / folder_name(number)) if number is not None else None


def read_report(folder: Path) -> LastReport | None:
    """The report in a generation's folder; None where there is none that can be read."""
    try:
        with (folder / FILE).open("rb") as stream:
            return _last_report(json.loads(stream.read(MAX_BYTES)))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _listed(report: Report) -> tuple[DocumentReport, ...]:
    return tuple(each for each in report.documents if each.status != "unchanged")[:LISTED]


def _did_anything(report: Report) -> bool:
    return bool(report.new or report.changed or report.renamed or report.deleted or report.embedded)


def _last_report(value: dict[str, Any]) -> LastReport:
    documents = tuple(DocumentReport(**each) for each in value["report"]["documents"])
    return LastReport(value["built"], Report(**{**value["report"], "documents": documents}))
