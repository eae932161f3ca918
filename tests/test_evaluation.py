"""What an evaluation reads and shows: questions files, thumbs, the text, and the page, also of hostile articles."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from index import open_index
from qa import BadQuestion
from qa.evaluate import MOST_SHOWN, as_text, load_questions, main, not_held
from qa.evaluation.evaluation_page import MEANINGS, page
from qa.evaluation.figures import Figures, Known, Outcome, Question, Report, report
from qa.query.conversation import Turn
from qa.thumbs import Thumb, question_line
from tests.test_figures import answer, five

PROJECT = Path(__file__).resolve().parent.parent
ATTACK = "</title></style><script>alert(1)</script><img src=x onerror='alert(2)'>\"&amp;"


class Reader(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(told: Report, name: str = "mine.jsonl") -> Reader:
    reader = Reader()
    reader.feed(page(told, name))
    reader.close()
    assert not reader.open
    return reader


def test_the_page_shows_figures_plots_and_what_went_wrong() -> None:
    told = report(five())
    shown = read(told)
    assert shown.tags.count("svg") == 2 and shown.tags.count("li") == len(told.wrong) == 4
    assert "Question d?" in shown.text and "refused, though the articles answer · confidence 0.30" in shown.text
    assert "Question a?" not in shown.text
    for name in (each.name.replace("_", " ") for each in fields(Figures)):
        assert name in shown.text
    dots = [value for name, value in shown.attributes if name == "class" and value == "dot"]
    assert len(dots) == len(told.reliability.bins) + 1
    places = [value for name, value in shown.attributes if name == "cx"]
    assert places[0] == f"{48 + 320 * 4 / 6:.1f}"  # where the program stops answering


def test_the_page_needs_nothing_from_elsewhere() -> None:
    shown = read(report(five()))
    assert not {"script", "link", "img", "iframe", "object", "base", "form", "a"} & set(shown.tags)
    assert not {"src", "href", "srcset", "action"} & {name for name, _ in shown.attributes}
    text = page(report(five()), "mine.jsonl")
    assert "http:" not in text and "https:" not in text and "url(" not in text and "@import" not in text
    assert "prefers-color-scheme: dark" in text and "width=device-width" in text


def test_a_hostile_question_quotation_or_name_stays_text() -> None:
    bad = Outcome(Question(ATTACK, ATTACK, False, kind=ATTACK), answer(0.9, ATTACK), (False,), 0.0, True)
    shown = read(report([*five(), bad]), ATTACK)
    assert not {"script", "img"} & set(shown.tags)
    assert not [name for name, _ in shown.attributes if name.startswith("on")]
    assert shown.text.count(ATTACK) >= 5


def test_a_page_of_nothing_but_refusals_is_drawn() -> None:
    assert read(report([five()[5]])).tags.count("svg") == 2
    assert read(report([five()[3]])).tags.count("li") == 1


def test_every_figure_is_explained() -> None:
    names = [each.name for each in fields(Figures)]
    assert list(MEANINGS) == names
    told = (PROJECT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    for name in names:
        assert name.replace("_", " ") in told, name


def test_the_curves_are_told_in_the_text_and_the_json_holds_all() -> None:
    told = report(five())
    text = as_text(told)
    assert "| 33% | 0.0% | 0.800 |" in text and "| 100% | 66.7% | 0.100 |" in text
    assert f"Calibration error {told.reliability.error:.3f}" in text


def write(folder: Path, *lines: object) -> Path:
    file = folder / "questions.jsonl"
    file.write_text("".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in lines))
    return file


def test_histories_of_every_form_are_read(tmp_path: Path) -> None:
    turns = [
        {"speaker": "user", "text": "one"},
        {"speaker": "agent", "text": "first"},
        {"speaker": "user", "text": "two"},
    ]
    asked = {"question": "q", "answerable": True}
    file = write(
        tmp_path, asked | {"id": 1, "history": turns}, "", asked | {"id": 2, "history": ["one", ["two", "second"]]}
    )
    assert [each.history for each in load_questions(file)] == [(("one", "first"), "two"), ("one", ("two", "second"))]


def test_the_mark_that_some_editors_put_first_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"id": 1, "question": "q", "answerable": true}\n')
    assert load_questions(file)[0].text == "q"


def test_a_line_separator_within_a_question_breaks_no_line(tmp_path: Path) -> None:
    file = write(tmp_path, '{"id": "1", "question": "one\u2028two", "answerable": true}')
    assert load_questions(file)[0].text == "one\u2028two"


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        '"text"',
        "{}",
        '{"id": 1, "question": "q"}',
        "7",
        *(
            '{"id": 2, "question": "q", "answerable": ' + each
            for each in (
                '"false"}',
                'true, "need": 0}',
                'true, "need": "two"}',
                'true, "answers": "1923"}',
                'true, "history": "When?"}',
            )
        ),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadQuestion, match="line 2, is no question"):
        load_questions(write(tmp_path, {"id": 1, "question": "q", "answerable": True}, line))


def test_an_id_used_twice_and_a_file_without_questions_are_refused(tmp_path: Path) -> None:
    line = {"id": 1, "question": "q", "answerable": True}
    with pytest.raises(BadQuestion, match="the id '1' is there already"):
        load_questions(write(tmp_path, line, line))
    with pytest.raises(BadQuestion, match="holds no question"):
        load_questions(write(tmp_path))
    (tmp_path / "questions.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(BadQuestion, match="not UTF-8"):
        load_questions(tmp_path / "questions.jsonl")


def test_a_page_that_cannot_be_written_is_told_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, {"id": 1, "question": "q", "answerable": True})
    assert main([str(file), "--html", str(tmp_path / "none" / "page.html")]) == 2
    assert "folder does not exist" in capsys.readouterr().err


@pytest.mark.model
def test_a_known_answer_that_no_article_holds_is_told(
    seeds_index_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = load_questions(PROJECT / "benchmarks" / "questions.jsonl")
    assert not list(not_held(ours, open_index(seeds_index_dir)))
    held = next(known for known in ours[0].known)
    answers = [{"article": held.article, "quote": held.quote.upper()}, {"article": held.article, "quote": "no such words"},
               {"article": "none.md", "quote": held.quote}, "words that any article may hold"]  # fmt: skip
    file = write(seeds_index_dir.parent, {"id": "q7", "question": ours[0].text, "answerable": True, "answers": answers})
    assert main([str(file), "--index", str(seeds_index_dir)]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith(("q7", "2 known"))]
    assert [line.partition("“")[2] for line in told] == ["no such words”", f"{held.quote[:MOST_SHOWN]}”", ""]


def test_thumbs_become_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, refused = replace(answer(0.9, "gold", "more"), question="Who?"), replace(answer(0.2), question="Why?")
    history: list[Turn] = ["When?", ("Where?", "“There” [1]")]
    thumbs = [Thumb(history, replace(given, id="1"), True), Thumb(history, replace(refused, id="2"), True, "right"),
              Thumb((), replace(refused, id="3"), False), Thumb((), replace(given, id="4"), False, "wrong\nyear")]  # fmt: skip
    lines = [question_line(each) for each in thumbs]
    up, right_refusal, missed = load_questions(write(tmp_path, *lines))
    assert (up.answerable, up.text, up.kind, up.history) == (
        True,
        "Who?",
        "thumb_up",
        ("When?", ("Where?", "“There” [1]")),
    )
    assert up.known == (Known("gold", "a.md"), Known("more", "a.md"))
    assert (right_refusal.answerable, right_refusal.known) == (False, ())
    assert (missed.answerable, missed.known, missed.kind) == (True, (), "thumb_down")
    turned_down = json.loads(lines[3])
    assert turned_down["answerable"] is None and turned_down["answers"] == [] and turned_down["word"] == "wrong\nyear"
    assert turned_down["rejected"][0] == {"article": "a.md", "quote": "gold"}
    assert "1 questions are left out" in capsys.readouterr().err
