"""A line goes in; the names, the paper and the date that it signs with come out, "" where it is something else."""

from __future__ import annotations

import re

from index.reading.datestamp import MONTH, YEARLESS, iso_date
from index.reading.names import BY, NAME, OWN_LINE, PAPER, WORD, names_in, written_names

LINE_LENGTH = 200  # characters of a byline with its date
# Parts of a line: "By Jane Doe | 12 May 2020", "12 May 2020 - Jane Doe".
# "By Jane Doe, field coordinator. 12 May 2020", "The Coast News, 12 May 2020. By Jane Doe."
BETWEEN = re.compile(
    r"\s*[|·•♦—–\n]\s*|\s+-\s+|[,;(]?\s*\b(?=(?:last )?(?:updated|modified)\b)"
    rf"|(?<!\b\w)(?<!\b\w\w)(?<!\b\w\w\w)(?<!\bsept)\.\s+(?=published\b|posted\b|\d{{1,2}}\s|(?:{MONTH})\b|by\s|the\s)"
    rf"|(?<=\d\d\d\d)\.\s+(?=by\s)",
    re.IGNORECASE,
)
DATE_THEN_BYLINE = re.compile(r"(.{6,40}?),? +(by .+)", re.IGNORECASE)
# Behind a name in a byline: "Chief Reporter", "staff writer", "The Coast News".
EMPLOYED = re.compile(
    rf"(?:[Tt]he )?{WORD}(?: (?:{WORD}|of|the|for|at|in|and|&)){{0,5}}"
    r"|(?:[\w-]+ ){0,3}(?:reporter|correspondent|writer|editor|analyst|columnist|fellow|director|manager"
    r"|secretary|chair|coordinator|advis[eo]r|researcher|scientist|historian|economist|lecturer|professor|officer)"
)
# What a line or a text with a day may begin with, where it is no place: "On 4 July 1976", "Photo, 12 May 2020".
NO_PLACE = (
    r"(?!(?:On|In|At|By|Since|Until|Before|After|From|The|Born|Died|Photos?|Pictures?|Images?"
    r"|Archives?|Source|Updated)\b)"
)
PLACE = re.compile(rf"{NO_PLACE}{WORD}(?: {WORD}){{0,2}}(?:, {WORD})?")
DATELINE = re.compile(
    rf"{NO_PLACE}{WORD}(?: {WORD}){{0,3}}(?:, {WORD})?, ([^–—(),-]{{4,30}}(?:, ?\d{{4}})?) ?(?:[–—]|-{{1,2}}) "
)
FOR = re.compile(r",\s+|\s+for\s+(?=[Tt]he )")  # before the paper in a byline
SEVERAL_NAMES = re.compile(rf"{NAME}(?:, {NAME})*,? (?:and|&) {NAME}")


def is_byline_or_date(line: str) -> bool:
    """Tell whether a line is nothing but a byline, a date, or both."""
    return len(line) <= LINE_LENGTH and bool(signed(line) or dated(line) or placed(line))


def signed(line: str) -> str:
    """The names of those who signed, in a line or a part of it."""
    for part in _parts(line):
        if BY.match(part) and (names := _names_of(part)):
            return written_names(names)
    return ""


def _names_of(byline: str) -> list[str]:
    """The names of a byline, also before what they are or work for: "By Jane Doe, Chief Reporter, The Coast News"."""
    parts = [each for each in re.split(r",\s+", _split_date(byline)[0]) if not YEARLESS.fullmatch(each)]
    if not parts:  # the line is no more than a day
        return []
    first, *behind = parts
    is_signed = BY.match(byline) and behind and all(EMPLOYED.fullmatch(each) for each in behind)
    return names_in(byline) or (names_in(first) if is_signed else [])


def paper_of(line: str) -> str:
    """The paper in a line that is nothing but a byline, a date, or both; "" where none is."""
    if not is_byline_or_date(line):
        return ""
    parts = [each for part in _parts(line) for each in FOR.split(_split_date(part)[0])]
    is_known = PAPER.fullmatch if signed(line) else is_paper
    return next((each for each in parts if is_known(each)), "")


def is_paper(line: str) -> bool:
    """Whether a line, or a part of it that nobody signs, is the name of a paper and hardly that of a section."""
    return bool(PAPER.fullmatch(line) and OWN_LINE.match(line))


def several_names(line: str) -> str:
    """Two names or more that fill a line without the word "by"."""
    return written_names(names_in(line)) if SEVERAL_NAMES.fullmatch(line) else ""


def dated(line: str) -> str:
    """The date of a line that is nothing but a date, or a byline and a date."""
    parts = _parts(line)
    dates = [date for part in parts if (date := iso_date(part) or _date_behind(part))]
    others = [each for each in parts if not (iso_date(each) or _date_behind(each) or _is_of_head(each))]
    is_head = not others or (signed(line) and all(map(PAPER.fullmatch, others)))
    return dates[0] if dates and is_head else ""


def _parts(line: str) -> list[str]:
    parts: list[str] = []
    for part in BETWEEN.split(line):
        match = DATE_THEN_BYLINE.fullmatch(part.strip(" ,"))
        parts += [match[1], match[2]] if match and iso_date(match[1]) else [part.strip(" ,")]
    return [re.sub(r"(?<=\w{3})\.$", "", part) for part in parts if part]


def _is_of_head(part: str) -> bool:
    updated = re.match(r"(?:last )?(?:updated|modified)\b", part, re.IGNORECASE)
    return bool(updated or _names_of(part) or is_paper(part)) or not any(char.isalpha() for char in part)


def _date_behind(text: str) -> str:
    """The date behind a byline or a paper: "By Jane Doe, 12 May 2020", "The Coast News, 12 May 2020"; else ""."""
    before, date = _split_date(text)
    return date if _names_of(before) or is_paper(before) else ""


def placed(line: str) -> str:
    """The date behind a place that fill a line, as letters have them: "Port Ellen, 12 May 2020"; else ""."""
    before, date = _split_date(line)
    return date if PLACE.fullmatch(before) and line.startswith(f"{before},") else ""


def dateline(text: str) -> str:
    """The date before the first words of a text: "PORT ELLEN, 12 May 2020 – The ferry …"; "" where there is none."""
    match = DATELINE.match(text)
    return iso_date(match[1]) if match else ""


def _split_date(text: str) -> tuple[str, str]:
    """What stands before a date that ends a line, and the date; all and "" where none does."""
    words = text.split()
    for count in (3, 4, 1):
        if date := iso_date(" ".join(words[-count:])):
            return " ".join(words[:-count]).strip(" ,"), date
    return text, ""
