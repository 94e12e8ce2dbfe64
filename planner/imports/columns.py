"""Which column holds what: recognised by its heading, corrected by hand; a list's rows under our own names."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner import languages
from planner.imports.presets import PRESETS, Preset
from planner.imports.reading import Table

HEADING_WITHIN = 15
"""Rows in which a heading is looked for: above it stand titles, dates, logos."""
LETTERS = re.compile(r"[^\w]+|_")


@dataclass(frozen=True)
class Field:
    """One thing that a list may say. `names` are headings; `within` are words that tell it in a longer question."""

    key: str
    label: object
    names: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    many: bool = False  # several columns may say it


@dataclass(frozen=True)
class Cell:
    """What stands in one cell, and under which heading."""

    text: str
    heading: str


@dataclass(frozen=True)
class Line:
    """One row of a list: its number there, and its cells by what they say."""

    number: int
    cells: Mapping[str, list[Cell]]

    def text(self, key: str) -> str:
        return next((cell.text for cell in self.cells.get(key, ()) if cell.text), "")

    def heading(self, key: str) -> str:
        return next((cell.heading for cell in self.cells.get(key, ())), "")

    def all(self, key: str) -> list[Cell]:
        return [cell for cell in self.cells.get(key, ()) if cell.text]


@dataclass
class Layout:
    """How one list is read: which sheet, where its heading stands (0: nowhere), what each column says."""

    table: int = 0
    heading: int = 0
    columns: dict[int, str] = field(default_factory=dict)
    preset: str = ""


def plain(text: str) -> str:
    """A heading without case, accents' spelling, signs and spaces: "E-Mail_Adresse:" is "emailadresse"."""
    return LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def spelled(fields: Iterable[Field]) -> list[Field]:
    """Whatever the page calls a column is one of its names, too, in every language that the page may be in."""
    return [replace(each, names=(*each.names, *languages.spellings(each.label))) for each in fields]


def recognised(tables: Sequence[Table], fields: Sequence[Field], called: Sequence[str] = ()) -> Layout:
    """The sheet, heading and columns that fit best; `called` are names by which a sheet is the one."""
    layouts = [_layout(number, table, fields) for number, table in enumerate(tables)]

    def fitness(each: Layout) -> tuple[bool, int, int]:
        named = bool(each.columns) and plain(tables[each.table].name) in called
        return named, len(set(each.columns.values())), -each.table

    return max(layouts, key=fitness)


def _layout(number: int, table: Table, fields: Sequence[Field]) -> Layout:
    best = Layout(number)
    for line, cells in table.rows[:HEADING_WITHIN]:
        found = by_headings(cells, fields)
        if len(found.columns) > len(best.columns):
            best = Layout(number, line, found.columns, found.preset)
    if best.columns:
        if table.rows[0][0] == 0:
            best.heading = 0
        return best
    return Layout(number, -1, by_contents(table, fields))


def by_headings(cells: Sequence[str], fields: Sequence[Field]) -> Layout:
    """A heading that one program always writes counts first, then a whole heading, then a word of a question."""
    known = {plain(cell) for cell in cells if cell}
    preset = next((each for each in PRESETS if each.fits(known)), None)
    found: dict[int, str] = {}
    for takes in (_of_preset(preset, fields), _exactly(fields), _within(fields)):
        for at, cell in enumerate(cells):
            key = takes(cell) if cell and at not in found and len(cell) <= 300 else ""
            if key and (key not in found.values() or _many(key, fields)):
                found[at] = key
    if "given" in found.values():
        found = {at: "family" if key == "name" else key for at, key in found.items()}
    if list(found.values()).count("family") > 1:
        first = next(at for at, key in found.items() if key == "family")
        found = {at: key for at, key in found.items() if key != "family" or at == first}
    return Layout(columns=dict(sorted(found.items())), preset=preset.name if preset and found else "")


def _of_preset(preset: Preset | None, fields: Sequence[Field]) -> Callable[[str], str]:
    known = {each.key for each in fields}
    columns = preset.columns if preset else {}
    return lambda cell: next((key for key in columns.get(plain(cell), ()) if key in known), "")


def _exactly(fields: Sequence[Field]) -> Callable[[str], str]:
    names = {plain(name): each.key for each in fields for name in each.names}
    return lambda cell: names.get(plain(cell)) or numbered(cell, names)


def numbered(cell: str, names: Mapping[str, str]) -> str:
    """ "1. Wunsch", "Wunsch 2", "Sprachen [Arabisch]"."""
    bare = re.sub(r"[\[(].*|\d+\.?", "", cell)
    return names.get(plain(bare), "") if bare != cell else ""


def _within(fields: Sequence[Field]) -> Callable[[str], str]:
    def takes(cell: str) -> str:
        words = set(re.findall(r"\w+", cell.casefold()))
        return next((each.key for each in fields if words & {word.casefold() for word in each.within}), "")

    return takes


def _many(key: str, fields: Sequence[Field]) -> bool:
    return any(each.key == key.partition(":")[0] and each.many for each in fields)


def by_contents(table: Table, fields: Sequence[Field]) -> dict[int, str]:
    """A list without headings, as people paste it: names, and addresses by their sign."""
    rows = [cells for _line, cells in table.rows[:50]]
    width = max(map(len, rows), default=0)
    columns = {at: [cells[at] for cells in rows if at < len(cells) and cells[at]] for at in range(width)}
    mails = [at for at, texts in columns.items() if sum("@" in text for text in texts) * 2 > len(texts)]
    if not {"name", "email"} <= {each.key for each in fields} or (width > 1 and not mails):
        return {}
    names = [at for at in columns if at not in mails]
    return {**dict.fromkeys(names[:1], "name"), **dict.fromkeys(mails[:1], "email")}


def heading_of(table: Table, layout: Layout) -> list[str]:
    """The headings, each told apart from others of the same name; without one the columns' letters."""
    cells = next((cells for line, cells in table.rows if line == layout.heading), [])
    width = max((len(cells) for _line, cells in table.rows), default=0)
    found: list[str] = []
    for at in range(width):
        text = cells[at] if at < len(cells) else ""
        name = " ".join(text.split())[:80] or letter(at)
        found.append(f"{name} ({found.count(name) + 1})" if name in found else name)
    return found


def letter(at: int) -> str:
    """A column's letters as spreadsheets name it: 0 is A, 26 is AA."""
    letters = ""
    while at >= 0:
        letters, at = chr(65 + at % 26) + letters, at // 26 - 1
    return letters


def lines(table: Table, layout: Layout) -> Iterable[Line]:
    """The rows below the heading, their cells by what they say."""
    headings = heading_of(table, layout)
    for number, cells in table.rows:
        if number <= layout.heading:
            continue
        said: dict[str, list[Cell]] = {}
        for at, key in layout.columns.items():
            if key and at < len(cells):
                said.setdefault(key, []).append(Cell(cells[at], headings[at]))
        if any(cell.text for each in said.values() for cell in each):
            yield Line(number, said)
