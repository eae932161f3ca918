"""A table goes in; a line for each of its rows comes out, each cell behind the name of its column.

"Year: 2019; Seeds planted: 200,000": a figure alone, cut off from what it counts, could neither be found nor quoted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

LONGEST_CELL = 200  # characters; tables of longer ones lay out a page
LONGEST_CAPTION = 100  # characters; a longer one is no name
FEWEST_COLUMNS = 2
APART = ("p", "div", "li", "br")  # elements between whose words there is a space


def row_line(heads: Sequence[str], cells: Sequence[str]) -> str:
    """One row as a line; what has no head stands alone, and what is empty is left out."""
    named = [f"{head.rstrip(':')}: {cell}" if head else cell for head, cell in zip(heads, cells, strict=True) if cell]
    return "; ".join(named)


def told_rows(table: Any, may_lay_out: bool = True) -> list[str]:  # noqa: ANN401 - lxml has no types
    """The rows of a table of HTML; none where it has no heads, or its cells are no mere values but links or texts.

    Tables that may not lay out a page, those of a Word file, are told without marked heads too.
    """
    if table.find(".//{*}table") is not None or table.xpath(".//@rowspan | .//@colspan | .//*[local-name()='a']"):
        return []
    rows = [list(row.iterchildren("{*}td", "{*}th")) for row in table.iter("{*}tr")]
    cells = [[_text(cell) for cell in row] for row in rows]
    has_heads = bool(rows) and all(cell.tag.rpartition("}")[2] == "th" for cell in rows[0])
    if len(rows) < 2 or (may_lay_out and not has_heads):
        return []
    is_even = len({len(each) for each in cells}) == 1 and len(cells[0]) >= FEWEST_COLUMNS
    if not is_even or any(len(cell) > LONGEST_CELL for each in cells for cell in each):
        return []
    above = _caption(table)
    if has_heads or _is_bold(rows[0]) or _names_columns(cells):
        return [above + line for each in cells[1:] if (line := row_line(cells[0], each))]
    return [above + line for each in cells if (line := row_line([""] * len(each), each))]


def _caption(table: Any) -> str:  # noqa: ANN401
    """What stands before every row: the table's caption, which may tell the unit of its figures."""
    caption = table.find("{*}caption")
    text = "" if caption is None else _text(caption).rstrip(" .:")
    return f"{text}: " if text and len(text) <= LONGEST_CAPTION else ""


def _text(element: Any) -> str:  # noqa: ANN401
    """All words of an element, those of its blocks apart."""
    parts: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        parts.append(" " * (str(each.tag).rpartition("}")[2] in APART))
        parts.append((each.text if event == "start" else each.tail if each is not element else "") or "")
    return " ".join("".join(parts).split())


def _is_bold(row: list[Any]) -> bool:
    """Whether every cell is bold as a whole."""
    return all(_text(cell) == " ".join(map(_text, cell.iter("{*}strong"))) != "" for cell in row)


def _names_columns(cells: list[list[str]]) -> bool:
    """Whether the first row has no digits, and a column below it has them everywhere: then that row is its heads."""
    first, *others = cells
    is_figures = [all(any(map(str.isdigit, each[column])) for each in others) for column in range(len(first))]
    return any(is_figures) and all(first) and not any(char.isdigit() for cell in first for char in cell)
