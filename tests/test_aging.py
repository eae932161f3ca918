"""Earlier answers told after the articles have changed: no link marks other words than those that were quoted."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from index import build_index, open_index
from index.article import Article
from index.filters import Filters
from index.reading.read import read_article
from qa import ask
from qa.answer import Answer
from qa.conversations.aging import CHANGED, GONE, MOVED, RENAMED, aging
from qa.conversations.kept import KeptTurn
from qa.conversations.recall import Recalled, recall
from qa.render import as_json
from qa.web import turns
from qa.web.articles import CHANGED as CHANGED_LINK
from qa.web.articles import MOVED as MOVED_LINK
from qa.web.articles import reading_view
from qa.web.cards import evidence
from qa.web.wording import fingerprint

pytestmark = pytest.mark.model
FERRY = "The zembla ferry carries ninety goats to Norvik harbour on each market day."
TOLD = f"# The ferry\n\n{FERRY} Its captain is a former baker.\n"


def written(folder: Path, text: str) -> Answer:
    (folder / "articles").mkdir()
    (folder / "articles" / "ferry.md").write_text(text)
    (folder / "articles" / "mill.md").write_text("# The mill\n\nThe mill grinds rye for nobody in particular.\n")
    build_index(folder / "articles", folder / "index")
    return ask("How many goats does the zembla ferry carry?", index=open_index(folder / "index"))


@pytest.mark.parametrize(
    ("now", "note", "is_marked"),
    [
        (TOLD, None, True),
        (TOLD.replace("\n\n", "\n\nA storm is coming. ", 1), MOVED, True),
        (TOLD.replace("ninety", "eighty"), CHANGED, False),
        (None, GONE, False),
    ],
)
@pytest.mark.parametrize("is_made_anew", [False, True])
def test_an_old_card_leads_to_the_same_words_or_says_why_not(
    tmp_path: Path, now: str | None, note: str | None, is_marked: bool, is_made_anew: bool
) -> None:
    answer = written(tmp_path, TOLD)
    assert answer.citations[0].quote == FERRY
    file = tmp_path / "articles" / "ferry.md"
    if now is None:
        file.unlink()
    else:
        file.write_text(now)
    if is_made_anew:  # generations are counted from the beginning
        shutil.rmtree(tmp_path / "index")
    (tmp_path / "articles" / "another.md").write_text("# Another\n\nThis article makes a new generation.\n")
    build_index(file.parent, tmp_path / "index")
    index = open_index(tmp_path / "index")
    for told in (recall(as_json(answer)), _refused(answer)):
        card = evidence(told, aging(lambda: index)).partition("</article>")[0]
        assert FERRY in card and [each for each in (GONE, CHANGED, MOVED) if each in card] == [note][: bool(note)]
        place = re.search(r"/article/ferry\.md\?from=(\d+)&amp;to=(\d+)", card)
        assert bool(place) == is_marked
        if place:
            assert FERRY in index.article("ferry.md").text[int(place[1]) : int(place[2])]


def test_a_renamed_article_is_followed_by_its_text_and_the_conversation_says_so(tmp_path: Path) -> None:
    answer = written(tmp_path, TOLD)
    (tmp_path / "articles" / "ferry.md").rename(tmp_path / "articles" / "boat.md")
    build_index(tmp_path / "articles", tmp_path / "index")
    index = open_index(tmp_path / "index")
    turn = KeptTurn("t", answer.question, False, Filters(), "", as_json(answer))
    [shown] = turns.shown([turn], aging(lambda: index))
    assert "/article/boat.md?from=" in shown.evidence and "ferry.md?" not in shown.evidence
    assert f"[1]: {RENAMED} boat.md." in shown.message and f"[1]: {RENAMED} boat.md." in shown.copy


@pytest.mark.parametrize(
    ("now", "status", "marked"),
    [
        (TOLD, "", FERRY),
        (f"# The ferry\n\nA storm. {FERRY}\n", MOVED_LINK, FERRY),
        ("# It\n\nGone.\n", CHANGED_LINK, ""),
    ],
)
def test_an_old_link_marks_the_same_words_or_none(now: str, status: str, marked: str) -> None:
    article, old = read_article("ferry.md", now.encode()), read_article("ferry.md", TOLD.encode()).text
    start = old.index(FERRY)
    library = Shelf(article)
    page = bytes(
        reading_view(lambda: library, "ferry.md", str(start), str(start + len(FERRY)), (), fingerprint(FERRY)).body
    ).decode()
    assert re.findall(r"<mark[^>]*>(.*?)</mark>", page) == ([marked] if marked else [])
    assert [each for each in (MOVED_LINK, CHANGED_LINK) if each in page] == ([status] if status else [])


@dataclass(frozen=True)
class Shelf:
    """A library of one article."""

    only: Article

    def article(self, id: str) -> Article:
        return self.only

    def is_stale(self, id: str) -> bool:
        return False

    def original(self, id: str) -> bytes | None:
        return b""


def _refused(answer: Answer) -> Recalled:
    """The same passages, shown as the nearest of a refusal."""
    return recall(as_json(replace(answer, found=False, coverage="none", citations=())))
