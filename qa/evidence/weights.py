"""What speaks for a sentence goes in, one score comes out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

NEAR = 0.5  # cosine to the query below which a passage is far from it
SURE = 2.0  # log odds above which the reader is sure


@dataclass(frozen=True)
class Evidence:
    """What speaks for a sentence; as WEIGHTS, how much each counts. Signs are 0 where nothing is said below."""

    reads: float  # log odds by the trained reader that it answers
    sentence_cosine: float  # of the sentence and the query
    passage_cosine: float  # of its passage and the query
    word_overlap: float  # share of the query's words, by rarity, in the passage up to it and the headings above
    fits_kind: float  # 1: it looks like the kind of answer that is needed
    misses_kind: float  # 1: it cannot be one ("how many" without a number)
    other_date: float  # 1: it tells of another date than asked, 2: of another year
    on_date: float  # 1: it tells of the very day or week asked for, -1: only of others
    adverse: float  # 1: it is asked why something failed, and it tells of a hostile event
    success: float  # 1: the same is asked, and it tells of success
    author_note: float  # 1: it tells who the article's author is, which is not asked
    other_speaker: float  # 1: it tells what somebody says, and not the one of whom that is asked
    same_article: float  # 1: it stands in the article that answered the question before
    already_told: float  # 1: it is itself what answered that
    missing_name: float  # 1: a name in the question stands nowhere in its passage, 2: and it is asked how many
    passage_far: float  # by how much the passage's cosine lies below NEAR
    over_sure: float  # by how much `reads` lies above SURE


# In units of log odds. Rounded by hand near what qa/training/fit.py finds on the stories that trained nothing else;
# what each part is worth is told in benchmarks/README.md, "Judge".
WEIGHTS = Evidence(
    reads=1, sentence_cosine=2, passage_cosine=2, word_overlap=2, fits_kind=0.6, misses_kind=-1, other_date=-4,
    on_date=3, adverse=2, success=-2, author_note=-4, other_speaker=-3, same_article=1, already_told=-3,
    missing_name=0, passage_far=0, over_sure=0,
)  # fmt: skip
# "Why did it fail" is answered by other words than the question's, in the passage that tells of it: there the passage
# finds the sentences, and what happened in them tells them apart. Set on our own questions; few stories hold such.
FAILURE_WEIGHTS = Evidence(
    reads=0.3, sentence_cosine=4, passage_cosine=8, word_overlap=4, fits_kind=3, misses_kind=0, other_date=-1,
    on_date=3, adverse=3, success=-3, author_note=-4, other_speaker=0, same_article=1, already_told=-3,
    missing_name=0, passage_far=0, over_sure=0,
)  # fmt: skip
# Which sentence answers is one thing, whether any does another: how near a sentence is only tells it from its
# neighbours, a passage far from the question rarely answers it, and among many a sentence often reads like an answer.
# Set on the eight sets of "Confidence" in benchmarks/README.md.
CONFIDENCE_WEIGHTS = replace(
    WEIGHTS, sentence_cosine=0, word_overlap=2.5, author_note=0, other_speaker=0, missing_name=-0.6, passage_far=-6,
    over_sure=-0.7,
)  # fmt: skip


def weighted(weights: Evidence, evidence: Evidence) -> float:
    """The weighted sum of evidence."""
    return float(sum(getattr(weights, each.name) * getattr(evidence, each.name) for each in fields(Evidence)))
