"""Every citation of some answers is clicked, in both sizes, as asked, after a reload and after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.clicks import SIZES, click_through, quote_of
from index import Index
from qa.web.wording import article_address

ANSWERS = 6  # `python -m benchmarks.clicks` takes 40


@pytest.mark.model
def test_the_quote_of_a_link_is_the_text_between_its_offsets(seeds_index: Index) -> None:
    article = seeds_index.cards()[0]
    text = seeds_index.article(article.id).text
    assert quote_of(seeds_index, article_address(article.id, 5, 25)) == text[5:25]


@pytest.mark.browser
@pytest.mark.model
def test_every_citation_leads_to_its_words(tmp_path: Path) -> None:
    clicks = list(click_through(tmp_path, ANSWERS))
    assert [(each.when, each.size, each.fault, each.quote) for each in clicks if each.fault] == []
    rounds = {(each.when, each.size): 0 for each in clicks}
    for each in clicks:
        rounds[each.when, each.size] += 1
    assert len(rounds) == 3 * len(SIZES)
    assert len(set(rounds.values())) == 1 and min(rounds.values()) >= ANSWERS
