"""Figures of indexes of several sizes go in; a drawing of cost against size, both by powers of ten, comes out (SVG)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, MARGIN = 640, 400, 60
LINES = {
    "retrieve_ms": ("retrieval", "#3b6ea5"),
    "dense_ms": ("vectors", "#b0562e"),
    "lexical_ms": ("words", "#4d8a4a"),
}
FIRST_SIZE, LAST_SIZE = 3, 6  # powers of ten
LOWEST, HIGHEST = -2, 3  # milliseconds, powers of ten


def draw(sizes: Sequence[dict[str, Any]], file: Path) -> None:
    """Draw the median milliseconds of a question against the number of passages."""
    parts = [_text(WIDTH / 2, 24, "Median milliseconds of a question by passages in the index", "middle")]
    for power in range(FIRST_SIZE, LAST_SIZE + 1):
        parts.append(_text(_x(10**power), HEIGHT - MARGIN + 24, f"{10**power:,}", "middle"))
        parts.append(_rule(_x(10**power), MARGIN, _x(10**power), HEIGHT - MARGIN))
    for power in range(LOWEST, HIGHEST + 1):
        parts.append(_text(MARGIN - 8, _y(10.0**power) + 4, f"{10.0**power:g}", "end"))
        parts.append(_rule(MARGIN, _y(10.0**power), WIDTH - MARGIN, _y(10.0**power)))
    for name, (label, colour) in LINES.items():
        points = [(_x(each["passages"]), _y(each[name])) for each in sizes]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        parts.append(_text(points[-1][0] - 6, points[-1][1] - 8, label, "end", colour))
    space = 'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12"'
    head = f'<svg {space} viewBox="0 0 {WIDTH} {HEIGHT}">'
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    file.write_text("\n".join([head, ground, *parts, "</svg>"]) + "\n")


def _x(passages: float) -> float:
    share = (math.log10(passages) - FIRST_SIZE) / (LAST_SIZE - FIRST_SIZE)
    return MARGIN + share * (WIDTH - 2 * MARGIN)


def _y(milliseconds: float) -> float:
    share = (math.log10(milliseconds) - LOWEST) / (HIGHEST - LOWEST)
    return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'
