"""Answers, against the articles' own text and against questions written with their answers."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from index import Index, Passage, build_index, open_index
from index.article import Article, Span
from qa import Hit, ask
from qa.conversations.recall import recall
from qa.evaluate import evaluate, load_questions
from qa.evaluation.figures import summarise
from qa.evidence.naming import missing_names
from qa.evidence.weights import Evidence
from qa.judge import Judgement, Scored
from qa.query.need import need_of
from qa.quoting.composition import MAX_WORDS, Quotation, compose
from qa.render import as_json, as_text
from qa.web.message import message_steps

PROJECT = Path(__file__).resolve().parent.parent
TRUCE = "why did the September 2016 truce fail?"


def scored(text: str, *scores: float) -> list[Scored]:
    """The sentences of `text`, one for each line, with their scores."""
    article = Article("a.md", text)
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    hit = Hit(Passage(article, 0, len(text), tuple(spans)), 1.0, 1, 1, 0.5)
    nothing = Evidence(*[0.0] * len(fields(Evidence)))
    return [Scored(hit, span, nothing, None, score) for span, score in zip(spans, scores, strict=True)]


def judged(question: str, sentences: list[Scored]) -> Judgement:
    return Judgement(need_of(question), tuple(sorted(sentences, key=lambda each: -each.score)), 0.9)


def quotes(judgement: Judgement) -> list[str]:
    return [each.hit.passage.article.text[each.span.start : each.span.end] for each in compose(judgement)]


def test_neighbours_become_one_quotation_and_the_best_comes_first() -> None:
    sentences = scored("First of all.\nSecond of all.\nFar away.\nLast of all.", 5.5, 6.0, -2.0, 5.8)
    assert quotes(judged("why did it happen?", sentences)) == ["First of all.\nSecond of all.", "Last of all."]


def test_sentences_side_by_side_are_one_quotation_in_whatever_order_they_were_found() -> None:
    for scores in ((5.6, 5.4, 6.0), (5.4, 6.0, 5.6), (6.0, 5.4, 5.6)):
        assert quotes(judged("why did it happen?", scored("One.\nTwo.\nThree.", *scores))) == ["One.\nTwo.\nThree."]


def test_a_short_question_gets_a_short_answer() -> None:
    sentences = scored("One.\nTwo.\nThree.\nFour.", 6.0, 1.0, 5.8, 5.7)
    assert len(quotes(judged("who did it?", sentences))) <= 2
    assert len(quotes(judged("who did it?", scored("One.\nTwo.", 6.0, 1.0)))) == 1


def test_what_is_said_in_the_same_words_of_another_is_not_quoted_too() -> None:
    text = "The council of Norby approved a budget of 3 million.\nThe council of Corvik approved a budget of 9 million.\nThe sum is small."
    own, another, small = scored(text, 6.0, 5.0, 5.0)
    another = replace(another, evidence=replace(another.evidence, missing_name=1.0))
    small = replace(small, evidence=replace(small.evidence, missing_name=1.0))
    assert quotes(judged("What budget did Norby approve?", [own, another, small])) == [own.text, small.text]


def test_a_corrected_figure_is_quoted_with_the_right_one() -> None:
    wrong, whose, right, other = scored(
        "It said 80.\nThat was a guess.\nThe correct figure is 90.\nIt rained.", 6.0, -9, -9, -9
    )
    lines = [replace(each, hit=wrong.hit) for each in (wrong, whose, right, other)]
    one_line = wrong.hit.passage.article.text.replace("\n", " ")
    hit = replace(wrong.hit, passage=replace(wrong.hit.passage, article=Article("a.md", one_line)))
    told = compose(judged("How many?", [replace(each, hit=hit) for each in lines]))
    assert [each.text for each in told] == ["It said 80. That was a guess. The correct figure is 90."]


def test_an_answer_keeps_to_its_words() -> None:
    line = " ".join(["word"] * 50) + "."
    sentences = scored("\n".join(f"{n} {line}" for n in range(6)), 6.0, -3.0, 5.9, -3.0, 5.8, 5.7)
    assert sum(len(quote.split()) for quote in quotes(judged("why?", sentences))) <= MAX_WORDS


def test_what_made_it_fail_is_told_beside_the_best_sentence() -> None:
    far = "Nothing was said of it for a long time. " * 40
    lines = scored(
        f"The bridge was bombed.\nIt was attacked before.\nIt was mended.\n{far}\nA ship was attacked.", 9, 6, 6, 0, 6
    )
    lines = [replace(each, evidence=replace(each.evidence, adverse=float("ed" in each.text))) for each in lines]
    assert quotes(judged("why did it fail?", lines)) == [
        "The bridge was bombed.\nIt was attacked before.\nIt was mended."
    ]
    assert quotes(judged("why did it close?", lines[:2])) == ["The bridge was bombed.\nIt was attacked before."]


def test_what_is_told_already_is_not_told_again() -> None:
    lines = scored("One was first.\nTwo was next.", 5.0, 4.9)
    told = [Quotation(lines[0].hit, lines[0].span)]
    assert compose(judged("who was it?", lines), told) == []
    assert [each.text for each in compose(judged("why was it?", lines), told)] == ["Two was next."]
    assert len(compose(judged("why was it?", lines), most_words=3)) == 1


def test_nothing_is_said_twice() -> None:
    first = scored("The same words.", 1.0)
    assert quotes(judged("why?", first + scored("The same words.", 0.99))) == ["The same words."]


@pytest.mark.model
def test_every_citation_of_every_question_is_exact(seeds_index: Index) -> None:
    outcomes = list(evaluate(load_questions(PROJECT / "benchmarks" / "questions.jsonl"), seeds_index))
    citations = 0
    for answer in (each.answer for each in outcomes):
        assert answer.found == bool(answer.citations) == (answer.coverage != "none")
        assert 0 <= answer.confidence <= 1 and len(answer.passages) == 10
        assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
        spans = []
        for citation in answer.citations:
            article = seeds_index.article(citation.article)
            assert article.text[citation.start : citation.end] == citation.quote != ""
            assert (citation.title, citation.author) == (article.title, article.author)
            assert not citation.quote.rstrip().endswith("?"), "a question is quoted as an answer"
            spans.append((citation.article, citation.start, citation.end))
            citations += 1
        assert len(set(spans)) == len(spans)
    assert citations > 100
    figures = summarise(outcomes)
    off_topic = [each for each in outcomes if each.question.kind == "off_topic"]
    assert figures.exact_quotes == 1 and sum(each.answer.found for each in off_topic) == 0


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        TRUCE,
        "Why did the truce of September 2016 break down?",
        "why did the ceasefire of September 2016 collapse?",
        "What made the September 2016 truce fall apart?",
        "What went wrong with the truce in September 2016?",
        "For what reasons did the September 2016 ceasefire fail?",
        "What caused the breakdown of the September 2016 ceasefire?",
    ],
)
def test_the_spring_is_not_why_the_september_truce_failed(seeds_index: Index, question: str) -> None:
    answer = ask(question, index=seeds_index)
    reasons = ("bombed Syrian Army positions", "aid convoy was bombed", "each accused groups supported by the other")
    said = [sum(reason in citation.quote for reason in reasons) for citation in answer.citations]
    assert said[0] >= 1 and sum(said[:3]) == 3
    assert not any("partial success" in citation.quote for citation in answer.citations)


@pytest.mark.model
def test_stale_and_shared_sources_are_told(articles: Path, tmp_path: Path) -> None:
    (articles / "copy.md").write_bytes((articles / "harbour.md").read_bytes())
    build_index(articles, tmp_path / "i")
    index = open_index(tmp_path / "i")
    question = "Why was the harbour bridge closed in May 2021?"
    citation = ask(question, index=index).citations[0]
    assert (citation.article, citation.also, citation.stale) == ("copy.md", ("harbour.md",), False)
    (articles / "copy.md").write_text("Something else.")
    assert ask(question, index=index).citations[0].stale
    (articles / "copy.md").unlink()
    answer = ask(question, index=index)
    assert answer.citations[0].stale and "has changed or gone" in as_text(answer)


@pytest.mark.model
def test_a_name_that_the_sources_do_not_hold_makes_it_partly(articles: Path, tmp_path: Path) -> None:
    build_index(articles, tmp_path / "i")
    index = open_index(tmp_path / "i")
    assert ask("Why was the harbour bridge closed in May 2021?", index=index).coverage == "full"
    partly = ask("Why was the harbour bridge closed by Smith in May 2021?", index=index)
    assert (partly.coverage, partly.missing) == ("partly", ("Smith",))
    *_, message = message_steps(recall(as_json(partly)))
    for told in (message, as_text(partly)):
        assert "only in part: what is quoted does not mention “Smith”." in told


@pytest.mark.model
@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        ("Why was the bridge closed by Smith, Brown & Co. in 2021?", ("Smith", "Brown", "Co")),
        ("Tell me this. Explain why the harbour bridge was closed on 4 May 2021.", ()),
        ("WHY WAS THE HARBOUR BRIDGE CLOSED?", ()),
        ("Why were 1,700 harbour bridges closed?", ("1,700",)),
        ("Did the Turkish and the Brits and the Defense of Norway close it?", ("Norway",)),
        ("How many did Mr. Brown and Prime Minister Tarn close in the U.S. Army's name?", ("Brown", "Tarn", "Army")),
        ("Did North Britain, New Turkey or Mrs Britain close it for the BDO?", ("North Britain", "New Turkey", "BDO")),
        ("Did the BRB close it, or Big Red Barn of Britain and I?", ("BRB", "Big Red Barn")),
        ("Why did Šefčovič and Özil close it?", ("Šefčovič", "Özil")),
        ("Did the TDB close it?", ()),  # the Turkish Defence and Britain
        ("Why did Rusty Tarn and Tarn Bridge and the Harbour of Old Britain close it?", ("Rusty Tarn",)),
    ],
)
def test_only_names_and_numbers_are_missed(asked: str, missing: tuple[str, ...]) -> None:
    article = Article("a.md", "The harbour bridge was closed by the Turkish Defence and Britain because of rust.")
    passage = Passage(article, 0, len(article.text), (Span(0, len(article.text)),))
    assert missing_names(asked, [passage]) == missing


def test_filters_hold_for_answers(seeds_index: Index) -> None:
    answer = ask("What is said about Assad?", index=seeds_index, source="gvosdev")
    assert {hit.passage.article.id for hit in answer.passages} == {"us-russia-statement-remains-flawed.md"}
    none = ask("What is said about Assad?", index=seeds_index, after="2030-01-01")
    assert (none.found, none.passages, none.confidence) == (False, (), 0.0)


@pytest.mark.model
def test_a_refusal_says_that_a_date_left_out_what_has_none(seeds_index: Index, articles: Path, tmp_path: Path) -> None:
    told = "Articles without a date were left out."
    assert ask("Who won the chess match in Reykjavik?", index=seeds_index, after="2000").text.endswith(told)
    assert told not in ask("Who won the chess match in Reykjavik?", index=seeds_index).text
    for name in ("orchard.txt", "museum.html"):  # which have no date
        (articles / name).unlink()
    build_index(articles, tmp_path / "i")
    dated = open_index(tmp_path / "i")
    assert not dated.has_undated() and told not in ask("Who won at chess?", index=dated, after="2000").text


def test_the_questions_are_sound() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/check_questions.py"], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.model
def test_a_terminal_shows_where_a_quotation_goes_over_the_end_of_a_paragraph(seeds_index: Index) -> None:
    answer = ask("How did Trump respond to the gas attack?", index=seeds_index)
    assert "Putin" not in answer.citations[0].quote  # what another said does not lead
    (whole,) = (each.quote for each in answer.citations if "\n\n" in each.quote)
    before, after = whole.split("\n\n")
    assert f"{before.split()[-1]}\n\n{after.split()[0]}" in as_text(answer)
