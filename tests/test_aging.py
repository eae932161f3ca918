"""Earlier answers told after the articles have changed: no link marks other words than those that were quoted."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from index import build_index, open_index
from qa import ask
from qa.aging import CHANGED, GONE, MOVED, aging
from qa.answer import Answer
from qa.recall import Recalled, recall
from qa.render import as_json
from qa.web.cards import evidence

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
    ("now", "note", "marked"),
    [
        (TOLD, None, FERRY),
        (TOLD.replace("\n\n", "\n\nA storm is coming. ", 1), MOVED, FERRY),
        (TOLD.replace("ninety", "eighty"), CHANGED, None),
        (None, GONE, None),
    ],
)
def test_an_old_card_leads_to_the_same_words_or_says_why_not(
    tmp_path: Path, now: str | None, note: str | None, marked: str | None
) -> None:
    answer = written(tmp_path, TOLD)
    assert answer.citations[0].quote == FERRY
    file = tmp_path / "articles" / "ferry.md"
    if now is None:
        file.unlink()
    else:
        file.write_text(now)
    (tmp_path / "articles" / "another.md").write_text("# Another\n\nThis article makes a new generation.\n")
    build_index(file.parent, tmp_path / "index")
    index = open_index(tmp_path / "index")
    for told in (recall(as_json(answer)), _refused(answer)):
        card = evidence(told, aging(lambda: index)).partition("</article>")[0]
        assert FERRY in card and [each for each in (GONE, CHANGED, MOVED) if each in card] == [note][: bool(note)]
        place = re.search(r"/article/ferry\.md\?from=(\d+)&amp;to=(\d+)", card)
        assert bool(place) == bool(marked)
        if place:
            assert FERRY in index.article("ferry.md").text[int(place[1]) : int(place[2])]


def _refused(answer: Answer) -> Recalled:
    """The same passages, shown as the nearest of a refusal."""
    return recall(as_json(replace(answer, found=False, coverage="none", citations=())))
