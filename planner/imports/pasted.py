"""A text that was copied from a spreadsheet, as rows of cells for a table that one types into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from planner.errors import PlannerError
from planner.imports import reading
from planner.imports.columns import Field, plain, spelled

Row = dict[str, str]


class TooWide(PlannerError):
    """Without headings the cells go from left to right, and nobody knows what the others are."""

    def __init__(self, cells: int, columns: int):
        sentence = _l(
            "Your rows have %(cells)s columns, this table has %(columns)s. Copy the headings as well, or only the "
            "columns that are here.",
            cells=cells,
            columns=columns,
        )
        super().__init__(sentence, field="pasted")


@dataclass(frozen=True)
class Pasted:
    """The rows by the columns' keys, and the headings of columns for which the table has no place."""

    rows: list[Row]
    left_out: list[str]


def read(text: str, fields: Sequence[Field], shown: Sequence[str]) -> Pasted:
    """`fields` are the columns that a heading may name, `shown` those of the table from left to right.

    Raises Unreadable, Busy, TooWide; the reader takes its time, so nobody should wait for the caller.
    """
    found = reading.read(text.encode(), "utf-8").tables[0].rows
    lines = [cells for _line, cells in found]
    headings = headed(lines[0], fields)
    if headings:
        left_out = [cell for at, cell in enumerate(lines[0]) if cell and at not in headings]
        return Pasted([_row(cells, headings) for cells in lines[1:]], left_out)
    width = max(max((at for at, cell in enumerate(cells, start=1) if cell), default=0) for cells in lines)
    if width > len(shown):
        raise TooWide(width, len(shown))
    return Pasted([_row(cells, dict(enumerate(shown))) for cells in lines], [])


def headed(cells: Sequence[str], fields: Sequence[Field]) -> dict[int, str]:
    """Which column each cell names, where these are headings: two of them, or all that there are.

    Only whole headings count: "Room 7" is a room, and a first row that is taken for headings would be lost.
    """
    names = {plain(name): each.key for each in spelled(fields) for name in each.names}
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        key = names.get(plain(cell)) if cell else None
        if key and key not in found.values():
            found[at] = key
    return found if len(found) > 1 or len(found) == sum(map(bool, cells)) else {}


def _row(cells: Sequence[str], columns: Mapping[int, str]) -> Row:
    return {key: cells[at] for at, key in columns.items() if at < len(cells)}
