"""Splitting, against the text itself: spans are exact, passages are whole sentences within the budget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Span
from index.split import PASSAGE_TOKENS, sentences, split


def count(texts: list[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def test_sentences_are_cut_at_their_ends_and_not_at_abbreviations() -> None:
    text = "Mr. Lind paid $3.5 million. “Why?” she asked. The U.S. envoy left 🙂 early."
    found = [text[span.start : span.end] for span in sentences(text)]
    assert found == ["Mr. Lind paid $3.5 million.", "“Why?” she asked.", "The U.S. envoy left 🙂 early."]


def test_shortened_first_names_end_no_sentence() -> None:
    text = "A constable, Wm. Tate, lost the sight of one eye. It was approx. 30 feet high."
    assert [text[each.start : each.end] for each in sentences(text)] == [
        "A constable, Wm. Tate, lost the sight of one eye.",
        "It was approx. 30 feet high.",
    ]


def test_a_passage_never_runs_across_a_heading() -> None:
    text = "One here. Two here.\n\nA heading\n\nThree here."
    article = Article("a", text, headings=(Span(21, 30),))
    assert [passage.text for passage in split(article, count)] == ["One here. Two here.", "Three here."]
    assert split(article, count)[1].heading == "A heading"


def test_asides_have_passages_but_no_sentence_to_quote() -> None:
    text = "Text to quote.\n\nSmith (2016). Paper."
    article = Article("a", text, asides=(Span(16, 36),))
    body, aside = split(article, count)
    assert [text[span.start : span.end] for span in body.sentences] == ["Text to quote."]
    assert (aside.text, aside.sentences) == ("Smith (2016). Paper.", ())


def test_passages_keep_to_the_budget_and_lose_nothing() -> None:
    text = "\n\n".join(" ".join(f"Word{n} number {i} stands here." for i in range(40)) for n in range(9))
    passages = split(Article("a", text), count)
    assert all(sum(count([passage.text])) <= PASSAGE_TOKENS for passage in passages)
    assert " ".join(passage.text for passage in passages).split() == text.split()


def test_a_sentence_longer_than_a_passage_is_cut_at_white_space() -> None:
    text = "word " * (PASSAGE_TOKENS * 3) + "end"
    pieces = [text[span.start : span.end] for passage in split(Article("a", text), count) for span in passage.sentences]
    assert " ".join(pieces).split() == text.split()
    assert max(count(pieces)) <= PASSAGE_TOKENS


def test_one_endless_word_is_cut() -> None:
    text = "x" * 100_000
    passages = split(Article("a", text), lambda texts: [len(each) // 4 for each in texts])
    assert "".join(passage.text for passage in passages) == text
    assert len(passages) > 100


@given(
    st.lists(
        st.text(alphabet=st.characters(blacklist_characters="\n\r", blacklist_categories=("Cs", "Cc", "Zl", "Zp"))),
        max_size=6,
    )
)
def test_spans_are_exact_for_any_text(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())
    last = 0
    for passage in split(Article("a", text), count):
        for span in passage.sentences:
            assert last <= span.start < span.end
            assert passage.start <= span.start and span.end <= passage.end
            assert text[span.start : span.end] == text[span.start : span.end].strip() != ""
            last = span.end
