"""Questions about days that they count from an event, against articles that were written with a calendar."""

from __future__ import annotations

import pytest

from index import Index, build_index, open_index
from qa import ask
from qa.anchoring import with_days
from qa.query.conversation import standing_alone
from qa.retrieval import make_filters

pytestmark = pytest.mark.model

DAM = """---
title: The dam of Orsk Lake
published: 2014-06-20
---

The old dam of Orsk Lake burst on 3 June 2014 after a night of rain.

On 3 June the water reached the first houses of the town of Lerum. The next day the army brought boats and took four
hundred people from their roofs. A week later the school opened again in tents.

On Tuesday the council voted to build a new dam of concrete.
"""
REPORT = """---
title: A year of floods
published: 2014-12-30
---

In May 2014 the inspector of dams had asked for new gates at Orsk Lake. On 21 December 2014 the mayor of Lerum resigned.
On 28 December 2014 the province paid the first farmers for their drowned cattle. In January 2014 the province had cut
the budget for dams.
"""


@pytest.fixture(scope="module")
def floods(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("floods")
    (folder / "a").mkdir()
    (folder / "a" / "dam.md").write_text(DAM)
    (folder / "a" / "report.md").write_text(REPORT)
    build_index(folder / "a", folder / "i")
    return open_index(folder / "i")


def dated(question: str, index: Index, *, as_typed: bool = False) -> tuple[str, list[tuple[str, str]]]:
    query = with_days(standing_alone(question), index, as_typed=as_typed)
    return query.text, [(str(each.first), str(each.last)) for each in query.days]


def test_days_are_counted_from_when_the_articles_say_that_it_happened(floods: Index) -> None:
    question = "What did the army do the day after the dam burst?"
    assert dated(question, floods) == (f"{question} (4 June 2014)", [("2014-06-04", "2014-06-04")])
    assert dated(question, floods, as_typed=True) == (question, [])
    assert dated("What happened before the dam burst?", floods)[1] == [("0001-01-01", "2014-06-03")]
    assert dated("What happened before 2014?", floods)[1] == [("0001-01-01", "2013-12-31")]
    assert dated("What happened after May 2014?", floods)[1] == [("2014-06-01", "9999-12-31")]
    assert dated("What happened since May 2014?", floods)[1] == [("2014-05-01", "9999-12-31")]
    assert dated("What happened after 2013?", floods)[1] == [("2014-01-01", "9999-12-31")]
    assert dated("What happened two weeks after 3 June 2014?", floods)[1] == [("2014-06-16", "2014-06-18")]
    assert dated("What happened nine days after the dam burst?", floods)[1] == [("2014-06-12", "2014-06-12")]
    assert dated("What happened twenty-one days after 3 June 2014?", floods)[1] == [("2014-06-24", "2014-06-24")]


def test_only_what_passes_the_filters_tells_when_an_event_was(floods: Index) -> None:
    question = "What did the army do the day after the dam burst?"
    query = standing_alone(question)
    assert with_days(query, floods, make_filters("", "", "dam")).days
    assert not with_days(query, floods, make_filters("2031", "", "")).days
    answer = ask(question, index=floods)
    assert (answer.coverage, answer.missing) == ("full", ())  # of the day that was added, nothing is missing


def test_an_event_that_no_article_dates_is_left_alone(floods: Index) -> None:
    question = "What happened the day after the Norwegian election?"
    assert dated(question, floods) == (question, [])


def test_a_part_of_a_year_is_searched_for_by_its_month(floods: Index) -> None:
    question = "What was paid in the last week of 2014?"
    assert dated(question, floods) == (f"{question} (December 2014)", [("2014-12-25", "2014-12-31")])
    assert dated("What was asked in May 2014?", floods)[0] == "What was asked in May 2014?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What happened in Lerum the day after the dam burst?", "army brought boats"),
        ("What happened in the last week of 2014?", "paid the first farmers"),
        ("What did the council decide on 17 June 2014?", "voted to build a new dam"),
    ],
)
def test_the_answer_is_of_the_day_that_was_asked_for(floods: Index, question: str, expected: str) -> None:
    answer = ask(question, index=floods)
    assert answer.found and expected in answer.citations[0].quote
