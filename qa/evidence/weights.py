"""What speaks for a sentence goes in, one score comes out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

NEAR = 0.5  # cosine to the query below which a passage is far from it
SURE = 2.0  # log odds above which the reader is sure


@dataclass(frozen=True)
class Evidence:
    """What speaks for a sentence; as WEIGHTS, how much each counts.

    `reads`: the log odds by the trained reader that it answers; `near`: its cosine to the query; `passage`: that of
    its passage; `context`: the share of the query's words, by rarity, in the sentence with its passage up to it and
    the headings above; `cue`: 1 where it looks like the kind of answer that is needed; `no_cue`: 1 where it cannot be
    one ("how many" without a number); `other_date`: 1 where it tells of another date than asked, 2 where it names
    another year; `on_date`: 1 where it tells of the very day or week asked for, -1 where only of others; `adverse`,
    `success`: 1 where it is asked why something failed, and the sentence tells of a hostile event, or of success;
    `note`: 1 where it tells who the article's author is, which is not asked; `another`: 1 where it tells what somebody
    says, and not the one of whom that is asked; `here`: 1 where it stands in the article that answered the question
    before; `told`: 1 where it is itself what answered that; `missing`: 1 where a name in the question stands nowhere
    in its passage, 2 where it is asked how many, for then it is the number of something else; `far`: by how much its
    passage's cosine lies below NEAR; `sure`: by how much `reads` lies above SURE.
    """

    reads: float
    near: float
    passage: float
    context: float
    cue: float
    no_cue: float
    other_date: float
    on_date: float
    adverse: float
    success: float
    note: float
    another: float
    here: float
    told: float
    missing: float
    far: float
    sure: float


# In units of log odds. Rounded by hand near what qa/training/fit.py finds on the stories that trained nothing else;
# what each part is worth is told in benchmarks/README.md, "Judge".
WEIGHTS = Evidence(
    reads=1, near=2, passage=2, context=2, cue=0.6, no_cue=-1, other_date=-4, on_date=3, adverse=2, success=-2,
    note=-4, another=-3, here=1, told=-3, missing=0, far=0, sure=0,
)  # fmt: skip
# "Why did it fail" is answered by other words than the question's, in the passage that tells of it: there the passage
# finds the sentences, and what happened in them tells them apart. Set on our own questions; few stories hold such.
FAILURE_WEIGHTS = Evidence(
    reads=0.3, near=4, passage=8, context=4, cue=3, no_cue=0, other_date=-1, on_date=3, adverse=3, success=-3,
    note=-4, another=0, here=1, told=-3, missing=0, far=0, sure=0,
)  # fmt: skip
# Which sentence answers is one thing, whether any does another: how near a sentence is only tells it from its
# neighbours, a passage far from the question rarely answers it, and among many a sentence often reads like an answer.
# Set on the eight sets of "Confidence" in benchmarks/README.md.
CONFIDENCE_WEIGHTS = replace(WEIGHTS, near=0, context=2.5, note=0, another=0, missing=-0.6, far=-6, sure=-0.7)


def weighted(weights: Evidence, evidence: Evidence) -> float:
    """The weighted sum of evidence."""
    return float(sum(getattr(weights, each.name) * getattr(evidence, each.name) for each in fields(Evidence)))
