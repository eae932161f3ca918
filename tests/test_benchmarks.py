"""What the benchmark programs count, on values small enough to count by hand; they themselves are run by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from benchmarks import conversations, follow_ups, judge, question_sets, words
from benchmarks.judge import Scores, answerable_auc, first_right, mean_precision, scorings
from index.reading.read import read_article
from qa.evaluation.figures import Known
from qa.reader.passage_reader import Reading, ReadPassage
from qa.training.additions import Addition, Turn
from qa.training.follow_ups import read_follow_ups
from qa.training.stories import Story, StoryArticle


def scores(right: list[int], cosine: list[float], odds: list[float]) -> Scores:
    return Scores(np.asarray(right, dtype=bool), np.asarray(cosine), np.asarray(odds))


TWO = [scores([0, 1, 0], [0.5, 0.4, 0.1], [0.0, 2.0, -1.0]), scores([1, 0, 1], [0.2, 0.3, 0.1], [-np.inf, 1.0, 0.5])]


def test_the_best_sentence_is_right_or_not() -> None:
    ways = scorings()
    assert first_right(TWO, ways["cosine"]) == 0
    assert first_right(TWO, ways["judge"]) == 1 / 2
    assert first_right([], ways["judge"]) is None


def test_mean_average_precision() -> None:
    # cosine ranks wrong, right, wrong: 1/2; then wrong, right, right: (1/2 + 2/3) / 2
    assert mean_precision(TWO, scorings()["cosine"]) == pytest.approx((1 / 2 + (1 / 2 + 2 / 3) / 2) / 2)


def test_the_cosine_is_added_to_the_log_odds() -> None:
    assert list(scorings()["judge + 10 x cosine"](TWO[0])) == [5.0, 6.0, 0.0]


def test_a_passage_is_as_answerable_as_its_best_sentence_or_all_of_them() -> None:
    answers, none, other = scores([1, 0], [0, 0], [1.0, 1.0]), scores([0], [0], [1.5]), scores([0], [0], [0.5])
    judged = scorings()["judge"]
    assert answerable_auc([answers, none, other], judged, np.max) == 1 / 2
    assert answerable_auc([answers, none, other], judged, np.logaddexp.reduce) == 1  # log(2e) = 1.69


def test_the_judge_reads_the_lines_nearest_to_the_claim_in_the_order_of_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[tuple[str, ...]] = []

    class Encoder:
        def encode(self, texts: list[str]) -> np.ndarray:
            return np.asarray([[float(text)] for text in texts], dtype=np.float32)

        def encode_questions(self, questions: list[str]) -> np.ndarray:
            return np.ones((len(questions), 1), dtype=np.float32)

    def read_passages(question: str, passages: list[ReadPassage]) -> list[Reading]:
        read.extend(each.sentences for each in passages)
        return [Reading(np.asarray([float(text) for text in each.sentences]), ()) for each in passages]

    monkeypatch.setattr(judge, "load_encoder", Encoder)
    monkeypatch.setattr(judge, "read_passages", read_passages)
    item = judge.Item("?", "", [".1", ".9", ".5", ".8"], [True, False, False, False], block=2, shortlist=3)
    (found,) = judge.score([item], "pages")
    assert read == [(".9", ".5"), (".8",)]
    assert list(found.odds) == [-np.inf, 0.9, 0.5, 0.8]


def test_words_are_compared_without_articles_and_each_as_often_as_it_stands() -> None:
    assert words.f1("the Battle of Norby", "battle of Norby") == 1
    assert words.f1("in May 2021", "4 May 2021") == pytest.approx(2 * 2 / 6)
    assert words.f1("no no", "no") == pytest.approx(2 / 3) and words.f1("the", "an") == words.f1("x", "y") == 0


def write_lines(file: Path, *values: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(value) + "\n" for value in values))


def test_need_lines_are_those_of_any_supporting_set(tmp_path: Path) -> None:
    write_lines(tmp_path / "corpus.jsonl", {"id": "d", "title": "Page", "text": "zero\none\ntwo\nthree"})
    claim = {"text": "claim", "doc": "d"}
    write_lines(
        tmp_path / "queries.jsonl",
        claim | {"id": "held", "answerable": True, "supporting_sets": [[1, 3], [1]]},
        claim | {"id": "trains", "answerable": True, "supporting_sets": [[0]]},
        claim | {"id": "unsupported", "answerable": False, "supporting_sets": [[], [2]]},
    )
    (item,) = judge.pages(tmp_path, {"held", "unsupported"})
    assert (item.right, item.heading) == ([False, True, False, True], "Page")


@dataclass(frozen=True)
class Query:
    text: str


def test_words_carried_over_are_counted_in_stems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = {"speaker": "user", "text": "When did the harbour bridge close?"}
    write_lines(
        tmp_path / "queries.jsonl",
        *({"set": "s", "id": f"{n}_1", "text": "Why was the bridge?", "rewrite": "Why was the harbour bridge closed?", "history": [turn]}
          for n in range(20)),
        *({"set": "s", "id": f"{n}_2", "text": "Ships today?", "rewrite": "Ships today?", "history": [turn]} for n in range(20)),
    )  # fmt: skip
    # Ours takes over one stem of harbour and close, and adds two that the rewrites do not hold.
    ours = {"Why was the bridge?": "Why was the bridge? (harbours museum)", "Ships today?": "Ships today? (bridge)"}
    monkeypatch.setattr(follow_ups, "make_query", lambda question, history: Query(ours[question]))
    found = follow_ups.carrying(tmp_path / "queries.jsonl")
    assert found.questions == 2 * found.standalone > 0
    assert (found.recall, found.precision, found.changed) == (1 / 2, 1 / 3, 1)


def test_only_conversations_that_never_train_are_counted(tmp_path: Path) -> None:
    turn = {"speaker": "user", "text": "before"}
    lines = [{"set": "s", "id": f"{n}_1", "text": f"q{n}", "rewrite": f"q{n}", "history": [turn]} for n in range(40)]
    write_lines(tmp_path / "queries.jsonl", *lines)
    kept = {question for question, _, _ in follow_ups.held_out(tmp_path / "queries.jsonl")}
    trained = {each.question for each in read_follow_ups(tmp_path / "queries.jsonl", held_out=False)}
    assert kept and kept.isdisjoint(trained) and len(kept | trained) == 40


def test_an_article_of_a_set_keeps_what_is_known_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_sets, "BUILT", tmp_path / "built")
    about = {"source": "Coast: News", "published_at": "2023-09-26T17:01:22+00:00", "author": "Ada Lind"}
    write_lines(
        tmp_path / "set" / "corpus.jsonl",
        {"id": "x", "title": 'A "title"', "text": "Rust closed the bridge.", "meta": about},
        {"id": "y", "title": "", "text": "No more is known.", "meta": {}},
    )
    names = question_sets._write_corpus(tmp_path / "set", tmp_path / "articles")
    assert (tmp_path / "articles" / names["x"]).read_text() == (
        '---\ntitle: "A \\"title\\""\nauthor: "Ada Lind"\npublisher: "Coast: News"\npublished: "2023-09-26"\n---\n\n'
        "Rust closed the bridge."
    )
    assert (tmp_path / "articles" / names["y"]).read_text() == "No more is known."


def test_a_set_is_spread_evenly() -> None:
    assert question_sets.spread(list(range(10)), 0) == list(range(10))
    assert question_sets.spread(list(range(10)), 5) == [0, 2, 4, 6, 8]


def test_turns_are_asked_with_the_questions_before_them(tmp_path: Path) -> None:
    story = Story("Bridge", [StoryArticle("The bridge", "Coast News", "2021-05-04", {1: "It was shut.", 2: "Rust."})])
    talks = ((Turn("Was it shut?", "", (1,)), Turn("why", "Why was it shut?", (2,))), (Turn("Who paid?", "", ()),))
    turns = list(conversations.turns_of([Addition(story, talks)]))
    assert [(each.text, each.history, each.kind) for each in turns] == [
        ("Was it shut?", (), "fact"), ("why", ("Was it shut?",), "follow_up"), ("Who paid?", (), "fact"),
    ]  # fmt: skip
    assert [each.known for each in turns][1:] == [(Known("Rust.", "story-0-0.md"),), ()]
    assert not turns[2].answerable
    conversations.write_story(tmp_path, 0, story)
    read = read_article("story-0-0.md", (tmp_path / "story-0-0.md").read_bytes())
    assert (read.title, read.publisher, read.published) == ("The bridge", "Coast News", "2021-05-04")
    assert "It was shut. Rust." in read.text
