"""Every figure of an evaluation, on outcomes small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.article import Article, Passage
from qa import Answer, Citation, Hit
from qa.evaluate import as_text
from qa.evaluation.curves import auc, refusal_curve, refused_at, reliability
from qa.evaluation.figures import Known, Outcome, Question, by_kind, report, summarise


def answer(confidence: float, *quotes: str, passages: tuple[str, ...] = ()) -> Answer:
    """An answer of these quotations, refused where there are none, with these texts as its passages."""
    citations = tuple(
        Citation(number, quote, "a.md", "", "", "", "", "", 0, len(quote), None, False, ())
        for number, quote in enumerate(quotes, 1)
    )
    hits = tuple(Hit(Passage(Article(f"{n}.md", text), 0, len(text), ()), 1.0, 1, 1, 0.5)
                 for n, text in enumerate(passages))  # fmt: skip
    found = bool(quotes)
    return Answer(
        "id", "q", "q", found, "full" if found else "none", confidence, " ".join(quotes), citations, hits, 1, 0.5
    )


def outcome(
    id: str, given: Answer, *holding: bool, kind: str = "", answerable: bool = True, known: bool = True
) -> Outcome:
    gold = (Known("gold"),) if answerable and known else ()
    return Outcome(
        Question(id, f"Question {id}?", answerable, kind=kind, known=gold), given, holding, float(any(holding)), True
    )


def five() -> list[Outcome]:
    """Right first; right second of three; answered beside the point; refused; answered though nothing answers."""
    return [
        outcome("a", answer(0.9, "gold", passages=("gold",)), True, kind="fact"),
        outcome("b", answer(0.8, "x", "gold", "y", passages=("x", "gold")), False, True, False, kind="fact"),
        outcome("c", answer(0.6, "x"), False, kind="fact"),
        outcome("d", answer(0.3), kind="fact"),
        outcome("e", answer(0.7, "x"), False, kind="near_miss", answerable=False),
        outcome("f", answer(0.1), kind="off_topic", answerable=False),
    ]


def test_rates_are_counted_right() -> None:
    figures = summarise(five())
    assert (figures.questions, figures.answerable) == (6, 4)
    assert (figures.in_first_quote, figures.in_any_quote, figures.share_of_need) == (1 / 4, 2 / 4, 2 / 4)
    assert figures.citation_precision == 2 / 5  # quotations of a, b and c; e's is of an unanswerable question
    assert (figures.refused, figures.answered_wrongly) == (1 / 4, 1 / 2)
    assert (figures.recall_at_1, figures.recall_at_5) == (1 / 4, 2 / 4)
    assert figures.ndcg_at_10 == pytest.approx((1 + 0.6309) / 4, abs=1e-4)  # at rank 2: 1 / log2(3)
    assert figures.auc == (2 + 2 + 1 + 1) / 8  # a and b over both, c and d over f only
    assert (figures.exact_quotes, figures.seconds) == (1, 0.5)
    assert figures.words_quoted == pytest.approx((1 + 3 + 1 + 1) / 4)


def test_exactness_counts_every_answer() -> None:
    assert summarise([*five()[:3], replace(five()[3], exact=False)]).exact_quotes == 3 / 4


def test_a_figure_that_no_question_tells_is_none_not_zero() -> None:
    figures = summarise([five()[5]])
    assert figures.answered_wrongly == 0
    assert (figures.refused, figures.auc, figures.citation_precision, figures.calibration_error) == (None,) * 4
    assert figures.refusal_area is None
    assert "| - |" in as_text(report([five()[5]]))


def test_a_kind_without_answerable_questions_is_ranked_against_all_that_are() -> None:
    rows = by_kind(five())
    assert list(rows) == ["all", "fact", "near_miss", "off_topic"]
    assert (rows["near_miss"].auc, rows["off_topic"].auc) == (2 / 4, 1)
    assert rows["fact"].auc == rows["all"].auc == 6 / 8


def test_what_went_wrong_is_said() -> None:
    assert [each.fault for each in five()] == [
        "",
        "answered, but not first",
        "no quotation holds a known answer",
        "refused, though the articles answer",
        "answered, though the articles do not",
        "",
    ]
    assert outcome("g", answer(0.9, "x"), False, known=False).fault == ""


def test_what_a_threshold_refuses_that_spares_nearly_all_answerable_questions() -> None:
    answerable = [0.1, 0.3, *(0.5 + number / 100 for number in range(38))]  # two of forty may be refused
    assert refused_at(0.05, answerable, [0.05, 0.4, 0.5, 0.9]) == 2 / 4
    assert refused_at(0.0, answerable, [0.05, 0.1]) == 1 / 2
    assert refused_at(0.05, [], [0.5]) is None and refused_at(0.05, [0.5], []) is None


def test_auc_counts_even_pairs_half() -> None:
    assert auc([0.9, 0.5], [0.5, 0.1]) == (1 + 1 + 0.5 + 1) / 4
    assert auc([0.5], []) is None


def test_risk_rises_with_coverage_and_ties_go_together() -> None:
    curve = refusal_curve([0.9, 0.5, 0.5, 0.2], [False, True, False, True])
    assert [(each.confidence, each.coverage, each.risk) for each in curve.points] == [
        (0.9, 1 / 4, 0.0),
        (0.5, 3 / 4, 1 / 3),
        (0.2, 1.0, 2 / 4),
    ]
    assert curve.area == pytest.approx((0 + 1 / 3 + 1 / 3 + 1 / 2) / 4)
    assert refusal_curve([0.9, 0.5, 0.5, 0.2], [False, False, True, True]) == curve
    assert refusal_curve([], []).area == 0


def test_the_refusal_curve_of_outcomes_counts_the_refused_and_the_unanswerable_as_wrong() -> None:
    told = report([*five(), outcome("g", answer(1.0, "x"), False, known=False)])  # g: nothing is known of it
    assert [each.risk for each in told.refusal.points] == [0, 0, 1 / 3, 2 / 4, 3 / 5, 4 / 6]
    assert told.coverage == 4 / 6  # not rounded: the plot looks for this very point
    assert told.figures["all"].refusal_area == pytest.approx((1 / 3 + 2 / 4 + 3 / 5 + 4 / 6) / 6, abs=1e-4)


def test_an_answer_known_from_elsewhere_is_still_wrong_where_the_articles_do_not_hold_it() -> None:
    lucky = outcome("h", answer(0.9, "gold"), True, answerable=False)
    assert report([lucky]).refusal.area == 1 and lucky.fault


def test_calibration_error_is_the_mean_gap_of_bins_of_equal_mass() -> None:
    confidences = [n / 20 for n in range(20)]  # ten bins of two: means .025, .125, ... .925
    measured = reliability(confidences, [n >= 10 for n in range(20)])
    assert [each.questions for each in measured.bins] == [2] * 10
    assert [each.answerable for each in measured.bins] == [0] * 5 + [1] * 5
    assert measured.bins[0].confidence == pytest.approx(0.025)
    gaps = [0.025, 0.125, 0.225, 0.325, 0.425, 0.475, 0.375, 0.275, 0.175, 0.075]
    assert measured.error == pytest.approx(sum(gaps) / 10)
    assert reliability(confidences[::-1], [n < 10 for n in range(20)]).error == pytest.approx(measured.error)


def test_bins_hold_equally_many_even_where_questions_do_not_divide() -> None:
    assert [each.questions for each in reliability([0.5] * 23, [True] * 23).bins] == [3, 3, 3, 2, 2, 2, 2, 2, 2, 2]
    assert len(reliability([0.2, 0.9], [False, True]).bins) == 2


def test_equal_confidences_share_their_bins_whatever_their_order() -> None:
    labels = [True] * 15 + [False] * 5
    first, second = reliability([0.5] * 20, labels), reliability([0.5] * 20, labels[::-1])
    assert first == second and first.error == pytest.approx(0.25)


def test_chance_alone_is_told_beside_the_calibration_error() -> None:
    sure = reliability([0.0] * 30 + [1.0] * 30, [False] * 30 + [True] * 30)
    assert (sure.error, sure.by_chance) == (0, 0)
    few, many = (reliability([0.5] * n, [True, False] * (n // 2)).by_chance for n in (20, 2000))
    assert 0.05 < few < 0.15 and 0.005 < many < 0.02  # one bin's worth of coins: sqrt(2 / pi) * .5 / sqrt(n)
