"""Outcomes of questions with known answers go in; how often what was found, quoted and refused was right comes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from qa.answer import Answer
from qa.evaluation.curves import RefusalCurve, Reliability, auc, refusal_curve, refused_at, reliability
from qa.query.conversation import Turn

FEW = 0.05  # of the answerable questions that a threshold may refuse
ALL = "all"  # the name of the figures of every question, beside those of each kind
DEPTHS = (1, 5, 10)  # the k of recall@k


@dataclass(frozen=True)
class Known:
    """One right answer: words that a quotation must hold, and the article they stand in ("" for any article)."""

    quote: str
    article: str = ""


@dataclass(frozen=True)
class Question:
    """A question with all its known answers; `need` is how many of them a full answer holds.

    `relevant` names the articles that answer it, where answers are known by article only.
    """

    id: str
    text: str
    answerable: bool
    history: tuple[Turn, ...] = ()
    kind: str = ""
    known: tuple[Known, ...] = ()
    need: int = 1
    relevant: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """A question, its answer, and what of it was right; `holding` says of each quotation if it holds a known answer."""

    question: Question
    answer: Answer
    holding: tuple[bool, ...]
    share_of_need: float
    exact: bool

    @property
    def in_first(self) -> bool:
        """Whether the first quotation holds a known answer."""
        return any(self.holding[:1])

    @property
    def in_any(self) -> bool:
        """Whether any quotation holds one."""
        return any(self.holding)

    @property
    def fault(self) -> str:
        """What went wrong, in words; "" where nothing did."""
        if not self.question.answerable:
            return "answered, though the articles do not" if self.answer.found else ""
        if not self.answer.found:
            return "refused, though the articles answer"
        if not self.question.known or self.in_first:
            return ""
        return "answered, but not first" if self.in_any else "no quotation holds a known answer"


@dataclass(frozen=True)
class Figures:
    """Rates from 0 to 1, but for counts, words and seconds; None where no question tells. docs/evaluation.md says more.

    `citation_precision` is the share of the quotations given to answerable questions that hold a known answer;
    `refused` counts answerable questions, `answered_wrongly` the others; `refused_at_5` is the share of those others
    that a threshold refuses which refuses at most 5 % of the answerable; `calibration_error` and `refusal_area` are
    told in qa/evaluation/curves.py.
    """

    questions: int
    answerable: int
    recall_at_1: float | None
    recall_at_5: float | None
    recall_at_10: float | None
    ndcg_at_10: float | None
    in_first_quote: float | None
    in_any_quote: float | None
    share_of_need: float | None
    citation_precision: float | None
    refused: float | None
    answered_wrongly: float | None
    auc: float | None
    refused_at_5: float | None
    calibration_error: float | None
    refusal_area: float | None
    exact_quotes: float | None
    words_quoted: float | None
    seconds: float | None


@dataclass(frozen=True)
class Wrong:
    """A question that went wrong: how, what was quoted first ("" where nothing was), and how sure the program was."""

    id: str
    question: str
    kind: str
    fault: str
    first_quote: str
    confidence: float


@dataclass(frozen=True)
class Report:
    """All that an evaluation tells: figures of all questions and of each kind, two curves, and what went wrong.

    `coverage` is the share of the questions of the refusal curve that the program did answer.
    """

    figures: dict[str, Figures]
    refusal: RefusalCurve
    coverage: float
    reliability: Reliability
    wrong: tuple[Wrong, ...]


def report(outcomes: list[Outcome]) -> Report:
    """Reduce the outcomes of a questions file to all that is told of them."""
    told = [each.answer.found for each in outcomes if _can_be_wrong(each)]
    return Report(
        figures=by_kind(outcomes),
        refusal=_refusal(outcomes),
        coverage=sum(told) / max(1, len(told)),
        reliability=_reliability(outcomes),
        wrong=tuple(_wrong(each) for each in outcomes if each.fault),
    )


def by_kind(outcomes: list[Outcome]) -> dict[str, Figures]:
    """Return the figures of all questions, then of each kind."""
    kinds = sorted({each.question.kind for each in outcomes})
    return {ALL: summarise(outcomes)} | {
        kind: summarise([each for each in outcomes if each.question.kind == kind], outcomes)
        for kind in kinds
        if len(kinds) > 1
    }


def summarise(outcomes: list[Outcome], among: list[Outcome] | None = None) -> Figures:
    """Reduce outcomes to figures.

    Where all of them are answerable, or none is, `auc` sets them against those of `among` that are not like them.
    """
    answerable, others = _split(outcomes)
    rest = _split(among or [])
    judged, ranked = [each for each in answerable if each.question.known], _rank(answerable)
    return Figures(
        questions=len(outcomes),
        answerable=len(answerable),
        recall_at_1=ranked[0],
        recall_at_5=ranked[1],
        recall_at_10=ranked[2],
        ndcg_at_10=ranked[3],
        in_first_quote=_mean(each.in_first for each in judged),
        in_any_quote=_mean(each.in_any for each in judged),
        share_of_need=_mean(each.share_of_need for each in judged),
        citation_precision=_mean(holds for each in judged for holds in each.holding),
        refused=_mean(not each.answer.found for each in answerable),
        answered_wrongly=_mean(each.answer.found for each in others),
        auc=auc(_confidences(answerable or rest[0]), _confidences(others or rest[1])),
        refused_at_5=refused_at(FEW, _confidences(answerable or rest[0]), _confidences(others or rest[1])),
        calibration_error=round(_reliability(outcomes).error, 4) if answerable and others else None,
        refusal_area=round(_refusal(outcomes).area, 4) if judged else None,
        exact_quotes=_mean(each.exact for each in outcomes),
        words_quoted=_mean(len(each.answer.text.split()) for each in outcomes if each.answer.found),
        seconds=_mean(each.answer.seconds for each in outcomes),
    )


def table(rows: dict[str, Figures]) -> str:
    """Return figures as a Markdown table, one row for each name."""
    names = [each.name for each in fields(Figures)]
    lines = ["| | " + " | ".join(name.replace("_", " ") for name in names) + " |", "|---" * (len(names) + 1) + "|"]
    for kind, figures in rows.items():
        lines.append(f"| {kind} | " + " | ".join(shown(getattr(figures, name)) for name in names) + " |")
    return "\n".join(lines)


def shown(value: float | int | None) -> str:
    """A figure as it is printed."""
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def plain(text: str) -> str:
    """Return a text as quotations are compared: without emphasis marks, case and line breaks."""
    return " ".join(text.replace("*", "").casefold().split())


def _split(outcomes: list[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes of the questions that the articles answer, and of the others."""
    return [o for o in outcomes if o.question.answerable], [o for o in outcomes if not o.question.answerable]


def _confidences(outcomes: list[Outcome]) -> list[float]:
    return [each.answer.confidence for each in outcomes]


def _can_be_wrong(outcome: Outcome) -> bool:
    return not outcome.question.answerable or bool(outcome.question.known)


def _refusal(outcomes: list[Outcome]) -> RefusalCurve:
    """Wrong is what no quotation answers: an unanswerable question too, and one that was refused."""
    told = [each for each in outcomes if _can_be_wrong(each)]
    return refusal_curve(_confidences(told), [not (each.question.answerable and each.in_any) for each in told])


def _reliability(outcomes: list[Outcome]) -> Reliability:
    return reliability(_confidences(outcomes), [each.question.answerable for each in outcomes])


def _wrong(outcome: Outcome) -> Wrong:
    asked, answer = outcome.question, outcome.answer
    first = "".join(citation.quote for citation in answer.citations[:1])
    return Wrong(asked.id, asked.text, asked.kind, outcome.fault, first, answer.confidence)


def _rank(outcomes: list[Outcome]) -> list[float | None]:
    """Recall at each of DEPTHS and nDCG@10 of the known answers, or of the articles that hold them, in the passages."""
    import ir_measures
    from ir_measures import R, nDCG

    qrels, run_lines = [], []
    for id, each in ((each.question.id, each) for each in outcomes):
        wanted = each.question.relevant or tuple(f"known {n}" for n in range(len(each.question.known)))
        qrels += [ir_measures.Qrel(id, name, 1) for name in wanted]
        run_lines += [ir_measures.ScoredDoc(id, name, -rank) for rank, name in enumerate(_found(each))]
    measures = [*(R @ depth for depth in DEPTHS), nDCG @ 10]
    values = ir_measures.calc_aggregate(measures, qrels, run_lines) if qrels else {}
    return [float(values[each]) if each in values else None for each in measures]


def _found(outcome: Outcome) -> list[str]:
    """What each passage brings, in their order: its article, or the known answers in it that none before it brought."""
    names: list[str] = []
    for rank, hit in enumerate(outcome.answer.passages):
        article = hit.passage.article.id
        if outcome.question.relevant:
            names.append(article)
            continue
        text = plain(hit.passage.text)
        known = enumerate(outcome.question.known)
        brought = [f"known {n}" for n, each in known if each.article in ("", article) and plain(each.quote) in text]
        names += brought or [f"passage {rank}"]
    return list(dict.fromkeys(names))


def _mean(values: Iterable[float]) -> float | None:
    held = list(values)
    return round(sum(held) / len(held), 4) if held else None
