"""What an abbreviation stands for, in sentences written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import build_index, open_index
from qa import ask
from qa.evidence.abbreviations import asked_for, is_told


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What does ISSG stand for?", "ISSG"), ("what does the abbreviation OPCW mean", "OPCW"),
        ("What is NUPI short for?", "NUPI"), ("full name of the PKK", "PKK"), ("What does U.N. stand for?", "U.N."),
        ("What does the minister stand for?", ""), ("What does Kerry mean?", ""), ("What does ISSG do?", ""),
        ("What does the ISSG mean for Aleppo?", ""), ("What is the “ISSG” short for?", "ISSG"),
        ("what GDP stands for", "GDP"), ("What does SDF stand for in Syria?", "SDF"),
    ],
)  # fmt: skip
def test_what_is_asked(question: str, short: str) -> None:
    assert asked_for(question) == short


@pytest.mark.parametrize(
    ("short", "sentence", "told"),
    [
        ("ISSG", "The International Syria Support Group met in Vienna.", True),
        ("ISSG", "The ISSG met in Vienna.", False),
        ("OPCW", "The Organisation for the Prohibition of Chemical Weapons came.", True),
        ("SPD", "The Social Democrats (SPD) lost.", True),
        ("PKK", "The PKK (Kurdistan Workers' Party) fought on.", True),
        ("U.N.", "The United Nations met.", True),
        ("GDP", "The gross domestic product (GDP) fell.", True),
        ("YPG", "YPG stands for People's Protection Units.", True),
        ("FARC", "The Revolutionary Armed Forces of Colombia, or FARC, signed.", True),
        ("PYD", "The Democratic Union Party (Kurdish: PYD) agreed.", True),
        ("UNESCO", "The United Nations Educational, Scientific and Cultural Organization warned.", True),
        ("GDP", "In the spring the GDP fell.", False),
        ("IS", "He is so sure.", False),
        ("EU", "The Eurozone united.", False),
    ],
)
def test_what_is_told(short: str, sentence: str, told: bool) -> None:
    assert is_told(short, sentence) == told


@pytest.mark.model
def test_an_abbreviation_that_no_article_spells_is_refused(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    text = (
        "# Rivers\n\nThe Lower Ems Water Board (LEWB) met on Monday. The LEWB fined the KTG for polluting the river.\n"
    )
    (articles / "a.md").write_text(text, encoding="utf-8")
    build_index(articles, tmp_path / "i")
    index = open_index(tmp_path / "i")
    told = ask("What does LEWB stand for?", index=index)
    assert told.found and "Lower Ems Water Board" in told.citations[0].quote
    assert not ask("What does KTG stand for?", index=index).found
