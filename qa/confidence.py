"""The best sentence's score and the size of the index go in, the probability that the articles answer comes out."""

from __future__ import annotations

import math

# Even odds at EVEN + GROWTH * log10(passages): among more passages the best score is higher by chance alone. Set on
# our own questions (45 passages), news (39,038), and sets of sizes between them: benchmarks/README.md, "Confidence".
EVEN, GROWTH, STEEPNESS = -1.5, 1.0, 1.5
MAX_ODDS = 30.0
ENOUGH = 0.5  # confidence from which an answer is given


def confidence_of(score: float, passages: int) -> float:
    """The probability, 0 to 1, that the articles answer, by the best of `passages` (Platt scaling, 1999)."""
    odds = STEEPNESS * (score - EVEN - GROWTH * math.log10(max(1, passages)))
    return 1 / (1 + math.exp(-max(-MAX_ODDS, min(MAX_ODDS, odds))))
