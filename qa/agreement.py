"""Quotations go in; which of them say the same in different articles, and which give different figures, comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.opening import Index
from qa.composition import Quotation
from qa.evidence import Need

SAME = 0.8  # cosine from which sentences of two articles tell the same thing
AKIN = 0.6  # cosine from which they tell of the same thing, so that different figures are worth a remark
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
COUNTING = ("how_many", "when")


@dataclass(frozen=True)
class Relation:
    """How a quotation stands to those before it: the place, from 0, of the one that it repeats, and whether its figures
    differ from those of one before it from another article.
    """

    repeats: int | None = None
    differs: bool = False


def relate(question: str, need: Need, quotations: list[Quotation], index: Index) -> list[Relation]:
    """Compare each quotation with those before it that come from other articles."""
    if len({each.hit.passage.article.id for each in quotations}) < 2:
        return [Relation()] * len(quotations)
    vectors = index.encode([each.text for each in quotations])
    asked = set(FIGURE.findall(question))
    figures = [set(FIGURE.findall(each.text)) - asked for each in quotations]
    relations: list[Relation] = []
    for place, each in enumerate(quotations):
        others = [n for n in range(place) if quotations[n].hit.passage.article.id != each.hit.passage.article.id]
        near = {n: float(vectors[n] @ vectors[place]) for n in others}
        clash = [n for n in others if figures[n] and figures[place] and not figures[n] & figures[place]]
        same = [n for n in others if near[n] >= SAME and n not in clash and relations[n].repeats is None]
        differs = need.kind in COUNTING and any(near[n] >= AKIN for n in clash)
        relations.append(Relation(max(same, key=lambda n: near[n], default=None), differs))
    return relations
