"""Confidences of questions and how each question ended go in; AUC, refusal curve and calibration come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

BINS = 10  # of the reliability diagram, each with the same number of questions
DRAWS, SEED = 200, 7  # of the simulation that tells how far from calibrated chance alone takes us


@dataclass(frozen=True)
class RefusalPoint:
    """Were only the questions of at least this confidence answered: the share answered, and what of it is wrong."""

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True)
class RefusalCurve:
    """Points from the surest questions to all; `area` is the mean over all questions of the risk at their own point."""

    points: tuple[RefusalPoint, ...]
    area: float


@dataclass(frozen=True)
class ReliabilityBin:
    """Questions of like confidence: how many, their mean confidence, and the share that the articles answer."""

    questions: int
    confidence: float
    answerable: float


@dataclass(frozen=True)
class Reliability:
    """The bins from the least sure to the surest, and the expected calibration error over them.

    `by_chance` is the error that a perfectly calibrated confidence would show with as many questions.
    """

    bins: tuple[ReliabilityBin, ...]
    error: float
    by_chance: float


def auc(above: Sequence[float], below: Sequence[float]) -> float | None:
    """The chance that one of `above` is greater than one of `below`, an even pair counting half; None without pairs."""
    wins = sum((a > b) + 0.5 * (a == b) for a in above for b in below)
    return wins / (len(above) * len(below)) if above and below else None


def refused_at(most: float, answerable: Sequence[float], others: Sequence[float]) -> float | None:
    """The share of `others` below a threshold that leaves at most the share `most` of `answerable` below it; None where
    either is empty.
    """
    if not answerable or not others:
        return None
    threshold = sorted(answerable)[int(most * len(answerable))]
    return sum(each < threshold for each in others) / len(others)


def refusal_curve(confidences: Sequence[float], wrong: Sequence[bool]) -> RefusalCurve:
    """Risk against coverage (Geifman and El-Yaniv, NeurIPS 2017), equal confidences answered or refused together.

    The area is theirs and Uziel's (ICLR 2019): 0 where every answer is right, the share of wrong ones where
    confidence tells nothing.
    """
    ranked = sorted(zip(confidences, wrong, strict=True), key=lambda pair: -pair[0])
    points, area, errors, taken = [], 0.0, 0, 0
    for place, (confidence, is_wrong) in enumerate(ranked, 1):
        errors += is_wrong
        if place == len(ranked) or ranked[place][0] < confidence:
            points.append(RefusalPoint(confidence, place / len(ranked), errors / place))
            area += (place - taken) / len(ranked) * errors / place
            taken = place
    return RefusalCurve(tuple(points), area)


def reliability(confidences: Sequence[float], answerable: Sequence[bool]) -> Reliability:
    """Expected calibration error in BINS bins of equal mass: the mean over questions of their bin's
    |mean confidence - share answerable|.

    Equal mass after Nguyen and O'Connor (EMNLP 2015); less biased than bins of equal width (Roelofs et al., AISTATS
    2022, there ECE_EM). A tie that falls across two bins counts in both with the share of the whole tie, so that the
    order of the questions changes nothing.
    """
    if not confidences:
        return Reliability((), 0.0, 0.0)
    given = np.asarray(confidences, dtype=float)
    bins = _bins(given, np.asarray(answerable, dtype=float))
    draws = np.random.default_rng(SEED).random((DRAWS, len(given))) < given
    by_chance = sum(_error(_bins(given, draw.astype(float))) for draw in draws) / DRAWS
    return Reliability(bins, _error(bins), by_chance)


def _bins(given: Numbers, known: Numbers) -> tuple[ReliabilityBin, ...]:
    """Split the questions, in the order of confidence, into bins whose numbers differ by one at most."""
    values, tie = np.unique(given, return_inverse=True)
    shares, ties = np.bincount(tie, known) / np.bincount(tie), np.sort(tie)
    places = np.array_split(ties, min(BINS, len(ties)))
    return tuple(ReliabilityBin(len(each), float(values[each].mean()), float(shares[each].mean())) for each in places)


def _error(bins: tuple[ReliabilityBin, ...]) -> float:
    gaps = sum(each.questions * abs(each.confidence - each.answerable) for each in bins)
    return gaps / sum(each.questions for each in bins)
