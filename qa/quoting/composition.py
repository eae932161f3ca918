"""Scored sentences go in, the quotations that together answer come out, in the order in which they are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Span
from index.words import words
from qa.answer import Hit
from qa.judge import CLOSE, Judgement, Scored
from qa.query.need import Need
from qa.quoting.whole_lists import whole_list

MAX_WORDS = 120  # of all quotations of an answer
MAX_QUOTES = {True: 5, False: 3}  # sentences, for a question that needs a long answer and for one that does not
CLOSE_FAILURE = 1.7  # as CLOSE, for why something failed, whose scores lie closer together
CLOSE_BESIDE = 4.0  # for the same, where it stands beside the best: one event after the other makes something fail
CLOSE_NAMED = 8.0  # as CLOSE, for the best of a source that is asked for by its name
# "It is convenient to blame the brewery. It is also wrong."
TAKES_BACK = re.compile(
    r"[“\"'‘]?(?:(?:but |yet |however, )?(?:it|that|this|these|they|he|she|both|all(?: of (?:it|this|that))?)"
    r"(?: claims?| charges?| reports?)? (?:is|are|was|were) (?:also |simply |just |all |plainly |quite )?"
    r"(?:wrong|false|untrue|not (?:true|so|the case)|nonsense|mistaken|a (?:myth|lie|mistake|hoax))\b"
    r"|not so\b|on the contrary\b|nothing could be further\b|the (?:opposite|reverse|contrary) is true\b)",
    re.IGNORECASE,
)
# “The report said 80. That was the police's number. The correct figure is 90.”
SAYS_RIGHT = re.compile(
    r"\bthe (?:correct|right|true|actual) (?:figure|number|name|date|spelling|total|amount|one)\b"
    r"|\b(?:figure|number|name|date|total|amount|it) should (?:have been|be|read)\b",
    re.IGNORECASE,
)
POINTS = re.compile(r"\b(?:that|this|it|these|those|so|them)\b", re.IGNORECASE)
POINTING_WORDS = 5  # of a sentence that may only point at the one before
PARALLEL = 0.5  # share of the words of two sentences that both hold, where one says of another what the other does
BESIDE = 1200  # characters between them, a passage or two


@dataclass(frozen=True)
class Quotation:
    """A contiguous run of whole sentences of one article, and the hit in which it was found."""

    hit: Hit
    span: Span

    @property
    def text(self) -> str:
        """The words quoted."""
        return self.hit.passage.article.words(self.span)


def compose(
    judgement: Judgement,
    told: Sequence[Quotation] = (),
    most_words: int = MAX_WORDS,
    sources: Sequence[frozenset[str]] = (),
    within: float = CLOSE_NAMED,
) -> list[Quotation]:
    """Choose the best sentence and those close to it that add something, joined where they stand side by side.

    Of the articles of each of the `sources`, which the question names, the best sentence is close enough, where it
    lies `within` so much of the best of all.

    What is `told` already is not quoted again; where it holds a short answer, nothing is. The run with the best
    sentence comes first, then the others of its article as they stand in it, then the other articles, each as a whole,
    in the order of their best sentences.
    """
    chosen: list[Scored] = []
    used = 0
    if not judgement.need.is_long and any(is_in(judgement.sentences[0], each) for each in told):
        return []
    of_sources = _best_of(sources, judgement.sentences, within)
    for each in dict.fromkeys([*of_sources, *judgement.sentences]):
        length = len(each.text.split())
        if len(chosen) >= max(MAX_QUOTES[judgement.need.is_long], len(of_sources) + 1):
            break
        if any(is_in(each, other) for other in told) or (chosen and used + length > most_words):
            continue
        if each in of_sources or _adds(each, chosen, judgement):
            chosen.append(each)
            used += length
    runs = _in_reading_order([_from_what_it_means(_to_the_turn(run)) for run in _join(chosen)])
    return _with_whole_list(runs, most_words) if judgement.need.kind == "list" else runs


def _with_whole_list(runs: list[Quotation], most_words: int) -> list[Quotation]:
    """The runs with all of the first list that one of them is of; of the others those before it, and for which there
    is room."""
    for place, run in enumerate(runs):
        used = sum(len(each.text.split()) for each in runs[:place])
        whole = Quotation(run.hit, whole_list(run.hit.passage.article, run.span, most_words - used))
        if whole != run:
            return _fitting([*runs[:place], whole], runs[place + 1 :], most_words)
    return runs


def _fitting(kept: list[Quotation], others: list[Quotation], most_words: int) -> list[Quotation]:
    """Those kept, and of the others those that fit and of which nothing is told yet."""
    used = sum(len(each.text.split()) for each in kept)
    for run in others:
        used += len(run.text.split())
        if used <= most_words and not any(_overlap(run, each) for each in kept):
            kept.append(run)
    return kept


def _overlap(one: Quotation, other: Quotation) -> bool:
    is_same = one.hit.passage.article.id == other.hit.passage.article.id
    return is_same and one.span.start < other.span.end and other.span.start < one.span.end


def _best_of(sources: Sequence[frozenset[str]], sentences: Sequence[Scored], within: float) -> list[Scored]:
    best = [next((each for each in sentences if each.hit.passage.article.id in ids), None) for ids in sources]
    near = [each for each in best if each and each.score >= sentences[0].score - within]
    return sorted(near, key=lambda each: -each.score)


def is_in(sentence: Scored, quotation: Quotation) -> bool:
    """Whether a quotation holds a sentence."""
    is_same = quotation.hit.passage.article.id == sentence.hit.passage.article.id
    return is_same and quotation.span.start <= sentence.span.start and sentence.span.end <= quotation.span.end


def _adds(each: Scored, chosen: Sequence[Scored], judgement: Judgement) -> bool:
    """Whether a sentence comes close to the best one and tells something that those chosen do not."""
    best, need = judgement.sentences[0], judgement.need
    if not _is_close(each, best, need) or any(each.text == other.text for other in chosen):
        return False
    if each.evidence.missing_name > best.evidence.missing_name and _is_parallel(each, best):
        return False
    # What is near in score, for it tells of the same, may tell of nothing that made it fail.
    return not chosen or not need.of_failure or each.evidence.adverse > 0


def _is_parallel(each: Scored, best: Scored) -> bool:
    """Whether a sentence says in the same words of another town, or of somebody else, what the best one says."""
    one, other = set(words(each.text)), set(words(best.text))
    return len(one & other) >= PARALLEL * len(one | other)


def _is_close(each: Scored, best: Scored, need: Need) -> bool:
    allowed = CLOSE_FAILURE if need.of_failure else CLOSE[need.is_long]
    if need.of_failure and each.hit.passage.article.id == best.hit.passage.article.id:
        allowed = CLOSE_BESIDE if abs(each.span.start - best.span.start) <= BESIDE else allowed
    return each.score >= best.score - allowed


def _in_reading_order(runs: list[Quotation]) -> list[Quotation]:
    articles = list(dict.fromkeys(run.hit.passage.article.id for run in runs))
    first = runs[:1]
    return first + sorted(runs[1:], key=lambda run: (articles.index(run.hit.passage.article.id), run.span.start))


def _to_the_turn(run: Quotation) -> Quotation:
    """A run up to the sentence that takes it back, right behind it, or says what is correct, one or two behind it.

    Without it a quotation would say the contrary.
    """
    text = run.hit.passage.article.text
    behind = [span for span in run.hit.passage.sentences if span.start >= run.span.end][:2]
    for number, span in enumerate(behind):
        if "\n" in text[run.span.end : span.start]:
            break
        turn = TAKES_BACK.match(text, span.start, span.end) if number == 0 else None
        if turn or SAYS_RIGHT.search(text, span.start, span.end):
            return Quotation(run.hit, _over(run.span, span))
    return run


def _from_what_it_means(run: Quotation) -> Quotation:
    """A run with the sentence before it where it only points at that: "I regret that." says nothing alone."""
    before = next((each for each in reversed(run.hit.passage.sentences) if each.end <= run.span.start), None)
    is_short = len(run.text.split()) <= POINTING_WORDS and len(words(run.text)) <= 1
    if before is None or not is_short or not POINTS.search(run.text):
        return run
    between = run.hit.passage.article.text[before.end : run.span.start]
    return run if "\n" in between else Quotation(run.hit, _over(before, run.span))


def _join(chosen: list[Scored]) -> list[Quotation]:
    """Join neighbours of one article into one quotation; the run with the best sentence comes first."""
    quotations: list[Quotation] = []
    for each in chosen:
        run = Quotation(each.hit, each.span)
        beside = [other for other in quotations if _touch(other, run)]  # one before it, one behind it, or both
        for other in beside:
            run = Quotation(beside[0].hit, _over(run.span, other.span))
        place = quotations.index(beside[0]) if beside else len(quotations)
        quotations = [other for other in quotations if other not in beside]
        quotations.insert(place, run)
    return quotations


def _over(one: Span, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end))


def _touch(quotation: Quotation, each: Quotation) -> bool:
    article = quotation.hit.passage.article
    if article.id != each.hit.passage.article.id:
        return False
    first, second = sorted((quotation.span, each.span), key=lambda span: span.start)
    return not article.text[first.end : second.start].strip()
