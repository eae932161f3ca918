"""The judge, against the network in torch, hand-laid inputs, and answers that are plain to see."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from index import Index, build_index, open_index
from index.filters import Filters
from qa import ask
from qa.confidence import EVEN, GROWTH, confidence_of
from qa.evidence.earlier import find
from qa.judge import CLOSE, JUDGED_HITS, WIDENED_HITS, judge
from qa.query.conversation import make_query, standing_alone
from qa.query.need import only_asks
from qa.quoting.composition import compose
from qa.reader.judge_network import load, tensors
from qa.reader.passage_reader import (
    UNREAD,
    WEIGHTS,
    AnswerWords,
    ReadPassage,
    characters,
    collate,
    lay_out,
    likeliest_words,
    read_passages,
    read_turns,
)
from qa.retrieval import search
from qa.training.additions import asked_in_conversation, follow_ups_of, read_additions
from qa.training.stories import FIRST, SECOND, read_stories

MINE = ReadPassage(
    "The mine of Norby",
    (
        "The mine of Norby was closed in 1999, to the sorrow of the town.",
        "Water had flooded its lower galleries and the pumps could not be paid for.",
        "It opened again as a museum with 12,000 visitors a year.",
    ),
)


def test_a_passage_is_laid_out_as_the_docstring_says() -> None:
    row = lay_out("why mine?", ReadPassage("mine", ("the mine shut",)))
    why, mine, mark, the, shut = 2339, 3067, 1029, 1996, 3844  # of the base model's vocabulary
    assert row.ids == [101, why, mine, mark, 102, mine, 102, the, mine, shut, 102]
    assert row.types == [0, 0, 1, 0, 0, 3, 2, 2, 3, 2, 2]
    assert row.owner == [-2, -1, -1, -1, -2, -3, -2, 0, 0, 0, -2]


def test_padding_shares_each_sentence_out_over_its_own_tokens() -> None:
    batch = collate([lay_out("why mine?", ReadPassage("", ("mine", "the mine shut"))), lay_out("why?", MINE)])
    assert batch.mask[0].sum() == 10 and batch.ids.shape == batch.mask.shape == batch.types.shape
    assert np.allclose(batch.pool[0].sum(axis=1), [1, 1, 0])
    assert np.count_nonzero(batch.pool[0, 1]) == 3 and np.allclose(batch.question.sum(axis=1), 1)


def test_weights_are_small_and_hold_no_code() -> None:
    assert WEIGHTS.stat().st_size <= 25_000_000
    assert WEIGHTS.read_bytes()[8:9] == b"{"  # safetensors: a length, then JSON


@pytest.mark.model
def test_the_converted_reader_agrees_with_torch() -> None:
    long = ReadPassage("", tuple(f"Sentence {n} of a passage that goes on and on." for n in range(60)))
    passages, question = [MINE, ReadPassage("", ("One sentence.",)), long], "why did the mine close?"
    with torch.inference_mode():
        sentences, nothing, _, _ = load(WEIGHTS)(*tensors(collate([lay_out(question, each) for each in passages])))
    for place, found in enumerate(each.odds for each in read_passages(question, passages)):
        expected = np.full(len(passages[place].sentences), UNREAD)
        known = min(len(expected), sentences.shape[1])
        expected[:known] = (sentences[place] - nothing[place]).numpy()[:known]
        assert len(found) == len(passages[place].sentences)
        read = found > UNREAD
        assert np.abs(found - expected)[read].max() < 0.35  # bfloat16, of scores that spread over more than ten
        assert read.all() == (place < 2)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "expected"),
    [("when was the mine closed?", 0), ("why was the mine closed?", 1), ("how many people visit the museum?", 2)],
)
def test_the_sentence_that_answers_is_chosen(question: str, expected: int) -> None:
    assert int(np.argmax(read_passages(question, [MINE])[0].odds)) == expected


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "place", "words"),
    [("when was the mine closed?", 0, "1999"), ("how many people visit the museum?", 2, "12,000"),
     ("What had flooded the lower galleries?", 1, "Water")],
)  # fmt: skip
def test_the_words_that_answer_are_read_with_the_sentence(question: str, place: int, words: str) -> None:
    found, sentence = read_passages(question, [MINE])[0].words[place], MINE.sentences[place]
    assert found is not None and found.odds > 0
    span = characters(sentence, found)
    assert sentence[span.start : span.end] == words


def test_the_likeliest_words_are_those_of_the_best_start_and_end_in_their_order() -> None:
    spans = np.zeros((20, 3), dtype=np.float32)
    spans[3, 0], spans[1, 1], spans[5, 1], spans[3:6, 2] = 5, 8, 4, (1, 2, 6)
    assert likeliest_words(spans) == AnswerWords(3, 5, 3.0)
    spans[19, 1] = 8  # too far from the start for one answer
    assert likeliest_words(spans) == AnswerWords(3, 5, 3.0)
    assert likeliest_words(spans[:0]) is None


@pytest.mark.model
def test_what_is_not_told_is_less_likely_than_what_is() -> None:
    told, untold = (
        read_passages(q, [MINE])[0].odds.max() for q in ("when was the mine closed?", "who owned the mine?")
    )
    assert told > untold + 2


@pytest.mark.model
def test_no_passage_and_no_sentence_are_no_fault() -> None:
    assert read_passages("why?", []) == []
    assert [len(each.odds) for each in read_passages("why?", [ReadPassage("A title", ())])] == [0]


@pytest.mark.model
def test_a_follow_up_leans_on_the_words_it_leaves_out() -> None:
    words = {word.text: word.odds for word in read_turns("when was it closed?", ["Who owned the mine of Norby?"])}
    assert list(words) == ["Who", "owned", "the", "mine", "of", "Norby"]
    assert words["mine"] > words["owned"]


@pytest.mark.model
def test_a_judgement_is_in_order_and_reads_no_more_than_it_says(seeds_index: Index) -> None:
    question = "why did the September 2016 truce fail?"
    hits = search(question, 30, seeds_index, Filters())
    judgement = judge(standing_alone(question), hits, seeds_index)
    scores = [each.score for each in judgement.sentences]
    assert scores == sorted(scores, reverse=True) and 0 < judgement.confidence < 1
    found = {each.hit for each in judgement.sentences}
    assert {hit for hit in found if hit.dense_rank or hit.lexical_rank} <= set(hits[:JUDGED_HITS])
    best = {hit.passage.start for hit in hits[:WIDENED_HITS]}
    for hit in found - set(hits[:JUDGED_HITS]):  # what was not found itself stands beside what was found first
        starts = [each.start for each in seeds_index.passages(hit.passage.article)]
        place = starts.index(hit.passage.start)
        assert best & set(starts[max(0, place - 1) : place + 2])
    assert judge(standing_alone(question), [], seeds_index).confidence == 0


@pytest.mark.model
def test_what_is_not_compared_would_not_have_been_quoted(seeds_index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = {True: 0, False: 0}
    for question in (
        "When was the aid convoy bombed?",
        "How many people live in Aleppo?",
        "what does Lavrov think of sanctions",
        "Which countries joined the talks?",
        "why was the summit put off?",
        "who brokered it",
    ):
        told = {}
        for is_sparing in (True, False):
            monkeypatch.setattr("qa.judge.CLOSE", CLOSE if is_sparing else {True: math.inf, False: math.inf})
            query = make_query(question, ["What was agreed in Geneva?"] if question == "who brokered it" else [])
            judged = judge(query, find(query, 10, seeds_index, Filters()), seeds_index)
            quoted = [(each.hit.passage.article.id, each.span) for each in compose(judged)]
            told[is_sparing] = quoted, pytest.approx(judged.confidence, abs=0.01)
            compared[is_sparing] += sum(each.evidence.sentence_cosine != 0 for each in judged.sentences)
        assert told[True] == told[False]
    assert compared[True] < 0.7 * compared[False]


def test_confidence_is_a_probability_that_knows_how_much_was_searched() -> None:
    assert confidence_of(EVEN, 1) == confidence_of(EVEN + 2 * GROWTH, 100) == 0.5
    assert confidence_of(3, 100) > confidence_of(3, 10_000) > confidence_of(2, 10_000)
    assert all(0 <= confidence_of(score, 0) <= 1 for score in (-1e9, 1e9))


@pytest.mark.model
def test_the_chosen_sentence_is_the_one_that_answers_not_the_one_on_the_topic(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "ferry.md").write_text(
        "# The ferry of Norby\n\nThe ferry line of Norby was a success in its first summer. The ferry line of Norby "
        "closed in the autumn of 2014. In September two engines had burned out and the bank refused another loan.\n"
    )
    build_index(folder, tmp_path / "i")
    answer = ask("why did the ferry line of Norby close?", index=open_index(tmp_path / "i"))
    assert answer.found and "two engines had burned out" in answer.citations[0].quote


def test_stories_name_each_answer_and_a_part_of_them_never_trains() -> None:
    trains, held_out = (
        read_stories(FIRST, held_out=each) + read_stories(SECOND, held_out=each) for each in (False, True)
    )
    assert len(trains) >= 6 * len(held_out) > 0
    assert not {story.topic for story in trains} & {story.topic for story in held_out}
    for story in trains + held_out:
        numbers = {number for article in story.articles for number in article.sentences}
        for question in story.questions:
            assert set(question.answers) <= numbers and (question.kind == "none") == (not question.answers)


def test_conversations_are_about_stories_of_the_same_part() -> None:
    trains, held_out = (read_additions(held_out=each) for each in (False, True))
    topics = {story.topic for folder in (FIRST, SECOND) for story in read_stories(folder, held_out=True)}
    assert {each.story.topic for each in held_out} == topics and len(trains) + len(held_out) == 400
    assert not {each.story.topic for each in trains} & topics
    for addition in trains + held_out:
        assert len(addition.conversations) >= 2 and all(not turns[0].rewrite for turns in addition.conversations)


def test_a_follow_up_is_read_behind_the_question_before_it_and_knows_its_words(tmp_path: Path) -> None:
    for series in ("first", "third"):
        (tmp_path / series).mkdir()
    (tmp_path / "first" / "a.txt").write_text(
        "# ferries\n@ A line closes | Paper | 2020-01-01\n1 Norby shut it.\n2 Rust did.\n"
    )
    (tmp_path / "third" / "first--a.txt").write_text(
        "# ferries\n> Who shut the ferry line? => 1\n> and why | Why was the ferry line shut? => 2\n\n"
        "> What did rust do? => 2\n? none: How many ferries sank?\n"
    )
    (addition,) = read_additions(tmp_path / "third", held_out=False)
    asked = [(each.text, each.answers) for each in asked_in_conversation(addition).questions]
    assert asked == [
        ("Who shut the ferry line?", (1,)),
        ("Who shut the ferry line? and why", (2,)),
        ("What did rust do?", (2,)),
    ]
    second, third = follow_ups_of(addition, random.Random(0))
    assert second.carried == {"ferri", "line", "shut"} and not second.is_same
    assert third.turns[-1] == "and why" and third.carried == frozenset() and third.is_same
    assert [each.kind for each in addition.story.questions] == ["none"]
    (tmp_path / "third" / "first--a.txt").write_text("# ferries\n> Who shut it? => 7\n")
    with pytest.raises(ValueError, match="no addition"):
        read_additions(tmp_path / "third", held_out=False)


def test_a_bad_line_of_a_story_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("# topic\n@ Title | Paper | 2020-01-01\n1 One.\n? fact: who? => 9\n")
    with pytest.raises(ValueError, match="line 4"):
        read_stories(tmp_path, held_out=False)


@pytest.mark.parametrize(
    ("first", "last", "marked"),
    [(5, 6, "1,275 metres"), (3, 3, "1,275"), (4, 7, "1,275 metres long"), (0, 1, "The bridge")],
)
def test_a_number_is_never_marked_in_part(first: int, last: int, marked: str) -> None:
    """Its tokens are "1", "," and "275", the fourth to the sixth."""
    sentence = "The bridge is 1,275 metres long."
    span = characters(sentence, AnswerWords(first, last, 1.0))
    assert sentence[span.start : span.end] == marked


@pytest.mark.parametrize(
    ("sentence", "first", "last", "marked"),
    [
        ("He is at Wikistrat now.", 4, 4, "Wikistrat"),  # wiki ##st ##rat
        ("She met the opposition's men.", 3, 4, "opposition"),
        ("She met the group (ISSG) here.", 4, 7, "(ISSG)"),  # ( iss ##g )
        ("She met the group (ISSG) here.", 5, 7, "ISSG"),
        ("She met the “old guard” here.", 3, 6, "“old guard”"),
    ],
)
def test_whole_words_are_marked_and_no_half_of_a_pair(sentence: str, first: int, last: int, marked: str) -> None:
    span = characters(sentence, AnswerWords(first, last, 1.0))
    assert sentence[span.start : span.end] == marked


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("Who will pay?", True),
        ("“Who will pay?!”", True),
        ("“Who will pay for the walls?” she asked.", True),
        ('"Who will pay?" asked the old mayor.', True),
        ("He asked who would pay.", False),
        ("Will the “coalition of the willing” ever pay?", True),
        ("Are the walls, as the mayor put it, “as good as paid for”?", False),
        ("“Who will pay?” is the title of her book.", False),
    ],
)
def test_what_only_asks_is_told_from_what_tells(sentence: str, asks: bool) -> None:
    assert only_asks(sentence) is asks
