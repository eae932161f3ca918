"""What each part is worth, on evidence made by hand of which it is plain what every part would choose."""

from __future__ import annotations

import pytest

from benchmarks.ablation import PARTS, Asked, figures
from index import Index
from index.article import Article, Passage, Span
from qa.answer import Hit
from qa.evaluate import ask_all
from qa.evaluation.figures import Known, Question
from qa.evidence.gathering import Gathered
from qa.evidence.weights import Evidence
from qa.query.need import Need, need_of

TEXT = "The bridge was closed in May. Rust had weakened it."
NEED = need_of("Why was the bridge closed?")


def evidence(**values: float) -> Evidence:
    return Evidence(**dict.fromkeys(Evidence.__dataclass_fields__, 0.0) | values)


def asked(need: Need, known: str, first: Evidence, second: Evidence) -> Asked:
    spans = (Span(0, 29), Span(30, len(TEXT)))
    hit = Hit(Passage(Article("a.md", TEXT), 0, len(TEXT), spans), 1.0, 1, 1, 0.5)
    question = Question("q", "Why?", answerable=bool(known), known=(Known(known, "a.md"),) if known else ())
    gathered = [Gathered(hit, span, each, None) for span, each in zip(spans, (first, second), strict=True)]
    return Asked(question, need, {"fused": gathered, "dense": gathered[:1]}, 10, 0.0)


def test_a_part_that_chooses_right_is_missed_and_one_that_chooses_wrong_is_not() -> None:
    two = [
        asked(NEED, "Rust had weakened it.", evidence(reads=1, sentence_cosine=3), evidence(reads=20)),
        asked(NEED, "", evidence(reads=-5, passage_cosine=1), evidence(reads=-5)),
    ]
    rows = {name: figures(part, two) for name, part in PARTS.items()}
    assert (rows["all"].first, rows["all"].any, rows["all"].auc) == (1, 1, 1)
    assert (rows["without the reader"].first, rows["without the reader"].auc) == (0, 0)
    assert rows["without the sentence's cosine"].first == rows["the reader alone"].first == 1
    assert rows["the sentence's cosine alone"].first == rows["dense retrieval alone"].any == 0


def test_the_confidence_goes_by_the_passage_and_not_by_how_near_a_sentence_is() -> None:
    two = [
        asked(NEED, "Rust had weakened it.", evidence(reads=1, passage_cosine=0.6), evidence(reads=0)),
        asked(
            NEED,
            "",
            evidence(reads=1, sentence_cosine=0.9, passage_cosine=0.6, passage_far=0.2),
            evidence(reads=0, sentence_cosine=0.9),
        ),
    ]
    rows = {name: figures(part, two) for name, part in PARTS.items()}
    assert (rows["all"].auc, rows["without distance from the passage"].auc) == (1, 0.5)
    sure = [asked(NEED, known, evidence(reads=9, over_sure=sure), evidence()) for known, sure in (("x", 0), ("", 7))]
    assert (figures(PARTS["all"], sure).auc, figures(PARTS["without the reader"], sure).auc) == (1, 0.5)


def test_composition_quotes_what_is_close() -> None:
    close = [asked(NEED, "Rust had weakened it.", evidence(reads=6), evidence(reads=5))]
    assert (figures(PARTS["all"], close).any, figures(PARTS["without composition: one sentence"], close).any) == (1, 0)


@pytest.mark.model
def test_with_all_parts_it_is_the_answer_that_people_get(seeds_index: Index) -> None:
    from benchmarks.ablation import read_all

    known = (Known("The coalition said it was an accident."),)
    question = Question("q", "How did the coalition explain the bombing of Syrian Army positions?", True, known=known)
    (outcome,) = ask_all([question], seeds_index)
    row = figures(PARTS["all"], read_all([question], seeds_index))
    assert (row.first, row.any) == (float(outcome.in_first), float(outcome.in_any)) and outcome.answer.found
