"""A table goes in; a line for each of its rows comes out, each cell behind the name of its column.

"Year: 2019; Seeds planted: 200,000": a figure alone, cut off from what it counts, could neither be found nor quoted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LONGEST_CELL = 200  # characters; tables of longer ones lay out a page
FEWEST_COLUMNS = 2


def row_line(heads: Sequence[str], cells: Sequence[str]) -> str:
    """One row as a line; what has no head stands alone, and what is empty is left out."""
    named = [f"{head.rstrip(':')}: {cell}" if head else cell for head, cell in zip(heads, cells, strict=True) if cell]
    return "; ".join(named)


def told_rows(table: Any) -> list[str]:  # noqa: ANN401 - lxml has no types
    """The rows of a table of HTML; none where it has no heads, or its cells are no mere values but links or texts."""
    if table.find(".//{*}table") is not None or table.xpath(".//@rowspan | .//@colspan | .//*[local-name()='a']"):
        return []
    rows = [list(row.iterchildren("{*}td", "{*}th")) for row in table.iter("{*}tr")]
    cells = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]
    if len(rows) < 2 or any(cell.tag.rpartition("}")[2] != "th" for cell in rows[0]):
        return []
    is_even = len({len(each) for each in cells}) == 1 and len(cells[0]) >= FEWEST_COLUMNS
    if not is_even or any(len(cell) > LONGEST_CELL for each in cells for cell in each):
        return []
    return [line for each in cells[1:] if (line := row_line(cells[0], each))]
