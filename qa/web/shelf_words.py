"""How an index stands and how far a build is go in; the sentences that the articles page says of it come out."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Literal

from index.generation import Manifest
from index.report import Report
from qa.web.upkeep import Building
from qa.web.watching import Standing
from qa.web.wording import age, count

CHANGES: tuple[Literal["new", "changed", "deleted"], ...] = ("new", "changed", "deleted")


def stands(manifest: Manifest, standing: Standing, is_watching: bool, now: datetime | None = None) -> str:
    """What the index holds, how old it is, and what has changed in the folder since."""
    size = f"{count(manifest.documents, 'article')}, {count(manifest.passages, 'passage')}"
    size += f", {count(len(manifest.failures), 'file')} not indexed" if manifest.failures else ""
    built = age(manifest.built, now or datetime.now(UTC))
    return f"{size}, indexed {built}. {changed(manifest, standing, is_watching)}"


def changed(manifest: Manifest, standing: Standing, is_watching: bool) -> str:
    """What has changed since, and how it gets into the index."""
    if standing.trouble:
        return f"Not up to date: {standing.trouble}"
    if standing.generation != manifest.generation:
        return "Comparing the folder …"
    if not standing.stale:
        return "Nothing has changed since."
    kinds = Counter(each.change for each in standing.stale)
    told = ", ".join(f"{kinds[kind]:,} {kind}" for kind in CHANGES if kinds[kind])
    next = "The index follows by itself." if is_watching else "Press Rebuild to index what has changed."
    return f"Since then: {told}. {next}"


def builds(building: Building) -> str:
    """Who builds, what is done of how much, how fast, and how long that will take."""
    step = building.step
    if step is None:
        return f"{building.who} is building this index."
    if not step.of:
        many = f" ({step.done:,})" if step.done else ""
        return f"{building.who}: {step.doing}{many} …"
    told = f"{building.who}: {step.done:,} of {step.of:,} {step.doing}"
    if not step.done or step.seconds <= 0:
        return f"{told}."
    rate = step.done / step.seconds
    return f"{told}, {_rate(rate)}, about {_time((step.of - step.done) / rate)} left."


def did(report: Report) -> str:
    """The counts of a build, those that are 0 left out."""
    kinds = ("new", "changed", "renamed", "deleted", "failed", "duplicate", "unchanged")
    told = ", ".join(f"{number:,} {kind}" for kind in kinds if (number := getattr(report, kind)))
    return f"{told or 'Nothing'}; {count(report.embedded, 'passage')} embedded, in {_time(report.seconds)}."


def _rate(rate: float) -> str:
    return (
        f"{rate:,.0f} a second" if rate >= 10 else f"{rate:.1f} a second" if rate >= 1 else f"{rate * 60:.0f} a minute"
    )


def _time(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
