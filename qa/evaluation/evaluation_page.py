"""A Report goes in; one HTML page that needs nothing else comes out: figures, two plots, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from html import escape

from qa.evaluation.curves import RefusalCurve, Reliability
from qa.evaluation.figures import ALL, Figures, Report, Wrong, shown

MEANINGS = {
    "questions": "questions asked",
    "answerable": "of these, those that the articles answer",
    "recall_at_1": "share of the known answers that stand in the first passage",
    "recall_at_5": "share of them that stand in the first 5 passages",
    "recall_at_10": "share of them that stand in the first 10 passages",
    "ndcg_at_10": "the same, an answer counting more the earlier its passage comes",
    "in_first_quote": "answerable questions whose first quotation holds a known answer",
    "in_any_quote": "answerable questions of which any quotation holds one",
    "share_of_need": "of the known answers that a full reply needs, the share quoted",
    "citation_precision": "of all quotations given to answerable questions, those that hold a known answer",
    "refused": "answerable questions that got no answer",
    "answered_wrongly": "unanswerable questions that got one",
    "auc": "chance that confidence ranks an answerable question above an unanswerable one",
    "refused_at_5": "unanswerable ones refused by a threshold that refuses at most 5 % of the answerable",
    "calibration_error": "how far confidence lies from the share of questions that are answerable",
    "refusal_area": "mean share of wrong answers as ever more questions are answered, the surest first",
    "exact_quotes": "answers in which every quotation equals its place in the article: must be 1",
    "words_quoted": "mean number of words of an answer",
    "seconds": "mean time of an answer",
}
STYLE = """
:root { color-scheme: light dark; --ink: #1d2129; --quiet: #5a6270; --line: #d8dce3; --paper: #fff; --mark: #2457a8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ec; --quiet: #a3abb8; --line: #3a414d; --paper: #16191f; --mark: #8ab4f8; }
}
body { margin: 0 auto; padding: 16px; max-width: 1000px; font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); }
h1 { font-size: 24px; line-height: 1.3; overflow-wrap: anywhere; } h2 { font-size: 18px; margin: 32px 0 8px; }
p, li, td { overflow-wrap: anywhere; } .quiet, dd { color: var(--quiet); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
tr > :first-child { text-align: left; position: sticky; left: 0; background: var(--paper); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 24px; }
figure { margin: 0; } figcaption { font-size: 14px; color: var(--quiet); }
svg { width: 100%; height: auto; font: 13px system-ui, sans-serif; } svg text { fill: var(--quiet); }
.axis { stroke: var(--line); fill: none; } .even { stroke: var(--quiet); stroke-dasharray: 4 4; }
.curve { stroke: var(--mark); stroke-width: 2; fill: none; } .beyond { stroke-dasharray: 2 4; }
.dot { fill: var(--mark); stroke: var(--paper); }
ol { padding: 0; list-style: none; } li { padding: 12px 0; border-top: 1px solid var(--line); }
li p { margin: 0 0 4px; } blockquote { margin: 4px 0; padding-left: 12px; border-left: 3px solid var(--line); }
"""
LEFT, TOP, SIDE = 48.0, 12.0, 320.0  # the square of a plot, in the units of its view box


def page(told: Report, name: str) -> str:
    """Return the page of a report on the questions file called `name`."""
    every = told.figures[ALL]
    body = [
        f"<h1>{escape(name)}</h1>",
        f"<p class='quiet'>{every.questions} questions, {every.answerable} of them answerable.</p>",
        f"<h2>Figures</h2>{_table(told.figures)}{_meanings()}",
        f"<div class='plots'>{_refusal(told.refusal, told.coverage)}{_reliability(told.reliability)}</div>",
        f"<h2>What went wrong: {len(told.wrong)} questions</h2><ol>{''.join(map(_item, told.wrong))}</ol>",
    ]
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Evaluation: {escape(name)}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _table(rows: dict[str, Figures]) -> str:
    """Figures down, kinds of questions across: on a phone the names stay in sight."""
    head = "".join(f"<th scope='col'>{escape(name or '(no type)')}</th>" for name in rows)
    lines = (
        f"<tr><th scope='row'>{_name(each.name)}</th>"
        + "".join(f"<td>{shown(getattr(figures, each.name))}</td>" for figures in rows.values())
        + "</tr>"
        for each in fields(Figures)
    )
    return (
        f"<div class='wide'><table><thead><tr><th></th>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _name(field: str) -> str:
    return field.replace("_", " ")


def _meanings() -> str:
    rows = "".join(f"<dt>{_name(name)}</dt><dd>{escape(text)}</dd>" for name, text in MEANINGS.items())
    return f"<details><summary>What the figures mean</summary><dl>{rows}</dl></details>"


def _refusal(curve: RefusalCurve, coverage: float) -> str:
    """Risk against coverage; dotted where the program refuses."""
    spots = [(each.coverage, each.risk) for each in curve.points]
    given = [spot for spot in spots if spot[0] <= coverage + 1e-9]
    title = "Wrong answers against questions answered"
    drawn = _line(spots[max(0, len(given) - 1) :], "curve beyond") + _line(given, "curve") + _dots(given[-1:], ["here"])
    return _plot(
        title,
        "share of questions answered, the surest first",
        "share of these wrong",
        drawn,
        f"The program answers {coverage:.0%} of the questions (the dot). Beyond it, dotted, nothing was quoted and "
        f"every question counts as wrong. Area {curve.area:.3f}; lower is better.",
    )


def _reliability(measured: Reliability) -> str:
    """The share that is answerable against confidence, a dot for each bin."""
    spots = [(each.confidence, each.answerable) for each in measured.bins]
    labels = [f"{each.questions} questions: {each.confidence:.2f}, {each.answerable:.2f}" for each in measured.bins]
    return _plot(
        "What a confidence is worth",
        "confidence",
        "share answerable",
        _line([(0.0, 0.0), (1.0, 1.0)], "even") + _dots(spots, labels),
        f"Ten groups of equally many questions. On the dashed line confidence is a probability. Calibration error "
        f"{measured.error:.3f}; by chance alone it would be about {measured.by_chance:.3f}.",
    )


def _plot(title: str, across: str, up: str, drawn: str, caption: str) -> str:
    right, bottom, middle = LEFT + SIDE, TOP + SIDE, TOP + SIDE / 2
    ticks = "".join(
        f"<text x='{LEFT + SIDE * at:.0f}' y='{bottom + 18:.0f}' text-anchor='middle'>{at:g}</text>"
        f"<text x='{LEFT - 8:.0f}' y='{bottom - SIDE * at + 4:.0f}' text-anchor='end'>{at:g}</text>"
        for at in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f"<figure><h2>{title}</h2><svg viewBox='0 0 400 390' role='img' aria-label='{title}'>"
        f"<path class='axis' d='M{LEFT} {TOP}V{bottom}H{right}'/>{ticks}{drawn}"
        f"<text x='{LEFT + SIDE / 2}' y='{bottom + 42}' text-anchor='middle'>{across}</text>"
        f"<text x='12' y='{middle}' text-anchor='middle' transform='rotate(-90 12 {middle})'>{up}</text>"
        f"</svg><figcaption>{caption}</figcaption></figure>"
    )


def _at(spot: tuple[float, float]) -> tuple[float, float]:
    return LEFT + SIDE * spot[0], TOP + SIDE * (1 - spot[1])


def _line(spots: list[tuple[float, float]], kind: str) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(_at, spots))
    return f"<polyline class='{kind}' points='{points}'/>" if len(spots) > 1 else ""


def _dots(spots: list[tuple[float, float]], labels: Iterable[str]) -> str:
    return "".join(
        f"<circle class='dot' cx='{x:.1f}' cy='{y:.1f}' r='5'><title>{label}</title></circle>"
        for (x, y), label in zip(map(_at, spots), labels, strict=False)
    )


def _item(wrong: Wrong) -> str:
    quoted = f"<blockquote>{escape(wrong.first_quote)}</blockquote>" if wrong.first_quote else ""
    told = " · ".join(filter(None, (wrong.id, wrong.kind, wrong.fault, f"confidence {wrong.confidence:.2f}")))
    return f"<li><p><strong>{escape(wrong.question)}</strong></p>{quoted}<p class='quiet'>{escape(told)}</p></li>"
