"""Days named in texts, against a calendar read by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.article import Article, Passage, Span
from qa.evidence.timing import UNDATED, days_in_force, days_told, other_date
from qa.query.conversation import standing_alone
from qa.query.dates import Days, apart, days_in, days_of
from qa.query.need import need_of

PUBLISHED = "2016-09-22"  # a Thursday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on 19 September 2016", "2016-09-19", "2016-09-19"),
        ("on September 19th, 2016", "2016-09-19", "2016-09-19"),
        ("on Sept. 19, 2016", "2016-09-19", "2016-09-19"),
        ("on the 3rd of May 2016", "2016-05-03", "2016-05-03"),
        ("dated 2016-09-19", "2016-09-19", "2016-09-19"),
        ("in September 2016", "2016-09-01", "2016-09-30"),
        ("in February 2016", "2016-02-01", "2016-02-29"),
        ("in 2015", "2015-01-01", "2015-12-31"),
        ("in the spring of 2016", "2016-03-01", "2016-05-31"),
        ("in autumn 2015", "2015-09-01", "2015-11-30"),
        ("in winter 2015", "2015-12-01", "2016-02-29"),
        ("in early September 2016", "2016-09-01", "2016-09-11"),
        ("in late 2015", "2015-09-01", "2015-12-31"),
        ("in the last week of 2016", "2016-12-25", "2016-12-31"),
        ("in last week of 2016", "2016-12-25", "2016-12-31"),
        ("in the final week of 2016", "2016-12-25", "2016-12-31"),
        ("at end of 2015", "2015-09-01", "2015-12-31"),
        ("in the first week of September 2016", "2016-09-01", "2016-09-07"),
        ("at the end of 2015", "2015-09-01", "2015-12-31"),
        ("in September", "2016-09-01", "2016-09-30"),
        ("in November", "2015-11-01", "2015-11-30"),
        ("on 19 September", "2016-09-19", "2016-09-19"),
        ("it fell yesterday", "2016-09-21", "2016-09-21"),
        ("it fell today", "2016-09-22", "2016-09-22"),
        ("it fell on Monday", "2016-09-19", "2016-09-19"),
        ("it fell on Thursday", "2016-09-22", "2016-09-22"),
        ("it fell last Friday", "2016-09-16", "2016-09-16"),
        ("last week", "2016-09-12", "2016-09-18"),
        ("last month", "2016-08-01", "2016-08-31"),
        ("last year", "2015-01-01", "2015-12-31"),
        ("three days ago", "2016-09-19", "2016-09-19"),
        ("twelve days ago", "2016-09-10", "2016-09-10"),
        ("two weeks ago", "2016-09-07", "2016-09-09"),
    ],
)
def test_the_days_that_a_text_names(text: str, first: str, last: str) -> None:
    assert days_in(f"The bridge {text}, they say.", PUBLISHED) == (
        Days(date.fromisoformat(first), date.fromisoformat(last)),
    )


@pytest.mark.parametrize(
    "text",
    ["it may rain", "room 20161", "30 February 2016", "on Monday", "yesterday", "in September", "three days ago",
     "the next day", "they march on"],
)  # fmt: skip
def test_what_names_no_day_or_none_that_can_be_known(text: str) -> None:
    assert days_in(text) == ()


def test_later_sentences_count_from_the_date_before_them() -> None:
    told = days_of(
        [
            "The truce began on 12 September 2016.",
            "It was broken on 17 September.",
            "The next day the council met.",
            "Two days later a convoy burned.",
            "Nobody was found guilty.",
            "A week earlier all had been calm.",
        ]
    )
    days = [[(each.first.day, each.last.day) for each in sentence] for sentence in told]
    assert days == [[(12, 12)], [(17, 17)], [(18, 18)], [(20, 20)], [], [(12, 14)]]


def test_the_day_before_and_after_count_from_the_date_before_them() -> None:
    told = days_of(
        ["It was broken on 17 September 2016.", "The day before, guns were moved.", "The day after that, too."]
    )
    assert [[each.first.day for each in sentence] for sentence in told] == [[17], [16], [17]]


def test_texts_are_apart_only_where_both_name_days() -> None:
    september, nineteenth, may = (days_in(text) for text in ("September 2016", "19 September 2016", "May 2016"))
    assert apart(september, may) and not apart(september, nineteenth)
    assert not apart(september, ()) and not apart((), may)
    assert not apart(september, (*may, *nineteenth))


@pytest.mark.parametrize(
    ("question", "sentence", "is_other"),
    [
        ("What happened after the strike?", "The day before the strike the gate was painted.", True),
        ("What has been built since the strikes?", "Before the strike there had been a mill.", True),
        ("What happened before the strike?", "After the strike the mill was sold.", True),
        ("What happened after the strike?", "Before the sale and after the strike the mill stood still.", False),
        ("What happened after the strike?", "Shortly after the strike the mill was sold.", False),
        ("What happened after the strike?", "Before the war the mill was sold.", False),
        ("What did the strike cost?", "Before the strike the mill made a profit.", False),
    ],
)
def test_what_came_before_an_event_did_not_come_after_it(question: str, sentence: str, is_other: bool) -> None:
    article = Article("a.txt", sentence)
    assert other_date(standing_alone(question), need_of(question), article, sentence, ()) == int(is_other)


def test_a_sentence_of_no_day_is_of_the_one_named_before_it_where_a_day_was_counted() -> None:
    text = "In May it rained. On 3 June 2014 the dam burst. The army brought boats. On 9 June 2014 the school opened. It sang."
    ends = [text.index(". ", start) + 1 for start in (0, 18, 48, 72)] + [len(text)]
    spans = [Span(start + (start > 0), end) for start, end in zip([0, *ends], ends, strict=False)]
    passage = Passage(Article("a.txt", text), 0, len(text), tuple(spans))
    third = days_in("3 June 2014")
    query = replace(standing_alone("What was done on the day?"), days=third, is_anchored=True)
    told = days_told(passage)
    in_force = days_in_force(told)
    assert in_force[spans[2]] == third and told[spans[2]] == () == in_force[spans[0]]
    far = [
        other_date(
            query, need_of(query.known), passage.article, passage.article.words(span), told[span], in_force[span]
        )
        for span in spans
    ]
    assert far == [UNDATED, 0, 0, 1, 1]
    wide = replace(query, days=days_in("2014"))  # a year is no day
    assert other_date(wide, need_of(wide.known), passage.article, "It sang.", (), in_force[spans[4]]) == 0
