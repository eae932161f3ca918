"""Kinds of questions, dates and cues, each case written with its right reading."""

from __future__ import annotations

import pytest

from qa.query.need import cues, dates_in, disagrees, need_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("why did the truce fail?", "why"), ("What caused the collapse?", "why"), ("how many people died", "how_many"),
        ("When did the talks open?", "when"), ("Who bombed the convoy?", "who"), ("Where was the centre?", "where"),
        ("What does Gvosdev think of the statement?", "view"), ("How did Lavrov reply?", "how"), ("the convoy", "fact"),
        ("What was behind the strike?", "why"), ("On what grounds was it closed?", "why"), ("number of dead", "how_many"),
        ("What was the date when the ferry sank?", "when"), ("Who knows where the money went?", "where"),
        ("How do we know when the ferry sank?", "when"), ("What is the place where they met?", "where"),
        ("What did she say when she met him?", "fact"), ("How did they vote when he left?", "how"),
        ("When and where was it built?", "when"), ("What was it like where he lived, and when was that?", "fact"),
        ("What set off the collapse, according to Lind?", "why"),
        ("How tall is the tower?", "how_many"), ("A large number of rebels left", "fact"),
        ("When did the number of refugees peak?", "when"), ("What is the number of dead?", "how_many"),
    ],
)  # fmt: skip
def test_kinds(question: str, kind: str) -> None:
    assert need_of(question).kind == kind


@pytest.mark.parametrize(
    ("question", "is_of_failure"),
    [
        ("How did the truce come apart?", True), ("How did the peace talks collapse?", True),
        ("What killed the deal?", True), ("what finally brought down the ceasefire", True), ("What doomed the pact?", True),
        ("How did the tower collapse?", False), ("What killed the fish?", False), ("How did the truce begin?", False),
        ("What brought down the plane?", False), ("How did the talks go?", False),
        ("How did Kerry react when the truce broke down?", False), ("Why did they come through Greece?", False),
        ("How did the peace agreement end the war?", False), ("What ended up in the final deal?", False),
        ("How did envoys keep the talks from collapsing?", False), ("What killed civilians during the truce?", False),
        ("How did the truce of May between Norby and Tarn fall apart?", True), ("How were the talks derailed?", True),
    ],
)  # fmt: skip
def test_how_an_undertaking_failed_asks_why(question: str, is_of_failure: bool) -> None:
    need = need_of(question)
    assert need.of_failure == is_of_failure and (need.kind == "why") >= is_of_failure


def test_a_season_stands_for_its_months() -> None:
    assert dates_in("in the spring of 2016") == {"march", "april", "may", "2016"}
    assert disagrees(dates_in("September 2016"), dates_in("the truce of spring 2016"))
    assert not disagrees(dates_in("September 2016"), dates_in("in the autumn of 2016"))
    assert not disagrees(dates_in("September 2016"), dates_in("five days later"))
    assert disagrees(dates_in("in 2016"), dates_in("in 2015"))
    assert dates_in("he may go in march") == {"march"} and dates_in("in May") == {"may"}


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("how many died?", "The attack killed 70 people.", 1),
        ("how many died?", "On 20 September 2016 a convoy was bombed.", -1),
        ("how many died?", "The attack killed several people.", -1),
        ("how many died?", "The pit was opened in 1867.", -1),
        ("how many died?", "The attack killed seventeen of them.", 1),
        ("How much did the ministry pay?", "The ministry paid for project 2015/3469.", -1),
        ("How much did the ministry pay?", "The ministry paid 2,000 euros.", 1),
        ("How much did the ministry pay?", "The ministry paid €2bn.", 1),
        ("How tall was the dam?", "Dam No. 2 collapsed in March.", -1),
        ("How tall was the dam?", "The dam was 63 metres high.", 1),
        ("How long did it last?", "It lasted until 3 May.", 1),
        ("How long did it last?", "All 31 lasted.", -1),
        ("How much sludge escaped?", "Some 3 million cubic metres escaped.", 1),
        ("Why has the percentage of women fallen?", "It fell because many left.", 1),
        ("How much did the war cost in lives?", "It cost 400 lives.", 1),
        ("What percentage agreed?", "Of the 310 miners, 12 agreed.", -1),
        ("What percentage agreed?", "Three in ten agreed.", 1),
        ("when was it?", "It happened five days later.", 1),
        ("when was it?", "It happened near the coast.", -1),
        ("why did the truce fail?", "A convoy was bombed.", 1),
        ("why did the truce fail?", "The truce was a partial success.", -1),
        ("why did the truce fail?", "The centre was in Vienna.", 0),
        ("why did the truce fail?", "A convoy was bombed near the lake, and the truce collapsed.", 2),
        ("why did the bridge collapse?", "The bridge collapsed on Monday after three days of rain.", 1),
        ("why did the talks collapse?", "The talks collapsed on Monday after three days of rain.", 2),
        ("why did the bridge collapse?", "The bridge collapsed on Monday.", 0),
    ],
)
def test_cues(question: str, sentence: str, expected: int) -> None:
    assert cues(need_of(question), sentence) == expected


@pytest.mark.parametrize(
    "text", ["a" * 2000, "which " * 400, "what are the " * 150, "1 " * 1000, "May " * 500, "how did deal " * 150]
)
def test_no_pattern_takes_long(text: str) -> None:
    """Catastrophic patterns would hang here for minutes; the runner's patience is the limit."""
    need = need_of(text)
    cues(need, text * 10)
    dates_in(text * 10)
